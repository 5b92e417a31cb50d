// What hivex does not tell of a hive, read at the offsets that it hands out: class names, security
// descriptors, names as they stand, where a value's bytes lie, and how the file is divided.
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
  [[nodiscard]] std::string key_name(std::uint64_t cell) const;  // UTF-8, embedded NULs kept
  [[nodiscard]] std::optional<Timestamp> last_written(std::uint64_t cell) const;
  [[nodiscard]] std::string class_name(std::uint64_t cell) const;
  [[nodiscard]] SecurityDescriptor security(std::uint64_t cell) const;

  // Values.
  [[nodiscard]] std::string value_name(std::uint64_t cell) const;
  [[nodiscard]] std::uint32_t value_type(std::uint64_t cell) const;
  // Of the value's first data byte; of data in several cells the list of those.
  [[nodiscard]] std::uint64_t data_offset(std::uint64_t cell) const;

 private:
  [[nodiscard]] Bytes content(std::uint64_t cell, std::uint16_t signature, const char* what) const;
  [[nodiscard]] Bytes cell_at(std::uint32_t offset, const char* what) const;

  Bytes hive_;
};

// What the base block says of the hive's state.
struct HiveState {
  bool transaction_log = false;
  bool dirty = false;  // Windows had changes in the transaction log that are not in the file
  bool checksum_wrong = false;
  std::uint64_t announced = 0;  // bytes that the file should have
  std::optional<Timestamp> last_written;
};
HiveState hive_state(Bytes hive);

// How the bytes are divided, and the number of key nodes in use, by walking the bins cell by cell.
struct HiveDivision {
  Coverage coverage;
  std::uint64_t keys = 0;
  std::vector<Damage> damage;  // without a source
};
HiveDivision divide_hive(Bytes hive);

}  // namespace iwamtrace
