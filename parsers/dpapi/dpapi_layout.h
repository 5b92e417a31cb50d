// The bytes of DPAPI's master key files and blobs and of CryptoAPI's RSA containers: FORMAT.md
// beside this file. All numbers are little-endian.
#pragma once

#include <cstddef>
#include <cstdint>

namespace iwamtrace::dpapi_layout {

// The LSA secret DPAPI_SYSTEM: a version and two keys.
inline constexpr std::size_t kSystemSecretSize = 44;
inline constexpr std::uint32_t kSystemSecretVersion = 1;
inline constexpr std::size_t kHalfSize = 20;

// Of a master key file.
inline constexpr std::size_t kFileGuid = 0x0C;
inline constexpr std::size_t kGuidCharacters = 36;  // without braces, UTF-16
inline constexpr std::size_t kPartLengths = 0x60;   // of four parts, u64 each
inline constexpr std::size_t kFileHeaderSize = 0x80;
inline constexpr std::uint32_t kOldestFile = 1;
inline constexpr std::uint32_t kNewestFile = 2;

// Of its first part, the master key.
inline constexpr std::size_t kMasterKeySalt = 16;
inline constexpr std::size_t kMasterKeySize = 64;
inline constexpr std::size_t kCheckSalt = 16;

// CALG_* of wincrypt.h, as far as DPAPI uses them on the systems that we read.
inline constexpr std::uint32_t kSha1 = 0x8004;
inline constexpr std::uint32_t kHmac = 0x8009;  // stands for HMAC-SHA1
inline constexpr std::uint32_t kSha256 = 0x800C;
inline constexpr std::uint32_t kSha512 = 0x800E;
inline constexpr std::uint32_t kTripleDes = 0x6603;
inline constexpr std::uint32_t kAes256 = 0x6610;
inline constexpr std::uint32_t kRc4 = 0x6801;
inline constexpr std::uint32_t kRsaExchange = 0xA400;

// Of an RSA container. Its head counts lengths in another order than the parts have behind it.
inline constexpr std::uint32_t kContainerVersion = 2;
inline constexpr std::size_t kContainerName = 0x28;
inline constexpr std::uint32_t kContainerHashSize = 20;
inline constexpr std::uint32_t kLongestName = 260;  // MAX_PATH
// A pair of 16384 bits, CryptoAPI's longest, has 2 KiB of public and 10 KiB of private key.
inline constexpr std::uint32_t kLongestPart = 0x10000;

inline constexpr std::uint32_t kPublicMagic = 0x31415352;   // RSA1
inline constexpr std::uint32_t kPrivateMagic = 0x32415352;  // RSA2
inline constexpr std::uint32_t kShortestModulus = 384;      // bits: what CryptoAPI makes
inline constexpr std::uint32_t kLongestModulus = 16384;

// A SIMPLEBLOB: type, version, reserved, algorithms; then the key, encrypted.
inline constexpr std::uint32_t kSimpleBlob = 0x00000201;
inline constexpr std::size_t kSimpleBlobHeader = 12;

}  // namespace iwamtrace::dpapi_layout
