// The metabase as evidence: MetaBase.xml of IIS 6, its history files and copies, and what
// adsutil.vbs prints of the metabase of IIS 5 or 6. The formats: FORMAT.md beside this file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_metabase(Bytes first_bytes);
bool recognises_metabase_schema(Bytes first_bytes);
bool recognises_adsutil_output(Bytes first_bytes);
void read_metabases(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                    EvidenceSink& sink);
void read_adsutil_outputs(std::span<const OpenSource> sources, const ReadOptions& options,
                          KeyRing& keys, EvidenceSink& sink);

}  // namespace iwamtrace
