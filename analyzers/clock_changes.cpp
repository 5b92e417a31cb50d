// Was the clock set? Then times on two sides of it are not of one clock. Reported where a person
// did it, or by a minute and more: the time service sets it a little every few days.
#include <algorithm>
#include <map>
#include <utility>

#include "analyzers/boot_frames.h"
#include "analyzers/case_contents.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;

// By how much time went back from record to record of one log; a record's number only rises.
struct StepBack {
  SourceId log{};
  NumberedPlace before, after;
};

NumberedPlace place_of(const EventRecord& record) {
  return NumberedPlace{*record.head.record, record.head.offset, record.head.time};
}

Citation where(const StepBack& step, const NumberedPlace& place) {
  return Citation{step.log, place.offset, place.number, {}};
}

// Put together from several logs, of which each has its own numbers.
bool is_mixed(const LogNumbering& numbering) {
  return numbering.channels > 1 || (numbering.numbered_anew && numbering.computers > 1);
}

std::vector<StepBack> steps_of_records(const Case& the_case, const Answers& answers) {
  std::map<SourceId, std::vector<const EventRecord*>> logs;
  for (const EventRecord* record : answers.events) {
    if (record->origin == Origin::kAllocated && record->head.record &&
        !is_mixed(the_case.source(record->head.source).summary.numbering)) {
      logs[record->head.source].push_back(record);
    }
  }
  std::vector<StepBack> steps;
  for (auto& [source, records] : logs) {
    std::ranges::stable_sort(records, {}, [](const EventRecord* one) { return *one->head.record; });
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (records[i - 1]->head.time - records[i]->head.time > kMinute) {
        steps.push_back(StepBack{source, place_of(*records[i - 1]), place_of(*records[i])});
      }
    }
  }
  return steps;
}

// The longest one that the reader of a log saw may lie among records that nobody else needs. An
// export may be sorted otherwise, and a file with parts of several moments has steps of its own.
void add_longest_steps(const Case& the_case, const BootFrames& frames,
                       std::vector<StepBack>& steps) {
  for (const Source& log : the_case.sources) {
    const LogNumbering& numbering = log.summary.numbering;
    const auto& longest = numbering.longest_step_back;
    if (!longest || !frames.is_own(log) || is_mixed(numbering) || numbering.numbered_anew ||
        numbering.restarts != 0) {
      continue;
    }
    const bool known = std::ranges::any_of(steps, [&](const StepBack& step) {
      return step.log == log.id && step.before.number <= longest->before.number &&
             step.after.number >= longest->after.number;
    });
    if (!known) {
      steps.push_back(StepBack{log.id, longest->before, longest->after});
    }
  }
}

bool is_by_time_service(const EventRecord& record) {
  return record.head.key == events::kTimeServiceSetClock &&
         (record.source().is("W32Time") || record.source().is("Microsoft-Windows-Time-Service"));
}

const EventRecord* setting_within(const Answers& answers, const StepBack& step) {
  const auto found = std::ranges::find_if(answers.events, [&](const EventRecord* record) {
    return (record->head.key == events::kClockChanged || is_by_time_service(*record)) &&
           record->head.time - step.after.time <= kMinute &&
           step.after.time - record->head.time <= kMinute;
  });
  return found == answers.events.end() ? nullptr : *found;
}

// A clock of the machine that is wrong, or in local time, is set right when Windows has started,
// or just before the log's service has.
bool is_near_start(const Answers& answers, const StepBack& step) {
  constexpr std::int64_t kSettled = 15 * kMinute;
  return std::ranges::any_of(answers.events, [&](const EventRecord* record) {
    const std::int64_t before = step.before.time - record->head.time;
    const std::int64_t after = step.after.time - record->head.time;
    const bool start =
        record->head.key == events::kLogStarted || record->head.key == events::kWindowsStarted;
    return start &&
           ((before >= 0 && before <= kSettled) || (after >= -kMinute && after <= kSettled));
  });
}

struct ToldStep {
  StepBack step;
  const EventRecord* setting = nullptr;  // that explains it
  Severity severity = Severity::kInfo;
  [[nodiscard]] std::int64_t length() const { return step.before.time - step.after.time; }
};

ToldStep told(const Case& the_case, const Answers& answers, const StepBack& step) {
  ToldStep told{step, setting_within(answers, step), Severity::kMedium};
  if (told.setting != nullptr) {
    const bool by_person =
        !is_by_time_service(*told.setting) && !system_session_of(answers.host, *told.setting);
    told.severity = by_person ? Severity::kLow : Severity::kInfo;
  } else if (is_near_start(answers, step)) {
    told.severity = Severity::kInfo;
  } else if (!has_log(the_case, "System") && !has_log(the_case, "Security")) {
    told.severity = Severity::kLow;
  }
  return told;
}

// The gravest of one log speaks for all.
void tell_steps(const std::vector<ToldStep>& steps, Answers& answers) {
  const ToldStep& worst = *std::ranges::min_element(
      steps, {}, [](const ToldStep& one) { return std::pair(one.severity, -one.length()); });
  std::vector<Citation> cited{where(worst.step, worst.step.before),
                              where(worst.step, worst.step.after)};
  Untrusted why = say(worst.severity == Severity::kInfo
                          ? "Windows had started shortly before, and no record tells who set it"
                          : "no record of who set the clock is near");
  if (worst.setting != nullptr) {
    cited.push_back(worst.setting->where());
    why = say(
        "the clock was set by ",
        is_by_time_service(*worst.setting) ? say("the time service") : subject_of(*worst.setting),
        " (event ", worst.setting->head.event_id, ")");
  }
  answers.findings.push_back(Finding{
      "log_time_reversal", worst.severity, say("time goes back in a log"),
      say("a later record is ", worst.length() / Timestamp::kTicksPerSecond, " seconds older (",
          worst.step.before.time, ", then ", worst.step.after.time, "): ", why,
          steps.size() == 1 ? Untrusted{} : say("; ", steps.size(), " such steps in this log")),
      worst.step.after.time, cited});
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

void find_clock_changes(const Case& the_case, Answers& answers) {
  std::vector<StepBack> all_steps = steps_of_records(the_case, answers);
  add_longest_steps(the_case, BootFrames(the_case, answers), all_steps);
  std::map<SourceId, std::vector<ToldStep>> logs;
  for (const StepBack& step : all_steps) {
    logs[step.log].push_back(told(the_case, answers, step));
    limit_window(answers, step.after.time, answers.limits);
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
