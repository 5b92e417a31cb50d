// Since when? The last proof of health, the first proof of failure, and the change between.
#include <algorithm>

#include "analyzers/iwam_events.h"
#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

Bound bound_at(Timestamp time, Untrusted because, std::vector<Citation> citations) {
  return {time, std::move(because), std::move(citations)};
}

// A batch logon of IWAM: DCOM could start its process, so COM+ and the SAM agreed.
std::optional<Bound> last_success(const Case& the_case, const Answers& answers,
                                  std::optional<Timestamp> before) {
  std::optional<Bound> last;
  for (const EventRecord& record : the_case.events) {
    if (record.head.key == events::kLogon && targets_iwam(record, answers.iwam) &&
        is_batch_logon(record) && (!before || record.head.time < *before)) {
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

// The bounds that come with the winning cause, before the logs narrow them.
struct Change {
  std::optional<Bound> earliest, latest;
};

Change sam_change(const CopiesAnswer& copies) {
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
      const auto saved = saved_at(the_case, version);
      if (!saved) {
        return std::nullopt;
      }
      return bound_at(*saved,
                      say(name_of_version(the_case, version), " was saved with the ", what,
                          " password (time of the file as given)"),
                      {version.password_where});
    };
    change.earliest = bound(*step.before, "old");
    change.latest = bound(*step.after, "new");
  }
  return change;
}

Change change_of(const std::string& cause, const Case& the_case, const Answers& answers) {
  if (cause == "sam_changed_alone") {
    return sam_change(answers.copies);
  }
  if (cause == "com_plus_changed_alone") {
    return com_plus_change(answers.copies);
  }
  if (cause == "metabase_changed_alone") {
    return metabase_change(the_case, answers.copies);
  }
  return {};
}

void tighten(std::optional<Bound>& bound, const std::optional<Bound>& other, bool later) {
  if (other && (!bound || (later ? other->time > bound->time : other->time < bound->time))) {
    bound = other;
  }
}

// The event that did it: a password set within the window. Event times have whole seconds.
const EventRecord* deed(const Case& the_case, const Answers& answers) {
  const DesyncAnswer& desync = answers.desync;
  const EventRecord* found = nullptr;
  for (const EventRecord& record : the_case.events) {
    if (!sets_iwam_password(record, answers.iwam)) {
      continue;
    }
    const Timestamp end{record.head.time.ticks + 2 * Timestamp::kTicksPerSecond};
    const bool inside = (!desync.earliest || end >= desync.earliest->time) &&
                        (!desync.latest || record.head.time <= desync.latest->time);
    if (inside) {
      found = &record;  // the last before the window closes is the one that lasted
    }
  }
  return found;
}

}  // namespace

void bracket_desync_window(const Case& the_case, Answers& answers) {
  DesyncAnswer& desync = answers.desync;
  desync.first_failure = first_failure(answers.failures);
  desync.last_success =
      last_success(the_case, answers,
                   desync.first_failure ? std::optional{desync.first_failure->time} : std::nullopt);
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
  }
  if (desync.cause == "sam_changed_alone") {
    if (const EventRecord* record = deed(the_case, answers)) {
      desync.actor = actor_of(*record);
      if (!exact) {
        desync.earliest = desync.latest = bound_at(
            record->head.time, say("the password was set (event ", record->head.event_id, ")"),
            {record->where()});
      }
    }
  }
}

}  // namespace iwamtrace
