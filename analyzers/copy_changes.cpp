// When did the copies part?
#include <algorithm>

#include "analyzers/cause_changes.h"
#include "analyzers/metabase_history.h"

namespace iwamtrace {
namespace {

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

CauseChange sam_change(const Case& the_case, const CopiesAnswer& copies) {
  const Comparison* comparison = copies.comparison(Copy::kComPlus, Copy::kSam);
  const Account* account = copies.account;
  const SecretValue* secret = copies.secret == nullptr ? nullptr : &copies.secret->current;
  CauseChange change;
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

CauseChange com_plus_change(const CopiesAnswer& copies) {
  CauseChange change;
  const SecretValue& secret = copies.secret->current;
  if (secret.set) {
    change.earliest = change.latest =
        bound_at(*secret.set, say("COM+'s password was set"), {secret.set_where});
  }
  return change;
}

CauseChange metabase_change(const Case& the_case, const CopiesAnswer& copies) {
  CauseChange change;
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

// Between the versions that name one account and another.
CauseChange change_of_account(const Case& the_case, const CopiesAnswer& copies) {
  CauseChange change;
  for (std::size_t i = 0; i + 1 < copies.metabases.size(); ++i) {
    const MetabaseSnapshot& before = *copies.metabases[i];
    const MetabaseSnapshot& after = *copies.metabases[i + 1];
    const auto first = saved_at(the_case, copies, before);
    const auto last = saved_at(the_case, copies, after);
    if (first && last && !after.wam_user_name.empty() &&
        !before.wam_user_name.is(after.wam_user_name)) {
      const auto named = [&](const MetabaseSnapshot& version) {
        return say(name_of_version(the_case, version), " was saved and names ",
                   version.wam_user_name, " (time of the file as given)");
      };
      change.earliest = bound_at(*first, named(before), {before.wam_user_name_where});
      change.latest = bound_at(*last, named(after), {after.wam_user_name_where});
    }
  }
  return change;
}

}  // namespace

Bound bound_at(Timestamp time, Untrusted because, std::vector<Citation> citations) {
  return {time, std::move(because), std::move(citations)};
}

void tighten(std::optional<Bound>& bound, const std::optional<Bound>& other, bool later) {
  if (other && (!bound || (later ? other->time > bound->time : other->time < bound->time))) {
    bound = other;
  }
}

CauseChange change_of_copies(std::string_view cause, const Case& the_case, const Answers& answers) {
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
  if (cause == "metabase_from_other_server") {
    return change_of_account(the_case, answers.copies);
  }
  return {};
}

}  // namespace iwamtrace
