// Keys and values that are left in a hive's free space: never mixed with those that are there.
#pragma once

#include "model/evidence_sink.h"
#include "parsers/registry/hive.h"

namespace iwamtrace {

// Of one kind, in one hive; more are counted only.
inline constexpr std::size_t kMostDeleted = 10'000;

// Tells those below accounts, secrets, rights, services and COM+ identities one by one, and of all
// the others how many there are.
void tell_deleted(const Hive& hive, SourceKind kind, EvidenceSink& sink);

}  // namespace iwamtrace
