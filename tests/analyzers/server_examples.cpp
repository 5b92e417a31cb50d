#include "tests/analyzers/server_examples.h"

#include <algorithm>
#include <stdexcept>

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;
using Of = AccessPermission::Of;

template <typename Items, typename Wanted>
auto& one_of(Items& items, Wanted wanted) {
  const auto found = std::ranges::find_if(items, wanted);
  if (found == items.end()) {
    throw std::out_of_range("the example has no such thing");
  }
  return *found;
}

Source source_of(File number, SourceKind kind, std::string_view path) {
  Source source;
  source.id = static_cast<SourceId>(number);
  source.kind = kind;
  source.path = say(path);
  source.status = SourceStatus::kRead;
  return source;
}

Unlocking opened(File hive) {
  return {Unlocking::Result::kOpened, static_cast<SourceId>(File::kSystem), {}, in(hive, 0x10)};
}

LocalGroup group(std::string_view name, std::uint32_t rid, bool builtin) {
  return {in(File::kSam, 0x4000 + rid, name), say(name), rid, builtin, {}};
}

Account iwam_account() {
  Account account;
  account.where = in(File::kSam, 0x2000, "\\Users\\000003EC");
  account.name = say("IWAM_SHOP1");
  account.rid = kIwamRid;
  account.primary_group = 513;
  account.flags = kNormalAccount | kPasswordNeverExpires;
  account.password_last_set = at("2003-11-02T14:05:49Z");
  account.password_set_where = in(File::kSam, 0x2018, "F+0x18");
  account.expires_where = in(File::kSam, 0x2020, "F+0x20");
  account.last_bad_password_where = in(File::kSam, 0x2028, "F+0x28");
  account.flags_where = in(File::kSam, 0x2038, "F+0x38");
  account.hash_where = in(File::kSam, 0x2100, "V");
  return account;
}

}  // namespace

Citation in(File file, std::uint64_t offset, std::string_view path) {
  return {static_cast<SourceId>(file), offset, std::nullopt, say(path)};
}

AccessControlEntry allow(const Sid& trustee, std::uint32_t mask) { return {0, 0, mask, trustee}; }
AccessControlEntry deny(const Sid& trustee, std::uint32_t mask) { return {1, 0, mask, trustee}; }

ServerExample::ServerExample()
    : iwam(iwam_account()),
      users(group("Users", 545, true)),
      guests(group("Guests", 546, true)),
      iis_wpg(group("IIS_WPG", kIisWpgRid, false)) {
  sources = {source_of(File::kSam, SourceKind::kHiveSam, "SAM"),
             source_of(File::kSecurity, SourceKind::kHiveSecurity, "SECURITY"),
             source_of(File::kSystem, SourceKind::kHiveSystem, "SYSTEM"),
             source_of(File::kSoftware, SourceKind::kHiveSoftware, "SOFTWARE"),
             source_of(File::kLog, SourceKind::kEvt, "SysEvent.Evt")};
  source(File::kSam).summary.last = at("2004-06-15T14:20:00Z");
  unlockings = {opened(File::kSam), opened(File::kSecurity)};
  policy.where = in(File::kSam, 0x1000, "Account\\F");
  policy.max_age = 42 * Timestamp::kTicksPerDay;
  policy.lockout_threshold = 5;
  policy.lockout_duration = policy.lockout_window = 30 * 60 * Timestamp::kTicksPerSecond;

  list(well_known::kInteractive, users);
  list(well_known::kAuthenticatedUsers, users);
  list(kServer.with(501), guests);
  list(kServer.with(kIwamRid), iis_wpg);
  give(well_known::kEveryone, kNetworkLogon, {23});
  give(kServer.with(kIwamRid), kNetworkLogon | kBatchLogon, {3, 5});
  give(kServer.with(kIisWpgRid), kBatchLogon, {29});

  using Kind = HostFact::Kind;
  const Untrusted sid = say(std::string_view{to_string(kServer)});
  facts = {HostFact{Kind::kMachineSid, sid, in(File::kSam, 0x1100, "Account\\V")},
           HostFact{Kind::kMachineSid, sid, in(File::kSecurity, 0x1100, "PolAcDmS")},
           HostFact{Kind::kComputerName, say("SHOP1"), in(File::kSystem, 0x1000)},
           HostFact{Kind::kProductType, say("ServerNT"), in(File::kSystem, 0x1010)},
           HostFact{Kind::kWindowsVersion, say("Microsoft Windows 2000 5.0.2195"),
                    in(File::kSoftware, 0x1000)}};
  std::uint64_t offset = 0x5000;
  for (const char* name : {"IISADMIN", "W3SVC", "MSDTC", "RpcSs"}) {
    Service service;
    service.where = in(File::kSystem, offset += 0x10, name);
    service.name = say(name);
    service.start = 2;
    services.push_back(service);
  }
  constexpr std::uint32_t kKeyRead = 0x20019, kKeyAll = 0xF003F;
  for (const Of of : {Of::kDcomKey, Of::kPooledKey}) {
    AccessPermission key;
    key.of = of;
    key.where = in(File::kSoftware, offset += 0x10, name_of(of));
    key.descriptor.has_dacl = true;
    key.descriptor.dacl = {allow(well_known::kUsers, kKeyRead),
                           allow(well_known::kAdministrators, kKeyAll),
                           allow(well_known::kSystem, kKeyAll)};
    permissions.push_back(key);
  }
  for (const auto& [which, file] :
       {std::pair{Which::kUsers, File::kSam}, std::pair{Which::kBuiltinGroups, File::kSam},
        std::pair{Which::kMachineGroups, File::kSam},
        std::pair{Which::kAccountRights, File::kSecurity},
        std::pair{Which::kServices, File::kSystem}, std::pair{Which::kDcom, File::kSoftware},
        std::pair{Which::kApplicationIds, File::kSoftware}}) {
    read_in_full.push_back(KeyReadInFull{which, in(file, offset += 0x10, "key")});
  }
}

