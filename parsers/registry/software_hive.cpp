#include "parsers/registry/software_hive.h"

#include <array>
#include <string>

#include "parsers/windows_types.h"

namespace iwamtrace {
namespace {

using Kind = HostFact::Kind;

Untrusted text_of(const HiveKey& key, std::string_view name) {
  const auto value = key.value(name);
  return value ? value->text() : Untrusted{};
}

void take_windows_version(const HiveKey& root, EvidenceSink& sink) {
  const auto key = root.child("Microsoft\\Windows NT\\CurrentVersion");
  if (!key) {
    return;
  }
  const Untrusted product = text_of(*key, "ProductName");
  const auto version = key->value("CurrentVersion");
  if (version) {
    Untrusted line = product.empty() ? say("Windows NT") : product;
    line.append(" ");
    line.append(version->text().view());
    if (const Untrusted build = text_of(*key, "CurrentBuildNumber"); !build.empty()) {
      line.append(".");
      line.append(build.view());
    }
    if (const Untrusted pack = text_of(*key, "CSDVersion"); !pack.empty()) {
      line.append(" ");
      line.append(pack.view());
    }
    sink.take(HostFact{Kind::kWindowsVersion, std::move(line), version->where});
  }
  const auto installed = key->value("InstallDate");
  if (const auto seconds = installed ? installed->dword() : std::nullopt) {
    sink.take(HostFact{Kind::kWindowsInstalled,
                       say(std::string_view{to_iso(Timestamp::from_unix(*seconds))}),
                       installed->where});
  }
}

void take_iis_version(const HiveKey& root, EvidenceSink& sink) {
  const auto key = root.child("Microsoft\\InetStp");
  const auto major = key ? key->value("MajorVersion") : std::nullopt;
  const auto minor = key ? key->value("MinorVersion") : std::nullopt;
  if (major && minor && major->dword() && minor->dword()) {
    sink.take(
        HostFact{Kind::kIisVersion, say(*major->dword(), ".", *minor->dword()), major->where});
  }
}

// A security descriptor that stands as a value: launch and access permissions.
void take_permission(const HiveKey& key, std::string_view name, EvidenceSink& sink) {
  const auto value = key.value(name);
  if (!value) {
    return;
  }
  try {
    sink.take(
        AccessPermission{value->where, key.last_written(), read_security_descriptor(value->data)});
  } catch (const ParseError& error) {
    sink.take(Damage{value->where.source, value->where.offset, value->data.size(),
                     say(value->where.path, ": ", error.what())});
  }
}

void take_key_permission(const HiveKey& key, EvidenceSink& sink) {
  try {
    sink.take(AccessPermission{key.where(), key.last_written(), key.security()});
  } catch (const ParseError& error) {
    sink.take(Damage{key.where().source, key.where().offset, 0,
                     say("security descriptor of ", key.where().path, ": ", error.what())});
  }
}

void take_dcom_settings(const HiveKey& root, EvidenceSink& sink) {
  const auto ole = root.child("Microsoft\\Ole");
  if (!ole) {
    return;
  }
  take_key_permission(*ole, sink);
  constexpr std::array kPermissions{"DefaultLaunchPermission", "DefaultAccessPermission",
                                    "MachineLaunchRestriction", "MachineAccessRestriction"};
  for (const char* name : kPermissions) {
    take_permission(*ole, name, sink);
  }
  if (const auto enabled = ole->value("EnableDCOM")) {
    sink.take(HostFact{Kind::kDcomEnabled, enabled->text(), enabled->where});
  }
  const auto logging = ole->value("ActivationFailureLoggingLevel");
  if (const auto level = logging ? logging->dword() : std::nullopt) {
    sink.take(HostFact{Kind::kActivationFailureLogging, say(*level), logging->where});
  }
}

void take_pooled_identity(const HiveKey& root, EvidenceSink& sink) {
  const auto key = root.child("Classes\\AppID\\" + std::string(kPooledApplications));
  if (!key) {
    return;
  }
  ApplicationIdentity identity;
  identity.where = key->where();
  identity.app_id = Untrusted{key->name()};
  identity.name = text_of(*key, "");
  identity.key_written = key->last_written();
  if (const auto run_as = key->value("RunAs")) {
    identity.run_as = run_as->text();
    identity.where = run_as->where;
  }
  sink.take(std::move(identity));
  take_key_permission(*key, sink);
  take_permission(*key, "LaunchPermission", sink);
  take_permission(*key, "AccessPermission", sink);
}

}  // namespace

bool is_software_hive(const HiveKey& root) {
  return root.child("Microsoft\\Windows NT\\CurrentVersion").has_value();
}

void read_software_hive(const Hive& hive, EvidenceSink& sink) {
  const HiveKey root = hive.root();
  take_windows_version(root, sink);
  take_iis_version(root, sink);
  take_dcom_settings(root, sink);
  take_pooled_identity(root, sink);
}

}  // namespace iwamtrace
