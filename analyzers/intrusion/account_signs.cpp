// Accounts as intruders make, raise and hide them: what the Security log tells, and what SAM shows.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzers/intrusion/signs.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kAdministrator = 500, kGuest = 501;

// Accounts that a service of Windows or IIS owns: no person logs on as one of them, and none
// belongs among the administrators.
constexpr std::array<std::string_view, 8> kServiceAccounts{
    "IWAM_",         "IUSR_",         "ASPNET", "TsInternetUser", "SQLDebugger", "SUPPORT_388945a0",
    "HelpAssistant", "HomeGroupUser$"};

bool is_service_account(UntrustedView name) {
  return std::ranges::any_of(kServiceAccounts,
                             [&](std::string_view start) { return name.starts_with(start); });
}

// ---- as the Security log tells it ----

// The first account of a machine is the one that its set-up makes.
bool is_the_first(UntrustedView sid) {
  constexpr std::uint32_t kFirstAccount = 1000;
  return sid.sid().value_or(Sid{}).rid() == kFirstAccount;
}

void tell_created(const Case& the_case, const EventRecord& record, Answers& answers) {
  const UntrustedView name = record.field("TargetUserName");
  const bool expected = is_service_account(name) || is_of_the_setup(the_case, record.head.time) ||
                        is_the_first(record.field("TargetSid"));
  Sign sign = sign_of("account_created", Severity::kInfo, say("an account was created"),
                      say(subject_of(record), " created the account ", name), answers.host, record);
  sign.ordinary = sign.ordinary || expected;
  if (!sign.ordinary) {
    sign.finding.severity = Severity::kMedium;
    sign.finding.statement.append(", in no session of a person");
  }
  answers.signs.push_back(std::move(sign));
}

// By RID; a log names local members by their SID alone.
using Names = std::map<std::uint32_t, const Account*>;

Untrusted name_of_member(const Names& names, const EventRecord& record) {
  const UntrustedView name = record.field("MemberName");
  if (!name.empty() && !name.is("-")) {
    return Untrusted{name};
  }
  const auto sid = record.field("MemberSid").sid();
  const auto found = names.find(sid ? sid->rid().value_or(0) : 0);
  return found == names.end() ? Untrusted{record.field("MemberSid")} : found->second->name;
}

// A computer that joins a domain gives the domain's administrators their place itself.
bool is_of_a_domain(const Answers& answers, const EventRecord& record) {
  const auto member = record.field("MemberSid").sid();
  const auto machine = answers.host.machine_sid.view().sid();
  constexpr std::uint32_t kDomainAdmins = 512, kEnterpriseAdmins = 519;
  const std::uint32_t rid = member ? member->rid().value_or(0) : 0;
  return rid == kDomainAdmins || rid == kEnterpriseAdmins ||
         (member && machine && !member->is_in(*machine));
}

void tell_made_administrator(const Case& the_case, const Names& names, const EventRecord& record,
                             Answers& answers) {
  if (record.field("TargetSid").sid() != well_known::kAdministrators) {
    return;
  }
  const Untrusted member = name_of_member(names, record);
  Sign sign = sign_of("account_made_administrator", Severity::kLow,
                      say("an account was made an administrator"),
                      say(subject_of(record), " put ", member, " into the group Administrators"),
                      answers.host, record);
  const auto rid = record.field("MemberSid").sid().value_or(Sid{}).rid();
  sign.ordinary = sign.ordinary || is_of_the_setup(the_case, record.head.time) ||
                  is_of_a_domain(answers, record) || is_the_first(record.field("MemberSid"));
  const bool guest = rid == kGuest;
  if (guest || is_service_account(member)) {
    // To make one an administrator was a bad cure of those years for what this program is about.
    sign.finding.severity = Severity::kHigh;
  } else if (!sign.ordinary) {
    // Agents and panels make administrators too.
    sign.finding.severity = Severity::kMedium;
    sign.step = sign.finding.statement;
    sign.finding.statement.append(", in no session of a person");
  }
  answers.signs.push_back(std::move(sign));
}

// So many accounts within a minute, by one session: a script. Whose it is, it does not say.
class MassReset {
 public:
  // False: the set belongs to another minute.
  bool take(const EventRecord& record) {
    if (sets_.size() >= kMany && record.head.time - begin_ > kMinute) {
      return false;
    }
    const Untrusted name = Untrusted{record.field("TargetUserName")}.folded();
    if (sets_.size() >= kMany) {
      sets_.try_emplace(name, &record);
      return true;
    }
    std::erase_if(
        sets_, [&](const auto& set) { return record.head.time - set.second->head.time > kMinute; });
    sets_.insert_or_assign(name, &record);
    begin_ = record.head.time;
    for (const auto& [name_of_set, set] : sets_) {
      begin_ = std::min(begin_, set->head.time);
    }
    return true;
  }

