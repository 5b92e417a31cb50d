// `metabase --json`; its schema is metabase.schema.json beside this file.
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

std::string render_metabase_json(const Report& report);

}  // namespace iwamtrace
