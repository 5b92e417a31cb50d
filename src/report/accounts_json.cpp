#include "report/accounts_json.h"

#include <algorithm>

#include "report/json_parts.h"

namespace iwamtrace {
namespace {

class AccountsJson {
 public:
  explicit AccountsJson(const Report& report)
      : case_(*report.evidence_of), answers_(report.answers) {}

  std::string render() {
    json_.object([&] {
      json_.array_of("accounts", answers_.grants,
                     [&](const AccountGrants& grants) { put_account(grants); });
      json_.array_of("groups", answers_.groups, [&](const NamedGroup& group) { put_group(group); });
      put_password_policy();
      put_audit_policy();
      put_iwam();
      put_sources(json_, case_);
    });
    return json_.take() + "\n";
  }

 private:
  void member_or_null(std::string_view name, UntrustedView text) {
    iwamtrace::member_or_null(json_, name, text);
  }
  void member(std::string_view name, const std::optional<Sid>& sid) {
    json_.member(name, sid ? std::optional{to_string(*sid)} : std::nullopt);
  }

  // ---- accounts and groups ----

  void put_account(const AccountGrants& grants) {
    const Account& account = *grants.account;
    json_.object([&] {
      json_.member("name", account.name);
      json_.member("rid", account.rid);
      member("sid", grants.sid);
      member_or_null("full_name", account.full_name);
      member_or_null("comment", account.comment);
      json_.member("created", account.created);
      json_.member("password_last_set", account.password_last_set);
      json_.member("password_must_change", account.password_must_change);
      json_.member("last_logon", account.last_logon);
      json_.member("last_bad_password", account.last_bad_password);
      json_.member("bad_password_count", account.bad_password_count);
      json_.member("logon_count", account.logon_count);
      json_.member("expires", account.expires);
      put_texts(json_, "flags", names_of_account_flags(account.flags));
      put_names(grants);
      put_fingerprint(json_, "fingerprint", account.fingerprint);
      json_.array_of("history", account.history,
                     [&](const Fingerprint& print) { json_.value(to_string(print)); });
      if (!account.revealed_nt_hash.empty()) {
        json_.member("nt_hash", account.revealed_nt_hash);
      }
      put_grants(grants);
      put_citations(json_, {account.where, account.password_set_where, account.flags_where,
                            account.hash_where});
    });
  }

  // In short: the groups that list the account itself, and all that it may do.
  void put_names(const AccountGrants& grants) {
    json_.array("groups", [&] {
      for (const GroupHeld& group : grants.groups) {
        if (group.itself) {
          json_.value(group.name);
        }
      }
    });
    if (!grants.rights_known) {
      json_.member("rights", nullptr);
      return;
    }
    json_.array_of("rights", grants.rights,
                   [&](const RightHeld& right) { json_.value(right.name); });
  }

  void put_grants(const AccountGrants& grants) {
    json_.array_of("memberships", grants.groups, [&](const GroupHeld& group) {
      json_.object([&] {
        json_.member("group", group.name);
        member("sid", group.sid);
        json_.member("through", group.through);
        json_.member("listed_by_group", group.listed_by_group);
        json_.member("listed_by_member", group.listed_by_member);
        json_.member("disputed", group.disputed);
        put_citations(json_, group.citations);
      });
    });
    json_.array_of("grants", grants.rights, [&](const RightHeld& right) {
      json_.object([&] {
        json_.member("right", right.name);
        put_texts(json_, "holders", right.holders);
        put_citations(json_, right.citations);
      });
    });
    put_texts(json_, "missing", grants.missing);
  }

  void put_group(const NamedGroup& group) {
    json_.object([&] {
      json_.member("name", group.group->name);
      json_.member("rid", group.group->rid);
      member("sid", group.sid);
      put_texts(json_, "members", group.members);
      put_citations(json_, {group.group->where});
    });
  }

  // ---- policies ----

  static std::optional<std::int64_t> seconds(const std::optional<std::int64_t>& ticks) {
    return ticks ? std::optional{*ticks / Timestamp::kTicksPerSecond} : std::nullopt;
  }

  void put_password_policy() {
    if (answers_.policies.password == nullptr) {
      json_.member("password_policy", nullptr);
      return;
    }
    const PasswordPolicy& policy = *answers_.policies.password;
    json_.object("password_policy", [&] {
      json_.member("max_age_seconds", seconds(policy.max_age));
      json_.member("min_age_seconds", seconds(policy.min_age));
      json_.member("min_length", policy.min_length);
      json_.member("history_length", policy.history_length);
      json_.member("complexity", policy.complexity);
      json_.member("lockout_threshold", policy.lockout_threshold);
      json_.member("lockout_duration_seconds", seconds(policy.lockout_duration));
      json_.member("lockout_window_seconds", seconds(policy.lockout_window));
      json_.member("next_rid", policy.next_rid);
      put_citations(json_, {policy.where});
    });
  }

  void put_audit_policy() {
    if (answers_.policies.audit == nullptr) {
      json_.member("audit_policy", nullptr);
      return;
    }
    const AuditPolicy& policy = *answers_.policies.audit;
    constexpr std::uint32_t kSuccess = 1, kFailure = 2;
    json_.object("audit_policy", [&] {
      json_.member("enabled", policy.enabled);
      json_.object("categories", [&] {
        const std::size_t known = std::min(policy.categories.size(), kAuditCategories.size());
        for (std::size_t i = 0; i < known; ++i) {
          json_.object(kAuditCategories.at(i), [&] {
            json_.member("success", (policy.categories[i] & kSuccess) != 0);
            json_.member("failure", (policy.categories[i] & kFailure) != 0);
          });
        }
      });
      json_.array_of("subcategories", policy.subcategories,
                     [&](std::uint16_t mode) { json_.value(mode); });
      put_citations(json_, {policy.where});
    });
  }

  // ---- the account of the pooled applications ----

  void put_iwam() {
    const AccountStateAnswer& state = answers_.account_state;
    json_.object("iwam", [&] {
      member_or_null("user_name", answers_.iwam.user_name);
      member_or_null("domain", answers_.iwam.domain);
      json_.member("as_of", state.as_of ? std::optional{state.as_of->time} : std::nullopt);
      json_.object("state", [&] {
        for (const AccountStateAnswer::Named& named : state.observations()) {
          put(named.name, *named.observation);
        }
      });
      json_.array_of("access", state.access, [&](const AccessCheck& check) {
        json_.object([&] {
          json_.member("object", name_of(check.of));
          json_.member("who", check.who);
          json_.member("needed", check.needed);
          put("granted", check.granted);
        });
      });
      json_.array_of("services", state.services, [&](const ServiceState& service) {
        json_.object([&] {
          json_.member("name", service.name);
          json_.member("needed", service.needed);
          json_.member("present", service.present);
          json_.member("start", service.start);
          put("can_start", service.can_start);
        });
      });
    });
  }

  void put(std::string_view name, const Observation& observation) {
    json_.object(name, [&] {
      json_.member("holds", observation.holds);
      json_.member("statement", observation.statement);
      json_.member("since", observation.since);
      put_citations(json_, observation.citations);
    });
  }

  const Case& case_;
  const Answers& answers_;
  JsonWriter json_{JsonWriter::Style::kIndented};
};

}  // namespace

std::string render_accounts_json(const Report& report) { return AccountsJson(report).render(); }

}  // namespace iwamtrace
