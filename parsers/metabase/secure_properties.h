// Opens the secure properties of all metabases of a case, by every way that the evidence allows.
#pragma once

#include <span>

#include "parsers/key_ring.h"
#include "parsers/metabase/key_groups.h"
#include "parsers/parser.h"

namespace iwamtrace {

// Fills in what became of each property. What is odd about one is told to the sink as a remark.
void open_secure_properties(std::span<SealedFile> files, const KeyRing& keys,
                            const ReadOptions& options, EvidenceSink& sink);

}  // namespace iwamtrace
