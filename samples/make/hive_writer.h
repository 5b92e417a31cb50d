// Writes registry hives of Windows NT 4 to 10 ("regf" files), after msuhanov's "Windows registry
// file format specification": a base block of 4 KiB, then hive bins full of cells.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "make/made_hive.h"

namespace iwamtrace {

class HiveWriter {
 public:
  // Throws std::out_of_range or std::length_error for what the format cannot hold, and
  // std::invalid_argument for a root without a security descriptor, an empty slack, empty lists of
  // sub-keys or an odd size of bins.
  explicit HiveWriter(const MadeHive& hive);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  // Offsets in the file of the cell (its size field) of a key or a value, or std::out_of_range. The
  // root's path is empty. Of a live and a deleted key of one path the live one is meant.
  [[nodiscard]] std::uint32_t offset_of(std::string_view path) const;
  [[nodiscard]] std::uint32_t offset_of_value(std::string_view path, std::string_view name) const;

 private:
  std::string bytes_;
  std::map<std::string, std::uint32_t, std::less<>> keys_, values_;
};

// What stands at byte 508 of a base block, over the bytes before it.
std::uint32_t hive_check_sum(std::string_view base_block);

}  // namespace iwamtrace
