// The signatures of all metabases of a case: whose key they are of, whether they hold, and what
// they tell of values that nothing else opens.
#pragma once

#include <span>

#include "parsers/key_ring.h"
#include "parsers/metabase/key_groups.h"
#include "parsers/parser.h"

namespace iwamtrace {

// Finds the signature key of each file that it would help: in the key ring, else out of what it
// signed. Opens what the signatures then prove, checks what was opened, and takes back a value
// whose signature fails.
void prove_by_signatures(std::span<SealedFile> files, const KeyRing& keys,
                         const ReadOptions& options, KeyGroups& groups, EvidenceSink& sink);

}  // namespace iwamtrace
