// When did the state begin that breaks the applications, and which record tells of it?
#include <algorithm>
#include <array>

#include "analyzers/cause_changes.h"
#include "analyzers/iis_services.h"
#include "analyzers/iwam_events.h"

namespace iwamtrace {
namespace {

enum class Effect : std::uint8_t { kNone, kMakes, kUndoes };

class StateRecords {
 public:
  explicit StateRecords(const Answers& answers) : answers_(answers) {}

  [[nodiscard]] Effect effect(std::string_view cause, const EventRecord& record) const {
    if (cause == "logon_right_missing") {
      return of_batch_right(record);
    }
    if (cause == "account_disabled") {
      return of_account(record, events::kUserAccountDisabled, events::kUserAccountEnabled);
    }
    if (cause == "account_locked") {
      return of_account(record, events::kUserAccountLockedOut, events::kUserAccountUnlocked);
    }
    if (cause == "password_expired" || cause == "account_expired") {
      return record.head.key == events::kAccountChanged && targets_iwam(record, answers_)
                 ? Effect::kMakes
                 : Effect::kNone;
    }
    if (cause == "users_group_incomplete") {
      return of_users(record);
    }
    if (cause == "group_membership_changed") {
      return of_member(record);
    }
    if (cause == "service_disabled") {
      return of_service(record);
    }
    if (cause == "rpc_service_crash") {
      return is_crash_under_dcom(record) ? Effect::kMakes : Effect::kNone;
    }
    return Effect::kNone;
  }

  // Who locked the account is not who the record names: somebody tried passwords.
  static bool names_who_did_it(std::string_view cause) {
    return cause != "account_locked" && cause != "rpc_service_crash";
  }

 private:
  [[nodiscard]] const std::optional<Sid>& iwam() const { return answers_.account_state.grants.sid; }

  // Also a group by which the account has its rights.
  [[nodiscard]] bool is_iwam_or_group(const std::optional<Sid>& sid) const {
    const auto& groups = answers_.account_state.grants.groups;
    return sid && (sid == iwam() || std::ranges::any_of(groups, [&](const GroupHeld& group) {
                     return group.sid == sid;
                   }));
  }

  [[nodiscard]] Effect of_batch_right(const EventRecord& record) const {
    const EventKey key = record.head.key;
    const bool removed = key == events::kLogonRightRemoved || key == events::kPrivilegeRemoved;
    const bool granted = key == events::kLogonRightGranted || key == events::kPrivilegeGranted;
    if ((!removed && !granted) || !is_iwam_or_group(record.field("TargetSid").sid())) {
      return Effect::kNone;
    }
    for (const std::string_view name : {"AccessRemoved", "AccessGranted", "PrivilegeList"}) {
      const UntrustedView right = record.field(name);
      if (right.contains("SeDenyBatchLogonRight")) {
        return granted ? Effect::kMakes : Effect::kUndoes;
      }
      if (right.contains("SeBatchLogonRight")) {
        return removed ? Effect::kMakes : Effect::kUndoes;
      }
    }
    return Effect::kNone;
  }

  // A lockout has the calling machine where others have the domain.
  [[nodiscard]] bool is_about_iwam(const EventRecord& record) const {
    if (record.head.key != events::kUserAccountLockedOut) {
      return targets_iwam(record, answers_);
    }
    const auto sid = record.field("TargetSid").sid();
    return record.field("TargetUserName").is(answers_.iwam.user_name) &&
           (!sid || !iwam() || sid == iwam());
  }

  [[nodiscard]] Effect of_account(const EventRecord& record, EventKey makes,
                                  EventKey undoes) const {
    const EventKey key = record.head.key;
    if ((key != makes && key != undoes) || !is_about_iwam(record)) {
      return Effect::kNone;
    }
    return key == makes ? Effect::kMakes : Effect::kUndoes;
  }

  static Effect of_membership(const EventRecord& record) {
    return record.head.key == events::kGroupMemberRemoved ? Effect::kMakes
           : record.head.key == events::kGroupMemberAdded ? Effect::kUndoes
                                                          : Effect::kNone;
  }

  static Effect of_users(const EventRecord& record) {
    const auto member = record.field("MemberSid").sid();
    const bool either =
        member == well_known::kInteractive || member == well_known::kAuthenticatedUsers;
    return either && record.field("TargetSid").sid() == well_known::kUsers ? of_membership(record)
                                                                           : Effect::kNone;
  }

  [[nodiscard]] Effect of_member(const EventRecord& record) const {
    return iwam() && record.field("MemberSid").sid() == iwam() ? of_membership(record)
                                                               : Effect::kNone;
  }

  static Effect of_service(const EventRecord& record) {
    if (record.head.key != events::kServiceStartChanged ||
        !is_service_of_iis(record.field("ServiceName"))) {
      return Effect::kNone;
    }
    return record.field("NewStartType").contains("disabled") ? Effect::kMakes : Effect::kUndoes;
  }

