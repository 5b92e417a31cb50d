// What the registry has Windows start or load by itself, and the few settings beside it that hide
// an intruder. Each entry as it stands: whether it is Windows' own is for others to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/citation.h"
#include "model/timestamp.h"

namespace iwamtrace {

struct AutostartEntry {
  enum class Place : std::uint8_t {
    kRun,  // Microsoft\Windows\CurrentVersion\Run, as the next four
    kRunOnce,
    kRunServices,
    kRunOnceEx,      // its own values, those of its sections and of their Depend
    kPoliciesRun,    // Policies\Explorer\Run
    kWinlogonShell,  // Microsoft\Windows NT\CurrentVersion\Winlogon, as the next five
    kWinlogonUserinit,
    kWinlogonGina,
    kWinlogonSystem,
    kWinlogonTaskman,
    kWinlogonNotify,         // Notify\<package>\DllName
    kAppInitDlls,            // Microsoft\Windows NT\CurrentVersion\Windows
    kDebugger,               // Image File Execution Options\<image>\Debugger
    kActiveSetup,            // Active Setup\Installed Components\<component>\StubPath
    kShellServiceObject,     // ShellServiceObjectDelayLoad: name and class id
    kShellExecuteHook,       // ShellExecuteHooks: the class id is the name
    kExeFileCommand,         // Classes\exefile\shell\open\command, its unnamed value
    kCommandProcessor,       // Command Processor\AutoRun
    kHiddenUser,             // Winlogon\SpecialAccounts\UserList\<user>: 0 hides
    kSfcDisable,             // Winlogon\SFCDisable: what disables the protection of Windows' files
    kAuthenticationPackage,  // of SYSTEM: an entry of a list under Control\Lsa, as the next two
    kNotificationPackage,
    kSecurityPackage,
    kPreloadDll,   // an entry of Services\Inetinfo\Parameters\PreloadDlls
    kAppCertDll,   // Control\Session Manager\AppCertDlls
    kBootExecute,  // an entry of Control\Session Manager\BootExecute
  };
  static constexpr std::size_t kPlaces = 26;

  Citation where;  // the value; of a list, the entry in it
  Place place{};
  Untrusted name;     // of the value as it stands, or of the image, user, package or component
  Untrusted command;  // what is started or loaded; of a DWORD the number, "0xffffff9d"
  std::optional<Timestamp> key_written;
};
std::string_view name_of(AutostartEntry::Place place);  // "run-once" …

}  // namespace iwamtrace
