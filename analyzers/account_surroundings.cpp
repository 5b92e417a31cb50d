// What stands around the account: permissions, services, and whether it is this machine's at all.
#include <algorithm>
#include <array>
#include <set>

#include "analyzers/access_check.h"
#include "analyzers/account_state.h"
#include "analyzers/computer_names.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

using Of = AccessPermission::Of;
using Which = KeyReadInFull::Which;

// The last in citation order: with several copies of a hive they say the same or are findings.
template <typename Item, typename Wanted>
const Item* last_of(const Case& the_case, Wanted wanted) {
  const auto& items = the_case.all<Item>();
  const auto found = std::find_if(items.rbegin(), items.rend(), wanted);
  return found == items.rend() ? nullptr : &*found;
}

const AccessPermission* permission(const Case& the_case, Of of) {
  return last_of<AccessPermission>(
      the_case, [&](const AccessPermission& permission) { return permission.of == of; });
}

const KeyReadInFull* read_in_full(const Case& the_case, Which which) {
  return last_of<KeyReadInFull>(the_case,
                                [&](const KeyReadInFull& key) { return key.which == which; });
}

// Somebody whose access is asked for.
struct Person {
  Untrusted name;
  std::vector<Sid> token;
  bool system = false;
};

std::vector<Person> people(const LocalMachine* machine, const AccountGrants* grants) {
  // W3SVC runs as SYSTEM and asks DCOM to start dllhost; the account only runs in it.
  std::vector<Person> people{{say("SYSTEM"),
                              {well_known::kSystem, well_known::kAdministrators,
                               well_known::kEveryone, well_known::kAuthenticatedUsers},
                              true}};
  if (machine != nullptr && grants != nullptr && grants->sid) {
    people.push_back(
        {grants->account->name, machine->token_of(*grants, well_known::kBatch), false});
  }
  return people;
}

Untrusted in_words(const AccessDecision& decision, const LocalMachine* machine) {
  const auto trustee = [&] {
    const Sid& sid = decision.entry->trustee;
    const std::string_view known = well_known_name(sid);
    return machine != nullptr ? machine->name_of(sid)
           : known.empty()    ? say(std::string_view{to_string(sid)})
                              : say(known);
  };
  switch (decision.result) {
    case AccessDecision::Result::kDenied:
      return say("it denies ", trustee());
    case AccessDecision::Result::kGranted:
      return decision.entry == nullptr ? say("it has no list of permissions: all is open")
                                       : say("it allows ", trustee());
    default:
      return say("no entry of it allows it");
  }
}

Observation observed(const Person& person, const Untrusted& what, const AccessDecision& decision,
                     const LocalMachine* machine, std::vector<Citation> where) {
  const bool granted = decision.result == AccessDecision::Result::kGranted;
  return {
      granted,
      say(person.name, granted ? " may " : " may not ", what, ": ", in_words(decision, machine)),
      std::move(where),
      {}};
}

// ---- launching the pooled applications ----

// Which permission DCOM asks, and where it is, or where it was looked for.
struct LaunchPermission {
  Of of{};
  Untrusted name;
  SecurityDescriptor descriptor;
  std::vector<Citation> where;
};

std::optional<LaunchPermission> launch_permission(const Case& the_case) {
  if (const AccessPermission* own = permission(the_case, Of::kPooledLaunch)) {
    return LaunchPermission{
        Of::kPooledLaunch, say("their own LaunchPermission"), own->descriptor, {own->where}};
  }
  const KeyReadInFull* ids = read_in_full(the_case, Which::kApplicationIds);
  if (ids == nullptr) {
    return std::nullopt;
  }
  if (const AccessPermission* general = permission(the_case, Of::kDefaultLaunch)) {
    return LaunchPermission{Of::kDefaultLaunch,
                            say("DefaultLaunchPermission"),
                            general->descriptor,
                            {general->where, ids->where}};
  }
  const KeyReadInFull* dcom = read_in_full(the_case, Which::kDcom);
  if (dcom == nullptr) {
    return std::nullopt;
  }
  return LaunchPermission{Of::kDefaultLaunch,
                          say("DCOM's built-in default"),
                          built_in_launch_permission(),
                          {ids->where, dcom->where}};
}

