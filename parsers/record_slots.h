// Where the records of a log stand, found by their headers alone; shared by both generations.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/text.h"

namespace iwamtrace {

// A place in the file that holds a whole record.
struct RecordSlot {
  std::uint64_t offset = 0;  // of its first byte
  std::uint32_t size = 0;
  std::uint64_t number = 0;
};

// A stretch that was announced as records and is none, or (`lost` false) a remark about one that
// could be read.
struct RecordGap {
  std::uint64_t offset = 0, length = 0;
  std::string what;
  bool lost = true;
};

// The same bytes at a second offset are one record seen twice: listed once, with the offsets of its
// copies.
class RecordCopies {
 public:
  void add(std::uint64_t listed, std::uint64_t copy) { pairs_.emplace_back(listed, copy); }
  [[nodiscard]] std::vector<std::uint64_t> of(std::uint64_t listed) const;  // after sort()
  [[nodiscard]] bool empty() const { return pairs_.empty(); }
  [[nodiscard]] std::size_t size() const { return pairs_.size(); }
  void sort();

 private:
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs_;
};

// Sorts out what free space holds: the first of each record by offset; the same bytes again become
// copies of it. The same number with other bytes is another record, for numbering restarts when a
// log is cleared.
std::vector<RecordSlot> without_copies(Bytes file, const std::vector<RecordSlot>& leftovers,
                                       RecordCopies& copies);

// The log's records that lie in one piece.
inline Bytes bytes_of(Bytes file, const RecordSlot& slot) {
  return file.subspan(slot.offset, slot.size);
}

}  // namespace iwamtrace
