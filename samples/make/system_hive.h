// The SYSTEM hive of a made machine: boot key, names, clock, services.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "make/made_hive.h"
#include "model/timestamp.h"

namespace iwamtrace {

struct MadeService {
  std::string name{};
  std::uint32_t start = 2;    // 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled
  std::uint32_t type = 0x20;  // a service that shares its process
  std::string image_path{};
  std::string account = "LocalSystem";  // ObjectName
  std::string display_name{};
  std::string service_dll{};      // Parameters\ServiceDll; empty: no such key
  std::string failure_command{};  // empty: none
  std::vector<std::string> depends_on{};
  std::optional<Timestamp> written{};  // of its key; else the hive's
};

struct MadeEventLog {
  std::string name{};
  std::string file{};
  std::uint32_t max_size = 0x80000;
  std::uint32_t retention = 7 * 86'400;  // seconds; 0 as needed, 0xFFFFFFFF never
  std::optional<Timestamp> written{};    // of its key; else the hive's
};

// A folder that IIS publishes, beside the metabase: {"/c", "c:\\,,217"}.
struct MadeVirtualRoot {
  std::string name{}, target{};
};

struct MadeShare {
  std::string name{}, path{};
};

struct MadeAppCertDll {
  std::string name{}, path{};
};

struct MadeTimeZone {
  std::int32_t bias = 0;  // minutes from local time to UTC, as the next two
  std::int32_t active_bias = 0;
  std::int32_t daylight_bias = -60;
  std::string standard_name{}, daylight_name{};
};

struct MadeSystemHive {
  std::optional<std::string> boot_key{};  // 16 bytes; nothing: NT 4 without SYSKEY
  std::string computer_name = "WEB1";
  std::string product_type = "ServerNT";  // WinNT, ServerNT or LanmanNT
  MadeTimeZone time_zone{};
  std::uint32_t current_set = 1, default_set = 1, failed_set = 0, last_known_good_set = 2;
  std::uint32_t secure_boot = 1;  // where the boot key is: 1 here, 2 a password, 3 a diskette
  std::uint32_t crash_on_audit_fail = 0;
  std::vector<std::string> authentication_packages{"msv1_0"}, notification_packages{"scecli"};
  std::optional<std::uint32_t> deny_remote_desktop{};  // nothing: no such value
  std::optional<Timestamp> shutdown{};
  std::vector<MadeService> services{};
  std::vector<MadeEventLog> event_logs{};
  // Of these the keys are made where there is one.
  std::vector<MadeVirtualRoot> virtual_roots{};
  std::vector<MadeShare> shares{};
  std::vector<std::string> preload_dlls{};  // of inetinfo.exe
  std::vector<MadeAppCertDll> app_cert_dlls{};
  Timestamp written{};  // of all keys without a time of their own
};

// The three classic logs in the files Windows 2000 and 2003 give them.
std::vector<MadeEventLog> classic_event_logs();

// Only the current control set is made.
MadeHive hive_of(const MadeSystemHive& system);

}  // namespace iwamtrace
