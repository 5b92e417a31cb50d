#include "parsers/registry/software_hive.h"

#include <array>
#include <string>
#include <utility>

#include "parsers/registry/autostart_keys.h"
#include "parsers/registry/key_walk.h"
#include "parsers/registry/sql_servers.h"
#include "parsers/windows_types.h"

namespace iwamtrace {
namespace {

using Kind = HostFact::Kind;

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

void take_iis(const HiveKey& root, EvidenceSink& sink) {
  const auto key = root.child("Microsoft\\InetStp");
  const auto major = key ? key->value("MajorVersion") : std::nullopt;
  const auto minor = key ? key->value("MinorVersion") : std::nullopt;
  if (major && minor && major->dword() && minor->dword()) {
    sink.take(
        HostFact{Kind::kIisVersion, say(*major->dword(), ".", *minor->dword()), major->where});
  }
  if (const auto web = key ? key->value("PathWWWRoot") : std::nullopt) {
    sink.take(HostFact{Kind::kWebRoot, web->text(), web->where});
  }
}

// Takes a security descriptor; where its bytes are none, says so and remembers it.
class Permissions {
 public:
  explicit Permissions(EvidenceSink& sink) : sink_(sink) {}

  // That stands as a value: launch and access permissions.
  void take_value(const HiveKey& key, std::string_view name, AccessPermission::Of of) {
    if (const auto value = key.value(name)) {
      guarded(value->where, value->data.size(), [&] {
        sink_.take(AccessPermission{of, value->where, key.last_written(),
                                    read_security_descriptor(value->data)});
      });
    }
  }
  void take_key(const HiveKey& key, AccessPermission::Of of) {
    guarded(key.where(), 0, [&] {
      sink_.take(AccessPermission{of, key.where(), key.last_written(), key.security()});
    });
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  template <typename Take>
  void guarded(const Citation& where, std::size_t size, Take take) {
    try {
      take();
    } catch (const ParseError& error) {
      whole_ = false;
      sink_.take(Damage{where.source, where.offset, size,
                        say("security descriptor of ", where.path, ": ", error.what())});
    }
  }

  EvidenceSink& sink_;
  bool whole_ = true;
};

void take_dcom_settings(const HiveKey& root, EvidenceSink& sink) {
  const auto ole = root.child("Microsoft\\Ole");
  if (!ole) {
    return;
  }
  using Of = AccessPermission::Of;
  Permissions permissions(sink);
  permissions.take_key(*ole, Of::kDcomKey);
  permissions.take_value(*ole, "DefaultLaunchPermission", Of::kDefaultLaunch);
  permissions.take_value(*ole, "DefaultAccessPermission", Of::kDefaultAccess);
  permissions.take_value(*ole, "MachineLaunchRestriction", Of::kMachineLaunch);
  permissions.take_value(*ole, "MachineAccessRestriction", Of::kMachineAccess);
  if (const auto enabled = ole->value("EnableDCOM")) {
    sink.take(HostFact{Kind::kDcomEnabled, enabled->text(), enabled->where});
  }
  constexpr std::array<std::pair<const char*, Kind>, 3> kNumbers{
      {{"ActivationFailureLoggingLevel", Kind::kActivationFailureLogging},
       {"LegacyAuthenticationLevel", Kind::kLegacyAuthenticationLevel},
       {"LegacyImpersonationLevel", Kind::kLegacyImpersonationLevel}}};
  for (const auto& [name, kind] : kNumbers) {
    const auto value = ole->value(name);
    if (const auto number = value ? value->dword() : std::nullopt) {
      sink.take(HostFact{kind, say(*number), value->where});
    }
  }
  if (permissions.whole()) {
    sink.take(KeyReadInFull{KeyReadInFull::Which::kDcom, ole->where()});
  }
}

void take_pooled_identity(const HiveKey& root, EvidenceSink& sink) {
  const auto ids = root.child("Classes\\AppID");
  if (!ids) {
    return;
  }
  const auto key = ids->child(kPooledApplications);
  Permissions permissions(sink);
  if (key) {
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
    using Of = AccessPermission::Of;
    permissions.take_key(*key, Of::kPooledKey);
    permissions.take_value(*key, "LaunchPermission", Of::kPooledLaunch);
    permissions.take_value(*key, "AccessPermission", Of::kPooledAccess);
  }
  if (permissions.whole()) {
    sink.take(KeyReadInFull{KeyReadInFull::Which::kApplicationIds, (key ? *key : *ids).where()});
  }
}

}  // namespace

bool is_software_hive(const HiveKey& root) {
  return root.child("Microsoft\\Windows NT\\CurrentVersion").has_value();
}

void read_software_hive(const Hive& hive, EvidenceSink& sink) {
  const HiveKey root = hive.root();
  take_windows_version(root, sink);
  take_iis(root, sink);
  take_dcom_settings(root, sink);
  take_pooled_identity(root, sink);
  read_software_autostart(root, sink);
  read_sql_servers(root, sink);
}

}  // namespace iwamtrace
