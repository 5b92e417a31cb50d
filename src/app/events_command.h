// `events`: the records by themselves, streaming, in the order of evidence and offset.
#pragma once

#include "app/options.h"

namespace iwamtrace {

int print_events(const Options& options);

}  // namespace iwamtrace
