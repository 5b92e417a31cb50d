#include "parsers/registry/system_hive.h"

#include <array>
#include <string>
#include <utility>

#include "parsers/registry/autostart_keys.h"
#include "parsers/registry/key_walk.h"
#include "parsers/registry/services_key.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kLastControlSet = 9;  // more than any system that was seen has

struct ControlSet {
  HiveKey key;
  std::string name;
};

std::optional<ControlSet> control_set(const HiveKey& root, std::uint32_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
  const std::string name = "ControlSet" + digits;
  auto key = root.child(name);
  return key ? std::optional{ControlSet{std::move(*key), name}} : std::nullopt;
}

// The set that was in use: Current, else Default, else the first there is.
std::optional<ControlSet> current_control_set(const HiveKey& root, EvidenceSink& sink) {
  if (const auto select = root.child("Select")) {
    for (const char* choice : {"Current", "Default"}) {
      const auto value = select->value(choice);
      const auto number = value ? value->dword() : std::nullopt;
      if (auto set = number ? control_set(root, *number) : std::nullopt) {
        sink.take(HostFact{HostFact::Kind::kControlSet,
                           say(std::string_view{set->name}, ", by Select\\", choice),
                           value->where});
        return set;
      }
    }
  }
  for (std::uint32_t number = 1; number <= kLastControlSet; ++number) {
    if (auto set = control_set(root, number)) {
      sink.take(HostFact{HostFact::Kind::kControlSet,
                         say(std::string_view{set->name}, ", the first there is"),
                         set->key.where()});
      return set;
    }
  }
  return std::nullopt;
}

// The boot key stands, scrambled, in the class names of four keys.
std::optional<Key16> boot_key(const HiveKey& lsa) {
  constexpr std::array kParts{"JD", "Skew1", "GBG", "Data"};
  constexpr std::array<std::size_t, 16> kOrder{8, 5, 4, 2,  11, 9,  13, 3,
                                               0, 6, 1, 12, 14, 10, 15, 7};
  std::string digits;
  for (const char* part : kParts) {
    const auto key = lsa.child(part);
    if (!key) {
      return std::nullopt;
    }
    digits += key->class_name();
  }
  const auto scrambled = bytes_of_hex(digits);
  if (!scrambled || scrambled->size() != kOrder.size()) {
    return std::nullopt;
  }
  Key16 key;
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    key.bytes[i] = static_cast<std::byte>((*scrambled)[kOrder[i]]);
  }
  return key;
}

void take_boot_key(const HiveKey& lsa, SourceId source, KeyRing& keys, EvidenceSink& sink) {
  Unlocking unlocking;
  unlocking.where = lsa.where();
  if (const auto key = boot_key(lsa)) {
    keys.boot_keys.push_back(BootKey{*key, source});
    unlocking.result = Unlocking::Result::kOpened;
    unlocking.key_from = source;
    unlocking.because = say("the boot key stands in the class names of JD, Skew1, GBG and Data");
  } else {
    unlocking.result = Unlocking::Result::kNoKey;
    unlocking.because =
        say("no boot key: JD, Skew1, GBG and Data do not hold one (NT4 without SYSKEY)");
  }
  sink.take(std::move(unlocking));
}

void take_text(const HiveKey& set, std::string_view path, std::string_view name,
               HostFact::Kind kind, EvidenceSink& sink) {
  const auto key = set.child(path);
  if (const auto value = key ? key->value(name) : std::nullopt) {
    sink.take(HostFact{kind, value->text(), value->where});
  }
}

void take_times(const HiveKey& set, EvidenceSink& sink) {
  if (const auto zone = set.child("Control\\TimeZoneInformation")) {
    // Vista and later name the zone by its registry key; before, only its standard name stands
    // here.
    for (const char* name : {"TimeZoneKeyName", "StandardName"}) {
      const auto value = zone->value(name);
      if (value && !value->text().empty() && value->text().view().split('@') == std::nullopt) {
        sink.take(HostFact{HostFact::Kind::kTimeZone, value->text(), value->where});
        break;
      }
    }
    const auto bias = zone->value("ActiveTimeBias");
    if (const auto minutes = bias ? bias->dword() : std::nullopt) {
      sink.take(HostFact{HostFact::Kind::kTimeZoneBias, say(static_cast<std::int32_t>(*minutes)),
                         bias->where});
    }
  }
  const auto windows = set.child("Control\\Windows");
  if (const auto value = windows ? windows->value("ShutdownTime") : std::nullopt) {
    if (const auto time = value->filetime()) {
      sink.take(HostFact{HostFact::Kind::kShutdownTime, say(std::string_view{to_iso(*time)}),
                         value->where});
    }
  }
}

void take_remote_desktop(const HiveKey& set, EvidenceSink& sink) {
  const auto server = set.child("Control\\Terminal Server");
  const auto denied = server ? server->value("fDenyTSConnections") : std::nullopt;
  if (const auto number = denied ? denied->dword() : std::nullopt) {
    sink.take(HostFact{HostFact::Kind::kRemoteDesktopDenied, say(*number), denied->where});
  }
}

// Where a rename leaves the former name for a while, or for ever: in the control set that was last
// known to be good, and in what services keep for themselves.
void take_other_names(const HiveKey& root, const ControlSet& current, EvidenceSink& sink) {
  constexpr std::array<std::pair<const char*, const char*>, 4> kNames{
      {{"Control\\ComputerName\\ActiveComputerName", "ComputerName"},
       {"Services\\Eventlog", "ComputerName"},
       {"Services\\Tcpip\\Parameters", "NV Hostname"},
       {"Services\\Tcpip\\Parameters", "Hostname"}}};
  for (const auto& [path, name] : kNames) {
    take_text(current.key, path, name, HostFact::Kind::kKnownAs, sink);
  }
  for (std::uint32_t number = 1; number <= kLastControlSet; ++number) {
    const auto other = control_set(root, number);
    if (other && other->name != current.name) {
      take_text(other->key, "Control\\ComputerName\\ComputerName", "ComputerName",
                HostFact::Kind::kKnownAs, sink);
    }
  }
}

}  // namespace

bool is_system_hive(const HiveKey& root) {
  return root.child("Select") && (root.child("ControlSet001") || root.child("ControlSet002") ||
                                  root.child("ControlSet003"));
}

void read_system_hive(const Hive& hive, KeyRing& keys, EvidenceSink& sink) {
  const HiveKey root = hive.root();
  const auto set = current_control_set(root, sink);
  if (!set) {
    throw ParseError(0, "SYSTEM without a control set");
  }
  using Kind = HostFact::Kind;
  take_text(set->key, "Control\\ComputerName\\ComputerName", "ComputerName", Kind::kComputerName,
            sink);
  take_text(set->key, "Control\\ProductOptions", "ProductType", Kind::kProductType, sink);
  take_times(set->key, sink);
  if (const auto lsa = set->key.child("Control\\Lsa")) {
    take_boot_key(*lsa, hive.source(), keys, sink);
    const auto crash = lsa->value("CrashOnAuditFail");
    if (const auto mode = crash ? crash->dword() : std::nullopt) {
      sink.take(HostFact{Kind::kCrashOnAuditFail, say(*mode), crash->where});
    }
  }
  guarded(set->key, sink, [&] { take_remote_desktop(set->key, sink); });
  read_services(set->key, sink);
  read_system_autostart(set->key, sink);
  guarded(root, sink, [&] { take_other_names(root, *set, sink); });
}

}  // namespace iwamtrace
