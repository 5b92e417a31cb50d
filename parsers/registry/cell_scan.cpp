#include "parsers/registry/cell_scan.h"

#include <algorithm>
#include <tuple>

#include "parsers/registry/hive_layout.h"

namespace iwamtrace {

using namespace hive_layout;

namespace {

bool is_bin(Bytes hive, std::uint64_t at) {
  return hive.size() - at >= kBinHeaderSize && u32_at(hive, at, "bin") == kHbin;
}

// Where the bins end. A base block that is not what it should be is not asked: the bins name their
// own places.
std::uint64_t end_of_bins(Bytes hive, const BaseBlock& base) {
  if (!base.checksum_wrong) {
    return std::min<std::uint64_t>(hive.size(), base.announced());
  }
  std::uint64_t end = std::min<std::uint64_t>(hive.size(), kBaseBlockSize);
  for (std::uint64_t at = end; at < hive.size(); at += kBaseBlockSize) {
    if (is_bin(hive, at) && u32_at(hive, at + kBinOffset, "bin offset") == at - kBaseBlockSize) {
      end = at + u32_at(hive, at + kBinSize, "bin size");
    }
  }
  return std::min<std::uint64_t>(hive.size(), end);
}

// An offset as one cell names another.
bool may_be_cell(Bytes hive, std::uint32_t offset) {
  return offset % kCellAlignment == 0 && offset < hive.size();
}

// What a key or value that is taken for one without any list must satisfy. `size` is its cell's.
bool may_be_key(Bytes hive, std::uint64_t cell, std::uint64_t size) {
  if (size < kCellContent + kKeyName) {
    return false;
  }
  constexpr std::size_t kLongestName = 512;  // 256 characters
  const Bytes key = slice(hive, cell + kCellContent, size - kCellContent, "key");
  const std::uint16_t name = u16_at(key, kKeyNameLength, "key name length");
  const std::uint32_t values = u32_at(key, kKeyValueList, "list of values");
  const bool is_root = (u16_at(key, kKeyFlags, "key flags") & kKeyIsRoot) != 0;
  return u16_at(key, 0, "signature") == kKeySignature && name != 0 && name <= kLongestName &&
         name <= key.size() - kKeyName &&
         (is_root || may_be_cell(hive, u32_at(key, kKeyParent, "parent"))) &&
         (values == kNoCell || may_be_cell(hive, values));
}

bool may_be_value(Bytes hive, std::uint64_t cell, std::uint64_t size) {
  if (size < kCellContent + kValueName) {
    return false;
  }
  const Bytes value = slice(hive, cell + kCellContent, size - kCellContent, "value");
  const std::uint32_t length = u32_at(value, kValueDataLength, "data length");
  const bool data_fits = (length & kDataIsInline) != 0
                             ? (length & ~kDataIsInline) <= 4
                             : length == 0 || may_be_cell(hive, u32_at(value, kValueData, "data"));
  return u16_at(value, 0, "signature") == kValueSignature && data_fits &&
         u16_at(value, kValueFlags, "value flags") <= kValueNameIsLatin1 &&
         u16_at(value, kValueNameLength, "value name length") <= value.size() - kValueName;
}

class Scanning {
 public:
  Scanning(Bytes hive, const BaseBlock& base) : hive_(hive), end_(end_of_bins(hive, base)) {}

  CellScan run() {
    scan_.coverage.read = std::min(hive_.size(), kBaseBlockSize);
    for (std::uint64_t bin = kBaseBlockSize; bin < end_;) {
      bin = walk_bin(bin);
    }
    if (hive_.size() > end_ && end_ >= kBaseBlockSize) {
      scan_.coverage.slack += hive_.size() - end_;
      search_leftovers(end_, hive_.size());
    }
    std::ranges::sort(scan_.keys, {}, [](const FoundKey& key) {
      return std::tuple{key.parent, key.cell};
    });
    return std::move(scan_);
  }

