// The detection rules in use, and the outcome of a check, for scripts.
#pragma once

#include <span>
#include <string>

#include "model/detection.h"

namespace iwamtrace {

struct RuleListing {
  std::span<const DetectionRule> rules;
  std::span<const RefusedRule> refused;
};

std::string render_rules_json(const RuleListing& listing);
std::string render_rule_check_json(const RuleListing& listing);

}  // namespace iwamtrace
