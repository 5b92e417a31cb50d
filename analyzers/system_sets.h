// Passwords that the system itself set. IIS does so when it starts: it gives its accounts the
// passwords of the metabase (the header of synciwam.vbs). Whether every start does is not known, so
// only an equal password tells that this one did.
#pragma once

#include "model/report.h"

namespace iwamtrace {

// The start of IIS, or of Windows where the log has none of IIS, within a minute of which the
// system set the password that SAM and metabase hold; null where it was not so.
const EventRecord* start_that_resynchronised(const Answers& answers, const EventRecord& set);

}  // namespace iwamtrace
