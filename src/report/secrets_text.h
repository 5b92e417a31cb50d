// `secrets` for a person: which passwords LSA and the metabase hold, since when, and whose they
// are.
#pragma once

#include <string>

#include "model/report.h"
#include "report/text.h"

namespace iwamtrace {

std::string render_secrets_text(const Report& report, const TextOptions& options);

}  // namespace iwamtrace
