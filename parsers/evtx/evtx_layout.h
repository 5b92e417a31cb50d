// The bytes of an NT6 event log, with the names of its public description (libevtx documentation).
// All numbers are little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace iwamtrace::evtx_layout {

inline constexpr std::string_view kFileSignature{"ElfFile\0", 8};
inline constexpr std::size_t kFileHeaderSize = 0x1000;
inline constexpr std::size_t kFileHeaderChecked = 120;  // bytes under its CRC
inline constexpr std::size_t kFileNextRecord = 0x18;
inline constexpr std::size_t kFileChunkCount = 0x2A;
inline constexpr std::size_t kFileFlags = 0x78;
inline constexpr std::size_t kFileCrc = 0x7C;
inline constexpr std::uint32_t kFlagDirty = 1;

inline constexpr std::string_view kChunkSignature{"ElfChnk\0", 8};
inline constexpr std::size_t kChunkSize = 0x10000;
inline constexpr std::size_t kChunkFirstRecordId = 0x18;
inline constexpr std::size_t kChunkLastRecordId = 0x20;
inline constexpr std::size_t kChunkFreeOffset = 0x30;
inline constexpr std::size_t kChunkRecordsCrc = 0x34;
inline constexpr std::size_t kChunkFlags = 0x78;
inline constexpr std::size_t kChunkCrc = 0x7C;
inline constexpr std::size_t kChunkHeaderSize = 0x80;
inline constexpr std::size_t kChunkRecords = 0x200;
// Set by writers that leave the checksums empty (seen in forwarded and saved logs).
inline constexpr std::uint32_t kChunkFlagNoCrc = 4;

inline constexpr std::uint32_t kRecordSignature = 0x00002A2A;
inline constexpr std::size_t kRecordId = 0x08;
inline constexpr std::size_t kRecordWritten = 0x10;
inline constexpr std::size_t kRecordXml = 0x18;
inline constexpr std::size_t kSmallestRecord = kRecordXml + 4;

}  // namespace iwamtrace::evtx_layout
