// The key Services of SYSTEM: the services themselves, and what three of them keep in it: the
// settings of the classic logs, the folders that IIS publishes, the network's shares.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// `set` is the control set in use.
void read_services(const HiveKey& set, EvidenceSink& sink);

}  // namespace iwamtrace