void check_launch(const Case& the_case, const std::vector<Person>& people,
                  const LocalMachine* machine, std::vector<AccessCheck>& checks) {
  constexpr std::string_view kLaunch = "start the pooled applications by ";
  const auto deciding = launch_permission(the_case);
  for (const Person& person : people) {
    checks.push_back(AccessCheck{
        deciding ? deciding->of : Of::kPooledLaunch, person.system, person.name,
        deciding ? observed(person, say(kLaunch, deciding->name),
                            check_local_launch(deciding->descriptor, person.token), machine,
                            deciding->where)
                 : cannot_tell(say("who may start the pooled applications: AppID and Ole in a "
                                   "SOFTWARE hive"))});
  }
  // Since XP SP2 and 2003 SP1 a second hurdle, where it is set.
  if (const AccessPermission* limit = permission(the_case, Of::kMachineLaunch)) {
    for (const Person& person : people) {
      checks.push_back(AccessCheck{
          Of::kMachineLaunch, person.system, person.name,
          observed(person, say(kLaunch, "MachineLaunchRestriction"),
                   check_local_launch(limit->descriptor, person.token), machine, {limit->where})});
    }
  }
}

// ---- keys that must be read ----

struct NeededKey {
  Of of;
  std::string_view name;
  bool by_account;  // also by the account's own process, not by SYSTEM alone
};
constexpr std::array kNeededKeys{
    NeededKey{Of::kPooledKey, "the application id of the pooled applications", true},
    NeededKey{Of::kDcomKey, "DCOM's key Ole", true},
    NeededKey{Of::kPooledSecretKey, "the key of COM+'s secret", false},
};

void check_keys(const Case& the_case, const std::vector<Person>& people,
                const LocalMachine* machine, std::vector<AccessCheck>& checks) {
  for (const NeededKey& key : kNeededKeys) {
    const AccessPermission* found = permission(the_case, key.of);
    for (const Person& person : people) {
      if (!person.system && !key.by_account) {
        continue;
      }
      checks.push_back(AccessCheck{
          key.of, true, person.name,
          found == nullptr ? cannot_tell(say("the permissions of ", key.name))
                           : observed(person, say("read ", key.name),
                                      check_access(found->descriptor, person.token, kKeyRead),
                                      machine, {found->where})});
    }
  }
}

// ---- services ----

ServiceState service_state(const Case& the_case, std::string_view name) {
  ServiceState state;
  state.name = name;
  const auto* service =
      last_of<Service>(the_case, [&](const Service& candidate) { return candidate.name.is(name); });
  const KeyReadInFull* services = read_in_full(the_case, Which::kServices);
  if (service == nullptr) {
    if (services == nullptr) {
      state.can_start = cannot_tell(say("the service ", name, ": a SYSTEM hive read in full"));
      return state;
    }
    state.present = false;
    state.can_start = {false, say("there is no service ", name), {services->where}, {}};
    return state;
  }
  state.present = service->start.has_value();
  state.start = service->start;
  if (!service->start) {  // so does one that only counts performance
    state.can_start = {
        false, say("the key ", name, " has no start type: it is no service"), {service->where}, {}};
    return state;
  }
  const std::string_view start = service_start_name(*service->start);
  const bool disabled = *service->start == kServiceDisabled;
  state.can_start = {!disabled,
                     start.empty() ? say("the service ", name, " has start type ", *service->start)
                     : disabled    ? say("the service ", name, " is disabled")
                                   : say("the service ", name, " starts: ", start),
                     {service->where},
                     {}};
  return state;
}

}  // namespace

std::vector<AccessCheck> check_permissions(const Case& the_case, const LocalMachine* machine,
                                           const AccountGrants* grants) {
  std::vector<AccessCheck> checks;
  const std::vector<Person> everybody = people(machine, grants);
  check_launch(the_case, everybody, machine, checks);
  check_keys(the_case, everybody, machine, checks);
  return checks;
}

// DcomLaunch is a service of its own since XP SP2 and 2003 SP1; before, its absence is normal.
std::vector<ServiceState> service_states(const Case& the_case) {
  std::vector<ServiceState> states;
  for (const char* name : {"IISADMIN", "W3SVC", "MSDTC", "RpcSs", "DcomLaunch"}) {
    states.push_back(service_state(the_case, name));
    states.back().needed = states.back().present == true || states.back().name != "DcomLaunch";
  }
  return states;
}

