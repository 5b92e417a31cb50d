#include "strict_evt.h"

#include <gtest/gtest.h>

#include "model/text.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kHeader = 48, kEnd = 40;
constexpr std::size_t kManyRecords = 100'000;  // a ring that does not end is not followed for ever

// `size` bytes of the ring from `at` on.
std::string from_ring(std::string_view file, std::uint32_t at, std::uint32_t size) {
  std::string bytes(file.substr(at, size));
  bytes += file.substr(kHeader, size - bytes.size());
  return bytes;
}

}  // namespace

StrictEvtLog follow_evt(std::string_view file, std::uint32_t start) {
  StrictEvtLog log;
  std::uint32_t at = start;
  const auto file_size = static_cast<std::uint32_t>(file.size());
  while (log.records.size() < kManyRecords) {
    while (at + 4 <= file_size && evt_u32(file, at) == 0x27) {
      log.skipped += 4;
      at += 4;
    }
    at = at == file_size ? kHeader : at;
    const std::uint32_t size = evt_u32(file, at);
    const std::string record = from_ring(file, at, size);
    if (record.size() != size || size < kEnd || evt_u32(record, size - 4) != size) {
      ADD_FAILURE() << "no record at " << at;
      return log;
    }
    if (evt_u32(record, 4) == 0x11111111) {
      EXPECT_EQ(size, kEnd);
      log.end = at;
      return log;
    }
    EXPECT_EQ(record.substr(4, 4), "LfLe") << "at " << at;
    log.records.push_back(
        StrictEvtRecord{.offset = at, .number = evt_u32(record, 8), .bytes = record});
    at += size;
    at = at >= file_size ? at - file_size + kHeader : at;
  }
  ADD_FAILURE() << "the log has no end";
  return log;
}

std::uint32_t evt_u32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  }
  return value;
}

std::string evt_text(std::string_view record, std::size_t at) {
  std::size_t end = at;
  while (record.at(end) != 0 || record.at(end + 1) != 0) {
    end += 2;
  }
  return utf8_of(as_bytes(record.substr(at, end - at)));
}

}  // namespace iwamtrace
