#include "model/hypothesis.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace iwamtrace {
namespace {

bool any(const std::vector<Fact>& facts, Force force) {
  return std::ranges::any_of(facts, [&](const Fact& fact) { return fact.force() == force; });
}

// Of witnesses that were seen, how many could confirm another one.
class Witnesses {
 public:
  void add(const Witness& one, std::int64_t by) {
    all_ += by;
    by_source_[one.source] += by;
    if (!one.of_what.empty()) {
      by_what_[one.of_what] += by;
      by_both_[{one.source, one.of_what}] += by;
    }
  }
  [[nodiscard]] bool confirm(const Witness& one) const {
    return all_ - count(by_source_, one.source) - count(by_what_, one.of_what) +
               count(by_both_, {one.source, one.of_what}) >
           0;
  }

 private:
  template <typename Key>
  static std::int64_t count(const std::map<Key, std::int64_t>& counts, const Key& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
  }

  std::int64_t all_ = 0;
  std::map<SourceId, std::int64_t> by_source_;
  std::map<std::string, std::int64_t> by_what_;
  std::map<std::pair<SourceId, std::string>, std::int64_t> by_both_;
};

// What two files say independently counts as two; what one says again, what tells of the same act
// or of another season does not.
bool two_weak_that_agree(const std::vector<Fact>& facts) {
  constexpr std::int64_t kOneAffair = 2 * Timestamp::kTicksPerDay;
  std::vector<Witness> all;
  for (const Fact& fact : facts) {
    if (fact.force() == Force::kWeak) {
      all.push_back(fact.witness());
    }
  }
  std::ranges::stable_sort(all, {}, &Witness::time);  // those without a time first: they stay
  Witnesses near;
  auto oldest = std::ranges::find_if(all, [](const Witness& one) { return one.time.has_value(); });
  for (const Witness& witness : all) {
    for (; witness.time && *witness.time - *oldest->time > kOneAffair; ++oldest) {
      near.add(*oldest, -1);
    }
    if (near.confirm(witness)) {
      return true;
    }
    near.add(witness, 1);
  }
  return false;
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
  witness_ = std::move(witness);
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
