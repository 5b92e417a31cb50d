// A secure property as it stands in the metabase (MS-IMSA 2.2.2): a blob in hexadecimal, or a text
// that somebody typed into the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/crypto.h"

namespace iwamtrace {

struct SecureValue {
  enum class Form : std::uint8_t {
    kText,        // no blob
    kEncrypted,   // IcDb: the data are under the session key, with four zero bytes before them
    kCleartext,   // IcCb
    kSessionKey,  // IcKb: the session key itself, under the server's RSA key
    kHash,        // IcHb, of the protocol; in no metabase that was seen
    kPublicKey,   // IcPb, likewise
    kMasked,      // asterisks that adsutil.vbs prints instead
    kDamaged,     // the beginning of a blob, and then not what it announces
  };

  Form form = Form::kDamaged;
  SecretBytes data;                  // of a blob as they stand; of a text its UTF-16LE
  std::vector<std::byte> signature;  // little-endian; empty without one
  std::size_t data_at = 0;           // in the blob; two digits of the attribute are a byte
  std::size_t signature_at = 0;
  std::string because;  // what is wrong with a damaged value, or with its signature
};

// What stands before every cleartext, under the cipher and the signature alike.
inline constexpr std::size_t kZeroPrefix = 4;

// By its first digits.
bool starts_with_blob(std::string_view attribute);
SecureValue read_secure_value(std::string_view attribute);

// The text of cleartext data, up to its NUL and without the zero bytes before it.
Bytes text_in(Bytes cleartext);

// A password shows its length through the cipher: four zero bytes, UTF-16 and a NUL. Nothing where
// that many bytes can be no text.
std::optional<std::uint32_t> characters_of(const SecureValue& value);

}  // namespace iwamtrace
