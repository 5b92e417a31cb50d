// Was the clock set? Then times on two sides of it are not of one clock. Reported where a person
// did it, or by a minute and more: the time service sets it a little every few days.
#include <algorithm>
#include <map>

#include "analyzers/boot_frames.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;

bool is_by_the_system(const EventRecord& record) {
  constexpr std::uint64_t kFirstOfPersons = 0x3E8;  // SYSTEM, the services' accounts, anonymous
  const auto id = record.field("SubjectLogonId").logon_id();
  return id && *id < kFirstOfPersons;
}

// By how much time went back from record to record of one log; a record's number only rises.
struct StepBack {
  const EventRecord* before = nullptr;
  const EventRecord* after = nullptr;
};

std::vector<StepBack> steps_back(const Answers& answers) {
  std::map<SourceId, std::vector<const EventRecord*>> logs;
  for (const EventRecord* record : answers.events) {
    if (record->origin == Origin::kAllocated && record->head.record) {
      logs[record->head.source].push_back(record);
    }
  }
  std::vector<StepBack> steps;
  for (auto& [source, records] : logs) {
    std::ranges::stable_sort(records, {}, [](const EventRecord* one) { return *one->head.record; });
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (records[i - 1]->head.time - records[i]->head.time > kMinute) {
        steps.push_back(StepBack{records[i - 1], records[i]});
      }
    }
  }
  return steps;
}

const EventRecord* setting_within(const Answers& answers, const StepBack& step) {
  const auto found = std::ranges::find_if(answers.events, [&](const EventRecord* record) {
    return record->head.key == events::kClockChanged &&
           record->head.time - step.after->head.time <= kMinute &&
           step.after->head.time - record->head.time <= kMinute;
  });
  return found == answers.events.end() ? nullptr : *found;
}

// Where it lies between what the window rests on, no bound is exact.
void limit_window(const Answers& answers, Timestamp time, std::vector<Untrusted>& limits) {
  const DesyncAnswer& desync = answers.desync;
  const auto& end = desync.first_failure ? desync.first_failure : desync.latest;
  const auto& begin = desync.last_success ? desync.last_success : desync.earliest;
  if (begin && end && time >= begin->time && time <= end->time) {
    limits.push_back(say("The clock was set on ", time,
                         ", within the window: which came first across logs and hives is not "
                         "certain there."));
  }
}

}  // namespace

void find_clock_changes(const Case& /*the_case*/, Answers& answers) {
  std::vector<const EventRecord*> told;
  for (const StepBack& step : steps_back(answers)) {
    const EventRecord* setting = setting_within(answers, step);
    std::vector<Citation> where{step.before->where(), step.after->where()};
    Untrusted why = say("no record of who set the clock is near");
    if (setting != nullptr) {
      told.push_back(setting);
      where.push_back(setting->where());
      why = say("the clock was set by ", subject_of(*setting), " (event ", setting->head.event_id,
                ")");
    }
    const std::int64_t seconds =
        (step.before->head.time - step.after->head.time) / Timestamp::kTicksPerSecond;
    answers.findings.push_back(
        Finding{"log_time_reversal", setting == nullptr ? Severity::kMedium : Severity::kLow,
                say("time goes back in a log"),
                say("a later record is ", seconds, " seconds older (", step.before->head.time,
                    ", then ", step.after->head.time, "): ", why),
                step.after->head.time, where});
    limit_window(answers, step.after->head.time, answers.limits);
  }
  for (const EventRecord* record : answers.events) {
    const bool known = std::ranges::find(told, record) != told.end();
    if (record->head.key != events::kClockChanged || known || is_by_the_system(*record)) {
      continue;
    }
    answers.findings.push_back(
        Finding{"clock_changed",
                Severity::kLow,
                say("somebody set the clock"),
                say(subject_of(*record), " set the clock from ", record->field("PreviousTime"),
                    " to ", record->field("NewTime"), " (local time as the log has it)"),
                record->head.time,
                {record->where()}});
    limit_window(answers, record->head.time, answers.limits);
  }
}

}  // namespace iwamtrace
