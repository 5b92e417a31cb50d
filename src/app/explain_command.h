// `explain`: what codes, events, causes and findings mean. It reads no evidence.
#pragma once

#include "app/options.h"

namespace iwamtrace {

// Throws UsageError where nothing of what was asked for is known.
int print_explanations(const Options& options);

}  // namespace iwamtrace
