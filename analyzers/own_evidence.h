// Which of a case's evidence is this server's. An archive may hold logs and hives of several
// machines, older copies of one hive, and the same file twice.
#pragma once

#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// The account of that name and COM+'s secret, both of one machine where it can be told: opened by
// one boot key or, where no key tells, with one machine SID. Among several the one that could be
// opened, then the one that was written last.
struct OwnHives {
  const Account* account = nullptr;
  const Secret* secret = nullptr;
  bool several_accounts = false, several_secrets = false;  // there were others to choose from
  bool secret_of_another_machine = false;  // the case has one, but not of the account's machine
};
OwnHives own_hives(const Case& the_case, UntrustedView account_name);

// Events of this server's own logs, by time. Left out, and listed in `answers.left_out`: logs whose
// newest record names another computer (where the host's own name is known), logs that the case has
// twice, and records that a log cannot have, such as one of Security in an Application log.
void take_own_events(const Case& the_case, Answers& answers);

// Nothing of the file is used: it is another computer's, or in the case twice.
bool is_left_out(const Answers& answers, SourceId source);

}  // namespace iwamtrace
