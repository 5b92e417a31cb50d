#include <array>

#include "analyzers/analyzer.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using namespace events;

constexpr std::array kIdentityNeeds{kComputerRenamed, kDcomLogonFailed};
constexpr std::array kFailureNeeds{
    kDcomLogonFailed,         kDcomTimeout,           kApplicationNotLoaded,
    kApplicationCrashed,      kLogonFailed,           kDcomCannotStartServer,
    kDcomCannotStartServerAs, kDcomLaunchDenied,      kDcomDefaultLaunchDenied,
    kDcomPermissionMissing,   kDcomServiceNotStarted, kServiceNotStarted,
    kServiceDependencyFailed, kPoolIdentityInvalid};
constexpr std::array kCauseNeeds{
    kPasswordReset,      kPasswordChangeAttempted, kAccountChanged,   kGroupMemberAdded,
    kGroupMemberRemoved, kDcomCannotStartServer,   kServiceCrashed,   kServiceEnded,
    kComPlusUnavailable, kComPlusFailed,           kComPlusWithoutDtc};
constexpr std::array kWindowNeeds{
    kLogon, kPasswordReset, kPasswordChangeAttempted,
    // the change of a state
    kPrivilegeGranted, kPrivilegeRemoved, kLogonRightGranted, kLogonRightRemoved,
    kUserAccountEnabled, kUserAccountDisabled, kUserAccountLockedOut, kUserAccountUnlocked,
    kServiceStartChanged,
    // the session of who set it, and what frames and ends it
    kWindowsVersion, kWindowsStarted, kWindowsStopped, kLogoff, kLogoffByUser, kExplicitCredentials,
    kSpecialPrivileges, kProcessStarted, kProcessEnded, kSessionReconnected, kSessionDisconnected};
constexpr std::array kStoryNeeds{kLogStarted,      kLogStopped,         kUnexpectedShutdown,
                                 kAuditLogCleared, kApplicationCrashed, kServiceChangedState,
                                 kClockChanged};
constexpr std::array kAccountSignNeeds{kAccountCreated, kGroupMemberAdded, kPasswordReset};
constexpr std::array kSqlNeeds{kSqlTrustedLogon,
                               kSqlLogon,
                               EventKey{kSqlServer, 18455},
                               kSqlLogonFailed,
                               kSqlMessageOf2000,
                               EventKey{kSqlServer, 18450},
                               EventKey{kSqlServer, 18451},
                               EventKey{kSqlServer, 18452},
                               EventKey{kSqlServer, 18486},
                               EventKey{kSqlServer, 18487},
                               EventKey{kSqlServer, 18488}};
constexpr std::array kLogonNeeds{kLogon, kLogonFailed};
constexpr std::array kClearingNeeds{kAuditLogCleared};
constexpr std::array kCompromiseNeeds{kHotfixInstalled};
constexpr std::array kIntegrityNeeds{kLogStarted,     kLogStopped,        kUnexpectedShutdown,
                                     kWindowsVersion, kWindowsStarted,    kWindowsStopped,
                                     kPowerLost,      kShutdownRequested, kAuditLogCleared,
                                     kLogCleared,     kAuditsDiscarded,   kAuditEventsDropped};
constexpr std::array kClockNeeds{kClockChanged, kTimeServiceSetClock, kLogStarted, kWindowsStarted};
constexpr std::span<const EventKey> kNoEvents;

constexpr std::array kAnalyzers{
    Analyzer{"server identity", "Which server is this, and which account runs its applications?",
             kIdentityNeeds, identify_server},
    Analyzer{"password copies", "Do the three copies of the password agree?", kNoEvents,
             compare_password_copies},
    Analyzer{"grants", "Who is in which group, and who may do what?", kNoEvents, list_grants},
    Analyzer{"account state", "May the account log on and do its work?", kNoEvents,
             examine_account_state},
    Analyzer{"secrets", "Which passwords do LSA and the metabase hold, and whose are they?",
             kNoEvents, match_secrets},
    Analyzer{"metabase", "What does the metabase hold, and what changed between its versions?",
             kNoEvents, compare_metabases},
    Analyzer{"failures", "Which failures followed, and what reason does Windows give?",
             kFailureNeeds, find_pooled_failures},
    Analyzer{"rules", "Which records do the detection rules match?", kNoEvents, apply_rules},
    Analyzer{"account signs", "Were accounts made, raised or hidden as intruders do?",
             kAccountSignNeeds, find_account_signs},
    Analyzer{"SQL signs", "Did a login to SQL Server succeed behind guesses?", kSqlNeeds,
             find_sql_signs},
    Analyzer{"logon signs", "Did a logon succeed behind guesses?", kLogonNeeds, find_logon_signs},
    Analyzer{"metabase signs", "Is the web server set up as intruders do?", kNoEvents,
             find_metabase_signs},
    Analyzer{"persistence signs", "What starts by itself that does not belong here?", kNoEvents,
             find_persistence_signs},
    Analyzer{"worm signs", "Which worms left traces in the registry?", kNoEvents, find_worm_signs},
    Analyzer{"cleared logs", "Which logs were cleared, and by whom?", kClearingNeeds,
             find_cleared_logs},
    Analyzer{"log settings", "Where and for how long did the server keep its logs?", kNoEvents,
             examine_log_settings},
    // ---- conclusions: they see the answers above ----
    Analyzer{"desync cause", "Why did the copies part, or the applications fail?", kCauseNeeds,
             decide_desync_cause},
    Analyzer{"desync window", "Since when, and by whom?", kWindowNeeds, bracket_desync_window},
    Analyzer{"desync verdict", "Which copy is out of step, and does it explain the failures?",
             kNoEvents, judge_desync},
    Analyzer{"compromise", "Was the server broken into, and how?", kCompromiseNeeds,
             judge_compromise},
    Analyzer{"story", "What happened, in order?", kStoryNeeds, tell_story},
    Analyzer{"findings", "What else must be known?", kStoryNeeds, name_findings},
    Analyzer{"metabase findings", "What do the versions of the metabase tell besides?", kNoEvents,
             name_metabase_findings},
    Analyzer{"sets by the system", "Did the system itself set the password, and was that IIS?",
             kStoryNeeds, name_sets_by_the_system},
    Analyzer{"clock", "Was the clock set, so that times must be read with care?", kClockNeeds,
             find_clock_changes},
    Analyzer{"applications", "Which applications does the fault reach, and what proved that?",
             kNoEvents, list_protected_applications},
    Analyzer{"remediation", "What is to be done on the server?", kNoEvents, name_remediation},
    Analyzer{"wanted evidence", "What would decide what is left open?", kNoEvents,
             name_wanted_evidence},
    Analyzer{"log integrity", "Is each log whole, and if not, why?", kIntegrityNeeds,
             examine_log_integrity},
    Analyzer{"limits", "What could not be observed?", kNoEvents, name_limits},
};

}  // namespace

std::span<const Analyzer> all_analyzers() { return kAnalyzers; }

Answers examine(const Case& the_case) {
  Answers answers;
  for (const Analyzer& analyzer : all_analyzers()) {
    analyzer.examine(the_case, answers);
  }
  return answers;
}

}  // namespace iwamtrace
