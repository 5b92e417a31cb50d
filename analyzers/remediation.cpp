// What is to be done on the server, in which order, and what tells that it helped?
#include <algorithm>
#include <array>

#include "analyzers/causes.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"
#include "analyzers/repair_steps.h"

namespace iwamtrace {
namespace {

// What a cause says of the hives' state, and how it is where nothing is wrong.
struct StateOfCause {
  std::string_view cause;
  Observation AccountStateAnswer::*state;
  bool healthy;
};
constexpr std::array kStates{
    StateOfCause{"account_disabled", &AccountStateAnswer::disabled, false},
    StateOfCause{"account_expired", &AccountStateAnswer::expired, false},
    StateOfCause{"account_locked", &AccountStateAnswer::locked, false},
    StateOfCause{"logon_right_missing", &AccountStateAnswer::batch_logon, true},
    StateOfCause{"password_expired", &AccountStateAnswer::password_expired, false}};

// The logs name the cause, and when the hives were copied somebody had mended it.
const Observation* mended_since(const Answers& answers) {
  const auto* const found = std::ranges::find(kStates, answers.desync.cause, &StateOfCause::cause);
  if (found == kStates.end()) {
    return nullptr;
  }
  const Observation& state = answers.account_state.*(found->state);
  return state.holds == found->healthy ? &state : nullptr;
}

bool copies_are_needed_and_differ(const Answers& answers) {
  return answers.desync.verdict == SyncVerdict::kDesynced && uses_iwam(answers.copies);
}

// What was put inside IIS to see whether it works there, and still is.
void give_protection_back(RepairSteps& steps) {
  const Answers& answers = steps.answers;
  for (const ApplicationAnswer& one : answers.applications) {
    const auto names_it = [&](const Citation& citation) {
      return citation.path == one.citations.front().path;
    };
    const bool moved = one.protection == ApplicationAnswer::Protection::kLow &&
                       std::ranges::any_of(answers.findings, [&](const Finding& finding) {
                         return finding.id == "application_moved" &&
                                std::ranges::any_of(finding.citations, names_it);
                       });
    const bool plain = one.location.view().consists_of_words("/_-.");
    if (moved) {
      constexpr std::size_t kRoot = std::string_view{"/LM/"}.size();
      steps.script(say("adsutil.vbs set ",
                       plain ? say(one.location.view().without_prefix(kRoot)) : say("<its path>"),
                       "/appisolated 2"),
                   say("Give ", one.location, " its medium protection back."),
                   say("Inside inetinfo.exe its pages may act as SYSTEM."));
    }
  }
}

// Whatever is mended before that is mended for whoever came in.
void tell_to_secure_the_server(const CompromiseAnswer& compromise, RepairSteps& steps) {
  if (compromise.verdict > CompromiseVerdict::kSuspected) {
    return;
  }
  steps.by_hand(
      say("First take the server off the network and keep an image of its disks; then build "
          "it anew, with new passwords for all: ",
          compromise.kind == "sql_server_attack" ? "sa, " : "", "administrators, services."),
      say("What is changed on it now is evidence lost, and nobody knows what else was "
          "changed. What else stands here is for a server that has to run until then."));
}

}  // namespace

void name_remediation(const Case& the_case, Answers& answers) {
  RepairSteps steps(the_case, answers);
  tell_to_secure_the_server(answers.compromise, steps);
  const bool differ = copies_are_needed_and_differ(answers);
  const bool over = answers.desync.recovered && !repair_of(answers.desync.cause);
  if (!differ && (!answers.failures.any() || over)) {
    answers.remediation = steps.take();
    return;
  }
  const std::string& cause = answers.desync.cause;
  std::string_view check;
  const auto mend = [&](std::string_view what) {
    if (const CauseRepair* repair = repair_of(what)) {
      repair->mend(steps);
      check = check.empty() ? repair->check : check;
    }
  };
  if (const Observation* mended = mended_since(answers)) {
    steps.by_hand(say("Restart IIS and look whether it still fails: ", mended->statement,
                      ", by the time of the copy."),
                  say("What the logs tell of is mended in the hives."));
    check = repair_of(cause)->check;
  } else {
    mend(cause);
  }
  const Cause* known = cause_of(cause);
  if (differ && (known == nullptr || !known->settles_passwords)) {
    mend("multiple_changes");
  }
  if (!check.empty()) {
    give_protection_back(steps);
    steps.by_hand(say(check), say("Whoever mends must see that it is mended."));
  }
  answers.remediation = steps.take();
}

}  // namespace iwamtrace