 private:
  // Returns where the next one should begin.
  std::uint64_t walk_bin(std::uint64_t bin) {
    const std::uint64_t left = end_ - bin;
    const bool begins = left >= kBinHeaderSize && is_bin(hive_, bin);
    const std::uint64_t size = begins ? u32_at(hive_, bin + kBinSize, "bin size") : 0;
    if (size < kBaseBlockSize || size % kBaseBlockSize != 0 || size > left) {
      const std::uint64_t next = bin + std::min<std::uint64_t>(left, kBaseBlockSize);
      lose(bin, next, "no bin where one should begin");
      return next;
    }
    scan_.coverage.read += kBinHeaderSize;
    const std::uint64_t end = bin + size;
    for (std::uint64_t cell = bin + kBinHeaderSize; cell < end;) {
      const std::uint32_t raw = u32_at(hive_, cell, "cell size");
      const std::uint64_t length = cell_size(raw);
      if (length < kCellAlignment || length % kCellAlignment != 0 || length > end - cell) {
        lose(cell, end, "a cell of impossible size");
        break;
      }
      walk_cell(cell, length, is_used(raw));
      cell += length;
    }
    return end;
  }

  void walk_cell(std::uint64_t cell, std::uint64_t length, bool used) {
    if (!used) {
      scan_.coverage.slack += length;
      search_leftovers(cell, cell + length);
      return;
    }
    scan_.coverage.read += length;
    const bool has_key = length >= kCellContent + kKeyName &&
                         u16_at(hive_, cell + kCellContent, "cell signature") == kKeySignature;
    if (has_key) {  // as the chain of cells leads here, it need not look like one any more
      take_key(cell);
    }
  }

  void take_key(std::uint64_t cell) {
    const std::uint32_t parent = u32_at(hive_, cell + kCellContent + kKeyParent, "parent");
    scan_.keys.push_back(FoundKey{cell, kBaseBlockSize + std::uint64_t{parent}});
  }

  void lose(std::uint64_t from, std::uint64_t to, const char* what) {
    scan_.coverage.damaged += to - from;
    if (!scan_.damage.empty() && scan_.damage.back().offset + scan_.damage.back().length == from) {
      scan_.damage.back().length += to - from;
    } else {
      scan_.damage.push_back(Damage{{}, from, to - from, say(std::string_view{what}), true});
    }
    search(from, to, end_, [this](std::uint64_t cell, std::uint64_t length, bool used) {
      if (used && may_be_key(hive_, cell, length)) {
        take_key(cell);
      }
    });
  }

  // Cells that were freed one after the other have become one: there is no chain to follow.
  void search_leftovers(std::uint64_t from, std::uint64_t to) {
    search(from, to, to, [this](std::uint64_t cell, std::uint64_t length, bool /*used*/) {
      if (may_be_key(hive_, cell, length)) {
        scan_.left_keys.push_back(cell);
      } else if (may_be_value(hive_, cell, length)) {
        scan_.left_values.push_back(cell);
      }
    });
  }

  // Calls `found` wherever a key or value may begin. Where its cell does not end before `end`, its
  // size has been overwritten and the key or value may still be whole.
  template <typename Found>
  void search(std::uint64_t from, std::uint64_t to, std::uint64_t end, Found found) {
    for (std::uint64_t cell = from; cell + kCellContent + kValueName <= to;
         cell += kCellAlignment) {
      const std::uint16_t signature = u16_at(hive_, cell + kCellContent, "cell signature");
      if (signature != kKeySignature && signature != kValueSignature) {
        continue;
      }
      const std::uint32_t raw = u32_at(hive_, cell, "cell size");
      const std::uint64_t length = cell_size(raw);
      const bool sane = length % kCellAlignment == 0 && length <= end - cell;
      found(cell, sane ? length : to - cell, sane && is_used(raw));
    }
  }

  Bytes hive_;
  std::uint64_t end_;
  CellScan scan_;
};

}  // namespace

CellScan scan_cells(Bytes hive, const BaseBlock& base) { return Scanning(hive, base).run(); }

}  // namespace iwamtrace
