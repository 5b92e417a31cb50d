// What mends each cause: the documented repairs of the time (see the rows of `iwamtrace explain`).
#include <algorithm>
#include <array>

#include "analyzers/iwam_events.h"
#include "analyzers/repair_steps.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kStartsCheck =
    "Check: a page of a pooled application is delivered, and the System log gets no new DCOM 10004 "
    "or W3SVC 36.";
constexpr std::string_view kPasswordsCheck =
    "Check: no new DCOM 10004 or W3SVC 36; iwamtrace on fresh copies: IN STEP.";

void renew_everywhere(RepairSteps& steps) {
  steps.run(say("iisreset.exe /stop"), say("Stop IIS."),
            say("Running processes keep the former password."));
  steps.renew_password();
  steps.metabase_password();
  steps.synchronise_com_plus();
  steps.run(say("iisreset.exe /start"), say("Start IIS."),
            say("It reads the metabase, and starts the applications at the first request."));
}

void restart(RepairSteps& steps) {
  steps.run(say("iisreset.exe"), say("Restart IIS."),
            say("A refused start is not tried again by itself."));
}

// SAM and metabase agree: nobody needs to know the password.
void synchronise(RepairSteps& steps) {
  steps.synchronise_com_plus();
  restart(steps);
}

void grant_batch_logon(RepairSteps& steps) {
  const RightHeld* denied = steps.answers.account_state.grants.right("SeDenyBatchLogonRight");
  if (denied != nullptr) {
    steps.by_hand(say("In secpol.msc take ", denied->holders.front(),
                      " out of \"Deny logon as a batch job\"."),
                  say("What is denied to a group is denied to its members."));
  }
  steps.by_hand(say("In secpol.msc, User Rights Assignment, add ", steps.account(),
                    " to \"Log on as a batch job\" (or: ntrights.exe +r SeBatchLogonRight -u ",
                    steps.account(), ")."),
                say("DCOM logs the account on as a batch job."));
  steps.by_hand(say("Look for the policy that takes the right away: the setting of a domain "
                    "overrules the server's, at its next refresh."),
                say("IIS grants the right when it starts, and the policy takes it again."));
  restart(steps);
}

void unlock(RepairSteps& steps) {
  steps.by_hand(say("Find who tried bad passwords: Security 644 names the machine, 529 each try."),
                say("As long as somebody tries, the lock returns."));
  steps.net_user("/active:yes",
                 say("Unlock ", steps.account(),
                     " (in Local Users and Groups: \"Account is "
                     "locked out\")."),
                 say("A locked account cannot log on, whatever its password."));
  restart(steps);
}

void enable(RepairSteps& steps) {
  steps.net_user("/active:yes", say("Enable ", steps.account(), "."),
                 say("A disabled account cannot log on."));
  restart(steps);
}

void never_expires(RepairSteps& steps) {
  steps.net_user("/expires:never", say("Take the date of expiry away."),
                 say("The account of a service has no day on which it is not needed any more."));
  restart(steps);
}

void password_never_expires(RepairSteps& steps) {
  steps.by_hand(say("In Local Users and Groups give ", steps.account(),
                    " \"Password never expires\", and take \"User must change password at next "
                    "logon\" away."),
                say("No person logs on as this account who could change it."));
  renew_everywhere(steps);
}

void restore_groups(RepairSteps& steps) {
  const std::string_view group = steps.is_iis5() ? "Guests" : "IIS_WPG";
  steps.run(say("net localgroup ", group, " ", steps.account(), " /add"),
            say("Put the account into ", group, " again."),
            say("By it the account has the rights and permissions of IIS's processes."));
  steps.by_hand(say("Look for a restricted group in the policies of server and domain."),
                say("Such a policy removes the member again at its next refresh."));
  restart(steps);
}