// Of SECURITY hives that are not this machine's, all are asked: they are all there is.
Observation sids_agree(const Case& the_case, const LocalMachine& machine) {
  const HostFact* sam = machine_sid_in(the_case, machine.sam());
  std::vector<Citation> where;
  bool agree = true;
  Untrusted theirs;
  const auto& ours = machine.security_hives();
  for (const Source& source : the_case.sources) {
    const bool asked = source.kind == SourceKind::kHiveSecurity &&
                       (ours.empty() || std::ranges::find(ours, source.id) != ours.end());
    const HostFact* fact = asked ? machine_sid_in(the_case, source.id) : nullptr;
    if (fact != nullptr && sam != nullptr) {
      if (fact->value != sam->value) {
        agree = false;
        theirs = fact->value;
      }
      where.push_back(fact->where);
    }
  }
  if (where.empty() || sam == nullptr) {
    return cannot_tell(say("the machine's SID in SAM and in a SECURITY hive of the same machine"));
  }
  where.push_back(sam->where);
  return {agree,
          agree ? say("SAM and SECURITY name the same machine SID, ", sam->value)
                : say("SAM names the machine SID ", sam->value, ", SECURITY ", theirs,
                      ": they are of two machines, or the SID was changed"),
          std::move(where),
          {}};
}

// Accounts of a former domain or machine, and accounts that are gone, leave their rights behind.
Observation rights_are_ours(const Case& the_case, const LocalMachine& machine) {
  constexpr std::size_t kMostNamed = 4;
  constexpr std::uint32_t kFirstOwnRid = 1000;
  constexpr Sid kAnyDomain{1, 1, 5, {21}};  // S-1-5-21-… are domains and machines
  const Citation* all = machine.read_in_full(Which::kAccountRights);
  if (all == nullptr || !machine.sid()) {
    return cannot_tell(say("the accounts that have rights: a SECURITY hive of this machine"));
  }
  std::set<Sid> joined;
  for (const HostFact& fact : the_case.all<HostFact>()) {
    if (const auto sid = fact.value.view().sid();
        sid && fact.kind == HostFact::Kind::kPrimaryDomainSid) {
      joined.insert(*sid);
    }
  }
  Untrusted names;
  std::vector<Citation> where;
  std::size_t strangers = 0;
  for (const AccountRights& rights : the_case.all<AccountRights>()) {
    const Sid& sid = rights.sid;
    const bool of_machine = rights.where.source == all->source;
    const bool of_domain = sid.authority == kAnyDomain.authority && sid.count != 0 &&
                           sid.subauthorities[0] == kAnyDomain.subauthorities[0];
    const bool of_every_machine =  // Administrator, the group None …
        sid.is_in(*machine.sid()) && sid.rid().value_or(0) < kFirstOwnRid;
    const bool ours =
        machine.has(sid) || of_every_machine ||
        std::ranges::any_of(joined, [&](const Sid& domain) { return sid.is_in(domain); });
    if (of_machine && of_domain && !ours && ++strangers <= kMostNamed) {
      names.append(names.empty() ? "" : ", ");
      names.append(std::string_view{to_string(sid)});
      where.push_back(rights.where);
    }
  }
  if (strangers == 0) {
    return {true, say("every right is held by an account or group that there is"), {*all}, {}};
  }
  return {false,
          say(strangers, strangers == 1 ? " account has" : " accounts have", " rights and ",
              strangers == 1 ? "is" : "are", " neither of this machine nor of its domain, or ",
              strangers == 1 ? "is" : "are", " gone: ", names,
              strangers > kMostNamed ? " and more" : ""),
          std::move(where),
          {}};
}

// A renamed computer keeps the account's old name: another name alone is no sign of anything.
Observation named_after_computer(const Case& the_case, const Answers& answers) {
  constexpr std::string_view kPrefix = "IWAM_";
  const HostAnswer& host = answers.host;
  const UntrustedView user = answers.iwam.user_name;
  const auto* computer = last_of<HostFact>(
      the_case, [](const HostFact& fact) { return fact.kind == HostFact::Kind::kComputerName; });
  if (!user.starts_with(kPrefix) || computer == nullptr) {
    return cannot_tell(user.starts_with(kPrefix)
                           ? say("the computer's name: a SYSTEM hive")
                           : say("which computer the account is named after: it is no IWAM_ name"));
  }
  std::vector<Citation> where{computer->where};
  if (answers.copies.account != nullptr) {
    where.push_back(answers.copies.account->where);
  }
  const UntrustedView suffix = user.without_prefix(kPrefix.size());
  if (same_computer(host.computer_name, suffix)) {
    return {true, say(user, " is named after this computer"), std::move(where), {}};
  }
  if (is_former_name(host, suffix)) {
    return {true,
            say(user, " is named after a former name of this computer, ", host.computer_name),
            std::move(where),
            {}};
  }
  return {false,
          say(user, " is not named after this computer, ", host.computer_name,
              ", nor after a former name that the evidence knows"),
          std::move(where),
          {}};
}

}  // namespace iwamtrace
