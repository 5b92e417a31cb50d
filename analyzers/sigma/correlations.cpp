#include "analyzers/sigma/correlations.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace iwamtrace::sigma {
namespace {

using Hits = std::vector<const RuleHit*>;
using Type = Correlation::Type;
using Compare = Correlation::Compare;

Untrusted key_of(const RuleHit& hit, std::uint32_t key) {
  return key < hit.keys.size() ? hit.keys[key].folded() : Untrusted{};
}

// Of the rules that the correlation names, by group, each by time.
std::map<std::vector<Untrusted>, Hits> groups_of(const Correlation& correlation,
                                                 std::span<const RuleHit* const> hits) {
  std::map<std::vector<Untrusted>, Hits> groups;
  for (const RuleHit* hit : hits) {
    if (std::ranges::find(correlation.rules, hit->rule) == correlation.rules.end()) {
      continue;
    }
    std::vector<Untrusted> group;
    for (const std::uint32_t key : correlation.group_by) {
      group.push_back(key_of(*hit, key));
    }
    groups[std::move(group)].push_back(hit);
  }
  for (auto& [group, members] : groups) {
    std::ranges::sort(members, {}, [](const RuleHit* hit) {
      return std::tuple(hit->time, hit->where.source, hit->where.offset, hit->rule);
    });
  }
  return groups;
}

// What a window is measured by: its hits, its distinct values, or its distinct rules.
class Window {
 public:
  explicit Window(const Correlation& correlation) : correlation_(correlation) {}

  void add(const RuleHit& hit) {
    ++hits_;
    ++values_[value_of(hit)];
  }
  void remove(const RuleHit& hit) {
    --hits_;
    const auto value = values_.find(value_of(hit));
    if (--value->second == 0) {
      values_.erase(value);
    }
  }
  [[nodiscard]] bool holds() const {
    switch (correlation_.type) {
      case Type::kEventCount:
        return compares(hits_);
      case Type::kValueCount:
        return compares(values_.size());
      case Type::kTemporal:
        return values_.size() ==
               std::set(correlation_.rules.begin(), correlation_.rules.end()).size();
      case Type::kTemporalOrdered:
        break;
    }
    return false;
  }

 private:
  [[nodiscard]] Untrusted value_of(const RuleHit& hit) const {
    return correlation_.type == Type::kValueCount ? key_of(hit, *correlation_.field)
           : correlation_.type == Type::kTemporal ? say(hit.rule)
                                                  : Untrusted{};
  }
  [[nodiscard]] bool compares(std::uint64_t measure) const {
    switch (correlation_.compare) {
      case Compare::kGreater:
        return measure > correlation_.count;
      case Compare::kAtLeast:
        return measure >= correlation_.count;
      case Compare::kLess:
        return measure < correlation_.count;
      case Compare::kAtMost:
        return measure <= correlation_.count;
      case Compare::kEqual:
        return measure == correlation_.count;
      case Compare::kUnequal:
        break;
    }
    return measure != correlation_.count;
  }

  const Correlation& correlation_;
  std::uint64_t hits_ = 0;
  std::map<Untrusted, std::uint64_t> values_;
};

// A window slides from hit to hit; those in which the condition holds are joined where they touch.
std::vector<Hits> in_sliding_windows(const Correlation& correlation, const Hits& hits) {
  std::vector<Hits> found;
  Window window(correlation);
  std::size_t first = 0, told = 0;  // `told`: the next hit that no result has
  for (std::size_t i = 0; i < hits.size(); ++i) {
    window.add(*hits[i]);
    for (; hits[i]->time - hits[first]->time > correlation.timespan; ++first) {
      window.remove(*hits[first]);
    }
    if (!window.holds()) {
      continue;
    }
    const bool touches = !found.empty() && first < told;
    if (!touches) {
      found.emplace_back();
      told = first;
    }
    for (; told <= i; ++told) {
      found.back().push_back(hits[told]);
    }
  }
  return found;
}

std::vector<Hits> in_windows_one_by_one(const Correlation& correlation, const Hits& hits) {
  std::vector<Hits> found;
  for (std::size_t first = 0; first < hits.size();) {
    Window window(correlation);
    Hits members;
    std::size_t next = first;
    for (; next < hits.size() && hits[next]->time - hits[first]->time <= correlation.timespan;
         ++next) {
      window.add(*hits[next]);
      members.push_back(hits[next]);
    }
    if (window.holds()) {
      found.push_back(std::move(members));
    }
    first = next;
  }
  return found;
}

// For each length, the chain of the first so many rules that began last: it has the best chance to
// end in time.
std::vector<Hits> in_order(const Correlation& correlation, const Hits& hits) {
  std::vector<Hits> found;
  std::vector<Hits> chains(correlation.rules.size());
  for (const RuleHit* hit : hits) {
    for (std::size_t place = chains.size(); place-- > 0;) {
      if (correlation.rules[place] != hit->rule) {
        continue;
      }
      if (place == 0) {
        chains[0] = {hit};
      } else if (!chains[place - 1].empty() &&
                 hit->time - chains[place - 1].front()->time <= correlation.timespan) {
        chains[place] = chains[place - 1];
        chains[place].push_back(hit);
      }
    }
    if (!chains.back().empty()) {
      found.push_back(std::move(chains.back()));
      std::ranges::fill(chains, Hits{});
    }
  }
  return found;
}

std::vector<Hits> windows_of(const Correlation& correlation, const Hits& hits) {
  const bool counts =
      correlation.type == Type::kEventCount || correlation.type == Type::kValueCount;
  const bool at_least =
      correlation.compare == Compare::kGreater || correlation.compare == Compare::kAtLeast;
  return correlation.type == Type::kTemporalOrdered ? in_order(correlation, hits)
         : counts && !at_least                      ? in_windows_one_by_one(correlation, hits)
                                                    : in_sliding_windows(correlation, hits);
}

}  // namespace

std::vector<CorrelationHit> correlate(std::span<const DetectionRule> rules,
                                      std::span<const RuleHit* const> hits) {
  std::vector<CorrelationHit> found;
  for (std::uint32_t number = 0; number < rules.size(); ++number) {
    if (!rules[number].correlation) {
      continue;
    }
    for (const auto& [group, members] : groups_of(*rules[number].correlation, hits)) {
      for (Hits& window : windows_of(*rules[number].correlation, members)) {
        found.push_back(CorrelationHit{number, std::move(window)});
      }
    }
  }
  return found;
}

}  // namespace iwamtrace::sigma
