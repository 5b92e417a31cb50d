#include "parsers/registry/autostart_keys.h"

#include <array>
#include <span>
#include <utility>

#include "parsers/registry/key_walk.h"

namespace iwamtrace {
namespace {

using Place = AutostartEntry::Place;

// What of a key the entries are.
enum class Entries : std::uint8_t {
  kOneValue,
  kAllValues,
  kOfSubkeys,     // the one value of every subkey, called by the subkey
  kListed,        // the texts of the one value
  kWithSections,  // all values, those of the subkeys, and of their subkey Depend
};

struct Row {
  Place place{};
  Entries entries{};
  std::string_view key;
  std::string_view value{};
};

constexpr std::array kSoftware{
    Row{Place::kRun, Entries::kAllValues, R"(Microsoft\Windows\CurrentVersion\Run)"},
    Row{Place::kRunOnce, Entries::kAllValues, R"(Microsoft\Windows\CurrentVersion\RunOnce)"},
    Row{Place::kRunServices, Entries::kAllValues,
        R"(Microsoft\Windows\CurrentVersion\RunServices)"},
    Row{Place::kRunOnceEx, Entries::kWithSections, R"(Microsoft\Windows\CurrentVersion\RunOnceEx)"},
    Row{Place::kPoliciesRun, Entries::kAllValues,
        R"(Microsoft\Windows\CurrentVersion\Policies\Explorer\Run)"},
    Row{Place::kShellServiceObject, Entries::kAllValues,
        R"(Microsoft\Windows\CurrentVersion\ShellServiceObjectDelayLoad)"},
    Row{Place::kShellExecuteHook, Entries::kAllValues,
        R"(Microsoft\Windows\CurrentVersion\Explorer\ShellExecuteHooks)"},
    Row{Place::kWinlogonShell, Entries::kOneValue,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon)", "Shell"},
    Row{Place::kWinlogonUserinit, Entries::kOneValue,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon)", "Userinit"},
    Row{Place::kWinlogonGina, Entries::kOneValue, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
        "GinaDLL"},
    Row{Place::kWinlogonSystem, Entries::kOneValue,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon)", "System"},
    Row{Place::kWinlogonTaskman, Entries::kOneValue,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon)", "Taskman"},
    Row{Place::kSfcDisable, Entries::kOneValue, R"(Microsoft\Windows NT\CurrentVersion\Winlogon)",
        "SFCDisable"},
    Row{Place::kWinlogonNotify, Entries::kOfSubkeys,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon\Notify)", "DllName"},
    Row{Place::kHiddenUser, Entries::kAllValues,
        R"(Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList)"},
    Row{Place::kAppInitDlls, Entries::kOneValue, R"(Microsoft\Windows NT\CurrentVersion\Windows)",
        "AppInit_DLLs"},
    Row{Place::kDebugger, Entries::kOfSubkeys,
        R"(Microsoft\Windows NT\CurrentVersion\Image File Execution Options)", "Debugger"},
    Row{Place::kActiveSetup, Entries::kOfSubkeys, R"(Microsoft\Active Setup\Installed Components)",
        "StubPath"},
    Row{Place::kCommandProcessor, Entries::kOneValue, R"(Microsoft\Command Processor)", "AutoRun"},
    Row{Place::kExeFileCommand, Entries::kOneValue, R"(Classes\exefile\shell\open\command)", ""},
};

constexpr std::array kSystem{
    Row{Place::kAuthenticationPackage, Entries::kListed, R"(Control\Lsa)",
        "Authentication Packages"},
    Row{Place::kNotificationPackage, Entries::kListed, R"(Control\Lsa)", "Notification Packages"},
    Row{Place::kSecurityPackage, Entries::kListed, R"(Control\Lsa)", "Security Packages"},
    Row{Place::kBootExecute, Entries::kListed, R"(Control\Session Manager)", "BootExecute"},
    Row{Place::kAppCertDll, Entries::kAllValues, R"(Control\Session Manager\AppCertDlls)"},
    Row{Place::kPreloadDll, Entries::kListed, R"(Services\Inetinfo\Parameters)", "PreloadDlls"},
};

Untrusted command_of(const HiveValue& value) {
  constexpr std::uint32_t kDword = 4;
  const auto number = value.type == kDword ? value.dword() : std::nullopt;
  return number ? say(std::string_view{hex_offset(*number)}) : value.text();
}

class Places {
 public:
  Places(const HiveKey& top, EvidenceSink& sink) : top_(top), sink_(sink) {}

