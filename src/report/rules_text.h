// The detection rules in use, and the outcome of a check, for people.
#pragma once

#include <string>

#include "report/rules_json.h"
#include "report/text.h"

namespace iwamtrace {

std::string render_rules_text(const RuleListing& listing, const TextOptions& options);
std::string render_rule_check_text(const RuleListing& listing, const TextOptions& options);

}  // namespace iwamtrace
