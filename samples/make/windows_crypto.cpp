#include "make/windows_crypto.h"

#include <algorithm>
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/des.h>
#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <stdexcept>

#include "make/bytes.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

using namespace std::string_view_literals;

// Part of the data, each with its closing NUL.
constexpr std::string_view kAqwerty = "!@#$%^&*()qwertyUIOPAzxcvbnmQQQQQQQQQQQQ)(*@&%\0"sv;
constexpr std::string_view kAnum = "0123456789012345678901234567890123456789\0"sv;

// GUID f0ce3a80-155f-11d3-b7e6-00805f48caeb, by which LSA knows that the boot key was right.
constexpr std::string_view kAuthenticator =
    "\x80\x3a\xce\xf0\x5f\x15\xd3\x11\xb7\xe6\x00\x80\x5f\x48\xca\xeb"sv;
// In place of a key's id: what follows is under the boot key.
constexpr std::string_view kBootKeyId =
    "\xec\xff\xe1\x7b\x2a\x99\x74\x40\xaa\x93\x9a\xdb\xff\x26\xf1\xfc"sv;
constexpr std::uint32_t kAes256Algorithm = 3;
constexpr int kSaltRounds = 1000;

const std::uint8_t* octets(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): nettle's view of bytes
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::uint8_t* octets(std::string& text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): nettle's view of bytes
  return reinterpret_cast<std::uint8_t*>(text.data());
}

void demand(std::string_view bytes, std::size_t size, std::string_view what) {
  if (bytes.size() != size) {
    throw std::invalid_argument(std::string(what) + " has " + std::to_string(bytes.size()) +
                                " bytes instead of " + std::to_string(size));
  }
}

void demand_hashes(std::string_view hashes) {
  demand(hashes, hashes.size() / MD4_DIGEST_SIZE * MD4_DIGEST_SIZE, "a list of hashes");
}

template <typename Context, auto kInit, auto kUpdate, auto kDigest, std::size_t kSize>
std::string digest(std::string_view message) {
  Context context;
  kInit(&context);
  kUpdate(&context, message.size(), octets(message));
  std::string result(kSize, '\0');
  kDigest(&context, kSize, octets(result));
  return result;
}

std::string concatenated(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) {
    all += part;
  }
  return all;
}

std::string repeated(std::string_view salt) {
  std::string all;
  for (int i = 0; i < kSaltRounds; ++i) {
    all += salt;
  }
  return all;
}

// One block of 8 bytes under 7 bytes of key, their 56 bits spread over 8 bytes as DES wants them.
std::string des_block(std::string_view key7, std::string_view block) {
  std::uint64_t bits = 0;
  for (const char byte : key7.substr(0, 7)) {
    bits = bits << 8 | static_cast<std::uint8_t>(byte);
  }
  std::array<std::uint8_t, DES_KEY_SIZE> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key.at(i) = static_cast<std::uint8_t>((bits >> (49 - 7 * i) & 0x7F) << 1);
  }
  des_ctx context;
  des_set_key(&context, key.data());  // says 0 of a weak key, and has set it all the same
  std::string result(DES_BLOCK_SIZE, '\0');
  des_encrypt(&context, result.size(), octets(result), octets(block));
  return result;
}

// CBC by hand: nettle's own takes the cipher as an untyped pointer to a function.
std::string aes128_cbc(std::string_view key, std::string_view salt, std::string_view text) {
  aes128_ctx context;
  aes128_set_encrypt_key(&context, octets(key));
  std::string result;
  std::string last(salt);
  for (std::size_t at = 0; at < text.size(); at += AES_BLOCK_SIZE) {
    for (std::size_t i = 0; i < AES_BLOCK_SIZE; ++i) {
      last[i] = static_cast<char>(last[i] ^ text[at + i]);
    }
    aes128_encrypt(&context, AES_BLOCK_SIZE, octets(last), octets(std::string_view(last)));
    result += last;
  }
  return result;
}

// As PKCS #7 has it: whole blocks get a whole block more.
std::string padded(std::string_view text) {
  const std::size_t more = AES_BLOCK_SIZE - text.size() % AES_BLOCK_SIZE;
  return std::string(text) + std::string(more, static_cast<char>(more));
}

// LSA gives every block a fresh IV of zeros, so this is ECB.
std::string lsa_aes256(std::string_view key, std::string_view salt, std::string_view payload) {
  ByteWriter plain;
  plain.u32(payload.size()).fill_to(16).bytes(payload).pad_to(AES_BLOCK_SIZE);
  aes256_ctx context;
  aes256_set_encrypt_key(&context, octets(sha256_of(concatenated({key, repeated(salt)}))));
  std::string result(plain.size(), '\0');
  aes256_encrypt(&context, result.size(), octets(result), octets(plain.view()));
  return result;
}

