// SYSTEM: the boot key, who, when and where this machine is, and what its services are.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/key_ring.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// The root has Select and at least one ControlSetNNN.
bool is_system_hive(const HiveKey& root);

// Yields host facts, what services_key and autostart_keys read, and adds the boot key, where there
// is one, to the ring.
void read_system_hive(const Hive& hive, KeyRing& keys, EvidenceSink& sink);

}  // namespace iwamtrace
