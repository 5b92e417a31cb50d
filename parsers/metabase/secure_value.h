// A secure property as it stands in the metabase (MS-IMSA 2.2.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/artefact.h"
#include "parsers/crypto.h"

namespace iwamtrace {

struct SecureValue {
  PasswordForm form{};
  std::string cipher;                // of an encrypted value, in hexadecimal
  std::optional<SecretBytes> utf16;  // the password where it stands in clear, without its NUL
  std::optional<std::uint32_t> characters;  // of the password, visible in every form
};

SecureValue read_secure_value(std::string_view attribute);

}  // namespace iwamtrace
