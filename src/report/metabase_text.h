// `metabase` for a person: the versions, what changed between them, and the youngest in full.
#pragma once

#include <string>

#include "model/report.h"
#include "report/text.h"

namespace iwamtrace {

std::string render_metabase_text(const Report& report, const TextOptions& options);

}  // namespace iwamtrace
