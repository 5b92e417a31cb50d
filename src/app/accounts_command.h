// `accounts`: the accounts of a case, their groups and rights, and the policies.
#pragma once

#include "app/options.h"

namespace iwamtrace {

int print_accounts(const Options& options);

}  // namespace iwamtrace