void ServerExample::list(const Sid& member, LocalGroup& group) {
  group.members.push_back(member);
  const auto known = std::ranges::find_if(memberships, [&](const GroupMembership& membership) {
    return membership.member == member && membership.builtin == group.builtin;
  });
  if (known != memberships.end()) {
    known->groups.push_back(group.rid);
    return;
  }
  const Citation where = in(File::kSam, 0x6000 + 0x10 * memberships.size(), "Members");
  memberships.push_back(GroupMembership{where, member, group.builtin, {group.rid}});
}

void ServerExample::give(const Sid& holder, std::uint32_t logon_rights,
                         std::vector<std::uint32_t> privileges) {
  const std::uint64_t offset = 0x2000 + 0x100 * rights.size();
  rights.push_back(AccountRights{in(File::kSecurity, offset, "ActSysAc"), holder, logon_rights,
                                 std::move(privileges),
                                 in(File::kSecurity, offset + 0x80, "Privilgs")});
}

void ServerExample::log(EventKey key, Timestamp time,
                        std::vector<std::pair<std::string_view, std::string_view>> fields) {
  EventRecord& record = events.emplace_back();
  record.head.source = static_cast<SourceId>(File::kLog);
  record.head.offset = 0x100 * events.size();
  record.head.record = events.size();
  record.head.time = time;
  record.head.key = key;
  record.head.event_id = key.id;
  for (const auto& [name, value] : fields) {
    const EventRecord::Piece name_piece = record.add_text(name);
    record.add_field(name_piece, record.add_text(value));
  }
}

AccountRights& ServerExample::rights_of(const Sid& holder) {
  return one_of(rights, [&](const AccountRights& given) { return given.sid == holder; });
}
GroupMembership& ServerExample::membership_of(const Sid& member) {
  return one_of(memberships,
                [&](const GroupMembership& listed) { return listed.member == member; });
}
AccessPermission& ServerExample::permission(Of of) {
  return one_of(permissions,
                [&](const AccessPermission& permission) { return permission.of == of; });
}
Service& ServerExample::service(std::string_view name) {
  return one_of(services, [&](const Service& service) { return service.name.is(name); });
}
HostFact& ServerExample::fact(HostFact::Kind kind) {
  return one_of(facts, [&](const HostFact& fact) { return fact.kind == kind; });
}
Source& ServerExample::source(File file) { return sources.at(static_cast<std::size_t>(file)); }
void ServerExample::forget(Which which) {
  std::erase_if(read_in_full, [&](const KeyReadInFull& key) { return key.which == which; });
}

Judged::Judged(const ServerExample& server) {
  the_case.sources = server.sources;
  the_case.add(server.iwam);
  the_case.add(server.policy);
  for (const LocalGroup* group : {&server.users, &server.guests, &server.iis_wpg}) {
    the_case.add(*group);
  }
  const auto add_all = [&](const auto& items) {
    for (const auto& item : items) {
      the_case.add(item);
    }
  };
  add_all(server.memberships);
  add_all(server.rights);
  add_all(server.services);
  add_all(server.permissions);
  add_all(server.facts);
  add_all(server.read_in_full);
  add_all(server.unlockings);
  add_all(server.secrets);
  add_all(server.metabases);
  add_all(server.properties);
  add_all(server.identities);
  for (const EventRecord& event : server.events) {
    the_case.events.push_back(copy_of(event));
  }
  the_case.sort();
  answers = examine(the_case);
}

const WeighedHypothesis& Judged::hypothesis(std::string_view id) const {
  return one_of(answers.hypotheses,
                [&](const WeighedHypothesis& weighed) { return weighed.hypothesis.id == id; });
}

const Finding* Judged::finding(std::string_view id) const {
  const auto found = std::ranges::find(answers.findings, id, &Finding::id);
  return found == answers.findings.end() ? nullptr : &*found;
}

const AccessCheck& Judged::access(Of of, std::string_view who) const {
  return one_of(state().access,
                [&](const AccessCheck& check) { return check.of == of && check.who.is(who); });
}

const ServiceState& Judged::service(std::string_view name) const {
  return one_of(state().services, [&](const ServiceState& state) { return state.name == name; });
}

}  // namespace iwamtrace
