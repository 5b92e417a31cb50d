#include "model/codes.h"

#include <array>

namespace iwamtrace {

std::string_view logon_type_name(std::uint32_t type) {
  static constexpr std::array<std::string_view, 12> kNames{"system",
                                                           "",
                                                           "interactive",
                                                           "network",
                                                           "batch",
                                                           "service",
                                                           "proxy",
                                                           "unlock",
                                                           "network cleartext",
                                                           "new credentials",
                                                           "remote interactive",
                                                           "cached interactive"};
  return type < kNames.size() ? kNames[type] : std::string_view{};
}

std::string_view privilege_name(std::uint32_t luid) {
  static constexpr std::uint32_t kFirst = 2;
  static constexpr std::array<std::string_view, 35> kNames{
      "SeCreateTokenPrivilege",
      "SeAssignPrimaryTokenPrivilege",
      "SeLockMemoryPrivilege",
      "SeIncreaseQuotaPrivilege",
      "SeMachineAccountPrivilege",
      "SeTcbPrivilege",
      "SeSecurityPrivilege",
      "SeTakeOwnershipPrivilege",
      "SeLoadDriverPrivilege",
      "SeSystemProfilePrivilege",
      "SeSystemtimePrivilege",
      "SeProfileSingleProcessPrivilege",
      "SeIncreaseBasePriorityPrivilege",
      "SeCreatePagefilePrivilege",
      "SeCreatePermanentPrivilege",
      "SeBackupPrivilege",
      "SeRestorePrivilege",
      "SeShutdownPrivilege",
      "SeDebugPrivilege",
      "SeAuditPrivilege",
      "SeSystemEnvironmentPrivilege",
      "SeChangeNotifyPrivilege",
      "SeRemoteShutdownPrivilege",
      "SeUndockPrivilege",
      "SeSyncAgentPrivilege",
      "SeEnableDelegationPrivilege",
      "SeManageVolumePrivilege",
      "SeImpersonatePrivilege",
      "SeCreateGlobalPrivilege",
      "SeTrustedCredManAccessPrivilege",
      "SeRelabelPrivilege",
      "SeIncreaseWorkingSetPrivilege",
      "SeTimeZonePrivilege",
      "SeCreateSymbolicLinkPrivilege",
      "SeDelegateSessionUserImpersonatePrivilege"};
  return luid >= kFirst && luid - kFirst < kNames.size() ? kNames[luid - kFirst]
                                                         : std::string_view{};
}

std::string_view service_start_name(std::uint32_t start) {
  static constexpr std::array<std::string_view, 5> kNames{"boot", "system", "automatic",
                                                          "on demand", "disabled"};
  return start < kNames.size() ? kNames[start] : std::string_view{};
}

}  // namespace iwamtrace
