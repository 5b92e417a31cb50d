#include "analyzers/iwam_events.h"

#include <algorithm>
#include <array>

#include "analyzers/computer_names.h"
#include "model/codes.h"

namespace iwamtrace {

bool concerns_pooled_applications(const EventRecord& record, const IwamAnswer& iwam) {
  return record.field("ServerId").is(kPooledApplications) ||
         (!iwam.user_name.empty() && record.field("User").is(iwam.user_name.view()));
}

bool targets_iwam(const EventRecord& record, const Answers& answers) {
  const IwamAnswer& iwam = answers.iwam;
  if (iwam.user_name.empty() || !record.field("TargetUserName").is(iwam.user_name.view())) {
    return false;
  }
  const UntrustedView domain = record.field("TargetDomainName");
  const bool named = !domain.empty() && !domain.is("-");
  if (named && !iwam.domain.empty()) {
    return domain.is(iwam.domain.view());
  }
  if (named && !answers.host.computer_name.empty() && !is_name_of(answers.host, domain)) {
    return false;
  }
  const auto sid = record.field("TargetSid").sid();
  const auto machine = answers.host.machine_sid.view().sid();
  const Account* account = answers.copies.account;
  if (!sid || !machine || !iwam.domain.empty()) {
    return true;
  }
  return account == nullptr ? sid->is_in(*machine) : *sid == machine->with(account->rid);
}

std::optional<std::uint32_t> dcom_error(const EventRecord& record) {
  const UntrustedView error = record.field("Error");
  if (const auto number = error.number(); number && *number <= UINT32_MAX) {
    return static_cast<std::uint32_t>(*number);
  }
  constexpr std::string_view kBadPassword = "unknown user name or bad password";
  constexpr std::string_view kLogonType = "not been granted the requested logon type";
  if (error.contains(kBadPassword)) {
    return win32::kLogonFailure;
  }
  return error.contains(kLogonType) ? std::optional{win32::kLogonTypeNotGranted} : std::nullopt;
}

bool is_batch_logon(const EventRecord& record) {
  return record.field("LogonType").number() == kBatchLogonType;
}

bool is_iwam_start(const EventRecord& record, const Answers& answers) {
  return record.head.key == events::kLogon && is_batch_logon(record) &&
         targets_iwam(record, answers);
}

bool uses_iwam(const CopiesAnswer& copies) {
  const MetabaseSnapshot* metabase = copies.metabase();
  return metabase == nullptr || metabase->iis5_isolation_mode != false;
}

bool failed_since_set(const Answers& answers) {
  const CopiesAnswer& copies = answers.copies;
  Timestamp set{};
  if (copies.account != nullptr && copies.account->password_last_set) {
    set = *copies.account->password_last_set;
  }
  if (copies.secret != nullptr && copies.secret->current.set) {
    set = std::max(set, *copies.secret->current.set);
  }
  const FailuresAnswer& failures = answers.failures;
  return std::ranges::any_of(
      std::array{&failures.logon_failures, &failures.unloaded},
      [&](const auto* records) { return !records->empty() && records->back()->head.time > set; });
}

bool sets_iwam_password(const EventRecord& record, const Answers& answers) {
  const EventKey key = record.head.key;
  return (key == events::kPasswordReset || key == events::kPasswordChangeAttempted) &&
         record.level != Level::kAuditFailure && targets_iwam(record, answers);
}

Untrusted subject_of(const EventRecord& record) {
  const UntrustedView domain = record.field("SubjectDomainName");
  const UntrustedView user = record.field("SubjectUserName");
  const bool local = domain.empty() || domain.is("-");
  return user.empty() || user.is("-") ? Untrusted{}
         : local                      ? Untrusted{user}
                                      : say(domain, "\\", user);
}

Untrusted by_whom(const EventRecord& record) {
  const Untrusted who = subject_of(record);
  return who.empty() ? who : say(" by ", who);
}

std::optional<Actor> actor_of(const EventRecord& record) {
  Actor actor;
  actor.account = subject_of(record);
  if (actor.account.empty()) {
    return std::nullopt;
  }
  actor.logon_id = record.field("SubjectLogonId").logon_id();
  return actor;
}

std::vector<Citation> searched(const Case& the_case, std::string_view log) {
  std::vector<Citation> citations;
  for (const Source& source : the_case.sources) {
    if (source.summary.log.is(log) && source.summary.records != 0) {
      citations.push_back(Citation{source.id, 0, std::nullopt, {}});
    }
  }
  return citations;
}

}  // namespace iwamtrace
