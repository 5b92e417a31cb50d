#include "model/autostart.h"

#include <array>

namespace iwamtrace {

std::string_view name_of(AutostartEntry::Place place) {
  constexpr std::array<std::string_view, AutostartEntry::kPlaces> kNames{
      "run",
      "run-once",
      "run-services",
      "run-once-ex",
      "policies-run",
      "winlogon-shell",
      "winlogon-userinit",
      "winlogon-gina",
      "winlogon-system",
      "winlogon-taskman",
      "winlogon-notify",
      "app-init-dlls",
      "debugger",
      "active-setup",
      "shell-service-object",
      "shell-execute-hook",
      "exe-file-command",
      "command-processor",
      "hidden-user",
      "sfc-disable",
      "authentication-package",
      "notification-package",
      "security-package",
      "preload-dll",
      "app-cert-dll",
      "boot-execute",
  };
  static_assert(!kNames.back().empty());
  return kNames.at(static_cast<std::size_t>(place));
}

}  // namespace iwamtrace
