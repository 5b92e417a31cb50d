// NT6 event logs (.evtx) as evidence. The format: FORMAT.md beside this file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_evtx(Bytes first_bytes);
void read_evtx(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
               EvidenceSink& sink);

}  // namespace iwamtrace
