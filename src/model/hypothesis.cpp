#include "model/hypothesis.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace iwamtrace {
namespace {

bool any(const std::vector<Fact>& facts, Force force) {
  return std::ranges::any_of(facts, [&](const Fact& fact) { return fact.force() == force; });
}

// What two files say independently counts as two; what one says again, or of another season, does
// not. Among those with a time it is enough to look at neighbours.
bool two_weak_that_agree(const std::vector<Fact>& facts) {
  constexpr std::int64_t kOneAffair = 2 * Timestamp::kTicksPerDay;
  std::vector<Witness> witnesses;
  for (const Fact& fact : facts) {
    if (fact.force() == Force::kWeak) {
      witnesses.push_back(fact.witness());
    }
  }
  std::ranges::stable_sort(witnesses, {}, &Witness::time);  // those without a time first
  const auto differ = [](const Witness& left, const Witness& right) {
    return left.source != right.source;
  };
  const bool undated = !witnesses.empty() && !witnesses.front().time;
  if (undated && std::ranges::any_of(witnesses, [&](const Witness& witness) {
        return differ(witnesses.front(), witness);
      })) {
    return true;
  }
  return std::ranges::adjacent_find(witnesses, [&](const Witness& left, const Witness& right) {
           return differ(left, right) && left.time && *right.time - *left.time <= kOneAffair;
         }) != witnesses.end();
}

}  // namespace

Fact::Fact(Force force, Untrusted statement, std::vector<Citation> citations)
    : force_(force), statement_(std::move(statement)), citations_(std::move(citations)) {
  if (citations_.empty()) {
    throw std::logic_error("a fact without a citation");
  }
  witness_.source = citations_.front().source;
}

Fact::Fact(Force force, Untrusted statement, std::vector<Citation> citations, Witness witness)
    : Fact(force, std::move(statement), std::move(citations)) {
  witness_ = witness;
}

std::string_view name_of(Force force) {
  constexpr std::array<std::string_view, 3> kNames{"weak", "strong", "proof"};
  return kNames.at(static_cast<std::size_t>(force));
}

std::string_view name_of(Standing standing) {
  constexpr std::array<std::string_view, kStandings> kNames{"refuted", "undetermined", "supported",
                                                            "established"};
  return kNames.at(static_cast<std::size_t>(standing));
}

Standing weigh(const Hypothesis& hypothesis) {
  const bool proof_for = any(hypothesis.in_favour, Force::kProof);
  const bool proof_against = any(hypothesis.against, Force::kProof);
  const bool strong_against = any(hypothesis.against, Force::kStrong);
  const bool decided = std::ranges::none_of(hypothesis.missing, &Missing::decides);
  if (proof_against) {
    return proof_for ? Standing::kUndetermined : Standing::kRefuted;
  }
  if (strong_against) {
    return Standing::kUndetermined;
  }
  if (proof_for && decided) {
    return Standing::kEstablished;
  }
  const bool strong_for = proof_for || any(hypothesis.in_favour, Force::kStrong);
  return strong_for || two_weak_that_agree(hypothesis.in_favour) ? Standing::kSupported
                                                                 : Standing::kUndetermined;
}

}  // namespace iwamtrace
