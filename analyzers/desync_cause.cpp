// Why did the pooled applications fail, or the copies part? Every cause is weighed.
#include <algorithm>
#include <string_view>
#include <tuple>

#include "analyzers/cause_facts.h"
#include "analyzers/causes.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// What has the most for it of all that lose; where nothing has any, what is of the same kind.
void put_rival_second(std::vector<WeighedHypothesis>& hypotheses) {
  const auto rank = [&](const WeighedHypothesis& weighed) {
    const std::vector<Fact>& favour = weighed.hypothesis.in_favour;
    const auto strongest = std::ranges::max_element(favour, {}, &Fact::force);
    const int force = strongest == favour.end() ? -1 : static_cast<int>(strongest->force());
    const bool alike =
        is_about_copies(weighed.hypothesis.id) == is_about_copies(hypotheses.front().hypothesis.id);
    return std::tuple(force >= 0, alike, weighed.standing, force, favour.size());
  };
  const auto rival = std::max_element(
      hypotheses.begin() + 1, hypotheses.end(),
      [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
  std::rotate(hypotheses.begin() + 1, rival, rival + 1);
}

}  // namespace

void decide_desync_cause(const Case& the_case, Answers& answers) {
  const CauseEvidence evidence(the_case, answers);
  answers.copies.contradicted_by_logs = evidence.contradicted_by_logs();
  std::vector<Hypothesis> hypotheses{sam_changed_alone(evidence), com_plus_changed_alone(evidence),
                                     metabase_changed_alone(evidence), multiple_changes(evidence)};
  for (const auto causes : {causes_by_logon_error, causes_around_the_account, causes_by_identity}) {
    std::ranges::move(causes(evidence), std::back_inserter(hypotheses));
  }
  for (Hypothesis& hypothesis : hypotheses) {
    const Standing standing = weigh(hypothesis);
    answers.hypotheses.push_back(WeighedHypothesis{std::move(hypothesis), standing});
  }
  std::ranges::stable_sort(answers.hypotheses, [](const auto& left, const auto& right) {
    if (left.standing != right.standing) {
      return left.standing > right.standing;
    }
    const auto place = [](const WeighedHypothesis& weighed) {
      return std::ranges::find(all_causes(), weighed.hypothesis.id, &Cause::id) -
             all_causes().begin();
    };
    return place(left) < place(right);
  });
  // Where pools fail, worker processes are in use: nothing that is said of IWAM explains it.
  const FailuresAnswer& failures = answers.failures;
  if (!failures.pools.empty() && failures.logon_failures.empty() && failures.unloaded.empty()) {
    const auto pool = std::ranges::find_if(answers.hypotheses, [](const auto& weighed) {
      return weighed.hypothesis.id == "application_pool_identity" &&
             weighed.standing >= Standing::kSupported;
    });
    std::rotate(answers.hypotheses.begin(), pool,
                pool == answers.hypotheses.end() ? pool : pool + 1);
  }
  put_rival_second(answers.hypotheses);
  const WeighedHypothesis& winner = answers.hypotheses.front();
  const bool differs = std::ranges::any_of(answers.copies.comparisons, [](const auto& comparison) {
    return comparison.result == Equality::kDifferent;
  });
  answers.desync.cause = winner.standing >= Standing::kSupported ? winner.hypothesis.id
                         : answers.failures.any() || differs     ? "unknown"
                                                                 : "none";
}

}  // namespace iwamtrace
