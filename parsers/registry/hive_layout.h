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
inline constexpr std::size_t kMinorVersion = 0x18;
inline constexpr std::size_t kFileType = 0x1C;  // 0: a hive; 1, 2 and 6: a transaction log
inline constexpr std::size_t kRootCell = 0x24;
inline constexpr std::size_t kBinsSize = 0x28;
inline constexpr std::size_t kFileName = 0x30;  // the end of its path, UTF-16
inline constexpr std::size_t kFileNameSize = 0x40;
inline constexpr std::size_t kResourceManager = 0x70;  // a GUID since Vista, where the mark stands
inline constexpr std::size_t kGuidSize = 0x10;
inline constexpr std::size_t kGuidMark = 0xA4;
inline constexpr std::uint32_t kRmtm = 0x6D746D72;
inline constexpr std::size_t kChecksum = 0x1FC;  // over what stands before it

inline constexpr std::uint32_t kHbin = 0x6E696268;
inline constexpr std::size_t kBinOffset = 0x04;
inline constexpr std::size_t kBinSize = 0x08;
inline constexpr std::size_t kBinHeaderSize = 0x20;

// A transaction log: sectors of 512 bytes, the first of them a base block.
inline constexpr std::size_t kSector = 0x200;
inline constexpr std::uint32_t kDirt =
    0x54524944;  // the old form: a map of all sectors, then those
inline constexpr std::size_t kDirtyMap = kSector + 0x04;
inline constexpr std::uint32_t kHvle = 0x454C7648;  // the new form: entries
inline constexpr std::size_t kEntrySize = 0x04;
inline constexpr std::size_t kEntrySequence = 0x0C;
inline constexpr std::size_t kEntryBinsSize = 0x10;
inline constexpr std::size_t kEntryPages = 0x14;
inline constexpr std::size_t kEntryContentHash = 0x18;  // over what stands behind the hashes
inline constexpr std::size_t kEntryHeadHash = 0x20;     // over what stands before it
inline constexpr std::size_t kEntryHeadSize = 0x28;
inline constexpr std::size_t kPageReferenceSize = 0x08;

// A cell begins with its size, negative while it is in use; its content follows.
inline constexpr std::size_t kCellContent = 0x04;
inline constexpr std::size_t kCellAlignment = 0x08;
constexpr bool is_used(std::uint32_t size) { return static_cast<std::int32_t>(size) < 0; }
constexpr std::uint32_t cell_size(std::uint32_t size) { return is_used(size) ? 0U - size : size; }

inline constexpr std::uint16_t kKeySignature = 0x6B6E;       // nk
inline constexpr std::uint16_t kValueSignature = 0x6B76;     // vk
inline constexpr std::uint16_t kSecuritySignature = 0x6B73;  // sk
inline constexpr std::uint16_t kLongDataSignature = 0x6264;  // db

// Of the content of a key node.
inline constexpr std::size_t kKeyFlags = 0x02;
inline constexpr std::uint16_t kKeyIsRoot = 0x04;
inline constexpr std::uint16_t kKeyNameIsLatin1 = 0x20;
inline constexpr std::size_t kKeyLastWritten = 0x04;
inline constexpr std::size_t kKeyParent = 0x10;
inline constexpr std::size_t kKeySubkeys = 0x14;
inline constexpr std::size_t kKeyValueCount = 0x24;
inline constexpr std::size_t kKeyValueList = 0x28;
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

// Of data that are too long for one cell: a list of the cells that have a segment each.
inline constexpr std::size_t kSegmentCount = 0x02;
inline constexpr std::size_t kSegmentList = 0x04;
inline constexpr std::size_t kSegmentSize = 16344;

// Of the content of a security cell.
inline constexpr std::size_t kSecurityLength = 0x10;
inline constexpr std::size_t kSecurityDescriptor = 0x14;

inline constexpr std::uint32_t kNoCell = 0xFFFFFFFF;

}  // namespace iwamtrace::hive_layout
