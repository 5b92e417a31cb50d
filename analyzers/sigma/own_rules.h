// The rules of analyzers/sigma/rules, which the build puts into the program.
#pragma once

#include <span>

#include "analyzers/sigma/rule_set.h"

namespace iwamtrace::sigma {

std::span<const RuleText> own_rules();

}  // namespace iwamtrace::sigma
