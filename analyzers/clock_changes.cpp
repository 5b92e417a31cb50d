// Was the clock set? Then times on two sides of it are not of one clock. Reported where a person
// did it, or by a minute and more: the time service sets it a little every few days.
#include <algorithm>
#include <map>
#include <utility>

#include "analyzers/boot_frames.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;

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

// A clock of the machine that is wrong, or in local time, is set right when Windows has started.
bool is_near_start(const Answers& answers, const StepBack& step) {
  constexpr std::int64_t kSettled = 15 * kMinute;
  return std::ranges::any_of(answers.events, [&](const EventRecord* record) {
    const std::int64_t before = step.before->head.time - record->head.time;
    const std::int64_t after = step.after->head.time - record->head.time;
    const bool start =
        record->head.key == events::kLogStarted || record->head.key == events::kWindowsStarted;
    return start && ((before >= 0 && before <= kSettled) || (after >= 0 && after <= kSettled));
  });
}

struct ToldStep {
  StepBack step;
  const EventRecord* setting = nullptr;  // that explains it
  Severity severity = Severity::kInfo;
  [[nodiscard]] std::int64_t length() const {
    return step.before->head.time - step.after->head.time;
  }
};

ToldStep told(const Answers& answers, const StepBack& step) {
  ToldStep told{step, setting_within(answers, step), Severity::kMedium};
  if (told.setting != nullptr) {
    told.severity =
        system_session_of(answers.host, *told.setting) ? Severity::kInfo : Severity::kLow;
  } else if (is_near_start(answers, step)) {
    told.severity = Severity::kInfo;
  }
  return told;
}

// The gravest of one log speaks for all.
void tell_steps(const std::vector<ToldStep>& steps, Answers& answers) {
  const ToldStep& worst = *std::ranges::min_element(
      steps, {}, [](const ToldStep& one) { return std::pair(one.severity, -one.length()); });
  std::vector<Citation> where{worst.step.before->where(), worst.step.after->where()};
  Untrusted why = say(worst.severity == Severity::kInfo
                          ? "Windows had started shortly before, and no record tells who set it"
                          : "no record of who set the clock is near");
  if (worst.setting != nullptr) {
    where.push_back(worst.setting->where());
    why = say("the clock was set by ", subject_of(*worst.setting), " (event ",
              worst.setting->head.event_id, ")");
  }
  answers.findings.push_back(Finding{
      "log_time_reversal", worst.severity, say("time goes back in a log"),
      say("a later record is ", worst.length() / Timestamp::kTicksPerSecond, " seconds older (",
          worst.step.before->head.time, ", then ", worst.step.after->head.time, "): ", why,
          steps.size() == 1 ? Untrusted{} : say("; ", steps.size(), " such steps in this log")),
      worst.step.after->head.time, where});
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
  std::map<SourceId, std::vector<ToldStep>> logs;
  for (const StepBack& step : steps_back(answers)) {
    logs[step.after->head.source].push_back(told(answers, step));
    limit_window(answers, step.after->head.time, answers.limits);
  }
  for (const auto& [source, steps] : logs) {
    tell_steps(steps, answers);
  }
  for (const EventRecord* record : answers.events) {
    const bool known = std::ranges::any_of(logs, [&](const auto& log) {
      return std::ranges::find(log.second, record, &ToldStep::setting) != log.second.end();
    });
    if (record->head.key != events::kClockChanged || known ||
        system_session_of(answers.host, *record)) {
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
