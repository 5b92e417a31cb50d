// The SOFTWARE hive of a made machine: versions of Windows and IIS, and what DCOM may do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "make/made_hive.h"
#include "model/artefact.h"
#include "model/timestamp.h"

namespace iwamtrace {

// The key Classes\AppID\{…} of a COM application.
struct MadeAppId {
  std::string id{std::string(kPooledApplications)};  // in braces
  std::string name = "IIS Out-Of-Process Pooled Applications";
  std::optional<std::string> run_as{};  // "WEB1\IWAM_WEB1", "Interactive User"
  std::optional<SecurityDescriptor> launch_permission{}, access_permission{};
  std::optional<SecurityDescriptor> key_security{};  // else that of the hive
  std::optional<Timestamp> written{};                // else the hive's time
};

// What starts by itself. Its place says under which key, the name which value, subkey or user.
struct MadeAutostart {
  AutostartEntry::Place place{};  // one of SOFTWARE's
  // Of the value, the image, the package, the component or the user; not used where the place has
  // but one value (Winlogon's, AppInit_DLLs, AutoRun, the command of exefile).
  std::string name{};
  std::string command{};                  // text
  std::optional<std::uint32_t> number{};  // in its place: a DWORD
  std::optional<Timestamp> written{};     // of the key; else the hive's time
};

// An instance of SQL Server, 2000 or before.
struct MadeSqlServer {
  std::string instance = "MSSQLSERVER";
  std::optional<std::uint32_t> login_mode = 1, audit_level = 0;
  std::optional<Timestamp> written{};  // of the key; else the hive's time
};

struct MadeSoftwareHive {
  std::string product_name = "Microsoft Windows Server 2003";
  std::string version = "5.2", build = "3790";
  std::string service_pack = "Service Pack 1";  // empty: none
  Timestamp installed{};
  std::optional<std::uint32_t> iis_major = 6, iis_minor = 0;  // nothing: IIS is not installed
  std::string web_root = "C:\\Inetpub\\wwwroot";
  std::string enable_dcom = "Y";
  std::optional<SecurityDescriptor> default_launch_permission{}, default_access_permission{};
  std::vector<MadeAppId> app_ids{};
  std::vector<MadeAutostart> autostart{};
  std::vector<MadeSqlServer> sql_servers{};
  Timestamp written{};  // of all keys without a time of their own
};

// Right to launch or to access a COM server (COM_RIGHTS_EXECUTE).
inline constexpr std::uint32_t kComExecute = 1;

// Shell and Userinit as Windows 2000 and later set them.
std::vector<MadeAutostart> usual_autostart();

// Throws std::invalid_argument for a place of another hive. Holds one value of more than 16 KiB,
// the names of the performance counters, as such hives do.
MadeHive hive_of(const MadeSoftwareHive& software);

}  // namespace iwamtrace
