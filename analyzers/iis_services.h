// The services of IIS and beneath it, by their keys and by the names that English Windows shows.
#pragma once

#include <optional>

#include "model/event_record.h"
#include "model/report.h"

namespace iwamtrace {

// IISADMIN, W3SVC, or RpcSs, without which neither starts.
bool is_service_of_iis(UntrustedView name);
// RpcSs, DcomLaunch or EventSystem, as a service control manager's 7031 or 7034 names it.
bool is_crash_under_dcom(const EventRecord& record);
// "IIS Admin Service" or "World Wide Web Publishing Service" entered the state "running".
bool is_start_of_iis(const EventRecord& record);
// A service of IIS could not be started, because it is disabled or what it depends on did not
// start.
bool is_failed_start_of_iis(const EventRecord& record);

}  // namespace iwamtrace
