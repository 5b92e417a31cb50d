// Since when? The last proof of health, the first proof of failure, and the change between.
#include <algorithm>

#include "analyzers/boot_frames.h"
#include "analyzers/cause_changes.h"
#include "analyzers/causes.h"
#include "analyzers/iwam_events.h"
#include "analyzers/local_machine.h"
#include "analyzers/logon_sessions.h"
#include "analyzers/questions.h"
#include "analyzers/system_sets.h"

namespace iwamtrace {
namespace {

std::optional<Bound> last_success(const Answers& answers, std::optional<Timestamp> before) {
  std::optional<Bound> last;
  for (const EventRecord* own : answers.events) {
    const EventRecord& record = *own;
    if (record.origin == Origin::kAllocated && is_iwam_start(record, answers) &&
        (!before || record.head.time < *before)) {
      last = bound_at(record.head.time,
                      say(answers.iwam.user_name, " logged on as a batch job: still healthy"),
                      {record.where()});
    }
  }
  return last;
}

// Of the failures only those that bear on the start: a 10010 alone proves nothing.
std::optional<Bound> first_failure(const FailuresAnswer& failures) {
  const EventRecord* first = nullptr;
  const auto consider = [&](const std::vector<const EventRecord*>& records) {
    if (!records.empty() && (first == nullptr || records.front()->head.time < first->head.time)) {
      first = records.front();
    }
  };
  for (const auto* records :
       {&failures.logon_failures, &failures.refused_starts, &failures.unloaded, &failures.pools,
        &failures.services, &failures.refused_logons}) {
    consider(*records);
  }
  if (first == nullptr) {
    consider(failures.timeouts);
  }
  if (first == nullptr) {
    return std::nullopt;
  }
  return bound_at(first->head.time, say("the first failure that the logs have"), {first->where()});
}

// The first logon after everything that failed.
std::optional<Bound> recovered(const Answers& answers) {
  const EventRecord* last = nullptr;
  for (const FailuresAnswer::Group& group : answers.failures.groups) {
    if (last == nullptr || precedes(*last, *group.records.back())) {
      last = group.records.back();
    }
  }
  for (const EventRecord* record : answers.events) {
    if (last != nullptr && record->origin == Origin::kAllocated &&
        is_iwam_start(*record, answers) && precedes(*last, *record)) {
      return bound_at(
          record->head.time,
          say(answers.iwam.user_name, " logs on as a batch job again: what failed was mended"),
          {record->where()});
    }
  }
  return std::nullopt;
}

// The event that did it: the live record of the very set that the SAM dates, or without a SAM the
// last set in the window. Event times have whole seconds, and logs and SAM one clock.
const EventRecord* deed(const Answers& answers) {
  constexpr std::int64_t kClocks = 5 * Timestamp::kTicksPerSecond;
  const DesyncAnswer& desync = answers.desync;
  const Account* account = answers.copies.account;
  const EventRecord* found = nullptr;
  for (const EventRecord* record : answers.events) {
    if (record->origin != Origin::kAllocated || !sets_iwam_password(*record, answers)) {
      continue;
    }
    const Timestamp time = record->head.time;
    const bool dated = account != nullptr && account->password_last_set;
    const std::int64_t apart = dated ? time - *account->password_last_set : 0;
    const bool inside = (!desync.earliest || time.ticks + kClocks >= desync.earliest->time.ticks) &&
                        (!desync.latest || time.ticks - kClocks <= desync.latest->time.ticks);
    if (dated ? apart >= -kClocks && apart <= kClocks : inside) {
      found = record;
    }
  }
  return found;
}

// The bounds of the change, narrowed by what worked before and what failed after it.
void bracket(const CauseChange& change, DesyncAnswer& desync) {
  desync.earliest = change.earliest;
  desync.latest = change.latest;
  if (desync.earliest && desync.latest && desync.earliest->time == desync.latest->time) {
    return;
  }
  const Cause* cause = cause_of(desync.cause);
  if (cause != nullptr && cause->breaks == Cause::Breaks::kLogon) {
    tighten(desync.earliest, desync.last_success, true);
  }
  tighten(desync.latest, desync.first_failure, false);
  // Health and failure that contradict the change itself narrow nothing.
  if (desync.earliest && desync.latest && desync.earliest->time > desync.latest->time) {
    desync.earliest = change.earliest;
    desync.latest = change.latest;
  }
}

void name_who_set_it(const Case& the_case, const EventRecord& record, Answers& answers) {
  DesyncAnswer& desync = answers.desync;
  desync.actor = actor_behind(the_case, answers, record);
  if (const EventRecord* start = start_that_resynchronised(answers, record);
      start && desync.actor) {
    desync.actor->unlinked_because = say("IIS itself set it when it started on ", start->head.time,
                                         ": the SAM has the password of the metabase");
    desync.actor->citations.push_back(start->where());
  }
  const bool exact =
      desync.earliest && desync.latest && desync.earliest->time == desync.latest->time;
  if (!exact) {
    desync.earliest = desync.latest =
        bound_at(record.head.time, say("the password was set (event ", record.head.event_id, ")"),
                 {record.where()});
  }
}

// The service control manager puts the SID of who did it into the record's head, and no logon id.
std::optional<Actor> actor_of_service_change(const Case& the_case, const Untrusted& computer,
                                             const EventRecord& record) {
  if (!record.user) {
    return std::nullopt;
  }
  Actor actor;
  actor.account = say(std::string_view{to_string(*record.user)});
  for (const Account& account : the_case.all<Account>()) {
    const HostFact* machine = machine_sid_in(the_case, account.where.source);
    const auto sid = machine == nullptr ? std::nullopt : machine->value.view().sid();
    if (sid && sid->with(account.rid) == *record.user) {
      actor.account = computer.empty() ? account.name : say(computer, "\\", account.name);
      actor.citations.push_back(account.where);
    }
  }
  if (const std::string_view known = well_known_name(*record.user); !known.empty()) {
    actor.account = say(known);
  }
  actor.unlinked_because =
      say("not observable: the service control manager notes the account, no session");
  actor.citations.insert(actor.citations.begin(), record.where());
  return actor;
}

}  // namespace

void bracket_desync_window(const Case& the_case, Answers& answers) {
  DesyncAnswer& desync = answers.desync;
  desync.first_failure = first_failure(answers.failures);
  desync.last_success = last_success(
      answers, desync.first_failure ? std::optional{desync.first_failure->time} : std::nullopt);
  desync.recovered = recovered(answers);
  if (desync.cause == "none" || desync.cause == "unknown") {
    return;
  }
  if (is_about_copies(desync.cause) || desync.cause == "metabase_from_other_server") {
    bracket(change_of_copies(desync.cause, the_case, answers), desync);
    const bool sam_moved =
        desync.cause == "sam_changed_alone" ||
        (desync.cause == "multiple_changes" &&
         answers.copies.comparison(Copy::kComPlus, Copy::kSam)->sam_history_index);
    const EventRecord* record = sam_moved ? deed(answers) : nullptr;
    if (record != nullptr) {
      name_who_set_it(the_case, *record, answers);
    }
    return;
  }
  const CauseChange change = change_of_state(desync.cause, the_case, answers);
  bracket(change, desync);
  if (change.record != nullptr) {
    desync.actor =
        change.record->head.key.source == EventSource::kSecurity
            ? actor_behind(the_case, answers, *change.record)
            : actor_of_service_change(the_case, answers.host.computer_name, *change.record);
  }
}

}  // namespace iwamtrace
