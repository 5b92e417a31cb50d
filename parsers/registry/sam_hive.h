// SAM: the accounts of this machine, their passwords' fingerprints, local groups and policy.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/key_ring.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

bool is_sam_hive(const HiveKey& root);

void read_sam_hive(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink);

}  // namespace iwamtrace
