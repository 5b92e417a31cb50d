// May the account log on and do its work, as the evidence has it last?
#include "analyzers/account_state.h"

#include <algorithm>

#include "analyzers/computer_names.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kUsersRid = 545;
constexpr std::string_view kNt4 = "NT 4.0";

Observation yes(Untrusted statement, std::vector<Citation> where,
                std::optional<Timestamp> since = {}) {
  return {true, std::move(statement), std::move(where), since};
}
Observation no(Untrusted statement, std::vector<Citation> where) {
  return {false, std::move(statement), std::move(where), {}};
}

// "30 minutes", "42 days"; the default of Windows is some hours more, and it says 42 itself.
Untrusted duration(std::int64_t ticks) {
  const bool days = ticks >= Timestamp::kTicksPerDay;
  const std::int64_t count =
      ticks / (days ? Timestamp::kTicksPerDay : 60 * Timestamp::kTicksPerSecond);
  return say(count, days ? " day" : " minute", count == 1 ? "" : "s");
}

// Later by a length of time out of a hive, which may be any number.
std::optional<Timestamp> later(Timestamp time, std::int64_t ticks) {
  if (ticks < 0 || time.ticks > INT64_MAX - ticks) {
    return std::nullopt;
  }
  return Timestamp{time.ticks + ticks};
}

// ---- the moment of the copy ----

// Of the hive and of this machine's logs, whichever reaches furthest.
class LastMoment {
 public:
  void hear(std::optional<Timestamp> time, const Untrusted& because, const Citation& where) {
    if (time && (!last_ || *time > last_->time)) {
      last_ = Bound{*time, because, {where}};
    }
  }
  [[nodiscard]] const std::optional<Bound>& last() const { return last_; }

 private:
  std::optional<Bound> last_;
};

std::optional<Bound> moment_of_copy(const Case& the_case, const Account& account,
                                    const HostAnswer& host) {
  constexpr std::uint64_t kLastWrittenAt = 12;  // in the hive's base block
  LastMoment moment;
  const Source& sam = the_case.source(account.where.source);
  moment.hear(sam.summary.last, say("the SAM hive was last written"),
              Citation{sam.id, kLastWrittenAt, std::nullopt, {}});
  moment.hear(account.key_written, say("the account's key was last written"), account.where);
  for (const Source& source : the_case.sources) {
    const SourceSummary& summary = source.summary;
    const bool ours = host.computer_name.empty() || is_name_of(host, summary.computer);
    if (!summary.computer.empty() && ours) {
      moment.hear(summary.last, say("the newest record of ", source.path), summary.computer_where);
    }
  }
  return moment.last();
}

// ---- the account in the SAM ----

Observation disabled(const Account& account) {
  const bool set = (account.flags & kAccountDisabled) != 0;
  return {set,
          say(account.name, set ? " is disabled in the SAM" : " is not disabled in the SAM"),
          {account.flags_where},
          {}};
}

// The flag stays until the next logon; whether the lock still holds follows from the policy. In the
// SAM of a machine it runs from the last bad password on.
Observation locked(const Account& account, const PasswordPolicy* policy,
                   const std::optional<Bound>& as_of, bool& ran_out) {
  if ((account.flags & kAccountLocked) == 0) {
    return no(say(account.name, " is not locked in the SAM"), {account.flags_where});
  }
  Untrusted statement = say(account.name, " is locked in the SAM");
  std::vector<Citation> where{account.flags_where};
  if (account.last_bad_password) {
    statement.append(say(", last bad password on ", *account.last_bad_password).view());
    where.push_back(account.last_bad_password_where);
  }
  const std::int64_t length = policy == nullptr ? 0 : policy->lockout_duration.value_or(0);
  if (policy != nullptr) {
    where.push_back(policy->where);
    statement.append(
        say("; the policy locks after ", policy->lockout_threshold, " bad passwords, ",
            length <= 0 ? say("until an administrator lifts it") : say("for ", duration(length)))
            .view());
  }
  const auto end = length > 0 && account.last_bad_password
                       ? later(*account.last_bad_password, length)
                       : std::nullopt;
  if (end && as_of && as_of->time >= *end) {
    ran_out = true;
    statement.append(say(", which ran out before ", as_of->time, " (", as_of->because, ")").view());
    std::ranges::copy(as_of->citations, std::back_inserter(where));
  }
  return {!ran_out, std::move(statement), std::move(where), account.last_bad_password};
}

Observation expired(const Account& account, const std::optional<Bound>& as_of) {
  if (!account.expires) {
    return no(say(account.name, " never expires"), {account.expires_where});
  }
  if (!as_of) {
    return cannot_tell(
        say("the time of the copy, to compare with the day on which ", account.name, " expires"));
  }
  const bool over = as_of->time >= *account.expires;
  std::vector<Citation> where{account.expires_where};
  std::ranges::copy(as_of->citations, std::back_inserter(where));
  return {over,
          say(account.name, over ? " expired on " : " expires only on ", *account.expires,
              over ? "" : ", after all that the evidence tells of"),
          std::move(where), account.expires};
}

