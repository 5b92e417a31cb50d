#include "parsers/dpapi/dpapi_algorithms.h"

#include "parsers/dpapi/dpapi_layout.h"

namespace iwamtrace {

namespace layout = dpapi_layout;

Hash read_dpapi_hash(Cursor& cursor) {
  const std::size_t offset = cursor.at();
  const std::uint32_t algorithm = cursor.u32("hash algorithm");
  switch (algorithm) {
    case layout::kSha1:
    case layout::kHmac:
      return Hash::kSha1;
    case layout::kSha256:
      return Hash::kSha256;
    case layout::kSha512:
      return Hash::kSha512;
    default:
      throw ParseError(offset, "hash algorithm " + hex_offset(algorithm) +
                                   ": not SHA-1, SHA-256 or SHA-512, the ones we know");
  }
}

DpapiCipher read_dpapi_cipher(Cursor& cursor) {
  const std::size_t offset = cursor.at();
  const std::uint32_t algorithm = cursor.u32("cipher algorithm");
  switch (algorithm) {
    case layout::kTripleDes:
      return {24, 8, des3_cbc_decrypt};
    case layout::kAes256:
      return {32, 16, aes256_cbc_decrypt};
    default:
      throw ParseError(offset, "cipher algorithm " + hex_offset(algorithm) +
                                   ": not 3DES or AES-256, the ones we know");
  }
}

}  // namespace iwamtrace
