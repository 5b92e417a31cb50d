// `accounts --json`; its schema is accounts.schema.json beside this file.
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

std::string render_accounts_json(const Report& report);

}  // namespace iwamtrace
