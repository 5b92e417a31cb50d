// What starts by itself, as the hives have it: services and the places of the registry that Windows
// reads when it starts or somebody logs on.
#include <algorithm>
#include <array>
#include <utility>

#include "analyzers/intrusion/signs.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Place = AutostartEntry::Place;

// Where no installer puts a program, and nobody looks.
constexpr std::array<std::string_view, 2> kStrangeFolders{"\\recycler\\",
                                                          "System Volume Information"};

bool is_strange(UntrustedView program) {
  return std::ranges::any_of(kStrangeFolders,
                             [&](std::string_view folder) { return program.contains(folder); });
}

bool is_one_of(UntrustedView text, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return text.is(name); });
}

void add(Answers& answers, std::string_view finding, Force force, Untrusted statement,
         const Citation& where, std::optional<Timestamp> written) {
  const bool strong = force != Force::kWeak;
  Sign sign = sign_of(finding, strong ? Severity::kHigh : Severity::kLow,
                      strong ? say("something starts by itself that does not belong here")
                             : say("something starts by itself that few servers have"),
                      std::move(statement), {where});
  sign.force = force;
  // Products of other makers are at home in these places too.
  sign.ordinary = !strong;
  sign.finding.time = written;
  answers.signs.push_back(std::move(sign));
}

// ---- the registry's places ----

// The programs that Windows starts at the logon screen, as the system, before anybody logs on.
bool is_of_the_logon_screen(UntrustedView image) {
  return is_one_of(image, {"sethc.exe", "utilman.exe", "osk.exe", "narrator.exe", "magnify.exe",
                           "displayswitch.exe"});
}

// Run in such a program's place, it obeys whoever sits there.
bool gives_a_desktop(UntrustedView command) {
  constexpr std::array<std::string_view, 7> kPrograms{
      "cmd", "powershell", "taskmgr", "explorer", "command.com", "mmc", "\\temp\\"};
  return std::ranges::any_of(kPrograms,
                             [&](std::string_view program) { return command.contains(program); });
}

bool is_usual_package(UntrustedView name) {
  return is_one_of(name, {"", "msv1_0", "kerberos", "schannel", "wdigest", "scecli", "rassfm",
                          "FPNWCLNT", "KDCSVC", "negotiate", "ntlmssp", "digest", "tspkg", "pku2u",
                          "negoexts", "livessp", "cloudap", "\"\""});
}

// How far an entry departs from what Windows sets; nothing where it does not.
std::optional<Force> strangeness_of(const AutostartEntry& entry) {
  const UntrustedView command = entry.command.view().trimmed();
  const auto if_weak = [](bool strange) {
    return strange ? std::optional(Force::kWeak) : std::nullopt;
  };
  if (is_strange(command)) {
    return Force::kStrong;
  }
  switch (entry.place) {
    case Place::kWinlogonShell:
      return if_weak(!is_one_of(command, {"Explorer.exe", "%SystemRoot%\\Explorer.exe"}));
    case Place::kWinlogonUserinit:
      return if_weak(!command.contains("userinit.exe") || command.contains(".exe,C:") ||
                     command.contains(".exe, C:"));
    case Place::kDebugger:
      return !is_of_the_logon_screen(entry.name) || command.empty() ? std::nullopt
             : gives_a_desktop(command)                             ? std::optional(Force::kStrong)
                                                                    : std::optional(Force::kWeak);
    case Place::kExeFileCommand:
      return command.starts_with("\"%1\"") || command.starts_with("%1")
                 ? std::nullopt
                 : std::optional(Force::kStrong);
    case Place::kBootExecute:
      return if_weak(!command.empty() && !command.starts_with("autocheck autochk"));
    case Place::kAppInitDlls:
    case Place::kCommandProcessor:
    case Place::kPreloadDll:
    case Place::kAppCertDll:
    case Place::kWinlogonTaskman:
      return if_weak(!command.empty());
    case Place::kAuthenticationPackage:
    case Place::kNotificationPackage:
    case Place::kSecurityPackage:
      return if_weak(!is_usual_package(command));
    default:
      return std::nullopt;
  }
}

void tell_entry(const AutostartEntry& entry, Answers& answers) {
  if (entry.place == Place::kHiddenUser) {
    if (entry.command.view().number() == 0U) {
      add(answers, "hidden_account", Force::kWeak,
          say("the logon screen leaves out the account ", entry.name), entry.where,
          entry.key_written);
    }
    return;
  }
  if (const auto force = strangeness_of(entry)) {
    add(answers, "persistence_key", *force,
        say(name_of(entry.place), entry.name.empty() ? "" : ", ", entry.name, ": ", entry.command),
        entry.where, entry.key_written);
  }
}

// ---- services ----

void tell_service(const Service& service, Answers& answers) {
  constexpr std::uint32_t kDisabled = 4;
  if (service.name.is("Eventlog") && service.start == kDisabled) {
    add(answers, "audit_disabled", Force::kStrong, say("the event log service is disabled"),
        service.where, service.key_written);
  }
  if (is_strange(service.image_path) || is_strange(service.service_dll)) {
    add(answers, "service_installed", Force::kStrong,
        say("the service ", service.name, " runs ", service.image_path,
            service.service_dll.empty() ? "" : ", with ", service.service_dll),
        service.where, service.key_written);
  }
}

}  // namespace

void find_persistence_signs(const Case& the_case, Answers& answers) {
  for (const AutostartEntry& entry : the_case.all<AutostartEntry>()) {
    tell_entry(entry, answers);
  }
  for (const Service& service : the_case.all<Service>()) {
    tell_service(service, answers);
  }
}

}  // namespace iwamtrace
