// iwamtrace rules list|check [DIR]
#pragma once

#include "app/options.h"

namespace iwamtrace {

int print_rules(const Options& options);

}  // namespace iwamtrace