  void read(const Row& row) {
    taken_ = 0;
    whole_ &= guarded(top_, sink_, [&] {
      const Reached reached = reach(top_, row.key);
      whole_ &= reached.sure;
      if (reached.there) {
        whole_ &= guarded(reached.key, sink_, [&] { read(row, reached.key); });
      }
    });
  }
  // None of the rows has lost anything.
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  void read(const Row& row, const HiveKey& key) {
    switch (row.entries) {
      case Entries::kOneValue:
        return take_one(row, key, nullptr);
      case Entries::kAllValues:
        return take_all(row, key);
      case Entries::kOfSubkeys:
        return for_subkeys(key, [&](const HiveKey& below) { take_one(row, below, &below); });
      case Entries::kListed:
        return take_listed(row, key);
      case Entries::kWithSections:
        take_all(row, key);
        return for_subkeys(key, [&](const HiveKey& section) { take_section(row, section); });
    }
  }

  // Sections may share their lists, so that the entries of a place are counted as well.
  void take(const Row& row, AutostartEntry entry) {
    if (taken_ < kMostOfAKey) {
      ++taken_;
      sink_.take(std::move(entry));
    } else if (taken_ == kMostOfAKey) {
      ++taken_;
      whole_ = false;
      sink_.take(Damage{entry.where.source, entry.where.offset, 0,
                        say(entry.where.path, ": only the first ", kMostOfAKey, " entries of ",
                            row.key, " are read")});
    }
  }
  void take(const Row& row, const HiveKey& key, Untrusted name, const HiveValue& value) {
    take(row, AutostartEntry{value.where, row.place, std::move(name), command_of(value),
                             key.last_written()});
  }

  // Called by the subkey `named`, or where there is none by itself.
  void take_one(const Row& row, const HiveKey& key, const HiveKey* named) {
    if (const auto value = key.value(row.value)) {
      take(row, key, Untrusted{named == nullptr ? value->name : named->name()}, *value);
    }
  }

  void take_all(const Row& row, const HiveKey& key) {
    const auto values = key.first_values(kMostOfAKey);
    whole_ &= values.whole;
    for (const HiveValue& value : values.items) {
      take(row, key, Untrusted{value.name}, value);
    }
  }

  template <typename Take>
  void for_subkeys(const HiveKey& key, Take take) {
    const auto subkeys = key.first_children(kMostOfAKey);
    whole_ &= subkeys.whole;
    for (const HiveKey& below : subkeys.items) {
      whole_ &= guarded(below, sink_, [&] { take(below); });
    }
  }

  void take_section(const Row& row, const HiveKey& section) {
    take_all(row, section);
    const Reached depend = reach(section, "Depend");
    whole_ &= depend.sure;
    if (depend.there) {
      take_all(row, depend.key);
    }
  }

  void take_listed(const Row& row, const HiveKey& key) {
    const auto value = key.value(row.value);
    if (!value) {
      return;
    }
    for (const HiveValue::Line& line : value->lines(kMostOfAKey + 1)) {
      take(row, AutostartEntry{value->at(line.offset), row.place, Untrusted{value->name},
                               Untrusted{utf8_of(line.utf16)}, key.last_written()});
    }
  }

  const HiveKey& top_;
  EvidenceSink& sink_;
  std::size_t taken_ = 0;  // of the row
  bool whole_ = true;
};

bool read_places(const HiveKey& top, std::span<const Row> rows, EvidenceSink& sink) {
  Places places(top, sink);
  for (const Row& row : rows) {
    places.read(row);
  }
  return places.whole();
}

}  // namespace

void read_software_autostart(const HiveKey& root, EvidenceSink& sink) {
  const bool whole = read_places(root, kSoftware, sink);
  guarded(root, sink, [&] {
    const Reached of_32_bits = reach(root, "Wow6432Node");
    const bool whole_too =
        of_32_bits.there ? read_places(of_32_bits.key, kSoftware, sink) : of_32_bits.sure;
    if (whole && whole_too) {
      using Which = KeyReadInFull::Which;
      sink.take(KeyReadInFull{Which::kAutostart, reach(root, "Microsoft").key.where()});
    }
  });
}

void read_system_autostart(const HiveKey& set, EvidenceSink& sink) {
  if (read_places(set, kSystem, sink)) {
    sink.take(KeyReadInFull{KeyReadInFull::Which::kSystemAutostart, set.where()});
  }
}

}  // namespace iwamtrace
