// What a case has at all, whatever it says.
#pragma once

#include <string_view>

#include "model/case.h"

namespace iwamtrace {

// A file of the kind, read or at least known for what it is.
bool has_kind(const Case& the_case, SourceKind kind);
// Records of that log, of whichever computer.
bool has_log(const Case& the_case, std::string_view log);

}  // namespace iwamtrace
