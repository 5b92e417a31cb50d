// One machine as its SAM and its SECURITY hives have it: who is in which group, and who may do
// what. A case may hold hives of several.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// The machine SID that a SAM or SECURITY hive names.
const HostFact* machine_sid_in(const Case& the_case, SourceId hive);

class LocalMachine {
 public:
  LocalMachine(const Case& the_case, SourceId sam);

  [[nodiscard]] const std::optional<Sid>& sid() const { return sid_; }
  [[nodiscard]] SourceId sam() const { return sam_; }
  // Of this machine: opened by the same boot key or, where no key tells, with the same SID.
  [[nodiscard]] const std::vector<SourceId>& security_hives() const { return security_; }

  // `kind` is who all logons of the kind are besides, such as BATCH.
  [[nodiscard]] AccountGrants grants_of(const Account& account,
                                        std::optional<Sid> kind = std::nullopt) const;
  // Whom Windows counts such a logon among; membership that is disputed does not count.
  [[nodiscard]] std::vector<Sid> token_of(const AccountGrants& grants,
                                          std::optional<Sid> kind = std::nullopt) const;

  // "IWAM_WEB01", "IIS_WPG", "INTERACTIVE"; the SID itself where nothing of the case names it.
  [[nodiscard]] Untrusted name_of(const Sid& sid) const;
  // Of an account or group that is in the SAM.
  [[nodiscard]] bool has(const Sid& sid) const;
  [[nodiscard]] const LocalGroup* group(bool builtin, std::uint32_t rid) const;
  [[nodiscard]] const Citation* read_in_full(KeyReadInFull::Which which) const;

  [[nodiscard]] std::vector<NamedGroup> named_groups() const;
  // That are given to it directly.
  [[nodiscard]] std::uint32_t logon_rights_of(const Sid& sid) const;

  // Whether a group has a member, in each of the two lists; the citations are of both.
  struct Listing {
    bool by_group = false, by_member = false;
    std::vector<Citation> citations;
  };
  [[nodiscard]] Listing listing(const Sid& member, bool builtin, std::uint32_t rid) const;

  // A membership that one of the two lists has and the other has not.
  struct Dispute {
    Sid member;
    Untrusted group;
    bool listed_by_group = false;
    std::vector<Citation> citations;  // of both
  };
  [[nodiscard]] std::vector<Dispute> disputes() const;

 private:
  using Group = std::pair<bool, std::uint32_t>;  // built-in, RID
  struct Lists {
    const LocalGroup* by_group = nullptr;
    const GroupMembership* by_member = nullptr;
  };

  void find_security_hives();
  void index_memberships();
  [[nodiscard]] bool is_ours(SourceId security) const;
  [[nodiscard]] bool is_of_it(const Citation& where) const;  // in one of its hives
  [[nodiscard]] bool disputed(const Group& group, const Lists& lists) const;
  [[nodiscard]] std::optional<Sid> sid_of(const Group& group) const;
  [[nodiscard]] Untrusted name_of(const Group& group) const;
  [[nodiscard]] std::vector<Citation> citations_of(const Sid& member, const Group& group,
                                                   const Lists& lists) const;
  [[nodiscard]] std::vector<Sid> principals_of(const AccountGrants& grants,
                                               const std::optional<Sid>& kind) const;
  void add_groups(const std::optional<Sid>& kind, AccountGrants& grants) const;
  void add_rights(const std::optional<Sid>& kind, AccountGrants& grants) const;

  const Case& case_;
  SourceId sam_;
  std::optional<Sid> sid_;
  std::vector<SourceId> security_;
  std::map<KeyReadInFull::Which, const Citation*> read_;
  std::map<std::uint32_t, const Account*> accounts_;
  std::map<Group, const LocalGroup*> groups_;
  std::map<Sid, std::map<Group, Lists>> memberships_;
  std::map<std::pair<Sid, bool>, const GroupMembership*> by_member_;
  std::map<Sid, std::vector<const AccountRights*>> rights_;
};

}  // namespace iwamtrace
