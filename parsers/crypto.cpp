#include "parsers/crypto.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/des.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdexcept>
#include <string_view>

namespace iwamtrace {
namespace {

const std::uint8_t* in(Bytes bytes) { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }
std::uint8_t* out(std::span<std::byte> bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

void require_size(Bytes bytes, std::size_t size) {
  if (bytes.size() != size) {
    throw std::logic_error("a key or block of the wrong size");
  }
}

// The context of a cipher, wiped when it goes.
template <typename Context>
struct Wiped : Context {
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { explicit_bzero(static_cast<Context*>(this), sizeof(Context)); }
};

const nettle_hash& nettle_of(Hash hash) {
  switch (hash) {
    case Hash::kSha1:
      return nettle_sha1;
    case Hash::kSha256:
      return nettle_sha256;
    case Hash::kSha512:
      return nettle_sha512;
  }
  throw std::logic_error("no such hash");
}

// Room for the state of each Hash.
struct HashRoom {
  alignas(sha512_ctx) std::array<std::byte, std::max({sizeof(sha1_ctx), sizeof(sha256_ctx),
                                                      sizeof(sha512_ctx)})> bytes;
};

// What makes CBC of a cipher that has decrypted each block by itself.
void chain_blocks(Bytes iv, Bytes data, std::span<std::byte> plain) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    plain[i] ^= i < iv.size() ? iv[i] : data[i - iv.size()];
  }
}

}  // namespace

void wipe(std::span<std::byte> bytes) {
  if (!bytes.empty()) {
    explicit_bzero(bytes.data(), bytes.size());
  }
}

SecretBytes::~SecretBytes() { wipe(bytes_); }

Key16 md5(std::initializer_list<Bytes> parts) {
  Wiped<md5_ctx> context;
  md5_init(&context);
  for (const Bytes part : parts) {
    md5_update(&context, part.size(), in(part));
  }
  Key16 digest;
  md5_digest(&context, digest.bytes.size(), out(digest.bytes));
  return digest;
}

Key16 md4(Bytes bytes) {
  Wiped<md4_ctx> context;
  md4_init(&context);
  md4_update(&context, bytes.size(), in(bytes));
  Key16 digest;
  md4_digest(&context, digest.bytes.size(), out(digest.bytes));
  return digest;
}

SecretArray<32> sha256(std::initializer_list<Bytes> parts) {
  Wiped<sha256_ctx> context;
  sha256_init(&context);
  for (const Bytes part : parts) {
    sha256_update(&context, part.size(), in(part));
  }
  SecretArray<32> digest;
  sha256_digest(&context, digest.bytes.size(), out(digest.bytes));
  return digest;
}

std::size_t digest_size(Hash hash) { return nettle_of(hash).digest_size; }
std::size_t block_size(Hash hash) { return nettle_of(hash).block_size; }

SecretBytes digest(Hash hash, std::initializer_list<Bytes> parts) {
  const nettle_hash& nettle = nettle_of(hash);
  Wiped<HashRoom> context;
  nettle.init(&context.bytes);
  for (const Bytes part : parts) {
    nettle.update(&context.bytes, part.size(), in(part));
  }
  SecretBytes result(nettle.digest_size);
  nettle.digest(&context.bytes, result.size(), out(result.writable()));
  return result;
}

struct Hmac::State {
  const nettle_hash& nettle;
  Wiped<HashRoom> outer, inner, running;
};

Hmac::Hmac(Hash hash, Bytes key) : state_(new State{nettle_of(hash), {}, {}, {}}) {
  hmac_set_key(&state_->outer.bytes, &state_->inner.bytes, &state_->running.bytes, &state_->nettle,
               key.size(), in(key));
}

Hmac::~Hmac() = default;

void Hmac::write(std::initializer_list<Bytes> message, std::span<std::byte> out_digest) {
  for (const Bytes part : message) {
    hmac_update(&state_->running.bytes, &state_->nettle, part.size(), in(part));
  }
  hmac_digest(&state_->outer.bytes, &state_->inner.bytes, &state_->running.bytes, &state_->nettle,
              out_digest.size(), out(out_digest));
}

SecretBytes Hmac::of(std::initializer_list<Bytes> message) {
  SecretBytes result(state_->nettle.digest_size);
  write(message, result.writable());
  return result;
}

