// What the question about the logs' integrity is answered from, one kind of trace a function.
#pragma once

#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Logs of this server that have records, without the copies of one that was listed before.
using OwnLogFiles = std::vector<const Source*>;

// Numbers that are missing, and numbers that begin anew.
void find_record_gaps(const OwnLogFiles& logs, std::vector<Finding>& findings);

// A log that was emptied: with a record that says so (the Security log's is told with the other
// findings), by what it left in free space, or because it began long after Windows did.
void find_log_clearings(const Case& the_case, const Answers& answers, const OwnLogFiles& logs,
                        std::vector<Finding>& findings);

// The service that writes the logs: that it was stopped while Windows ran, that an end of Windows
// is missing, that it lost events.
void find_service_breaks(const Answers& answers, const OwnLogFiles& logs,
                         std::vector<Finding>& findings);

}  // namespace iwamtrace