// MS-SAMR 3.1.1.8: never where the flag says so, then at once where the time of the last set is 0,
// then by the policy.
Observation password_expired(const Account& account, const PasswordPolicy* policy,
                             const std::optional<Bound>& as_of) {
  if ((account.flags & kPasswordNeverExpires) != 0) {
    return no(say("the password of ", account.name, " never expires"), {account.flags_where});
  }
  if (account.password_must_change) {
    return yes(say("the password of ", account.name, " must be changed at the next logon"),
               {account.password_set_where, account.flags_where});
  }
  if (policy == nullptr) {
    return cannot_tell(say("the password policy in the SAM"));
  }
  if (!policy->max_age) {
    return no(say("by the policy no password expires"), {policy->where});
  }
  const auto end = account.password_last_set ? later(*account.password_last_set, *policy->max_age)
                                             : std::nullopt;
  if (!end || !as_of) {
    return cannot_tell(say("when the password of ", account.name,
                           " was set, or when the hive was "
                           "copied"));
  }
  const bool over = as_of->time >= *end;
  std::vector<Citation> where{account.password_set_where, account.flags_where, policy->where};
  std::ranges::copy(as_of->citations, std::back_inserter(where));
  return {over,
          say("the password of ", account.name, over ? " expired on " : " expires only on ", *end,
              ", ", duration(*policy->max_age), " after it was set"),
          std::move(where), end};
}

// ---- what logons of it may do ----

void append_names(Untrusted& statement, const std::vector<Untrusted>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    statement.append(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ");
    statement.append(names[i].view());
  }
}

Untrusted missing_of(const AccountGrants& grants) {
  Untrusted missing;
  for (const Untrusted& what : grants.missing) {
    missing.append(missing.empty() ? "" : "; ");
    missing.append(what.view());
  }
  return missing;
}

// Whether something that could not be read, or is disputed, could grant or deny it.
bool may_lack_batch_rights(const LocalMachine& machine, const AccountGrants& grants) {
  constexpr std::uint32_t kBatchRights = kBatchLogon | kDenyBatchLogon;
  std::size_t disputed = 0;
  for (const GroupHeld& group : grants.groups) {
    disputed += group.disputed ? 1 : 0;
    if (group.disputed && group.sid && (machine.logon_rights_of(*group.sid) & kBatchRights) != 0) {
      return true;
    }
  }
  return grants.missing.size() > disputed;
}

// What denies counts more than what grants.
Observation batch_logon(const LocalMachine& machine, const AccountGrants& grants) {
  const Untrusted& name = grants.account->name;
  const auto by = [&](const RightHeld& right, std::string_view what) {
    Untrusted statement = say(name, what);
    append_names(statement, right.holders);
    return statement;
  };
  if (const RightHeld* denied = grants.right("SeDenyBatchLogonRight")) {
    return no(by(*denied, " is denied to log on as a batch job, by the right of "),
              denied->citations);
  }
  if (!grants.rights_known || may_lack_batch_rights(machine, grants)) {
    return cannot_tell(missing_of(grants));
  }
  if (const RightHeld* granted = grants.right("SeBatchLogonRight")) {
    return yes(by(*granted, " may log on as a batch job, by the right of "), granted->citations);
  }
  return no(say("neither ", name, " nor a group of it may log on as a batch job"),
            {*machine.read_in_full(KeyReadInFull::Which::kAccountRights)});
}

// Without the two nobody who has logged on is a member of Users, and what Users may read is closed
// to the pooled applications.
Observation users_complete(const LocalMachine& machine, const HostAnswer& host) {
  if (host.windows.view().contains(kNt4)) {
    return cannot_tell(say("whether Users is complete: NT 4.0 does not put the two in it"));
  }
  const LocalGroup* users = machine.group(true, kUsersRid);
  const bool read = machine.read_in_full(KeyReadInFull::Which::kBuiltinGroups) != nullptr;
  if (users == nullptr || !read) {
    return cannot_tell(say("the members of the group Users in SAM"));
  }
  std::vector<Untrusted> lacking, disputed;
  std::vector<Citation> where;
  for (const Sid& member : {well_known::kInteractive, well_known::kAuthenticatedUsers}) {
    const LocalMachine::Listing listing = machine.listing(member, true, kUsersRid);
    if (!listing.by_group && !listing.by_member) {
      lacking.push_back(machine.name_of(member));
    } else if (listing.by_group != listing.by_member) {
      disputed.push_back(machine.name_of(member));
    }
    std::ranges::copy(listing.citations, std::back_inserter(where));
  }
  if (!lacking.empty()) {
    Untrusted statement = say("the group ", users->name, " lacks ");
    append_names(statement, lacking);
    return no(std::move(statement), std::move(where));
  }
  if (!disputed.empty()) {
    Observation observation = cannot_tell(say("whether the group ", users->name, " has "));
    append_names(observation.statement, disputed);
    observation.statement.append(": SAM's two lists disagree");
    observation.citations = std::move(where);
    return observation;
  }
  return yes(say("the group ", users->name, " has INTERACTIVE and Authenticated Users"),
             std::move(where));
}

