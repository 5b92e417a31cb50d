// From an act to the session that it came from: the record of an act names an account and a logon
// id, and within one run of Windows the logon with that id tells when, how and from where.
#pragma once

#include <optional>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Whom the record of an act names (a password set, a changed account, a cleared log: any that has
// a subject), linked to its session where the logs show the link, and else with what they lack.
// Nothing where the record names nobody.
std::optional<Actor> actor_behind(const Case& the_case, const Answers& answers,
                                  const EventRecord& act);

}  // namespace iwamtrace
