#include "make/evtx_writer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "make/bytes.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kFileSignature{"ElfFile\0", 8};
constexpr std::string_view kChunkSignature{"ElfChnk\0", 8};
constexpr std::string_view kRecordSignature{"**\0\0", 4};
constexpr std::uint32_t kHeaderSize = 128;  // the part that means something
constexpr std::uint32_t kChunkHeaderSize = 512;
constexpr std::size_t kFreeField = 48, kRecordsSumField = 52;
constexpr std::size_t kFlagsField = 120, kHeaderSumField = 124;
constexpr std::uint32_t kDirty = 1, kFull = 2;
constexpr std::uint32_t kAlignment = 8;  // of records

std::string record_bytes(const EvtxEvent& event, std::uint64_t id, std::uint32_t offset,
                         BinXmlTables& tables) {
  ByteWriter out;
  out.bytes(kRecordSignature).u32(0).u64(id);
  out.u64(filetime_of(event.header_time.value_or(event.time)));
  const auto xml_at = static_cast<std::uint32_t>(offset + out.size());
  out.bytes(binxml_of(xml_of(event, id), event.form != EvtxForm::kNoTemplate, xml_at, tables));
  while ((out.size() + 4) % kAlignment != 0) {
    out.u8(0);
  }
  const std::size_t size = out.size() + 4;
  out.u32(size).patch_u32(4, size);
  return out.take();
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes.at(at + i))) << 8 * i;
  }
  return value;
}

std::string heads_of(const BinXmlTables& tables) {
  ByteWriter out;
  for (const std::uint32_t offset : tables.names.newest()) {
    out.u32(offset);
  }
  for (const std::uint32_t offset : tables.templates.newest()) {
    out.u32(offset);
  }
  return out.take();
}

void repair_chunk(ByteWriter& file, std::size_t at) {
  const std::string_view chunk = file.view().substr(at, EvtxWriter::kChunkSize);
  if (chunk.size() < kChunkHeaderSize || !chunk.starts_with(kChunkSignature)) {
    return;
  }
  const std::size_t end =
      std::clamp<std::size_t>(u32_at(chunk, kFreeField), kChunkHeaderSize, chunk.size());
  file.patch_u32(at + kRecordsSumField,
                 crc32_of(chunk.substr(kChunkHeaderSize, end - kChunkHeaderSize)));
  const std::uint32_t fields = crc32_of(chunk.substr(0, kFlagsField));
  file.patch_u32(at + kHeaderSumField,
                 crc32_of(chunk.substr(kHeaderSize, kChunkHeaderSize - kHeaderSize), fields));
}

}  // namespace

EvtxWriter::EvtxWriter(std::size_t max_chunks) : max_chunks_(max_chunks) {
  if (max_chunks == 0) {
    throw std::invalid_argument("an event log has a chunk");
  }
  chunks_.push_back(Chunk{.image = std::string(kChunkSize, '\0')});
}

EvtxWriter& EvtxWriter::record(const EvtxEvent& event) {
  const std::uint64_t id = event.record_id.value_or(next_id_);
  if (!add(event, id)) {
    next_chunk();
    if (!add(event, id)) {
      throw std::length_error("the record is larger than a chunk");
    }
  }
  next_id_ = id + 1;
  ++next_number_;
  return *this;
}

bool EvtxWriter::add(const EvtxEvent& event, std::uint64_t id) {
  Chunk& chunk = current();
  std::string bytes;
  try {
    bytes = record_bytes(event, id, chunk.free, tables_);
  } catch (const std::out_of_range&) {
    tables_.forget_from(chunk.free);
    throw std::length_error("a value or text is larger than BinXML can say");
  }
  // No chunk of Windows is full to its last byte, and libevtx would not find its last record.
  if (bytes.size() >= kChunkSize - chunk.free) {
    tables_.forget_from(chunk.free);
    return false;
  }
  const auto size = static_cast<std::uint32_t>(bytes.size());
  chunk.image.replace(chunk.free, size, bytes);
  const std::string heads = heads_of(tables_);
  chunk.image.replace(kHeaderSize, heads.size(), heads);
  places_[id] = Place{.chunk = current_, .offset = chunk.free, .size = size};
  if (chunk.last_record == 0) {
    chunk.first_number = next_number_;
    chunk.first_id = id;
  }
  chunk.last_number = next_number_;
  chunk.last_id = id;
  chunk.last_record = chunk.free;
  chunk.free += size;
  return true;
}

