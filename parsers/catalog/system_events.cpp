// Events of the System and Application logs. Templates of DCOM, SCM and EventLog are the same on
// NT5 and NT6 as far as both have the event. Columns as in security_events.cpp.
#include "parsers/catalog/tables.h"

namespace iwamtrace {
namespace {

using enum EventSource;

constexpr auto kScm = kServiceControlManager;
using Row = EventDefinition;

constexpr std::array kTable{
    // netevent.dll
    Row{kDcom, 10000, 10000, 3, kMore, {"CommandLine Error ServerId"}},
    Row{kDcom, 10001, 10001, 5, kMore, {"CommandLine Error ServerId Domain User"}},
    Row{kDcom, 10002, 10002, 3, kMore, {"ServerId User Domain UserSid"}},
    Row{kDcom, 10003, 10003, 3, kMore, {"ServerId User Domain UserSid"}},
    Row{kDcom, 10004, 10004, 4, kMore, {"Error Domain User ServerId"}},
    Row{kDcom, 10005, 10005, 4, kMore, {"Error ServiceName Arguments ServerId"}},
    Row{kDcom, 10006, 10006, 3, kMore, {"Error Computer ServerId"}},
    Row{kDcom, 10007, 10007, 2, kMore, {"Error ServerId"}},
    Row{kDcom, 10008, 10008, 4, kMore, {"Error Computer ServerId File"}},
    Row{kDcom, 10009, 10009, 1, kMore, {"Computer"}},
    Row{kDcom, 10010, 10010, 1, kMore, {"ServerId"}},
    // 2003 has no application id.
    Row{kDcom,
        10016,
        10016,
        7,
        7,
        {"PermissionScope Locality Operation ServerId Domain User UserSid"}},
    Row{kDcom,
        10016,
        10016,
        8,
        kMore,
        {"PermissionScope Locality Operation ServerId ApplicationId Domain User UserSid "
         "Address Container ContainerSid"}},
    Row{kDcom, 10026, 10026, 3, 3, {"Seconds ValueName KeyName"}},
    Row{kDcom, 10028, 10028, 1, kMore, {"Computer"}},

    Row{kScm, 7000, 7000, 2, kMore, {"ServiceName Error"}},
    Row{kScm, 7001, 7001, 3, kMore, {"ServiceName Dependency Error"}},
    Row{kScm, 7003, 7003, 2, kMore, {"ServiceName Dependency"}},
    Row{kScm, 7009, 7009, 2, kMore, {"Milliseconds ServiceName"}},
    Row{kScm, 7011, 7011, 2, kMore, {"Milliseconds ServiceName"}},
    Row{kScm, 7013, 7013, 1, kMore, {"Error"}},
    Row{kScm, 7022, 7022, 1, kMore, {"ServiceName"}},
    Row{kScm, 7023, 7023, 2, kMore, {"ServiceName Error"}},
    Row{kScm, 7024, 7024, 2, kMore, {"ServiceName Error"}},
    Row{kScm, 7026, 7026, 1, kMore, {"Drivers"}},
    Row{kScm, 7030, 7030, 1, kMore, {"ServiceName"}},
    Row{kScm, 7031, 7031, 5, kMore, {"ServiceName Count Milliseconds ActionNumber Action"}},
    Row{kScm, 7032, 7032, 4, kMore, {"ActionNumber Action ServiceName Error"}},
    Row{kScm, 7034, 7034, 2, kMore, {"ServiceName Count"}},
    Row{kScm, 7035, 7035, 2, kMore, {"ServiceName Control"}},
    Row{kScm, 7036, 7036, 2, kMore, {"ServiceName State"}},
    Row{kScm, 7038, 7038, 3, kMore, {"ServiceName Account Error"}},
    Row{kScm, 7039, 7039, 3, kMore, {"ServiceName ExpectedProcess Process"}},
    // NT6 adds the service's key; 2003 has only its display name.
    Row{kScm, 7040, 7040, 3, kMore, {"ServiceName OldStartType NewStartType ServiceKeyName"}},
    Row{kScm, 7041, 7041, 2, kMore, {"ServiceName Account"}},
    Row{kScm, 7043, 7043, 1, kMore, {"ServiceName"}},
    Row{kScm, 7045, 7045, 5, kMore, {"ServiceName ImagePath ServiceType StartType AccountName"}},

    Row{kEventLog, 104, 104, 4, 4, {"SubjectUserName SubjectDomainName Channel BackupPath"}},
    Row{kEventLog, 1100, 1100, 0, 0},
    Row{kEventLog, 1101, 1101, 0, 1, {"Reason"}},
    Row{kEventLog, 6005, 6005, 0, 1},
    Row{kEventLog, 6006, 6006, 0, 1},
    Row{kEventLog, 6008, 6008, 2, kMore, {"Time Date"}},
    Row{kEventLog, 6009, 6009, 4, kMore, {"Version Build ServicePack Kernel"}},
    Row{kEventLog, 6011, 6011, 2, 2, {"OldName NewName"}},
    Row{kEventLog, 6013, 6013, 5, kMore, {"- - - - Seconds"}},

    // IIS 5 ends its messages with a fixed pointer to a web page, which is no string.
    Row{kW3svc, 3, 3, 0, kMore},
    Row{kW3svc, 4, 4, 0, kMore},
    Row{kW3svc, 14, 14, 1, kMore, {"Filter"}},
    Row{kW3svc, 19, 19, 1, kMore, {"Extension"}},
    Row{kW3svc, 30, 30, 1, kMore, {"File"}},
    Row{kW3svc, 36, 36, 1, kMore, {"Application Error"}},
    Row{kW3svc, 37, 37, 1, kMore, {"Application"}},
    Row{kW3svc, 38, 38, 1, kMore, {"Application"}},
    Row{kW3svc, 59, 59, 0, kMore},  // its text is not documented
    Row{kW3svc, 100, 100, 2, kMore, {"Account Error"}},
    Row{kW3svc, 105, 105, 0, kMore},  // of these two only the id is known
    Row{kW3svc, 113, 113, 0, kMore},
    Row{kW3svc, 115, 115, 1, kMore, {"Instance"}},
    Row{kW3svc, 1002, 1002, 1, kMore, {"Pool"}},
    Row{kW3svc, 1009, 1009, 3, kMore, {"Pool ProcessId ExitCode"}},
    Row{kW3svc, 1021, 1021, 1, kMore, {"Pool"}},

    Row{kWam, 204, 204, 1, kMore, {"Application"}},
    Row{kWam, 205, 205, 1, kMore, {"Application"}},

    // The one string of COM+ is its text for Microsoft's support.
    Row{kComPlus, 781, 781, 2, kMore, {"Seconds ValueName"}},
    Row{kComPlus, 4097, 4097, 0, kMore, {"Detail"}},
    Row{kComPlus, 4099, 4099, 0, kMore, {"Detail"}},
    Row{kComPlus, 4691, 4691, 0, kMore, {"Detail"}},

    // SQL Server 2005 and later: one event a message. Before, nearly every message is 17055, and
    // its
    // number stands in the text.
    Row{kSqlServer, 8128, 8128, 3, kMore, {"Library Version Procedure"}},
    Row{kSqlServer, 15281, 15281, 2, kMore, {"ObjectKind Object Component"}},
    Row{kSqlServer, 15457, 15457, 3, kMore, {"Option OldValue NewValue"}},
    Row{kSqlServer, 17052, 17052, 1, kMore, {"Text"}},
    Row{kSqlServer, 17055, 17055, 1, kMore, {"Text"}},
    Row{kSqlServer, 17115, 17115, 1, kMore, {"Parameters"}},
    Row{kSqlServer, 18450, 18450, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18451, 18451, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18452, 18452, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18453, 18453, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18454, 18454, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18455, 18455, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18456, 18456, 1, 2, {"UserName Client"}},
    Row{kSqlServer, 18456, 18456, 3, kMore, {"UserName Reason Client"}},
    Row{kSqlServer, 18486, 18486, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18487, 18487, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 18488, 18488, 1, kMore, {"UserName Client"}},
    Row{kSqlServer, 33205, 33205, 1, kMore, {"AuditRecord"}},

    Row{kSqlAgent, 101, 101, 0, kMore, {"Service"}},
    Row{kSqlAgent, 102, 102, 0, kMore, {"Service"}},
    Row{kSqlAgent, 103, 103, 1, kMore, {"Reason"}},
    Row{kSqlAgent, 208, 208, 5, kMore, {"JobName JobId Status Invoked Message"}},

    // 6 strings on XP, 7 on 2003.
    Row{kUser32, 1074, 1074, 6, kMore, {"ProcessName Computer Reason Code Action Comment User"}},
    Row{kUser32, 1076, 1076, 6, kMore, {"Reason Code Bugcheck BugcheckText Comment User"}},

    Row{kDrWatson, 4097, 4097, 1, kMore, {"Application Date Time Exception Address Function"}},
    // NT5, then NT6.
    Row{kApplicationError, 1000, 1000, 4, 6, {"Application Version Module ModuleVersion Address"}},
    Row{kApplicationError,
        1000,
        1000,
        8,
        kMore,
        {"Application Version Stamp Module ModuleVersion ModuleStamp Exception Address"}},

    Row{kServicePack, 4371, 4371, 3, kMore, {"Windows ServicePack FormerServicePack"}},
    Row{kServicePack, 4377, 4377, 2, kMore, {"Windows Hotfix"}},
};
static_assert(in_order(kTable));

}  // namespace

std::span<const EventDefinition> system_events() { return kTable; }

}  // namespace iwamtrace
