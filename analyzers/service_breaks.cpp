// Whether the service that writes the logs ran as long as Windows did, and lost nothing.
#include <algorithm>
#include <map>

#include "analyzers/log_integrity.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kMostCited = 20;
// A restart of Windows takes less, the longest among them an update's.
constexpr std::int64_t kRestart = std::int64_t{15} * 60 * Timestamp::kTicksPerSecond;

bool is_power_loss(const EventRecord& record) {
  return record.head.key == events::kUnexpectedShutdown ||
         (record.head.key == events::kPowerLost &&
          record.source().is("Microsoft-Windows-Kernel-Power"));
}

bool is_shutdown(const EventRecord& record) {
  return record.head.key == events::kWindowsStopped ||
         record.head.key == events::kShutdownRequested;
}

// What is written when Windows starts, and the log's service as one of many. Whether 6009 would
// come from the service alone is documented nowhere: it counts as a start.
bool is_start(const EventRecord& record) {
  return record.head.key == events::kWindowsVersion || record.head.key == events::kWindowsStarted ||
         is_power_loss(record);
}

template <typename Which>
const EventRecord* any_between(const Answers& answers, Timestamp from, Timestamp to, Which which) {
  const auto first = std::ranges::lower_bound(
      answers.events, from, {}, [](const EventRecord* record) { return record->head.time; });
  for (auto it = first; it != answers.events.end() && (*it)->head.time <= to; ++it) {
    if (which(**it)) {
      return *it;
    }
  }
  return nullptr;
}

bool explains_pause(const EventRecord& record) { return is_shutdown(record) || is_start(record); }

// Starts and stops of the service in one log, in its order.
std::vector<const EventRecord*> service_records(const Answers& answers, SourceId log) {
  std::vector<const EventRecord*> records;
  for (const EventRecord* record : answers.events) {
    const EventKey key = record->head.key;
    if (record->head.source == log && record->origin == Origin::kAllocated && record->head.record &&
        (key == events::kLogStarted || key == events::kLogStopped || is_power_loss(*record) ||
         is_shutdown(*record))) {
      records.push_back(record);
    }
  }
  std::ranges::stable_sort(records, {}, [](const EventRecord* one) { return *one->head.record; });
  return records;
}

struct Pairs {
  std::vector<const EventRecord*> paused;       // stop, start, stop, start …
  std::vector<const EventRecord*> without_end;  // start, start …
};

Pairs odd_pairs(const Answers& answers, const std::vector<const EventRecord*>& records) {
  Pairs pairs;
  const EventRecord* last_start = nullptr;
  const EventRecord* end = nullptr;  // of the run of Windows since
  for (const EventRecord* record : records) {
    if (record->head.key != events::kLogStarted) {
      end = end == nullptr || record->head.key == events::kLogStopped ? record : end;
      continue;
    }
    const Timestamp started = record->head.time;
    const bool stopped = end != nullptr && end->head.key == events::kLogStopped;
    const std::int64_t pause = stopped ? started - end->head.time : 0;
    if (stopped && pause >= 0 && pause <= kRestart &&
        any_between(answers, Timestamp{end->head.time.ticks - kRestart},
                    Timestamp{started.ticks + kRestart}, explains_pause) == nullptr) {
      pairs.paused.insert(pairs.paused.end(), {end, record});
    }
    if (last_start != nullptr && end == nullptr &&
        any_between(answers, Timestamp{started.ticks - kRestart},
                    Timestamp{started.ticks + kRestart}, is_power_loss) == nullptr) {
      pairs.without_end.insert(pairs.without_end.end(), {last_start, record});
    }
    last_start = record;
    end = nullptr;
  }
  return pairs;
}

std::vector<Citation> cited(const std::vector<const EventRecord*>& records) {
  std::vector<Citation> where;
  for (const EventRecord* record : records) {
    if (where.size() < kMostCited) {
      where.push_back(record->where());
    }
  }
  return where;
}

void tell_pairs(const Source& log, const Pairs& pairs, std::vector<Finding>& findings) {
  if (const auto& paused = pairs.paused; !paused.empty()) {
    const std::size_t count = paused.size() / 2;
    findings.push_back(Finding{
        "log_restarted", Severity::kLow, say("the event log service was stopped and started"),
        say(log.path, ": the event log service stopped on ", paused[0]->head.time,
            " and started again on ", paused[1]->head.time,
            ", and no record tells of a shutdown or a start of Windows then",
            count == 1 ? Untrusted{} : say("; ", count, " such pauses in this log"),
            ". What happened meanwhile left no record in any log"),
        paused[0]->head.time, cited(paused)});
  }
  if (const auto& starts = pairs.without_end; !starts.empty()) {
    const std::size_t count = starts.size() / 2;
    findings.push_back(Finding{
        "log_restarted", Severity::kInfo, say("an end of Windows is not recorded"),
        say(log.path, ": ", count, count == 1 ? " start" : " starts",
            " of the event log service without a record of how Windows had ended before, first on ",
            starts[1]->head.time,
            ": power was lost, a virtual machine was set back, or records are gone"),
        starts[1]->head.time, cited(starts)});
  }
}

void tell_dropped(const Answers& answers, const Source& log, std::vector<Finding>& findings) {
  std::vector<const EventRecord*> dropped;
  for (const EventRecord* record : answers.events) {
    const EventKey key = record->head.key;
    if (record->head.source == log.id &&
        (key == events::kAuditsDiscarded || key == events::kAuditEventsDropped)) {
      dropped.push_back(record);
    }
  }
  if (dropped.empty()) {
    return;
  }
  const bool after_power_loss = std::ranges::all_of(dropped, [&](const EventRecord* record) {
    return any_between(answers, Timestamp{record->head.time.ticks - kRestart},
                       Timestamp{record->head.time.ticks + kRestart}, is_power_loss) != nullptr;
  });
  const UntrustedView count = dropped.front()->field("AuditsDiscarded");
  findings.push_back(Finding{
      "events_dropped", after_power_loss ? Severity::kInfo : Severity::kLow,
      say("events were dropped before they were written"),
      say(log.path, ": Windows dropped events on ", dropped.front()->head.time, " (event ",
          dropped.front()->head.event_id,
          count.empty() ? Untrusted{} : say(", ", count, " of them"), ")",
          dropped.size() == 1   ? Untrusted{}
          : dropped.size() == 2 ? say(" and once more")
                                : say(" and ", dropped.size() - 1, " times more"),
          ": that there is no record of an act then proves nothing",
          after_power_loss ? ". Windows had not been shut down before, which explains it" : ""),
      dropped.front()->head.time, cited(dropped)});
}

}  // namespace

void find_service_breaks(const Answers& answers, const OwnLogFiles& logs,
                         std::vector<Finding>& findings) {
  for (const Source* log : logs) {
    const LogNumbering& numbering = log->summary.numbering;
    if (!numbering.numbered_anew && numbering.channels <= 1) {  // an export may lack any record
      tell_pairs(*log, odd_pairs(answers, service_records(answers, log->id)), findings);
    }
    tell_dropped(answers, *log, findings);
  }
}

}  // namespace iwamtrace
