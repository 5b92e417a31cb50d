// What the properties of one metabase mean, whatever it was read from.
#pragma once

#include <string_view>
#include <vector>

#include "parsers/metabase/key_groups.h"
#include "parsers/metabase/metabase_keys.h"
#include "parsers/parser.h"

namespace iwamtrace {

// One file: what it says, and what it keeps under its session key.
struct ReadMetabase {
  MetabaseSnapshot snapshot;
  SealedFile sealed;
};

// Tells the sink of properties that are damaged and, where asked for, of all that are not secure.
ReadMetabase read_metabase_keys(const OpenSource& source, const std::vector<MetabaseKey>& keys,
                                const ReadOptions& options, EvidenceSink& sink);

}  // namespace iwamtrace