SecretBytes rc4(Bytes key, Bytes data) {
  Wiped<arcfour_ctx> context;
  arcfour_set_key(&context, key.size(), in(key));
  SecretBytes plain(data.size());
  arcfour_crypt(&context, data.size(), out(plain.writable()), in(data));
  return plain;
}

SecretBytes aes128_cbc_decrypt(Bytes key, Bytes iv, Bytes data) {
  require_size(key, AES128_KEY_SIZE);
  require_size(iv, AES_BLOCK_SIZE);
  require_size(data, data.size() / AES_BLOCK_SIZE * AES_BLOCK_SIZE);
  Wiped<aes128_ctx> context;
  aes128_set_decrypt_key(&context, in(key));
  SecretBytes plain(data.size());
  aes128_decrypt(&context, data.size(), out(plain.writable()), in(data));
  chain_blocks(iv, data, plain.writable());
  return plain;
}

SecretBytes aes256_cbc_decrypt(Bytes key, Bytes iv, Bytes data) {
  require_size(iv, AES_BLOCK_SIZE);
  SecretBytes plain = aes256_ecb_decrypt(key, data);
  chain_blocks(iv, data, plain.writable());
  return plain;
}

SecretBytes des3_cbc_decrypt(Bytes key, Bytes iv, Bytes data) {
  require_size(key, DES3_KEY_SIZE);
  require_size(iv, DES3_BLOCK_SIZE);
  require_size(data, data.size() / DES3_BLOCK_SIZE * DES3_BLOCK_SIZE);
  Wiped<des3_ctx> context;
  des3_set_key(&context, in(key));  // 0 only says that the key is weak
  SecretBytes plain(data.size());
  des3_decrypt(&context, data.size(), out(plain.writable()), in(data));
  chain_blocks(iv, data, plain.writable());
  return plain;
}

SecretBytes aes256_ecb_decrypt(Bytes key, Bytes data) {
  require_size(key, AES256_KEY_SIZE);
  require_size(data, data.size() / AES_BLOCK_SIZE * AES_BLOCK_SIZE);
  Wiped<aes256_ctx> context;
  aes256_set_decrypt_key(&context, in(key));
  SecretBytes plain(data.size());
  aes256_decrypt(&context, data.size(), out(plain.writable()), in(data));
  return plain;
}

SecretArray<8> des_decrypt_block(Bytes seven_byte_key, Bytes block) {
  require_size(seven_byte_key, 7);
  require_size(block, DES_BLOCK_SIZE);
  std::uint64_t bits = 0;
  for (const std::byte byte : seven_byte_key) {
    bits = bits << 8 | std::to_integer<std::uint64_t>(byte);
  }
  std::array<std::uint8_t, DES_KEY_SIZE> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>((bits >> (49 - 7 * i) & 0x7F) << 1);
  }
  Wiped<des_ctx> context;
  des_set_key(&context, key.data());  // 0 only says that the key is weak: some RIDs make such keys
  explicit_bzero(key.data(), key.size());
  explicit_bzero(&bits, sizeof bits);
  SecretArray<8> plain;
  des_decrypt(&context, plain.bytes.size(), out(plain.bytes), in(block));
  return plain;
}

Key16 nt_hash(Bytes utf16le_password) { return md4(utf16le_password); }

Fingerprint fingerprint_of(const Key16& nt_hash) {
  constexpr std::string_view kKey = "iwamtrace fingerprint 1";
  Wiped<hmac_sha256_ctx> context;
  hmac_sha256_set_key(&context, kKey.size(), in(as_bytes(kKey)));
  hmac_sha256_update(&context, nt_hash.bytes.size(), in(nt_hash));
  Fingerprint fingerprint;
  hmac_sha256_digest(&context, fingerprint.bytes.size(), out(fingerprint.bytes));
  return fingerprint;
}

struct Sha256::State {
  sha256_ctx context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }

Sha256::~Sha256() = default;

void Sha256::add(Bytes bytes) { sha256_update(&state_->context, bytes.size(), in(bytes)); }

std::string Sha256::hex_digest() {
  std::array<std::byte, 32> digest{};
  sha256_digest(&state_->context, digest.size(), out(digest));
  return hex(digest);
}

}  // namespace iwamtrace
