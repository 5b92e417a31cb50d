// Parts of the answer to "may the account log on and do its work?", in files of their own.
#pragma once

#include "analyzers/local_machine.h"
#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

Observation cannot_tell(Untrusted what);

// What DCOM and the registry let the account and SYSTEM do, and how the services start. `machine`
// and `grants` are the account's, null where it is in no SAM hive.
std::vector<AccessCheck> check_permissions(const Case& the_case, const LocalMachine* machine,
                                           const AccountGrants* grants);
std::vector<ServiceState> service_states(const Case& the_case);

// Whether the hives and the names are of one machine.
Observation sids_agree(const Case& the_case, const LocalMachine& machine);
Observation rights_are_ours(const Case& the_case, const LocalMachine& machine);
Observation named_after_computer(const Case& the_case, const Answers& answers);

}  // namespace iwamtrace
