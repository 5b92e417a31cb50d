#include "report/accounts_text.h"

#include <algorithm>
#include <array>
#include <set>

#include "report/evidence_section.h"
#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

std::string listed(const std::vector<Untrusted>& names) {
  std::string text;
  for (const Untrusted& name : names) {
    text += (text.empty() ? "" : ", ") + shown(name);
  }
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

// "42 days", "30 minutes".
std::string length_in_words(std::int64_t ticks) {
  constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
  const bool days = ticks >= Timestamp::kTicksPerDay;
  const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(ticks, 0) /
                                                (days ? Timestamp::kTicksPerDay : kMinute));
  return days ? plural(count, "day", "days") : plural(count, "minute", "minutes");
}

class AccountsText {
 public:
  AccountsText(const Report& report, const TextOptions& options)
      : report_(report),
        case_(*report.evidence_of),
        answers_(report.answers),
        page_(std::clamp<std::size_t>(options.width, 80, 160), options.colour) {}

  std::string render() {
    page_.spread("iwamtrace " + report_.tool_version + "  accounts of " + shown(case_.name),
                 plural(answers_.grants.size(), "account", "accounts") + ", times in UTC");
    accounts();
    groups();
    policies();
    state();
    EvidenceSection(case_, false, page_).citations();
    return page_.take();
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kDetail = 4;
  static constexpr std::size_t kHang = 15;

  void detail(std::string_view what, const std::string& text,
              const std::vector<Citation>& where = {}) {
    if (!text.empty()) {
      page_.paragraph(kDetail, what, kHang, text, page_.refs(where));
    }
  }

  // ---- accounts ----

  void accounts() {
    std::optional<SourceId> hive;
    for (const AccountGrants& grants : answers_.grants) {
      const SourceId source = grants.account->where.source;
      if (hive != source) {
        hive = source;
        page_.heading("Accounts in " + shown(case_.source(source).path));
      } else {
        page_.blank();
      }
      account(grants);
    }
    if (answers_.grants.empty()) {
      page_.heading("No account: the case has no SAM hive that could be read");
    }
  }

  void account(const AccountGrants& grants) {
    const Account& account = *grants.account;
    page_.spread("  " + shown(account.name), "RID " + std::to_string(account.rid));
    detail("", shown(account.full_name));
    detail("", shown(account.comment));
    flags(account);
    detail("password", password(account), {account.password_set_where, account.hash_where});
    detail("logons", logons(account), {account.where});
    detail("created", account.created ? moment(*account.created) : std::string{});
    groups_of(grants);
    rights_of(grants);
    for (const Untrusted& missing : grants.missing) {
      detail("?", "not observable: " + shown(missing));
    }
  }

  void flags(const Account& account) {
    const bool barred = (account.flags & (kAccountDisabled | kAccountLocked)) != 0;
    const std::string text = joined(names_of_account_flags(account.flags));
    page_.paragraph(kDetail, "flags", kHang, text.empty() ? "none" : text,
                    page_.refs({account.flags_where}), barred ? Colour::kBad : Colour::kNone);
    if (account.expires) {
      detail("expires", moment(*account.expires), {account.expires_where});
    }
  }

  static std::string password(const Account& account) {
    std::string text =
        account.password_last_set      ? "set " + moment_exactly(*account.password_last_set)
        : account.password_must_change ? "never set, or to be changed at the next logon"
                                       : "set at an unknown time";
    switch (account.nt_state) {
      case HashState::kEmpty:
        text += ", empty";
        break;
      case HashState::kLocked:
        text += ", locked";
        break;
      case HashState::kDamaged:
        text += ", damaged";
        break;
      case HashState::kKnown:
        break;
    }
    if (account.fingerprint) {
      text += ", fingerprint " + to_string(*account.fingerprint);
    }
    std::string before;
    for (std::size_t i = account.history_begins_with_current ? 1 : 0; i < account.history.size();
         ++i) {
      before += (before.empty() ? ", before " : ", ") + to_string(account.history[i]);
    }
    text += before;
    return account.revealed_nt_hash.empty() ? text
                                            : text + ", NT hash " + shown(account.revealed_nt_hash);
  }

  static std::string logons(const Account& account) {
    std::string text = plural(account.logon_count, "logon", "logons");
    text += account.last_logon ? ", the last " + moment(*account.last_logon) : ", none dated";
    if (account.last_bad_password) {
      text += "; last bad password " + moment(*account.last_bad_password);
    }
    if (account.bad_password_count != 0) {
      text += ", " + std::to_string(account.bad_password_count) + " since the last good one";
    }
    return text;
  }

  void groups_of(const AccountGrants& grants) {
    std::string text;
    std::vector<Citation> where;
    for (const GroupHeld& group : grants.groups) {
      text += (text.empty() ? "" : ", ") + shown(group.name);
      text += group.itself ? "" : " as " + shown(group.through);
      text += group.disputed ? " (in one of SAM's two lists only)" : "";
      std::ranges::copy(group.citations, std::back_inserter(where));
    }
    detail("groups", text, where);
  }

  // By holder: "IIS_WPG: SeBatchLogonRight, SeImpersonatePrivilege".
  void rights_of(const AccountGrants& grants) {
    std::vector<std::string> holders;
    for (const RightHeld& right : grants.rights) {
      for (const Untrusted& holder : right.holders) {
        if (std::ranges::find(holders, shown(holder)) == holders.end()) {
          holders.push_back(shown(holder));
        }
      }
    }
    std::string lead = "rights";
    for (const std::string& holder : holders) {
      std::string text = holder + ": ";
      std::vector<Citation> where;
      bool first = true;
      for (const RightHeld& right : grants.rights) {
        const bool held = std::ranges::any_of(
            right.holders, [&](const Untrusted& name) { return shown(name) == holder; });
        if (held) {
          text += (first ? "" : ", ") + right.name;
          first = false;
        }
      }
      detail(lead, text);
      lead.clear();
    }
  }

  // ---- groups and policies ----

  void groups() {
    if (answers_.groups.empty()) {
      return;
    }
    constexpr std::size_t kMembers = 34;
    page_.heading("Groups, and the members they list");
    for (const NamedGroup& group : answers_.groups) {
      page_.paragraph(kIndent, shown(group.group->name), kMembers,
                      group.members.empty() ? "-" : listed(group.members),
                      page_.refs({group.group->where}));
    }
  }

  void policies() {
    if (const PasswordPolicy* policy = answers_.policies.password) {
      page_.heading("Password policy");
      page_.paragraph(kIndent, "", kIndent, in_words(*policy), page_.refs({policy->where}));
    }
    if (const AuditPolicy* policy = answers_.policies.audit) {
      page_.heading("Audit policy");
      page_.paragraph(kIndent, "", kIndent, in_words(*policy), page_.refs({policy->where}));
    }
  }

  static std::string in_words(const PasswordPolicy& policy) {
    std::string text = policy.max_age ? "Passwords expire after " + length_in_words(*policy.max_age)
                                      : "Passwords never expire";
    text += ", have at least " + plural(policy.min_length, "character", "characters") +
            (policy.complexity ? " and must be complex" : "") + "; " +
            plural(policy.history_length, "password is", "passwords are") + " remembered. ";
    if (policy.lockout_threshold == 0) {
      return text + "Accounts are never locked.";
    }
    const bool for_ever = policy.lockout_duration.value_or(0) <= 0;
    text += "Accounts are locked after " +
            plural(policy.lockout_threshold, "bad password", "bad passwords");
    if (policy.lockout_window) {
      text += " within " + length_in_words(*policy.lockout_window);
    }
    return text + (for_ever ? ", until an administrator lifts it."
                            : ", for " + length_in_words(*policy.lockout_duration) + ".");
  }

  static std::string in_words(const AuditPolicy& policy) {
    if (!policy.enabled) {
      return "Nothing was audited when the hive was copied.";
    }
    if (policy.categories.empty()) {
      const auto audited =
          std::ranges::count_if(policy.subcategories, [](std::uint16_t mode) { return mode != 0; });
      return std::to_string(audited) + " of " + std::to_string(policy.subcategories.size()) +
             " subcategories were audited when the hive was copied.";
    }
    constexpr std::array<std::string_view, 4> kModes{"", " success", " failure",
                                                     " success and failure"};
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < std::min(policy.categories.size(), kAuditCategories.size()); ++i) {
      if (const std::uint32_t mode = policy.categories[i] & 3U; mode != 0) {
        parts.push_back(std::string(kAuditCategories.at(i)) + std::string(kModes.at(mode)));
      }
    }
    return parts.empty() ? "Auditing was on, and for nothing." : "Audited: " + joined(parts) + ".";
  }

