// The causes around the account: groups, permissions, services, the COM+ catalogue, the audit log.
#include <algorithm>
#include <array>
#include <span>

#include "analyzers/cause_argument.h"
#include "analyzers/cause_facts.h"
#include "analyzers/iis_services.h"
#include "analyzers/iwam_events.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

using enum Force;
using Of = AccessPermission::Of;

bool names_pooled_applications(const EventRecord& record) {
  return record.field("ServerId").is(kPooledApplications);
}

// What decides among the checks of several permissions: one that is needed and not granted, else
// one that is, else one that could not be made.
Observation worst_of(const AccountStateAnswer& state, std::span<const Of> objects) {
  const Observation* worst = nullptr;
  const auto rank = [](const Observation& granted) {
    return granted.holds == false ? 0 : granted.holds == true ? 2 : 1;
  };
  for (const AccessCheck& check : state.access) {
    const bool asked = check.needed && std::ranges::find(objects, check.of) != objects.end();
    if (asked && (worst == nullptr || rank(check.granted) < rank(*worst))) {
      worst = &check.granted;
    }
  }
  return worst == nullptr ? Observation{{}, say("the permissions in a SOFTWARE hive"), {}, {}}
                          : *worst;
}

Hypothesis users_group_incomplete(const CauseEvidence& e) {
  return CauseArgument(e, "users_group_incomplete",
                       "the group Users lacks INTERACTIVE or Authenticated Users")
      .where(e.answers.account_state.users_complete, false)
      .against_by_reached_logon()
      .take();
}

Hypothesis launch_permission_denied(const CauseEvidence& e) {
  constexpr std::array kLaunch{Of::kPooledLaunch, Of::kDefaultLaunch, Of::kMachineLaunch};
  return CauseArgument(e, "launch_permission_denied",
                       "DCOM's permissions do not let the pooled applications be started")
      .record(
          kProof, "DCOM denied the start of the pooled applications",
          [](const EventRecord& record) {
            const EventKey key = record.head.key;
            return (key == events::kDcomLaunchDenied || key == events::kDcomDefaultLaunchDenied) &&
                   names_pooled_applications(record);
          })
      .record(kStrong, "DCOM missed a permission for the pooled applications",
              [](const EventRecord& record) {
                return record.head.key == events::kDcomPermissionMissing &&
                       names_pooled_applications(record);
              })
      .unloaded_with(kWeak, "80070005", "access is denied")
      .where(worst_of(e.answers.account_state, kLaunch), false)
      .against_by_reached_logon()
      .take();
}

Hypothesis registry_acl_denied(const CauseEvidence& e) {
  constexpr std::array kKeys{Of::kPooledKey, Of::kDcomKey, Of::kPooledSecretKey};
  const Observation keys = worst_of(e.answers.account_state, kKeys);
  CauseArgument argument(e, "registry_acl_denied", "a registry key that is needed may not be read");
  if (keys.holds == false) {
    argument.where(keys, false);
  } else {
    argument.hint(keys, false);
  }
  return argument.unloaded_with(kStrong, "80004002", "no such interface supported")
      .unloaded_with(kWeak, "80070005", "access is denied")
      .missing("the permissions of all other keys (CLSID, Interface, TypeLib, COM3)", true)
      .against_by_reached_logon()
      .take();
}

Hypothesis file_acl_denied(const CauseEvidence& e) {
  static constexpr std::uint64_t kAccessDenied = 5;
  return CauseArgument(e, "file_acl_denied", "a file that is needed may not be read")
      .record(kStrong, "DCOM could not start the process of the pooled applications: access denied",
              [](const EventRecord& record) {
                const EventKey key = record.head.key;
                return (key == events::kDcomCannotStartServer ||
                        key == events::kDcomCannotStartServerAs) &&
                       names_pooled_applications(record) &&
                       record.field("Error").number() == kAccessDenied;
              })
      .unloaded_with(kWeak, "80070005", "access is denied")
      .missing("the permissions of files: they are in no file of the case", true)
      .against_by_reached_logon()
      .take();
}

