// The steps of a repair, with this server's own names. A name of the evidence goes into a command
// only where it can do nothing there but name: else the command has a placeholder.
#pragma once

#include <string_view>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

class RepairSteps {
 public:
  RepairSteps(const Case& a_case, const Answers& given);

  const Case& the_case;
  const Answers& answers;

  void by_hand(Untrusted action, Untrusted why);
  void run(Untrusted command, Untrusted action, Untrusted why);

  // "net user …", in the account database that knows the account.
  void net_user(std::string_view arguments, Untrusted action, Untrusted why);
  // "cscript.exe C:\Inetpub\AdminScripts\…".
  void script(const Untrusted& script_and_arguments, Untrusted action, Untrusted why);

  // The three places, in the order in which they must be told, between stop and start of IIS.
  void renew_password();
  void metabase_password();
  void synchronise_com_plus();

  [[nodiscard]] const Untrusted& account() const { return account_; }  // as a command takes it
  [[nodiscard]] bool is_iis5() const { return answers.host.iis.view().starts_with("5"); }
  // `name`, or `instead` where a command could take it for more than a name.
  [[nodiscard]] static Untrusted in_command(UntrustedView name, std::string_view instead);

  [[nodiscard]] std::vector<RepairStep> take() { return std::move(steps_); }

 private:
  Untrusted account_, scripts_;
  std::vector<RepairStep> steps_;
};

// What mends one cause; nothing where nothing is known to.
using Repair = void (*)(RepairSteps& steps);
struct CauseRepair {
  std::string_view cause;
  Repair mend;
  std::string_view check;  // what tells that it helped
};
const CauseRepair* repair_of(std::string_view cause);

}  // namespace iwamtrace
