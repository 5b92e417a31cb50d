// Rules over the hits of other rules, asked when all logs are read: Sigma specification 2.1.0,
// correlation rules.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/detection.h"

namespace iwamtrace::sigma {

// One time at which a correlation holds.
struct CorrelationHit {
  std::uint32_t rule = 0;
  // Of one group, by time. A burst that goes on is one hit, however long it is.
  std::vector<const RuleHit*> hits;
};

// `hits` in any order; they must outlive the result. Groups are told apart by the values of
// group-by, in any case; a record without such a value is of the group without one.
//
// gt and gte hold in any window of the timespan, and windows that touch are one hit. The other
// comparisons are made in windows that follow each other, from a group's first hit on: only so is
// "fewer than" said of a time that has an end.
std::vector<CorrelationHit> correlate(std::span<const DetectionRule> rules,
                                      std::span<const RuleHit* const> hits);

}  // namespace iwamtrace::sigma
