// The few primitives that old Windows needs, over nettle. Keys and cleartext live in buffers that
// are wiped when they go.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/fingerprint.h"
#include "model/text.h"

namespace iwamtrace {

void wipe(std::span<std::byte> bytes);

// A key, digest or block of cleartext: every copy is overwritten when it goes.
template <std::size_t Size>
struct SecretArray {
  std::array<std::byte, Size> bytes{};

  SecretArray() = default;
  SecretArray(const SecretArray&) = default;
  SecretArray& operator=(const SecretArray&) = default;
  ~SecretArray() { wipe(bytes); }

  // NOLINTNEXTLINE(google-explicit-constructor): it is bytes
  operator Bytes() const { return bytes; }
  [[nodiscard]] Bytes view() const { return bytes; }
};
using Key16 = SecretArray<16>;

// Bytes that are overwritten before their memory is given back.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    bytes_.swap(other.bytes_);
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] Bytes view() const { return bytes_; }
  [[nodiscard]] std::span<std::byte> writable() { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::vector<std::byte> bytes_;
};

// A digest over several stretches in turn: md5({salt, key}).
Key16 md5(std::initializer_list<Bytes> parts);
Key16 md4(Bytes bytes);
SecretArray<32> sha256(std::initializer_list<Bytes> parts);

// A hash where the file says which.
enum class Hash : std::uint8_t { kSha1, kSha256, kSha512 };
std::size_t digest_size(Hash hash);
std::size_t block_size(Hash hash);
SecretBytes digest(Hash hash, std::initializer_list<Bytes> parts);

// HMAC (RFC 2104) under one key, for many messages.
class Hmac {
 public:
  Hmac(Hash hash, Bytes key);
  ~Hmac();
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  // `out` has the size of a digest.
  void write(std::initializer_list<Bytes> message, std::span<std::byte> out);
  SecretBytes of(std::initializer_list<Bytes> message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

SecretBytes rc4(Bytes key, Bytes data);
// `data` is a whole number of blocks.
SecretBytes aes128_cbc_decrypt(Bytes key, Bytes iv, Bytes data);
SecretBytes aes256_cbc_decrypt(Bytes key, Bytes iv, Bytes data);
SecretBytes aes256_ecb_decrypt(Bytes key, Bytes data);
SecretBytes des3_cbc_decrypt(Bytes key, Bytes iv, Bytes data);
// A DES key of 7 bytes, spread over 8 as LSA and SAM do.
SecretArray<8> des_decrypt_block(Bytes seven_byte_key, Bytes block);

// MD4 over the password's UTF-16LE.
Key16 nt_hash(Bytes utf16le_password);

// HMAC-SHA-256 with the published key "iwamtrace fingerprint 1".
Fingerprint fingerprint_of(const Key16& nt_hash);

// SHA-256 of a stream, for the intake.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(Bytes bytes);
  std::string hex_digest();  // and begins anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace iwamtrace
