// Logs that were emptied. Windows 2000 to 2003 tell of the Security log only: of the others it
// shows in what they left behind, or in that they begin long after Windows did.
#include <algorithm>
#include <map>
#include <string_view>

#include "analyzers/iwam_events.h"
#include "analyzers/log_integrity.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kMostCited = 20;
// Between the installation and the first record of a log lie hours, and with a prepared image days.
constexpr std::int64_t kMuchLater = 30 * Timestamp::kTicksPerDay;

bool is_core_log(UntrustedView log) {
  return log.is("System") || log.is("Application") || log.is("Security");
}

Citation first_record(const Source& log) {
  const NumberedPlace& lowest = *log.summary.numbering.lowest;
  return Citation{log.id, lowest.offset, lowest.number, {}};
}

using Records = std::vector<const EventRecord*>;  // by time

std::vector<Citation> cited(const Records& records) {
  std::vector<Citation> where;
  for (const EventRecord* record : records) {
    if (where.size() < kMostCited) {
      where.push_back(record->where());
    }
  }
  return where;
}

// Event 104 of one log, in any number.
void tell_clearings_of(const Untrusted& log, const Records& records,
                       std::vector<Finding>& findings) {
  const EventRecord& last = *records.back();
  const UntrustedView backup = last.field("BackupPath");
  findings.push_back(Finding{
      "log_cleared", Severity::kHigh, say("a log was cleared"),
      say("the ", log, " log was cleared on ", last.head.time, by_whom(last),
          records.size() == 1 ? Untrusted{}
                              : say(", the last of ", records.size(), " times that are recorded"),
          ": what it held before is gone",
          backup.empty() ? Untrusted{} : say(", unless it is in ", backup)),
      last.head.time, cited(records)});
}

// Those of single components of Windows; a script that clears all has hundreds.
void tell_minor_clearings(const Records& records, std::vector<Finding>& findings) {
  const EventRecord& last = *records.back();
  findings.push_back(
      Finding{"log_cleared", Severity::kLow, say("minor logs were cleared"),
              say("minor logs were cleared ", records.size(),
                  records.size() == 1 ? " time" : " times", ", last ", last.field("Channel"),
                  " on ", last.head.time, by_whom(last), ": what they held before is gone"),
              last.head.time, cited(records)});
}

void tell_told_clearings(const Answers& answers, std::vector<Finding>& findings) {
  std::map<Untrusted, Records> by_log;
  Records minor;
  for (const EventRecord* record : answers.events) {
    if (record->head.key == events::kLogCleared) {
      const UntrustedView log = record->field("Channel");
      (is_core_log(log) ? by_log[Untrusted{log}] : minor).push_back(record);
    }
  }
  for (const auto& [log, records] : by_log) {
    tell_clearings_of(log, records, findings);
  }
  if (!minor.empty()) {
    tell_minor_clearings(minor, findings);
  }
}

// The record that a clearing leaves in the log itself, or in another log at that time.
bool is_told(const Answers& answers, const Source& log) {
  constexpr std::int64_t kHour = 3600 * Timestamp::kTicksPerSecond;
  const Timestamp begun = log.summary.numbering.lowest->time;
  return std::ranges::any_of(answers.events, [&](const EventRecord* record) {
    const bool of_itself =
        record->head.key == events::kAuditLogCleared && record->head.source == log.id;
    const bool of_other = record->head.key == events::kLogCleared &&
                          record->field("Channel").is(log.summary.log.view());
    const std::int64_t after = begun - record->head.time;
    return (of_itself || of_other) && after <= kHour && after >= -kHour;
  });
}

// Numbers beyond the newest record's, of a time before the oldest one's, in free space.
bool tell_former_life(const Source& log, std::vector<Finding>& findings) {
  const LogNumbering& numbering = log.summary.numbering;
  const auto& former = numbering.of_former_life;
  if (!former) {
    return false;
  }
  findings.push_back(Finding{
      "log_cleared",
      Severity::kMedium,
      say("a log was cleared, and no record says so"),
      say(log.path, ": its free space holds record ", former->number, " of ", former->time,
          ", while the log itself begins with record ", numbering.lowest->number, " of ",
          numbering.lowest->time,
          ": it was cleared or made anew between the two, and no record says so. Windows 2000 to "
          "2003 write none but for the Security log"),
      numbering.lowest->time,
      {Citation{log.id, former->offset, former->number, {}}, first_record(log)}});
  return true;
}

// The last one that the hives tell of: an installation over an older one gives a new date.
const HostFact* installation(const Case& the_case) {
  const HostFact* last = nullptr;
  for (const HostFact& fact : the_case.all<HostFact>()) {
    if (fact.kind == HostFact::Kind::kWindowsInstalled && fact.value.view().moment() &&
        (last == nullptr || fact.value.view().moment() > last->value.view().moment())) {
      last = &fact;
    }
  }
  return last;
}

// Only Windows' own three are there from the first day, and a saved log may hold what came before.
bool is_the_only_one(const Source& log, const OwnLogFiles& logs) {
  return is_core_log(log.summary.log) && std::ranges::none_of(logs, [&](const Source* other) {
           return other != &log && other->summary.log.is(log.summary.log.view());
         });
}

const Source* older_neighbour(const Source& log, const OwnLogFiles& logs) {
  const Source* oldest = nullptr;
  for (const Source* other : logs) {
    const LogNumbering& numbering = other->summary.numbering;
    const bool of_this_server = !numbering.numbered_anew && numbering.channels <= 1;
    if (other != &log && of_this_server && numbering.lowest->time != Timestamp{} &&
        log.summary.numbering.lowest->time - numbering.lowest->time > kMuchLater &&
        (oldest == nullptr || numbering.lowest->time < oldest->summary.numbering.lowest->time)) {
      oldest = other;
    }
  }
  return oldest;
}

void tell_late_beginning(const Source& log, const OwnLogFiles& logs, const HostFact& installed,
                         std::vector<Finding>& findings) {
  const LogNumbering& numbering = log.summary.numbering;
  const NumberedPlace& first = *numbering.lowest;
  const Timestamp since = *installed.value.view().moment();
  const Source* neighbour = older_neighbour(log, logs);
  if (first.number != 1 || numbering.numbered_anew || numbering.channels > 1 ||
      first.time - since <= kMuchLater || neighbour == nullptr || !is_the_only_one(log, logs)) {
    return;
  }
  // Nothing is audited until somebody wants it.
  const bool security = log.summary.log.is("Security");
  findings.push_back(Finding{
      "log_cleared",
      security ? Severity::kLow : Severity::kMedium,
      say("a log begins long after Windows was installed"),
      say(log.path, " begins with record 1 of ", first.time, "; Windows was installed on ", since,
          ", and ", neighbour->path, " reaches back to ", neighbour->summary.numbering.lowest->time,
          ". It may have been cleared or made anew; no record says so",
          security ? ". That nothing was audited before is the innocent reason" : ""),
      first.time,
      {first_record(log), first_record(*neighbour), installed.where}});
}

}  // namespace

void find_log_clearings(const Case& the_case, const Answers& answers, const OwnLogFiles& logs,
                        std::vector<Finding>& findings) {
  tell_told_clearings(answers, findings);
  const HostFact* installed = installation(the_case);
  for (const Source* log : logs) {
    if (!is_told(answers, *log) && !tell_former_life(*log, findings) && installed != nullptr) {
      tell_late_beginning(*log, logs, *installed, findings);
    }
  }
}

}  // namespace iwamtrace
