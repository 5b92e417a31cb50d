// SYSTEM: the boot key, and who, when and where this machine is.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/key_ring.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// The root has Select and at least one ControlSetNNN.
bool is_system_hive(const HiveKey& root);

// Yields host facts and services; adds the boot key, where there is one, to the ring.
void read_system_hive(const Hive& hive, KeyRing& keys, EvidenceSink& sink);

}  // namespace iwamtrace
