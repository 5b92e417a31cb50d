// Reading keys of which some are broken: what fails costs itself and is told, and how far one came
// is known, so that an absence can be cited.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// Values or subkeys that are read of one key whose number Windows does not limit: far more than any
// machine has programs, and few enough for a report.
inline constexpr std::size_t kMostOfAKey = 10'000;

// Empty and nothing also where the value is not there, or is none such.
Untrusted text_of(const HiveKey& key, std::string_view value);
std::optional<std::uint32_t> number_of(const HiveKey& key, std::string_view value);

// A key that cannot be read costs itself, and says so. Whether it was read.
template <typename Read>
bool guarded(const HiveKey& key, EvidenceSink& sink, Read read) {
  try {
    read();
    return true;
  } catch (const ParseError& error) {
    const Citation where = key.where();
    sink.take(Damage{where.source, where.offset, 0,
                     say(where.path.empty() ? say("the root") : where.path, ": ", error.what())});
    return false;
  }
}

struct Reached {
  HiveKey key;        // at the path, or the last that is there on the way
  bool there = true;  // it is the one at the path
  bool sure = true;   // where it is not: no subkey is lost in which the path could have gone on
};
Reached reach(const HiveKey& top, std::string_view path);

}  // namespace iwamtrace
