// The first block of a hive, which its transaction logs copy: whose it is, how large, in what
// state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "model/timestamp.h"
#include "parsers/cursor.h"

namespace iwamtrace {

struct BaseBlock {
  bool signature_lost = false;
  bool checksum_wrong = false;
  std::uint32_t primary_sequence = 0, secondary_sequence = 0;
  std::uint64_t last_written = 0;  // FILETIME; Windows 10 may leave it 0
  std::uint32_t minor_version = 0;
  std::uint32_t file_type = 0;
  std::uint32_t root = 0;  // offset from the first bin
  std::uint32_t bins_size = 0;
  std::string file_name;  // UTF-8, the last 31 characters of its path
  std::optional<std::array<std::byte, 16>> resource_manager;  // of this hive alone, since Vista

  // Windows had not finished writing: there are changes in the transaction log.
  [[nodiscard]] bool dirty() const {
    return checksum_wrong || primary_sequence != secondary_sequence;
  }
  // Bytes that a hive's file should have.
  [[nodiscard]] std::uint64_t announced() const;
  [[nodiscard]] std::optional<Timestamp> written() const;
};

// Throws ParseError where there are less than 512 bytes.
BaseBlock read_base_block(Bytes file);

// Whether the two name the same hive, whatever its state.
bool same_hive(const BaseBlock& left, const BaseBlock& right);

// What replay and repair write into a hive's image; the checksum is made right again.
void write_base_block(std::span<std::byte> image, std::uint32_t sequence, std::uint32_t bins_size);
void repair_checksum(std::span<std::byte> image);

}  // namespace iwamtrace