// ---- whether there is such an account, and whether it counts ----

Observation exists(const Case& the_case, const Answers& answers) {
  const IwamAnswer& iwam = answers.iwam;
  if (iwam.user_name.empty()) {
    return cannot_tell(say("the name of the account that runs the pooled applications"));
  }
  if (answers.copies.account != nullptr) {
    return yes(say(iwam.user_name, " is in the SAM"), {answers.copies.account->where});
  }
  if (!iwam.domain.empty()) {
    return cannot_tell(say(iwam.user_name, " is an account of the domain ", iwam.domain,
                           ": its state is in the domain's database"));
  }
  std::vector<Citation> where;
  for (const KeyReadInFull& key : the_case.all<KeyReadInFull>()) {
    if (key.which == KeyReadInFull::Which::kUsers) {
      where.push_back(key.where);
    }
  }
  return where.empty()
             ? cannot_tell(say("the account in a SAM hive"))
             : no(say("no SAM hive of the case has an account ", iwam.user_name), std::move(where));
}

// From Windows 2000 on, a domain controller's SAM hive holds the accounts of its repair console
// alone.
Observation sam_decides(const Case& the_case, const HostAnswer& host) {
  const auto& facts = the_case.all<HostFact>();
  const auto product = std::find_if(facts.rbegin(), facts.rend(), [](const HostFact& fact) {
    return fact.kind == HostFact::Kind::kProductType;
  });
  if (product == facts.rend()) {
    return cannot_tell(say("whether the server is a domain controller: a SYSTEM hive"));
  }
  const bool active_directory =
      host.domain_role == "domain-controller" && !host.windows.view().contains(kNt4);
  return {!active_directory,
          active_directory
              ? say("the server is a domain controller: logons are checked against Active "
                    "Directory, not against the SAM hive")
              : say("the server is no domain controller of Active Directory (ProductType ",
                    product->value, "): logons of its own accounts are checked against the SAM"),
          {product->where},
          {}};
}

// The hive of the account; where none has it, the only one that there is.
std::optional<SourceId> sam_of(const Case& the_case, const Account* account) {
  if (account != nullptr) {
    return account->where.source;
  }
  const auto is_sam = [](const Source& source) { return source.kind == SourceKind::kHiveSam; };
  const auto first = std::ranges::find_if(the_case.sources, is_sam);
  const bool only = std::ranges::count_if(the_case.sources, is_sam) == 1;
  return only ? std::optional{first->id} : std::nullopt;
}

void observe_account(const Case& the_case, const Account& account, const LocalMachine& machine,
                     Answers& answers) {
  AccountStateAnswer& state = answers.account_state;
  const PasswordPolicy* policy = answers.policies.password;
  state.as_of = moment_of_copy(the_case, account, answers.host);
  state.grants = machine.grants_of(account, well_known::kBatch);
  state.batch_logon = batch_logon(machine, state.grants);
  state.disabled = disabled(account);
  state.locked = locked(account, policy, state.as_of, state.lock_ran_out);
  state.expired = expired(account, state.as_of);
  state.password_expired = password_expired(account, policy, state.as_of);
}

}  // namespace

Observation cannot_tell(Untrusted what) { return {{}, std::move(what), {}, {}}; }

void examine_account_state(const Case& the_case, Answers& answers) {
  AccountStateAnswer& state = answers.account_state;
  const Account* account = answers.copies.account;
  state.exists = exists(the_case, answers);
  state.sam_decides = sam_decides(the_case, answers.host);
  state.named_after_computer = named_after_computer(the_case, answers);
  state.services = service_states(the_case);
  // Where no SYSTEM hive tells: the SAM hive of a domain controller has no such account.
  const bool elsewhere = !state.sam_decides.holds.value_or(account != nullptr);
  const Untrusted missing =
      state.sam_decides.holds == false
          ? say("the account in Active Directory, which decides on a domain controller")
      : state.exists.holds ? say("the account in a SAM hive")
                           : state.exists.statement;
  for (Observation* observation : {&state.batch_logon, &state.disabled, &state.locked,
                                   &state.expired, &state.password_expired}) {
    *observation = cannot_tell(missing);
  }
  const auto sam = elsewhere ? std::nullopt : sam_of(the_case, account);
  if (!sam) {
    for (Observation* observation :
         {&state.users_complete, &state.sids_agree, &state.rights_are_ours}) {
      *observation = cannot_tell(state.sam_decides.holds
                                     ? say("the SAM hive of this machine, if it decides at all")
                                     : state.sam_decides.statement);
    }
    state.access = check_permissions(the_case, nullptr, nullptr);
    return;
  }
  const LocalMachine machine(the_case, *sam);
  state.users_complete = users_complete(machine, answers.host);
  state.sids_agree = sids_agree(the_case, machine);
  state.rights_are_ours = rights_are_ours(the_case, machine);
  if (account != nullptr) {
    observe_account(the_case, *account, machine, answers);
  }
  state.access =
      check_permissions(the_case, &machine, account == nullptr ? nullptr : &state.grants);
}

}  // namespace iwamtrace
