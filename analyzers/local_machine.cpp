#include "analyzers/local_machine.h"

#include <algorithm>
#include <tuple>

#include "model/codes.h"

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;

constexpr std::uint32_t kGuest = 501;

// Who holds a right besides is of no interest: it is held.
constexpr std::size_t kMostHolders = 16;
// Real machines have two or three groups that Everyone or Authenticated Users is in. They are
// repeated for each account, and a hive may have many of both.
constexpr std::size_t kMostGroupsOfAll = 16;

// The boot key that opened a hive, by the SYSTEM hive it came from.
std::optional<SourceId> key_of(const Case& the_case, SourceId hive) {
  for (const Unlocking& unlocking : the_case.all<Unlocking>()) {
    if (unlocking.where.source == hive && unlocking.result == Unlocking::Result::kOpened) {
      return unlocking.key_from;
    }
  }
  return std::nullopt;
}

std::vector<SourceId> sources_of(const Case& the_case, SourceKind kind) {
  std::vector<SourceId> ids;
  for (const Source& source : the_case.sources) {
    if (source.kind == kind) {
      ids.push_back(source.id);
    }
  }
  return ids;
}

Which groups_key(bool builtin) { return builtin ? Which::kBuiltinGroups : Which::kMachineGroups; }

template <typename Item>
void add_once(std::vector<Item>& items, const Item& item) {
  if (std::ranges::find(items, item) == items.end()) {
    items.push_back(item);
  }
}

// By name; the order in which they are first granted is that of bits and LUIDs in the end.
class RightsBook {
 public:
  void grant(const std::string& name, std::uint32_t place, const Untrusted& holder,
             const Citation& where) {
    RightHeld& right = rights_[{place, name}];
    right.name = name;
    if (right.holders.size() < kMostHolders) {
      add_once(right.holders, holder);
      add_once(right.citations, where);
    }
  }
  [[nodiscard]] std::vector<RightHeld> in_order() const {
    std::vector<RightHeld> rights;
    for (const auto& [key, right] : rights_) {
      rights.push_back(right);
    }
    return rights;
  }

 private:
  std::map<std::pair<std::uint32_t, std::string>, RightHeld> rights_;
};

void grant_all(const AccountRights& rights, const Untrusted& holder, RightsBook& book) {
  constexpr std::uint32_t kBits = 32;
  for (std::uint32_t bit = 0; bit < kBits; ++bit) {
    for (const std::string& name : names_of_logon_rights(rights.logon_rights & 1U << bit)) {
      book.grant(name, bit, holder, rights.where);
    }
  }
  for (const std::uint32_t luid : rights.privileges) {
    const std::string_view known = privilege_name(luid);
    const std::string name =
        known.empty() ? "privilege " + std::to_string(luid) : std::string(known);
    book.grant(name, kBits + luid, holder, rights.privileges_where);
  }
}

}  // namespace

const HostFact* machine_sid_in(const Case& the_case, SourceId hive) {
  const auto& facts = the_case.all<HostFact>();
  const auto found = std::ranges::find_if(facts, [&](const HostFact& fact) {
    return fact.kind == HostFact::Kind::kMachineSid && fact.where.source == hive &&
           fact.value.view().sid();
  });
  return found == facts.end() ? nullptr : &*found;
}

LocalMachine::LocalMachine(const Case& the_case, SourceId sam) : case_(the_case), sam_(sam) {
  if (const HostFact* fact = machine_sid_in(the_case, sam)) {
    sid_ = fact->value.view().sid();
  }
  for (const Account& account : the_case.all<Account>()) {
    if (account.where.source == sam) {
      accounts_.emplace(account.rid, &account);
    }
  }
  find_security_hives();
  for (const KeyReadInFull& key : the_case.all<KeyReadInFull>()) {
    if (is_of_it(key.where)) {
      read_.emplace(key.which, &key.where);
    }
  }
  index_memberships();
  for (const AccountRights& rights : the_case.all<AccountRights>()) {
    if (is_of_it(rights.where)) {
      rights_[rights.sid].push_back(&rights);
    }
  }
}

void LocalMachine::find_security_hives() {
  for (const SourceId hive : sources_of(case_, SourceKind::kHiveSecurity)) {
    if (is_ours(hive)) {
      security_.push_back(hive);
    }
  }
  // Of several copies the youngest: a right or a denial of last year is none.
  const auto youngest = std::ranges::max_element(
      security_, {}, [&](SourceId hive) { return case_.source(hive).summary.last; });
  if (youngest != security_.end()) {
    security_ = {*youngest};
  }
  // NT4's SAM does not say whose it is.
  if (!sid_ && security_.size() == 1) {
    if (const HostFact* fact = machine_sid_in(case_, security_.front())) {
      sid_ = fact->value.view().sid();
    }
  }
}

