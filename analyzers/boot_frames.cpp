#include "analyzers/boot_frames.h"

#include <algorithm>

#include "analyzers/own_evidence.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kJostling = 5 * Timestamp::kTicksPerSecond;
constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;

// The session of SYSTEM begins with Windows; it is audited with the logons of everybody.
bool is_first_logon(const EventRecord& record) {
  return record.head.key == events::kLogon && record.field("LogonType").number() == 0U;
}

bool is_start(const EventRecord& record) {
  const EventKey key = record.head.key;
  return key == events::kLogStarted || key == events::kWindowsVersion ||
         key == events::kUnexpectedShutdown || key == events::kWindowsStarted ||
         is_first_logon(record);
}

bool is_end(const EventRecord& record) {
  return record.head.key == events::kLogStopped || record.head.key == events::kWindowsStopped;
}

bool of_one_log(const EventRecord& one, const EventRecord& other) {
  return one.head.source == other.head.source && one.head.record && other.head.record &&
         one.origin == Origin::kAllocated && other.origin == Origin::kAllocated;
}

// Where times are equal and the logs differ, an edge may lie on either side: it counts as between.
bool not_after(const EventRecord& one, const EventRecord& other) {
  return of_one_log(one, other) ? !precedes(other, one) : one.head.time <= other.head.time;
}

}  // namespace

// Records that are written at one time may change places.
bool precedes(const EventRecord& former, const EventRecord& latter) {
  const std::int64_t apart = latter.head.time - former.head.time;
  const bool close = apart != 0 && apart >= -kJostling && apart <= kJostling;
  return of_one_log(former, latter) && !close ? *former.head.record < *latter.head.record
                                              : apart > 0;
}

BootFrames::BootFrames(const Case& the_case, const Answers& answers)
    : case_(the_case), answers_(answers) {
  for (const EventRecord* record : answers.events) {
    const bool start = is_start(*record);
    if (start || is_end(*record)) {
      edges_.push_back(record);
    }
    if (start && record->head.key.source == EventSource::kSecurity &&
        record->origin == Origin::kAllocated) {
      marked_.insert(record->head.source);
    }
  }
}

bool BootFrames::share_frame(const EventRecord& one, const EventRecord& other) const {
  const bool in_order = precedes(one, other);
  const EventRecord& from = in_order ? one : other;
  const EventRecord& to = in_order ? other : one;
  const auto between = [&](const EventRecord* edge) {
    return edge != &from && edge != &to && not_after(from, *edge) && not_after(*edge, to);
  };
  // By time the next one decides; the others only where the clock was set.
  const auto next =
      std::ranges::lower_bound(edges_, Timestamp{from.head.time.ticks - kJostling}, {},
                               [](const EventRecord* edge) { return edge->head.time; });
  return std::none_of(next, edges_.end(), between) && std::none_of(edges_.begin(), next, between);
}

bool BootFrames::would_know_restart(const EventRecord& from, const EventRecord& to) const {
  if (of_one_log(from, to) && marked_.contains(from.head.source) &&
      !is_damaged(case_.source(from.head.source))) {
    return true;
  }
  return !clock_was_set_back(from, to) &&
         std::ranges::any_of(case_.sources, [&](const Source& log) {
           const SourceSummary& summary = log.summary;
           return summary.log.is("System") && is_own(log) && !is_damaged(log) && summary.first &&
                  summary.last && *summary.first <= from.head.time && to.head.time <= *summary.last;
         });
}

const EventRecord* BootFrames::start_before(const EventRecord& record) const {
  const EventRecord* last = nullptr;
  for (const EventRecord* edge : edges_) {
    if (edge != &record && is_start(*edge) && not_after(*edge, record)) {
      last = edge;
    }
  }
  return last;
}

bool BootFrames::is_own(const Source& log) const { return !is_left_out(answers_, log.id); }

// Then the times of another log do not tell what lies between.
bool BootFrames::clock_was_set_back(const EventRecord& from, const EventRecord& to) const {
  return std::ranges::any_of(answers_.events, [&](const EventRecord* record) {
    return of_one_log(*record, from) && of_one_log(*record, to) &&
           *record->head.record >= *from.head.record && *record->head.record <= *to.head.record &&
           (from.head.time - record->head.time > kMinute ||
            record->head.time - to.head.time > kMinute);
  });
}

}  // namespace iwamtrace
