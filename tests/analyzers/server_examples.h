// A web server as the hives of a case would have it, with nothing wrong: each test changes what it
// is about.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "analyzers/analyzer.h"
#include "model/case.h"
#include "tests/support/made_case.h"

namespace iwamtrace {

inline constexpr Sid kServer{1, 4, 5, {21, 11, 22, 33}};
inline constexpr std::uint32_t kIwamRid = 1004;
inline constexpr std::uint32_t kIisWpgRid = 1005;

// Its files, in the order of their numbers.
enum class File : std::uint32_t { kSam, kSecurity, kSystem, kSoftware, kLog };
Citation in(File file, std::uint64_t offset, std::string_view path = {});
AccessControlEntry allow(const Sid& trustee, std::uint32_t mask);
AccessControlEntry deny(const Sid& trustee, std::uint32_t mask);

struct ServerExample {
  ServerExample();

  Account iwam;
  PasswordPolicy policy;
  LocalGroup users, guests, iis_wpg;
  std::vector<GroupMembership> memberships;  // see list()
  std::vector<AccountRights> rights;
  std::vector<Service> services;
  std::vector<AccessPermission> permissions;
  std::vector<HostFact> facts;
  std::vector<KeyReadInFull> read_in_full;
  std::vector<Unlocking> unlockings;
  std::vector<Secret> secrets;
  std::vector<MetabaseSnapshot> metabases;
  std::vector<SecureProperty> properties;
  std::vector<ApplicationIdentity> identities;
  std::vector<EventRecord> events;
  std::vector<Source> sources;

  // Adds a member to a group in both of SAM's lists, as SAM does.
  void list(const Sid& member, LocalGroup& group);
  void give(const Sid& holder, std::uint32_t logon_rights,
            std::vector<std::uint32_t> privileges = {});
  // A record of the log, with fields by name.
  void log(EventKey key, Timestamp time,
           std::vector<std::pair<std::string_view, std::string_view>> fields);

  AccountRights& rights_of(const Sid& holder);
  GroupMembership& membership_of(const Sid& member);
  AccessPermission& permission(AccessPermission::Of of);
  Service& service(std::string_view name);
  HostFact& fact(HostFact::Kind kind);
  Source& source(File file);
  void forget(KeyReadInFull::Which which);  // as if the key could not be read to its end
};

// A case that was judged; the answers point into it.
struct Judged {
  explicit Judged(const ServerExample& server);
  Judged(const Judged&) = delete;
  Judged& operator=(const Judged&) = delete;

  [[nodiscard]] const AccountStateAnswer& state() const { return answers.account_state; }
  [[nodiscard]] const WeighedHypothesis& hypothesis(std::string_view id) const;
  [[nodiscard]] const Finding* finding(std::string_view id) const;
  // What somebody may do by the permissions of one object.
  [[nodiscard]] const AccessCheck& access(AccessPermission::Of of, std::string_view who) const;
  [[nodiscard]] const ServiceState& service(std::string_view name) const;

  Case the_case;
  Answers answers;
};

}  // namespace iwamtrace
