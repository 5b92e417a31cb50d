// SECURITY: LSA's secrets, account rights, audit policy and the names of domains.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/key_ring.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

bool is_security_hive(const HiveKey& root);

void read_security_hive(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink);

}  // namespace iwamtrace
