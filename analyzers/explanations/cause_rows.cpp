// The causes of the contract: why pooled applications do not start, or the copies of a password
// part. Whether this version weighs a cause is not said here but looked up.
#include <array>

#include "analyzers/explanations/explanation_rows.h"

namespace iwamtrace {
namespace {

using Row = ExplanationRow;

constexpr std::array kRows{
    Row{.id = "account_disabled",
        .meaning = "The account IWAM_<server> is disabled, so no logon with it succeeds.",
        .occurs = "After hardening, or when somebody cleans up accounts without knowing this one.",
        .decided =
            "Proof is a DCOM 10004 with 1331 that no other reason and no successful logon follows. "
            "Without one, that the SAM's flag \"disabled\" is set speaks strongly for it.",
        .against =
            "An account that is not disabled in the SAM refutes it where no 10004 names it. On IIS "
            "6 in worker process mode nothing uses the account, and disabling it breaks nothing.",
        .action = "Enable it in Local Users and Groups, or: net user IWAM_<server> /active:yes. "
                  "The Security log tells who disabled it: 629, on Windows Vista and later 4725.",
        .related = "1331 DCOM/10004 Security/629 Security/531 account_locked"},
    Row{.id = "account_expired",
        .meaning = "The account IWAM_<server> has a date of expiry, and it has passed.",
        .occurs = "Where a policy or a script gives every account such a date. By default, as far "
                  "as is known, this one never expires.",
        .decided = "Proof is a DCOM 10004 with 1793 that no other reason and no successful logon "
                   "follows. Without one, a date of expiry in the SAM before the last moment of "
                   "the evidence speaks strongly for it.",
        .against = "\"Never\" in the SAM refutes it. A date that came after the last failure "
                   "explains nothing.",
        .action = "Set the account to never expire: net user IWAM_<server> /expires:never.",
        .related = "1793 Security/532 password_expired"},
    Row{.id = "account_locked",
        .meaning = "The account IWAM_<server> is locked out after too many bad passwords.",
        .occurs = "Where the policy has a lockout threshold, and somebody guesses passwords or "
                  "DCOM itself tries a wrong one again and again.",
        .decided = "Proof is a DCOM 10004 with 1909 that no other reason and no successful logon "
                   "follows. Without one, the SAM's flag \"locked\" speaks strongly for it.",
        .against = "Where COM+ and the SAM differ and logons were refused with 1326 before, the "
                   "lock follows from the difference and is not the cause. The flag stays in the "
                   "SAM after the lock has run out, until the next logon.",
        .action =
            "Find who tries first: 644 (4740) names the calling machine, 529 (4625) each attempt. "
            "Then unlock the account; where the passwords differ, mend that, or the lock returns.",
        .related = "1909 Security/644 Security/539 sam_changed_alone"},
    Row{.id = "application_pool_identity",
        .meaning = "An application pool of IIS 6 runs as an account that cannot log on. IWAM has "
                   "no part in it.",
        .occurs = "IIS 6 in worker process mode, with a pool that has an identity of its own.",
        .decided = "Proof is W3SVC 1021 where the metabase has IIs5IsolationModeEnabled FALSE, "
                   "strong without that. Its data hold the HRESULT (80070569: batch right; "
                   "8007052E: password). Where pools fail and nothing of IIS 5's model does, "
                   "it leads whatever differs in IWAM's copies.",
        .against = "Where IIs5IsolationModeEnabled is TRUE or absent, dllhost and IWAM run the "
                   "applications.",
        .action = "Give the pool's account its password and the right to log on as a batch job, of "
                  "itself or by the group IIS_WPG.",
        .related = "W3SVC/1021 80070569 8007052E logon_right_missing"},
    Row{.id = "audit_log_full",
        .meaning =
            "The Security log is full, and CrashOnAuditFail lets administrators alone log on.",
        .occurs = "Where the policy is to shut down when an audit cannot be written. The value "
                  "becomes 2 when that has happened.",
        .decided = "Strong where applications fail and CrashOnAuditFail is 2 in SYSTEM; a hint "
                   "where nothing fails. W3SVC 100 for the anonymous account too, and 529, 533 "
                   "or 539 for IUSR and IWAM alike, go with it.",
        .against = "The values 0 and 1 are normal.",
        .action = "Archive the Security log before anything else, clear it, and set "
                  "CrashOnAuditFail back to 1.",
        .related = "1502 Security/516 W3SVC/100"},
    Row{.id = "com_plus_catalog_damaged",
        .meaning = "The COM+ catalogue is damaged: COM+ no longer knows the pooled applications, "
                   "or cannot be asked at all.",
        .occurs = "After updates and broken installations. \"My Computer\" in Component Services "
                  "does not expand or its console disappears; synciwam.vbs stops with 1AD.",
        .decided = "Strong: W3SVC 36 with 80040154, 8004E02x or 801104xx. A hint: COM+ 4097. "
                   "Never established, because the catalogue is in no file of a case: an empty "
                   "%SystemRoot%\\Registration or the file ~clbcatq.dll in system32 would "
                   "decide.",
        .against = "A console that expands speaks against it. A missing MSDTC looks the same: "
                   "msdtc_missing.",
        .action = "Collect %SystemRoot%\\Registration with its times and the Application log. The "
                  "documented repair reinstalls COM+ and then makes the IIS packages anew "
                  "(rundll32 wamreg.dll, CreateIISPackage).",
        .related = "1AD 80040154 8004E023 msdtc_missing DCOM/10010"},
    Row{.id = "com_plus_changed_alone",
        .meaning = "The password was changed in COM+ (the LSA secret SCM:{3D14228D-...}), and the "
                   "SAM still has the one before.",
        .occurs = "When somebody types a password into the identity page of Component Services, or "
                  "synciwam copies a wrong one from the metabase.",
        .decided = "Proof: the SAM holds the password that COM+ had before its last change. "
                   "Strong: COM+ was set after the SAM and the two differ; the metabase holds what "
                   "the SAM holds. Rivals: sam_changed_alone, where COM+ holds an older password "
                   "of the SAM, and multiple_changes.",
        .against =
            "Equal passwords refute it. So does it that COM+ holds an older password of the SAM "
            "and was not set later. A synciwam in vain, which gave COM+ what it had, is no change.",
        .action = "Where the metabase holds the SAM's password, synciwam.vbs alone puts COM+ in "
                  "step again. Keep SECURITY first: its OldVal is the proof.",
        .related = "sam_changed_alone com_plus_identity_edited 80110414 1326"},
    Row{.id = "com_plus_identity_edited",
        .meaning =
            "COM+ runs the pooled applications as another account, or as the interactive user.",
        .occurs = "After somebody edits the identity of the package by hand. As \"Interactive "
                  "User\" it fails whenever nobody is logged on.",
        .decided = "Strong where applications fail and RunAs of the AppID {3D14228D-...} in "
                   "SOFTWARE names another account than the one in use. W3SVC 36 only while "
                   "nobody is logged on goes with \"Interactive User\".",
        .against = "RunAs naming IWAM_<server>. No RunAs at all says nothing: not every version "
                   "writes it.",
        .action =
            "Set the identity back in Component Services, or run synciwam.vbs. It resets every "
            "pooled and isolated application to IWAM, those with an account of their own as well.",
        .related = "other_identity com_plus_changed_alone"},
    Row{.id = "domain_controller_demotion",
        .meaning = "The server was a domain controller and was demoted: its accounts were removed "
                   "and made again.",
        .occurs = "With dcpromo. The new IWAM account has a new SID and password; the rights stay "
                  "with the old SID.",
        .decided = "The account was made after COM+ got its password: strong where rights in "
                   "SECURITY are left under SIDs that no account has and something fails, else "
                   "a hint. 10004 may carry 1385 or 1326; dcpromo.log would prove it.",
        .against = "An account as old as the installation of IIS.",
        .action = "synciwam.vbs -v in AdminScripts; check the batch right of the new account.",
        .related = "1385 1326 domain_controller_promotion logon_right_missing"},
    Row{.id = "domain_controller_promotion",
        .meaning = "The server became a domain controller: its local accounts were deleted, as "
                   "that is meant to be.",
        .occurs = "With dcpromo on a server that has IIS. The SAM then holds the accounts of the "
                  "restore mode only.",
        .decided = "Strong where applications fail, ProductType is LanmanNT and no SAM has the "
                   "account; a hint where only the role speaks. Never established: the "
                   "passwords are in Active Directory, which is not read.",
        .against =
            "ProductType ServerNT. An account of the domain in WAMUserName was perhaps meant so.",
        .action = "Make IWAM and IUSR in the domain, give them the rights network, batch and local "
                  "logon, and set them in the metabase and in COM+.",
        .related = "domain_controller_demotion 1317 1332"},
    Row{.id = "file_acl_denied",
        .meaning = "The process of the pooled applications may not read files it needs.",
        .occurs = "After permissions on the system drive were tightened.",
        .decided = "Strong: DCOM 10001 or 10000 with 5 for the pooled applications (the logon "
                   "worked, the process did not start). A hint: W3SVC 36 \"General access "
                   "denied error\". Never established, because permissions of files are in no "
                   "file of a case.",
        .against =
            "DCOM 10004 instead of 10001: then the logon failed and files had no part in it.",
        .action = "File permissions are not in the hives: compare them on an image with those of a "
                  "sound server of the same version.",
        .related = "5 80070005 DCOM/10001 WAM/205 registry_acl_denied"},
    Row{.id = "group_membership_changed",
        .meaning = "IWAM was put into a restricted group or taken out of one that it needs.",
        .occurs = "Restricted Groups of a policy, hardening by hand. As far as is known, IIS 5 has "
                  "IWAM in Guests, IIS 6 in IIS_WPG.",
        .decided = "Strong where applications fail: 637 (4733) with the account's SID, or an "
                   "account that is not in IIS_WPG by both lists of the SAM. A hint: 636 "
                   "(4732). The member's name in these events is often \"-\": the SID counts.",
        .against = "The default membership. Rights that IIS_WPG has come with the group.",
        .action = "Undo it where it was done; a policy would do it again.",
        .related = "Security/636 Security/637 users_group_incomplete group_index_disagreement"},
    Row{.id = "launch_permission_denied",
        .meaning = "DCOM's permissions do not let SYSTEM or IWAM launch or reach the applications.",
        .occurs = "After dcomcnfg, hardening, or a removal of IIS on Windows 2000, which leaves a "
                  "wrong DefaultAccessPermission.",
        .decided = "Proof is DCOM 10002 or 10003 for {3D14228D-...} that no logon follows. "
                   "Strong: 10016 for it; LaunchPermission of the AppID or "
                   "DefaultLaunchPermission that leaves SYSTEM out while applications fail. It "
                   "is W3SVC, that is SYSTEM, who asks for the start.",
        .against =
            "Absent values are the defaults, which let SYSTEM, Administrators and INTERACTIVE "
            "launch. 10016 for IIS classes is common on healthy servers of 2003.",
        .action = "Set the defaults again in dcomcnfg. iwamtrace accounts lists who may do what.",
        .related = "DCOM/10002 DCOM/10003 DCOM/10016 8000401B"},
    Row{.id = "logon_right_missing",
        .meaning = "IWAM may not log on as a batch job, and that is how DCOM logs it on.",
        .occurs = "After a security template or a policy of the domain. Comes and goes: IIS grants "
                  "the right again when it starts, the next refresh of the policy removes it.",
        .decided = "Proof is a DCOM 10004 with 1385 that no other reason and no successful logon "
                   "follows. Without one, it is strong that neither the account nor a group of it "
                   "holds SeBatchLogonRight in SECURITY, or that one is denied it.",
        .against = "The right held by the account or through a group: on IIS 6 IIS_WPG has it too, "
                   "so that the account's own is not needed. A demotion of a domain controller "
                   "gives 1385 as well.",
        .action =
            "Grant \"Log on as a batch job\" in secpol.msc, then find the policy that removed it: "
            "its setting is the effective one. 622 (4718) and SceCli 1704 date it.",
        .related = "1385 Security/534 Security/622 C000015B domain_controller_demotion"},
    Row{.id = "metabase_changed_alone",
        .meaning =
            "The password was changed in the metabase (WAMUserPass) alone; COM+ and the SAM agree.",
        .occurs = "After adsutil.vbs, an import or a restored backup. Nothing need fail at first, "
                  "since DCOM logs on with COM+'s copy. But synciwam carries the value into COM+, "
                  "and IIS is said to carry it into the SAM when it starts.",
        .decided = "Proof: COM+ and the SAM are equal, and the metabase's value is known and "
                   "another. Strong or weak, by what failed since: WAMUserPass differs between two "
                   "versions under one session key while the other copies stood still.",
        .against =
            "A metabase that holds the SAM's password, or copies in COM+ and SAM that differ from "
            "each other, refute it. So nearly does a value that is the same in all versions. "
            "Another history file alone is no change: IIS saves one when it shuts down.",
        .action = "Set WAMUserPass to the account's password, or set a new one everywhere. Do not "
                  "run synciwam before that.",
        .related = "metabase_from_other_server sam_changed_alone multiple_changes"},
    Row{.id = "metabase_from_other_server",
        .meaning = "The metabase, or a backup of it, comes from another server or from an earlier "
                   "installation.",
        .occurs = "Clones, iissync between nodes with local accounts, a restore after Windows was "
                  "set up again. Its secure values then cannot be opened: NTE_BAD_KEYSET.",
        .decided = "Strong where applications fail and the account that WAMUserName names is "
                   "in no SAM of the case. Where the file in use names another account than "
                   "COM+ and the SAM know, the metabase counts as out of step. 80090016 and "
                   "7023 or 7024 of IIS Admin go with it.",
        .against = "A name other than the computer's is normal after a rename: IWAM keeps the old "
                   "one and works.",
        .action = "Backups are valid on their own installation only. Give the metabase this "
                  "server's account and set the password everywhere.",
        .related = "80090016 metabase_of_another_server metabase_changed_alone"},
    Row{.id = "msdtc_missing",
        .meaning = "The service MSDTC is missing or disabled, and COM+ does not work without it.",
        .occurs = "Setup of SQL Server 6.5, 7.0 or MSDE on Windows 2000 removed it: a documented "
                  "fault, and no attack, also where SQL Server was attacked too.",
        .decided = "Strong: COM+ 4099, W3SVC 36 with 8004E00F; on IIS 5 also that "
                   "Services\\MSDTC is absent or has Start 4 while applications fail. A hint: "
                   "W3SVC 59, and the same state on later versions, where only transactions "
                   "need it.",
        .against = "The service is there and not disabled; on servers it starts automatically or "
                   "on demand.",
        .action = "Start it, or install MSDTC again; then make the IIS packages anew if synciwam "
                  "still fails.",
        .related = "8004E00F COM+/4099 W3SVC/59 com_plus_catalog_damaged"},
    Row{.id = "multiple_changes",
        .meaning = "More than one copy of the password was changed, so that no single step "
                   "explains the state.",
        .occurs = "After attempts to repair, and after a new password reached two of three places.",
        .decided = "Proof: the SAM and the metabase share a new password and COM+ has one of the "
                   "SAM's history, or COM+ and the metabase hold two different old ones. Strong: "
                   "three different passwords; COM+'s is none that the SAM had.",
        .against = "Equal passwords in COM+ and the SAM refute it. A difference that one change "
                   "explains speaks strongly against it.",
        .action = "Set one password in all three places, as for sam_changed_alone.",
        .related = "sam_changed_alone com_plus_changed_alone metabase_changed_alone"},
    Row{.id = "none",
        .meaning = "No failure of the pooled applications is seen and the copies do not differ: "
                   "there is nothing to explain.",
        .decided = "Given where no cause is supported, no failure stands in the logs, and no two "
                   "copies are known to differ.",
        .against = "It is no proof of health: without a System log, failures are not observable, "
                   "and DCOM writes the same event at most once in 24 hours. The report's Limits "
                   "say what was not seen.",
        .related = "unknown"},
    Row{.id = "password_expired",
        .meaning = "The password of IWAM_<server> has expired or must be changed at the next "
                   "logon, which nobody ever does for it.",
        .occurs = "Where \"password never expires\" was taken from the account, or \"must change\" "
                  "set with a new password, and the policy has a maximum age.",
        .decided = "Proof is a DCOM 10004 with 1330 or 1907 that no other reason and no successful "
                   "logon follows. Without one, the flags and times of the SAM with the policy's "
                   "maximum age speak strongly for it.",
        .against = "The flag \"password never expires\" speaks against it; as far as is known the "
                   "account has it by default.",
        .action = "Set \"password never expires\"; then set the password anew in all three places. "
                  "643 (4739) dates a change of the policy.",
        .related = "1330 1907 Security/535 account_expired"},
    Row{.id = "registry_acl_denied",
        .meaning = "Permissions in the registry deny the process what it needs.",
        .occurs = "After hardening or a vendor's setup changed HKEY_CLASSES_ROOT (Interface, "
                  "TypeLib, CLSID) or COM3.",
        .decided = "Strong: W3SVC 36 \"no such interface supported\" (80004002); a key of "
                   "AppID, Ole or the secret that SYSTEM may not read while applications fail. "
                   "A hint: 80070005. Never established: the permissions of CLSID, Interface, "
                   "TypeLib and COM3 are not weighed.",
        .against = "The default permissions: Users or Everyone may read.",
        .action = "On the running server a registry monitor shows the denials. Compare the keys "
                  "with those of a sound server.",
        .related = "80004002 80110823 1AD file_acl_denied"},
    Row{.id = "rpc_service_crash",
        .meaning = "The RPC service or the DCOM launcher died, and with it all of DCOM.",
        .occurs = "The worms of 2003 (MS03-026) did it every few minutes; a bad driver or other "
                  "malware on a desktop does too.",
        .decided = "Strong: service control manager 7031 or 7034 for Remote Procedure Call, "
                   "DcomLaunch or COM+ Event System that no logon of the account follows.",
        .against = "A crash of dllhost or inetinfo alone: W3SVC 37, WAM 204.",
        .action =
            "Look for the worm and the missing patch before the server goes back to the network.",
        .related = "SCM/7031 SCM/7034 1722 1726"},
    Row{.id = "sam_changed_alone",
        .meaning = "The password of IWAM_<server> was changed in the SAM; COM+ still has the one "
                   "before, and DCOM's logon with it is refused.",
        .occurs = "After somebody or a script set it (net user, Local Users and Groups), often "
                  "together with those of other accounts. The failure may come days later: a "
                  "process that runs goes on until it ends or the server restarts.",
        .decided =
            "Proof: COM+ holds a password out of the SAM's history and was not set after it. "
            "Strong: the SAM was set after COM+ and the two differ; an event 627, 628 or 4724 that "
            "no successful batch logon followed; the metabase holds what COM+ has. Weak: DCOM "
            "10004 with 1326. Rivals: com_plus_changed_alone, multiple_changes, account_locked.",
        .against =
            "Equal passwords refute it; so does it that the metabase holds the SAM's new password "
            "too. Innocent twins: a reset that synciwam followed, and IIS itself, which may set "
            "the password when it starts (caller SYSTEM, logon id 0x3E7, within a minute of IIS "
            "Admin's start). Hives of two days differ without any fault.",
        .action = "Set one password in all three places: iisreset /stop; the account's in Local "
                  "Users and Groups; adsutil.vbs set w3svc/wamuserpass; synciwam.vbs -v; iisreset "
                  "/start. Keep SAM, SECURITY, SYSTEM and the Security log first.",
        .related = "1326 DCOM/10004 W3SVC/36 Security/628 Security/627 com_plus_changed_alone "
                   "multiple_changes"},
    Row{.id = "service_disabled",
        .meaning =
            "A service that pooled applications need is disabled: IIS Admin, W3SVC, COM+ or RPC.",
        .occurs = "Hardening, IIS Lockdown, another administrator, an intruder. Seen as \"Start "
                  "attempt failed. IIS Admin Service is disabled.\"",
        .decided = "Strong: service control manager 7000 or 7001, or DCOM 10005, with 1058 for "
                   "IIS Admin, W3SVC or RpcSs; Start 4 of one of these in SYSTEM while "
                   "something fails. 7040 tells who changed it (2003 and later).",
        .against = "Start 2 or 3. Some services are absent by design: DcomLaunch, as far as is "
                   "known, before XP SP2 and 2003 SP1.",
        .action =
            "sc config IISADMIN start= auto, then start it; and ask who disabled it before you do.",
        .related = "1058 DCOM/10005 SCM/7000 SCM/7040"},
    Row{.id = "unknown",
        .meaning = "Something failed or the copies differ, and no cause is supported by the "
                   "evidence at hand.",
        .decided = "Given where the best cause is undetermined or refuted. The report lists what "
                   "was looked for and could not be read.",
        .against = "It does not mean that there is no cause among those of the list: what would "
                   "decide it may not be in the case.",
        .action = "Do nothing destructive first. Collect what the report names as missing, above "
                  "all the four hives of one moment, and both logs.",
        .related = "none"},
    Row{.id = "users_group_incomplete",
        .meaning = "The group Users has lost Authenticated Users (S-1-5-11) or INTERACTIVE "
                   "(S-1-5-4), and dllhost starts but cannot work.",
        .occurs = "Hardening, Restricted Groups. The documented other cause of DCOM 10010 for "
                  "exactly the GUID {3D14228D-...}.",
        .decided = "Strong where applications fail and one of the two is in neither list of "
                   "the group's members in the SAM. DCOM 10010 for {3D14228D-...} and W3SVC 36 "
                   "\"Server execution failed\" (80080005) without 10004 go with it; 637 "
                   "(4733) dates it.",
        .against = "Both are members. A 10004 beside it: then the logon failed, and Users has no "
                   "part in it.",
        .action =
            "Add both to Users again and restart IIS Admin; find the policy that removed them.",
        .related = "DCOM/10010 80080005 Security/637 com_plus_catalog_damaged"},
};
static_assert(in_order(kRows));

}  // namespace

std::span<const ExplanationRow> cause_rows() { return kRows; }

}  // namespace iwamtrace
