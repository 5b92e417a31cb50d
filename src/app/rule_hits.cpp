#include "app/rule_hits.h"

#include <utility>

namespace iwamtrace {

bool RuleHits::take(const EventRecord& record, const std::function<void(RuleHit)>& hit) {
  bool wanted = false;
  matcher_.match(record, [&](std::uint32_t rule) {
    Count& count = counts_[rule];
    const bool counted = !rules_.keys_of(rule).empty();
    if (++count.hits > (counted ? kMostCounted : kMostHits) || bytes_ > kMostBytes) {
      count.first_omitted = count.omitted++ == 0 ? record.where() : count.first_omitted;
      return;
    }
    wanted = wanted || count.hits <= kMostRecords;
    RuleHit one{record.where(), record.head.time, rule, matcher_.keys_of(rule, record)};
    bytes_ += sizeof(RuleHit);
    for (const Untrusted& key : one.keys) {
      bytes_ += key.view().size();
    }
    hit(std::move(one));
  });
  return wanted;
}

std::vector<RuleHitsOmitted> RuleHits::omitted() const {
  std::vector<RuleHitsOmitted> omitted;
  for (std::size_t rule = 0; rule < counts_.size(); ++rule) {
    if (counts_[rule].omitted != 0) {
      omitted.push_back(RuleHitsOmitted{counts_[rule].first_omitted,
                                        static_cast<std::uint32_t>(rule), counts_[rule].omitted});
    }
  }
  return omitted;
}

}  // namespace iwamtrace
