#include "make/system_hive.h"

#include <array>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "make/windows_hives.h"

namespace iwamtrace {
namespace {

std::string control_set(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return "ControlSet" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

std::uint32_t as_dword(std::int32_t minutes) { return static_cast<std::uint32_t>(minutes); }

// The four keys have a value each as well; it has no part in the boot key.
void add_boot_key(MadeKey& lsa, const std::string& boot_key) {
  struct Part {
    std::string key, value;
    std::size_t size;
  };
  const std::array<Part, 4> parts{{{"JD", "Lookup", 6},
                                   {"Skew1", "SkewMatrix", 16},
                                   {"GBG", "GrafBlumGroup", 9},
                                   {"Data", "Pattern", 64}}};
  const std::array<std::string, 4> class_names = class_names_of_boot_key(boot_key);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts.at(i);
    MadeKey& key = lsa.make(part.key);
    key.class_name = class_names.at(i);
    key.set(binary_value(part.value, bytes_of_seed(part.value + boot_key, part.size)));
  }
}

void add_lsa(MadeKey& control, const MadeSystemHive& system) {
  MadeKey& lsa = control.make("Lsa");
  lsa.set(list_value("Authentication Packages", system.authentication_packages));
  lsa.set(list_value("Security Packages", {"kerberos", "msv1_0", "schannel"}));
  lsa.set(list_value("Notification Packages", system.notification_packages));
  lsa.set(number_value("crashonauditfail", system.crash_on_audit_fail));
  lsa.set(number_value("limitblankpassworduse", 1));
  if (system.boot_key) {
    lsa.set(number_value("SecureBoot", system.secure_boot));
    add_boot_key(lsa, *system.boot_key);
  }
}

void add_time_zone(MadeKey& control, const MadeTimeZone& zone) {
  control.make("TimeZoneInformation")
      .set(number_value("Bias", as_dword(zone.bias)))
      .set(text_value("StandardName", zone.standard_name))
      .set(number_value("StandardBias", 0))
      .set(text_value("DaylightName", zone.daylight_name))
      .set(number_value("DaylightBias", as_dword(zone.daylight_bias)))
      .set(number_value("ActiveTimeBias", as_dword(zone.active_bias)));
}

void add_control(MadeKey& set, const MadeSystemHive& system) {
  MadeKey& control = set.make("Control");
  control.make("ComputerName\\ComputerName").set(text_value("ComputerName", system.computer_name));
  add_lsa(control, system);
  control.make("ProductOptions").set(text_value("ProductType", system.product_type));
  add_time_zone(control, system.time_zone);
  if (system.shutdown) {
    ByteWriter time;
    time.u64(filetime_of(*system.shutdown));
    control.make("Windows").set(binary_value("ShutdownTime", time.view()));
  }
  if (system.deny_remote_desktop) {
    control.make("Terminal Server")
        .set(number_value("fDenyTSConnections", *system.deny_remote_desktop));
  }
  for (const MadeAppCertDll& dll : system.app_cert_dlls) {
    control.make("Session Manager\\AppCertDlls").set(expandable_value(dll.name, dll.path));
  }
}

void add_service(MadeKey& services, const MadeService& service) {
  MadeKey& key = services.make(service.name);
  key.written = service.written.value_or(services.written);
  key.set(number_value("Type", service.type)).set(number_value("Start", service.start));
  key.set(number_value("ErrorControl", 1));
  key.set(expandable_value("ImagePath", service.image_path));
  if (!service.display_name.empty()) {
    key.set(text_value("DisplayName", service.display_name));
  }
  if (!service.depends_on.empty()) {
    key.set(list_value("DependOnService", service.depends_on));
  }
  key.set(text_value("ObjectName", service.account));
  if (!service.failure_command.empty()) {
    key.set(text_value("FailureCommand", service.failure_command));
  }
  if (!service.service_dll.empty()) {
    key.make("Parameters").set(expandable_value("ServiceDll", service.service_dll));
  }
}

void add_event_log(MadeKey& services, const MadeEventLog& log) {
  dated_key(services, "Eventlog\\" + log.name, log.written.value_or(services.written))
      .set(expandable_value("File", log.file))
      .set(number_value("MaxSize", log.max_size))
      .set(number_value("Retention", log.retention));
}

void add_published(MadeKey& services, const MadeSystemHive& system) {
  for (const MadeVirtualRoot& root : system.virtual_roots) {
    services.make(R"(W3SVC\Parameters\Virtual Roots)").set(text_value(root.name, root.target));
  }
  for (const MadeShare& share : system.shares) {
    services.make(R"(lanmanserver\Shares)")
        .set(list_value(share.name, {"CSCFlags=0", "MaxUses=4294967295", "Path=" + share.path,
                                     "Permissions=127", "Type=0"}));
  }
  if (!system.preload_dlls.empty()) {
    services.make(R"(Inetinfo\Parameters)").set(list_value("PreloadDlls", system.preload_dlls));
  }
}

}  // namespace

std::vector<MadeEventLog> classic_event_logs() {
  const std::string folder = R"(%SystemRoot%\system32\config\)";
  return {MadeEventLog{.name = "Application", .file = folder + "AppEvent.Evt"},
          MadeEventLog{.name = "Security", .file = folder + "SecEvent.Evt"},
          MadeEventLog{.name = "System", .file = folder + "SysEvent.Evt"}};
}

MadeHive hive_of(const MadeSystemHive& system) {
  MadeHive hive{.root = MadeKey{.name = "$$$PROTO.HIV",
                                .written = system.written,
                                .security = security_of_public_keys()},
                .path = "SYSTEM",
                .minor = 5};
  hive.root.make("Select")
      .set(number_value("Current", system.current_set))
      .set(number_value("Default", system.default_set))
      .set(number_value("Failed", system.failed_set))
      .set(number_value("LastKnownGood", system.last_known_good_set));
  MadeKey& set = hive.root.make(control_set(system.current_set));
  add_control(set, system);
  MadeKey& services = set.make("Services");
  for (const MadeService& service : system.services) {
    add_service(services, service);
  }
  for (const MadeEventLog& log : system.event_logs) {
    add_event_log(services, log);
  }
  add_published(services, system);
  return hive;
}

}  // namespace iwamtrace
