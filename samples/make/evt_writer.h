// Writes event logs of Windows NT 4, 2000, XP and Server 2003 (.evt), after Microsoft's "Event Log
// File Format" and libyal's description of the format: a ring of records behind a header of 48
// bytes, closed by an end-of-file record that stands behind the newest one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

enum EvtType : std::uint16_t {
  kEvtError = 1,
  kEvtWarning = 2,
  kEvtInformation = 4,
  kEvtAuditSuccess = 8,
  kEvtAuditFailure = 16,
};

enum EvtFlag : std::uint32_t {
  kEvtDirty = 1,
  kEvtWrapped = 2,
  kEvtLogFull = 4,
  kEvtArchive = 8,
};

// Text is UTF-8; lone surrogates may be given as WTF-8. A NUL ends a text for whoever reads it.
struct EvtEvent {
  Timestamp time_generated{};               // the format keeps whole seconds
  std::optional<Timestamp> time_written{};  // as generated where nothing is given
  std::uint32_t event_id = 0;               // severity, facility and the code of 16 bits
  std::uint16_t type = kEvtInformation;
  std::uint16_t category = 0;
  std::string source{};
  std::string computer{};
  std::optional<Sid> user{};
  std::vector<std::string> strings{};
  std::string data{};
};

class EvtWriter {
 public:
  static constexpr std::uint32_t kStep = 0x10000;  // by which Windows lets a log grow

  // The file grows by steps up to `max_size` (a multiple of 4; of kStep on a real machine), then
  // the oldest records give way to new ones.
  explicit EvtWriter(std::uint32_t max_size = 8 * kStep, std::uint32_t first_number = 1);

  // Numbered one higher than the record before. Throws std::length_error when it cannot fit.
  EvtWriter& record(const EvtEvent& event);

  // The service opens the log: the header stays as it is now, but for the dirty flag, whatever
  // happens after. On a log without records that is the form of a log just cleared.
  EvtWriter& dirty();
  EvtWriter& flags(std::uint32_t more);  // set besides those that follow from the records

  // Empties the log and numbers anew; the bytes of the old records stay in the free space, with
  // their end-of-file record.
  EvtWriter& clear(std::uint32_t first_number = 1);

  // Raises the maximum by one step and takes it at once. In a log that has come round, Windows
  // moves the older records, which stand before the end of the file, along with that end; the
  // newer ones at the front stay. So a step's worth of the moved bytes stays behind as well, and
  // is overwritten as the log goes on: whole records identical to live ones kStep higher, and a
  // torn one where the record that runs over the end of the file had begun.
  EvtWriter& grow();

  EvtWriter& cut(std::uint32_t bytes);  // the file lacks its last bytes

  [[nodiscard]] std::string bytes() const;
  // Of a live record, or std::out_of_range.
  [[nodiscard]] std::uint32_t offset_of(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t size_of(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t offset_of_end() const { return position_.end; }
  [[nodiscard]] std::uint32_t oldest_number() const;  // 0 in an empty log
  [[nodiscard]] std::uint32_t next_number() const { return position_.next; }

 private:
  struct Live {
    std::uint32_t number, offset, size;
  };
  // What the header and the end-of-file record say.
  struct Position {
    std::uint32_t start = 0, end = 0, next = 0, oldest = 0, file_size = 0, flags = 0;
  };

  [[nodiscard]] const Live& live(std::uint32_t number) const;
  [[nodiscard]] bool has_come_round() const;
  [[nodiscard]] std::uint32_t room() const;
  [[nodiscard]] std::uint32_t unusable_end() const;
  [[nodiscard]] std::uint32_t file_size() const;
  void make_room(std::uint32_t record_size);
  void extend();
  void follow(std::uint32_t& offset, std::uint32_t advance) const;
  void put(std::uint32_t at, std::string_view bytes);
  void put_end();

  std::string image_;
  std::deque<Live> live_;
  Position position_;
  std::optional<Position> stale_;
  std::uint32_t max_size_;
  std::uint32_t cut_ = 0;
};

}  // namespace iwamtrace
