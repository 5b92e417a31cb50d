#include "make/software_hive.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "make/windows_hives.h"

namespace iwamtrace {
namespace {

// Number and name in turn, as Perflib keeps them.
std::vector<std::string> performance_counters() {
  constexpr std::array<std::string_view, 12> kNames{"System",
                                                    "Memory",
                                                    "% Processor Time",
                                                    "File Read Operations/sec",
                                                    "Page Faults/sec",
                                                    "Available Bytes",
                                                    "Committed Bytes",
                                                    "Disk Transfers/sec",
                                                    "Context Switches/sec",
                                                    "Current Connections",
                                                    "Bytes Total/sec",
                                                    "Requests Queued"};
  constexpr std::uint32_t kHighest = 1846;
  std::vector<std::string> counters{"1", std::to_string(kHighest + 1)};
  for (std::uint32_t number = 2; number <= kHighest; number += 2) {
    counters.push_back(std::to_string(number));
    counters.emplace_back(kNames.at(number / 2 % kNames.size()));
  }
  return counters;
}

void add_version(MadeKey& microsoft, const MadeSoftwareHive& software) {
  const std::int64_t since_1970 =
      (software.installed - Timestamp::from_unix(0)) / Timestamp::kTicksPerSecond;
  MadeKey& current = microsoft.make("Windows NT\\CurrentVersion");
  current.set(text_value("ProductName", software.product_name))
      .set(text_value("CurrentVersion", software.version))
      .set(text_value("CurrentBuildNumber", software.build))
      .set(number_value("InstallDate", static_cast<std::uint32_t>(since_1970)));
  if (!software.service_pack.empty()) {
    current.set(text_value("CSDVersion", software.service_pack));
  }
  current.make("Perflib\\009").set(list_value("Counter", performance_counters()));
}

void add_permission(MadeKey& key, const std::string& name,
                    const std::optional<SecurityDescriptor>& permission) {
  if (permission) {
    key.set(binary_value(name, descriptor_bytes(*permission)));
  }
}

void add_app_id(MadeKey& app_ids, const MadeAppId& app) {
  MadeKey& key = dated_key(app_ids, app.id, app.written.value_or(app_ids.written));
  if (app.key_security) {
    key.security = descriptor_bytes(*app.key_security);
  }
  key.set(text_value("", app.name));
  if (app.run_as) {
    key.set(text_value("RunAs", *app.run_as));
  }
  add_permission(key, "LaunchPermission", app.launch_permission);
  add_permission(key, "AccessPermission", app.access_permission);
}

using Place = AutostartEntry::Place;

// Where the entries of a place stand. The value's name is the entry's own where none is given;
// those of subkeys are in a key called like the entry.
struct PlaceOfEntries {
  Place place{};
  std::string_view key;
  std::optional<std::string_view> value{};
  bool in_subkey = false;
};
constexpr std::array kPlaces{
    PlaceOfEntries{Place::kRun, R"(Microsoft\Windows\CurrentVersion\Run)"},
    PlaceOfEntries{Place::kRunOnce, R"(Microsoft\Windows\CurrentVersion\RunOnce)"},
    PlaceOfEntries{Place::kRunServices, R"(Microsoft\Windows\CurrentVersion\RunServices)"},
    PlaceOfEntries{Place::kRunOnceEx, R"(Microsoft\Windows\CurrentVersion\RunOnceEx\0001)"},
    PlaceOfEntries{Place::kPoliciesRun,
                   R"(Microsoft\Windows\CurrentVersion\Policies\Explorer\Run)"},
    PlaceOfEntries{Place::kWinlogonShell, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "Shell"},
    PlaceOfEntries{Place::kWinlogonUserinit, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "Userinit"},
    PlaceOfEntries{Place::kWinlogonGina, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "GinaDLL"},
    PlaceOfEntries{Place::kWinlogonSystem, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "System"},
    PlaceOfEntries{Place::kWinlogonTaskman, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "Taskman"},
    PlaceOfEntries{Place::kWinlogonNotify, R"(Microsoft\Windows NT\CurrentVersion\Winlogon\Notify)",
                   "DllName", true},
    PlaceOfEntries{Place::kAppInitDlls, R"(Microsoft\Windows NT\CurrentVersion\Windows)",
                   "AppInit_DLLs"},
    PlaceOfEntries{Place::kDebugger,
                   R"(Microsoft\Windows NT\CurrentVersion\Image File Execution Options)",
                   "Debugger", true},
    PlaceOfEntries{Place::kActiveSetup, R"(Microsoft\Active Setup\Installed Components)",
                   "StubPath", true},
    PlaceOfEntries{Place::kShellServiceObject,
                   R"(Microsoft\Windows\CurrentVersion\ShellServiceObjectDelayLoad)"},
    PlaceOfEntries{Place::kShellExecuteHook,
                   R"(Microsoft\Windows\CurrentVersion\Explorer\ShellExecuteHooks)"},
    PlaceOfEntries{Place::kExeFileCommand, R"(Classes\exefile\shell\open\command)", ""},
    PlaceOfEntries{Place::kCommandProcessor, R"(Microsoft\Command Processor)", "AutoRun"},
    PlaceOfEntries{Place::kHiddenUser,
                   R"(Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList)"},
    PlaceOfEntries{Place::kSfcDisable, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
                   "SFCDisable"},
};

void add_autostart(MadeKey& root, const MadeAutostart& entry) {
  const auto place = std::ranges::find(kPlaces, entry.place, &PlaceOfEntries::place);
  if (place == kPlaces.end()) {
    throw std::invalid_argument("no place of SOFTWARE: " + std::string(name_of(entry.place)));
  }
  std::string path(place->key);
  if (place->in_subkey) {
    path += '\\' + entry.name;
  }
  MadeKey& key = root.make(path);
  key.written = entry.written.value_or(key.written);
  const std::string_view value = place->value.value_or(entry.name);
  key.set(entry.number ? number_value(value, *entry.number) : text_value(value, entry.command));
}

void add_sql_server(MadeKey& microsoft, const MadeSqlServer& server) {
  MadeKey& key = dated_key(microsoft,
                           server.instance == "MSSQLSERVER"
                               ? R"(MSSQLServer\MSSQLServer)"
                               : "Microsoft SQL Server\\" + server.instance + "\\MSSQLServer",
                           server.written.value_or(microsoft.written));
  if (server.login_mode) {
    key.set(number_value("LoginMode", *server.login_mode));
  }
  if (server.audit_level) {
    key.set(number_value("AuditLevel", *server.audit_level));
  }
}

}  // namespace

std::vector<MadeAutostart> usual_autostart() {
  return {MadeAutostart{.place = Place::kWinlogonShell, .command = "Explorer.exe"},
          MadeAutostart{.place = Place::kWinlogonUserinit,
                        .command = R"(C:\WINDOWS\system32\userinit.exe,)"}};
}

MadeHive hive_of(const MadeSoftwareHive& software) {
  MadeHive hive{.root = MadeKey{.name = "$$$PROTO.HIV",
                                .written = software.written,
                                .security = security_of_public_keys()},
                .path = R"(\SystemRoot\System32\Config\SOFTWARE)",
                .minor = 5};
  MadeKey& app_ids = hive.root.make("Classes\\AppID");
  for (const MadeAppId& app : software.app_ids) {
    add_app_id(app_ids, app);
  }
  MadeKey& microsoft = hive.root.make("Microsoft");
  add_version(microsoft, software);
  if (software.iis_major) {
    microsoft.make("InetStp")
        .set(number_value("MajorVersion", *software.iis_major))
        .set(number_value("MinorVersion", software.iis_minor.value_or(0)))
        .set(text_value("PathWWWRoot", software.web_root));
  }
  MadeKey& ole = microsoft.make("Ole");
  ole.set(text_value("EnableDCOM", software.enable_dcom));
  add_permission(ole, "DefaultLaunchPermission", software.default_launch_permission);
  add_permission(ole, "DefaultAccessPermission", software.default_access_permission);
  for (const MadeSqlServer& server : software.sql_servers) {
    add_sql_server(microsoft, server);
  }
  for (const MadeAutostart& entry : software.autostart) {
    add_autostart(hive.root, entry);
  }
  return hive;
}

}  // namespace iwamtrace
