#include "analyzers/cause_facts.h"

#include <algorithm>
#include <array>

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
    miss(say("the password hash in the SAM: ", evidence.com_plus_to_sam->basis));
  }
  if (evidence.com_plus == nullptr) {
    miss(say("the COM+ secret in a SECURITY hive"));
  } else if (!evidence.com_plus->fingerprint) {
    miss(say("the value of the COM+ secret: ", evidence.com_plus_to_sam->basis));
  }
}

bool differ(const Comparison* comparison) { return comparison->result == Equality::kDifferent; }
bool equal(const Comparison* comparison) { return comparison->result == Equality::kEqual; }

// The refused logon says that COM+'s password was not the SAM's at that moment, not who changed.
void add_refused_logons(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const auto& failures = evidence.answers.failures.logon_failures;
  const auto refused = std::ranges::find_if(failures, [](const EventRecord* record) {
    return dcom_error(*record) == win32::kLogonFailure;
  });
  if (refused != failures.end()) {
    hypothesis.in_favour.emplace_back(
        kWeak,
        say("DCOM could not log on ", evidence.answers.iwam.user_name, " on ",
            (*refused)->head.time, ": 1326, unknown user name or bad password"),
        std::vector{(*refused)->where()});
  }
}

void add_equal_copies(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  hypothesis.against.emplace_back(kProof, say("COM+ and the SAM hold the same password"),
                                  evidence.com_plus_to_sam->citations);
}

