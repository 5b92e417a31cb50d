// The keys that one file of a case yields and another needs. Lives within the one worker that reads
// a case's hives and metabases together; no key ever leaves it.
#pragma once

#include <optional>
#include <vector>

#include "model/citation.h"
#include "parsers/crypto.h"

namespace iwamtrace {

struct BootKey {
  Key16 key;
  SourceId source{};  // the SYSTEM hive
};

struct KeyRing {
  std::vector<BootKey> boot_keys;
};

}  // namespace iwamtrace
