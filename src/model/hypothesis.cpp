#include "model/hypothesis.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace iwamtrace {
namespace {

bool any(const std::vector<Fact>& facts, Force force) {
  return std::ranges::any_of(facts, [&](const Fact& fact) { return fact.force() == force; });
}

// Two records of one log are one witness; what two files say independently counts as two.
bool two_weak_from_different_sources(const std::vector<Fact>& facts) {
  std::set<SourceId> witnesses;
  for (const Fact& fact : facts) {
    if (fact.force() == Force::kWeak) {
      witnesses.insert(fact.citations().front().source);
    }
  }
  return witnesses.size() >= 2;
}

}  // namespace

Fact::Fact(Force force, Untrusted statement, std::vector<Citation> citations)
    : force_(force), statement_(std::move(statement)), citations_(std::move(citations)) {
  if (citations_.empty()) {
    throw std::logic_error("a fact without a citation");
  }
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
  return strong_for || two_weak_from_different_sources(hypothesis.in_favour)
             ? Standing::kSupported
             : Standing::kUndetermined;
}

}  // namespace iwamtrace