  // ---- the account of the pooled applications ----

  void state() {
    const AccountStateAnswer& state = answers_.account_state;
    page_.heading("The account of the pooled applications" +
                  (answers_.iwam.user_name.empty() ? "" : ", " + shown(answers_.iwam.user_name)));
    if (state.as_of) {
      page_.paragraph(
          kIndent, "", kIndent,
          "As of " + moment(state.as_of->time) + ", when " + shown(state.as_of->because) + ".",
          page_.refs(state.as_of->citations));
    }
    for (const AccountStateAnswer::Named& named : state.observations()) {
      observation(*named.observation, named.healthy);
    }
    for (const AccessCheck& check : state.access) {
      observation(check.granted, check.needed ? std::optional{true} : std::nullopt);
    }
    for (const ServiceState& service : state.services) {
      observation(service.can_start, service.needed ? std::optional{true} : std::nullopt);
    }
  }

  // "+" as on a healthy server, "!" not so, "?" not observable; no mark where either is healthy.
  void observation(const Observation& observation, std::optional<bool> healthy) {
    const bool sound = observation.holds == healthy;
    const Colour colour = !healthy ? Colour::kNone : sound ? Colour::kGood : Colour::kBad;
    constexpr std::size_t kText = kIndent + 2;
    if (!observation.holds) {
      const std::string missing = shown(observation.statement);
      if (missing_.insert(missing).second) {  // what one thing lacks, others often do
        page_.paragraph(kIndent, "?", kText, "not observable: " + missing,
                        page_.refs(observation.citations), Colour::kDoubt);
      }
      return;
    }
    const std::string_view mark = !healthy ? "" : sound ? "+" : "!";
    page_.paragraph(kIndent, mark, kText, shown(observation.statement),
                    page_.refs(observation.citations), colour);
  }

  const Report& report_;
  const Case& case_;
  const Answers& answers_;
  Page page_;
  std::set<std::string> missing_;
};

}  // namespace

std::string render_accounts_text(const Report& report, const TextOptions& options) {
  return AccountsText(report, options).render();
}

}  // namespace iwamtrace
