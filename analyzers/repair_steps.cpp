#include "analyzers/repair_steps.h"

#include <utility>

namespace iwamtrace {
namespace {

// IIS puts its scripts beside its first web site; where that was moved, nobody knows.
Untrusted folder_of_scripts(const Case& the_case) {
  constexpr std::string_view kSite = "wwwroot";
  const HostFact* root = nullptr;
  for (const HostFact& fact : the_case.all<HostFact>()) {
    if (fact.kind != HostFact::Kind::kWebRoot) {
      continue;
    }
    if (root != nullptr && !fact.value.is(root->value.view())) {
      root = nullptr;
      break;
    }
    root = &fact;
  }
  if (root != nullptr && root->value.view().consists_of_words(":\\_-.")) {
    const UntrustedView path = root->value.view();
    const auto parts = path.split(':');
    const bool usual = parts && parts->first.size() == 1 && path.size() > kSite.size() &&
                       path.without_prefix(path.size() - kSite.size()).is(kSite);
    if (usual) {
      return say(path.first(path.size() - kSite.size()), "AdminScripts");
    }
  }
  return say("<drive>:\\Inetpub\\AdminScripts");
}

}  // namespace

Untrusted RepairSteps::in_command(UntrustedView name, std::string_view instead) {
  constexpr std::size_t kLongest = 64;
  const bool harmless = !name.empty() && name.size() <= kLongest &&
                        name.consists_of_words("_-.$") && !name.starts_with("-");
  return harmless ? Untrusted(name) : say(instead);
}

RepairSteps::RepairSteps(const Case& a_case, const Answers& given)
    : the_case(a_case),
      answers(given),
      account_(in_command(given.iwam.user_name, "IWAM_<server>")),
      scripts_(folder_of_scripts(a_case)) {}

void RepairSteps::by_hand(Untrusted action, Untrusted why) {
  steps_.push_back(RepairStep{std::move(action), std::move(why), {}});
}

void RepairSteps::run(Untrusted command, Untrusted action, Untrusted why) {
  steps_.push_back(RepairStep{std::move(action), std::move(why), std::move(command)});
}

void RepairSteps::net_user(std::string_view arguments, Untrusted action, Untrusted why) {
  const bool domain = !answers.iwam.domain.empty();
  run(say("net user ", account_, " ", arguments, domain ? " /domain" : ""), std::move(action),
      std::move(why));
}

void RepairSteps::script(const Untrusted& script_and_arguments, Untrusted action, Untrusted why) {
  run(say("cscript.exe ", scripts_, "\\", script_and_arguments), std::move(action), std::move(why));
}

void RepairSteps::renew_password() {
  net_user("*", say("Set a new password of ", account_, "; it is asked for and not shown."),
           say("Nobody has to know the former one, and one who may have read it loses it."));
}

void RepairSteps::metabase_password() {
  script(say("adsutil.vbs set w3svc/wamuserpass \"<new password>\""),
         say("Give the metabase the same password."),
         say("IIS hands it on to COM+, and compares it when it starts."));
}

void RepairSteps::synchronise_com_plus() {
  script(say("synciwam.vbs -v"), say("Let COM+ take account and password over from the metabase."),
         say("All applications of medium and high protection get this account: note first which "
             "have another one."));
}

}  // namespace iwamtrace
