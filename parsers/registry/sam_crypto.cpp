#include "parsers/registry/sam_crypto.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace iwamtrace {
namespace {

// The constants of SAM, each with its closing NUL.
constexpr std::string_view kQwerty{"!@#$%^&*()qwertyUIOPAzxcvbnmQQQQQQQQQQQQ)(*@&%\0", 47};
constexpr std::string_view kDigits{"0123456789012345678901234567890123456789\0", 41};
constexpr std::string_view kNtPassword{"NTPASSWORD\0", 11};
constexpr std::string_view kNtHistory{"NTPASSWORDHISTORY\0", 18};

constexpr std::size_t kKeyStructure = 0x68;  // in the value F
constexpr std::size_t kHashSize = 16;

constexpr std::uint32_t kRevisionRc4 = 1;
constexpr std::uint32_t kRevisionAes = 2;

std::optional<Key16> open_rc4(Bytes structure, const Key16& boot_key) {
  const Bytes salt = slice(structure, 0x08, 16, "SAM key salt");
  const Bytes sealed = slice(structure, 0x18, 32, "SAM key");
  const Key16 key = md5({salt, as_bytes(kQwerty), boot_key, as_bytes(kDigits)});
  const SecretBytes plain = rc4(key, sealed);
  const Bytes sam_key = plain.view().first(kHashSize);
  const Key16 check = md5({sam_key, as_bytes(kDigits), sam_key, as_bytes(kQwerty)});
  if (!std::ranges::equal(check.view(), plain.view().subspan(kHashSize))) {
    return std::nullopt;
  }
  Key16 opened;
  std::ranges::copy(sam_key, opened.bytes.begin());
  return opened;
}

std::optional<Key16> open_aes(Bytes structure, const Key16& boot_key) {
  const std::uint32_t checksum_size = u32_at(structure, 0x08, "SAM key checksum length");
  const std::uint32_t data_size = u32_at(structure, 0x0C, "SAM key data length");
  const Bytes salt = slice(structure, 0x10, 16, "SAM key salt");
  const Bytes data = slice(structure, 0x20, data_size, "SAM key data");
  const Bytes checksum = slice(structure, 0x20 + std::size_t{data_size}, checksum_size, "checksum");
  if (data.size() < kHashSize || data.size() % kHashSize != 0 || checksum.size() < 32 ||
      checksum.size() % kHashSize != 0) {
    throw ParseError(kKeyStructure, "a SAM key of impossible length");
  }
  const SecretBytes plain = aes128_cbc_decrypt(boot_key, salt, data);
  const SecretBytes announced = aes128_cbc_decrypt(boot_key, salt, checksum);
  Key16 opened;
  std::ranges::copy(plain.view().first(kHashSize), opened.bytes.begin());
  const SecretArray<32> check = sha256({opened});
  if (!std::ranges::equal(check.view(), announced.view().first(32))) {
    return std::nullopt;
  }
  return opened;
}

// Each half of a hash is wrapped with DES under seven bytes of the repeated RID.
Key16 unwrap(Bytes wrapped, std::uint32_t rid) {
  std::array<std::byte, 14> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::byte>(rid >> 8 * (i % 4) & 0xFF);
  }
  Key16 hash;
  for (std::size_t half = 0; half < 2; ++half) {
    const SecretArray<8> plain =
        des_decrypt_block(Bytes{key}.subspan(half * 7, 7), wrapped.subspan(half * 8, 8));
    std::ranges::copy(plain.view(), hash.bytes.begin() + static_cast<std::ptrdiff_t>(half * 8));
  }
  return hash;
}

std::vector<Key16> unwrap_all(Bytes wrapped, std::uint32_t rid) {
  std::vector<Key16> hashes;
  for (; wrapped.size() >= kHashSize; wrapped = wrapped.subspan(kHashSize)) {
    hashes.push_back(unwrap(wrapped.first(kHashSize), rid));
  }
  return hashes;
}

// The padding of PKCS#7 at the end of an AES blob.
Bytes without_padding(Bytes plain) {
  if (plain.empty()) {
    return plain;
  }
  const auto padding = std::to_integer<std::size_t>(plain.back());
  return padding == 0 || padding > kHashSize || padding > plain.size()
             ? plain
             : plain.first(plain.size() - padding);
}

constexpr std::size_t kRc4Head = 4;
constexpr std::size_t kAesHead = 24;  // id, revision, offset, salt

std::uint16_t revision_of(Bytes blob) { return u16_at(blob, 2, "hash revision"); }

}  // namespace

SamKeyForm sam_key_form(Bytes account_f) {
  if (account_f.size() < kKeyStructure + 8) {
    return {SamKeyForm::Kind::kNone, {}};
  }
  const Bytes structure = account_f.subspan(kKeyStructure);
  switch (u32_at(structure, 0, "SAM key revision")) {
    case 0:
      return {SamKeyForm::Kind::kNone, {}};
    case kRevisionRc4:
      return {SamKeyForm::Kind::kRc4, structure};
    case kRevisionAes:
      return {SamKeyForm::Kind::kAes, structure};
    default:
      return {SamKeyForm::Kind::kUnknown, structure};
  }
}

std::optional<Key16> open_sam_key(const SamKeyForm& form, const Key16& boot_key) {
  switch (form.kind) {
    case SamKeyForm::Kind::kRc4:
      return open_rc4(form.structure, boot_key);
    case SamKeyForm::Kind::kAes:
      return open_aes(form.structure, boot_key);
    default:
      return std::nullopt;
  }
}

bool has_hashes(Bytes blob, bool bare) {
  if (bare || blob.size() < kRc4Head) {
    return blob.size() >= kHashSize;
  }
  if (revision_of(blob) == kRevisionAes) {
    return blob.size() > kAesHead;
  }
  return blob.size() > kRc4Head;
}

std::vector<Key16> open_hashes(Bytes blob, const Key16* sam_key, std::uint32_t rid,
                               SamHashKind kind) {
  if (!has_hashes(blob, sam_key == nullptr)) {
    return {};
  }
  if (sam_key == nullptr) {
    if (blob.size() % kHashSize != 0) {
      throw ParseError(0, "a bare hash of " + std::to_string(blob.size()) + " bytes");
    }
    return unwrap_all(blob, rid);
  }
  const std::uint16_t revision = revision_of(blob);
  if (revision == kRevisionRc4) {
    const std::string_view constant = kind == SamHashKind::kNt ? kNtPassword : kNtHistory;
    const std::uint32_t little_endian_rid = rid;
    const Bytes rid_bytes = std::as_bytes(std::span{&little_endian_rid, 1});
    const Bytes sealed = blob.subspan(kRc4Head);
    if (sealed.size() % kHashSize != 0) {
      throw ParseError(0, "a hash of " + std::to_string(sealed.size()) + " bytes");
    }
    const SecretBytes plain = rc4(md5({*sam_key, rid_bytes, as_bytes(constant)}), sealed);
    return unwrap_all(plain.view(), rid);
  }
  if (revision == kRevisionAes) {
    const Bytes sealed = blob.subspan(kAesHead);
    if (sealed.size() % kHashSize != 0) {
      throw ParseError(0, "an AES hash of " + std::to_string(sealed.size()) + " bytes");
    }
    const SecretBytes plain = aes128_cbc_decrypt(*sam_key, blob.subspan(8, kHashSize), sealed);
    return unwrap_all(without_padding(plain.view()), rid);
  }
  throw ParseError(0, "a hash of revision " + std::to_string(revision));
}

}  // namespace iwamtrace
