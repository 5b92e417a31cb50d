// Where a statement comes from, precise enough that a reader with a hex editor can go and see the
// same bytes. Every record the parsers produce has one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "model/untrusted.h"

namespace iwamtrace {

// The number of an evidence file, as the report lists it.
enum class SourceId : std::uint32_t {};

struct Citation {
  SourceId source{};
  // Of the first byte, in the source as given: for a replayed page the log file and its offset, for
  // a converted XML the offset in the original, for an archive member the offset in the member.
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> record;  // event record number, where the format has one
  Untrusted path;                       // registry key or metabase path, where the format has one

  friend auto operator<=>(const Citation&, const Citation&) = default;
};

}  // namespace iwamtrace
