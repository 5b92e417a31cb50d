// The password was changed in the SAM, or in COM+: which of them moved, and which stood still.
#include <algorithm>

#include "analyzers/cause_facts.h"
#include "analyzers/copy_facts.h"
#include "analyzers/iwam_events.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

using enum Force;

// What the claim "alone" cannot say where nothing of the metabase can be compared.
void soften_claim(const CauseEvidence& e, std::string_view where, Hypothesis& hypothesis) {
  if (e.steps.empty() && e.metabase_to_sam->result == Equality::kUnknown &&
      e.metabase_to_com_plus->result == Equality::kUnknown) {
    hypothesis.claim = say("the password was changed in ", where,
                           "; whether in the metabase too is not observable");
  }
}

// The refused logon says that COM+'s password was not the SAM's at that moment, not who changed.
void add_refused_logons(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  if (const EventRecord* refused = evidence.first_refusal) {
    hypothesis.in_favour.emplace_back(
        kWeak,
        say("DCOM could not log on ", evidence.answers.iwam.user_name, " on ", refused->head.time,
            ": 1326, unknown user name or bad password"),
        std::vector{refused->where()});
  }
}

void add_equal_copies(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  hypothesis.against.emplace_back(kProof, say("COM+ and the SAM hold the same password"),
                                  evidence.com_plus_to_sam->citations);
}

// A cause comes before its effect; a synciwam in vain after the outage is none.
void add_order(const CauseEvidence& evidence, std::optional<Timestamp> change,
               const Citation& where, Hypothesis& hypothesis) {
  const EventRecord* refusal = evidence.first_refusal;
  if (change && refusal != nullptr && *change > refusal->head.time) {
    hypothesis.against.emplace_back(
        kStrong,
        say("the change of ", *change, " came after the first refused logon (", refusal->head.time,
            ")"),
        std::vector{where, refusal->where()});
  }
}

