// Messages of the System and Application logs.
#include <algorithm>
#include <array>

#include "parsers/catalog/message_tables.h"

namespace iwamtrace {
namespace {

using enum EventSource;
using Row = MessageTemplate;

constexpr auto kScm = kServiceControlManager;

constexpr std::array kTemplates{
    Row{{kDcom, 10000},
        "Unable to start a DCOM Server: {ServerId}. The error: \"{Error}\" Happened while starting "
        "this command: {CommandLine}"},
    Row{{kDcom, 10001},
        "Unable to start a DCOM Server: {ServerId} as {Domain}/{User}. The error: \"{Error}\" "
        "Happened while starting this command: {CommandLine}"},
    Row{{kDcom, 10002},
        "Access denied attempting to launch a DCOM Server. The server is: {ServerId} The user is "
        "{User}/{Domain}, SID={UserSid}."},
    Row{{kDcom, 10003},
        "Access denied attempting to launch a DCOM Server using DefaultLaunchPermssion. The server "
        "is: {ServerId} The user is {User}/{Domain}, SID={UserSid}."},
    Row{{kDcom, 10004},
        "DCOM got error \"{Error}\" and was unable to logon {Domain}\\{User} in order to run the "
        "server: {ServerId}"},
    Row{{kDcom, 10005},
        "DCOM got error \"{Error}\" attempting to start the service {ServiceName} with arguments "
        "\"{Arguments}\" in order to run the server: {ServerId}"},
    Row{{kDcom, 10006},
        "DCOM got error \"{Error}\" from the computer {Computer} when attempting to activate the "
        "server: {ServerId}"},
    Row{{kDcom, 10007},
        "DCOM got error \"{Error}\" when attempting to activate the server: {ServerId}"},
    Row{{kDcom, 10008},
        "DCOM got error \"{Error}\" from the computer {Computer} when attempting to the server: "
        "{ServerId} with file {File}."},
    Row{{kDcom, 10009},
        "DCOM was unable to communicate with the computer {Computer} using any of the configured "
        "protocols."},
    Row{{kDcom, 10010},
        "The server {ServerId} did not register with DCOM within the required timeout."},
    Row{{kDcom, 10016},
        "The {PermissionScope} permission settings do not grant {Locality} {Operation} permission "
        "for the COM Server application with CLSID {ServerId} to the user {Domain}\\{User} SID "
        "({UserSid}). This security permission can be modified using the Component Services "
        "administrative tool."},
    Row{{kDcom, 10026},
        "The COM sub system is suppressing duplicate event log entries for a duration of {Seconds} "
        "seconds. The suppression timeout can be controlled by a REG_DWORD value named {ValueName} "
        "under the following registry key: HKLM\\{KeyName}."},
    Row{{kDcom, 10028},
        "DCOM was unable to communicate with the computer {Computer} using any of the configured "
        "protocols."},

    Row{{kScm, 7000},
        "The {ServiceName} service failed to start due to the following error: {Error}"},
    Row{{kScm, 7001},
        "The {ServiceName} service depends on the {Dependency} service which failed to start "
        "because "
        "of the following error: {Error}"},
    Row{{kScm, 7003},
        "The {ServiceName} service depends on the following nonexistent service: {Dependency}"},
    Row{{kScm, 7009},
        "Timeout ({Milliseconds} milliseconds) waiting for the {ServiceName} service to connect."},
    Row{{kScm, 7011},
        "Timeout ({Milliseconds} milliseconds) waiting for a transaction response from the "
        "{ServiceName} service."},
    Row{{kScm, 7013},
        "Logon attempt with current password failed with the following error: {Error}"},
    Row{{kScm, 7022}, "The {ServiceName} service hung on starting."},
    Row{{kScm, 7023}, "The {ServiceName} service terminated with the following error: {Error}"},
    Row{{kScm, 7024}, "The {ServiceName} service terminated with service-specific error {Error}."},
    Row{{kScm, 7026},
        "The following boot-start or system-start driver(s) failed to load: {Drivers}"},
    Row{{kScm, 7030},
        "The {ServiceName} service is marked as an interactive service. However, the system is "
        "configured to not allow interactive services. This service may not function properly."},
    Row{{kScm, 7031},
        "The {ServiceName} service terminated unexpectedly. It has done this {Count} time(s). The "
        "following corrective action will be taken in {Milliseconds} milliseconds: {Action}."},
    Row{{kScm, 7032},
        "The Service Control Manager tried to take a corrective action ({Action}) after the "
        "unexpected termination of the {ServiceName} service, but this action failed with the "
        "following error: {Error}"},
    Row{{kScm, 7034},
        "The {ServiceName} service terminated unexpectedly. It has done this {Count} time(s)."},
    Row{{kScm, 7035}, "The {ServiceName} service was successfully sent a {Control} control."},
    Row{{kScm, 7036}, "The {ServiceName} service entered the {State} state."},
    Row{{kScm, 7038},
        "The {ServiceName} service was unable to log on as {Account} with the currently configured "
        "password due to the following error: {Error}"},
    Row{{kScm, 7039},
        "A service process other than the one launched by the Service Control Manager connected "
        "when "
        "starting the {ServiceName} service. The Service Control Manager launched process "
        "{ExpectedProcess} and process {Process} connected instead."},
    Row{{kScm, 7040},
        "The start type of the {ServiceName} service was changed from {OldStartType} to "
        "{NewStartType}."},
    Row{{kScm, 7041},
        "The {ServiceName} service was unable to log on as {Account}: the account does not have "
        "the "
        "right \"Log on as a service\"."},
    Row{{kScm, 7043},
        "The {ServiceName} service did not shut down properly after receiving a preshutdown "
        "control."},
    Row{{kScm, 7045},
        "A service was installed in the system. Service Name: {ServiceName} Service File Name: "
        "{ImagePath} Service Type: {ServiceType} Service Start Type: {StartType} Service Account: "
        "{AccountName}"},

    Row{{kEventLog, 104}, "The {Channel} log file was cleared."},
    Row{{kEventLog, 1100}, "The event logging service has shut down."},
    Row{{kEventLog, 1101}, "Audit events have been dropped by the transport. {Reason}"},
    Row{{kEventLog, 6005}, "The Event log service was started."},
    Row{{kEventLog, 6006}, "The Event log service was stopped."},
    Row{{kEventLog, 6008}, "The previous system shutdown at {Time} on {Date} was unexpected."},
    Row{{kEventLog, 6009}, "Microsoft (R) Windows (R) {Version} {Build} {ServicePack} {Kernel}."},
    Row{{kEventLog, 6011},
        "The NetBIOS name and DNS host name of this machine have been changed from {OldName} to "
        "{NewName}."},
    Row{{kEventLog, 6013}, "The system uptime is {Seconds} seconds."},

    Row{{kW3svc, 3}, "The HTTP server could not initialize the socket library."},
    Row{{kW3svc, 4},
        "The HTTP server was unable to initialize due to a shortage of available memory."},
    Row{{kW3svc, 14}, "The HTTP Filter DLL {Filter} failed to load."},
    Row{{kW3svc, 19}, "The HTTP Server was unable to load the ISAPI Application '{Extension}'."},
    Row{{kW3svc, 30}, "The server was unable to read the file {File}."},
    Row{{kW3svc, 36},
        "The server failed to load application '{Application}'. The error was '{Error}'."},
    Row{{kW3svc, 37}, "Out of process application '{Application}' terminated unexpectedly."},
    Row{{kW3svc, 38},
        "The server stopped serving application '{Application}' because the number of its crashes "
        "exceeds a limit."},
    Row{{kW3svc, 59}, "The server found COM+ or its transaction coordinator not available."},
    Row{{kW3svc, 100},
        "The server was unable to logon the Windows NT account '{Account}' due to the following "
        "error: {Error}"},
    Row{{kW3svc, 105},
        "The server was unable to register the administration tool discovery information."},
    Row{{kW3svc, 113}, "One of the bindings of a site of the server is not valid."},
    Row{{kW3svc, 115}, "The service could not bind instance {Instance}."},
    Row{{kW3svc, 1002},
        "Application pool '{Pool}' is being automatically disabled due to a series of failures in "
        "the "
        "process(es) serving that application pool."},
    Row{{kW3svc, 1009},
        "A process serving application pool '{Pool}' terminated unexpectedly. The process id was "
        "'{ProcessId}'. The process exit code was '0x{ExitCode}'."},
    Row{{kW3svc, 1021},
        "The identity of application pool, '{Pool}' is invalid. If it remains invalid when the "
        "first "
        "request for the application pool is processed, the application pool will be disabled. The "
        "data field contains the error number."},

    Row{{kWam, 204},
        "The HTTP server encountered an unhandled exception while processing the ISAPI Application "
        "'{Application}'."},
    Row{{kWam, 205}, "The HTTP server was unable to load the ISAPI Application '{Application}'."},

    Row{{kComPlus, 781},
        "The COM+ sub system is suppressing duplicate event log entries for a duration of "
        "{Seconds} "
        "seconds. The suppression timeout can be controlled by a REG_DWORD value named "
        "{ValueName}."},
    Row{{kComPlus, 4097},
        "The run-time environment has detected an inconsistency in its internal state. {Detail}"},
    Row{{kComPlus, 4099}, "The transaction coordinator could not be reached. {Detail}"},
    Row{{kComPlus, 4691},
        "The run-time environment was unable to initialize for transactions required to support "
        "transactional components. Make sure that MS-DTC is running. {Detail}"},

    Row{{kSqlServer, 8128},
        "Using '{Library}' version '{Version}' to execute extended stored procedure "
        "'{Procedure}'."},
    Row{{kSqlServer, 15281},
        "SQL Server blocked access to {ObjectKind} '{Object}' of component '{Component}'."},
    Row{{kSqlServer, 15457},
        "Configuration option '{Option}' changed from {OldValue} to {NewValue}. Run the "
        "RECONFIGURE statement to install."},
    Row{{kSqlServer, 17052}, "{Text}"},
    Row{{kSqlServer, 17055}, "{Text}"},
    Row{{kSqlServer, 17115}, "Command Line Startup Parameters: {Parameters}"},
    Row{{kSqlServer, 18450},
        "Login failed for user '{UserName}'. Reason: Not defined as a valid user of a trusted SQL "
        "Server connection.{Client}"},
    Row{{kSqlServer, 18451},
        "Login failed for user '{UserName}'. Only administrators may connect at this "
        "time.{Client}"},
    Row{{kSqlServer, 18452},
        "Login failed for user '{UserName}'. The user is not associated with a trusted SQL Server "
        "connection.{Client}"},
    Row{{kSqlServer, 18453}, "Login succeeded for user '{UserName}'. Connection: trusted.{Client}"},
    Row{{kSqlServer, 18454},
        "Login succeeded for user '{UserName}'. Connection: non-trusted.{Client}"},
    Row{{kSqlServer, 18455}, "Login succeeded for user '{UserName}'.{Client}"},
    Row{{kSqlServer, 18456}, "Login failed for user '{UserName}'.{Reason}{Client}"},
    Row{{kSqlServer, 18486},
        "Login failed for user '{UserName}' because the account is currently locked out.{Client}"},
    Row{{kSqlServer, 18487},
        "Login failed for user '{UserName}'. The password of the account has expired.{Client}"},
    Row{{kSqlServer, 18488},
        "Login failed for user '{UserName}'. The password of the account must be changed.{Client}"},
    Row{{kSqlServer, 33205}, "Audit event: {AuditRecord}"},

    Row{{kSqlAgent, 101}, "SQL Server Agent started. {Service}"},
    Row{{kSqlAgent, 102}, "SQL Server Agent stopped. {Service}"},
    Row{{kSqlAgent, 103}, "SQL Server Agent could not be started (reason: {Reason})."},
    Row{{kSqlAgent, 208},
        "SQL Server Scheduled Job '{JobName}' ({JobId}) - Status: {Status} - Invoked on: {Invoked} "
        "- Message: {Message}"},

    Row{{kUser32, 1074},
        "The process {ProcessName} has initiated the {Action} of {Computer} for the following "
        "reason: {Reason}. Reason code: {Code}. Comment: {Comment} {User}"},

    Row{{kUser32, 1076},
        "The reason supplied by user {User} for the last unexpected shutdown of this computer is: "
        "{Reason}. Reason code: {Code}. Comment: {Comment}"},

    Row{{kDrWatson, 4097},
        "The application, {Application}, generated an application error. The error occurred on "
        "{Date} @ {Time}. The exception generated was {Exception} at address {Address} "
        "({Function})."},
    Row{{kApplicationError, 1000},
        "Faulting application {Application}, version {Version}, faulting module {Module}, version "
        "{ModuleVersion}, fault address {Address}."},

    Row{{kServicePack, 4371},
        "{Windows} {ServicePack} was installed ({FormerServicePack} was previously installed)."},
    Row{{kServicePack, 4377}, "{Windows} Hotfix {Hotfix} was installed."},
};
static_assert(std::ranges::is_sorted(kTemplates, {}, &MessageTemplate::key));

}  // namespace

std::span<const MessageTemplate> message_templates() { return kTemplates; }

}  // namespace iwamtrace
