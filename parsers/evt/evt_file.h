// The structure of an .evt file: a ring of records, found again however it was left behind.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/event_record.h"
#include "model/source.h"
#include "parsers/cursor.h"
#include "parsers/record_slots.h"

namespace iwamtrace {

class EvtFile {
 public:
  // Finds every record; decodes none. The bytes must outlive the object. Throws ParseError when
  // this is no .evt.
  explicit EvtFile(Bytes file);

  // What the header's flags say, and the numbers that the end-of-file record announces or, where
  // none was found, the header of a log that was closed.
  struct Announced {
    bool open = false, wrapped = false;
    std::optional<std::uint32_t> oldest, next;
  };
  [[nodiscard]] const Announced& announced() const { return announced_; }
  // The header's own words differ from the end-of-file record's, which is the younger.
  [[nodiscard]] bool stale_header() const { return stale_header_; }
  [[nodiscard]] const std::vector<RecordSlot>& allocated() const {
    return allocated_;
  }  // log order
  [[nodiscard]] const std::vector<RecordSlot>& recovered() const {
    return recovered_;
  }  // by offset
  // Further offsets where a listed record's bytes stand, whole or torn.
  [[nodiscard]] const RecordCopies& copies() const { return copies_; }
  [[nodiscard]] std::uint64_t unreadable_leftovers() const { return unreadable_leftovers_; }
  [[nodiscard]] const std::vector<RecordGap>& gaps() const { return gaps_; }
  [[nodiscard]] const Coverage& coverage() const { return coverage_; }

  // The record's bytes in one piece; `scratch` serves the one record that wraps around the end.
  [[nodiscard]] Bytes bytes_of(const RecordSlot& slot, std::vector<std::byte>& scratch) const;

 private:
  struct End {  // what an end-of-file record says
    std::uint64_t offset = 0;
    std::uint32_t start = 0, next = 0, oldest = 0;
  };
  struct Walk {  // where the live records are to be looked for
    std::uint64_t start = 0;
    std::optional<std::uint64_t> end;
    std::uint32_t oldest = 0;
    std::optional<std::uint32_t> next;
  };

  [[nodiscard]] Walk plan();
  [[nodiscard]] std::optional<End> find_end(std::uint32_t header_end, bool dirty) const;
  [[nodiscard]] std::optional<End> end_at(std::uint64_t offset) const;
  [[nodiscard]] bool leads_to(const End& end) const;
  void walk(const Walk& plan);
  [[nodiscard]] std::optional<RecordSlot> slot_at(std::uint64_t offset, bool may_wrap) const;
  [[nodiscard]] std::uint64_t behind(const RecordSlot& slot) const;
  [[nodiscard]] std::uint64_t over_padding(std::uint64_t offset) const;
  void scan_free_space(const Walk& plan);
  void scan_stretch(std::uint64_t from, std::uint64_t to, std::vector<RecordSlot>& leftovers);
  bool file_torn_copy(std::uint64_t offset);
  [[nodiscard]] const RecordSlot* live(std::uint64_t number) const;
  [[nodiscard]] bool is_copy(const RecordSlot& leftover, const RecordSlot& live) const;
  [[nodiscard]] std::uint32_t u32_in_ring(std::uint64_t offset) const;

  Bytes file_;
  Announced announced_;
  bool stale_header_ = false;
  std::vector<RecordSlot> allocated_, recovered_;
  RecordCopies copies_;
  std::vector<RecordGap> gaps_;
  std::uint64_t unreadable_leftovers_ = 0;
  Coverage coverage_;
};

// The parts of a record that are wanted of every one.
struct EvtHead {
  std::uint32_t number = 0, event_id = 0;  // all 32 bits: severity, facility, code
  std::uint32_t time_generated = 0;        // seconds since 1970
  std::uint16_t type = 0;
  Bytes source;  // UTF-16LE, without its NUL
};
EvtHead evt_head(Bytes record);

// Decodes a record's bytes, as EvtFile::bytes_of gives them, into an empty EventRecord: everything
// but its head, log and catalogue names. Without one it only checks. Throws ParseError.
void decode_evt(Bytes bytes, const EvtHead& head, EventRecord* record);

}  // namespace iwamtrace