// Only who is missing.
void complete_users(RepairSteps& steps) {
  constexpr std::uint32_t kUsersRid = 545;
  struct Needed {
    Sid sid;
    std::string_view name;
  };
  const std::array needed{
      Needed{well_known::kInteractive, "NT AUTHORITY\\INTERACTIVE"},
      Needed{well_known::kAuthenticatedUsers, "NT AUTHORITY\\Authenticated Users"}};
  const LocalGroup* users = nullptr;
  for (const NamedGroup& named : steps.answers.groups) {
    if (named.group->builtin && named.group->rid == kUsersRid) {
      users = named.group;
    }
  }
  for (const Needed& one : needed) {
    if (users == nullptr || std::ranges::find(users->members, one.sid) == users->members.end()) {
      steps.run(say("net localgroup ",
                    RepairSteps::in_command(users == nullptr ? UntrustedView{} : users->name.view(),
                                            "Users"),
                    " \"", one.name, "\" /add"),
                say("Put ", one.name, " into the group again."),
                say("By it dllhost.exe may use what the logon has started."));
    }
  }
  steps.by_hand(say("Look for a restricted group in the policies of server and domain."),
                say("Such a policy removes the members again at its next refresh."));
  restart(steps);
}

void mend_registry(RepairSteps& steps) {
  steps.by_hand(say("Let Regmon run while an application is started, and look for \"ACCESS "
                    "DENIED\" of dllhost.exe."),
                say("It names the key."));
  steps.by_hand(
      say("In regedt32.exe give Users read access to that key again (HKCR\\CLSID, "
          "Interface and TypeLib, SOFTWARE\\Microsoft\\COM3 and Ole are the usual ones)."),
      say("The process reads them as the account, before it registers itself."));
  restart(steps);
}

void mend_files(RepairSteps& steps) {
  steps.run(say("cacls.exe %SystemRoot%\\System32\\inetsrv"),
            say("Look at the permissions of the files, and let Filemon name the one that is "
                "refused."),
            say("The logon worked, and what came after it was denied."));
  steps.by_hand(say("Give SYSTEM and Administrators full control, and Users or Everyone read and "
                    "execute, of %SystemRoot%, its System32 and Program Files\\Common Files."),
                say("These are the permissions that set-up gives."));
  restart(steps);
}

void mend_launch_permission(RepairSteps& steps) {
  steps.by_hand(say("In dcomcnfg.exe, Default Security and the properties of \"IIS Out-Of-Process "
                    "Pooled Applications\", let Administrators, SYSTEM and INTERACTIVE launch."),
                say("By default these three have it."));
  restart(steps);
}

void rebuild_packages(RepairSteps& steps) {
  steps.by_hand(
      say("In Component Services delete the three applications of IIS: \"IIS In-Process "
          "Applications\", \"IIS Out-Of-Process Pooled Applications\", \"IIS Utilities\"."),
      say("What is left of them hinders that they are made anew."));
  steps.run(say("rundll32.exe %SystemRoot%\\System32\\inetsrv\\wamreg.dll, CreateIISPackage"),
            say("Let IIS make them again (the name is case-sensitive)."),
            say("They are IIS's own, with its account."));
  restart(steps);
}

void rebuild_catalog(RepairSteps& steps) {
  steps.by_hand(say("Keep copies of %SystemRoot%\\Registration and of the key "
                    "SOFTWARE\\Microsoft\\COM3, then move both away and delete "
                    "System32\\~clbcatq.dll."),
                say("Set-up makes a new catalogue only where none is."));
  steps.by_hand(say("Restart the server; in Add/Remove Windows Components press Next."),
                say("The set-up program installs COM+ again."));
  rebuild_packages(steps);
}

void bring_msdtc(RepairSteps& steps) {
  const auto& services = steps.answers.account_state.services;
  const auto msdtc = std::ranges::find(services, "MSDTC", &ServiceState::name);
  const bool there = msdtc != services.end() && msdtc->present == true;
  if (there) {
    steps.by_hand(say("In services.msc set Distributed Transaction Coordinator to Automatic."),
                  say("COM+ asks it before it starts an application."));
  } else if (steps.is_iis5()) {
    steps.by_hand(say("Run Dtcsetup.exe of Windows 2000 (1999.9.3422.24 or later)."),
                  say("The set-up of SQL Server 6.5, 7.0 or MSDE removes the MSDTC of Windows "
                      "2000."));
  } else {
    steps.run(say("msdtc.exe -install"), say("Install the coordinator again."),
              say("COM+ asks it before it starts an application."));
  }
  steps.run(say("net start MSDTC"), say("Start it."), say("It must run before the next step."));
  rebuild_packages(steps);
}

