// The bytes of an NT5 event log, with the names of its public description (libevt documentation,
// MS-EVEN). All numbers are little-endian.
#pragma once

#include <cstddef>
#include <cstdint>

namespace iwamtrace::evt_layout {

inline constexpr std::uint32_t kLfLe = 0x654C664C;

// ELF_LOGFILE_HEADER
inline constexpr std::size_t kHeaderSize = 0x30;
inline constexpr std::size_t kHeaderSignature = 0x04;
inline constexpr std::size_t kHeaderStartOffset = 0x10;
inline constexpr std::size_t kHeaderEndOffset = 0x14;
inline constexpr std::size_t kHeaderNextRecord = 0x18;
inline constexpr std::size_t kHeaderOldestRecord = 0x1C;
inline constexpr std::size_t kHeaderFlags = 0x24;
inline constexpr std::uint32_t kFlagDirty = 1;
inline constexpr std::uint32_t kFlagWrapped = 2;

// ELF_EOF_RECORD
inline constexpr std::size_t kEofSize = 0x28;
inline constexpr std::uint32_t kEofMarks[4] = {0x11111111, 0x22222222, 0x33333333, 0x44444444};
inline constexpr std::size_t kEofMarksAt = 0x04;
inline constexpr std::size_t kEofStartOffset = 0x14;
inline constexpr std::size_t kEofNextRecord = 0x1C;
inline constexpr std::size_t kEofOldestRecord = 0x20;

// EVENTLOGRECORD
inline constexpr std::size_t kRecordSignature = 0x04;
inline constexpr std::size_t kRecordNumber = 0x08;
inline constexpr std::size_t kTimeGenerated = 0x0C;
inline constexpr std::size_t kTimeWritten = 0x10;
inline constexpr std::size_t kEventId = 0x14;
inline constexpr std::size_t kEventType = 0x18;
inline constexpr std::size_t kStringCount = 0x1A;
inline constexpr std::size_t kStringOffset = 0x24;
inline constexpr std::size_t kUserSidLength = 0x28;
inline constexpr std::size_t kUserSidOffset = 0x2C;
inline constexpr std::size_t kDataLength = 0x30;
inline constexpr std::size_t kDataOffset = 0x34;
inline constexpr std::size_t kSourceName = 0x38;
inline constexpr std::size_t kSmallestRecord = 0x38;

// A record's strings may have 32 KiB each and its data 61 KiB (ReportEvent); what claims more than
// this is no record.
inline constexpr std::size_t kLargestRecord = 0x40000;

// What Windows fills the last bytes of the file with, where not even a record's fixed part fits.
inline constexpr std::uint32_t kEndPadding = 0x00000027;

inline constexpr std::uint16_t kTypeError = 0x01;
inline constexpr std::uint16_t kTypeWarning = 0x02;
inline constexpr std::uint16_t kTypeInformation = 0x04;
inline constexpr std::uint16_t kTypeAuditSuccess = 0x08;
inline constexpr std::uint16_t kTypeAuditFailure = 0x10;

}  // namespace iwamtrace::evt_layout
