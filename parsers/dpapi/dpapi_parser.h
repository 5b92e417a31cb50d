// The key chain of a server's own secrets: DPAPI_SYSTEM opens master keys, these open RSA
// containers. The formats: FORMAT.md beside this file.
#pragma once

#include "parsers/parser.h"

namespace iwamtrace {

bool recognises_master_key(Bytes first_bytes);
void read_master_keys(std::span<const OpenSource> sources, const ReadOptions& options,
                      KeyRing& keys, EvidenceSink& sink);

bool recognises_rsa_container(Bytes first_bytes);
void read_rsa_containers(std::span<const OpenSource> sources, const ReadOptions& options,
                         KeyRing& keys, EvidenceSink& sink);

}  // namespace iwamtrace
