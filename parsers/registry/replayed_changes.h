// What a hive says without and with its transaction logs, where the two differ.
#pragma once

#include <vector>

#include "model/artefact.h"

namespace iwamtrace {

// Of two readings of the hive. Accounts and groups are matched by RID, rights by SID, all else by
// name.
std::vector<ReplayedChange> changes_between(SourceId hive, const std::vector<Artefact>& before,
                                            const std::vector<Artefact>& after);

}  // namespace iwamtrace
