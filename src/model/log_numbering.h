// How the records of a log are numbered. Windows numbers each one higher than the one before, so
// that a number that is missing, or lower than the one before, has a reason. Of one size for a log
// of any length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/timestamp.h"

namespace iwamtrace {

// A record, by its number.
struct NumberedPlace {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;  // of its first byte
  Timestamp time;            // Timestamp{} where it has none
};

// Two records that follow each other in the log.
struct NumberedPair {
  NumberedPlace before, after;

  // How many numbers lie between the two.
  [[nodiscard]] std::uint64_t missing() const {
    return after.number > before.number ? after.number - before.number - 1 : 0;
  }
  // By how many ticks the later one is older; 0 where it is not, or one of the two has no time.
  [[nodiscard]] std::uint64_t back() const {
    const bool older = after.time != Timestamp{} && after.time < before.time;
    return older ? static_cast<std::uint64_t>(before.time.ticks) -
                       static_cast<std::uint64_t>(after.time.ticks)
                 : 0;
  }
};

// Of the allocated records, also of those that nobody asked for, in the order of the file. Where a
// ring comes round to its oldest record numbers fall and time goes back: that is neither a restart
// nor a step.
struct LogNumbering {
  static constexpr std::size_t kMostGaps = 16;   // the rest is in `missing` and `gap_count`
  static constexpr std::size_t kMostNames = 64;  // so many are told apart
  static constexpr std::uint64_t kStepBack = 60 * Timestamp::kTicksPerSecond;

  std::optional<NumberedPlace> lowest, highest;
  std::uint64_t missing = 0;       // numbers within all gaps
  std::uint64_t gap_count = 0;     // places where a number is not the next one
  std::vector<NumberedPair> gaps;  // the largest ones, in the order of the file
  std::uint64_t restarts = 0;      // numbers lower than the one before
  std::optional<NumberedPair> first_restart;
  std::uint64_t steps_back = 0;  // in time, by more than kStepBack
  std::optional<NumberedPair> longest_step_back;

  // .evtx: a log that others' records were gathered in has several. A computer that was renamed
  // has several names, and does not return to a former one.
  std::uint32_t channels = 0, computers = 0;
  bool computers_return = false;
  // .evtx: the file numbers its records otherwise than the log did that they come from.
  bool numbered_anew = false;

  bool open = false;     // the file was not closed: its header, and of .evtx chunks, may be old
  bool wrapped = false;  // .evt: its header says that the ring has come round
  // .evt: what the end-of-file record says, or the header of a file that was closed.
  std::optional<std::uint64_t> announced_oldest, announced_next;
  // .evt: of the records in free space the one with the highest number, where that is beyond all
  // others and yet its time is before them: the numbers have begun anew since.
  std::optional<NumberedPlace> of_former_life;
};

}  // namespace iwamtrace
