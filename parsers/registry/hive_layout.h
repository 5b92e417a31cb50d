// The bytes of a registry hive, with the names of its public description (regf specification). All
// numbers are little-endian; offsets in cells count from the first bin.
#pragma once

#include <cstddef>
#include <cstdint>

namespace iwamtrace::hive_layout {

inline constexpr std::uint32_t kRegf = 0x66676572;
inline constexpr std::size_t kBaseBlockSize = 0x1000;
inline constexpr std::size_t kPrimarySequence = 0x04;
inline constexpr std::size_t kSecondarySequence = 0x08;
inline constexpr std::size_t kLastWritten = 0x0C;
inline constexpr std::size_t kFileType = 0x1C;  // 0: a hive; 1, 2 and 6: a transaction log
inline constexpr std::size_t kBinsSize = 0x28;
inline constexpr std::size_t kChecksum = 0x1FC;

inline constexpr std::uint32_t kHbin = 0x6E696268;
inline constexpr std::size_t kBinSize = 0x08;
inline constexpr std::size_t kBinHeaderSize = 0x20;

// A cell begins with its size, negative while it is in use; its content follows.
inline constexpr std::size_t kCellContent = 0x04;

inline constexpr std::uint16_t kKeySignature = 0x6B6E;       // nk
inline constexpr std::uint16_t kValueSignature = 0x6B76;     // vk
inline constexpr std::uint16_t kSecuritySignature = 0x6B73;  // sk

// Of the content of a key node.
inline constexpr std::size_t kKeyFlags = 0x02;
inline constexpr std::uint16_t kKeyNameIsLatin1 = 0x20;
inline constexpr std::size_t kKeyLastWritten = 0x04;
inline constexpr std::size_t kKeySecurity = 0x2C;
inline constexpr std::size_t kKeyClass = 0x30;
inline constexpr std::size_t kKeyNameLength = 0x48;
inline constexpr std::size_t kKeyClassLength = 0x4A;
inline constexpr std::size_t kKeyName = 0x4C;

// Of the content of a value.
inline constexpr std::size_t kValueNameLength = 0x02;
inline constexpr std::size_t kValueDataLength = 0x04;
inline constexpr std::uint32_t kDataIsInline = 0x80000000;
inline constexpr std::size_t kValueData = 0x08;
inline constexpr std::size_t kValueType = 0x0C;
inline constexpr std::size_t kValueFlags = 0x10;
inline constexpr std::uint16_t kValueNameIsLatin1 = 0x01;
inline constexpr std::size_t kValueName = 0x14;

// Of the content of a security cell.
inline constexpr std::size_t kSecurityLength = 0x10;
inline constexpr std::size_t kSecurityDescriptor = 0x14;

inline constexpr std::uint32_t kNoCell = 0xFFFFFFFF;

}  // namespace iwamtrace::hive_layout
