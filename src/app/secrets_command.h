// `secrets`: the passwords that LSA and the metabase of a case hold, and whose they are.
#pragma once

#include "app/options.h"

namespace iwamtrace {

int print_secrets(const Options& options);

}  // namespace iwamtrace
