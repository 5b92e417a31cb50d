// What hivex does not tell of a hive, read at the offsets that it hands out: class names, security
// descriptors, names as they stand, where a value's bytes lie. Values and data as well, for hives
// that hivex refuses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/artefact.h"
#include "model/source.h"
#include "parsers/cursor.h"

namespace iwamtrace {

// All functions throw ParseError with file offsets. `cell` is the file offset of a cell's size.
class RawCells {
 public:
  explicit RawCells(Bytes hive) : hive_(hive) {}

  // Key nodes.
  [[nodiscard]] bool is_root(std::uint64_t cell) const;
  [[nodiscard]] std::uint64_t parent(std::uint64_t cell) const;
  [[nodiscard]] std::string key_name(std::uint64_t cell) const;  // UTF-8, embedded NULs kept
  [[nodiscard]] std::optional<Timestamp> last_written(std::uint64_t cell) const;
  [[nodiscard]] std::string class_name(std::uint64_t cell) const;
  [[nodiscard]] SecurityDescriptor security(std::uint64_t cell) const;

  [[nodiscard]] std::uint32_t number_of_subkeys(std::uint64_t cell) const;
  [[nodiscard]] std::uint32_t number_of_values(std::uint64_t cell) const;
  // The values of a key. `lost` are those of its list that are none.
  struct Values {
    std::vector<std::uint64_t> cells;
    std::uint64_t lost = 0;
  };
  [[nodiscard]] Values values(std::uint64_t key) const;
  // What stands behind the end of its list of values: such as were in it once.
  [[nodiscard]] std::vector<std::uint64_t> behind_values(std::uint64_t key) const;

  // Values.
  [[nodiscard]] std::string value_name(std::uint64_t cell) const;
  [[nodiscard]] std::uint32_t value_type(std::uint64_t cell) const;
  [[nodiscard]] std::uint32_t data_size(std::uint64_t cell) const;
  // Of the value's first data byte; of data in several cells the list of those.
  [[nodiscard]] std::uint64_t data_offset(std::uint64_t cell) const;
  [[nodiscard]] std::vector<std::byte> data(std::uint64_t cell) const;

 private:
  [[nodiscard]] Bytes content(std::uint64_t cell, std::uint16_t signature, const char* what) const;
  [[nodiscard]] Bytes cell_at(std::uint32_t offset, const char* what) const;
  [[nodiscard]] bool is_value(std::uint64_t cell) const;
  [[nodiscard]] std::vector<std::byte> data_in_segments(Bytes head, std::uint32_t size) const;

  Bytes hive_;
};

// A name as people see it: some of Windows' own end in a NUL.
inline std::string_view without_nuls(std::string_view name) {
  while (name.ends_with('\0')) {
    name.remove_suffix(1);
  }
  return name;
}

}  // namespace iwamtrace
