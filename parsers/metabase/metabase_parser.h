// The IIS 6 metabase (MetaBase.xml, its history files and copies) as evidence. The format:
// FORMAT.md beside this file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_metabase(Bytes first_bytes);
bool recognises_metabase_schema(Bytes first_bytes);
void read_metabases(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                    EvidenceSink& sink);

}  // namespace iwamtrace
