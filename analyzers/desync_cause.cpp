// Why did the pooled applications fail, or the copies part? Every cause is weighed.
#include <algorithm>
#include <array>
#include <string_view>

#include "analyzers/cause_facts.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// Where standings are equal: the Win32 code's own words first, then account state, then rights.
constexpr std::array<std::string_view, 9> kOrder{
    "sam_changed_alone", "com_plus_changed_alone", "metabase_changed_alone",
    "multiple_changes",  "account_disabled",       "account_locked",
    "account_expired",   "password_expired",       "logon_right_missing"};

}  // namespace

void decide_desync_cause(const Case& the_case, Answers& answers) {
  const CauseEvidence evidence(the_case, answers);
  answers.copies.contradicted_by_logs = evidence.contradicted_by_logs();
  std::vector<Hypothesis> hypotheses{sam_changed_alone(evidence), com_plus_changed_alone(evidence),
                                     metabase_changed_alone(evidence), multiple_changes(evidence)};
  std::ranges::move(causes_by_logon_error(evidence), std::back_inserter(hypotheses));
  for (Hypothesis& hypothesis : hypotheses) {
    const Standing standing = weigh(hypothesis);
    answers.hypotheses.push_back(WeighedHypothesis{std::move(hypothesis), standing});
  }
  std::ranges::stable_sort(answers.hypotheses, [](const auto& left, const auto& right) {
    if (left.standing != right.standing) {
      return left.standing > right.standing;
    }
    const auto place = [](const WeighedHypothesis& weighed) {
      return std::ranges::find(kOrder, weighed.hypothesis.id) - kOrder.begin();
    };
    return place(left) < place(right);
  });
  const WeighedHypothesis& winner = answers.hypotheses.front();
  const bool differs = std::ranges::any_of(answers.copies.comparisons, [](const auto& comparison) {
    return comparison.result == Equality::kDifferent;
  });
  answers.desync.cause = winner.standing >= Standing::kSupported ? winner.hypothesis.id
                         : answers.failures.any() || differs     ? "unknown"
                                                                 : "none";
}

}  // namespace iwamtrace
