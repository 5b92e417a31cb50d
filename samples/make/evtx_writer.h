// Writes event logs of Windows Vista and later (.evtx), after libyal's description of the format
// and [MS-EVEN6]: a header of 4 KiB and chunks of 64 KiB, each with its own names and templates.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "make/binxml_writer.h"
#include "make/evtx_event.h"

namespace iwamtrace {

class EvtxWriter {
 public:
  static constexpr std::size_t kFileHeaderSize = 0x1000;
  static constexpr std::size_t kChunkSize = 0x10000;

  // With `max_chunks` in use, the oldest chunk is written anew when the newest is full; 320 make
  // the 20 MiB that Windows allows by default.
  explicit EvtxWriter(std::size_t max_chunks = 320);

  // Throws std::length_error when no chunk can hold it.
  EvtxWriter& record(const EvtxEvent& event);
  // The next record begins a chunk. In a chunk used before, the bytes behind its new records stay
  // as they were: older records, some torn, some without the template they refer to.
  EvtxWriter& next_chunk();
  // Puts bytes into the free space of the current chunk, behind any left there before, until new
  // records reach them. Returns their offset in the file.
  std::size_t leave_behind(std::string_view bytes);

  // The service opens the log: the file header stays as it is now, but for the flag.
  EvtxWriter& dirty();
  EvtxWriter& full();
  EvtxWriter& reserve(std::size_t chunks);  // the file is at least so long, with zeros at its end
  EvtxWriter& cut(std::size_t bytes);       // the file lacks its last bytes

  [[nodiscard]] std::string bytes() const;
  // Of a live record, or std::out_of_range. Where an id was given twice, the later one.
  [[nodiscard]] std::size_t offset_of(std::uint64_t record_id) const;
  [[nodiscard]] std::string bytes_of(std::uint64_t record_id) const;
  [[nodiscard]] std::size_t chunk_count() const { return chunks_.size(); }
  static constexpr std::size_t chunk_offset(std::size_t index) {
    return kFileHeaderSize + index * kChunkSize;
  }

 private:
  static constexpr std::uint32_t kRecordsAt = 512;
  static constexpr std::uint64_t kNone = UINT64_MAX;

  struct Chunk {
    std::string image;
    // Records are numbered within the file; their ids are what the event says.
    std::uint64_t first_number = 1, last_number = kNone, first_id = kNone, last_id = kNone;
    std::uint32_t last_record = 0;
    std::uint32_t free = kRecordsAt;
    std::uint32_t left_behind = kRecordsAt;
  };
  struct Place {
    std::size_t chunk;
    std::uint32_t offset, size;
  };
  struct FileHeader {
    std::size_t first_chunk = 0, last_chunk = 0, chunks = 0;
    std::uint64_t next_id = 0;
    std::uint32_t flags = 0;
  };

  [[nodiscard]] Chunk& current() { return chunks_[current_]; }
  [[nodiscard]] const Place& place_of(std::uint64_t record_id) const;
  [[nodiscard]] FileHeader file_header() const;
  bool add(const EvtxEvent& event, std::uint64_t id);

  std::vector<Chunk> chunks_;
  BinXmlTables tables_;  // of the current chunk
  std::map<std::uint64_t, Place> places_;
  std::size_t current_ = 0, oldest_ = 0;
  std::size_t max_chunks_, reserved_ = 0, cut_ = 0;
  std::uint64_t next_number_ = 1, next_id_ = 1;
  std::uint32_t flags_ = 0;
  std::optional<FileHeader> stale_;
};

// Makes the checksums of the file header, of every chunk's header and of every chunk's records
// agree with their bytes again.
void repair_evtx_checksums(std::string& file);

}  // namespace iwamtrace
