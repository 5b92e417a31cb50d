#include "parsers/registry/replayed_changes.h"

#include <map>
#include <utility>

namespace iwamtrace {
namespace {

Untrusted text_of(const std::optional<Timestamp>& time) {
  return time ? say(std::string_view{to_iso(*time)}) : say("never");
}

Untrusted text_of(const std::optional<std::uint32_t>& number) {
  return number ? say(*number) : say("none");
}

template <typename Items, typename Text>
Untrusted listed(const Items& items, Text text) {
  Untrusted list;
  for (const auto& item : items) {
    list.append(list.empty() ? "" : ", ");
    list.append(text(item));
  }
  return list.empty() ? say("none") : list;
}

Untrusted password_of(const Account& account) {
  switch (account.nt_state) {
    case HashState::kKnown:
      return account.fingerprint
                 ? say("fingerprint ", std::string_view{to_string(*account.fingerprint)})
                 : say("known");
    case HashState::kEmpty:
      return say("empty");
    case HashState::kLocked:
      return say("locked");
    case HashState::kDamaged:
      break;
  }
  return say("damaged");
}

Untrusted value_of(const SecretValue& value) {
  Untrusted text = say(name_of(value.state));
  if (value.length) {
    text.append(say(" of ", *value.length, " bytes").view());
  }
  if (value.fingerprint) {
    text.append(say(", fingerprint ", std::string_view{to_string(*value.fingerprint)}).view());
  }
  return text;
}

std::string_view name_of(HostFact::Kind kind) {
  constexpr std::array<std::string_view, HostFact::kKinds> kNames{"computer name",
                                                                  "time zone",
                                                                  "bias of the time zone",
                                                                  "product type",
                                                                  "control set",
                                                                  "version of Windows",
                                                                  "installation time",
                                                                  "version of IIS",
                                                                  "machine SID",
                                                                  "account domain",
                                                                  "primary domain",
                                                                  "SID of the primary domain",
                                                                  "policy revision",
                                                                  "time of shutdown",
                                                                  "CrashOnAuditFail",
                                                                  "EnableDCOM",
                                                                  "logging of failed activations",
                                                                  "DCOM's authentication level",
                                                                  "DCOM's impersonation level",
                                                                  "other name of the computer",
                                                                  "folder of the web server",
                                                                  "fDenyTSConnections"};
  static_assert(!kNames.back().empty());
  return kNames.at(static_cast<std::size_t>(kind));
}

// Everything that one reading says, sentence by sentence.
class Telling {
 public:
  struct Statement {
    Untrusted what, text;
    Citation where;
  };
  // What it is said of, and which of its fields; the field without a name says that it exists.
  using Key = std::pair<Untrusted, std::string_view>;

  explicit Telling(const std::vector<Artefact>& artefacts) {
    for (const Artefact& artefact : artefacts) {
      std::visit([this](const auto& item) { tell(item); }, artefact);
    }
  }

  [[nodiscard]] const std::map<Key, Statement>& statements() const { return statements_; }

 private:
  void begin(Untrusted id, Untrusted shown, const Citation& where) {
    id_ = std::move(id);
    shown_ = std::move(shown);
    statements_.try_emplace(Key{id_, ""}, Statement{shown_, say("there"), where});
  }
  void state(std::string_view field, Untrusted text, const Citation& where) {
    statements_.try_emplace(Key{id_, field},
                            Statement{say(shown_, ", ", field), std::move(text), where});
  }

  template <typename Item>
  void tell(const Item& /*unused*/) {}

