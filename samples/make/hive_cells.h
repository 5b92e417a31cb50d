// The space of a hive: bins of a multiple of 4 KiB, each a header and cells without a gap. Offsets
// are counted from the first bin, as the format does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/timestamp.h"

namespace iwamtrace {

class HiveCells {
 public:
  static constexpr std::uint32_t kBaseBlock = 0x1000;  // bytes of the file before the first bin
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;   // in place of an offset

  // `slack` fills what no data cover. `written` stands in the first bin.
  HiveCells(std::uint32_t bin_size, std::string_view slack, Timestamp written);

  // A new cell. Its content is as long as `content`, but for the rounding up to 8 bytes.
  std::uint32_t add(std::string_view content);
  // Overwrites the first bytes of a cell's content.
  void put(std::uint32_t cell, std::string_view content, std::size_t from = 0);
  // Frees the cell and leaves its content.
  void release(std::uint32_t cell);

  // All bins. Free cells that touch have become one, as Windows joins them.
  [[nodiscard]] std::string finished() const;

 private:
  struct Bin {
    std::uint32_t offset = 0, size = 0;
  };

  void open_bin(std::uint32_t for_cell);
  void close_bin();
  [[nodiscard]] std::uint32_t room() const;
  [[nodiscard]] std::string slack_of(std::uint32_t size) const;

  std::string image_;
  std::vector<Bin> bins_;
  std::vector<std::uint32_t> released_;
  std::uint32_t bin_size_;
  std::string slack_;
  Timestamp written_;
};

}  // namespace iwamtrace
