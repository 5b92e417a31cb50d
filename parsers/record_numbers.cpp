#include "parsers/record_numbers.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace iwamtrace {
namespace {

std::uint64_t sum_within_bounds(std::uint64_t one, std::uint64_t other) {
  return one > UINT64_MAX - other ? UINT64_MAX : one + other;
}

}  // namespace

void RecordNumbers::add(const NumberedPlace& record) {
  LogNumbering& numbering = numbering_;
  if (!numbering.lowest || record.number < numbering.lowest->number) {
    numbering.lowest = record;
  }
  if (!numbering.highest || record.number > numbering.highest->number) {
    numbering.highest = record;
  }
  if (!first_) {
    first_ = record;
  } else if (record.number >= last_->number) {
    follow(NumberedPair{*last_, record});
  } else {
    step_.reset();
    if (numbering.restarts++ == 0) {
      numbering.first_restart = NumberedPair{*last_, record};
    }
  }
  last_ = record;
}

void RecordNumbers::follow(const NumberedPair& pair) {
  if (pair.missing() != 0) {
    ++numbering_.gap_count;
    numbering_.missing = sum_within_bounds(numbering_.missing, pair.missing());
    keep_gap(pair);
  }
  follow_time(pair);
}

void RecordNumbers::follow_time(const NumberedPair& pair) {
  if (pair.after.time == Timestamp{}) {
    return;
  }
  const NumberedPair& step = step_ ? *step_ : pair;
  if (NumberedPair{step.before, pair.after}.back() <= LogNumbering::kStepBack) {
    step_.reset();
    return;
  }
  if (!step_) {
    step_ = pair;
    confirmed_by_ = 0;
  }
  if (confirmed_by_++ == late_) {
    keep_step();
  }
}

void RecordNumbers::keep_step() {
  ++numbering_.steps_back;
  auto& longest = numbering_.longest_step_back;
  if (!longest || step_->back() > longest->back()) {
    longest = *step_;
  }
  step_.reset();
}

void RecordNumbers::keep_gap(const NumberedPair& gap) {
  std::vector<NumberedPair>& gaps = numbering_.gaps;
  if (gaps.size() < LogNumbering::kMostGaps) {
    gaps.push_back(gap);
    return;
  }
  const auto smallest = std::ranges::min_element(gaps, {}, &NumberedPair::missing);
  if (smallest->missing() < gap.missing()) {
    gaps.erase(smallest);
    gaps.push_back(gap);
  }
}

void RecordNumbers::add_names(Bytes channel, Bytes computer) {
  channels_.add(channel);
  computers_.add(computer);
}

void RecordNumbers::Names::add(Bytes name) {
  const std::string_view raw{reinterpret_cast<const char*>(name.data()), name.size()};
  if (raw.empty() || raw == last_) {
    return;
  }
  last_ = raw;
  const std::size_t hash = std::hash<std::string_view>{}(raw);
  if (std::ranges::find(seen_, hash) != seen_.end()) {
    returned_ = true;
  } else if (seen_.size() < LogNumbering::kMostNames) {
    seen_.push_back(hash);
  }
}

// Numbers that fall once, and at the end of the file lead on to its first record.
bool RecordNumbers::is_ring() const {
  return numbering_.restarts == 1 && last_->number < first_->number &&
         (last_->number + 1 == first_->number || last_->time <= first_->time);
}

LogNumbering RecordNumbers::finish() {
  if (is_ring()) {
    numbering_.restarts = 0;
    numbering_.first_restart.reset();
    follow(NumberedPair{*last_, *first_});
  }
  if (step_) {
    keep_step();
  }
  numbering_.channels = channels_.count();
  numbering_.computers = computers_.count();
  numbering_.computers_return = computers_.returned();
  return std::move(numbering_);
}

}  // namespace iwamtrace
