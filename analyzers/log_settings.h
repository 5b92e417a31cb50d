// How the server kept its logs when the SYSTEM hive was copied.
#pragma once

#include <string_view>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Of "Application", "Security" or "System"; nothing where no SYSTEM hive of the server tells.
const LogSettings* settings_of(const Case& the_case, const Answers& answers, std::string_view log);

// The file does not lie where Windows puts it: an administrator moves logs to another disk, and an
// intruder out of sight. The log in the usual place is an old one then.
bool is_moved(const LogSettings& settings);

}  // namespace iwamtrace
