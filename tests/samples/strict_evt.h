// Reads the ring of a .evt byte by byte and fails the test on anything that is not as it should be.
// Written apart from the writer and from the product's reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

struct StrictEvtRecord {
  std::uint32_t offset = 0;
  std::uint32_t number = 0;
  std::string bytes;  // in one piece
};

struct StrictEvtLog {
  std::vector<StrictEvtRecord> records;
  std::uint32_t end = 0;      // where the end-of-file record stands
  std::uint32_t skipped = 0;  // bytes of filling at the end of the file
};

// From the record at `start` to the end-of-file record.
StrictEvtLog follow_evt(std::string_view file, std::uint32_t start);

std::uint32_t evt_u32(std::string_view bytes, std::size_t at);
// UTF-16 text up to its NUL, as UTF-8.
std::string evt_text(std::string_view record, std::size_t at);

}  // namespace iwamtrace
