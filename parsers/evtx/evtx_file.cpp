#include "parsers/evtx/evtx_file.h"

#include <algorithm>
#include <cstring>
#include <libdeflate.h>

#include "parsers/evtx/evtx_layout.h"

namespace iwamtrace {

using namespace evtx_layout;

namespace {

std::uint32_t crc32(Bytes bytes, std::uint32_t seed = 0) {
  return libdeflate_crc32(seed, bytes.data(), bytes.size());
}

bool begins_with(Bytes bytes, std::string_view signature) {
  return bytes.size() >= signature.size() &&
         std::memcmp(bytes.data(), signature.data(), signature.size()) == 0;
}

bool all_zero(Bytes bytes) {
  return bytes.empty() || (bytes[0] == std::byte{} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// The live records by id; only logs with leftovers need them.
class LiveRecords {
 public:
  LiveRecords(Bytes file, const std::vector<EvtxChunk>& chunks) : file_(file) {
    for (const EvtxChunk& chunk : chunks) {
      for (std::size_t at = kChunkRecords; at < chunk.records_end;) {
        const auto slot = evtx_slot_at(chunk, at);
        if (!slot) {
          break;
        }
        slots_.push_back(*slot);
        at += slot->size;
      }
    }
    std::ranges::stable_sort(slots_, {}, &RecordSlot::number);
  }

  // The offset of the live record with the same id and bytes.
  [[nodiscard]] std::optional<std::uint64_t> twin_of(const RecordSlot& leftover) const {
    constexpr int kMostTries = 64;  // ids are unique in a log that nobody made up
    auto live = std::ranges::lower_bound(slots_, leftover.number, {}, &RecordSlot::number);
    for (int i = 0; i < kMostTries && live != slots_.end() && live->number == leftover.number;
         ++i, ++live) {
      if (std::ranges::equal(bytes_of(file_, *live), bytes_of(file_, leftover))) {
        return live->offset;
      }
    }
    return std::nullopt;
  }

 private:
  Bytes file_;
  std::vector<RecordSlot> slots_;
};

}  // namespace

std::optional<RecordSlot> evtx_slot_at(const EvtxChunk& chunk, std::size_t at) {
  const Bytes bytes = chunk.bytes;
  if (at + kSmallestRecord > bytes.size() || u32_at(bytes, at, "signature") != kRecordSignature) {
    return std::nullopt;
  }
  const std::uint32_t size = u32_at(bytes, at + 4, "record size");
  if (size < kSmallestRecord || size > bytes.size() - at ||
      u32_at(bytes, at + size - 4, "copy of the record size") != size) {
    return std::nullopt;
  }
  return RecordSlot{chunk.offset + at, size, u64_at(bytes, at + kRecordId, "record id")};
}

std::optional<RecordSlot> next_evtx_slot(const EvtxChunk& chunk, std::size_t at) {
  constexpr std::string_view kSignature{"**\0\0", 4};
  const std::string_view text{reinterpret_cast<const char*>(chunk.bytes.data()),
                              chunk.bytes.size()};
  for (at = text.find(kSignature, at); at != std::string_view::npos;
       at = text.find(kSignature, at + 1)) {
    if (const auto slot = evtx_slot_at(chunk, at)) {
      return slot;
    }
  }
  return std::nullopt;
}

EvtxFile::EvtxFile(Bytes file) : file_(file) {
  if (!begins_with(file_, kFileSignature)) {
    throw ParseError(0, "no .evtx signature");
  }
  check_file_header();
  for (std::uint64_t at = kFileHeaderSize; at < file_.size(); at += kChunkSize) {
    add_chunk(at);
  }
  find_leftovers();
}

void EvtxFile::check_file_header() {
  const Bytes header = file_.first(std::min(file_.size(), kFileHeaderSize));
  if (header.size() < kFileHeaderSize) {
    gaps_.push_back(RecordGap{header.size(), kFileHeaderSize - header.size(),
                              "the file is cut within its header"});
    return;
  }
  if (crc32(header.first(kFileHeaderChecked)) != u32_at(header, kFileCrc, "file header checksum")) {
    gaps_.push_back(RecordGap{0, kFileHeaderSize, "wrong checksum of the file header", false});
  }
  const std::uint64_t chunks = u16_at(header, kFileChunkCount, "chunk count");
  const std::uint64_t announced = kFileHeaderSize + chunks * kChunkSize;
  if (file_.size() < announced) {
    gaps_.push_back(RecordGap{file_.size(), announced - file_.size(),
                              "the file is cut: " + std::to_string(chunks) + " chunks announced"});
  }
  open_ = (u32_at(header, kFileFlags, "file flags") & kFlagDirty) != 0;
  if (open_) {
    gaps_.push_back(RecordGap{0, kFileHeaderSize,
                              "the log was not closed: its header may be older than its records",
                              false});
  }
}

void EvtxFile::add_chunk(std::uint64_t offset) {
  EvtxChunk chunk;
  chunk.offset = offset;
  chunk.bytes = file_.subspan(offset, std::min<std::uint64_t>(kChunkSize, file_.size() - offset));
  if (all_zero(chunk.bytes)) {
    unused_ += chunk.bytes.size();
    return;
  }
  const bool cut = chunk.bytes.size() < kChunkSize;
  chunk.records_end = chunk.bytes.size();
  const bool signed_chunk = begins_with(chunk.bytes, kChunkSignature);
  if (!signed_chunk && !evtx_slot_at(chunk, kChunkRecords)) {
    gaps_.push_back(RecordGap{offset, chunk.bytes.size(), "no chunk where one should begin"});
    return;
  }
  if (!signed_chunk) {
    gaps_.push_back(RecordGap{offset, kChunkRecords,
                              "a chunk without its signature; its records were read", false});
  } else if (chunk.bytes.size() >= kChunkRecords) {
    const std::uint32_t free = u32_at(chunk.bytes, kChunkFreeOffset, "free space offset");
    if (free >= kChunkRecords && free <= chunk.bytes.size()) {
      chunk.records_end = free;
    }
    const bool unchecked = (u32_at(chunk.bytes, kChunkFlags, "chunk flags") & kChunkFlagNoCrc) != 0;
    const std::uint32_t header_crc =
        crc32(chunk.bytes.subspan(kChunkHeaderSize, kChunkRecords - kChunkHeaderSize),
              crc32(chunk.bytes.first(kFileHeaderChecked)));
    if (!unchecked && header_crc != u32_at(chunk.bytes, kChunkCrc, "chunk checksum")) {
      gaps_.push_back(
          RecordGap{offset, kChunkRecords, "wrong checksum of a chunk's header", false});
    }
    const Bytes records = chunk.bytes.subspan(kChunkRecords, chunk.records_end - kChunkRecords);
    if (!unchecked && !cut &&
        crc32(records) != u32_at(chunk.bytes, kChunkRecordsCrc, "records checksum")) {
      gaps_.push_back(RecordGap{offset + kChunkRecords, records.size(),
                                "wrong checksum of a chunk's records", false});
    }
  }
  chunks_.push_back(chunk);
}

// Beyond the free offset stand records of the chunk's earlier life.
void EvtxFile::find_leftovers() {
  std::vector<RecordSlot> found;
  for (const EvtxChunk& chunk : chunks_) {
    std::size_t at = chunk.records_end;
    while (const auto slot = next_evtx_slot(chunk, at)) {
      found.push_back(*slot);
      at = slot->offset - chunk.offset + slot->size;
    }
  }
  if (found.empty()) {
    return;
  }
  const LiveRecords live(file_, chunks_);
  std::erase_if(found, [&](const RecordSlot& slot) {
    const auto twin = live.twin_of(slot);
    if (twin) {
      copies_.add(*twin, slot.offset);
    }
    return twin.has_value();
  });
  leftovers_ = without_copies(file_, found, copies_);
  copies_.sort();
}

}  // namespace iwamtrace
