// SAM: the accounts of this machine, their passwords' fingerprints, local groups and policy.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"
#include "parsers/registry/key_ring.h"

namespace iwamtrace {

bool is_sam_hive(const HiveKey& root);

void read_sam_hive(const Hive& hive, const KeyRing& keys, bool reveal, EvidenceSink& sink);

}  // namespace iwamtrace
