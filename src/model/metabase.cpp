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

std::string_view in_words(SecretMethod method) {
  constexpr std::array<std::string_view, kSecretMethods> kWords{
      "not readable", "encrypted", "encrypted", "read by keystream", "read by RSA key", "in clear",
  };
  return kWords.at(static_cast<std::size_t>(method));
}

std::optional<bool> same_password(const MetabaseSnapshot& one, const MetabaseSnapshot& other) {
  if (one.fingerprint && other.fingerprint) {
    return *one.fingerprint == *other.fingerprint;
  }
  if (one.password_form == PasswordForm::kEncrypted &&
      other.password_form == PasswordForm::kEncrypted && !one.session_key_digest.empty() &&
      one.session_key_digest == other.session_key_digest) {
    return one.password_cipher == other.password_cipher;
  }
  return std::nullopt;
}

std::optional<bool> same_value(const MetabaseSnapshot& one, const SecureProperty& value_of_one,
                               const MetabaseSnapshot& other,
                               const SecureProperty& value_of_other) {
  if (value_of_one.fingerprint && value_of_other.fingerprint) {
    return *value_of_one.fingerprint == *value_of_other.fingerprint;
  }
  if (!value_of_one.cipher_digest.empty() && !value_of_other.cipher_digest.empty() &&
      !one.session_key_digest.empty() && one.session_key_digest == other.session_key_digest) {
    return value_of_one.cipher_digest == value_of_other.cipher_digest;
  }
  return std::nullopt;
}

}  // namespace iwamtrace