  const Answers& answers_;
};

Timestamp last_failure(const Answers& answers) {
  Timestamp last{};
  for (const FailuresAnswer::Group& group : answers.failures.groups) {
    last = std::max(last, group.records.back()->head.time);
  }
  return last;
}

// The record with which the state began that lasted until the last failure.
const EventRecord* beginning(std::string_view cause, const Answers& answers) {
  const StateRecords records(answers);
  const Timestamp last = last_failure(answers);
  const bool logon_proves_otherwise = cause == "logon_right_missing" ||
                                      cause.starts_with("account_") || cause == "password_expired";
  const EventRecord* begun = nullptr;
  for (const EventRecord* record : answers.events) {
    if (record->origin != Origin::kAllocated || record->level == Level::kAuditFailure ||
        (last != Timestamp{} && record->head.time > last)) {
      continue;
    }
    const Effect effect = records.effect(cause, *record);
    if (effect == Effect::kMakes && begun == nullptr) {
      begun = record;
    } else if (effect == Effect::kUndoes ||
               (logon_proves_otherwise && is_iwam_start(*record, answers))) {
      begun = nullptr;
    }
  }
  return begun;
}

Untrusted told_by(std::string_view cause, const EventRecord& record, const Answers& answers) {
  const Untrusted& iwam = answers.iwam.user_name;
  const Untrusted event = say(" (event ", record.head.event_id, ")");
  if (cause == "logon_right_missing") {
    const bool denied = record.head.key == events::kLogonRightGranted ||
                        record.head.key == events::kPrivilegeGranted;
    return say(denied ? "to log on as a batch job was denied to "
                      : "the right to log on as a batch job was taken from ",
               record.field("TargetSid").sid() == answers.account_state.grants.sid
                   ? iwam
                   : say("a group of ", iwam),
               event);
  }
  if (cause == "account_disabled") {
    return say(iwam, " was disabled", event);
  }
  if (cause == "account_locked") {
    const UntrustedView machine = record.field("TargetDomainName");
    return say(iwam, " was locked out",
               machine.empty() ? Untrusted{} : say(", by bad passwords from ", machine), event);
  }
  if (cause == "password_expired" || cause == "account_expired") {
    return say("the account ", iwam, " was changed", event, ", the last time before it failed");
  }
  if (cause == "users_group_incomplete") {
    const auto member = record.field("MemberSid").sid();
    return say(member ? well_known_name(*member) : std::string_view{"a member"},
               " was taken out of the group ", record.field("TargetUserName"), event);
  }
  if (cause == "group_membership_changed") {
    return say(iwam, " was taken out of the group ", record.field("TargetUserName"), event);
  }
  if (cause == "service_disabled") {
    return say("the service ", record.field("ServiceName"), " was disabled", event);
  }
  return say("the service ", record.field("ServiceName"), " ended unexpectedly", event);
}

// What the hives date themselves: a day on which something ran out, or a key that was written last.
const Observation* dated_state(std::string_view cause, const Answers& answers) {
  const AccountStateAnswer& state = answers.account_state;
  if (cause == "account_expired" && state.expired.holds == true) {
    return &state.expired;
  }
  if (cause == "password_expired" && state.password_expired.holds == true) {
    return &state.password_expired;
  }
  return nullptr;
}

bool worked_after(Timestamp time, const Answers& answers) {
  const auto& success = answers.desync.last_success;
  return success && success->time > time;
}

// An account made anew is younger than what COM+ and the metabase know of it.
std::optional<Bound> made_anew(std::string_view cause, const Answers& answers) {
  const Account* account = answers.copies.account;
  if (cause != "domain_controller_demotion" || account == nullptr || !account->created) {
    return std::nullopt;
  }
  return bound_at(*account->created, say("the account was made"), {account->where});
}

}  // namespace

CauseChange change_of_state(std::string_view cause, const Case& /*the_case*/,
                            const Answers& answers) {
  CauseChange change;
  const Observation* dated = dated_state(cause, answers);
  const EventRecord* record = beginning(cause, answers);
  if (dated != nullptr && (!dated->since || worked_after(*dated->since, answers))) {
    dated = nullptr;
  }
  if (record != nullptr && (dated == nullptr || *dated->since <= record->head.time)) {
    change.earliest = change.latest =
        bound_at(record->head.time, told_by(cause, *record, answers), {record->where()});
    change.record = StateRecords::names_who_did_it(cause) ? record : nullptr;
  } else if (dated != nullptr) {
    change.earliest = change.latest = bound_at(*dated->since, dated->statement, dated->citations);
  } else if (const auto made = made_anew(cause, answers)) {
    change.earliest = change.latest = made;
  }
  return change;
}

}  // namespace iwamtrace
