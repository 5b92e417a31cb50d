// One walk over a hive's bins, cell by cell: how its bytes divide, and where keys and values lie
// that no list leads to, in free space and in what is broken.
#pragma once

#include <cstdint>
#include <vector>

#include "model/source.h"
#include "parsers/registry/base_block.h"

namespace iwamtrace {

// File offsets of cells; the parent is where the key says it is.
struct FoundKey {
  std::uint64_t cell = 0, parent = 0;
};

struct CellScan {
  Coverage coverage;
  std::vector<Damage> damage;              // without a source
  std::vector<FoundKey> keys;              // in use, by parent, then cell
  std::vector<std::uint64_t> left_keys;    // in free cells and behind the bins, by offset
  std::vector<std::uint64_t> left_values;  // likewise
};
CellScan scan_cells(Bytes hive, const BaseBlock& base);

}  // namespace iwamtrace
