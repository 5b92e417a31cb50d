// The signs of an intrusion, and the ways in that are weighed over them.
#include <array>

#include "analyzers/explanations/explanation_rows.h"

namespace iwamtrace {
namespace {

using Row = ExplanationRow;

constexpr std::array kSigns{
    Row{.id = "account_commands",
        .meaning = "net user or net localgroup made an account or an administrator.",
        .decided =
            "A started process (4688) with its command line, which NT6 logs where it is told "
            "to.",
        .against = "Administrators' scripts do the same.",
        .related = "account_created"},
    Row{.id = "account_created",
        .meaning = "An account was created.",
        .decided = "Event 624 (4720). It speaks for an intrusion only where no person's session "
                   "did it, or where something else shows one.",
        .against = "The set-up of Windows, IIS and other products creates accounts as the system.",
        .action = "Ask who knows the account.",
        .related = "Security/624 Security/4720 account_made_administrator"},
    Row{.id = "account_made_administrator",
        .meaning = "An account was put into the group Administrators, or one stands in it that has "
                   "no business there: Guest, IUSR, IWAM.",
        .decided = "Event 636 (4732) with S-1-5-32-544, and SAM's list of the group.",
        .against = "An administrator makes colleagues administrators. A computer that joins a "
                   "domain adds the domain's.",
        .related = "Security/636 Security/4732"},
    Row{.id = "audit_disabled",
        .meaning = "Auditing, or the event log itself, was switched off.",
        .decided = "Event 612 (4719) by a person that leaves neither logons nor accounts audited; "
                   "the start of the event log service set to disabled (7040).",
        .against = "Windows XP and 2003 write 612 at each start, as the system: not counted. An "
                   "administrator may make room in a log that runs full.",
        .related = "Security/612 Security/4719 log_cleared"},
    Row{.id = "cloned_account",
        .meaning = "An account has the logon times and counts of the Administrator, to the tick.",
        .decided = "The values F of both accounts in SAM. Tools of 2002 to 2006 copied the whole "
                   "value, so that a harmless name logs on with an administrator's rights.",
        .against = "Two accounts that never logged on are not compared.",
        .related = "rid_hijack"},
    Row{.id = "credential_theft",
        .meaning = "A tool that reads passwords or their hashes ran.",
        .decided = "Its name, as a service or as a process.",
        .against = "A test of the server's security. A renamed tool is not seen.",
        .action =
            "Take every password of this server for known: IWAM's stands in three places in a "
            "form that can be read back.",
        .related = "iwam_interactive_use"},
    Row{.id = "guest_enabled",
        .meaning = "The account Guest was enabled.",
        .decided = "Event 626 (4722) for the account of RID 501, whatever its name.",
        .against = "File servers of small offices live with it.",
        .related = "Security/626 Security/4722 worm_iis"},
    Row{.id = "hidden_account",
        .meaning = "An account of a person is named like a computer's, with $ at its end, so that "
                   "net user leaves it out.",
        .decided = "SAM: the name, and the flag of an ordinary account.",
        .against = "Some products name service accounts so. As an administrator it is rare.",
        .related = "account_created"},
    Row{.id = "iwam_interactive_use",
        .meaning = "IWAM or IUSR was used by a person: at a desktop, from another machine, or by "
                   "giving its password.",
        .decided = "Logons of type 7, 10, 11, of type 3 from another machine (528, 540, 4624), and "
                   "552 (4648) by a person.",
        .against = "IIS itself logs IUSR on as interactive (type 2) and over the network: not "
                   "counted. An administrator may test a password after a repair.",
        .action = "Whoever did it has read the password: from the metabase, from LSA, or set it.",
        .related = "Security/552 Security/4648"},
    Row{.id = "logon_brute_force",
        .meaning = "Thirty logons failed within ten minutes that name one machine.",
        .decided = "Events 529 to 539 (4625).",
        .against = "A service or a drive with an old password does the same. Without a success "
                   "behind it, it is noise.",
        .related = "logon_guessed Security/529"},
    Row{.id = "logon_guessed",
        .meaning = "A logon from another machine succeeded after many from there had failed.",
        .decided = "It has weight where that machine had tried several accounts.",
        .against = "One account alone: a mapped drive with an old password that was put right.",
        .related = "logon_brute_force Security/528 Security/540"},
    Row{.id = "mass_password_reset",
        .meaning = "One session set the passwords of five or more accounts within a minute.",
        .decided = "Events 628 (4724).",
        .against = "Hardening after an incident looks the same; it is a script in either case.",
        .related = "sam_changed_alone Security/628"},
    Row{.id = "metabase_tampered",
        .meaning =
            "The web server is set up as intruders do: it publishes a whole drive, runs what "
            "visitors bring, or gives pages to a foreign program.",
        .decided =
            "Path, AccessFlags, ScriptMaps, FilterPath and AnonymousUserName of each version "
            "of MetaBase.xml.",
        .against = "Folders for uploads that also run scripts are a common mistake: weak alone.",
        .action = "Compare with a backup of before; look into the folder that is named.",
        .related = "web_shell"},
    Row{.id = "new_account_used",
        .meaning =
            "An account that no person's session had made logged on; the first time is told.",
        .decided = "Event 528 or 540 (4624) behind 624 (4720) by the system.",
        .against = "Accounts of agents and services log on too.",
        .related = "account_created Security/528"},
    Row{.id = "persistence_key",
        .meaning = "The registry has Windows start or load something that is not Windows' own.",
        .decided = "Run keys, Winlogon, debuggers of images, AppInit_DLLs, packages of LSA and the "
                   "like, in SOFTWARE and SYSTEM. Weight have a debugger of a program of the logon "
                   "screen, another way to start every program, and folders where none belongs.",
        .against =
            "VPN clients, virus scanners and password filters are at home in the same places.",
        .related = "service_installed"},
    Row{.id = "port_taken",
        .meaning = "A web site found its port taken.",
        .decided = "W3SVC 115.",
        .against = "Two sites with one address, or another web server.",
        .related = "W3SVC/115"},
    Row{.id = "remote_tool",
        .meaning = "A service for remote control or file exchange ran.",
        .decided = "Its name in events of the service control manager.",
        .against = "Administrators use the same tools.",
        .related = "SCM/7035 SCM/7036"},
    Row{.id = "rid_hijack",
        .meaning = "The value F of an account bears the number of another one; with 500, whoever "
                   "logs on as it is the Administrator.",
        .decided = "SAM: the number in F against the one of its key.",
        .against = "Windows never writes this.",
        .related = "cloned_account"},
    Row{.id = "rule_hit",
        .meaning = "A rule of the folder that --rules names matched.",
        .decided =
            "By the rule alone: it is told, and not weighed, since nobody here knows what it "
            "proves.",
        .action = "Read the rule: iwamtrace rules list DIR."},
    Row{.id = "service_installed",
        .meaning = "A service was installed whose program lies where none belongs.",
        .decided = "Events 601 (4697) and 7045 with the path of the program.",
        .against = "A set-up program may run a service from a folder of temporary files.",
        .related = "SCM/7045 Security/601"},
    Row{.id = "sql_brute_force",
        .meaning = "Ten logins to SQL Server failed within ten minutes.",
        .decided = "18456 and its kin; before SQL Server 2005 in the text of 17055.",
        .against =
            "Any server that the internet reaches has such records, and a program with an old "
            "password makes them too. It is a break-in only with what follows.",
        .related = "SQL/18456 sql_login_guessed"},
    Row{.id = "sql_command_execution",
        .meaning = "SQL Server ran commands of the system, or was told that it may.",
        .decided = "A shell started by sqlservr.exe (592, 4688); xp_cmdshell switched on (15457), "
                   "loaded (8128), refused (15281) or audited (33205).",
        .against = "Maintenance uses xp_cmdshell and jobs with command steps.",
        .related = "SQL/15457 SQL/15281 SQL/8128"},
    Row{.id = "sql_login_guessed",
        .meaning = "A login to SQL Server succeeded behind many that failed, by the same client as "
                   "the same user.",
        .decided = "18454 behind 18456. It has weight where the client is named and the failures "
                   "came faster than a program with an old password tries.",
        .against = "A program whose password was put right.",
        .related = "SQL/18454 sql_brute_force"},
    Row{.id = "task_created",
        .meaning = "A task was scheduled that runs a shell or a tool.",
        .decided = "Event 602 (4698) with its command.",
        .against = "Maintenance.",
        .related = "Security/602"},
    Row{.id = "tool_transfer",
        .meaning = "tftp.exe ran: worms and intruders fetched their tools with it.",
        .decided = "A started process (592, 4688).",
        .against = "Whoever loads the firmware of network devices.",
        .related = "Security/592 Security/4688"},
    Row{.id = "web_server_crashes",
        .meaning = "A service of IIS crashed three times within an hour.",
        .decided = "7031 and 7034 of the service control manager.",
        .against = "Faulty extensions are the usual reason; an overflow that somebody tries is the "
                   "other.",
        .related = "SCM/7031 DrWatson/4097"},
    Row{.id = "web_shell",
        .meaning = "The web server, or one of its accounts, started a shell or a tool.",
        .decided = "A started process (592, 4688): its parent is inetinfo.exe, dllhost.exe or "
                   "w3wp.exe, or it runs as IWAM or IUSR.",
        .against = "A CGI script of the site that calls such a tool.",
        .action = "Look at the web server's own log for the minute before.",
        .related = "metabase_tampered Security/592"},
    Row{.id = "worm_iis",
        .meaning = "What Code Red II or Nimda leaves on a web server ran.",
        .decided = "root.exe as a process.",
        .against = "Another maker's program of that name.",
        .related = "guest_enabled iis_worm"},
    Row{.id = "worm_rpc",
        .meaning =
            "What the worms of August 2003 and May 2004 do to Windows: its RPC service or its "
            "security authority crashes, or a program or service of theirs is there.",
        .decided =
            "Two crashes of RPC within a day (7031), the restart because of lsass.exe (1074), "
            "the names of their programs and services.",
        .against =
            "One crash alone has other reasons. A patch that was there before speaks against "
            "it.",
        .related = "rpc_service_crash rpc_worm SCM/7031"},
};
static_assert(in_order(kSigns));

constexpr std::array kAttacks{
    Row{.id = "iis_worm",
        .meaning = "A worm came through IIS: Code Red II or Nimda.",
        .decided = "Its shell among the processes, Guest enabled, its folders in the metabase.",
        .related = "worm_iis guest_enabled"},
    Row{.id = "insider_misuse",
        .meaning = "Somebody with an account of the server covered traces on it.",
        .decided = "Auditing switched off and a log cleared in one session; what else that session "
                   "did.",
        .against = "An administrator clears an archived log, and leaves the audit on.",
        .related = "audit_disabled log_cleared"},
    Row{.id = "rpc_worm",
        .meaning = "A worm that spreads through Windows' RPC service is on the server.",
        .decided = "Crashes of RPC or lsass.exe, and names of the worms' programs and services.",
        .against = "A patch installed before the first crash.",
        .related = "worm_rpc rpc_service_crash"},
    Row{.id = "sql_server_attack",
        .meaning = "The server was broken into through SQL Server.",
        .decided =
            "Guesses, a login behind them, a command of SQL Server, an account that nobody's "
            "session made: together, in this order and within hours, they prove it.",
        .against = "Each alone has innocent reasons; a command and at once such an account raise a "
                   "suspicion. SQL Server 2000 does not audit logins unless "
                   "told: that there are none proves nothing.",
        .related = "sql_brute_force sql_login_guessed sql_command_execution account_created"},
    Row{.id = "stolen_password",
        .meaning = "Somebody used a Windows password that was guessed or stolen.",
        .decided = "A logon behind guesses at several accounts, IWAM used by a person.",
        .related = "logon_guessed iwam_interactive_use"},
    Row{.id = "unknown_way",
        .meaning = "Somebody has a hold on the server, and no evidence shows how he came in.",
        .decided =
            "Accounts hidden, cloned or raised, services from strange places, tools that dump "
            "passwords.",
        .related = "hidden_account rid_hijack cloned_account service_installed credential_theft"},
    Row{.id = "web_server_attack",
        .meaning = "Somebody ran programs of his own through the web server.",
        .decided = "A shell that the web server started, and a metabase that was prepared for it.",
        .against = "Each alone may be a site's own CGI script, or a folder set up carelessly.",
        .related = "web_shell metabase_tampered"},
};
static_assert(in_order(kAttacks));

}  // namespace

std::span<const ExplanationRow> sign_rows() { return kSigns; }
std::span<const ExplanationRow> attack_rows() { return kAttacks; }

}  // namespace iwamtrace
