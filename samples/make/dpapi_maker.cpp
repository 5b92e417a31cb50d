#include "make/dpapi_maker.h"

#include <algorithm>
#include <array>
#include <nettle/aes.h>
#include <nettle/des.h>
#include <nettle/nettle-meta.h>
#include <stdexcept>
#include <vector>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kProvider = "{df9d8cd0-1501-11d1-8c7a-00c04fc297eb}";
constexpr std::string_view kExportEntropy = "Hj1diQ6kpUx7VC4m\0"sv;
constexpr std::size_t kHalfSize = 20, kMasterKeySize = 64;

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

// What a form consists of, with the numbers that wincrypt.h gives its algorithms.
struct Form {
  const nettle_hash& hash;
  std::uint32_t hash_of_keys, hash_of_blobs, cipher;
  std::size_t key_size, block_size;
  std::string (*encrypt_block)(std::string_view key, std::string_view block);
};

std::string des3_block(std::string_view key, std::string_view block) {
  des3_ctx context;
  des3_set_key(&context, octets(key));  // says 0 of a weak key, and has set it all the same
  std::string result(block.size(), '\0');
  des3_encrypt(&context, result.size(), octets(result), octets(block));
  return result;
}

std::string aes256_block(std::string_view key, std::string_view block) {
  aes256_ctx context;
  aes256_set_encrypt_key(&context, octets(key));
  std::string result(block.size(), '\0');
  aes256_encrypt(&context, result.size(), octets(result), octets(block));
  return result;
}

const Form& form_of(const MadeMasterKey& master) {
  constexpr std::uint32_t kHmac = 0x8009, kSha1 = 0x8004, kSha512 = 0x800E;
  constexpr std::uint32_t kTripleDes = 0x6603, kAes256 = 0x6610;
  static constexpr Form kEarly{nettle_sha1, kHmac, kSha1, kTripleDes, 24, 8, des3_block};
  static constexpr Form kLate{nettle_sha512, kSha512, kSha512, kAes256, 32, 16, aes256_block};
  return master.form == DpapiForm::kTripleDesSha1 ? kEarly : kLate;
}

std::string cbc(const Form& form, std::string_view key, std::string iv, std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += form.block_size) {
    for (std::size_t i = 0; i < form.block_size; ++i) {
      iv[i] = static_cast<char>(iv[i] ^ text[at + i]);
    }
    iv = form.encrypt_block(key, iv);
    result += iv;
  }
  return result;
}

std::string digest(const Form& form, std::string_view message) {
  std::vector<std::uint64_t> context(form.hash.context_size / sizeof(std::uint64_t) + 1);
  form.hash.init(context.data());
  form.hash.update(context.data(), message.size(), octets(message));
  std::string result(form.hash.digest_size, '\0');
  form.hash.digest(context.data(), result.size(), octets(result));
  return result;
}

// One of the two blocks that HMAC makes of a key.
std::string padded(const Form& form, std::string_view key, char pad) {
  std::string block(key);
  block.resize(form.hash.block_size, '\0');
  for (char& c : block) {
    c = static_cast<char>(c ^ pad);
  }
  return block;
}

std::string hmac(const Form& form, std::string_view key, std::string_view message) {
  const std::string inner = digest(form, padded(form, key, '\x36') + std::string(message));
  return digest(form, padded(form, key, '\x5C') + inner);
}

// HMAC over salt, entropy and data; early on over the salt alone, the rest being hashed with it
// once more.
std::string keyed(const MadeMasterKey& master, std::string_view salt, std::string_view rest) {
  const Form& form = form_of(master);
  const std::string key = digest(form_of(MadeMasterKey{}), master.key);  // SHA-1 in every form
  const std::string salt_and_rest = std::string(salt) + std::string(rest);
  if (master.form != DpapiForm::kTripleDesSha1) {
    return hmac(form, key, salt_and_rest);
  }
  const std::string inner = digest(form, padded(form, key, '\x36') + std::string(salt));
  return digest(form, padded(form, key, '\x5C') + inner + std::string(rest));
}

// PBKDF2, but that each round takes the sum of the rounds before.
std::string derived_key(const Form& form, const MadeMasterKey& master, std::string_view salt) {
  std::string derived;
  for (char number = 1; derived.size() < form.key_size + form.block_size; ++number) {
    std::string sum =
        hmac(form, master.half, std::string(salt) + std::string("\0\0\0", 3) + number);
    for (std::uint32_t round = 1; round < master.rounds; ++round) {
      const std::string next = hmac(form, master.half, sum);
      std::ranges::transform(sum, next, sum.begin(),
                             [](char a, char b) { return static_cast<char>(a ^ b); });
    }
    derived += sum;
  }
  return derived;
}

std::string encrypted_master_key(const MadeMasterKey& master) {
  const Form& form = form_of(master);
  const std::string salt = bytes_of_seed("salt of " + master.guid, 16);
  const std::string check_salt = bytes_of_seed("salt of the check of " + master.guid, 16);
  const std::string check = hmac(form, hmac(form, master.half, check_salt), master.key);
  // What fills the blocks stands before the key, not behind it.
  const std::size_t size = check_salt.size() + check.size() + master.key.size();
  const std::size_t filler = (form.block_size - size % form.block_size) % form.block_size;
  const std::string derived = derived_key(form, master, salt);
  ByteWriter out;
  out.u32(2).bytes(salt).u32(master.rounds).u32(form.hash_of_keys).u32(form.cipher);
  out.bytes(
      cbc(form, derived.substr(0, form.key_size), derived.substr(form.key_size, form.block_size),
          check_salt + check + bytes_of_seed("filler of " + master.guid, filler) + master.key));
  return out.take();
}

