// NT5 event logs (.evt) as evidence. The format: FORMAT.md beside this file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_evt(Bytes first_bytes);
void read_evt(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
              EvidenceSink& sink);

}  // namespace iwamtrace
