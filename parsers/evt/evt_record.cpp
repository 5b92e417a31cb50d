#include <algorithm>
#include <cstring>

#include "parsers/evt/evt_file.h"
#include "parsers/evt/evt_layout.h"
#include "parsers/windows_types.h"

namespace iwamtrace {

using namespace evt_layout;

namespace {

// The UTF-16 text at `at` without its NUL; `at` then stands behind that.
Bytes text_at(Bytes record, std::size_t& at, std::size_t limit, const char* field) {
  const std::size_t start = at;
  while (at + 2 <= limit) {
    std::uint16_t unit = 0;
    std::memcpy(&unit, record.data() + at, sizeof unit);
    at += 2;
    if (unit == 0) {
      return record.subspan(start, at - 2 - start);
    }
  }
  throw ParseError(start, std::string(field) + " has no end");
}

std::optional<Level> level_of(std::uint16_t type) {
  switch (type) {
    case kTypeError:
      return Level::kError;
    case kTypeWarning:
      return Level::kWarning;
    case 0:  // EVENTLOG_SUCCESS: shown as information
    case kTypeInformation:
      return Level::kInformation;
    case kTypeAuditSuccess:
      return Level::kAuditSuccess;
    case kTypeAuditFailure:
      return Level::kAuditFailure;
    default:
      return std::nullopt;
  }
}

}  // namespace

EvtHead evt_head(Bytes record) {
  std::size_t at = kSourceName;
  return {u32_at(record, kRecordNumber, "record number"), u32_at(record, kEventId, "event id"),
          u32_at(record, kTimeGenerated, "time generated"), u16_at(record, kEventType, "type"),
          text_at(record, at, record.size() - 4, "source name")};
}

void decode_evt(Bytes bytes, const EvtHead& head, EventRecord* record) {
  const std::size_t end = bytes.size() - 4;  // the copy of the size
  std::size_t at = kSourceName + head.source.size() + 2;
  const Bytes computer = text_at(bytes, at, end, "computer name");
  std::optional<Sid> user;
  if (const std::uint32_t length = u32_at(bytes, kUserSidLength, "SID length"); length != 0) {
    const std::uint32_t offset = u32_at(bytes, kUserSidOffset, "SID offset");
    Cursor sid(slice(bytes.first(end), offset, length, "SID"));
    user = read_sid(sid);
  }
  if (record != nullptr) {
    record->user = user;
    record->qualifiers = static_cast<std::uint16_t>(head.event_id >> 16);
    record->level = level_of(head.type);
    if (const std::uint32_t written = u32_at(bytes, kTimeWritten, "time written"); written != 0) {
      record->written = Timestamp::from_unix(written);
    }
    record->set_source(record->add_utf16(head.source));
    record->set_computer(record->add_utf16(computer));
  }

  const std::uint16_t strings = u16_at(bytes, kStringCount, "number of strings");
  at = u32_at(bytes, kStringOffset, "string offset");
  for (std::uint16_t i = 0; i < strings; ++i) {
    const Bytes text = text_at(bytes, at, end, "string");
    if (record != nullptr) {
      record->add_field({}, record->add_utf16(text));
    }
  }
  if (const std::uint32_t length = u32_at(bytes, kDataLength, "data length"); length != 0) {
    const std::uint32_t offset = u32_at(bytes, kDataOffset, "data offset");
    const Bytes data = slice(bytes.first(end), offset, length, "data");
    if (record != nullptr) {
      record->add_field({}, record->add_text(hex(data)), EventRecord::FieldKind::kData);
    }
  }
}

}  // namespace iwamtrace
