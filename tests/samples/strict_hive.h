// Reads a hive cell by cell and fails the test on anything that is not as it should be: gaps or
// overlaps, free cells side by side, cells that nothing or two things point to, lists out of order,
// wrong counts. Written apart from the writer and from the product's reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

struct StrictValue {
  std::uint32_t offset = 0;  // of the cell, in the file
  std::string name;          // as stored: Latin-1 or UTF-16LE
  bool latin1 = true;
  std::uint32_t type = 0;
  std::string data{};
  bool in_pieces = false;
};

struct StrictKey {
  std::uint32_t offset = 0;
  std::string name;
  bool latin1 = true;
  std::uint64_t written = 0;
  std::string class_name{};  // UTF-16LE
  std::string security{};
  std::string list{};  // signatures of the lists of sub-keys: "lf", "ri lh lh" …
  std::vector<StrictValue> values{};
  std::vector<StrictKey> keys{};

  // Throw std::out_of_range; a path's parts stand between backslashes.
  [[nodiscard]] const StrictKey& at(std::string_view path) const;
  [[nodiscard]] const StrictValue& value(std::string_view value_name) const;
};

struct StrictHive {
  StrictKey root;
  std::vector<std::uint32_t> bin_sizes;
  std::uint32_t securities = 0;
  std::vector<std::string> free_cells;  // their content
};

StrictHive read_hive_strictly(std::string_view file);

}  // namespace iwamtrace