bool LocalMachine::is_of_it(const Citation& where) const {
  return where.source == sam_ || std::ranges::find(security_, where.source) != security_.end();
}

bool LocalMachine::is_ours(SourceId security) const {
  const auto our_key = key_of(case_, sam_);
  const auto their_key = key_of(case_, security);
  if (our_key && their_key) {
    return our_key == their_key;
  }
  const HostFact* theirs = machine_sid_in(case_, security);
  if (sid_ && theirs != nullptr) {
    return sid_ == theirs->value.view().sid();
  }
  return sources_of(case_, SourceKind::kHiveSam).size() == 1;
}

void LocalMachine::index_memberships() {
  for (const LocalGroup& local : case_.all<LocalGroup>()) {
    if (local.where.source != sam_) {
      continue;
    }
    const Group key{local.builtin, local.rid};
    groups_.emplace(key, &local);
    for (const Sid& member : local.members) {
      memberships_[member][key].by_group = &local;
    }
  }
  for (const GroupMembership& membership : case_.all<GroupMembership>()) {
    if (membership.where.source != sam_) {
      continue;
    }
    by_member_.emplace(std::pair{membership.member, membership.builtin}, &membership);
    for (const std::uint32_t rid : membership.groups) {
      memberships_[membership.member][{membership.builtin, rid}].by_member = &membership;
    }
  }
}

const LocalGroup* LocalMachine::group(bool builtin, std::uint32_t rid) const {
  const auto found = groups_.find({builtin, rid});
  return found == groups_.end() ? nullptr : found->second;
}

const Citation* LocalMachine::read_in_full(Which which) const {
  const auto found = read_.find(which);
  return found == read_.end() ? nullptr : found->second;
}

bool LocalMachine::disputed(const Group& group, const Lists& lists) const {
  return read_in_full(groups_key(group.first)) != nullptr &&
         (lists.by_group == nullptr) != (lists.by_member == nullptr);
}

std::optional<Sid> LocalMachine::sid_of(const Group& group) const {
  const auto& [builtin, rid] = group;
  return builtin ? well_known::kBuiltin.with(rid)
         : sid_  ? std::optional{sid_->with(rid)}
                 : std::nullopt;
}

Untrusted LocalMachine::name_of(const Group& group) const {
  const auto found = groups_.find(group);
  return found != groups_.end() ? found->second->name : say("group ", group.second);
}

Untrusted LocalMachine::name_of(const Sid& sid) const {
  const std::uint32_t rid = sid.rid().value_or(0);
  if (sid_ && sid.is_in(*sid_)) {
    if (const auto account = accounts_.find(rid); account != accounts_.end()) {
      return account->second->name;
    }
    if (const LocalGroup* local = group(false, rid)) {
      return local->name;
    }
  }
  if (sid.is_in(well_known::kBuiltin)) {
    if (const LocalGroup* local = group(true, rid)) {
      return local->name;
    }
  }
  const std::string_view known = well_known_name(sid);
  return known.empty() ? say(std::string_view{to_string(sid)}) : say(known);
}

bool LocalMachine::has(const Sid& sid) const {
  const std::uint32_t rid = sid.rid().value_or(0);
  return sid_ && sid.is_in(*sid_) && (accounts_.contains(rid) || group(false, rid) != nullptr);
}

std::uint32_t LocalMachine::logon_rights_of(const Sid& sid) const {
  std::uint32_t bits = 0;
  if (const auto found = rights_.find(sid); found != rights_.end()) {
    for (const AccountRights* rights : found->second) {
      bits |= rights->logon_rights;
    }
  }
  return bits;
}

std::vector<NamedGroup> LocalMachine::named_groups() const {
  std::vector<NamedGroup> named;
  for (const auto& [key, local] : groups_) {
    NamedGroup group{local, sid_of(key), {}};
    std::ranges::transform(local->members, std::back_inserter(group.members),
                           [&](const Sid& member) { return name_of(member); });
    named.push_back(std::move(group));
  }
  return named;
}

LocalMachine::Listing LocalMachine::listing(const Sid& member, bool builtin,
                                            std::uint32_t rid) const {
  Lists lists;
  if (const auto in = memberships_.find(member); in != memberships_.end()) {
    if (const auto found = in->second.find({builtin, rid}); found != in->second.end()) {
      lists = found->second;
    }
  }
  return {lists.by_group != nullptr, lists.by_member != nullptr,
          citations_of(member, {builtin, rid}, lists)};
}

