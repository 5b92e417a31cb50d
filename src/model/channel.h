// The logs that rules are written for. A record of any other log is kOther: its name stands in the
// record itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace iwamtrace {

enum class Channel : std::uint8_t {
  kOther,
  kSecurity,
  kSystem,
  kApplication,
  kSysmon,
  kPowerShell,
  kPowerShellClassic,
  kTaskScheduler,
  kTerminalServicesLocal,
  kWmiActivity,
  kDefender,
  kBitsClient,
  kDnsServer,
  kDnsServerAnalytic,
  kDnsClient,
  kDriverFrameworks,
  kFirewall,
  kNtlm,
  kNtfs,
  kSmbClientConnectivity,
  kSmbClientSecurity,
  kSmbServerConnectivity,
  kPrintServiceAdmin,
  kPrintServiceOperational,
  kAppLockerExeAndDll,
  kAppLockerMsiAndScript,
  kAppLockerDeployment,
  kAppLockerExecution,
  kAppxDeployment,
  kAppxPackaging,
  kBitLocker,
  kCapi2,
  kCertificateLifecycle,
  kCodeIntegrity,
  kDiagnosisScripted,
  kDhcp,
  kExchangeManagement,
  kHyperVWorker,
  kIisConfiguration,
  kKernelEventTracing,
  kKernelShimEngine,
  kLdapDebug,
  kLsaServer,
  kOpenSsh,
  kSecurityMitigationsKernel,
  kSecurityMitigationsUser,
  kSense,
  kServiceBusAdmin,
  kServiceBusOperational,
  kShellCore,
  kVhdmp,
};
inline constexpr std::size_t kChannels = 51;

// As an EVTX record names it: "Microsoft-Windows-Sysmon/Operational". Empty for kOther.
std::string_view name_of(Channel channel);

// Case is ignored.
Channel channel_of(std::string_view name);

}  // namespace iwamtrace
