// Where the detection rules come from: our own, or a folder that the user names.
#pragma once

#include <string>
#include <vector>

#include "analyzers/sigma/rule_set.h"
#include "app/options.h"

namespace iwamtrace {

// Every *.yml and *.yaml below `folder`, by path. Throws UsageError where there is no such folder;
// what cannot be read is among the refused.
sigma::RuleSet rules_in(const std::string& folder);

// Our own rules and those of --rules, which take the place of ours with the same ids. What is
// refused is told on standard error.
sigma::RuleSet rules_of(const Options& options);

}  // namespace iwamtrace
