#include "make/software_hive.h"

#include <array>

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

}  // namespace

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
  return hive;
}

}  // namespace iwamtrace
