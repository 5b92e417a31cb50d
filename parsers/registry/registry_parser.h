// Registry hives as evidence, all of a case together: SYSTEM opens what SAM and SECURITY keep
// locked, whatever the files are called and wherever they lie. The format: FORMAT.md beside this
// file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_hive(Bytes first_bytes);
void read_hives(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                EvidenceSink& sink);

}  // namespace iwamtrace
