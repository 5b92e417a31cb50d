// How Windows protects passwords in its SAM and SECURITY hives, on the encrypting side: the inverse
// of what impacket, pypykatz and dissect.target publish of NT 5 (RC4, DES, MD5) and of NT 6 (AES,
// SHA-256). Keys, salts and hashes are raw bytes; one of a wrong length throws
// std::invalid_argument. Nothing here is random: salts are given by the caller.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

std::string md4_of(std::string_view message);
std::string md5_of(std::string_view message);
std::string sha256_of(std::string_view message);
std::string rc4_encrypted(std::string_view key, std::string_view text);

// Bytes without a pattern that follow from `seed` alone, for salts and for what Windows leaves
// uninitialised.
std::string bytes_of_seed(std::string_view seed, std::size_t size);

std::string nt_hash_of_password(std::string_view utf8);  // MD4 over UTF-16LE
// Of at most 14 characters of ASCII: what an OEM code page makes of others is not modelled.
std::string lm_hash_of_password(std::string_view ascii);

// The boot key (16 bytes), scattered into the class names of the keys JD, Skew1, GBG and Data.
std::array<std::string, 4> class_names_of_boot_key(std::string_view boot_key);

// --- SAM --------------------------------------------------------------------------------------

enum class PasswordHash : std::uint8_t { kNt, kLm, kNtHistory, kLmHistory };

// Each hash of `hashes` (16 bytes after 16 bytes) under two DES keys made of the account's RID. All
// protection there is on NT 4 without SYSKEY, the inner layer everywhere else.
std::string hashes_under_rid(std::string_view hashes, std::uint32_t rid);

// The value V's entry of one kind of hash. Without hashes: the form of an empty password or
// history. `key_id` stands at its front; 1, 2 and 3 are seen.
std::string hash_entry_rc4(PasswordHash kind, std::string_view hashes, std::string_view sam_key,
                           std::uint32_t rid, std::uint16_t key_id = 1);
std::string hash_entry_aes(std::string_view hashes, std::string_view sam_key, std::uint32_t rid,
                           std::string_view salt, std::uint16_t key_id = 1);

// The structure in the account domain's value F that holds the SAM key under the boot key, with
// its check sum: 56 bytes of NT 5 and early NT 6, 112 bytes since Windows 10 1607.
std::string sam_key_rc4(std::string_view sam_key, std::string_view boot_key, std::string_view salt);
std::string sam_key_aes(std::string_view sam_key, std::string_view boot_key, std::string_view salt);

// --- SECURITY ---------------------------------------------------------------------------------

// PolSecretEncryptionKey of NT 5, 76 bytes: the authenticator, the LSA key and a third block, 16
// bytes each, under the boot key.
std::string lsa_key_nt5(std::string_view lsa_key, std::string_view third_block,
                        std::string_view boot_key, std::string_view salt);

// A secret's value on NT 5. Its header ends in a pointer that means nothing on disk: 4 bytes on
// x86, 8 on x64. `flags` are the high bits of the maximum length: 0x20000000 on XP, 0 on NT 4.
// `leftover` fills the last block behind the cleartext; NULs where it is too short.
std::string secret_nt5(std::string_view cleartext, std::string_view lsa_key,
                       std::string_view pointer, std::uint32_t flags = 0x20000000,
                       std::string_view leftover = {});

struct LsaKey {
  std::string id;   // GUID as stored, 16 bytes
  std::string key;  // 32 bytes
};

// PolEKList of NT 6. The first key is the current one.
std::string lsa_keys_nt6(const std::vector<LsaKey>& keys, std::string_view boot_key,
                         std::string_view salt);
// A secret's value on NT 6; `salt` has 32 bytes here and above.
std::string secret_nt6(std::string_view cleartext, const LsaKey& key, std::string_view salt);

}  // namespace iwamtrace
