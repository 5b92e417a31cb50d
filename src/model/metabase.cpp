#include "model/metabase.h"

#include <array>

namespace iwamtrace {

std::string_view name_of(Equality equality) {
  constexpr std::array<std::string_view, kEqualities> kNames{"equal", "different", "unknown"};
  return kNames.at(static_cast<std::size_t>(equality));
}

std::string_view name_of(SecretMethod method) {
  constexpr std::array<std::string_view, kSecretMethods> kNames{
      "none", "ciphertext-only", "signature", "keystream", "rsa-key", "plaintext"};
  return kNames.at(static_cast<std::size_t>(method));
}

}  // namespace iwamtrace
