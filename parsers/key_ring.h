// The keys that one file of a case yields and another needs. Lives within the one worker that reads
// a case's hives, metabases and key files together, in the order of the table of parsers; no key
// ever leaves it.
#pragma once

#include <cstddef>
#include <vector>

#include "model/citation.h"
#include "model/sid.h"
#include "parsers/crypto.h"

namespace iwamtrace {

struct BootKey {
  Key16 key;
  SourceId source{};  // the SYSTEM hive
};

// An opened LSA secret, as it stands: a password of COM+ ends in a UTF-16 NUL.
struct OpenedSecret {
  Untrusted name;  // without trailing NULs
  bool previous = false;
  SecretBytes value;
  Citation where;
};

// A principal of a SAM hive that other files name by its SID alone.
struct KnownPrincipal {
  Untrusted name;  // "IIS_WPG"
  Sid sid;
  Citation where;
};

// A DPAPI master key whose file is in the case.
struct MasterKey {
  std::string guid;  // "{ea95eba8-…}", in lower case
  SecretBytes key;   // 64 bytes; empty where the file stays locked
  Citation where;
};

// Of a CryptoAPI container, exchange or signature key; its numbers belong together. Both are
// big-endian and of one length.
struct RsaPrivateKey {
  std::vector<std::byte> modulus;
  SecretBytes exponent;
  Citation where;
};

// The RC4 key of a metabase's secure properties, opened with the server's RSA key.
struct SessionKey {
  std::vector<std::byte> wrapped;  // what was opened: the data of the metabase's IcKb blob
  Key16 key;                       // as RC4 takes it: 5 bytes and CryptoAPI's salt of NULs
  Citation where;                  // of the RSA key that opened it
};

// Of the RSA key with which a server signs its secure properties; the exponent is 65537.
struct SigningModulus {
  std::vector<std::byte> modulus;  // big-endian
  Citation where;
};

struct KeyRing {
  std::vector<BootKey> boot_keys;              // of SYSTEM hives
  std::vector<OpenedSecret> secrets;           // of SECURITY hives
  std::vector<KnownPrincipal> principals;      // of SAM hives
  std::vector<MasterKey> master_keys;          // of DPAPI: by GUID, opened ones first
  std::vector<RsaPrivateKey> rsa_keys;         // of RSA containers
  std::vector<SigningModulus> signing_moduli;  // of RSA containers, locked ones too
  std::vector<SessionKey> session_keys;        // of metabases, through RSA key files
};

}  // namespace iwamtrace