Hypothesis com_plus_catalog_damaged(const CauseEvidence& e) {
  return CauseArgument(e, "com_plus_catalog_damaged", "the COM+ catalogue is damaged")
      .unloaded_with(kStrong, "80040154", "Class not registered")
      .unloaded_with(kStrong, "8004E02", "an error of the COM+ catalogue")
      .unloaded_with(kStrong, "801104", "an error of COM+ administration")
      .record(kWeak, "COM+ reported an error of its own",
              [](const EventRecord& record) { return record.head.key == events::kComPlusFailed; })
      .missing("the catalogue itself: %SystemRoot%\\Registration", true)
      .against_by_reached_logon()
      .take();
}

Observation service_of(const CauseEvidence& e, std::string_view name) {
  const auto& services = e.answers.account_state.services;
  const auto found = std::ranges::find(services, name, &ServiceState::name);
  return found == services.end()
             ? Observation{{}, say("the service ", name, ": a SYSTEM hive read in full"), {}, {}}
             : found->can_start;
}

// Windows 2000 needs it to load any application; later ones for transactions only.
Hypothesis msdtc_missing(const CauseEvidence& e) {
  const Observation msdtc = service_of(e, "MSDTC");
  const bool needed = e.answers.host.iis.view().starts_with("5");
  CauseArgument argument(e, "msdtc_missing", "the transaction coordinator MSDTC is not there");
  argument
      .record(
          kStrong, "COM+ could not reach the transaction coordinator",
          [](const EventRecord& record) { return record.head.key == events::kComPlusWithoutDtc; })
      .record(
          kWeak, "W3SVC found COM+ not available",
          [](const EventRecord& record) { return record.head.key == events::kComPlusUnavailable; })
      .unloaded_with(kStrong, "8004E00F", "COM+ was unable to talk to MSDTC");
  if (needed || msdtc.holds == true) {
    argument.where(msdtc, false);
  } else {
    argument.hint(msdtc, false);
  }
  return argument.against_by_reached_logon().take();
}

Hypothesis service_disabled(const CauseEvidence& e) {
  static constexpr std::uint64_t kServiceDisabled = 1058;
  CauseArgument argument(e, "service_disabled", "a service that IIS needs is disabled");
  argument.record(kStrong, "a service that IIS needs is disabled and could not be started",
                  [](const EventRecord& record) {
                    const EventKey key = record.head.key;
                    return (key == events::kServiceNotStarted ||
                            key == events::kServiceDependencyFailed ||
                            key == events::kDcomServiceNotStarted) &&
                           is_service_of_iis(record.field("ServiceName")) &&
                           record.field("Error").number() == kServiceDisabled;
                  });
  // 1068: what it depends on did not start, which may be the one that is disabled.
  static constexpr std::uint64_t kDependencyFailed = 1068;
  if (const auto& failed = e.answers.failures.services; !failed.empty()) {
    const auto code = dcom_error(*failed.back());
    if (code && *code != kServiceDisabled && *code != kDependencyFailed) {
      argument.oppose(kStrong,
                      say("a service of IIS last failed to start with ", *code, " (",
                          win32_error(*code), "), on ", failed.back()->head.time),
                      {failed.back()->where()});
    }
  }
  bool all_start = true;
  for (const ServiceState& service : e.answers.account_state.services) {
    if (service.name != "IISADMIN" && service.name != "W3SVC" && service.name != "RpcSs") {
      continue;
    }
    all_start = all_start && service.can_start.holds == true;
    if (service.present == false) {  // not disabled: there is no IIS, or it was taken away
      argument.missing("a service of IIS: the SYSTEM hive has none of the name", true);
    } else if (!service.can_start.holds) {
      argument.missing("the start types of IIS's services: a SYSTEM hive read in full", true);
    } else if (!*service.can_start.holds) {
      argument.where(service.can_start, false);
    }
  }
  return all_start ? argument.where(service_of(e, "IISADMIN"), false).take() : argument.take();
}