EvtxWriter& EvtxWriter::next_chunk() {
  tables_ = BinXmlTables{};
  if (chunks_.size() < max_chunks_) {
    current_ = chunks_.size();
    chunks_.push_back(Chunk{.image = std::string(kChunkSize, '\0')});
    return *this;
  }
  current_ = (current_ + 1) % chunks_.size();
  oldest_ = (current_ + 1) % chunks_.size();
  std::erase_if(places_, [this](const auto& entry) { return entry.second.chunk == current_; });
  Chunk& chunk = current();
  chunk.image.replace(0, kRecordsAt, std::string(kRecordsAt, '\0'));
  chunk = Chunk{.image = std::move(chunk.image),
                .first_number = next_number_,
                .left_behind = std::max(chunk.free, chunk.left_behind)};
  return *this;
}

std::size_t EvtxWriter::leave_behind(std::string_view bytes) {
  Chunk& chunk = current();
  const std::uint32_t at = std::max(chunk.free, chunk.left_behind);
  if (bytes.size() > kChunkSize - at) {
    throw std::length_error("the free space of the chunk is too small for what is to stay there");
  }
  chunk.image.replace(at, bytes.size(), bytes);
  const auto end = static_cast<std::uint32_t>(at + bytes.size() + kAlignment - 1);
  chunk.left_behind = end / kAlignment * kAlignment;
  return chunk_offset(current_) + at;
}

EvtxWriter& EvtxWriter::dirty() {
  stale_ = file_header();
  stale_->flags |= kDirty;
  return *this;
}

EvtxWriter& EvtxWriter::full() {
  flags_ |= kFull;
  if (stale_) {
    stale_->flags |= kFull;
  }
  return *this;
}

EvtxWriter& EvtxWriter::reserve(std::size_t chunks) {
  reserved_ = chunks;
  return *this;
}

EvtxWriter& EvtxWriter::cut(std::size_t bytes) {
  cut_ += bytes;
  return *this;
}

EvtxWriter::FileHeader EvtxWriter::file_header() const {
  return FileHeader{.first_chunk = oldest_,
                    .last_chunk = current_,
                    .chunks = chunks_.size(),
                    .next_id = next_id_,
                    .flags = flags_};
}

std::string EvtxWriter::bytes() const {
  const FileHeader told = stale_.value_or(file_header());
  ByteWriter out;
  out.bytes(kFileSignature).u64(told.first_chunk).u64(told.last_chunk).u64(told.next_id);
  out.u32(kHeaderSize).u16(1).u16(3).u16(kFileHeaderSize).u16(told.chunks);
  out.fill_to(kFlagsField).u32(told.flags);
  out.u32(crc32_of(out.view().substr(0, kFlagsField))).fill_to(kFileHeaderSize);

  for (const Chunk& chunk : chunks_) {
    const std::size_t at = out.size();
    out.bytes(kChunkSignature).u64(chunk.first_number).u64(chunk.last_number);
    out.u64(chunk.first_id).u64(chunk.last_id);
    out.u32(kHeaderSize).u32(chunk.last_record).u32(chunk.free);
    out.fill_to(at + kFlagsField).u32(1).u32(0);  // the flag all chunks of Windows bear
    out.bytes(std::string_view(chunk.image).substr(kHeaderSize));
    repair_chunk(out, at);
  }
  out.fill_to(chunk_offset(reserved_));
  std::string file = out.take();
  file.resize(file.size() - std::min(cut_, file.size()));
  return file;
}

const EvtxWriter::Place& EvtxWriter::place_of(std::uint64_t record_id) const {
  const auto found = places_.find(record_id);
  if (found == places_.end()) {
    throw std::out_of_range("no live record " + std::to_string(record_id));
  }
  return found->second;
}

std::size_t EvtxWriter::offset_of(std::uint64_t record_id) const {
  const Place& place = place_of(record_id);
  return chunk_offset(place.chunk) + place.offset;
}

std::string EvtxWriter::bytes_of(std::uint64_t record_id) const {
  const Place& place = place_of(record_id);
  return chunks_[place.chunk].image.substr(place.offset, place.size);
}

void repair_evtx_checksums(std::string& file) {
  ByteWriter out;
  out.bytes(file);
  if (file.size() >= kHeaderSize) {
    out.patch_u32(kHeaderSumField, crc32_of(out.view().substr(0, kFlagsField)));
  }
  for (std::size_t at = EvtxWriter::kFileHeaderSize; at < file.size();
       at += EvtxWriter::kChunkSize) {
    repair_chunk(out, at);
  }
  file = out.take();
}

}  // namespace iwamtrace