void enable_services(RepairSteps& steps) {
  bool any = false;
  for (const ServiceState& service : steps.answers.account_state.services) {
    if (service.start != kServiceDisabled || !service.needed) {
      continue;
    }
    any = true;
    const Untrusted action = say("In services.msc set ", service.name, " to Automatic.");
    if (steps.is_iis5()) {  // Windows 2000 has no sc.exe of its own
      steps.by_hand(action, say("It is disabled."));
    } else {
      steps.run(say("sc.exe config ", service.name, " start= auto"), action,
                say("It is disabled."));
    }
  }
  if (!any) {
    steps.by_hand(say("In services.msc set the service that the event names to Automatic."),
                  say("It was disabled when something needed it."));
  }
  steps.run(say("net start W3SVC"), say("Start IIS; what it depends on is started with it."),
            say("It did not start while the service was disabled."));
}

void after_crash(RepairSteps& steps) {
  steps.by_hand(say("Take the server from the network, and look for what crashed the service: "
                    "worms of 2003 and 2004 did (MS03-026, MS04-011), drivers do."),
                say("A crash of RPC is often an attack that failed."));
  steps.by_hand(say("Install the updates, then restart the server."),
                say("After such a crash no DCOM server starts until then."));
}

void mend_pool(RepairSteps& steps) {
  Untrusted pool = say("<pool>");
  for (const EventRecord* record : steps.answers.events) {
    if (record->head.key == events::kPoolIdentityInvalid) {
      pool = RepairSteps::in_command(record->field("Pool"), "<pool>");
    }
  }
  steps.script(say("adsutil.vbs get w3svc/apppools/", pool, "/wamusername"),
               say("Look which account the application pool runs as."),
               say("IWAM has no part in this model."));
  steps.script(say("adsutil.vbs set w3svc/apppools/", pool, "/wamuserpass \"<its password>\""),
               say("Give the pool the password that the account has."),
               say("The pool keeps a copy of its own."));
  steps.run(say("net localgroup IIS_WPG <account> /add"), say("Put the account into IIS_WPG."),
            say("By it the account has the right to log on as a batch job."));
  restart(steps);
}

void archive_audit_log(RepairSteps& steps) {
  steps.by_hand(say("As an administrator save the Security log to a file, then clear it."),
                say("It is evidence, and it is full."));
  steps.run(say("reg.exe add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v CrashOnAuditFail /t "
                "REG_DWORD /d 1 /f"),
            say("Let others than administrators log on again."),
            say("Windows set the value to 2 when the log was full."));
  steps.by_hand(say("Restart the server."), say("The value is read at the start."));
}

void after_demotion(RepairSteps& steps) {
  renew_everywhere(steps);
  steps.by_hand(say("In secpol.msc look that ", steps.account(),
                    " is in \"Log on as a batch "
                    "job\", as a new account is "
                    "not."),
                say("The accounts of a former domain controller are new, and so are their SIDs."));
}

void domain_account(RepairSteps& steps, std::string_view why) {
  steps.by_hand(say("Make an account of the domain, password never expires, with the rights "
                    "\"Log on as a batch job\", \"Access this computer from the network\" and "
                    "\"Log on locally\"."),
                say(why));
  steps.script(say("adsutil.vbs set w3svc/wamusername <domain>\\<account>"),
               say("Name it in the metabase."),
               say("The metabase is what the other places are set from."));
  steps.metabase_password();
  steps.synchronise_com_plus();
  restart(steps);
}

void after_promotion(RepairSteps& steps) {
  domain_account(steps, "A domain controller has no local accounts.");
}

