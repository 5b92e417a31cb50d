// The findings that the analyzers can produce.
#include <array>

#include "analyzers/explanations/explanation_rows.h"

namespace iwamtrace {
namespace {

using Row = ExplanationRow;

constexpr std::array kRows{
    Row{.id = "accounts_deleted",
        .meaning =
            "SAM gave out more numbers than there are accounts and groups: some were deleted.",
        .decided = "The next number in the value F of the domain, against the numbers that are "
                   "borne.",
        .against = "Any server of some years has such gaps. Who and when, only 630 (4726) tells.",
        .related = "Security/630 deleted_logins"},
    Row{.id = "application_moved",
        .meaning = "AppIsolated of an application changed between two versions of the metabase: "
                   "somebody gave it another protection.",
        .occurs = "The classic test of an application that does not start is to let it run inside "
                  "IIS (low): if it works there, what fails is the start of dllhost.exe.",
        .decided = "The failures to load it (W3SVC 36) before and after the change are counted. "
                   "The time is that of the later version's file.",
        .against = "No failure after the change is no success: nobody may have asked for the "
                   "application. An intruder has the same wish: pages inside IIS may act as "
                   "SYSTEM.",
        .action = "When the cause is mended, give the application its protection back: "
                  "adsutil.vbs set <its path>/AppIsolated 2.",
        .related = "W3SVC/36 sam_changed_alone"},
    Row{.id = "clock_changed",
        .meaning = "A person's session set the clock of the server.",
        .occurs = "When somebody sets it in the control panel, or with net time.",
        .decided = "By event 520 (4616) whose subject is no session of the system. Old and new "
                   "time stand there as the server's own local text.",
        .against = "Whoever starts a server with a dead battery does it too. The time service is "
                   "not counted.",
        .action = "Compare the times with those of another machine, such as a mail server's log.",
        .related = "Security/520 log_time_reversal"},
    Row{.id = "deleted_logins",
        .meaning = "Accounts or secrets of COM+ were found in the free space of a hive: they were "
                   "there once and were deleted.",
        .decided = "Keys and values below the accounts of SAM and the secrets SCM:{...} of "
                   "SECURITY that the hive no longer links, each with its offset.",
        .against =
            "Free space keeps what any ordinary deletion leaves, for years. That a key was deleted "
            "does not tell when or by whom; its time is that of the last write before.",
        .action = "Compare the names with 624 and 630 (4720, 4726) of the Security log.",
        .related = "Security/630 Security/624"},
    Row{.id = "events_dropped",
        .meaning = "Windows itself says that it could not write all events of a log.",
        .occurs = "When more is audited than the log's service can take, and after power was lost.",
        .decided = "By event 516 (4612) or, on Windows Vista and later, 1101. Where Windows had "
                   "lost power shortly before, it only informs.",
        .against = "A server under load, or auditing of files and registry keys. Whoever wants to "
                   "hide may also flood the log.",
        .action = "Take no absence in that log, at that time, for a proof. Look what was written "
                  "most just before.",
        .related = "Security/516 EventLog/1101 log_record_gap"},
    Row{.id = "group_index_disagreement",
        .meaning = "SAM keeps each membership twice, by group and by member, and one of the two "
                   "lists lacks it.",
        .decided = "Both lists were read in full and disagree. Such a membership grants nothing in "
                   "what iwamtrace concludes.",
        .against = "SAM always writes both, so an ordinary administrator does not cause this. A "
                   "damaged hive may.",
        .action = "Look at the damage that the report names for the hive, then at who could write "
                  "to it: a hive edited offline looks like this.",
        .related = "group_membership_changed"},
    Row{.id = "hives_do_not_belong_together",
        .meaning = "A hive could not be opened by any boot key of the case: it is another "
                   "machine's, or of another time.",
        .decided =
            "The boot key of each SYSTEM hive was tried, and each fails the hive's own check.",
        .against = "After the boot key was changed (syskey), hives of two days do not fit either.",
        .action =
            "Collect SAM, SECURITY and SYSTEM again, all three from one machine and one moment.",
        .related = "hives_of_several_machines hives_older_than_logs"},
    Row{.id = "hives_of_several_machines",
        .meaning = "No SECURITY hive of the case is of the machine of this SAM, so that their "
                   "passwords were not compared.",
        .decided = "By boot key and machine SID, never by folder or file name.",
        .against = "A machine that got a new SID after its secrets were made looks alike.",
        .action = "Collect SAM, SECURITY and SYSTEM from one machine and one moment.",
        .related = "hives_do_not_belong_together"},
    Row{.id = "hives_older_than_logs",
        .meaning =
            "The logs tell of a password set or a successful logon that the hives know nothing of.",
        .decided =
            "A password set of IWAM later than the SAM's last, or a batch logon that succeeded "
            "after both copies were set although they differ. The difference is then no verdict.",
        .against = "Hives of a backup beside logs of today are the usual reason, and a repair that "
                   "came after the copy.",
        .action = "Collect the hives again, from the moment of the logs.",
        .related = "sam_changed_alone"},
    Row{.id = "iis_resynchronised",
        .meaning = "IIS itself set the password of its account when it started, to what the "
                   "metabase holds. Nobody has to be looked for.",
        .decided = "The record's subject is the system (logon id 0x3E7), IIS or Windows started "
                   "within a minute, the record dates the SAM's present password, and that is the "
                   "metabase's.",
        .against = "Without the equality it is not said: something else that runs as the system "
                   "may have set it.",
        .action = "Look at COM+'s copy: IIS does not tell COM+. synciwam.vbs does.",
        .related = "password_set_by_system sam_changed_alone"},
    Row{.id = "log_cleared",
        .meaning = "A log was cleared, or may have been. What it held before is gone.",
        .decided =
            "Event 517 (1102) for the Security log, which the clearing itself leaves as the first "
            "record of the new log; 104 for the others, on Windows Vista and later. Without a "
            "record: free space of the log holds older records with higher numbers, or the log "
            "begins with number 1 long after the installation, while another one reaches back "
            "further.",
        .against = "Administrators clear full logs, after archiving them or not. It is a sign of "
                   "an intruder only beside others. Nothing tells of a cleared System or "
                   "Application log on Windows 2000 to 2003. A Security log begins when auditing "
                   "does, and a log that broke is made anew by Windows.",
        .action = "Ask who it was: the client's name and logon id in 517, and the logon (528, 540) "
                  "of that id. Look for archived logs and other servers' records.",
        .related = "Security/517 Security/1102 EventLog/104 log_restarted"},
    Row{.id = "log_of_another_machine",
        .meaning =
            "A log names another computer than the one the hives are of. Nothing in it was used.",
        .decided = "The computer name in its newest record, against the SYSTEM hive's, and against "
                   "former names that event 6011 tells of.",
        .against = "A renamed computer keeps its older records. Without the 6011 the program "
                   "cannot know that.",
        .action = "Where the server was renamed, add the log that holds the 6011; else take the "
                  "log out of the case.",
        .related = "EventLog/6011 logs_of_several_machines"},
    Row{.id = "log_record_gap",
        .meaning = "Between two records of a log numbers are missing: records that were written "
                   "are not there.",
        .occurs = "In every log that was exported with a filter or holds events of several "
                  "computers (info), and where a file is damaged (info).",
        .decided = "Every record has the number after that of the one before, and a full log "
                   "gives up its oldest ones only. The damage of the file is compared with the "
                   "place of each gap.",
        .against = "A log that was copied while it was open, or in a shadow copy, may have parts "
                   "of several moments (low). What nothing of this explains was taken out, or "
                   "lost in a way that left no trace (medium).",
        .action = "Copy the log again with the service stopped, look for other copies and shadow "
                  "copies, and take no absence within the gap for a proof.",
        .related = "log_restarted log_cleared events_dropped"},
    Row{.id = "log_restarted",
        .meaning = "The log or the service that writes it began anew: the service was stopped and "
                   "started while Windows ran, numbers fall within the file, or an end of Windows "
                   "is missing (info).",
        .decided = "6006 and 6005 within a quarter of an hour with no 6009, 1074, 513 or 512 "
                   "near; a record with a lower number than the one before it, where the file is "
                   "no ring; 6005 without 6006, 6008 or Kernel-Power 41 since the last.",
        .against = "Windows 2000 and XP do not tell of every shutdown or loss of power, and "
                   "virtual machines are set back. Files that were open when they were copied "
                   "hold parts of several moments (info).",
        .action = "Compare with the other logs of that time: while the service was stopped, none "
                  "of them grew.",
        .related = "EventLog/6005 EventLog/6006 EventLog/6008 log_cleared log_record_gap"},
    Row{.id = "log_time_reversal",
        .meaning = "In one log a later record has an earlier time: the clock was set back between "
                   "the two.",
        .decided = "Record numbers only rise; times are compared with them, from a minute on.",
        .against = "A machine whose clock is wrong, or in local time as a virtual one's often is, "
                   "is set right shortly after each start of Windows. Daylight saving moves no "
                   "time of a log: they are UTC.",
        .action = "Order what happened by record numbers within each log, and look for 520 (4616) "
                  "and W32Time 52.",
        .related = "Security/520 clock_changed"},
    Row{.id = "logs_of_several_machines",
        .meaning = "No SYSTEM hive names the server, and the logs name several.",
        .decided = "The computer names of the newest records.",
        .against = "One server that was renamed.",
        .action = "Add the SYSTEM hive, or make a case of each machine.",
        .related = "log_of_another_machine"},
    Row{.id = "metabase_edited_by_hand",
        .meaning = "A version of the history has a second number above 0: the metabase was edited "
                   "as a file while IIS ran.",
        .decided = "By the name of the file, MetaBase_<version>_<edit>.xml.",
        .against = "Editing the running metabase is a documented way to configure IIS 6. The name "
                   "can be given to any file.",
        .action = "Compare the versions with iwamtrace metabase.",
        .related = "metabase_identity_changed metabase_version_gap"},
    Row{.id = "metabase_identity_changed",
        .meaning = "Two versions of the metabase that follow each other have another WAMUserName "
                   "or another WAMUserPass.",
        .decided = "Values that were read are compared; where none was, the encrypted bytes, which "
                   "tell a change under one session key only. The times are those of the files.",
        .against = "A renewed password is changed in the metabase too: what matters is whether the "
                   "other copies went along. File times may be those of a copy.",
        .action = "Look at the two versions with iwamtrace metabase, and at who was logged on "
                  "between their times.",
        .related = "metabase_changed_alone multiple_changes"},
    Row{.id = "metabase_names_another_account",
        .meaning = "WAMUserName of the metabase in use is another account than the one of which "
                   "the rest of the case tells. Its password was not compared.",
        .decided = "By the live MetaBase.xml, the one beside its history.",
        .against = "A metabase that replication or a restore brought from another server says the "
                   "same, and so does an account that somebody chose on purpose.",
        .action = "Find out which account the server is to use, then set the same in the metabase "
                  "and in COM+.",
        .related = "metabase_from_other_server com_plus_identity_edited"},
    Row{.id = "metabase_of_another_server",
        .meaning = "A metabase names another account in WAMUserName than this server's, under "
                   "another session key. It was not used.",
        .decided = "WAMUserName against the account that SAM, COM+ and events name.",
        .against = "Copies of a cluster's nodes, or a backup of the time before a rename.",
        .action = "Find out how it came into the case: by the copying, or onto the server.",
        .related = "metabase_from_other_server"},
    Row{.id = "metabase_version_gap",
        .meaning = "Between two versions of the metabase's history a number is missing.",
        .decided = "IIS gives each version it saves the next number and drops the oldest.",
        .against = "Most often somebody copied a part of the folder only.",
        .action = "Copy the whole folder History, and look in backups for the missing version.",
        .related = "metabase_identity_changed metabase_edited_by_hand"},
    Row{.id = "other_identity",
        .meaning = "COM+ runs the pooled applications as another account than the metabase names.",
        .decided = "RunAs of the AppID {3D14228D-...} in SOFTWARE.",
        .against = "An account of the domain, set on purpose for all nodes.",
        .action = "Ask whether it was meant so. If it was, that account's password is the one to "
                  "compare.",
        .related = "com_plus_identity_edited"},
    Row{.id = "password_set_by_system",
        .meaning = "The system itself set the password of the account, and it is not shown that "
                   "this was IIS.",
        .occurs = "IIS does so at its start; so does everything else that runs as SYSTEM: a "
                  "service, a task, and a command that came through SQL Server.",
        .decided = "By the subject of 627, 628 or 4724: logon id 0x3E7, SYSTEM or the computer's "
                   "own account.",
        .against = "Within a minute of a start of IIS it may be IIS although the passwords differ "
                   "now, because one of them was changed since.",
        .action = "Look which processes the system started before it (592, 4688), and whether "
                  "other accounts were set at that moment.",
        .related = "iis_resynchronised Security/628"},
    Row{.id = "readers_disagree",
        .meaning = "Our reader and the second one (libevt or libevtx) read a log differently, and "
                   "no known habit of either explains it.",
        .decided = "Record by record; differences that are known habits of the library are named "
                   "with their reason and are no finding.",
        .against = "A fault of either reader. Damaged logs make it more likely.",
        .action = "Look at the bytes at the offsets given before anything is concluded from these "
                  "records."},
    Row{.id = "records_in_a_foreign_log",
        .meaning = "Records bear the name of Security, DCOM, W3SVC or the service control manager "
                   "in a log that these do not write to. They were not used.",
        .decided = "The source of the record against the log it stands in.",
        .against = "A log whose kind could not be told. But anybody may write to the Application "
                   "log under any source's name.",
        .action = "Look at who wrote them: they may be made to mislead."},
    Row{.id = "same_log_twice",
        .meaning = "Two files of the case are the same bytes. They were counted once.",
        .decided = "Their SHA-256.",
        .against = "Harmless: copies in two folders."},
    Row{.id = "several_sam_hives",
        .meaning = "Several SAM hives have the account. One speaks: it could be opened and was "
                   "written last.",
        .decided = "Whether it opens, then its time.",
        .against = "Harmless where the others are backups (repair folder). An older copy is no "
                   "evidence of a change.",
        .action =
            "For the state of one moment put the hives of that moment into a case of their own.",
        .related = "several_security_hives"},
    Row{.id = "several_security_hives",
        .meaning = "Several SECURITY hives have COM+'s secret. One speaks: of the SAM's machine, "
                   "opened, with the latest secret.",
        .decided = "By machine, whether it opens, then the time of the secret.",
        .against = "Harmless where the others are backups (repair folder).",
        .action =
            "For the state of one moment put the hives of that moment into a case of their own.",
        .related = "several_sam_hives"},
    Row{.id = "transaction_log_changes",
        .meaning = "A hive was copied while its last changes were in its transaction logs only. It "
                   "is told with them, as Windows would have started.",
        .decided = "The hive was read with and without its logs; what differs is quoted.",
        .against = "Normal for hives of a running server or one that was switched off.",
        .action = "Nothing. Keep the .LOG files beside the hives."},
};
static_assert(in_order(kRows));

}  // namespace

std::span<const ExplanationRow> finding_rows() { return kRows; }

}  // namespace iwamtrace
