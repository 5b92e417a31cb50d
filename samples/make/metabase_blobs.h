// Secure values of an IIS 6 metabase (MS-IMSA 2.2.2), on the encrypting side. All values of one
// file are under one session key, each from the first byte of the key's stream, and signed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/sid.h"

namespace iwamtrace {

// Whose RSA keys sign, and wrap the session key. They are fixed and public: test keys.
enum class MetabaseMachine : std::uint8_t { kFirst, kSecond };

struct MetabaseKeys {
  // 5 bytes, as MS-IMSA has it, or up to 16. RC4 takes them with NULs up to 16, CryptoAPI's salt.
  std::string session_key{"IWAM!"};
  MetabaseMachine machine = MetabaseMachine::kFirst;
};

// "IcDb": the cleartext with four NULs before it, encrypted, and its signature.
std::string encrypted_metabase_blob(std::string_view cleartext, const MetabaseKeys& keys);
// "IcKb", 160 bytes: the session key under the machine's exchange key, and the signature.
std::string session_key_metabase_blob(const MetabaseKeys& keys);
// "IcCb": not encrypted at all.
std::string cleartext_metabase_blob(std::string_view cleartext);

// What a signature is of: PKCS #1 v1.5 with the MD5 of the message, 64 bytes, big-endian.
std::string metabase_signature_block(std::string_view message);
// Of the machine's signature key, 64 bytes, big-endian; the exponent is 65537.
std::string metabase_signature_modulus(MetabaseMachine machine);
// The machine's keys with their private halves. Big-endian: modulus and exponent have 64 bytes, the
// others 32.
struct MetabaseRsaKey {
  std::string modulus, exponent;
  std::string prime1, prime2, exponent1, exponent2, coefficient;
};
MetabaseRsaKey metabase_signature_key(MetabaseMachine machine);
MetabaseRsaKey metabase_exchange_key(MetabaseMachine machine);

// The two forms of AdminACL on a clean IIS 6. The first is at /LM/Logging and /LM/W3SVC/Info; the
// second lets the services and the group IIS_WPG in, at / (access 0x89), /LM/W3SVC/Filters (0x8B)
// and /LM/W3SVC/AppPools (0x80).
std::string admin_acl_for_administrators();
std::string admin_acl_for_services(const Sid& iis_wpg, std::uint32_t access);

}  // namespace iwamtrace
