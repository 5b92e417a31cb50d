// What CryptProtectData makes of a secret: encrypted and signed under a master key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "parsers/cursor.h"
#include "parsers/dpapi/dpapi_algorithms.h"

namespace iwamtrace {

struct DpapiBlob {
  std::string master_key;  // its GUID, "{ea95eba8-…}"
  Hash hash{};
  DpapiCipher cipher;
  Bytes salt, check_salt, encrypted;
  Bytes checked, check;  // the stretch that is signed, and the signature
};

// Throws ParseError, with offsets as the cursor counts, and leaves the cursor behind the blob. The
// result points into the cursor's bytes.
DpapiBlob read_dpapi_blob(Cursor& cursor);

// The cleartext; nothing where the blob's check says that it is not under this master key and
// entropy, or has been changed.
std::optional<SecretBytes> open_dpapi_blob(const DpapiBlob& blob, Bytes master_key,
                                           Bytes entropy = {});

}  // namespace iwamtrace
