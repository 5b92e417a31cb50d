// The condition of a rule: "selection and not 1 of filter_*".
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "analyzers/sigma/expression.h"

namespace iwamtrace::sigma {

// By the name of the search, "selection".
using Searches = std::map<std::string, Expression, std::less<>>;

// The expression that the condition makes of the searches. "or" binds weakest, then "and", "not"
// and "1 of"; names that begin with _ are not among "them". Throws RuleError.
Expression resolve_condition(std::string_view condition, const Searches& searches);

}  // namespace iwamtrace::sigma
