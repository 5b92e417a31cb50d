// `secrets --json`; its schema is secrets.schema.json beside this file.
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

std::string render_secrets_json(const Report& report);

}  // namespace iwamtrace
