#include "analyzers/sigma/log_sources.h"

#include <algorithm>
#include <array>

namespace iwamtrace::sigma {
namespace {

using enum Channel;

struct ServiceRow {
  std::string_view service;
  Channel channel;
};

constexpr std::array kServices{
    ServiceRow{"application", kApplication},
    ServiceRow{"applocker", kAppLockerExeAndDll},
    ServiceRow{"applocker", kAppLockerMsiAndScript},
    ServiceRow{"applocker", kAppLockerDeployment},
    ServiceRow{"applocker", kAppLockerExecution},
    ServiceRow{"appxdeployment-server", kAppxDeployment},
    ServiceRow{"appxpackaging-om", kAppxPackaging},
    ServiceRow{"bitlocker", kBitLocker},
    ServiceRow{"bits-client", kBitsClient},
    ServiceRow{"capi2", kCapi2},
    ServiceRow{"certificateservicesclient-lifecycle-system", kCertificateLifecycle},
    ServiceRow{"codeintegrity-operational", kCodeIntegrity},
    ServiceRow{"dhcp", kDhcp},
    ServiceRow{"diagnosis-scripted", kDiagnosisScripted},
    ServiceRow{"dns-client", kDnsClient},
    ServiceRow{"dns-server", kDnsServer},
    ServiceRow{"dns-server-analytic", kDnsServerAnalytic},
    ServiceRow{"driver-framework", kDriverFrameworks},
    ServiceRow{"firewall-as", kFirewall},
    ServiceRow{"hyper-v-worker", kHyperVWorker},
    ServiceRow{"iis-configuration", kIisConfiguration},
    ServiceRow{"kernel-event-tracing", kKernelEventTracing},
    ServiceRow{"kernel-shimengine", kKernelShimEngine},
    ServiceRow{"ldap", kLdapDebug},
    ServiceRow{"ldap_debug", kLdapDebug},
    ServiceRow{"lsa-server", kLsaServer},
    ServiceRow{"microsoft-servicebus-client", kServiceBusAdmin},
    ServiceRow{"microsoft-servicebus-client", kServiceBusOperational},
    ServiceRow{"msexchange-management", kExchangeManagement},
    ServiceRow{"ntfs", kNtfs},
    ServiceRow{"ntlm", kNtlm},
    ServiceRow{"openssh", kOpenSsh},
    ServiceRow{"powershell", kPowerShell},
    ServiceRow{"powershell-classic", kPowerShellClassic},
    ServiceRow{"printservice-admin", kPrintServiceAdmin},
    ServiceRow{"printservice-operational", kPrintServiceOperational},
    ServiceRow{"security", kSecurity},
    ServiceRow{"security-mitigations", kSecurityMitigationsKernel},
    ServiceRow{"security-mitigations", kSecurityMitigationsUser},
    ServiceRow{"sense", kSense},
    ServiceRow{"shell-core", kShellCore},
    ServiceRow{"smbclient-connectivity", kSmbClientConnectivity},
    ServiceRow{"smbclient-security", kSmbClientSecurity},
    ServiceRow{"smbserver-connectivity", kSmbServerConnectivity},
    ServiceRow{"sysmon", kSysmon},
    ServiceRow{"system", kSystem},
    ServiceRow{"taskscheduler", kTaskScheduler},
    ServiceRow{"terminalservices-localsessionmanager", kTerminalServicesLocal},
    ServiceRow{"vhdmp", kVhdmp},
    ServiceRow{"windefend", kDefender},
    ServiceRow{"wmi", kWmiActivity},
};

template <std::uint16_t... Ids>
inline constexpr std::array<std::uint16_t, sizeof...(Ids)> kIds{Ids...};

// Security 4688, and 592 as its twin. User and IntegrityLevel stand there in another form.
constexpr std::array kProcessFields{
    FieldName{"Image", "NewProcessName"},   FieldName{"ParentImage", "ParentProcessName"},
    FieldName{"ProcessId", "NewProcessId"}, FieldName{"ParentProcessId", "ProcessId"},
    FieldName{"LogonId", "SubjectLogonId"},
};
constexpr std::array kConnectionFields{
    FieldName{"Image", "Application"},
    FieldName{"SourceIp", "SourceAddress"},
    FieldName{"DestinationIp", "DestAddress"},
    FieldName{"DestinationPort", "DestPort"},
};
constexpr std::array kEndedFields{FieldName{"Image", "ProcessName"}};

struct CategoryRow {
  std::string_view category;
  Scope scope;
};

constexpr std::array kCategories{
    CategoryRow{"process_creation", {kSysmon, kIds<1>, {}, false}},
    CategoryRow{"process_creation", {kSecurity, kIds<4688>, kProcessFields, true}},
    CategoryRow{"file_change", {kSysmon, kIds<2>, {}, false}},
    CategoryRow{"network_connection", {kSysmon, kIds<3>, {}, false}},
    CategoryRow{"network_connection", {kSecurity, kIds<5156>, kConnectionFields, true}},
    CategoryRow{"sysmon_status", {kSysmon, kIds<4, 16>, {}, false}},
    CategoryRow{"process_termination", {kSysmon, kIds<5>, {}, false}},
    CategoryRow{"process_termination", {kSecurity, kIds<4689>, kEndedFields, true}},
    CategoryRow{"driver_load", {kSysmon, kIds<6>, {}, false}},
    CategoryRow{"image_load", {kSysmon, kIds<7>, {}, false}},
    CategoryRow{"create_remote_thread", {kSysmon, kIds<8>, {}, false}},
    CategoryRow{"raw_access_thread", {kSysmon, kIds<9>, {}, false}},
    CategoryRow{"process_access", {kSysmon, kIds<10>, {}, false}},
    CategoryRow{"file_event", {kSysmon, kIds<11>, {}, false}},
    CategoryRow{"registry_add", {kSysmon, kIds<12>, {}, false}},
    CategoryRow{"registry_delete", {kSysmon, kIds<12>, {}, false}},
    CategoryRow{"registry_set", {kSysmon, kIds<13>, {}, false}},
    CategoryRow{"registry_rename", {kSysmon, kIds<14>, {}, false}},
    CategoryRow{"registry_event", {kSysmon, kIds<12, 13, 14>, {}, false}},
    CategoryRow{"create_stream_hash", {kSysmon, kIds<15>, {}, false}},
    CategoryRow{"pipe_created", {kSysmon, kIds<17, 18>, {}, false}},
    CategoryRow{"wmi_event", {kSysmon, kIds<19, 20, 21>, {}, false}},
    CategoryRow{"dns_query", {kSysmon, kIds<22>, {}, false}},
    CategoryRow{"file_delete", {kSysmon, kIds<23, 26>, {}, false}},
    CategoryRow{"clipboard_capture", {kSysmon, kIds<24>, {}, false}},
    CategoryRow{"process_tampering", {kSysmon, kIds<25>, {}, false}},
    CategoryRow{"file_block", {kSysmon, kIds<27, 28>, {}, false}},
    CategoryRow{"file_executable_detected", {kSysmon, kIds<29>, {}, false}},
    CategoryRow{"sysmon_error", {kSysmon, kIds<255>, {}, false}},
    CategoryRow{"ps_module", {kPowerShell, kIds<4103>, {}, false}},
    CategoryRow{"ps_script", {kPowerShell, kIds<4104>, {}, false}},
    CategoryRow{"ps_classic_start", {kPowerShellClassic, kIds<400>, {}, false}},
    CategoryRow{"ps_classic_provider_start", {kPowerShellClassic, kIds<600>, {}, false}},
    CategoryRow{"ps_classic_script", {kPowerShellClassic, kIds<800>, {}, false}},
};

std::vector<Scope> every_log() {
  std::vector<Scope> scopes;
  for (std::size_t i = 0; i < kChannels; ++i) {
    scopes.push_back(Scope{static_cast<Channel>(i), {}, {}, false});
  }
  return scopes;
}

}  // namespace

std::vector<Scope> scopes_of(const LogSource& source) {
  if (source.product != "windows") {
    throw RuleError(source.product.empty()
                        ? "log source without a product: it is not about Windows alone"
                        : "log source of product \"" + source.product + "\" is no Windows log");
  }
  std::vector<Scope> by_service;
  for (const ServiceRow& row : kServices) {
    if (row.service == source.service) {
      by_service.push_back(Scope{row.channel, {}, {}, false});
    }
  }
  if (!source.service.empty() && by_service.empty()) {
    throw RuleError("log source: service \"" + source.service + "\" is not known");
  }
  if (source.category.empty()) {
    return source.service.empty() ? every_log() : by_service;
  }
  std::vector<Scope> scopes;
  for (const CategoryRow& row : kCategories) {
    const bool in_service =
        by_service.empty() ||
        std::ranges::find(by_service, row.scope.channel, &Scope::channel) != by_service.end();
    if (row.category == source.category && in_service) {
      scopes.push_back(row.scope);
    }
  }
  if (scopes.empty()) {
    throw RuleError("log source: category \"" + source.category + "\" is not known");
  }
  return scopes;
}

std::string_view nt6_provider(EventKey key) {
  switch (key.source) {
    case EventSource::kSecurity:
      return key == events::kAuditLogCleared ? "Microsoft-Windows-Eventlog"
                                             : "Microsoft-Windows-Security-Auditing";
    case EventSource::kDcom:
      return "Microsoft-Windows-DistributedCOM";
    case EventSource::kComPlus:
      return "Microsoft-Windows-Complus";
    default:
      return {};
  }
}

}  // namespace iwamtrace::sigma