void own_account(RepairSteps& steps) {
  const Untrusted own =
      say("IWAM_", RepairSteps::in_command(steps.answers.host.computer_name, "<server>"));
  steps.run(say("iisreset.exe /stop"), say("Stop IIS."),
            say("Running processes keep the former password."));
  steps.run(say("net user ", own, " *"),
            say("Set a new password of this server's own account (make it with /add where it is "
                "not there)."),
            say("The account in use is another server's."));
  steps.script(say("adsutil.vbs set w3svc/wamusername ", own), say("Name it in the metabase."),
               say("The metabase was brought from another server and names that one's."));
  steps.metabase_password();
  steps.synchronise_com_plus();
  steps.run(say("iisreset.exe /start"), say("Start IIS."),
            say("It reads the metabase, and starts the applications at the first request."));
}

constexpr std::array kRepairs{
    CauseRepair{"account_disabled", enable, kStartsCheck},
    CauseRepair{"account_expired", never_expires, kStartsCheck},
    CauseRepair{"account_locked", unlock, kStartsCheck},
    CauseRepair{"application_pool_identity", mend_pool,
                "Check: a page of the pool's applications is delivered, and the System log gets no "
                "new W3SVC 1021 or 1057."},
    CauseRepair{"audit_log_full", archive_audit_log, kStartsCheck},
    CauseRepair{"com_plus_catalog_damaged", rebuild_catalog,
                "Check: \"My Computer\" expands in Component Services, and synciwam.vbs runs "
                "without an error."},
    CauseRepair{"com_plus_changed_alone", synchronise, kPasswordsCheck},
    CauseRepair{"com_plus_identity_edited", synchronise, kStartsCheck},
    CauseRepair{"domain_controller_demotion", after_demotion, kPasswordsCheck},
    CauseRepair{"domain_controller_promotion", after_promotion, kStartsCheck},
    CauseRepair{"file_acl_denied", mend_files, kStartsCheck},
    CauseRepair{"group_membership_changed", restore_groups, kStartsCheck},
    CauseRepair{"launch_permission_denied", mend_launch_permission,
                "Check: the System log gets no new DCOM 10002, 10003 or 10016 of the pooled "
                "applications."},
    CauseRepair{"logon_right_missing", grant_batch_logon,
                "Check: no new DCOM 10004 with 1385, also after the next policy refresh (gpupdate; "
                "secedit on Windows 2000)."},
    CauseRepair{"metabase_changed_alone", renew_everywhere, kPasswordsCheck},
    CauseRepair{"metabase_from_other_server", own_account, kPasswordsCheck},
    CauseRepair{"msdtc_missing", bring_msdtc,
                "Check: the Application log gets no new COM+ 4099, the System log no W3SVC 36."},
    CauseRepair{"multiple_changes", renew_everywhere, kPasswordsCheck},
    CauseRepair{"password_expired", password_never_expires, kPasswordsCheck},
    CauseRepair{"registry_acl_denied", mend_registry, kStartsCheck},
    CauseRepair{"rpc_service_crash", after_crash,
                "Check: no new event 7031 or 7034 of the service, and DCOM servers start."},
    CauseRepair{"sam_changed_alone", renew_everywhere, kPasswordsCheck},
    CauseRepair{"service_disabled", enable_services,
                "Check: \"sc query W3SVC\" says RUNNING, and the System log gets no new 7000, 7001 "
                "or DCOM 10005."},
    CauseRepair{"users_group_incomplete", complete_users,
                "Check: the System log gets no new DCOM 10010 of the pooled applications."},
};
static_assert(std::ranges::is_sorted(kRepairs, {}, &CauseRepair::cause));

}  // namespace

const CauseRepair* repair_of(std::string_view cause) {
  const auto* const found = std::ranges::lower_bound(kRepairs, cause, {}, &CauseRepair::cause);
  return found == kRepairs.end() || found->cause != cause ? nullptr : found;
}

}  // namespace iwamtrace
