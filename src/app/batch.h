// `batch`: every sub-folder of a root is a case. Results are written beside each other under
// temporary names and renamed when they are whole, so that a run may be broken off and taken up.
#pragma once

#include "app/options.h"

namespace iwamtrace {

int run_batch(const Options& options);

}  // namespace iwamtrace
