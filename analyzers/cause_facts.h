// What the evidence says for and against each cause. The ids are the contract's.
#pragma once

#include <vector>

#include "analyzers/cause_evidence.h"

namespace iwamtrace {

Hypothesis sam_changed_alone(const CauseEvidence& evidence);
Hypothesis com_plus_changed_alone(const CauseEvidence& evidence);
Hypothesis metabase_changed_alone(const CauseEvidence& evidence);
Hypothesis multiple_changes(const CauseEvidence& evidence);
// The causes that Windows itself names by the Win32 code of a DCOM 10004.
std::vector<Hypothesis> causes_by_logon_error(const CauseEvidence& evidence);
std::vector<Hypothesis> causes_around_the_account(const CauseEvidence& evidence);
std::vector<Hypothesis> causes_by_identity(const CauseEvidence& evidence);

}  // namespace iwamtrace
