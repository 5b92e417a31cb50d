// The program on one screen: paths to sources, sources to a case, a case to a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzers/sigma/rule_set.h"
#include "app/options.h"
#include "model/report.h"

namespace iwamtrace {

namespace exit_code {
inline constexpr int kDone = 0;
inline constexpr int kFound = 1;
inline constexpr int kUsage = 2;
inline constexpr int kNothingRead = 3;
inline constexpr int kDamaged = 4;
inline constexpr int kInternal = 5;
}  // namespace exit_code

// A case and what is said of it; the report points into the case.
struct JudgedCase {
  Case the_case;
  Report report;
  bool anything_read = false;
};

// Reads and judges one case, whatever state its evidence is in.
std::unique_ptr<JudgedCase> judge_case(const std::vector<std::string>& inputs,
                                       const std::string& name, const sigma::RuleSet& rules,
                                       const Options& options);

// Whether something announced in the evidence could not be read.
bool is_damaged(const JudgedCase& judged);

// By what was found, in the order of the contract.
int exit_code_of(const JudgedCase& judged, const Options& options);

int run(const Options& options);

}  // namespace iwamtrace
