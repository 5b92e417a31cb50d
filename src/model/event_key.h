// What an event is, whichever generation of Windows wrote it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "model/channel.h"
#include "model/citation.h"
#include "model/timestamp.h"

namespace iwamtrace {

// The writers of events that the catalogue knows.
enum class EventSource : std::uint8_t {
  kOther,
  kDcom,
  kServiceControlManager,
  kEventLog,
  kW3svc,
  kWam,
  kComPlus,
  kSecurity,
  kSqlServer,  // of any instance
  kSqlAgent,
  kUser32,
  kDrWatson,
  kApplicationError,
  kServicePack,
};
inline constexpr std::size_t kEventSources = 14;

// Events of NT5 bear the id of their NT6 twin here (628 is 4724), so one key serves both.
struct EventKey {
  EventSource source = EventSource::kOther;
  std::uint16_t id = 0;

  friend constexpr auto operator<=>(const EventKey&, const EventKey&) = default;
};

namespace events {

using enum EventSource;

inline constexpr EventKey kDcomCannotStartServer{kDcom, 10000};
inline constexpr EventKey kDcomCannotStartServerAs{kDcom, 10001};
inline constexpr EventKey kDcomLaunchDenied{kDcom, 10002};
inline constexpr EventKey kDcomDefaultLaunchDenied{kDcom, 10003};
inline constexpr EventKey kDcomLogonFailed{kDcom, 10004};
inline constexpr EventKey kDcomServiceNotStarted{kDcom, 10005};
inline constexpr EventKey kDcomTimeout{kDcom, 10010};
inline constexpr EventKey kDcomPermissionMissing{kDcom, 10016};
inline constexpr EventKey kDcomSuppressesDuplicates{kDcom, 10026};

inline constexpr EventKey kApplicationNotLoaded{kW3svc, 36};
inline constexpr EventKey kApplicationCrashed{kW3svc, 37};
inline constexpr EventKey kComPlusUnavailable{kW3svc, 59};
inline constexpr EventKey kAnonymousLogonFailed{kW3svc, 100};
inline constexpr EventKey kPoolIdentityInvalid{kW3svc, 1021};

inline constexpr EventKey kComPlusFailed{kComPlus, 4097};
inline constexpr EventKey kComPlusWithoutDtc{kComPlus, 4099};

inline constexpr EventKey kLogCleared{kEventLog, 104};  // one that is not the Security log
inline constexpr EventKey kAuditEventsDropped{kEventLog, 1101};
inline constexpr EventKey kLogStarted{kEventLog, 6005};
inline constexpr EventKey kLogStopped{kEventLog, 6006};
inline constexpr EventKey kUnexpectedShutdown{kEventLog, 6008};
inline constexpr EventKey kWindowsVersion{kEventLog, 6009};
inline constexpr EventKey kComputerRenamed{kEventLog, 6011};

inline constexpr EventKey kServiceNotStarted{kServiceControlManager, 7000};
inline constexpr EventKey kServiceDependencyFailed{kServiceControlManager, 7001};
inline constexpr EventKey kServiceCrashed{kServiceControlManager, 7031};
inline constexpr EventKey kServiceEnded{kServiceControlManager, 7034};
inline constexpr EventKey kServiceChangedState{kServiceControlManager, 7036};
inline constexpr EventKey kServiceStartChanged{kServiceControlManager, 7040};

inline constexpr EventKey kServiceControlSent{kServiceControlManager, 7035};
inline constexpr EventKey kServiceInstalledBySystem{kServiceControlManager, 7045};

inline constexpr EventKey kSqlProcedureLoaded{kSqlServer, 8128};
inline constexpr EventKey kSqlAccessBlocked{kSqlServer, 15281};
inline constexpr EventKey kSqlOptionChanged{kSqlServer, 15457};
inline constexpr EventKey kSqlMessageOf2000{kSqlServer, 17055};  // any message, in its text
inline constexpr EventKey kSqlTrustedLogon{kSqlServer, 18453};
inline constexpr EventKey kSqlLogon{kSqlServer, 18454};
inline constexpr EventKey kSqlLogonFailed{kSqlServer, 18456};
inline constexpr EventKey kSqlAuditRecord{kSqlServer, 33205};
inline constexpr EventKey kSqlAgentJob{kSqlAgent, 208};
inline constexpr EventKey kShutdownRequested{kUser32, 1074};
inline constexpr EventKey kProgramCrashed{kDrWatson, 4097};
inline constexpr EventKey kApplicationFaulted{kApplicationError, 1000};
inline constexpr EventKey kHotfixInstalled{kServicePack, 4377};

inline constexpr EventKey kAuditLogCleared{kSecurity, 1102};
inline constexpr EventKey kWindowsStarted{kSecurity, 4608};
inline constexpr EventKey kWindowsStopped{kSecurity, 4609};
inline constexpr EventKey kAuditsDiscarded{kSecurity, 4612};
inline constexpr EventKey kClockChanged{kSecurity, 4616};
inline constexpr EventKey kLogon{kSecurity, 4624};
inline constexpr EventKey kLogonFailed{kSecurity, 4625};
inline constexpr EventKey kLogoff{kSecurity, 4634};
inline constexpr EventKey kLogoffByUser{kSecurity, 4647};
inline constexpr EventKey kExplicitCredentials{kSecurity, 4648};
inline constexpr EventKey kSpecialPrivileges{kSecurity, 4672};
inline constexpr EventKey kProcessStarted{kSecurity, 4688};
inline constexpr EventKey kProcessEnded{kSecurity, 4689};
inline constexpr EventKey kServiceInstalled{kSecurity, 4697};
inline constexpr EventKey kTaskCreated{kSecurity, 4698};
inline constexpr EventKey kPrivilegeGranted{kSecurity, 4704};  // Windows 2000: also logon rights
inline constexpr EventKey kPrivilegeRemoved{kSecurity, 4705};
inline constexpr EventKey kLogonRightGranted{kSecurity, 4717};
inline constexpr EventKey kLogonRightRemoved{kSecurity, 4718};
inline constexpr EventKey kAuditPolicyChanged{kSecurity, 4719};
inline constexpr EventKey kAccountCreated{kSecurity, 4720};
inline constexpr EventKey kUserAccountEnabled{kSecurity, 4722};
inline constexpr EventKey kPasswordChangeAttempted{kSecurity, 4723};
inline constexpr EventKey kPasswordReset{kSecurity, 4724};
inline constexpr EventKey kUserAccountDisabled{kSecurity, 4725};
inline constexpr EventKey kAccountDeleted{kSecurity, 4726};
inline constexpr EventKey kGroupMemberAdded{kSecurity, 4732};
inline constexpr EventKey kGroupMemberRemoved{kSecurity, 4733};
inline constexpr EventKey kAccountChanged{kSecurity, 4738};
inline constexpr EventKey kUserAccountLockedOut{kSecurity, 4740};
inline constexpr EventKey kUserAccountUnlocked{kSecurity, 4767};
inline constexpr EventKey kSessionReconnected{kSecurity, 4778};
inline constexpr EventKey kSessionDisconnected{kSecurity, 4779};

// Of writers that the catalogue does not know: only with their name is it such an event.
inline constexpr EventKey kPowerLost{kOther, 41};            // Microsoft-Windows-Kernel-Power
inline constexpr EventKey kTimeServiceSetClock{kOther, 52};  // W32Time

}  // namespace events

// All that is known of a record before any of its text is rendered.
struct EventHead {
  SourceId source{};
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> record;
  Timestamp time;
  EventKey key;
  std::uint16_t event_id = 0;  // as the record has it
  Channel channel{};           // of .evt as worked out from the sources of its records
};

}  // namespace iwamtrace
