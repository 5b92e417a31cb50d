#include "model/codes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace iwamtrace {

std::string_view win32_error(std::uint32_t code) {
  using Row = std::pair<std::uint32_t, std::string_view>;
  static constexpr std::array kErrors{
      Row{2, "file not found"},
      Row{5, "access denied"},
      Row{1053, "the service did not respond in time"},
      Row{1056, "the service is already running"},
      Row{1058, "the service is disabled"},
      Row{1060, "the service does not exist"},
      Row{1067, "the process ended unexpectedly"},
      Row{1068, "a service it depends on did not start"},
      Row{1069, "the service's logon failed"},
      Row{1072, "the service is marked for deletion"},
      Row{1075, "a service it depends on does not exist"},
      Row{1115, "the system is shutting down"},
      Row{1311, "no logon server is available"},
      Row{1314, "a required privilege is not held"},
      Row{1317, "no such user"},
      Row{1326, "unknown user name or bad password"},
      Row{1327, "account restriction"},
      Row{1328, "outside the account's logon hours"},
      Row{1329, "not allowed on this computer"},
      Row{1330, "the password has expired"},
      Row{1331, "the account is disabled"},
      Row{1332, "no mapping between names and SIDs"},
      Row{1355, "no such domain"},
      Row{1380, "the user has not been granted this logon"},
      Row{1385, "the user has not been granted this logon type"},
      Row{1450, "not enough system resources"},
      Row{1722, "the RPC server is unavailable"},
      Row{1726, "the remote procedure call failed"},
      Row{1727, "the remote procedure call failed and did not execute"},
      Row{1788, "the trust relationship failed"},
      Row{1793, "the account has expired"},
      Row{1816, "not enough quota"},
      Row{1907, "the password must be changed first"},
      Row{1909, "the account is locked out"},
  };
  const auto found = std::ranges::lower_bound(kErrors, code, {}, &Row::first);
  return found != kErrors.end() && found->first == code ? found->second : std::string_view{};
}

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
