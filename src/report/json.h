// The report as JSON, schema "iwamtrace-report/1" (report.schema.json beside this file).
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

std::string render_json(const Report& report);

}  // namespace iwamtrace
