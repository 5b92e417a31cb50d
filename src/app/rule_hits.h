// The rules' part of a worker: asks them of every record that concerns them, and keeps what comes
// of it within bounds, since a rule may match every record of a hostile log.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "analyzers/sigma/rule_matcher.h"

namespace iwamtrace {

class RuleHits {
 public:
  // As many hits of one rule in one log as anybody will read, and as many as correlations need.
  static constexpr std::uint64_t kMostHits = 1000, kMostCounted = 100'000;
  // Records that travel with their hits, for their text.
  static constexpr std::uint64_t kMostRecords = 64;
  // Of all hits in one log, so that rules which match everything do not crowd out its records.
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;

  explicit RuleHits(const sigma::RuleSet& rules)
      : rules_(rules), matcher_(rules), counts_(rules.rules().size()) {}

  [[nodiscard]] bool wants(const EventHead& head) const { return matcher_.wants(head); }
  // Calls hit(RuleHit) for what is to be told. True when the record is wanted with it.
  bool take(const EventRecord& record, const std::function<void(RuleHit)>& hit);
  // What take() did not tell.
  [[nodiscard]] std::vector<RuleHitsOmitted> omitted() const;

 private:
  struct Count {
    std::uint64_t hits = 0, omitted = 0;
    Citation first_omitted;
  };

  const sigma::RuleSet& rules_;
  sigma::RuleMatcher matcher_;
  std::vector<Count> counts_;  // by rule; a worker reads one log
  std::size_t bytes_ = 0;
};

}  // namespace iwamtrace
