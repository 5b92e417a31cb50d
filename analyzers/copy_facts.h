// What the causes of the copies are weighed by alike.
#pragma once

#include <string>
#include <string_view>

#include "analyzers/cause_evidence.h"

namespace iwamtrace {

// Password changes within one piece of work: a person with three places to go to.
inline constexpr std::int64_t kSameWork = Timestamp::kTicksPerSecond * 15 * 60;

Hypothesis claim(std::string id, std::string_view words);

// That SAM or COM+ could not be compared.
void missing_copies(const CauseEvidence& evidence, Hypothesis& hypothesis);
// Hives of different days differ without any fault.
void add_copies_of_different_days(const CauseEvidence& evidence, Hypothesis& hypothesis);
// Where the account is younger than what COM+ knows of it nobody changed its password: the account
// that COM+ knows is gone. A rename dates the key of the name too, but keeps the history.
void add_young_account(const CauseEvidence& evidence, Hypothesis& hypothesis);

// Without a SAM the log alone tells that its password was set, after COM+ had got its own.
const EventRecord* set_that_no_sam_shows(const CauseEvidence& evidence);

}  // namespace iwamtrace