Hypothesis rpc_service_crash(const CauseEvidence& e) {
  CauseArgument argument(e, "rpc_service_crash", "the service under all of DCOM crashed");
  // Without an application that failed the crash is a fact, and explains nothing.
  argument.record(e.answers.failures.any() ? kStrong : kWeak,
                  "the service of RPC or DCOM ended unexpectedly",
                  [](const EventRecord& record) { return is_crash_under_dcom(record); });
  if (argument.has_any()) {
    return argument.take();
  }
  const std::vector<Citation> logs = searched(e.the_case, "System");
  if (logs.empty()) {
    argument.missing("a System log, where the service control manager tells of crashes", true);
  } else {
    argument.oppose(kStrong, say("the System log has no record of such a crash"), logs);
  }
  return argument.against_by_reached_logon().take();
}

Hypothesis audit_log_full(const CauseEvidence& e) {
  CauseArgument argument(e, "audit_log_full",
                         "the audit log is full, and only administrators may log on");
  const auto& facts = e.the_case.all<HostFact>();
  const auto found = std::find_if(facts.rbegin(), facts.rend(), [](const HostFact& fact) {
    return fact.kind == HostFact::Kind::kCrashOnAuditFail;
  });
  if (found == facts.rend()) {
    return argument.missing("CrashOnAuditFail of a SYSTEM hive", true).take();
  }
  constexpr std::uint64_t kAdministratorsOnly = 2;
  const bool full = found->value.view().number() == kAdministratorsOnly;
  return argument
      .where(Observation{full, say("CrashOnAuditFail is ", found->value), {found->where}, {}}, true)
      .take();
}

// IIS 6 gives its process accounts what they need through the group IIS_WPG.
Hypothesis group_membership_changed(const CauseEvidence& e) {
  constexpr std::string_view kWorkers = "IIS_WPG";
  CauseArgument argument(e, "group_membership_changed", "the account's groups were changed");
  const Answers& answers = e.answers;
  const auto concerns_account = [&](const EventRecord& record) {
    const auto sid = record.field("MemberSid").sid();
    const AccountGrants& grants = answers.account_state.grants;
    return (sid && grants.sid && *sid == *grants.sid) ||
           (!answers.iwam.user_name.empty() &&
            record.field("MemberName").account().is(answers.iwam.user_name));
  };
  argument.record(argument.failing() ? kStrong : kWeak, "the account was taken out of a group",
                  [&](const EventRecord& record) {
                    return record.head.key == events::kGroupMemberRemoved &&
                           concerns_account(record);
                  });
  argument.record(kWeak, "the account was put into a group", [&](const EventRecord& record) {
    return record.head.key == events::kGroupMemberAdded && concerns_account(record);
  });
  const auto group = std::ranges::find_if(
      answers.groups, [&](const NamedGroup& one) { return one.group->name.is(kWorkers); });
  if (group == answers.groups.end() || answers.account_state.grants.account == nullptr) {
    return argument.missing("which groups the account belongs into: it has no IIS_WPG", false)
        .take();
  }
  const auto& held = answers.account_state.grants.groups;
  const bool member = std::ranges::any_of(
      held, [&](const GroupHeld& one) { return one.name.is(kWorkers) && !one.disputed; });
  return argument
      .where(Observation{member,
                         say(answers.iwam.user_name, member ? " is in " : " is not in ", kWorkers),
                         {group->group->where},
                         {}},
             false)
      .take();
}

}  // namespace

std::vector<Hypothesis> causes_around_the_account(const CauseEvidence& evidence) {
  std::vector<Hypothesis> hypotheses;
  for (const auto weigh_cause :
       {group_membership_changed, users_group_incomplete, registry_acl_denied, file_acl_denied,
        launch_permission_denied, com_plus_catalog_damaged, msdtc_missing, service_disabled,
        rpc_service_crash, audit_log_full}) {
    hypotheses.push_back(weigh_cause(evidence));
  }
  return hypotheses;
}

}  // namespace iwamtrace