std::string lsa_record_nt6(std::string_view key_id, std::string_view salt,
                           std::string_view ciphertext) {
  ByteWriter out;
  out.bytes("\0\0\0\x01"sv).bytes(key_id).u32(kAes256Algorithm).u32(0);
  out.bytes(salt).bytes(ciphertext);
  return out.take();
}

std::string_view constant_of(PasswordHash kind) {
  switch (kind) {
    case PasswordHash::kNt:
      return "NTPASSWORD\0"sv;
    case PasswordHash::kLm:
      return "LMPASSWORD\0"sv;
    case PasswordHash::kNtHistory:
      return "NTPASSWORDHISTORY\0"sv;
    case PasswordHash::kLmHistory:
      return "LMPASSWORDHISTORY\0"sv;
  }
  throw std::invalid_argument("no kind of hash");
}

}  // namespace

std::string md4_of(std::string_view message) {
  return digest<md4_ctx, md4_init, md4_update, md4_digest, MD4_DIGEST_SIZE>(message);
}

std::string md5_of(std::string_view message) {
  return digest<md5_ctx, md5_init, md5_update, md5_digest, MD5_DIGEST_SIZE>(message);
}

std::string sha256_of(std::string_view message) {
  return digest<sha256_ctx, sha256_init, sha256_update, sha256_digest, SHA256_DIGEST_SIZE>(message);
}

std::string rc4_encrypted(std::string_view key, std::string_view text) {
  arcfour_ctx context;
  arcfour_set_key(&context, key.size(), octets(key));
  std::string result(text.size(), '\0');
  arcfour_crypt(&context, text.size(), octets(result), octets(text));
  return result;
}

std::string bytes_of_seed(std::string_view seed, std::size_t size) {
  std::string bytes;
  for (std::size_t block = 0; bytes.size() < size; ++block) {
    bytes += sha256_of(std::string(seed) + '#' + std::to_string(block));
  }
  bytes.resize(size);
  return bytes;
}

std::string nt_hash_of_password(std::string_view utf8) { return md4_of(utf16_bytes(utf8)); }

std::string lm_hash_of_password(std::string_view ascii) {
  constexpr std::size_t kLongest = 14;
  constexpr std::string_view kMagic = "KGS!@#$%";
  if (ascii.size() > kLongest || std::ranges::any_of(ascii, [](char c) { return c < 0; })) {
    throw std::invalid_argument("there is no LM hash of this password");
  }
  std::string key;
  for (const char c : ascii) {
    key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  key.resize(kLongest, '\0');
  return des_block(key, kMagic) + des_block(std::string_view(key).substr(7), kMagic);
}

std::array<std::string, 4> class_names_of_boot_key(std::string_view boot_key) {
  constexpr std::array<std::size_t, 16> kOrder{8, 5, 4, 2,  11, 9,  13, 3,
                                               0, 6, 1, 12, 14, 10, 15, 7};
  demand(boot_key, kOrder.size(), "a boot key");
  std::string scattered(kOrder.size(), '\0');
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    scattered[kOrder.at(i)] = boot_key[i];
  }
  const std::string digits = hex(as_bytes(scattered));
  return {digits.substr(0, 8), digits.substr(8, 8), digits.substr(16, 8), digits.substr(24, 8)};
}

std::string hashes_under_rid(std::string_view hashes, std::uint32_t rid) {
  demand_hashes(hashes);
  std::string key;
  for (std::size_t i = 0; i < 14; ++i) {
    // The RID's four bytes, over and over; the second half begins with the last of them.
    key += static_cast<char>(rid >> 8 * (i % 4) & 0xFF);
  }
  std::string wrapped;
  for (std::size_t at = 0; at < hashes.size(); at += 16) {
    wrapped += des_block(key, hashes.substr(at, 8));
    wrapped += des_block(std::string_view(key).substr(7), hashes.substr(at + 8, 8));
  }
  return wrapped;
}

std::string hash_entry_rc4(PasswordHash kind, std::string_view hashes, std::string_view sam_key,
                           std::uint32_t rid, std::uint16_t key_id) {
  demand(sam_key, 16, "a SAM key");
  ByteWriter rid_bytes;
  rid_bytes.u32(rid);
  const std::string key = md5_of(concatenated({sam_key, rid_bytes.view(), constant_of(kind)}));
  ByteWriter out;
  out.u16(key_id).u16(1).bytes(rc4_encrypted(key, hashes_under_rid(hashes, rid)));
  return out.take();
}