// Whether the metabase stood still while another copy changed: by its value, which must be that of
// the copy that stood still too, else by its versions.
void add_metabase_unchanged(const CauseEvidence& evidence, const Comparison& with_the_other,
                            const Comparison& with_the_changed, std::optional<Timestamp> change,
                            Hypothesis& hypothesis) {
  const CauseEvidence& e = evidence;
  const auto name = [](const Comparison& comparison) {
    return comparison.right == Copy::kSam ? std::string_view{"the SAM"} : std::string_view{"COM+"};
  };
  if (equal(&with_the_changed)) {
    hypothesis.against.emplace_back(
        kProof, say("the metabase holds the password of ", name(with_the_changed), " too"),
        with_the_changed.citations);
    return;
  }
  if (with_the_other.result != Equality::kUnknown) {
    const bool holds = equal(&with_the_other);
    (holds ? hypothesis.in_favour : hypothesis.against)
        .emplace_back(holds || !with_the_other.undated ? kStrong : kWeak,
                      say("the metabase ", holds ? "holds the password that " : "differs from ",
                          name(with_the_other), holds ? " has" : " too"),
                      with_the_other.citations);
    return;
  }
  if (e.steps.empty()) {
    hypothesis.missing.push_back(
        Missing{say("whether the metabase changed: no two versions of it can be compared"),
                e.answers.copies.metabases.empty()});
    return;
  }
  if (const MetabaseStep* step = e.metabase_change()) {
    const auto saved = saved_at(e.the_case, e.answers.copies, *step->after);
    const bool known_before = saved && change && *saved < *change;
    hypothesis.against.emplace_back(
        known_before ? kWeak : kStrong,
        say("WAMUserPass changed too, between ",
            names_of_versions(e.the_case, *step->before, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
    return;
  }
  const MetabaseSnapshot& oldest = *e.steps.front().before;
  const MetabaseSnapshot& newest = *e.steps.back().after;
  const auto first = saved_at(e.the_case, e.answers.copies, oldest);
  const auto last = saved_at(e.the_case, e.answers.copies, newest);
  const bool spans = change && first && last && *first <= *change && *last >= *change;
  hypothesis.in_favour.emplace_back(
      spans ? kStrong : kWeak,
      say("WAMUserPass is the same in ", names_of_versions(e.the_case, oldest, newest),
          spans ? ", saved before and after the change by their file times" : ""),
      std::vector{oldest.password_where, newest.password_where});
}

// Sets since COM+'s and before the outage. One that a successful logon follows did no harm.
void add_password_sets(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const bool compared = evidence.com_plus_to_sam->result != Equality::kUnknown;
  for (const EventRecord* record : evidence.password_sets) {
    const Timestamp time = record->head.time;
    const auto& synced = evidence.com_plus == nullptr ? std::nullopt : evidence.com_plus->set;
    if ((synced && time <= *synced) ||
        (evidence.first_refusal != nullptr && time > evidence.first_refusal->head.time)) {
      continue;
    }
    if (evidence.healthy_after(time)) {
      if (!compared) {
        hypothesis.against.emplace_back(
            kStrong,
            say("after the password was set on ", time, " the account logged on as a batch job (",
                evidence.last_success->head.time, ")"),
            std::vector{record->where(), evidence.last_success->where()});
      }
      continue;
    }
    const bool one_work = !compared && synced && time - *synced <= kSameWork;
    const Untrusted who = subject_of(*record);
    hypothesis.in_favour.emplace_back(
        one_work ? kWeak : kStrong,
        say("the password of ", evidence.answers.iwam.user_name, " was set on ", time,
            who.empty() ? "" : " by ", who, " (event ", record->head.event_id, ")"),
        std::vector{record->where()});
  }
}

void add_times(const CauseEvidence& evidence, Hypothesis& sam_moved) {
  if (evidence.account == nullptr || evidence.com_plus == nullptr) {
    return;
  }
  const Account& account = *evidence.account;
  const SecretValue& secret = *evidence.com_plus;
  const std::vector<Citation> where{account.password_set_where, secret.set_where};
  const bool known_to_differ = differ(evidence.com_plus_to_sam);
  if (evidence.sam_set_later()) {
    sam_moved.in_favour.emplace_back(
        known_to_differ ? kStrong : kWeak,
        say("the SAM's password was set on ", *account.password_last_set, ", after COM+'s (",
            *secret.set, ")"),
        where);
  } else if (evidence.com_plus_changed_later() && !evidence.com_plus_has_former_of_sam()) {
    sam_moved.against.emplace_back(known_to_differ ? kStrong : kWeak,
                                   say("COM+'s password was set on ", *secret.set,
                                       ", after the SAM's (", *account.password_last_set, ")"),
                                   where);
  }
}

}  // namespace

Hypothesis sam_changed_alone(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis = claim("sam_changed_alone", "the password was changed in the SAM alone");
  missing_copies(e, hypothesis);
  if (equal(e.com_plus_to_sam)) {
    add_equal_copies(e, hypothesis);
    return hypothesis;
  }
  if (differ(e.com_plus_to_sam)) {
    // Set again later COM+ may hold an older one on purpose, unless it was given what it had.
    if (e.com_plus_has_former_of_sam()) {
      hypothesis.in_favour.emplace_back(e.com_plus_changed_later() ? kWeak : kProof,
                                        say("COM+ still holds the SAM's former password (history ",
                                            *e.com_plus_to_sam->sam_history_index, ")"),
                                        e.com_plus_to_sam->citations);
    }
    if (e.sam_has_former_of_com_plus()) {
      hypothesis.against.emplace_back(
          kProof, say("the SAM's password is the one that COM+ had before its last change"),
          std::vector{e.com_plus_previous->where, e.account->hash_where});
    }
    add_metabase_unchanged(e, *e.metabase_to_com_plus, *e.metabase_to_sam,
                           e.account->password_last_set, hypothesis);
    add_order(e, e.account->password_last_set, e.account->password_set_where, hypothesis);
    add_copies_of_different_days(e, hypothesis);
  }
  const MetabaseStep* step = e.metabase_change();
  if (e.account == nullptr && step != nullptr) {
    hypothesis.against.emplace_back(
        kStrong,
        say("WAMUserPass changed too, between ",
            names_of_versions(e.the_case, *step->before, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
  }
  soften_claim(e, "the SAM", hypothesis);
  add_young_account(e, hypothesis);
  add_times(e, hypothesis);
  add_password_sets(e, hypothesis);
  add_refused_logons(e, hypothesis);
  return hypothesis;
}

Hypothesis com_plus_changed_alone(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis = claim("com_plus_changed_alone", "the password was changed in COM+ alone");
  missing_copies(e, hypothesis);
  if (equal(e.com_plus_to_sam)) {
    add_equal_copies(e, hypothesis);
    return hypothesis;
  }
  if (differ(e.com_plus_to_sam)) {
    const std::vector<Citation> times{e.com_plus->set_where, e.account->password_set_where};
    if (e.sam_has_former_of_com_plus()) {
      hypothesis.in_favour.emplace_back(
          kProof, say("the password that COM+ had before is still the SAM's"),
          std::vector{e.com_plus_previous->where, e.account->hash_where});
    }
    if (e.com_plus_has_former_of_sam() && !e.com_plus_changed_later()) {
      hypothesis.against.emplace_back(
          kProof, say("COM+ holds an older password of the SAM: the SAM moved, not COM+"),
          e.com_plus_to_sam->citations);
    }
    if (e.com_plus_changed_later()) {
      hypothesis.in_favour.emplace_back(
          kStrong,
          say("COM+'s password was set on ", *e.com_plus->set, ", after the SAM's (",
              *e.account->password_last_set, ")"),
          times);
      add_order(e, e.com_plus->set, e.com_plus->set_where, hypothesis);
    } else if (e.sam_set_later()) {
      hypothesis.against.emplace_back(
          kStrong,
          say("COM+'s password was set on ", *e.com_plus->set, ", before the SAM's (",
              *e.account->password_last_set, ")"),
          times);
    }
    add_metabase_unchanged(e, *e.metabase_to_sam, *e.metabase_to_com_plus, e.com_plus->set,
                           hypothesis);
    add_copies_of_different_days(e, hypothesis);
  }
  add_refused_logons(e, hypothesis);
  return hypothesis;
}

}  // namespace iwamtrace
