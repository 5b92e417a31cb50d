// Since when? The last proof of health, the first proof of failure, and the change between.
#include <algorithm>

#include "analyzers/iwam_events.h"
#include "analyzers/logon_sessions.h"
#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

Bound bound_at(Timestamp time, Untrusted because, std::vector<Citation> citations) {
  return {time, std::move(because), std::move(citations)};
}

std::optional<Bound> last_success(const Answers& answers, std::optional<Timestamp> before) {
  std::optional<Bound> last;
  for (const EventRecord* own : answers.events) {
    const EventRecord& record = *own;
    if (is_iwam_start(record, answers) && (!before || record.head.time < *before)) {
      last = bound_at(record.head.time,
                      say(answers.iwam.user_name, " logged on as a batch job: still healthy"),
                      {record.where()});
    }
  }
  return last;
}

// Of the failures only those that bear on the logon: a 10010 alone proves nothing.
std::optional<Bound> first_failure(const FailuresAnswer& failures) {
  const EventRecord* first = nullptr;
  const auto consider = [&](const std::vector<const EventRecord*>& records) {
    if (!records.empty() && (first == nullptr || records.front()->head.time < first->head.time)) {
      first = records.front();
    }
  };
  consider(failures.logon_failures);
  consider(failures.unloaded);
  consider(failures.refused_logons);
  if (first == nullptr) {
    consider(failures.timeouts);
  }
  if (first == nullptr) {
    return std::nullopt;
  }
  return bound_at(first->head.time, say("the first failure that the logs have"), {first->where()});
}

void tighten(std::optional<Bound>& bound, const std::optional<Bound>& other, bool later) {
  if (other && (!bound || (later ? other->time > bound->time : other->time < bound->time))) {
    bound = other;
  }
}

// The bounds that come with the winning cause, before the logs narrow them.
struct Change {
  std::optional<Bound> earliest, latest;
};

// A version of the metabase that holds a password which the SAM had after the one that COM+ has: by
// then the SAM had moved on. `index` is COM+'s in the SAM's history.
std::optional<Bound> moved_on_by(const Case& the_case, const CopiesAnswer& copies,
                                 std::size_t index) {
  const std::vector<Fingerprint>& history = copies.account->history;
  std::optional<Bound> first;
  for (const MetabaseSnapshot* version : copies.metabases) {
    const auto saved = saved_at(the_case, copies, *version);
    const auto entry = std::ranges::find(history, version->fingerprint.value_or(Fingerprint{}));
    const auto place = static_cast<std::size_t>(entry - history.begin());
    if (version->fingerprint && saved && entry != history.end() && place < index) {
      tighten(first,
              bound_at(*saved,
                       say("by then ", name_of_version(the_case, *version),
                           " held a later password of the SAM (entry ", place,
                           " of its history; time of the file as given)"),
                       {version->password_where, copies.account->history_where}),
              false);
    }
  }
  return first;
}

Change sam_change(const Case& the_case, const CopiesAnswer& copies) {
  const Comparison* comparison = copies.comparison(Copy::kComPlus, Copy::kSam);
  const Account* account = copies.account;
  const SecretValue* secret = copies.secret == nullptr ? nullptr : &copies.secret->current;
  Change change;
  if (account == nullptr || !account->password_last_set) {
    return change;
  }
  change.latest = bound_at(*account->password_last_set, say("the SAM's password was set"),
                           {account->password_set_where});
  if (comparison->sam_history_index == std::size_t{1} && account->history_begins_with_current) {
    change.earliest = bound_at(*account->password_last_set,
                               say("until then the SAM had the password that COM+ still has"),
                               {account->password_set_where, account->history_where});
  } else if (secret != nullptr && secret->set) {
    change.earliest = bound_at(*secret->set, say("COM+'s password was set"), {secret->set_where});
    if (comparison->sam_history_index) {
      tighten(change.latest, moved_on_by(the_case, copies, *comparison->sam_history_index), false);
    }
  }
  return change;
}

Change com_plus_change(const CopiesAnswer& copies) {
  Change change;
  const SecretValue& secret = copies.secret->current;
  if (secret.set) {
    change.earliest = change.latest =
        bound_at(*secret.set, say("COM+'s password was set"), {secret.set_where});
  }
  return change;
}

Change metabase_change(const Case& the_case, const CopiesAnswer& copies) {
  Change change;
  for (const MetabaseStep& step : metabase_steps(copies)) {
    if (!step.changed) {
      continue;
    }
    const auto bound = [&](const MetabaseSnapshot& version,
                           std::string_view what) -> std::optional<Bound> {
      const auto saved = saved_at(the_case, copies, version);
      if (!saved) {
        return std::nullopt;
      }
      return bound_at(*saved,
                      say(name_of_version(the_case, version), " was saved with ", what,
                          " WAMUserPass (time of the file as given)"),
                      {version.password_where});
    };
    change.earliest = bound(*step.before, "the former");
    change.latest = bound(*step.after, "another");
  }
  return change;
}

Change change_of(const std::string& cause, const Case& the_case, const Answers& answers) {
  if (cause == "sam_changed_alone" ||
      (cause == "multiple_changes" &&
       answers.copies.comparison(Copy::kComPlus, Copy::kSam)->sam_history_index)) {
    return sam_change(the_case, answers.copies);
  }
  if (cause == "com_plus_changed_alone") {
    return com_plus_change(answers.copies);
  }
  if (cause == "metabase_changed_alone") {
    return metabase_change(the_case, answers.copies);
  }
  return {};
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

}  // namespace

void bracket_desync_window(const Case& the_case, Answers& answers) {
  DesyncAnswer& desync = answers.desync;
  desync.first_failure = first_failure(answers.failures);
  desync.last_success = last_success(
      answers, desync.first_failure ? std::optional{desync.first_failure->time} : std::nullopt);
  if (desync.cause == "none" || desync.cause == "unknown") {
    return;
  }
  const Change change = change_of(desync.cause, the_case, answers);
  desync.earliest = change.earliest;
  desync.latest = change.latest;
  const bool exact =
      desync.earliest && desync.latest && desync.earliest->time == desync.latest->time;
  if (!exact) {
    tighten(desync.earliest, desync.last_success, true);
    tighten(desync.latest, desync.first_failure, false);
    // Health and failure that contradict the change itself narrow nothing.
    if (desync.earliest && desync.latest && desync.earliest->time > desync.latest->time) {
      desync.earliest = change.earliest;
      desync.latest = change.latest;
    }
  }
  if (desync.cause == "sam_changed_alone") {
    if (const EventRecord* record = deed(answers)) {
      desync.actor = actor_behind(the_case, answers, *record);
      if (!exact) {
        desync.earliest = desync.latest = bound_at(
            record->head.time, say("the password was set (event ", record->head.event_id, ")"),
            {record->where()});
      }
    }
  }
}

}  // namespace iwamtrace
