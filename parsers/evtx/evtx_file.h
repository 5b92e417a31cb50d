// The structure of an .evtx file: chunks of 64 KiB, each with its records and what older ones left
// in its free space.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "parsers/cursor.h"
#include "parsers/record_slots.h"

namespace iwamtrace {

struct EvtxChunk {
  std::uint64_t offset = 0;
  Bytes bytes;                  // shorter than 64 KiB where the file is cut
  std::size_t records_end = 0;  // where the free space begins
};

// The record at `at` of the chunk, if one stands there whole.
std::optional<RecordSlot> evtx_slot_at(const EvtxChunk& chunk, std::size_t at);
// The first one at or behind it.
std::optional<RecordSlot> next_evtx_slot(const EvtxChunk& chunk, std::size_t at);

class EvtxFile {
 public:
  // Finds chunks and leftovers; walks no live record. Throws ParseError when this is no .evtx.
  explicit EvtxFile(Bytes file);

  [[nodiscard]] const std::vector<EvtxChunk>& chunks() const { return chunks_; }
  // Steps of 64 KiB that hold no chunk, wrong checksums, a cut or stale file header.
  [[nodiscard]] const std::vector<RecordGap>& gaps() const { return gaps_; }
  // Records in free space, by offset; what is there twice, or is live as well, is listed once.
  [[nodiscard]] const std::vector<RecordSlot>& leftovers() const { return leftovers_; }
  [[nodiscard]] const RecordCopies& copies() const { return copies_; }
  // The log was not closed: its header, and chunks that were in use, may be of an earlier moment.
  [[nodiscard]] bool is_open() const { return open_; }
  // Bytes of steps that are all zero: the log is allocated in advance.
  [[nodiscard]] std::uint64_t unused() const { return unused_; }

 private:
  void check_file_header();
  void add_chunk(std::uint64_t offset);
  void find_leftovers();
  Bytes file_;
  std::vector<EvtxChunk> chunks_;
  std::vector<RecordGap> gaps_;
  std::vector<RecordSlot> leftovers_;
  RecordCopies copies_;
  std::uint64_t unused_ = 0;
  bool open_ = false;
};

}  // namespace iwamtrace
