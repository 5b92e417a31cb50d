// How the error codes of Windows read on a failed web server. Their meanings are model/codes'.
#include <array>

#include "analyzers/explanations/explanation_rows.h"

namespace iwamtrace {
namespace {

using Row = ExplanationRow;

constexpr std::array kWin32{
    Row{.id = "1053",
        .occurs = "Service control manager 7000 after 7009. A command line run as a service leaves "
                  "the pair too.",
        .related = "SCM/7000 SCM/7009"},
    Row{.id = "1056",
        .occurs = "In DCOM 10005.",
        .against = "Harmless there.",
        .related = "DCOM/10005"},
    Row{.id = "1058",
        .occurs =
            "\"Start attempt failed\": IIS Admin in DCOM 10005 or service control manager 7000.",
        .related = "service_disabled DCOM/10005 SCM/7000"},
    Row{.id = "1068", .occurs = "W3SVC, when IIS Admin did not start.", .related = "SCM/7001"},
    Row{.id = "1069",
        .occurs = "The same fault as IWAM's, for the account of a service.",
        .related = "SCM/7000 SCM/7038"},
    Row{.id = "1208", .occurs = "0x4B8 in SceCli 1202: a policy was applied with warnings."},
    Row{.id = "1311",
        .occurs = "An IWAM account of the domain while no domain controller answers.",
        .against = "No password is wrong."},
    Row{.id = "1317",
        .occurs = "The account was deleted or renamed.",
        .related = "1332 domain_controller_promotion"},
    Row{.id = "1325",
        .occurs =
            "IIS cannot set the account's password where the policy asks for more than it offers."},
    Row{.id = "1326",
        .occurs = "In DCOM 10004 and, for type 4, behind 529: the password that COM+ has is not "
                  "the account's, or there is no such account.",
        .decided = "The code of the parted passwords. Alone it counts as weak for any of their "
                   "causes: it does not tell which copy moved. What decides are the three copies.",
        .against =
            "An account that is gone gives the same code. So does a demoted domain controller.",
        .action = "Collect SAM, SECURITY, SYSTEM and the metabase of one moment and let iwamtrace "
                  "analyze compare them.",
        .related = "sam_changed_alone com_plus_changed_alone multiple_changes DCOM/10004 C000006A"},
    Row{.id = "1327",
        .occurs = "A policy against blank passwords, or logon hours.",
        .related = "C000006E"},
    Row{.id = "1330",
        .occurs = "In DCOM 10004.",
        .decided = "A proof of password_expired unless something later speaks.",
        .against = "The policy did it, nobody tampered.",
        .related = "password_expired"},
    Row{.id = "1331",
        .occurs = "In DCOM 10004.",
        .decided = "A proof of account_disabled unless something later speaks.",
        .against = "Hardening does it, and an intruder who cleans up.",
        .related = "account_disabled"},
    Row{.id = "1332",
        .occurs = "0x534 in SceCli 1202: a policy names an account that was deleted or renamed.",
        .related = "1317"},
    Row{.id = "1341",
        .occurs = "As 8007053D in W3SVC 36: documented for damage while the metabase was written."},
    Row{.id = "1358", .occurs = "SAM or LSA is damaged."},
    Row{.id = "1380",
        .occurs = "A right to log on is missing.",
        .related = "1385 logon_right_missing"},
    Row{.id = "1383", .occurs = "SAM or LSA is damaged."},
    Row{.id = "1385",
        .occurs =
            "In DCOM 10004 and, for type 4, behind 534: the account may not log on as a batch job.",
        .decided = "A proof of logon_right_missing unless another reason or a successful logon "
                   "came later. The password was not at fault.",
        .against =
            "After a demotion of a domain controller the account is new and lacks the right: then "
            "that is the cause behind it. On IIS 6 the group IIS_WPG gives the right as well.",
        .action = "iwamtrace accounts lists who holds SeBatchLogonRight. Find the policy that "
                  "removes it, or it will again.",
        .related = "logon_right_missing Security/534 C000015B domain_controller_demotion"},
    Row{.id = "1450", .occurs = "Desktop heap or other resources are used up.", .related = "1816"},
    Row{.id = "1502", .occurs = "The log cannot take more records.", .related = "audit_log_full"},
    Row{.id = "1722",
        .occurs = "As 800706BA; in DCOM 10006 as 2147944122, of another computer.",
        .related = "rpc_service_crash DCOM/10006"},
    Row{.id = "1726", .occurs = "As 800706BE: dllhost died during a call.", .related = "W3SVC/37"},
    Row{.id = "1727",
        .occurs = "As 800706BF: dllhost died before it took the call.",
        .related = "W3SVC/37"},
    Row{.id = "1793",
        .occurs = "In DCOM 10004.",
        .decided = "A proof of account_expired unless something later speaks.",
        .related = "account_expired"},
    Row{.id = "1816",
        .occurs = "In DCOM 10001: the logon worked, there was no room for the process.",
        .related = "1450 DCOM/10001"},
    Row{.id = "1907",
        .occurs = "In DCOM 10004.",
        .decided = "A proof of password_expired unless something later speaks.",
        .related = "password_expired"},
    Row{.id = "1909",
        .occurs = "In DCOM 10004.",
        .decided = "A proof of account_locked unless something later speaks; where refusals with "
                   "1326 came before and the copies differ, the lock follows from that.",
        .related = "account_locked sam_changed_alone"},
    Row{.id = "5",
        .occurs =
            "In DCOM 10001: the logon worked, and a file, a key or a launch permission was denied.",
        .against = "It exonerates the password.",
        .related = "file_acl_denied registry_acl_denied launch_permission_denied 80070005"},
};
static_assert(in_order(kWin32));

constexpr std::array kHresults{
    Row{.id = "80004002",
        .occurs = "W3SVC 36 \"no such interface supported\": permissions on "
                  "HKEY_CLASSES_ROOT\\Interface or TypeLib, once documented for a vendor's setup.",
        .related = "registry_acl_denied"},
    Row{.id = "80004005",
        .occurs = "W3SVC 36 for an application without a name, or where scripts are not permitted.",
        .against = "Not IWAM's password."},
    Row{.id = "80004017",
        .occurs = "The configured account is written in a form that COM cannot split, such as a "
                  "broken .\\IWAM_<server>.",
        .related = "com_plus_identity_edited"},
    Row{.id = "80004018", .occurs = "dllhost.exe is not where it should be, or cannot be run."},
    Row{.id = "80004019",
        .occurs = "dllhost.exe is not where it should be, or the account may not run it.",
        .related = "file_acl_denied"},
    Row{.id = "8000401A",
        .occurs = "W3SVC 36: \"The server process could not be started because the configured "
                  "identity is incorrect. Check the username and password.\"",
        .decided = "The logon of IWAM failed. The text says password, but every reason reads so: "
                   "the number in the DCOM 10004 beside it names the true one.",
        .against = "1385 in that 10004: the right is missing, and the password may well be right.",
        .related = "W3SVC/36 DCOM/10004 1326 1385"},
    Row{.id = "8000401B",
        .occurs = "DCOM 10002 or 10003 beside it.",
        .related = "launch_permission_denied"},
    Row{.id = "80040154",
        .occurs = "The COM+ catalogue or the registration of IIS's components is lost.",
        .related = "com_plus_catalog_damaged"},
    Row{.id = "800401F3",
        .occurs = "In scripts: the component that a page wants is not installed.",
        .against = "Not IWAM's password: the page is running."},
    Row{.id = "800401FE", .occurs = "The same as DCOM 10010.", .related = "DCOM/10010 80080005"},
    Row{.id = "8004D01B", .occurs = "MSDTC is stopped or damaged.", .related = "msdtc_missing"},
    Row{.id = "8004D027",
        .occurs = "The registry of MSDTC is damaged.",
        .related = "msdtc_missing"},
    Row{.id = "8004D028", .occurs = "MSDTC is damaged or was removed.", .related = "msdtc_missing"},
    Row{.id = "8004E00F",
        .occurs = "COM+ 4099 and W3SVC 59 and 36, also in Iis5.log: MSDTC was removed or disabled.",
        .against =
            "A setup of SQL Server 6.5, 7.0 or MSDE does it on Windows 2000: it is no attack.",
        .related = "msdtc_missing COM+/4099"},
    Row{.id = "8004E023", .related = "com_plus_catalog_damaged"},
    Row{.id = "80070005",
        .occurs = "W3SVC 36 \"General access denied error\", with DCOM 10001 or 10002.",
        .against = "It exonerates the password: that logon worked.",
        .related = "5 DCOM/10001 file_acl_denied"},
    Row{.id = "80080005",
        .occurs = "W3SVC 36 \"Server execution failed\", with DCOM 10010.",
        .decided = "The process did not answer in time. No sign of a wrong password by itself.",
        .against = "The group Users without Authenticated Users or INTERACTIVE, a damaged "
                   "catalogue, MSDTC, permissions, a busy server.",
        .related = "DCOM/10010 users_group_incomplete com_plus_catalog_damaged"},
    Row{.id = "80090016",
        .occurs = "The machine keys that protect the metabase's secure values are not there: after "
                  "a clone or a restore on another installation. Documented for another product; "
                  "for the metabase by inference.",
        .related = "metabase_from_other_server"},
    Row{.id = "80110401",
        .occurs = "synciwam or IIS 4: damage to the metabase or to the packages."},
    Row{.id = "80110403",
        .occurs = "The IIS package was deleted from the catalogue. rundll32 wamreg.dll, "
                  "CreateIISPackage makes it anew.",
        .related = "com_plus_catalog_damaged"},
    Row{.id = "8011040F", .occurs = "The account was deleted or renamed.", .related = "1317"},
    Row{.id = "80110410", .occurs = "The account was deleted or renamed.", .related = "1317"},
    Row{.id = "80110411",
        .occurs = "A component of IIS is missing in the catalogue.",
        .related = "com_plus_catalog_damaged"},
    Row{.id = "80110414",
        .occurs =
            "synciwam.vbs stops with it: COM+ checks the account and password when they are saved.",
        .decided = "The metabase's password, which synciwam carries, is not the account's; or the "
                   "account is locked or disabled. So it tells of the metabase and the SAM, not of "
                   "COM+'s old copy.",
        .against = "\"Disable changes\" on the package's Advanced page gives it as well.",
        .action = "Set the account's password and WAMUserPass to the same value, then run "
                  "synciwam.vbs again.",
        .related =
            "metabase_changed_alone multiple_changes account_locked account_disabled 8011042A"},
    Row{.id = "8011042A",
        .occurs = "\"Disable changes\" is set on the package's Advanced page.",
        .related = "80110414"},
    Row{.id = "80110451",
        .occurs = "The package of the pooled applications was disabled in Component Services."},
    Row{.id = "80110823", .related = "registry_acl_denied"},
};
static_assert(in_order(kHresults));

constexpr std::array kNtStatuses{
    Row{.id = "C000003B",
        .occurs = "Seen as text of a W3SVC 36 beside parted passwords; what it means there is not "
                  "documented.",
        .related = "W3SVC/36"},
    Row{.id = "C0000064",
        .occurs =
            "681 and 4776: somebody tries names that do not exist, or the account was renamed.",
        .related = "Security/681 1317"},
    Row{.id = "C000006A",
        .occurs = "681, 4776, SubStatus of 4625: the account exists and the password is wrong.",
        .related = "1326 Security/681"},
    Row{.id = "C000006D",
        .occurs =
            "Status of 4625. Look at its SubStatus: C0000064 unknown name, C000006A bad password.",
        .related = "Security/4625"},
    Row{.id = "C000006E", .related = "1327"},
    Row{.id = "C0000071", .related = "1330 password_expired"},
    Row{.id = "C0000072", .related = "1331 account_disabled"},
    Row{.id = "C0000133",
        .occurs = "As far as is known: Kerberos, where the clocks differ by more than minutes."},
    Row{.id = "C000015B",
        .occurs =
            "4625 of type 4: as far as is known the same as 534 and DCOM's 1385, the batch right.",
        .related = "1385 logon_right_missing"},
    Row{.id = "C0000193", .related = "1793 account_expired"},
    Row{.id = "C0000224", .related = "1907 password_expired"},
    Row{.id = "C0000234", .related = "1909 account_locked"},
};
static_assert(in_order(kNtStatuses));

constexpr std::array kScriptErrors{
    Row{.id = "429",
        .occurs = "synciwam.vbs prints Err.Number in hexadecimal: \"Error: 1AD\". The script could "
                  "not create the COM+ or IIS administration object.",
        .decided = "No password problem: the COM+ catalogue, its registration, MSDTC, IIS Admin or "
                   "permissions. In a page it may be the page's own component.",
        .against = "A delay of some minutes before it points at registry permissions.",
        .action =
            "Does \"My Computer\" expand in Component Services? If not, the catalogue is damaged.",
        .related = "com_plus_catalog_damaged msdtc_missing registry_acl_denied service_disabled"},
    Row{.id = "70", .occurs = "800A0046 in a script: the user who runs it may not do that."},
};
static_assert(in_order(kScriptErrors));

constexpr std::array kHttpStatuses{
    Row{.id = "500",
        .meaning =
            "Internal server error: the request reached IIS, and the application behind it failed.",
        .occurs = "For every script while static pages go on: the pooled application cannot be "
                  "started. W3SVC 36 tells of it on the server.",
        .against = "For one page only, it is an error of that page.",
        .action = "Switch one application to Low: if it works then, dllhost cannot be started. "
                  "Switch it back afterwards.",
        .related = "W3SVC/36 DCOM/10004 DCOM/10010"},
};

}  // namespace

std::span<const ExplanationRow> win32_rows() { return kWin32; }
std::span<const ExplanationRow> hresult_rows() { return kHresults; }
std::span<const ExplanationRow> nt_status_rows() { return kNtStatuses; }
std::span<const ExplanationRow> script_error_rows() { return kScriptErrors; }
std::span<const ExplanationRow> http_status_rows() { return kHttpStatuses; }

}  // namespace iwamtrace
