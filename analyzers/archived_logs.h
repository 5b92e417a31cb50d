// Logs that were saved before they were emptied.
#pragma once

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// A log of the case that ends within the hour before `clearing`, as whoever saves and then clears
// it leaves behind: what it held until its last record is not gone. Null where there is none.
const Source* archive_of(const Case& the_case, const Answers& answers, const EventRecord& clearing);

}  // namespace iwamtrace
