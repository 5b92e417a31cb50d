// What happened, in the order in which it happened?
#include <algorithm>

#include "analyzers/causes.h"
#include "analyzers/iis_services.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

class Story {
 public:
  explicit Story(Answers& answers) : answers_(answers) {}

  void tell() {
    if (const auto& success = answers_.desync.last_success) {
      add(success->time, success->because, success->citations);
    }
    tell_session();
    tell_changes();
    tell_state_change();
    tell_restart();
    tell_failures();
    if (const auto& again = answers_.desync.recovered) {
      add(again->time, again->because, again->citations);
    }
    tell_clearings();
    std::ranges::stable_sort(answers_.story, {}, &Moment::time);
  }

 private:
  void add(Timestamp time, Untrusted statement, std::vector<Citation> citations) {
    answers_.story.push_back(Moment{time, std::move(statement), std::move(citations)});
  }

  // Of who set the password.
  void tell_session() {
    if (const auto& actor = answers_.desync.actor) {
      std::ranges::copy(actor->session, std::back_inserter(answers_.story));
    }
  }

  void tell_changes() {
    const Untrusted& iwam = answers_.iwam.user_name;
    bool event_told = false;
    for (const EventRecord* own : answers_.events) {
      const EventRecord& record = *own;
      if (!sets_iwam_password(record, answers_)) {
        continue;
      }
      const Untrusted who = subject_of(record);
      std::vector<Citation> citations{record.where()};
      const Account* account = answers_.copies.account;
      if (account != nullptr && account->password_last_set && near(record, *account)) {
        citations.push_back(account->password_set_where);
        event_told = true;
      }
      add(record.head.time,
          say(who.empty() ? say("somebody") : who, " sets the password of ", iwam), citations);
    }
    const CopiesAnswer& copies = answers_.copies;
    if (!event_told && copies.account != nullptr && copies.account->password_last_set &&
        !is_before_all(*copies.account->password_last_set)) {
      add(*copies.account->password_last_set, say("the SAM gets the present password of ", iwam),
          {copies.account->password_set_where});
    }
    if (copies.secret != nullptr && copies.secret->current.set &&
        !is_before_all(*copies.secret->current.set)) {
      add(*copies.secret->current.set, say("COM+ gets its present password"),
          {copies.secret->current.set_where});
    }
    const DesyncAnswer& desync = answers_.desync;
    const bool of_metabase =
        desync.cause == "metabase_changed_alone" || desync.cause == "metabase_from_other_server";
    if (of_metabase && desync.latest) {
      add(desync.latest->time, desync.latest->because, desync.latest->citations);
    }
  }

  // The SAM's own time has 100 ns, the event's whole seconds.
  static bool near(const EventRecord& record, const Account& account) {
    const std::int64_t apart = *account.password_last_set - record.head.time;
    return apart >= -2 * Timestamp::kTicksPerSecond && apart <= 2 * Timestamp::kTicksPerSecond;
  }

  // The table of the copies has it; here it would only lengthen the beginning.
  [[nodiscard]] bool is_before_all(Timestamp time) const {
    const auto& success = answers_.desync.last_success;
    return success && time < success->time;
  }

  void tell_state_change() {
    const DesyncAnswer& desync = answers_.desync;
    const bool dated =
        desync.earliest && desync.latest && desync.earliest->time == desync.latest->time;
    if (!dated || is_about_copies(desync.cause) || desync.cause == "metabase_from_other_server") {
      return;
    }
    add(desync.latest->time,
        desync.actor ? say(desync.latest->because, " by ", desync.actor->account)
                     : desync.latest->because,
        desync.latest->citations);
  }

  // A running dllhost.exe needs no new logon: a change shows itself at the next start.
  void tell_restart() {
    const DesyncAnswer& desync = answers_.desync;
    if (!desync.latest || !desync.first_failure) {
      return;
    }
    const EventRecord* restart = nullptr;
    for (const EventRecord* record : answers_.events) {
      const bool ends_processes = record->head.key == events::kLogStarted ||
                                  record->head.key == events::kApplicationCrashed ||
                                  is_start_of_iis(*record);
      // A start of IIS that belongs to a start of Windows is no second one.
      const bool follows_boot =
          restart != nullptr && restart->head.key == events::kLogStarted &&
          record->head.time - restart->head.time <= std::int64_t{600} * Timestamp::kTicksPerSecond;
      if (ends_processes && !follows_boot && record->head.time > desync.latest->time &&
          record->head.time <= desync.first_failure->time) {
        restart = record;
      }
    }
    if (restart != nullptr) {
      const EventKey key = restart->head.key;
      add(restart->head.time,
          say(key == events::kLogStarted           ? "the server restarts"
              : key == events::kApplicationCrashed ? "the process ends (W3SVC 37)"
                                                   : "IIS starts anew",
              ": the next start needs a logon"),
          {restart->where()});
    }
  }

  void tell_failures() {
    for (const FailuresAnswer::Group& group : answers_.failures.groups) {
      const EventRecord& first = *group.records.front();
      const UntrustedView application = first.field("Application");
      add(first.head.time,
          application.empty() ? say(std::string_view{group.what}, ": ", group.meaning)
                              : say(std::string_view{group.what}, ": ", application,
                                    " not loaded, ", group.meaning),
          {first.where()});
      if (group.records.size() > 1) {
        const EventRecord& last = *group.records.back();
        add(last.head.time,
            say(std::string_view{group.what}, " for the last time, after ",
                group.records.size() - 1, " more"),
            {last.where()});
      }
    }
  }

  void tell_clearings() {
    for (const EventRecord* own : answers_.events) {
      const EventRecord& record = *own;
      if (record.head.key == events::kAuditLogCleared) {
        const Untrusted who = subject_of(record);
        add(record.head.time, say("the Security log was cleared", who.empty() ? "" : " by ", who),
            {record.where()});
      }
    }
  }

  Answers& answers_;
};

}  // namespace

void tell_story(const Case& /*the_case*/, Answers& answers) { Story(answers).tell(); }

}  // namespace iwamtrace