std::string hash_entry_aes(std::string_view hashes, std::string_view sam_key, std::uint32_t rid,
                           std::string_view salt, std::uint16_t key_id) {
  constexpr std::uint32_t kDataBehindSalt = 0x10;
  demand(sam_key, 16, "a SAM key");
  demand(salt, 16, "a salt");
  ByteWriter out;
  out.u16(key_id).u16(2).u32(hashes.empty() ? 0 : kDataBehindSalt).bytes(salt);
  if (!hashes.empty()) {
    out.bytes(aes128_cbc(sam_key, salt, padded(hashes_under_rid(hashes, rid))));
  }
  return out.take();
}

std::string sam_key_rc4(std::string_view sam_key, std::string_view boot_key,
                        std::string_view salt) {
  demand(sam_key, 16, "a SAM key");
  demand(boot_key, 16, "a boot key");
  demand(salt, 16, "a salt");
  const std::string key = md5_of(concatenated({salt, kAqwerty, boot_key, kAnum}));
  const std::string check = md5_of(concatenated({sam_key, kAnum, sam_key, kAqwerty}));
  ByteWriter out;
  out.u32(1).u32(0x38).bytes(salt).bytes(rc4_encrypted(key, concatenated({sam_key, check})));
  return out.take();
}

std::string sam_key_aes(std::string_view sam_key, std::string_view boot_key,
                        std::string_view salt) {
  demand(sam_key, 16, "a SAM key");
  demand(boot_key, 16, "a boot key");
  demand(salt, 16, "a salt");
  const std::string data = aes128_cbc(boot_key, salt, padded(sam_key));
  const std::string check = aes128_cbc(boot_key, salt, padded(sha256_of(sam_key)));
  ByteWriter out;
  out.u32(2).u32(0x70).u32(check.size()).u32(data.size()).bytes(salt).bytes(data).bytes(check);
  return out.take();
}

std::string lsa_key_nt5(std::string_view lsa_key, std::string_view third_block,
                        std::string_view boot_key, std::string_view salt) {
  constexpr std::uint32_t kKeyInRegistry = 1;
  demand(lsa_key, 16, "an LSA key");
  demand(third_block, 16, "the block behind the LSA key");
  demand(boot_key, 16, "a boot key");
  demand(salt, 16, "a salt");
  const std::string key = md5_of(concatenated({boot_key, repeated(salt)}));
  ByteWriter out;
  out.u32(1).u32(kKeyInRegistry).u32(0);
  out.bytes(rc4_encrypted(key, concatenated({kAuthenticator, lsa_key, third_block}))).bytes(salt);
  return out.take();
}

std::string secret_nt5(std::string_view cleartext, std::string_view lsa_key,
                       std::string_view pointer, std::uint32_t flags, std::string_view leftover) {
  demand(lsa_key, 16, "an LSA key");
  ByteWriter plain;
  plain.u32(cleartext.size()).u32(1).bytes(cleartext);
  const std::size_t size = (plain.size() + 7) / 8 * 8;
  plain.bytes(leftover.substr(0, size - plain.size())).fill_to(size);

  ByteWriter out;
  out.u32(size).u32(size | flags).bytes(pointer);
  // Each block takes the next 7 bytes of the key; what is left at its end is passed over, and the
  // next round begins as far in as bytes were left.
  std::size_t position = 0;
  for (std::size_t at = 0; at < size; at += 8) {
    out.bytes(des_block(lsa_key.substr(position, 7), plain.view().substr(at, 8)));
    position += 7;
    if (lsa_key.size() - position < 7) {
      position = lsa_key.size() - position;
    }
  }
  return out.take();
}

std::string lsa_keys_nt6(const std::vector<LsaKey>& keys, std::string_view boot_key,
                         std::string_view salt) {
  demand(boot_key, 16, "a boot key");
  demand(salt, 32, "a salt");
  ByteWriter list;
  list.u32(3).bytes(keys.at(0).id).u32(3).u32(keys.size());
  for (const LsaKey& each : keys) {
    demand(each.id, 16, "the id of an LSA key");
    demand(each.key, 32, "an LSA key");
    list.bytes(each.id).u32(kAes256Algorithm).u32(each.key.size()).bytes(each.key);
  }
  return lsa_record_nt6(kBootKeyId, salt, lsa_aes256(boot_key, salt, list.view()));
}

std::string secret_nt6(std::string_view cleartext, const LsaKey& key, std::string_view salt) {
  demand(key.key, 32, "an LSA key");
  demand(salt, 32, "a salt");
  return lsa_record_nt6(key.id, salt, lsa_aes256(key.key, salt, cleartext));
}

}  // namespace iwamtrace