// Whether the metabase stood still while another copy changed: by its value, which must be that of
// the copy that stood still too, else by its versions.
void add_metabase_unchanged(const CauseEvidence& evidence, const Comparison& with_the_other,
                            std::optional<Timestamp> change, Hypothesis& hypothesis) {
  const CauseEvidence& e = evidence;
  if (with_the_other.result != Equality::kUnknown) {
    const bool holds = equal(&with_the_other);
    const bool sam = with_the_other.right == Copy::kSam;
    (holds ? hypothesis.in_favour : hypothesis.against)
        .emplace_back(kStrong,
                      say("the metabase ", holds ? "holds the password that " : "differs from ",
                          sam ? "the SAM" : "COM+", holds ? " has" : " too"),
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
    const auto saved = saved_at(e.the_case, *step->after);
    const bool known_before = saved && change && *saved < *change;
    hypothesis.against.emplace_back(
        known_before ? kWeak : kStrong,
        say("WAMUserPass changed too, between ", name_of_version(e.the_case, *step->before),
            " and ", name_of_version(e.the_case, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
    return;
  }
  const MetabaseSnapshot& oldest = *e.steps.front().before;
  const MetabaseSnapshot& newest = *e.steps.back().after;
  const auto first = saved_at(e.the_case, oldest);
  const auto last = saved_at(e.the_case, newest);
  const bool spans = change && first && last && *first <= *change && *last >= *change;
  hypothesis.in_favour.emplace_back(
      spans ? kStrong : kWeak,
      say("WAMUserPass is the same in ", name_of_version(e.the_case, oldest), " and ",
          name_of_version(e.the_case, newest), spans ? ", saved before and after the change" : ""),
      std::vector{oldest.password_where, newest.password_where});
}

void add_password_sets(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  for (const EventRecord* record : evidence.password_sets) {
    const bool after_sync = !evidence.com_plus || !evidence.com_plus->set ||
                            record->head.time > *evidence.com_plus->set;
    if (after_sync) {
      const Untrusted who = subject_of(*record);
      hypothesis.in_favour.emplace_back(
          kStrong,
          say("the password of ", evidence.answers.iwam.user_name, " was set on ",
              record->head.time, who.empty() ? "" : " by ", who, " (event ", record->head.event_id,
              ")"),
          std::vector{record->where()});
    }
  }
}

void add_times(const CauseEvidence& evidence, Hypothesis& sam_moved) {
  const Account& account = *evidence.account;
  const SecretValue& secret = *evidence.com_plus;
  const std::vector<Citation> where{account.password_set_where, secret.set_where};
  if (evidence.sam_set_later()) {
    sam_moved.in_favour.emplace_back(
        differ(evidence.com_plus_to_sam) ? kStrong : kWeak,
        say("the SAM's password was set on ", *account.password_last_set, ", after COM+'s (",
            *secret.set, ")"),
        where);
  } else if (evidence.com_plus_set_later()) {
    sam_moved.against.emplace_back(differ(evidence.com_plus_to_sam) ? kStrong : kWeak,
                                   say("COM+'s password was set on ", *secret.set,
                                       ", after the SAM's (", *account.password_last_set, ")"),
                                   where);
  }
}

// ---- causes by Win32 code ------------------------------------------------------------------

struct LogonCause {
  std::string_view id, claim;
  std::array<std::uint32_t, 2> codes;  // a second one where there are two
};
constexpr std::array kLogonCauses{
    LogonCause{"logon_right_missing",
               "the right to log on as a batch job is missing",
               {win32::kLogonTypeNotGranted, 0}},
    LogonCause{"account_locked", "the account is locked out", {win32::kAccountLockedOut, 0}},
    LogonCause{"account_disabled", "the account is disabled", {win32::kAccountDisabled, 0}},
    LogonCause{"account_expired", "the account has expired", {win32::kAccountExpired, 0}},
    LogonCause{"password_expired",
               "the password has expired or must be changed",
               {win32::kPasswordExpired, win32::kPasswordMustChange}},
};

bool has_code(const EventRecord& record, const LogonCause& cause) {
  const auto code = dcom_error(record);
  return code && std::ranges::find(cause.codes, *code) != cause.codes.end();
}

std::optional<Timestamp> last_failure(const FailuresAnswer& failures) {
  std::optional<Timestamp> last;
  for (const auto* records : {&failures.logon_failures, &failures.timeouts, &failures.unloaded}) {
    for (const EventRecord* record : *records) {
      last = std::max(last, std::optional{record->head.time});
    }
  }
  return last;
}

// The account's present state, where no logon error names the cause. What is so only since the last
// failure is not why it happened.
void add_state(const CauseEvidence& evidence, const Observation& state, Hypothesis& hypothesis) {
  if (!state.holds) {
    hypothesis.missing.push_back(Missing{state.statement, false});
    return;
  }
  const auto failure = last_failure(evidence.answers.failures);
  if (*state.holds && failure && state.since && *state.since > *failure) {
    hypothesis.against.emplace_back(
        kStrong, say(state.statement, "; the last failure was before, on ", *failure),
        state.citations);
    return;
  }
  (*state.holds ? hypothesis.in_favour : hypothesis.against)
      .emplace_back(*state.holds ? kStrong : kProof, state.statement, state.citations);
}

// Its absence is the cause.
Observation negated(Observation state) {
  if (state.holds) {
    state.holds = !*state.holds;
  }
  return state;
}

void add_account_state(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const AccountStateAnswer& state = evidence.answers.account_state;
  if (hypothesis.id == "logon_right_missing") {
    add_state(evidence, negated(state.batch_logon), hypothesis);
  } else if (hypothesis.id == "account_locked" && state.lock_ran_out) {
    hypothesis.in_favour.emplace_back(kWeak, state.locked.statement, state.locked.citations);
  } else if (hypothesis.id == "account_locked") {
    add_state(evidence, state.locked, hypothesis);
  } else if (hypothesis.id == "account_disabled") {
    add_state(evidence, state.disabled, hypothesis);
  } else if (hypothesis.id == "password_expired") {
    add_state(evidence, state.password_expired, hypothesis);
  } else if (hypothesis.id == "account_expired") {
    add_state(evidence, state.expired, hypothesis);
  }
}

}  // namespace

CauseEvidence::CauseEvidence(const Case& a_case, const Answers& given)
    : the_case(a_case),
      answers(given),
      account(given.copies.account),
      com_plus(given.copies.secret == nullptr ? nullptr : &given.copies.secret->current),
      com_plus_previous(given.copies.secret == nullptr ? nullptr : &given.copies.secret->previous),
      com_plus_to_sam(given.copies.comparison(Copy::kComPlus, Copy::kSam)),
      metabase_to_sam(given.copies.comparison(Copy::kMetabase, Copy::kSam)),
      metabase_to_com_plus(given.copies.comparison(Copy::kMetabase, Copy::kComPlus)),
      steps(metabase_steps(given.copies)) {
  for (const EventRecord& record : the_case.events) {
    if (sets_iwam_password(record, answers.iwam)) {
      password_sets.push_back(&record);
    }
  }
}

bool CauseEvidence::sam_set_later() const {
  return account != nullptr && com_plus != nullptr && account->password_last_set && com_plus->set &&
         *account->password_last_set > *com_plus->set;
}

bool CauseEvidence::com_plus_set_later() const {
  return account != nullptr && com_plus != nullptr && account->password_last_set && com_plus->set &&
         *com_plus->set > *account->password_last_set;
}

const MetabaseStep* CauseEvidence::metabase_change() const {
  const auto last = std::find_if(steps.rbegin(), steps.rend(),
                                 [](const MetabaseStep& step) { return step.changed; });
  return last == steps.rend() ? nullptr : &*last;
}

Hypothesis sam_changed_alone(const CauseEvidence& evidence) {
  Hypothesis hypothesis{"sam_changed_alone",
                        say("the password was changed in the SAM alone; COM+ and the metabase keep "
                            "the one before"),
                        {},
                        {},
                        {}};
  const Comparison& com_plus = *evidence.com_plus_to_sam;
  missing_copies(evidence, hypothesis);
  if (equal(&com_plus)) {
    add_equal_copies(evidence, hypothesis);
    return hypothesis;
  }
  if (differ(&com_plus)) {
    if (com_plus.sam_history_index && !evidence.com_plus_set_later()) {
      hypothesis.in_favour.emplace_back(
          kProof,
          say("COM+ still holds the password that the SAM had before (entry ",
              *com_plus.sam_history_index, " of its history)"),
          com_plus.citations);
    }
    if (evidence.com_plus_previous->fingerprint == evidence.account->fingerprint) {
      hypothesis.against.emplace_back(
          kProof, say("the SAM's password is the one that COM+ had before its last change"),
          std::vector{evidence.com_plus_previous->where, evidence.account->hash_where});
    }
    add_metabase_unchanged(evidence, *evidence.metabase_to_com_plus,
                           evidence.account->password_last_set, hypothesis);
  }
  if (evidence.account != nullptr && evidence.com_plus != nullptr) {
    add_times(evidence, hypothesis);
  }
  add_password_sets(evidence, hypothesis);
  add_refused_logons(evidence, hypothesis);
  return hypothesis;
}

Hypothesis com_plus_changed_alone(const CauseEvidence& evidence) {
  Hypothesis hypothesis{"com_plus_changed_alone",
                        say("the password was changed in COM+ alone; the SAM and the metabase keep "
                            "the one before"),
                        {},
                        {},
                        {}};
  const Comparison& com_plus = *evidence.com_plus_to_sam;
  missing_copies(evidence, hypothesis);
  if (equal(&com_plus)) {
    add_equal_copies(evidence, hypothesis);
    return hypothesis;
  }
  if (differ(&com_plus)) {
    if (evidence.com_plus_previous->fingerprint == evidence.account->fingerprint) {
      hypothesis.in_favour.emplace_back(
          kProof, say("the password that COM+ had before is still the SAM's"),
          std::vector{evidence.com_plus_previous->where, evidence.account->hash_where});
    }
    if (com_plus.sam_history_index && !evidence.com_plus_set_later()) {
      hypothesis.against.emplace_back(
          kProof, say("COM+ holds an older password of the SAM: the SAM moved, not COM+"),
          com_plus.citations);
    }
    if (evidence.com_plus_set_later()) {
      hypothesis.in_favour.emplace_back(
          kStrong,
          say("COM+'s password was set on ", *evidence.com_plus->set, ", after the SAM's (",
              *evidence.account->password_last_set, ")"),
          std::vector{evidence.com_plus->set_where, evidence.account->password_set_where});
    } else if (evidence.sam_set_later()) {
      hypothesis.against.emplace_back(
          kStrong,
          say("COM+'s password was set on ", *evidence.com_plus->set, ", before the SAM's (",
              *evidence.account->password_last_set, ")"),
          std::vector{evidence.com_plus->set_where, evidence.account->password_set_where});
    }
    add_metabase_unchanged(evidence, *evidence.metabase_to_sam, evidence.com_plus->set, hypothesis);
  }
  add_refused_logons(evidence, hypothesis);
  return hypothesis;
}

Hypothesis metabase_changed_alone(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis{"metabase_changed_alone",
                        say("the password was changed in the metabase alone; the SAM and COM+ keep "
                            "the one before"),
                        {},
                        {},
                        {}};
  if (differ(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM differ from each other"),
                                    e.com_plus_to_sam->citations);
  }
  if (equal(e.metabase_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("the metabase holds the SAM's password"),
                                    e.metabase_to_sam->citations);
  } else if (differ(e.metabase_to_sam) && equal(e.com_plus_to_sam)) {
    hypothesis.in_favour.emplace_back(
        kProof,
        say("COM+ and the SAM agree, and the metabase differs (", e.metabase_to_sam->basis, ")"),
        e.metabase_to_sam->citations);
  }
  const MetabaseStep* step = e.metabase_change();
  if (e.steps.empty()) {
    hypothesis.missing.push_back(
        Missing{say("two versions of the metabase that can be compared"), false});
  } else if (step == nullptr) {
    hypothesis.against.emplace_back(
        kStrong,
        say("WAMUserPass is the same in all versions from ",
            name_of_version(e.the_case, *e.steps.front().before), " to ",
            name_of_version(e.the_case, *e.steps.back().after)),
        std::vector{e.steps.front().before->password_where, e.steps.back().after->password_where});
  } else {
    const std::vector<Citation> where{step->before->password_where, step->after->password_where};
    const auto before = saved_at(e.the_case, *step->before);
    const auto after = saved_at(e.the_case, *step->after);
    const auto moved_along = [&](const std::optional<Timestamp>& set) {
      return set && before && *set >= Timestamp{before->ticks - kSameWork};
    };
    const bool sam_too = e.account != nullptr && moved_along(e.account->password_last_set);
    const bool com_plus_too = e.com_plus != nullptr && moved_along(e.com_plus->set);
    // Without its time the change may be one that SAM and COM+ went along with.
    hypothesis.in_favour.emplace_back(
        before ? kStrong : kWeak,
        say("WAMUserPass differs between ", name_of_version(e.the_case, *step->before), " and ",
            name_of_version(e.the_case, *step->after)),
        where);
    if (sam_too || com_plus_too) {
      hypothesis.against.emplace_back(
          kStrong,
          say("the other copies were set with it or later: ",
              sam_too ? say("the SAM on ", *e.account->password_last_set) : Untrusted{},
              sam_too && com_plus_too ? ", " : "",
              com_plus_too ? say("COM+ on ", *e.com_plus->set) : Untrusted{}),
          sam_too ? std::vector{e.account->password_set_where}
                  : std::vector{e.com_plus->set_where});
    } else if (!before || !after) {
      hypothesis.missing.push_back(
          Missing{say("when the metabase changed: its file times are those of a copy"), !before});
    }
  }
  if (!differ(e.metabase_to_sam) && !equal(e.metabase_to_sam)) {
    hypothesis.missing.push_back(
        Missing{say("the metabase's password itself: ", e.metabase_to_sam->basis), true});
  }
  return hypothesis;
}

Hypothesis multiple_changes(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis{"multiple_changes",
                        say("more than one copy of the password was changed, to different values"),
                        {},
                        {},
                        {}};
  missing_copies(evidence, hypothesis);
  if (equal(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM hold the same password"),
                                    e.com_plus_to_sam->citations);
    return hypothesis;
  }
  if (!differ(e.com_plus_to_sam)) {
    return hypothesis;
  }
  const bool com_plus_has_old_sam = e.com_plus_to_sam->sam_history_index.has_value();
  const bool sam_has_old_com_plus = e.com_plus_previous->fingerprint == e.account->fingerprint;
  if (com_plus_has_old_sam || sam_has_old_com_plus) {
    hypothesis.against.emplace_back(
        kStrong,
        com_plus_has_old_sam ? say("COM+ holds an older password of the SAM: one change explains "
                                   "the difference")
                             : say("the SAM holds the older password of COM+: one change explains "
                                   "the difference"),
        e.com_plus_to_sam->citations);
  } else if (!e.account->history.empty()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("COM+'s password is none that the SAM had (", e.account->history.size(),
            " remembered), and the SAM's is none that COM+ had"),
        std::vector{e.com_plus->where, e.account->history_where});
  } else {
    hypothesis.missing.push_back(Missing{say("a password history in the SAM"), true});
  }
  if (differ(e.metabase_to_sam) && differ(e.metabase_to_com_plus)) {
    hypothesis.in_favour.emplace_back(kStrong, say("the metabase holds a third password"),
                                      e.metabase_to_sam->citations);
  } else if (const MetabaseStep* step = e.metabase_change()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("WAMUserPass changed as well, between ", name_of_version(e.the_case, *step->before),
            " and ", name_of_version(e.the_case, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
  }
  return hypothesis;
}

std::vector<Hypothesis> causes_by_logon_error(const CauseEvidence& evidence) {
  std::vector<Hypothesis> hypotheses;
  const auto& failures = evidence.answers.failures.logon_failures;
  for (const LogonCause& cause : kLogonCauses) {
    Hypothesis hypothesis{std::string(cause.id), say(cause.claim), {}, {}, {}};
    const auto named = std::ranges::find_if(
        failures, [&](const EventRecord* record) { return has_code(*record, cause); });
    if (named != failures.end()) {
      const std::uint32_t code = *dcom_error(**named);
      hypothesis.in_favour.emplace_back(
          kProof,
          say("DCOM could not log on ", (*named)->field("User"), " on ", (*named)->head.time, ": ",
              code, ", ", win32_error(code)),
          std::vector{(*named)->where()});
    } else {
      add_account_state(evidence, hypothesis);
    }
    hypotheses.push_back(std::move(hypothesis));
  }
  return hypotheses;
}

}  // namespace iwamtrace
