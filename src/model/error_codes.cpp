// The codes that a failed web server meets, with the names of winerror.h and ntstatus.h. Only the
// meanings are ours.
#include <algorithm>
#include <array>
#include <functional>

#include "model/codes.h"

namespace iwamtrace {
namespace {

constexpr std::array kWin32Errors{
    NamedCode{2, "ERROR_FILE_NOT_FOUND", "file not found"},
    NamedCode{5, "ERROR_ACCESS_DENIED", "access denied"},
    NamedCode{1053, "ERROR_SERVICE_REQUEST_TIMEOUT", "the service did not respond in time"},
    NamedCode{1056, "ERROR_SERVICE_ALREADY_RUNNING", "the service is already running"},
    NamedCode{1058, "ERROR_SERVICE_DISABLED", "the service is disabled"},
    NamedCode{1060, "ERROR_SERVICE_DOES_NOT_EXIST", "the service does not exist"},
    NamedCode{1064, "ERROR_EXCEPTION_IN_SERVICE", "the service raised an exception"},
    NamedCode{1066, "ERROR_SERVICE_SPECIFIC_ERROR", "the service returned an error of its own"},
    NamedCode{1067, "ERROR_PROCESS_ABORTED", "the process ended unexpectedly"},
    NamedCode{1068, "ERROR_SERVICE_DEPENDENCY_FAIL", "a service it depends on did not start"},
    NamedCode{1069, "ERROR_SERVICE_LOGON_FAILED", "the service's logon failed"},
    NamedCode{1072, "ERROR_SERVICE_MARKED_FOR_DELETE", "the service is marked for deletion"},
    NamedCode{1075, "ERROR_SERVICE_DEPENDENCY_DELETED", "a service it depends on does not exist"},
    NamedCode{1114, "ERROR_DLL_INIT_FAILED", "a library could not be initialised"},
    NamedCode{1115, "ERROR_SHUTDOWN_IN_PROGRESS", "the system is shutting down"},
    NamedCode{1208, "ERROR_EXTENDED_ERROR", "an extended error occurred"},
    NamedCode{1311, "ERROR_NO_LOGON_SERVERS", "no logon server is available"},
    NamedCode{1314, "ERROR_PRIVILEGE_NOT_HELD", "a required privilege is not held"},
    NamedCode{1317, "ERROR_NO_SUCH_USER", "no such user"},
    NamedCode{1323, "ERROR_WRONG_PASSWORD", "the present password was given wrongly"},
    NamedCode{1325, "ERROR_PASSWORD_RESTRICTION",
              "the new password does not meet the password policy"},
    NamedCode{1326, "ERROR_LOGON_FAILURE", "unknown user name or bad password"},
    NamedCode{1327, "ERROR_ACCOUNT_RESTRICTION", "account restriction"},
    NamedCode{1328, "ERROR_INVALID_LOGON_HOURS", "outside the account's logon hours"},
    NamedCode{1329, "ERROR_INVALID_WORKSTATION", "not allowed on this computer"},
    NamedCode{1330, "ERROR_PASSWORD_EXPIRED", "the password has expired"},
    NamedCode{1331, "ERROR_ACCOUNT_DISABLED", "the account is disabled"},
    NamedCode{1332, "ERROR_NONE_MAPPED", "no mapping between names and SIDs"},
    NamedCode{1341, "ERROR_SERVER_DISABLED", "the server is disabled"},
    NamedCode{1355, "ERROR_NO_SUCH_DOMAIN", "no such domain"},
    NamedCode{1358, "ERROR_INTERNAL_DB_CORRUPTION", "the security database is damaged"},
    NamedCode{1380, "ERROR_LOGON_NOT_GRANTED", "the user has not been granted this logon"},
    NamedCode{1383, "ERROR_INTERNAL_DB_ERROR", "the security database has an inconsistency"},
    NamedCode{1385, "ERROR_LOGON_TYPE_NOT_GRANTED",
              "the user has not been granted this logon type"},
    NamedCode{1450, "ERROR_NO_SYSTEM_RESOURCES", "not enough system resources"},
    NamedCode{1500, "ERROR_EVENTLOG_FILE_CORRUPT", "the event log file is damaged"},
    NamedCode{1502, "ERROR_LOG_FILE_FULL", "the event log file is full"},
    NamedCode{1503, "ERROR_EVENTLOG_FILE_CHANGED",
              "the event log file has changed between two reads"},
    NamedCode{1722, "RPC_S_SERVER_UNAVAILABLE", "the RPC server is unavailable"},
    NamedCode{1726, "RPC_S_CALL_FAILED", "the remote procedure call failed"},
    NamedCode{1727, "RPC_S_CALL_FAILED_DNE",
              "the remote procedure call failed and did not execute"},
    NamedCode{1786, "ERROR_NO_TRUST_LSA_SECRET", "the computer has no trust secret"},
    NamedCode{1788, "ERROR_TRUSTED_DOMAIN_FAILURE", "the trust relationship failed"},
    NamedCode{1793, "ERROR_ACCOUNT_EXPIRED", "the account has expired"},
    NamedCode{1816, "ERROR_NOT_ENOUGH_QUOTA", "not enough quota"},
    NamedCode{1907, "ERROR_PASSWORD_MUST_CHANGE", "the password must be changed first"},
    NamedCode{1909, "ERROR_ACCOUNT_LOCKED_OUT", "the account is locked out"},
};

constexpr std::array kHresults{
    NamedCode{0x80004002, "E_NOINTERFACE", "no such interface is supported"},
    NamedCode{0x80004005, "E_FAIL", "an unspecified error"},
    NamedCode{0x80004015, "CO_E_WRONG_SERVER_IDENTITY",
              "the server process runs under another account than the one configured"},
    NamedCode{0x80004017, "CO_E_RUNAS_SYNTAX", "the name of the configured account is malformed"},
    NamedCode{0x80004018, "CO_E_CREATEPROCESS_FAILURE", "the server process could not be created"},
    NamedCode{0x80004019, "CO_E_RUNAS_CREATEPROCESS_FAILURE",
              "the server process could not be created as the configured account"},
    NamedCode{0x8000401A, "CO_E_RUNAS_LOGON_FAILURE", "the configured identity is incorrect"},
    NamedCode{0x8000401B, "CO_E_LAUNCH_PERMSSION_DENIED",
              "the permission to launch the server was denied"},
    NamedCode{0x8000401E, "CO_E_SERVER_START_TIMEOUT", "the server process did not start in time"},
    NamedCode{0x80040154, "REGDB_E_CLASSNOTREG", "a class is not registered"},
    NamedCode{0x800401F3, "CO_E_CLASSSTRING",
              "the name of the class is not registered or is malformed"},
    NamedCode{0x800401FE, "CO_E_APPDIDNTREG", "the process was launched but registered no class"},
    NamedCode{0x8004D010, "XACT_E_UNKNOWNRMGRID", "the resource manager is unknown"},
    NamedCode{0x8004D011, "XACT_E_WRONGSTATE", "the transaction is in the wrong state"},
    NamedCode{0x8004D016, "XACT_E_INDOUBT", "the outcome of the transaction is in doubt"},
    NamedCode{0x8004D019, "XACT_E_ABORTED", "the transaction was aborted"},
    NamedCode{0x8004D01A, "XACT_E_LOGFULL", "the transaction log is full"},
    NamedCode{0x8004D01B, "XACT_E_TMNOTAVAILABLE", "the transaction manager is not available"},
    NamedCode{0x8004D01C, "XACT_E_CONNECTION_DOWN",
              "the connection to the transaction manager is down"},
    NamedCode{0x8004D01D, "XACT_E_CONNECTION_DENIED",
              "the connection to the transaction manager was denied"},
    NamedCode{0x8004D01E, "XACT_E_REENLISTTIMEOUT",
              "enlisting in the transaction again took too long"},
    NamedCode{0x8004D024, "XACT_E_NETWORK_TX_DISABLED",
              "transactions over the network are disabled"},
    NamedCode{0x8004D025, "XACT_E_PARTNER_NETWORK_TX_DISABLED",
              "transactions over the network are disabled at the partner"},
    NamedCode{0x8004D027, "XACT_E_UNABLE_TO_READ_DTC_CONFIG",
              "the configuration of MSDTC cannot be read"},
    NamedCode{0x8004D028, "XACT_E_UNABLE_TO_LOAD_DTC_PROXY",
              "the MSDTC proxy library cannot be loaded"},
    NamedCode{0x8004D029, "XACT_E_ABORTING", "the transaction is being aborted"},
    NamedCode{0x8004E002, "CONTEXT_E_ABORTED", "the transaction of the context was aborted"},
    NamedCode{0x8004E003, "CONTEXT_E_ABORTING", "the transaction of the context is being aborted"},
    NamedCode{0x8004E00F, "CONTEXT_E_TMNOTAVAILABLE", "COM+ cannot talk to MSDTC"},
    NamedCode{0x8004E021, "CO_E_ACTIVATIONFAILED", "COM+ could not activate the component"},
    NamedCode{0x8004E022, "CO_E_ACTIVATIONFAILED_EVENTLOGGED",
              "COM+ could not activate the component and logged why"},
    NamedCode{0x8004E023, "CO_E_ACTIVATIONFAILED_CATALOGERROR",
              "COM+ could not activate the component: an error in its catalogue"},
    NamedCode{0x8004E024, "CO_E_ACTIVATIONFAILED_TIMEOUT",
              "COM+ could not activate the component in time"},
    NamedCode{0x8004E025, "CO_E_INITIALIZATIONFAILED", "COM+ could not initialise the component"},
    NamedCode{0x80070005, "E_ACCESSDENIED", "access denied"},
    NamedCode{0x80080005, "CO_E_SERVER_EXEC_FAILURE", "the server process did not answer in time"},
    NamedCode{0x80080008, "CO_E_SERVER_STOPPING", "the server process is stopping"},
    NamedCode{0x80090016, "NTE_BAD_KEYSET", "the key set does not exist"},
    NamedCode{0x80110401, "COMADMIN_E_OBJECTERRORS",
              "errors on one or more objects of the COM+ catalogue"},
    NamedCode{0x80110402, "COMADMIN_E_OBJECTINVALID", "an object of the COM+ catalogue is invalid"},
    NamedCode{0x80110403, "COMADMIN_E_KEYMISSING", "an object of the COM+ catalogue was not found"},
    NamedCode{0x80110404, "COMADMIN_E_ALREADYINSTALLED", "the component is already installed"},
    NamedCode{0x8011040F, "COMADMIN_E_NOUSER", "the user is not valid"},
    NamedCode{0x80110410, "COMADMIN_E_INVALIDUSERIDS", "one or more users are not valid"},
    NamedCode{0x80110411, "COMADMIN_E_NOREGISTRYCLSID", "a CLSID is missing or damaged"},
    NamedCode{0x80110412, "COMADMIN_E_BADREGISTRYPROGID", "a ProgID is missing or damaged"},
    NamedCode{0x80110413, "COMADMIN_E_AUTHENTICATIONLEVEL",
              "the authentication level cannot be set"},
    NamedCode{0x80110414, "COMADMIN_E_USERPASSWDNOTVALID",
              "the identity or its password is not valid"},
    NamedCode{0x8011041D, "COMADMIN_E_DLLLOADFAILED",
              "the library of a component cannot be loaded"},
    NamedCode{0x80110424, "COMADMIN_E_COMPFILE_DOESNOTEXIST",
              "the library of a component does not exist"},
    NamedCode{0x80110425, "COMADMIN_E_COMPFILE_LOADDLLFAIL",
              "the library of a component cannot be loaded"},
    NamedCode{0x80110426, "COMADMIN_E_COMPFILE_GETCLASSOBJ", "the library gives no class object"},
    NamedCode{0x80110427, "COMADMIN_E_COMPFILE_CLASSNOTAVAIL", "the class is not in the library"},
    NamedCode{0x8011042A, "COMADMIN_E_NOTCHANGEABLE", "changes are disabled on this object"},
    NamedCode{0x8011042B, "COMADMIN_E_NOTDELETEABLE", "deletion is disabled on this object"},
    NamedCode{0x80110433, "COMADMIN_E_SYSTEMAPP", "not allowed on the system application"},
    NamedCode{0x80110437, "COMADMIN_E_PROPERTYSAVEFAILED", "a property cannot be saved"},
    NamedCode{0x80110438, "COMADMIN_E_OBJECTEXISTS", "the object exists already"},
    NamedCode{0x80110448, "COMADMIN_E_START_APP_NEEDS_COMPONENTS",
              "the application cannot start: it has no components"},
    NamedCode{0x8011044B, "COMADMIN_E_CAN_NOT_START_APP", "the application cannot be started"},
    NamedCode{0x80110451, "COMADMIN_E_START_APP_DISABLED", "the application is disabled"},
    NamedCode{0x80110472, "COMADMIN_E_REGDB_NOTINITIALIZED",
              "the COM+ registry database is not initialised"},
    NamedCode{0x80110473, "COMADMIN_E_REGDB_NOTOPEN", "the COM+ registry database is not open"},
    NamedCode{0x80110474, "COMADMIN_E_REGDB_SYSTEMERR",
              "the COM+ registry database met a system error"},
    NamedCode{0x80110475, "COMADMIN_E_REGDB_ALREADYRUNNING",
              "the COM+ registry database is already running"},
    NamedCode{0x80110480, "COMADMIN_E_MIG_VERSIONNOTSUPPORTED",
              "this version of the COM+ catalogue is not supported"},
    NamedCode{0x80110481, "COMADMIN_E_MIG_SCHEMANOTFOUND",
              "the schema of the COM+ catalogue was not found"},
    NamedCode{0x80110482, "COMADMIN_E_CAT_BITNESSMISMATCH",
              "32 and 64 bits do not match in the COM+ catalogue"},
    NamedCode{0x80110483, "COMADMIN_E_CAT_UNACCEPTABLEBITNESS",
              "the COM+ catalogue does not accept 32 or 64 bits here"},
    NamedCode{0x80110484, "COMADMIN_E_CAT_WRONGAPPBITNESS",
              "the application has the wrong of 32 and 64 bits"},
    NamedCode{0x80110485, "COMADMIN_E_CAT_PAUSE_RESUME_NOT_SUPPORTED",
              "the COM+ catalogue cannot pause or resume this"},
    NamedCode{0x80110486, "COMADMIN_E_CAT_SERVERFAULT", "the server of the COM+ catalogue failed"},
    NamedCode{0x80110808, "COMADMIN_E_OBJECT_PARENT_MISSING",
              "the parent of a catalogue object is missing"},
    NamedCode{0x80110809, "COMADMIN_E_OBJECT_DOES_NOT_EXIST",
              "the catalogue object does not exist"},
    NamedCode{0x8011080A, "COMADMIN_E_APP_NOT_RUNNING", "the application is not running"},
    NamedCode{0x80110823, "COMADMIN_E_REGISTRY_ACCESSDENIED",
              "the user cannot write to the system registry"},
};

constexpr std::array kNtStatuses{
    NamedCode{0xC0000017, "STATUS_NO_MEMORY", "not enough memory"},
    NamedCode{0xC0000022, "STATUS_ACCESS_DENIED", "access denied"},
    NamedCode{0xC000003B, "STATUS_OBJECT_PATH_SYNTAX_BAD", "the path of an object is malformed"},
    NamedCode{0xC000005E, "STATUS_NO_LOGON_SERVERS", "no logon server is available"},
    NamedCode{0xC0000064, "STATUS_NO_SUCH_USER", "unknown user name"},
    NamedCode{0xC000006A, "STATUS_WRONG_PASSWORD", "bad password"},
    NamedCode{0xC000006D, "STATUS_LOGON_FAILURE", "unknown user name or bad password"},
    NamedCode{0xC000006E, "STATUS_ACCOUNT_RESTRICTION", "account restriction"},
    NamedCode{0xC000006F, "STATUS_INVALID_LOGON_HOURS", "outside the account's logon hours"},
    NamedCode{0xC0000070, "STATUS_INVALID_WORKSTATION", "not allowed on this computer"},
    NamedCode{0xC0000071, "STATUS_PASSWORD_EXPIRED", "the password has expired"},
    NamedCode{0xC0000072, "STATUS_ACCOUNT_DISABLED", "the account is disabled"},
    NamedCode{0xC00000DC, "STATUS_INVALID_SERVER_STATE",
              "the server is in the wrong state for the logon"},
    NamedCode{0xC00000E5, "STATUS_INTERNAL_ERROR", "an internal error"},
    NamedCode{0xC0000133, "STATUS_TIME_DIFFERENCE_AT_DC",
              "the clocks of computer and domain controller differ too much"},
    NamedCode{0xC000015B, "STATUS_LOGON_TYPE_NOT_GRANTED",
              "the user has not been granted this logon type"},
    NamedCode{0xC0000193, "STATUS_ACCOUNT_EXPIRED", "the account has expired"},
    NamedCode{0xC0000224, "STATUS_PASSWORD_MUST_CHANGE", "the password must be changed first"},
    NamedCode{0xC0000234, "STATUS_ACCOUNT_LOCKED_OUT", "the account is locked out"},
    NamedCode{0xC0000413, "STATUS_AUTHENTICATION_FIREWALL_FAILED",
              "selective authentication refuses the account here"},
};

constexpr std::array kScriptErrors{
    NamedCode{70, "", "permission denied"},
    NamedCode{429, "", "ActiveX component can't create object"},
};

constexpr bool in_order(std::span<const NamedCode> table) {
  return std::ranges::adjacent_find(table, std::ranges::greater_equal{}, &NamedCode::code) ==
         table.end();
}
static_assert(in_order(kWin32Errors) && in_order(kHresults) && in_order(kNtStatuses) &&
              in_order(kScriptErrors));

}  // namespace

std::span<const NamedCode> win32_errors() { return kWin32Errors; }
std::span<const NamedCode> hresults() { return kHresults; }
std::span<const NamedCode> nt_statuses() { return kNtStatuses; }
std::span<const NamedCode> script_errors() { return kScriptErrors; }

const NamedCode* named_code(std::span<const NamedCode> table, std::uint32_t code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &NamedCode::code);
  return found != table.end() && found->code == code ? &*found : nullptr;
}

std::string eight_digits(std::uint32_t code) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += kDigits[(code >> shift) & 0xF];
  }
  return text;
}

std::string_view win32_error(std::uint32_t code) {
  const NamedCode* known = named_code(win32_errors(), code);
  return known == nullptr ? std::string_view{} : known->meaning;
}

}  // namespace iwamtrace
