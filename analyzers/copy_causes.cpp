// The causes that lie in the copies: which of them moved, and which stood still.
#include <algorithm>

#include "analyzers/cause_facts.h"
#include "analyzers/iwam_events.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

using enum Force;

// Password changes within one piece of work: a person with three places to go to.
constexpr std::int64_t kSameWork = Timestamp::kTicksPerSecond * 15 * 60;

void missing_copies(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const auto miss = [&](Untrusted what) {
    hypothesis.missing.push_back(Missing{std::move(what), true});
  };
  if (evidence.account == nullptr) {
    miss(say("the account in a SAM hive"));
  } else if (!evidence.account->fingerprint) {
    miss(say("the password hash in the SAM"));
  }
  if (evidence.com_plus == nullptr) {
    miss(say("the COM+ secret in a SECURITY hive of this machine"));
  } else if (!evidence.com_plus->fingerprint) {
    miss(say("the value of the COM+ secret: ", evidence.com_plus_to_sam->basis));
  }
}

// Without a SAM the log alone tells that its password was set, after COM+ had got its own.
const EventRecord* set_that_no_sam_shows(const CauseEvidence& e) {
  const bool later = e.account == nullptr && !e.password_sets.empty() && e.com_plus != nullptr &&
                     e.com_plus->set && e.password_sets.back()->head.time > *e.com_plus->set;
  return later ? e.password_sets.back() : nullptr;
}

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

