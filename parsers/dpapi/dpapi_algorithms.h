// The hashes and ciphers that DPAPI names by number.
#pragma once

#include <cstdint>

#include "parsers/crypto.h"
#include "parsers/cursor.h"

namespace iwamtrace {

// In CBC mode.
struct DpapiCipher {
  std::size_t key_size = 0, block_size = 0;
  SecretBytes (*decrypt)(Bytes key, Bytes iv, Bytes data) = nullptr;
};

// Take the number at the cursor. Throw ParseError naming it where it is none that we know.
Hash read_dpapi_hash(Cursor& cursor);
DpapiCipher read_dpapi_cipher(Cursor& cursor);

}  // namespace iwamtrace
