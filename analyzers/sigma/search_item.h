// One line of a search: a field with its modifiers, and the values it may have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzers/sigma/expression.h"

namespace iwamtrace::sigma {

struct RuleValue {
  std::string text;
  bool null = false;
};

// "CommandLine|contains|all" with its values. An empty field asks for keywords anywhere in the
// record. Throws RuleError.
Expression search_item(std::string_view key, const std::vector<RuleValue>& values);

}  // namespace iwamtrace::sigma
