// The second witness: the same log, read by Joachim Metz' libevt and libevtx.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/source.h"
#include "model/timestamp.h"

namespace iwamtrace {

// What the library makes of one record. A field it does not give stays empty.
struct WitnessRecord {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> number;
  std::optional<std::uint32_t> event_id;  // low 16 bits
  std::optional<Timestamp> time;          // .evt: generated; .evtx: System/TimeCreated
  std::string computer, user_sid;         // UTF-8
  std::vector<std::string> strings;
  bool recovered = false;
  bool readable = true;  // false: announced by the library, not decoded by it
};

struct WitnessReading {
  std::string reader;  // "libevtx 20181227"
  // Set when the library refuses the file; there are no records then.
  std::string refused;
  std::vector<WitnessRecord> records;
};

// `path` is opened by the library itself.
WitnessReading read_with_libevt(const std::string& path);
WitnessReading read_with_libevtx(const std::string& path);

}  // namespace iwamtrace
