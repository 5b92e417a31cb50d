// A record, key or stretch that was announced and could not be read. Damage is data: it travels to
// the report like everything else.
#pragma once

#include <cstdint>

#include "model/citation.h"

namespace iwamtrace {

struct Damage {
  SourceId source{};
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // 0 where the extent is not known
  Untrusted what;            // what was expected and what was found, in one sentence
  // A stale header or a wrong checksum over readable content is worth telling, but nothing was
  // lost.
  bool lost = true;
};

}  // namespace iwamtrace