  void tell(Answers& answers) const {
    if (sets_.size() < kMany) {
      return;
    }
    std::vector<const EventRecord*> in_order;
    for (const auto& [name, set] : sets_) {
      in_order.push_back(set);
    }
    std::ranges::stable_sort(in_order, {}, [](const auto* set) { return set->head.time; });
    Sign sign = sign_of("mass_password_reset", Severity::kMedium,
                        say("passwords of many accounts were set at once"),
                        say(subject_of(*in_order.front()), " set the passwords of ",
                            in_order.size(), " accounts within a minute"),
                        answers.host, *in_order.front());
    sign.finding.citations.clear();
    for (const EventRecord* set : in_order) {
      sign.finding.citations.push_back(set->where());
    }
    answers.signs.push_back(std::move(sign));
  }

 private:
  static constexpr std::size_t kMany = 5;
  static constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;

  std::map<Untrusted, const EventRecord*> sets_;  // by account
  Timestamp begin_;                               // of those that are many
};

void tell_mass_resets(Answers& answers) {
  std::map<std::optional<std::uint64_t>, MassReset> by_session;
  for (const EventRecord* record : answers.events) {
    if (record->head.key != events::kPasswordReset || record->level == Level::kAuditFailure) {
      continue;
    }
    MassReset& resets = by_session[record->field("SubjectLogonId").logon_id()];
    if (!resets.take(*record)) {
      resets.tell(answers);
      resets = MassReset{};
      resets.take(*record);
    }
  }
  for (const auto& [session, resets] : by_session) {
    resets.tell(answers);
  }
}

// ---- as SAM shows it ----

std::vector<Citation> administrators_where(const AccountGrants& grants) {
  for (const GroupHeld& group : grants.groups) {
    if (group.itself && group.sid == well_known::kAdministrators) {
      return group.citations;
    }
  }
  return {};
}

// A computer's account has a flag of its own; without it a name with $ at its end only hides, since
// "net user" leaves such names out. Windows 7 and 8 make one such account themselves.
void tell_hidden(const AccountGrants& grants, Answers& answers) {
  const Account& account = *grants.account;
  const auto name = account.name.view();
  const bool hides = name.size() > 1 && name.without_prefix(name.size() - 1).is("$") &&
                     (account.flags & kNormalAccount) != 0;
  const bool administrator = is_administrator(grants);
  const bool of_windows =
      name.is("HomeGroupUser$") && !administrator && !answers.host.windows.view().contains(" 5.");
  if (!hides || of_windows) {
    return;
  }
  Sign sign = sign_of("hidden_account", administrator ? Severity::kHigh : Severity::kMedium,
                      say("an account is named so that lists leave it out"),
                      say(account.name, " ends in $ as computers' accounts do, and is a person's",
                          administrator ? "; it is an administrator" : ""),
                      {account.where, account.flags_where});
  if (administrator) {
    std::ranges::move(administrators_where(grants), std::back_inserter(sign.finding.citations));
  }
  sign.force = administrator ? Force::kStrong : Force::kWeak;
  sign.finding.time = account.created;
  answers.signs.push_back(std::move(sign));
}

// The list of names leads to another key than the one that bears the name.
void tell_renumbered(const Account& account, Answers& answers) {
  if (!account.name_rid || *account.name_rid == account.rid) {
    return;
  }
  Sign sign = sign_of("rid_hijack", Severity::kCritical, say("a name leads to another account"),
                      say("the name ", account.name, " leads to RID ", *account.name_rid,
                          ", and the account that bears it has RID ", account.rid),
                      {account.where});
  sign.force = Force::kStrong;
  sign.finding.time = account.key_written;
  answers.signs.push_back(std::move(sign));
}

void tell_hijacked(const Account& account, Answers& answers) {
  if (account.fixed_rid == 0 || account.fixed_rid == account.rid) {
    tell_renumbered(account, answers);
    return;
  }
  Sign sign = sign_of(
      "rid_hijack", Severity::kCritical, say("an account bears the number of another one"),
      say("the key of ", account.name, " is of RID ", account.rid, ", its value F says ",
          account.fixed_rid,
          account.fixed_rid == kAdministrator ? ": who logs on as it becomes the Administrator"
                                              : ""),
      {account.where, account.fixed_rid_where});
  sign.force = account.fixed_rid == kAdministrator ? Force::kProof : Force::kStrong;
  sign.finding.time = account.key_written;
  answers.signs.push_back(std::move(sign));
}

