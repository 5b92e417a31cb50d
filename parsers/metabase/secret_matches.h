// Whether the LSA secret of COM+ is the password that a metabase holds. A known password is tested
// by what it makes of the other properties: a single wrong character spoils a single byte of them,
// so every byte must fit.
#pragma once

#include <span>

#include "parsers/key_ring.h"
#include "parsers/metabase/key_groups.h"

namespace iwamtrace {

// Fills `password_matches` of each file that has WAMUserPass, and gives the groups the streams that
// follow from a match.
void match_secrets(std::span<SealedFile> files, const KeyRing& keys, KeyGroups& groups);

// The same by the MD5 that a signature is of; settles what the stream left open.
void match_secrets_by_digest(SealedFile& file, const KeyRing& keys, const Key16& digest);

}  // namespace iwamtrace