void counted(ByteWriter& out, std::string_view bytes) { out.u32(bytes.size()).bytes(bytes); }

std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

// Both forms keep eight bytes more than the modulus has.
constexpr std::size_t kSpare = 8;

void head_of_key(ByteWriter& out, std::string_view magic, std::size_t size) {
  out.bytes(magic).u32(size + kSpare).u32(8 * size).u32(size - 1).u32(65537);
}

void number(ByteWriter& out, const std::string& big_endian, std::size_t spare) {
  out.bytes(reversed(big_endian)).bytes(std::string(spare, '\0'));
}

}  // namespace

std::string dpapi_system_secret(const MadeDpapiSystem& halves) {
  demand(halves.machine, kHalfSize, "the machine half");
  demand(halves.user, kHalfSize, "the user half");
  ByteWriter out;
  out.u32(1).bytes(halves.machine).bytes(halves.user);
  return out.take();
}

std::string master_key_file(const MadeMasterKey& master) {
  demand(master.key, kMasterKeySize, "a master key");
  demand(master.half, kHalfSize, "half of DPAPI_SYSTEM");
  const std::string part = encrypted_master_key(master);
  // Other ways to the key: under one of the backup keys, and which password it belonged to.
  const std::string backup = bytes_of_seed("backup of " + master.guid, 104);
  const std::string history = bytes_of_seed("history of " + master.guid, 20);
  ByteWriter out;
  out.u32(2).u64(0).utf16(master.guid).u32(0).u32(0).u32(6);
  out.u64(part.size()).u64(backup.size()).u64(history.size()).u64(0);
  out.bytes(part).bytes(backup).bytes(history);
  return out.take();
}

std::string dpapi_blob(std::string_view cleartext, const MadeMasterKey& under,
                       std::string_view entropy) {
  const Form& form = form_of(under);
  const std::string seed = "blob of " + hex(as_bytes(cleartext));
  const std::string salt = bytes_of_seed("salt, " + seed, 16);
  const std::string check_salt = bytes_of_seed("salt of the check, " + seed, 16);
  std::string key = keyed(under, salt, entropy);
  if (key.size() < form.key_size) {
    key = digest(form, padded(form, key, '\x36')) + digest(form, padded(form, key, '\x5C'));
  }
  const std::size_t more = form.block_size - cleartext.size() % form.block_size;
  const std::string text = std::string(cleartext) + std::string(more, static_cast<char>(more));

  ByteWriter signed_part;
  signed_part.u32(1).bytes(guid_bytes(under.guid)).u32(0);
  counted(signed_part, utf16_bytes("CryptoAPI Private Key") + std::string(2, '\0'));
  signed_part.u32(form.cipher).u32(8 * form.key_size);
  counted(signed_part, salt);
  counted(signed_part, {});
  signed_part.u32(form.hash_of_blobs).u32(std::size_t{8} * form.hash.digest_size);
  counted(signed_part, check_salt);
  counted(signed_part,
          cbc(form, key.substr(0, form.key_size), std::string(form.block_size, '\0'), text));
  ByteWriter out;
  out.u32(1).bytes(guid_bytes(kProvider)).bytes(signed_part.view());
  counted(out, keyed(under, check_salt, std::string(entropy) + std::string(signed_part.view())));
  return out.take();
}

std::string rsa_public_key(const MetabaseRsaKey& key) {
  ByteWriter out;
  head_of_key(out, "RSA1", key.modulus.size());
  number(out, key.modulus, kSpare);
  return out.take();
}

std::string rsa_private_key(const MetabaseRsaKey& key) {
  ByteWriter out;
  head_of_key(out, "RSA2", key.modulus.size());
  number(out, key.modulus, kSpare);
  for (const std::string* half :
       {&key.prime1, &key.prime2, &key.exponent1, &key.exponent2, &key.coefficient}) {
    number(out, *half, kSpare / 2);
  }
  number(out, key.exponent, kSpare);
  return out.take();
}

std::string rsa_container_file(const MadeRsaContainer& container) {
  const std::string flags("\x01\0\0\0", 4);  // may be exported
  const auto parts_of = [&](const MetabaseRsaKey& key) {
    return std::array{rsa_public_key(key), dpapi_blob(rsa_private_key(key), container.under),
                      dpapi_blob(flags, container.under, kExportEntropy)};
  };
  const auto signature = parts_of(metabase_signature_key(container.machine));
  const auto exchange = parts_of(metabase_exchange_key(container.machine));
  const std::string hash = bytes_of_seed("hash of " + container.name, 20);
  ByteWriter out;
  out.u32(2).u32(0).u32(container.name.size() + 1);
  out.u32(signature[0].size()).u32(signature[1].size());
  out.u32(exchange[0].size()).u32(exchange[1].size());
  out.u32(hash.size()).u32(signature[2].size()).u32(exchange[2].size());
  out.bytes(container.name).u8(0).bytes(hash);
  for (const auto* parts : {&signature, &exchange}) {
    for (const std::string& part : *parts) {
      out.bytes(part);
    }
  }
  return out.take();
}

std::string rsa_container_file_name(std::string_view container, std::string_view machine_guid) {
  std::string name(container);
  std::ranges::transform(name, name.begin(), lower);
  // MD5, of which each dword is written as a number.
  std::string digits;
  const std::string digest = md5_of(name + '\0');
  for (std::size_t at = 0; at < digest.size(); at += 4) {
    digits += hex(as_bytes(reversed(digest.substr(at, 4))));
  }
  return digits + "_" + std::string(machine_guid);
}

}  // namespace iwamtrace