// Two names of the list that lead to one account.
void tell_shared_numbers(const Case& the_case, Answers& answers) {
  std::map<std::pair<SourceId, std::uint32_t>, const AccountName*> first;
  for (const AccountName& name : the_case.all<AccountName>()) {
    const auto [place, is_new] = first.try_emplace({name.where.source, name.rid}, &name);
    const AccountName& other = *place->second;
    if (is_new || other.name.is(name.name.view())) {
      continue;
    }
    Sign sign =
        sign_of("rid_hijack", Severity::kHigh, say("two names lead to one account"),
                say("the names ", other.name, " and ", name.name, " lead to RID ", name.rid),
                {other.where, name.where});
    sign.force = Force::kStrong;
    sign.finding.time = name.created;
    answers.signs.push_back(std::move(sign));
  }
}

// Tools of 2002 to 2006 copied the whole value of the Administrator over that of another account.
void tell_cloned(const Account& account, const Account& administrator, Answers& answers) {
  const bool same = account.last_logon && account.last_logon == administrator.last_logon &&
                    account.password_last_set &&
                    account.password_last_set == administrator.password_last_set &&
                    account.logon_count == administrator.logon_count;
  if (!same || account.rid == administrator.rid) {
    return;
  }
  Sign sign =
      sign_of("cloned_account", Severity::kHigh, say("an account is a copy of the Administrator"),
              say(account.name,
                  " has the last logon, the time of the password and the "
                  "count of logons of ",
                  administrator.name, ", to the tick"),
              {account.flags_where, administrator.flags_where});
  sign.force = Force::kStrong;
  answers.signs.push_back(std::move(sign));
}

void tell_service_administrator(const AccountGrants& grants, Answers& answers) {
  const Account& account = *grants.account;
  const bool guest = account.rid == kGuest;
  if ((!guest && !is_service_account(account.name)) || !is_administrator(grants)) {
    return;
  }
  Sign sign = sign_of("account_made_administrator", Severity::kHigh,
                      say("an account of the system is an administrator"),
                      say(account.name, " is in the group Administrators, where ",
                          guest ? "Guest" : "an account of a service", " has no business"),
                      administrators_where(grants));
  sign.force = guest ? Force::kStrong : Force::kWeak;
  sign.ordinary = !guest;
  answers.signs.push_back(std::move(sign));
}

// The first logon of each account that no person's session had made: who came in by it, from where.
void tell_new_accounts_used(Answers& answers) {
  std::set<Untrusted> made;
  for (const EventRecord* record : answers.events) {
    const Untrusted name = Untrusted{record->field("TargetUserName")}.folded();
    if (record->head.key == events::kAccountCreated && system_session_of(answers.host, *record) &&
        !is_service_account(name)) {
      made.insert(name);
    }
    const auto found = made.find(name);
    if (record->head.key != events::kLogon || found == made.end()) {
      continue;
    }
    const UntrustedView address = record->field("IpAddress");
    const UntrustedView station = record->field("WorkstationName");
    Sign sign = sign_of(
        "new_account_used", Severity::kMedium, say("a new account was used"),
        say(record->field("TargetUserName"), " logged on, type ", record->field("LogonType"),
            ", from ", address.empty() || address.is("-") ? UntrustedView{station} : address, " (",
            station, ")"),
        {record->where()});
    sign.finding.time = record->head.time;
    sign.logon_id = record->field("TargetLogonId").logon_id();
    sign.ordinary = true;
    answers.signs.push_back(std::move(sign));
    made.erase(found);
  }
}

}  // namespace

void find_account_signs(const Case& the_case, Answers& answers) {
  Names names;
  for (const Account& account : the_case.all<Account>()) {
    names.emplace(account.rid, &account);
  }
  for (const EventRecord* record : answers.events) {
    if (record->head.key == events::kAccountCreated) {
      tell_created(the_case, *record, answers);
    } else if (record->head.key == events::kGroupMemberAdded) {
      tell_made_administrator(the_case, names, *record, answers);
    }
  }
  tell_mass_resets(answers);
  tell_new_accounts_used(answers);
  tell_shared_numbers(the_case, answers);
  std::map<SourceId, const Account*> administrators;  // by SAM
  for (const Account& account : the_case.all<Account>()) {
    if (account.rid == kAdministrator) {
      administrators.emplace(account.where.source, &account);
    }
  }
  for (const AccountGrants& grants : answers.grants) {
    if (grants.account == nullptr) {
      continue;
    }
    tell_hidden(grants, answers);
    tell_hijacked(*grants.account, answers);
    tell_service_administrator(grants, answers);
    const auto administrator = administrators.find(grants.account->where.source);
    if (administrator != administrators.end()) {
      tell_cloned(*grants.account, *administrator->second, answers);
    }
  }
}

}  // namespace iwamtrace
