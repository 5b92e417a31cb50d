// SOFTWARE: the versions of Windows and IIS, who may launch the pooled applications as whom, what
// starts by itself, and the instances of SQL Server.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

bool is_software_hive(const HiveKey& root);

void read_software_hive(const Hive& hive, EvidenceSink& sink);

}  // namespace iwamtrace
