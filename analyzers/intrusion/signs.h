// How analyzers state what may be a sign of an intrusion.
#pragma once

#include <string_view>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// A sign of the kind that techniques.h knows under this id.
Sign sign_of(std::string_view finding, Severity severity, Untrusted title, Untrusted statement,
             std::vector<Citation> citations);

// That a record tells: with its time, and the session that it names. The act of a session without
// a logon is nobody's ordinary work.
Sign sign_of(std::string_view finding, Severity severity, Untrusted title, Untrusted statement,
             const HostAnswer& host, const EventRecord& record);

// Within so long after Windows was set up, accounts and services are made by the system itself.
bool is_of_the_setup(const Case& the_case, Timestamp time);

// In the group itself, by both of SAM's lists.
bool is_administrator(const AccountGrants& grants);

// The earliest and the latest of these, "on 2004-06-14 09:31:22 UTC", "from … to …".
Untrusted span_of(Timestamp first, Timestamp last);

}  // namespace iwamtrace
