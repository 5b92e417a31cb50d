// The keys of a hive whose lists are broken: every key says which one it is below, and what a scan
// of the cells has found hangs together by that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/registry/cell_scan.h"
#include "parsers/registry/raw_cells.h"

namespace iwamtrace {

class SalvagedTree {
 public:
  // All of them must outlive it.
  SalvagedTree(const RawCells& cells, const CellScan& scan, const BaseBlock& base);

  // May be the place of a key that is lost.
  [[nodiscard]] std::uint64_t root() const { return root_; }
  // Whether a key is still there. What is below a lost one is not lost with it.
  [[nodiscard]] bool has(std::uint64_t cell) const;
  // By offset. No key is below two others, so walking down always ends.
  [[nodiscard]] std::vector<std::uint64_t> children(std::uint64_t cell) const;
  // A lost key of Windows' own that is recognised by the names below it, "\\SAM\\Domains".
  [[nodiscard]] std::optional<std::uint64_t> landmark(std::string_view path) const;
  // Keys that are lost while others below them are not, those among them that are recognised, and
  // the number of keys that hang below none of these.
  [[nodiscard]] std::size_t lost() const { return lost_.size(); }
  [[nodiscard]] std::size_t recognised() const { return landmarks_.size(); }
  [[nodiscard]] std::uint64_t adrift() const { return adrift_; }

 private:
  struct Landmark {
    std::string path;
    std::uint64_t cell = 0;
  };

  void find_root(const BaseBlock& base);
  void find_lost();
  void recognise(std::uint64_t cell);
  [[nodiscard]] std::optional<std::uint64_t> child(std::uint64_t cell, std::string_view name) const;

  const RawCells& cells_;
  const CellScan& scan_;
  std::vector<std::uint64_t> present_;  // sorted
  std::vector<std::uint64_t> lost_;     // sorted
  std::uint64_t root_ = 0;
  std::vector<Landmark> landmarks_;
  std::uint64_t adrift_ = 0;
};

}  // namespace iwamtrace
