// The metabase as evidence: its versions, and what became of its secure properties.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/citation.h"
#include "model/fingerprint.h"

namespace iwamtrace {

// How a value stands in the file.
enum class PasswordForm : std::uint8_t {
  kEncrypted,
  kCleartext,
  kUnreadable,
  kMasked,  // as adsutil.vbs prints it
};
inline constexpr std::size_t kPasswordForms = 4;

// How the value of a secure property was had; the best that led there.
enum class SecretMethod : std::uint8_t {
  kNone,            // the property is not there, or not readable
  kCiphertextOnly,  // no more than the encrypted bytes and their length
  kSignature,       // not the value, but the MD5 that its signature is of
  kKeystream,       // properties of known content gave the key's stream away
  kRsaKey,          // the session key was opened with the server's RSA key
  kPlaintext,       // it stands there in clear
};
inline constexpr std::size_t kSecretMethods = 6;
std::string_view name_of(SecretMethod method);
std::string_view in_words(SecretMethod method);  // "read by keystream"

// What a property's RSA signature says of the value that was read.
enum class SignatureCheck : std::uint8_t {
  kNotMade,       // the server's public key or the value is not known, or there is no signature
  kHolds,         // it is of exactly this value
  kOfOtherValue,  // it is genuine and of another value: the value was changed
  kForeign,       // it is none of the key that signed the rest of the file
};
inline constexpr std::size_t kSignatureChecks = 4;

// Whether an LSA secret holds the password that a version of the metabase holds; tested in the
// worker, where both may be compared without being shown.
struct SecretMatch {
  enum class By : std::uint8_t { kNothing, kLength, kValue, kKeystream, kSignature };
  static constexpr std::size_t kBys = 5;

  Citation secret;  // its value in the SECURITY hive
  bool previous = false;
  Equality result = Equality::kUnknown;
  By by = By::kNothing;  // what proves the result
};

struct MetabaseApplication {
  Citation where;                         // its path is the metabase's
  std::optional<std::uint32_t> isolated;  // 0 in process, 1 isolated, 2 pooled
};

// One version of the metabase, as one file has it.
struct MetabaseSnapshot {
  Citation where;
  std::optional<std::uint32_t> major, minor;  // of the history

  std::string session_key_digest;  // first 16 digits of its SHA-256; empty without one
  Untrusted wam_user_name;
  Citation wam_user_name_where;
  std::optional<PasswordForm> password_form;  // nothing: the file has no WAMUserPass
  std::string password_cipher;  // the encrypted bytes in hexadecimal: equal under one session key
                                // means an equal password
  std::optional<std::uint32_t> password_length;  // characters; visible although encrypted
  SecretMethod password_method = SecretMethod::kNone;
  SignatureCheck password_signature = SignatureCheck::kNotMade;
  std::optional<Fingerprint> fingerprint;  // where the value is known
  Untrusted password_unknown_because;      // where it is not
  std::vector<SecretMatch> password_matches;
  // What it was read by: the RSA key, or some of the properties that the keystream rests on.
  std::vector<Citation> opened_by;
  Untrusted revealed_password;  // only under --reveal-secrets
  Citation password_where;
  std::optional<bool> iis5_isolation_mode;  // nothing: absent, which means TRUE
  std::optional<Citation> isolation_mode_where;
  std::vector<MetabaseApplication> applications;
};

// Whether two versions hold the same WAMUserPass: by their values, or as they stand under one
// session key, where an equal ciphertext is an equal password. Nothing where it cannot be told.
std::optional<bool> same_password(const MetabaseSnapshot& one, const MetabaseSnapshot& other);

// A property that the metabase encrypts, WAMUserPass among them.
struct SecureProperty {
  Citation where;
  Untrusted location, name;  // "/LM/W3SVC", "AnonymousUserPass"
  PasswordForm form{};
  SecretMethod method = SecretMethod::kNone;
  std::uint32_t size = 0;     // bytes of cleartext
  std::string cipher_digest;  // of an encrypted one: equal under one session key is an equal value
  std::optional<std::uint32_t> characters;  // of a password
  SignatureCheck signature = SignatureCheck::kNotMade;
  std::optional<Fingerprint> fingerprint;  // of a password whose value is known
  Untrusted revealed;                      // likewise, and only under --reveal-secrets
  Untrusted unknown_because;               // where the value is not known
};

// Likewise of one property in two versions.
std::optional<bool> same_value(const MetabaseSnapshot& one, const SecureProperty& value_of_one,
                               const MetabaseSnapshot& other, const SecureProperty& value_of_other);

// Any other property, where all were asked for.
struct MetabaseValue {
  Citation where;
  Untrusted location, name, value;
};

}  // namespace iwamtrace