// Of both lists, also of the one that does not have the member.
std::vector<Citation> LocalMachine::citations_of(const Sid& member, const Group& group,
                                                 const Lists& lists) const {
  std::vector<Citation> citations;
  const auto key = groups_.find(group);
  if (lists.by_group != nullptr || key != groups_.end()) {
    citations.push_back((lists.by_group != nullptr ? lists.by_group : key->second)->where);
  }
  const auto own = by_member_.find({member, group.first});
  if (lists.by_member != nullptr || own != by_member_.end()) {
    citations.push_back((lists.by_member != nullptr ? lists.by_member : own->second)->where);
  } else if (const Citation* index = read_in_full(groups_key(group.first))) {
    citations.push_back(*index);
  }
  return citations;
}

std::vector<LocalMachine::Dispute> LocalMachine::disputes() const {
  std::vector<Dispute> found;
  for (const auto& [member, groups] : memberships_) {
    for (const auto& [group, lists] : groups) {
      if (disputed(group, lists)) {
        found.push_back(Dispute{member, name_of(group), lists.by_group != nullptr,
                                citations_of(member, group, lists)});
      }
    }
  }
  return found;
}

// The account itself and whom all logons of it are counted among, without its local groups.
std::vector<Sid> LocalMachine::principals_of(const AccountGrants& grants,
                                             const std::optional<Sid>& kind) const {
  std::vector<Sid> sids;
  if (grants.sid) {
    sids = {*grants.sid, sid_->with(grants.account->primary_group)};
  }
  sids.push_back(well_known::kEveryone);
  if (grants.account->rid != kGuest) {
    sids.push_back(well_known::kAuthenticatedUsers);
  }
  if (kind) {
    sids.push_back(*kind);
  }
  return sids;
}

void LocalMachine::add_groups(const std::optional<Sid>& kind, AccountGrants& grants) const {
  for (const Sid& principal : principals_of(grants, kind)) {
    const auto in = memberships_.find(principal);
    if (in == memberships_.end()) {
      continue;
    }
    std::size_t count = 0;
    for (const auto& [key, lists] : in->second) {
      if (principal != grants.sid && ++count > kMostGroupsOfAll) {
        grants.missing.push_back(say("the groups of ", name_of(principal), " beyond ",
                                     kMostGroupsOfAll, ": it is in ", in->second.size()));
        break;
      }
      GroupHeld group;
      group.name = name_of(key);
      group.sid = sid_of(key);
      group.through = name_of(principal);
      group.itself = principal == grants.sid;
      group.listed_by_group = lists.by_group != nullptr;
      group.listed_by_member = lists.by_member != nullptr;
      group.disputed = disputed(key, lists);
      group.citations = citations_of(principal, key, lists);
      if (group.disputed) {
        grants.missing.push_back(
            say("whether ", group.through, " is in ", group.name, ": SAM's two lists disagree"));
      }
      grants.groups.push_back(std::move(group));
    }
  }
}

std::vector<Sid> LocalMachine::token_of(const AccountGrants& grants,
                                        std::optional<Sid> kind) const {
  std::vector<Sid> token = principals_of(grants, kind);
  for (const GroupHeld& group : grants.groups) {
    if (group.sid && !group.disputed) {
      add_once(token, *group.sid);
    }
  }
  return token;
}

void LocalMachine::add_rights(const std::optional<Sid>& kind, AccountGrants& grants) const {
  grants.rights_known = !security_.empty();
  if (!grants.rights_known) {
    grants.missing.push_back(say("the account rights: a SECURITY hive of this machine"));
    return;
  }
  if (read_in_full(Which::kAccountRights) == nullptr) {
    grants.missing.push_back(say("the rights of every account in SECURITY"));
  }
  RightsBook book;
  for (const Sid& sid : token_of(grants, kind)) {
    if (const auto found = rights_.find(sid); found != rights_.end()) {
      for (const AccountRights* rights : found->second) {
        grant_all(*rights, name_of(sid), book);
      }
    }
  }
  grants.rights = book.in_order();
}

AccountGrants LocalMachine::grants_of(const Account& account, std::optional<Sid> kind) const {
  AccountGrants grants;
  grants.account = &account;
  if (sid_) {
    grants.sid = sid_->with(account.rid);
  } else {
    grants.missing.push_back(say("the machine's SID, and with it what is granted to the account"));
  }
  for (const bool builtin : {true, false}) {
    if (read_in_full(groups_key(builtin)) == nullptr) {
      grants.missing.push_back(builtin ? say("all built-in groups in SAM")
                                       : say("all groups of the machine in SAM"));
    }
  }
  add_groups(kind, grants);
  add_rights(kind, grants);
  return grants;
}

}  // namespace iwamtrace
