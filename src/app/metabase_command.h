// `metabase`: the metabase as a table, and what changed between its versions.
#pragma once

#include "app/options.h"

namespace iwamtrace {

int print_metabase(const Options& options);

}  // namespace iwamtrace