// Hives of different days differ without any fault.
void add_copies_of_different_days(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  if (const EventRecord* set = evidence.set_after_the_copy()) {
    hypothesis.against.emplace_back(
        kStrong,
        say("the password was set again on ", set->head.time,
            ", after this SAM was copied: it is older than the log"),
        std::vector{set->where(), evidence.account->password_set_where});
  }
  std::optional<Timestamp> last;
  if (evidence.account != nullptr && evidence.com_plus != nullptr) {
    last = std::max(evidence.account->password_last_set, evidence.com_plus->set);
  }
  if (last && evidence.healthy_after(*last)) {
    hypothesis.against.emplace_back(
        kStrong,
        say(evidence.answers.iwam.user_name, " logged on as a batch job on ",
            evidence.last_success->head.time,
            ", after both copies were set: the hives are not of one moment, or it was mended"),
        std::vector{evidence.last_success->where()});
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

Hypothesis claim(std::string id, std::string_view words) {
  return {std::move(id), say(words), {}, {}, {}};
}

// Then nobody changed a password of it: the account that COM+ knows is gone. A rename dates the key
// of the name too, but keeps the password's history.
void add_young_account(const CauseEvidence& e, Hypothesis& hypothesis) {
  const bool known = e.account != nullptr && e.com_plus != nullptr && e.account->created &&
                     e.com_plus->set && !e.com_plus_has_former_of_sam();
  if (known && *e.account->created > *e.com_plus->set) {
    hypothesis.against.emplace_back(kStrong,
                                    say("the account itself was made on ", *e.account->created,
                                        ", after COM+ got its password"),
                                    std::vector{e.account->where, e.com_plus->set_where});
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

namespace {

// Encrypted versions that differ tell that there was a change, not which of the two was right: it
// may as well have been the repair. What failed afterwards speaks, and what went well.
void add_metabase_step(const CauseEvidence& evidence, const MetabaseStep& step,
                       Hypothesis& hypothesis) {
  const CauseEvidence& e = evidence;
  const auto before = saved_at(e.the_case, e.answers.copies, *step.before);
  const auto after = saved_at(e.the_case, e.answers.copies, *step.after);
  const auto& unloaded = e.answers.failures.unloaded;
  const bool failed_since = before && !unloaded.empty() && unloaded.back()->head.time > *before;
  const bool well_since = after && e.healthy_after(*after);
  hypothesis.in_favour.emplace_back(
      failed_since && !well_since ? kStrong : kWeak,
      say("WAMUserPass differs between ", names_of_versions(e.the_case, *step.before, *step.after)),
      std::vector{step.before->password_where, step.after->password_where});
  if (failed_since && !well_since) {
    hypothesis.in_favour.emplace_back(
        kWeak, say("applications were not loaded since, last on ", unloaded.back()->head.time),
        std::vector{unloaded.back()->where()});
  }
  if (well_since) {
    hypothesis.against.emplace_back(
        kWeak,
        say(e.answers.iwam.user_name, " logged on as a batch job since, on ",
            e.last_success->head.time),
        std::vector{e.last_success->where()});
  }
  // Where the values are known nobody need guess from times.
  const bool guess = e.metabase_to_sam->result == Equality::kUnknown;
  std::vector<Citation> along;
  Untrusted who;
  const auto moved_along = [&](std::string_view copy, const std::optional<Timestamp>& set,
                               const Citation& where) {
    if (guess && set && before && *set >= Timestamp{before->ticks - kSameWork}) {
      who.append(say(along.empty() ? "" : ", ", copy, " on ", *set).view());
      along.push_back(where);
    }
  };
  if (e.account != nullptr) {
    moved_along("the SAM", e.account->password_last_set, e.account->password_set_where);
  }
  if (e.com_plus != nullptr) {
    moved_along("COM+", e.com_plus->set, e.com_plus->set_where);
  }
  if (!along.empty()) {
    hypothesis.against.emplace_back(
        kStrong, say("the other copies were set at that time or later: ", who), along);
  } else if (guess && (!before || !after)) {
    hypothesis.missing.push_back(
        Missing{say("when the metabase changed: its file times are those of a copy"), !before});
  }
}

}  // namespace

Hypothesis metabase_changed_alone(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis =
      claim("metabase_changed_alone", "the password was changed in the metabase alone");
  if (differ(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM differ from each other"),
                                    e.com_plus_to_sam->citations);
  }
  if (equal(e.metabase_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("the metabase holds the SAM's password"),
                                    e.metabase_to_sam->citations);
  } else if (differ(e.metabase_to_sam) && equal(e.com_plus_to_sam)) {
    hypothesis.in_favour.emplace_back(
        !e.metabase_to_sam->undated   ? kProof
        : failed_since_set(e.answers) ? kStrong
                                      : kWeak,
        say("COM+ and the SAM agree, and the metabase differs (", e.metabase_to_sam->basis, ")"),
        e.metabase_to_sam->citations);
  }
  if (const EventRecord* set = set_that_no_sam_shows(e)) {
    hypothesis.against.emplace_back(kStrong,
                                    say("the SAM's password was set as well, on ", set->head.time,
                                        " (event ", set->head.event_id, ")"),
                                    std::vector{set->where()});
  }
  if (e.steps.empty()) {
    hypothesis.missing.push_back(
        Missing{say("two versions of the metabase that can be compared"), false});
  } else if (const MetabaseStep* step = e.metabase_change()) {
    add_metabase_step(e, *step, hypothesis);
  } else {
    hypothesis.against.emplace_back(
        kStrong,
        say("WAMUserPass is the same in all versions from ",
            name_of_version(e.the_case, *e.steps.front().before), " to ",
            name_of_version(e.the_case, *e.steps.back().after)),
        std::vector{e.steps.front().before->password_where, e.steps.back().after->password_where});
  }
  if (!differ(e.metabase_to_sam) && !equal(e.metabase_to_sam)) {
    hypothesis.missing.push_back(
        Missing{say("the metabase's password itself: ", e.metabase_to_sam->basis), true});
  }
  return hypothesis;
}

namespace {

// One of SAM and COM+ holds what the other had before: it is the other that moved.
void add_one_change(const CauseEvidence& e, Hypothesis& hypothesis) {
  const bool sam_moved = e.com_plus_has_former_of_sam();
  const Comparison* unmoved = sam_moved ? e.metabase_to_com_plus : e.metabase_to_sam;
  std::vector<Citation> where = e.com_plus_to_sam->citations;
  if (equal(unmoved)) {
    std::ranges::copy(unmoved->citations, std::back_inserter(where));
  }
  hypothesis.against.emplace_back(
      equal(unmoved) && !unmoved->undated ? kProof : kStrong,
      say(sam_moved ? "COM+ holds an older password of the SAM"
                    : "the SAM holds the older password of COM+",
          equal(unmoved) ? ", as the metabase does" : "", ": one change explains the difference"),
      std::move(where));
}

}  // namespace

Hypothesis multiple_changes(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis =
      claim("multiple_changes", "more than one copy of the password was changed");
  missing_copies(e, hypothesis);
  if (equal(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM hold the same password"),
                                    e.com_plus_to_sam->citations);
    return hypothesis;
  }
  const EventRecord* set = set_that_no_sam_shows(e);
  const MetabaseStep* changed = e.metabase_change();
  if (set != nullptr && changed != nullptr) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("the SAM's password was set on ", set->head.time, " (event ", set->head.event_id,
            "), and WAMUserPass changed between ",
            names_of_versions(e.the_case, *changed->before, *changed->after)),
        std::vector{set->where(), changed->after->password_where});
  }
  if (!differ(e.com_plus_to_sam)) {
    return hypothesis;
  }
  add_copies_of_different_days(e, hypothesis);
  if (equal(e.metabase_to_sam) && e.com_plus_has_former_of_sam()) {
    hypothesis.in_favour.emplace_back(kProof,
                                      say("the SAM and the metabase hold the same new password, "
                                          "COM+ one that the SAM had before"),
                                      e.metabase_to_sam->citations);
    return hypothesis;
  }
  const auto& metabase_index = e.metabase_to_sam->sam_history_index;
  if (e.com_plus_has_former_of_sam() && metabase_index &&
      metabase_index != e.com_plus_to_sam->sam_history_index) {
    hypothesis.in_favour.emplace_back(e.metabase_to_sam->undated ? kStrong : kProof,
                                      say("the SAM has moved on from both: COM+ holds entry ",
                                          *e.com_plus_to_sam->sam_history_index,
                                          " of its history, the metabase entry ", *metabase_index),
                                      e.metabase_to_sam->citations);
    return hypothesis;
  }
  const bool third = differ(e.metabase_to_sam) && differ(e.metabase_to_com_plus);
  const bool one_moved = e.com_plus_has_former_of_sam() || e.sam_has_former_of_com_plus();
  if (third && one_moved) {
    hypothesis.in_favour.emplace_back(
        e.metabase_to_sam->undated ? kWeak : kProof,
        say("of SAM and COM+ one was changed, as their former passwords show, and the metabase "
            "holds a third password"),
        e.metabase_to_com_plus->citations);
    return hypothesis;
  }
  if (one_moved) {
    add_one_change(e, hypothesis);
  } else if (!e.account->history.empty()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("COM+'s password is none that the SAM had (", e.account->history.size(),
            " remembered), and the SAM's is none that COM+ had"),
        std::vector{e.com_plus->where, e.account->history_where});
  } else {
    hypothesis.missing.push_back(Missing{say("a password history in the SAM"), true});
  }
  add_young_account(e, hypothesis);
  if (third) {
    hypothesis.in_favour.emplace_back(e.metabase_to_sam->undated ? kWeak : kStrong,
                                      say("the metabase holds a third password"),
                                      e.metabase_to_sam->citations);
  } else if (const MetabaseStep* step = e.metabase_change()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("WAMUserPass changed as well, between ",
            names_of_versions(e.the_case, *step->before, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
  }
  return hypothesis;
}

}  // namespace iwamtrace
