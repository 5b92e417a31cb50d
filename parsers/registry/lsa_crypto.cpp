#include "parsers/registry/lsa_crypto.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace iwamtrace {
namespace {

constexpr int kRounds = 1000;  // of the salt in both generations

// NT5: PolSecretEncryptionKey.
constexpr std::size_t kNt5KeySize = 76;
constexpr std::size_t kNt5Sealed = 12;
constexpr std::size_t kNt5SealedSize = 48;
constexpr std::size_t kNt5Salt = 60;
// What the sealed part begins with on every machine: {f0ce3a80-155f-11d3-b7e6-00805f48caeb}.
constexpr std::array<std::uint8_t, 16> kNt5Authenticator{
    0x80, 0x3A, 0xCE, 0xF0, 0x5F, 0x15, 0xD3, 0x11, 0xB7, 0xE6, 0x00, 0x80, 0x5F, 0x48, 0xCA, 0xEB};

// NT6: the head of every sealed value.
constexpr std::size_t kNt6KeyId = 4;
constexpr std::size_t kNt6Salt = 28;
constexpr std::size_t kNt6SaltSize = 32;
constexpr std::size_t kNt6Sealed = 60;
constexpr std::size_t kNt6PlainHead = 16;  // u32 length, 12 zero bytes

constexpr std::size_t kDesBlock = 8;
constexpr std::size_t kDesKeySlice = 7;

bool all_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{}; });
}

// A sealed value of NT6; its payload, or nothing where the head has not the form of cleartext.
std::optional<SecretBytes> open_nt6(Bytes value, Bytes key) {
  const Bytes salt = slice(value, kNt6Salt, kNt6SaltSize, "salt");
  const Bytes sealed = value.subspan(std::min(value.size(), kNt6Sealed));
  if (sealed.size() < kNt6PlainHead || sealed.size() % kNt6PlainHead != 0) {
    throw ParseError(kNt6Sealed, "sealed data of " + std::to_string(sealed.size()) + " bytes");
  }
  SecretBytes salted(key.size() + kRounds * salt.size());
  std::ranges::copy(key, salted.writable().begin());
  for (std::size_t i = 0; i < kRounds; ++i) {
    std::ranges::copy(salt, salted.writable().begin() +
                                static_cast<std::ptrdiff_t>(key.size() + i * salt.size()));
  }
  const SecretArray<32> aes_key = sha256({salted.view()});
  const SecretBytes plain = aes256_ecb_decrypt(aes_key, sealed);
  const std::uint32_t length = u32_at(plain.view(), 0, "length");
  if (!all_zero(plain.view().subspan(4, 12)) || length > plain.size() - kNt6PlainHead) {
    return std::nullopt;
  }
  return SecretBytes(plain.view().subspan(kNt6PlainHead, length));
}

SecretBytes open_secret_nt5(Bytes value, const LsaKeys& keys) {
  const std::uint32_t length = u32_at(value, 0, "secret length");
  if (length % kDesBlock != 0 || length > value.size() - 4) {
    throw ParseError(0, "a secret whose length " + std::to_string(length) + " does not fit");
  }
  // The head before it has a pointer of the machine that wrote it: 12 bytes or 16.
  const Bytes sealed = value.last(length);
  const Bytes key = keys.keys.front().key.view();
  SecretBytes plain(length);
  std::size_t at = 0;
  for (std::size_t block = 0; block < length; block += kDesBlock) {
    const SecretArray<8> opened =
        des_decrypt_block(key.subspan(at, kDesKeySlice), sealed.subspan(block, kDesBlock));
    std::ranges::copy(opened.view(), plain.writable().begin() + static_cast<std::ptrdiff_t>(block));
    at += kDesKeySlice;
    if (key.size() - at < kDesKeySlice) {
      at = key.size() - at;
    }
  }
  constexpr std::size_t kHead = 8;  // u32 length, u32 version
  constexpr std::uint32_t kVersion = 1;
  if (plain.empty()) {
    return plain;
  }
  const std::uint32_t size = u32_at(plain.view(), 0, "cleartext length");
  const bool fits = plain.size() >= kHead && size <= plain.size() - kHead &&
                    plain.size() - kHead - size < kDesBlock;
  if (!fits || u32_at(plain.view(), 4, "cleartext version") != kVersion) {
    throw ParseError(0, "the secret does not decrypt to the form a right key gives");
  }
  return SecretBytes(plain.view().subspan(kHead, size));
}

}  // namespace

std::optional<LsaKeys> open_lsa_keys_nt5(Bytes value, const Key16& boot_key) {
  if (value.size() != kNt5KeySize) {
    throw ParseError(0, "PolSecretEncryptionKey of " + std::to_string(value.size()) + " bytes");
  }
  const Bytes salt = value.subspan(kNt5Salt);
  SecretBytes salted(boot_key.bytes.size() + kRounds * salt.size());
  std::ranges::copy(boot_key.bytes, salted.writable().begin());
  for (std::size_t i = 0; i < kRounds; ++i) {
    std::ranges::copy(salt,
                      salted.writable().begin() +
                          static_cast<std::ptrdiff_t>(boot_key.bytes.size() + i * salt.size()));
  }
  const SecretBytes plain = rc4(md5({salted.view()}), value.subspan(kNt5Sealed, kNt5SealedSize));
  if (std::memcmp(plain.view().data(), kNt5Authenticator.data(), kNt5Authenticator.size()) != 0) {
    return std::nullopt;
  }
  LsaKeys keys;
  keys.form = LsaKeys::Form::kNt5;
  keys.keys.push_back(LsaKeys::Key{{}, SecretBytes(plain.view().subspan(16, 16))});
  return keys;
}

std::optional<LsaKeys> open_lsa_keys_nt6(Bytes value, const Key16& boot_key) {
  const auto payload = open_nt6(value, boot_key);
  constexpr std::size_t kCount = 24;
  constexpr std::size_t kEntries = 28;
  if (!payload || payload->size() < kEntries) {
    return std::nullopt;
  }
  LsaKeys keys;
  keys.form = LsaKeys::Form::kNt6;
  const std::uint32_t count = u32_at(payload->view(), kCount, "number of keys");
  Cursor cursor(payload->view(), kEntries);
  for (std::uint32_t i = 0; i < count; ++i) {
    LsaKeys::Key key;
    std::ranges::copy(cursor.bytes(16, "key id"), key.id.bytes.begin());
    cursor.skip(4, "key algorithm");
    const std::uint32_t length = cursor.u32("key length");
    if (length != 32) {
      throw ParseError(cursor.at(), "an LSA key of " + std::to_string(length) + " bytes");
    }
    key.key = SecretBytes(cursor.bytes(length, "key"));
    keys.keys.push_back(std::move(key));
  }
  return keys.keys.empty() ? std::nullopt : std::optional{std::move(keys)};
}

SecretBytes open_secret(Bytes value, const LsaKeys& keys) {
  if (keys.form == LsaKeys::Form::kNt5) {
    return open_secret_nt5(value, keys);
  }
  const Bytes id = slice(value, kNt6KeyId, 16, "key id");
  const auto key = std::ranges::find_if(keys.keys, [&](const LsaKeys::Key& candidate) {
    return std::ranges::equal(candidate.id.view(), id);
  });
  if (key == keys.keys.end()) {
    throw ParseError(kNt6KeyId, "a secret under a key that PolEKList does not have");
  }
  auto opened = open_nt6(value, key->key.view());
  if (!opened) {
    throw ParseError(0, "the secret does not decrypt to the form a right key gives");
  }
  return std::move(*opened);
}

}  // namespace iwamtrace