  void tell(const Account& account) {
    begin(say("account ", account.rid), say("account ", account.name), account.where);
    state("name", account.name, account.where);
    state("password last set", text_of(account.password_last_set), account.password_set_where);
    state("password", password_of(account), account.hash_where);
    state("flags",
          listed(names_of_account_flags(account.flags),
                 [](const std::string& name) { return std::string_view{name}; }),
          account.flags_where);
    state("last logon", text_of(account.last_logon), account.where);
    state("last bad password", text_of(account.last_bad_password), account.where);
    state("bad password count", say(account.bad_password_count), account.where);
    state("expires", text_of(account.expires), account.where);
  }
  void tell(const AccountName& name) {
    begin(say("account name ", name.name), say("account name ", name.name), name.where);
    state("RID", say(name.rid), name.where);
  }
  void tell(const Secret& secret) {
    begin(say("secret ", secret.name), say("secret ", secret.name), secret.where);
    state("current value set", text_of(secret.current.set), secret.current.set_where);
    state("current value", value_of(secret.current), secret.current.where);
    state("previous value set", text_of(secret.previous.set), secret.previous.set_where);
    state("previous value", value_of(secret.previous), secret.previous.where);
  }
  void tell(const LocalGroup& group) {
    begin(say(group.builtin ? "builtin group " : "group ", group.rid), say("group ", group.name),
          group.where);
    state(
        "members",
        listed(group.members, [](const Sid& sid) { return say(std::string_view{to_string(sid)}); }),
        group.where);
  }
  void tell(const AccountRights& rights) {
    const std::string sid = to_string(rights.sid);
    begin(say("rights ", std::string_view{sid}), say("rights of ", std::string_view{sid}),
          rights.where);
    state("logon rights", say(rights.logon_rights), rights.where);
    state("privileges", listed(rights.privileges, [](std::uint32_t luid) { return say(luid); }),
          rights.where);
  }
  void tell(const AuditPolicy& policy) {
    begin(say("audit policy"), say("audit policy"), policy.where);
    state("enabled", say(policy.enabled ? "yes" : "no"), policy.where);
    const auto number = [](std::uint32_t mode) { return say(mode); };
    state("categories", listed(policy.categories, number), policy.where);
    state("subcategories", listed(policy.subcategories, number), policy.where);
  }
  void tell(const PasswordPolicy& policy) {
    begin(say("password policy"), say("password policy"), policy.where);
    state("minimum length", say(policy.min_length), policy.where);
    state("history length", say(policy.history_length), policy.where);
    state("lockout threshold", say(policy.lockout_threshold), policy.where);
    state("complexity", say(policy.complexity ? "yes" : "no"), policy.where);
  }
  void tell(const Service& service) {
    begin(say("service ", service.name), say("service ", service.name), service.where);
    state("start", text_of(service.start), service.where);
    state("image", service.image_path, service.where);
    state("account", service.account, service.where);
    state("display name", service.display_name, service.where);
    state("ServiceDll", service.service_dll, service.where);
    state("failure command", service.failure_command, service.where);
  }
  void tell(const AutostartEntry& entry) {
    begin(say("autostart ", entry.where.path), say(name_of(entry.place), " ", entry.name),
          entry.where);
    state("command", entry.command, entry.where);
  }
  void tell(const LogSettings& settings) {
    begin(say("log ", settings.log), say("log ", settings.log), settings.where);
    state("file", settings.file, settings.where);
    state("maximum size", text_of(settings.max_size), settings.where);
    state("retention", text_of(settings.retention), settings.where);
  }
  void tell(const VirtualRoot& root) {
    begin(say("virtual root ", root.name), say("virtual root ", root.name), root.where);
    state("target", root.target, root.where);
  }
  void tell(const NetworkShare& share) {
    begin(say("share ", share.name), say("share ", share.name), share.where);
    state("path", share.path, share.where);
  }
  void tell(const SqlServer& server) {
    begin(say("SQL Server ", server.where.path), say("SQL Server ", server.instance), server.where);
    state("login mode", text_of(server.login_mode), server.where);
    state("audit level", text_of(server.audit_level), server.where);
  }
  void tell(const ApplicationIdentity& identity) {
    begin(say("AppID ", identity.app_id), say("AppID ", identity.app_id), identity.where);
    state("RunAs", identity.run_as, identity.where);
  }
  void tell(const AccessPermission& permission) {
    begin(say("permission ", permission.where.path), say("permission ", permission.where.path),
          permission.where);
    state("entries",
          listed(permission.descriptor.dacl,
                 [](const AccessControlEntry& entry) {
                   return say(entry.type, " ", entry.mask, " ",
                              std::string_view{to_string(entry.trustee)});
                 }),
          permission.where);
  }
  void tell(const HostFact& fact) {
    begin(say("fact ", name_of(fact.kind)), say(name_of(fact.kind)), fact.where);
    state("value", fact.value, fact.where);
  }

  std::map<Key, Statement> statements_;
  Untrusted id_, shown_;
};

}  // namespace

std::vector<ReplayedChange> changes_between(SourceId hive, const std::vector<Artefact>& before,
                                            const std::vector<Artefact>& after) {
  const Telling told_before(before);
  const Telling told_after(after);
  const auto& olds = told_before.statements();
  const auto& news = told_after.statements();
  std::vector<ReplayedChange> changes;
  for (const auto& [key, now] : news) {
    const auto old = olds.find(key);
    if (old != olds.end() && old->second.text != now.text) {
      changes.push_back(
          ReplayedChange{now.where, old->second.where, now.what, old->second.text, now.text});
    } else if (old == olds.end() && key.second.empty()) {
      const Citation nowhere{hive, 0, std::nullopt, now.where.path};
      changes.push_back(ReplayedChange{now.where, nowhere, now.what, {}, now.text});
    }
  }
  for (const auto& [key, old] : olds) {
    if (key.second.empty() && !news.contains(key)) {
      changes.push_back(ReplayedChange{old.where, old.where, old.what, old.text, {}});
    }
  }
  return changes;
}

}  // namespace iwamtrace
