// Compares our reading of a log with the second witness's, record by record.
#pragma once

#include "parsers/parser.h"
#include "parsers/witness/witness.h"

namespace iwamtrace {

// Reads the source with its own parser and holds every record against what the witness says. Known
// habits of the libraries are evened out (empty values left out, numbers and times written in
// another way) or named in a difference's `because`; a difference without a reason is a finding.
CrossCheck cross_check(const Parser& parser, const OpenSource& source,
                       const WitnessReading& witness);

// The library's reading of that log, from the source's path.
WitnessReading second_reading(const Parser& parser, const OpenSource& source);

// Whether there is a second witness for this format.
bool has_witness(const Parser& parser);

}  // namespace iwamtrace
