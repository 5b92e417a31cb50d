// SOFTWARE: the versions of Windows and IIS, and who may launch the pooled applications as whom.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

bool is_software_hive(const HiveKey& root);

void read_software_hive(const Hive& hive, EvidenceSink& sink);

}  // namespace iwamtrace
