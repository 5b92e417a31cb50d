// RSA keys in CryptoAPI's form, and the one thing they are needed for: IIS's session key.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "parsers/cursor.h"
#include "parsers/key_ring.h"

namespace iwamtrace {

struct RsaPublicKey {
  std::vector<std::byte> modulus;  // big-endian, without zeros before it
  std::uint32_t exponent = 0;
};

// "RSA1". Throws ParseError, with offsets as the cursor counts.
RsaPublicKey read_rsa_public_key(Cursor& cursor);

// "RSA2", in clear. Throws ParseError where it is none, or its numbers do not belong together or to
// `public_key`. Leaves `where` of the result to the caller.
RsaPrivateKey read_rsa_private_key(Bytes bytes, const RsaPublicKey& public_key);

// The session key under which IIS 6 has encrypted a metabase, out of the SIMPLEBLOB in its
// SessionKey: an RC4 key under the exchange key of the server, with NULs behind it (CryptoAPI's
// salt) where it is shorter than 16 bytes. Nothing where the blob is not under this key; a foreign
// key passes once in a million, so the caller checks what the result decrypts.
std::optional<Key16> open_session_key(Bytes simple_blob, const RsaPrivateKey& key);

}  // namespace iwamtrace
