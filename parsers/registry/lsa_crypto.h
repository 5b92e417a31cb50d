// How LSA keeps its secrets, on NT5 and on NT6. Public descriptions: MS-LSAD, the offline tools of
// the field. Every key is checked: a wrong boot key yields nothing, never garbage.
#pragma once

#include <optional>
#include <vector>

#include "parsers/crypto.h"
#include "parsers/cursor.h"

namespace iwamtrace {

struct LsaKeys {
  enum class Form : std::uint8_t { kNt5, kNt6 };
  struct Key {
    SecretArray<16> id;  // the GUID by which NT6 secrets name their key
    SecretBytes key;
  };

  Form form{};
  std::vector<Key> keys;  // one on NT5
};

// From Policy\PolSecretEncryptionKey. Nothing when the boot key is not this hive's.
std::optional<LsaKeys> open_lsa_keys_nt5(Bytes value, const Key16& boot_key);
// From Policy\PolEKList.
std::optional<LsaKeys> open_lsa_keys_nt6(Bytes value, const Key16& boot_key);

// The cleartext of a secret's CurrVal or OldVal. Throws ParseError when it does not decrypt to the
// form that a right key gives.
SecretBytes open_secret(Bytes value, const LsaKeys& keys);

}  // namespace iwamtrace
