// What Windows starts or loads by itself: the places in SOFTWARE and SYSTEM where programs, and
// intruders, ask for it. Every entry is yielded as it stands, Windows' own and empty ones too.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// Also those of 32-bit programs on a 64-bit Windows, below Wow6432Node.
void read_software_autostart(const HiveKey& root, EvidenceSink& sink);

// `set` is the control set in use.
void read_system_autostart(const HiveKey& set, EvidenceSink& sink);

}  // namespace iwamtrace
