// YAML to rules. One file may hold several documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzers/sigma/rule.h"

namespace iwamtrace::sigma {

// A document that is refused does not cost the others of its file.
struct RuleFile {
  std::vector<Rule> rules;
  std::vector<RefusedRule> refused;
};

// `name` is how the file is spoken of. Rules come from whoever runs this program, not from the
// evidence; they are limited in size all the same.
RuleFile read_rules(const std::string& name, std::string_view yaml);

}  // namespace iwamtrace::sigma
