#include "analyzers/intrusion/techniques.h"

#include <algorithm>
#include <array>

namespace iwamtrace {
namespace {

using enum Phase;

// Newer numbers: those that the rules of SigmaHQ bear since August 2026.
constexpr std::array kTechniques{
    Technique{"T1003", "", "OS Credential Dumping"},
    Technique{"T1003.002", "", "OS Credential Dumping: Security Account Manager"},
    Technique{"T1003.004", "", "OS Credential Dumping: LSA Secrets"},
    Technique{"T1014", "", "Rootkit"},
    Technique{"T1021.001", "", "Remote Services: Remote Desktop Protocol"},
    Technique{"T1036.005", "", "Masquerading: Match Legitimate Resource Name or Location"},
    Technique{"T1053.005", "", "Scheduled Task/Job: Scheduled Task"},
    Technique{"T1059.003", "", "Command and Scripting Interpreter: Windows Command Shell"},
    Technique{"T1070.001", "T1685.005", "Indicator Removal: Clear Windows Event Logs"},
    Technique{"T1070.006", "", "Indicator Removal: Timestomp"},
    Technique{"T1078.001", "", "Valid Accounts: Default Accounts"},
    Technique{"T1078.003", "", "Valid Accounts: Local Accounts"},
    Technique{"T1098", "", "Account Manipulation"},
    Technique{"T1105", "", "Ingress Tool Transfer"},
    Technique{"T1110.001", "", "Brute Force: Password Guessing"},
    Technique{"T1112", "", "Modify Registry"},
    Technique{"T1136.001", "", "Create Account: Local Account"},
    Technique{"T1190", "", "Exploit Public-Facing Application"},
    Technique{"T1210", "", "Exploitation of Remote Services"},
    Technique{"T1219", "", "Remote Access Tools"},
    Technique{"T1499.004", "", "Endpoint Denial of Service: Application or System Exploitation"},
    Technique{"T1505.001", "", "Server Software Component: SQL Stored Procedures"},
    Technique{"T1505.003", "", "Server Software Component: Web Shell"},
    Technique{"T1505.004", "", "Server Software Component: IIS Components"},
    Technique{"T1531", "", "Account Access Removal"},
    Technique{"T1543.003", "", "Create or Modify System Process: Windows Service"},
    Technique{"T1546.008", "", "Event Triggered Execution: Accessibility Features"},
    Technique{"T1547.001", "", "Boot or Logon Autostart Execution: Registry Run Keys"},
    Technique{"T1547.004", "", "Boot or Logon Autostart Execution: Winlogon Helper DLL"},
    Technique{"T1562.001", "T1685", "Impair Defenses: Disable or Modify Tools"},
    Technique{"T1562.002", "T1685.001", "Impair Defenses: Disable Windows Event Logging"},
    Technique{"T1562.004", "T1686", "Impair Defenses: Disable or Modify System Firewall"},
    Technique{"T1564.002", "", "Hide Artifacts: Hidden Users"},
    Technique{"T1569.002", "", "System Services: Service Execution"},
    Technique{"T1571", "", "Non-Standard Port"},
};
static_assert(std::ranges::is_sorted(kTechniques, {}, &Technique::id));

constexpr std::array kSignKinds{
    SignKind{"account_commands", kPersistence, "T1136.001"},
    SignKind{"account_created", kPersistence, "T1136.001"},
    SignKind{"account_made_administrator", kPrivilegeEscalation, "T1098"},
    SignKind{"audit_disabled", kDefenseEvasion, "T1562.002"},
    SignKind{"cloned_account", kPersistence, "T1098"},
    SignKind{"credential_theft", kCredentialAccess, "T1003"},
    SignKind{"guest_enabled", kPersistence, "T1078.001"},
    SignKind{"hidden_account", kDefenseEvasion, "T1564.002"},
    SignKind{"iwam_interactive_use", kInitialAccess, "T1078.003"},
    SignKind{"log_cleared", kDefenseEvasion, "T1070.001"},
    SignKind{"logon_brute_force", kCredentialAccess, "T1110.001"},
    SignKind{"logon_guessed", kInitialAccess, "T1078.003"},
    SignKind{"mass_password_reset", kImpact, "T1531"},
    SignKind{"metabase_tampered", kPersistence, "T1505.003"},
    SignKind{"new_account_used", kInitialAccess, "T1078.003"},
    SignKind{"persistence_key", kPersistence, "T1547.001"},
    SignKind{"port_taken", kCommandAndControl, "T1571"},
    SignKind{"remote_tool", kCommandAndControl, "T1219"},
    SignKind{"rid_hijack", kPersistence, "T1098"},
    SignKind{"service_installed", kPersistence, "T1543.003"},
    SignKind{"sql_brute_force", kCredentialAccess, "T1110.001"},
    SignKind{"sql_command_execution", kExecution, "T1059.003"},
    SignKind{"sql_login_guessed", kInitialAccess, "T1078.001"},
    SignKind{"task_created", kPersistence, "T1053.005"},
    SignKind{"tool_transfer", kCommandAndControl, "T1105"},
    SignKind{"web_server_crashes", kInitialAccess, "T1190"},
    SignKind{"web_shell", kPersistence, "T1505.003"},
    SignKind{"worm_iis", kInitialAccess, "T1190"},
    SignKind{"worm_rpc", kLateralMovement, "T1210"},
};
static_assert(std::ranges::is_sorted(kSignKinds, {}, &SignKind::finding));

}  // namespace

std::span<const Technique> all_techniques() { return kTechniques; }

const Technique* technique_named(std::string_view id) {
  const auto* const found = std::ranges::find_if(kTechniques, [&](const Technique& technique) {
    return technique.id == id || (!technique.newer.empty() && technique.newer == id);
  });
  return found == kTechniques.end() ? nullptr : found;
}

std::string_view older_number(std::string_view id) {
  const Technique* technique = technique_named(id);
  return technique == nullptr ? id : technique->id;
}

std::span<const SignKind> all_sign_kinds() { return kSignKinds; }

const SignKind* sign_kind(std::string_view finding) {
  const auto* const found = std::ranges::find(kSignKinds, finding, &SignKind::finding);
  return found == kSignKinds.end() ? nullptr : found;
}

}  // namespace iwamtrace
