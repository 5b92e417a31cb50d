#include "model/channel.h"

#include <algorithm>
#include <array>

#include "model/text.h"

namespace iwamtrace {
namespace {

// In the order of the enumeration. Source: appendix "taxonomy" of the Sigma specification.
constexpr std::array<std::string_view, kChannels> kNames{
    "",
    "Security",
    "System",
    "Application",
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-PowerShell/Operational",
    "Windows PowerShell",
    "Microsoft-Windows-TaskScheduler/Operational",
    "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
    "Microsoft-Windows-WMI-Activity/Operational",
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-Bits-Client/Operational",
    "DNS Server",
    "Microsoft-Windows-DNS-Server/Analytical",
    "Microsoft-Windows-DNS Client Events/Operational",
    "Microsoft-Windows-DriverFrameworks-UserMode/Operational",
    "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
    "Microsoft-Windows-NTLM/Operational",
    "Microsoft-Windows-Ntfs/Operational",
    "Microsoft-Windows-SmbClient/Connectivity",
    "Microsoft-Windows-SmbClient/Security",
    "Microsoft-Windows-SMBServer/Connectivity",
    "Microsoft-Windows-PrintService/Admin",
    "Microsoft-Windows-PrintService/Operational",
    "Microsoft-Windows-AppLocker/EXE and DLL",
    "Microsoft-Windows-AppLocker/MSI and Script",
    "Microsoft-Windows-AppLocker/Packaged app-Deployment",
    "Microsoft-Windows-AppLocker/Packaged app-Execution",
    "Microsoft-Windows-AppXDeploymentServer/Operational",
    "Microsoft-Windows-AppxPackaging/Operational",
    "Microsoft-Windows-BitLocker/BitLocker Management",
    "Microsoft-Windows-CAPI2/Operational",
    "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    "Microsoft-Windows-CodeIntegrity/Operational",
    "Microsoft-Windows-Diagnosis-Scripted/Operational",
    "Microsoft-Windows-DHCP-Server/Operational",
    "MSExchange Management",
    "Microsoft-Windows-Hyper-V-Worker",
    "Microsoft-IIS-Configuration/Operational",
    "Microsoft-Windows-Kernel-EventTracing",
    "Microsoft-Windows-Kernel-ShimEngine/Operational",
    "Microsoft-Windows-LDAP-Client/Debug",
    "Microsoft-Windows-LSA/Operational",
    "OpenSSH/Operational",
    "Microsoft-Windows-Security-Mitigations/Kernel Mode",
    "Microsoft-Windows-Security-Mitigations/User Mode",
    "Microsoft-Windows-SENSE/Operational",
    "Microsoft-ServiceBus-Client/Admin",
    "Microsoft-ServiceBus-Client/Operational",
    "Microsoft-Windows-Shell-Core/Operational",
    "Microsoft-Windows-VHDMP/Operational",
};

}  // namespace

std::string_view name_of(Channel channel) { return kNames[static_cast<std::size_t>(channel)]; }

Channel channel_of(std::string_view name) {
  const auto found = std::ranges::find_if(
      kNames, [&](std::string_view known) { return equal_ignoring_case(known, name); });
  return found == kNames.end() ? Channel::kOther : static_cast<Channel>(found - kNames.begin());
}

}  // namespace iwamtrace
