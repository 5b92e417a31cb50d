#include "parsers/dpapi/master_key_file.h"

#include <algorithm>

#include "parsers/dpapi/dpapi_layout.h"

namespace iwamtrace {
namespace {

namespace layout = dpapi_layout;

// Windows XP takes 4,000 rounds, Vista 24,000; an administrator may ask for more.
constexpr std::uint32_t kMostRounds = 1'000'000;

// "{…}" of the 36 characters without braces; nothing where they are no GUID.
std::optional<std::string> guid_at(Bytes file, std::size_t at) {
  std::string guid = "{";
  for (std::size_t i = 0; i < layout::kGuidCharacters; ++i) {
    const std::uint16_t unit = u16_at(file, at + 2 * i, "GUID");
    const char c = unit < 0x80 ? lower(static_cast<char>(unit)) : '\0';
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !digit) {
      return std::nullopt;
    }
    guid += c;
  }
  return guid + "}";
}

std::size_t blocks_of_key(const MasterKeyFile& file) {
  const std::size_t size = file.cipher.key_size + file.cipher.block_size;
  return (size + digest_size(file.hash) - 1) / digest_size(file.hash);
}

// PBKDF2 (RFC 8018) but for one thing: a round goes over the sum of the rounds before it, where
// PBKDF2 goes over the last of them.
SecretBytes derived_key(const MasterKeyFile& file, Bytes key) {
  Hmac hmac(file.hash, key);
  const std::size_t size = digest_size(file.hash);
  const std::size_t blocks = blocks_of_key(file);
  SecretBytes derived(blocks * size);
  SecretBytes round(size);
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::array<std::byte, 4> number{std::byte{0}, std::byte{0}, std::byte{0},
                                          static_cast<std::byte>(i + 1)};
    const std::span<std::byte> sum = derived.writable().subspan(i * size, size);
    hmac.write({file.salt, number}, sum);
    for (std::uint32_t done = 1; done < file.rounds; ++done) {
      hmac.write({sum}, round.writable());
      for (std::size_t at = 0; at < size; ++at) {
        sum[at] ^= round.view()[at];
      }
    }
  }
  return derived;
}

}  // namespace

std::uint64_t MasterKeyFile::cost() const {
  const std::uint64_t hmac = hash == Hash::kSha512 ? 4 : 1;  // measured
  return rounds * hmac * blocks_of_key(*this);
}

bool looks_like_master_key_file(Bytes first_bytes) {
  if (first_bytes.size() < layout::kFileHeaderSize) {
    return false;
  }
  const std::uint32_t version = u32_at(first_bytes, 0, "version");
  return version >= layout::kOldestFile && version <= layout::kNewestFile &&
         guid_at(first_bytes, layout::kFileGuid).has_value();
}

MasterKeyFile read_master_key_file(Bytes file) {
  MasterKeyFile result;
  result.guid = guid_at(file, layout::kFileGuid).value_or("");
  const std::uint64_t length = u64_at(file, layout::kPartLengths, "length of the master key");
  result.key_offset = layout::kFileHeaderSize;
  const Bytes part = slice(file, result.key_offset, length, "master key");
  result.key_end = result.key_offset + part.size();

  Cursor cursor(file.first(result.key_end), result.key_offset);
  cursor.skip(4, "version of the master key");
  result.salt = cursor.bytes(layout::kMasterKeySalt, "salt of the master key");
  result.rounds = cursor.u32("rounds");
  if (result.rounds == 0 || result.rounds > kMostRounds) {
    throw ParseError(cursor.at() - 4, "a key derivation of " + std::to_string(result.rounds) +
                                          " rounds: between 1 and " + std::to_string(kMostRounds) +
                                          " are believable");
  }
  result.hash = read_dpapi_hash(cursor);
  result.cipher = read_dpapi_cipher(cursor);
  const std::size_t start = cursor.at();
  result.encrypted = cursor.bytes(cursor.left(), "encrypted master key");
  if (result.encrypted.size() <
          layout::kCheckSalt + digest_size(result.hash) + layout::kMasterKeySize ||
      result.encrypted.size() % result.cipher.block_size != 0) {
    throw ParseError(
        start, "an encrypted master key of " + std::to_string(result.encrypted.size()) + " bytes");
  }
  return result;
}

std::optional<SecretBytes> open_master_key(const MasterKeyFile& file, Bytes key) {
  const SecretBytes derived = derived_key(file, key);
  const SecretBytes plain = file.cipher.decrypt(
      derived.view().first(file.cipher.key_size),
      derived.view().subspan(file.cipher.key_size, file.cipher.block_size), file.encrypted);
  const Bytes salt = plain.view().first(layout::kCheckSalt);
  const Bytes check = plain.view().subspan(layout::kCheckSalt, digest_size(file.hash));
  const Bytes master = plain.view().last(layout::kMasterKeySize);
  const SecretBytes check_key = Hmac(file.hash, key).of({salt});
  const SecretBytes computed = Hmac(file.hash, check_key.view()).of({master});
  if (!std::ranges::equal(computed.view(), check)) {
    return std::nullopt;
  }
  return SecretBytes(master);
}

}  // namespace iwamtrace
