// What `explain` may be asked for: numbers as logs and scripts write them, events by source and id,
// and the ids of reports.
#pragma once

#include <string_view>
#include <vector>

#include "model/explanation.h"

namespace iwamtrace {

// All that it may mean: 36 is an event of W3SVC, 1326 a Win32 error, and some numbers are several
// things. Empty where nothing is known.
std::vector<Explanation> meanings_of(std::string_view topic);

}  // namespace iwamtrace
