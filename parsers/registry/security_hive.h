// SECURITY: LSA's secrets, account rights, audit policy and the names of domains.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"
#include "parsers/registry/key_ring.h"

namespace iwamtrace {

bool is_security_hive(const HiveKey& root);

void read_security_hive(const Hive& hive, const KeyRing& keys, bool reveal, EvidenceSink& sink);

}  // namespace iwamtrace
