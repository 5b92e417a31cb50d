// `accounts` for a person: who is in the SAM and what they may do, the policies, and how the
// account of the pooled applications stands.
#pragma once

#include <string>

#include "model/report.h"
#include "report/text.h"

namespace iwamtrace {

std::string render_accounts_text(const Report& report, const TextOptions& options);

}  // namespace iwamtrace
