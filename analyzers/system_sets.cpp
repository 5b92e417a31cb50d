#include "analyzers/system_sets.h"

#include <algorithm>

#include "analyzers/iis_services.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
// Windows 2000 does not log when a service starts: there the start of Windows, with which IIS
// starts some minutes later, must do.
const EventRecord* start_of_iis_near(const Answers& answers, const EventRecord& set) {
  constexpr std::int64_t kBoot = 5 * kMinute;
  const EventRecord* boot = nullptr;
  bool knows_services = false;
  for (const EventRecord* record : answers.events) {
    const std::int64_t apart = set.head.time - record->head.time;
    knows_services = knows_services || is_start_of_iis(*record);
    if (is_start_of_iis(*record) && apart >= -kMinute && apart <= kMinute) {
      return record;
    }
    if (record->head.key == events::kLogStarted && apart >= 0 && apart <= kBoot) {
      boot = record;
    }
  }
  return knows_services ? nullptr : boot;
}

bool dates_the_present_password(const Answers& answers, const EventRecord& set) {
  const Account* account = answers.copies.account;
  if (account == nullptr || !account->password_last_set) {
    return false;
  }
  const std::int64_t apart = *account->password_last_set - set.head.time;
  return apart >= -5 * Timestamp::kTicksPerSecond && apart <= 5 * Timestamp::kTicksPerSecond;
}

}  // namespace

const EventRecord* start_that_resynchronised(const Answers& answers, const EventRecord& set) {
  const bool equal =
      answers.copies.comparison(Copy::kMetabase, Copy::kSam)->result == Equality::kEqual;
  return equal && system_session_of(answers.host, set) && dates_the_present_password(answers, set)
             ? start_of_iis_near(answers, set)
             : nullptr;
}

void name_sets_by_the_system(const Case& /*the_case*/, Answers& answers) {
  for (const EventRecord* set : answers.events) {
    if (set->origin != Origin::kAllocated || !sets_iwam_password(*set, answers) ||
        !system_session_of(answers.host, *set)) {
      continue;
    }
    std::vector<Citation> where{set->where()};
    if (const EventRecord* start = start_that_resynchronised(answers, *set)) {
      where.push_back(start->where());
      answers.findings.push_back(Finding{
          "iis_resynchronised", Severity::kInfo, say("IIS itself set the password at its start"),
          say("the system set the password of ", answers.iwam.user_name, " on ", set->head.time,
              ", within a minute of a start of IIS, to what the metabase holds: that is IIS, which "
              "synchronises its accounts when it starts"),
          set->head.time, where});
      continue;
    }
    const EventRecord* near = start_of_iis_near(answers, *set);
    if (near != nullptr) {
      where.push_back(near->where());
    }
    answers.findings.push_back(Finding{
        "password_set_by_system", near == nullptr ? Severity::kMedium : Severity::kLow,
        say("the system itself set the password"),
        say("the system set the password of ", answers.iwam.user_name, " on ", set->head.time,
            near == nullptr ? say(", and no start of IIS is near: it was not IIS")
                            : say(", near a start of IIS on ", near->head.time,
                                  ": IIS may have, but that the SAM holds the metabase's password "
                                  "since is not shown")),
        set->head.time, where});
  }
}

}  // namespace iwamtrace
