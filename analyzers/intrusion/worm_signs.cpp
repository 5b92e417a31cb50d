// What the worms of these years leave in the registry.
#include <algorithm>
#include <array>
#include <utility>

#include "analyzers/intrusion/signs.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Place = AutostartEntry::Place;

struct WormProgram {
  std::string_view program, worm;
};
constexpr std::uint64_t kDisabledForGood = 0xFFFFFF9D;  // as SFCDisable

// As values of Run name them.
constexpr std::array kPrograms{
    WormProgram{"msblast.exe", "Blaster"}, WormProgram{"teekids.exe", "Blaster"},
    WormProgram{"penis32.exe", "Blaster"}, WormProgram{"mslaugh.exe", "Blaster"},
    WormProgram{"enbiei.exe", "Blaster"},  WormProgram{"avserve.exe", "Sasser"},
    WormProgram{"avserve2.exe", "Sasser"},
};

void add(Answers& answers, std::string_view finding, Force force, Untrusted statement,
         std::vector<Citation> where, std::optional<Timestamp> written) {
  Sign sign = sign_of(finding, force == Force::kWeak ? Severity::kMedium : Severity::kHigh,
                      say("a worm was here"), std::move(statement), std::move(where));
  sign.force = force;
  sign.ordinary = force == Force::kWeak;
  sign.finding.time = written;
  answers.signs.push_back(std::move(sign));
}

void tell_programs(const Case& the_case, Answers& answers) {
  for (const AutostartEntry& entry : the_case.all<AutostartEntry>()) {
    const bool run = entry.place == Place::kRun || entry.place == Place::kRunServices;
    const auto* const found = std::ranges::find_if(kPrograms, [&](const WormProgram& known) {
      const UntrustedView command = entry.command.view().trimmed();
      return command.starts_with(known.program) ||
             command.contains(std::string("\\").append(known.program));
    });
    if (run && found != kPrograms.end()) {
      add(answers, "worm_rpc", Force::kProof,
          say(name_of(entry.place), " starts ", entry.command, ", which is ", found->worm),
          {entry.where}, entry.key_written);
    }
  }
}

// Nachi's two services, beside those of Windows whose names they take.
void tell_services(const Case& the_case, Answers& answers) {
  for (const Service& service : the_case.all<Service>()) {
    const bool named = service.name.is("RpcPatch") || service.name.is("RpcTftpd");
    if (named && service.image_path.view().contains("\\wins\\")) {
      add(answers, "worm_rpc", Force::kProof,
          say("the service ", service.name, " runs ", service.image_path, ", which is Nachi"),
          {service.where}, service.key_written);
    }
  }
}

// Code Red II publishes the drives as /c and /d with the right to run, and stops the protection of
// Windows' own files.
void tell_code_red(const Case& the_case, Answers& answers) {
  const auto& entries = the_case.all<AutostartEntry>();
  const auto unprotected = std::ranges::find_if(entries, [](const AutostartEntry& entry) {
    return entry.place == Place::kSfcDisable && entry.command.view().number() == kDisabledForGood;
  });
  for (const VirtualRoot& root : the_case.all<VirtualRoot>()) {
    const UntrustedView target = root.target;
    const bool drive = target.without_prefix(1).starts_with(":\\,") && target.contains(",217");
    if (!drive) {
      continue;
    }
    std::vector<Citation> where{root.where};
    const bool both = unprotected != entries.end();
    if (both) {
      where.push_back(unprotected->where);
    }
    add(answers, "worm_iis", both ? Force::kProof : Force::kStrong,
        say("the registry publishes ", root.target, " as ", root.name, ", with the right to run",
            both ? ", and the protection of Windows' files is off: Code Red II does both" : ""),
        std::move(where), root.key_written);
  }
}

// Windows makes C$ by itself and keeps no entry of it; Nimda shared whole drives so that all may
// write. So does many an administrator.
void tell_shared_drives(const Case& the_case, Answers& answers) {
  for (const NetworkShare& share : the_case.all<NetworkShare>()) {
    const UntrustedView rest = share.path.view().without_prefix(1);
    if (rest.is(":\\") || rest.is(":")) {
      add(answers, "worm_iis", Force::kWeak,
          say("the whole drive ", share.path, " is shared as ", share.name), {share.where},
          share.key_written);
    }
  }
}

}  // namespace

void find_worm_signs(const Case& the_case, Answers& answers) {
  tell_programs(the_case, answers);
  tell_services(the_case, answers);
  tell_code_red(the_case, answers);
  tell_shared_drives(the_case, answers);
}

}  // namespace iwamtrace
