// The instances of SQL Server in SOFTWARE: who may log on how, and which logons are written to the
// application log.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// Also those of a 32-bit SQL Server on a 64-bit Windows, below Wow6432Node.
void read_sql_servers(const HiveKey& root, EvidenceSink& sink);

}  // namespace iwamtrace
