#include "make/evt_writer.h"

#include <algorithm>
#include <stdexcept>

#include "make/bytes.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kSignature = "LfLe";
constexpr std::uint32_t kHeaderSize = 0x30;
constexpr std::uint32_t kFixedSize = 0x38;  // of a record, before its first text
constexpr std::uint32_t kEndSize = 0x28;
constexpr std::string_view kSkip{"\x27\0\0\0", 4};

std::uint64_t unix_seconds(Timestamp time) {
  return static_cast<std::uint64_t>((time - Timestamp::from_unix(0)) / Timestamp::kTicksPerSecond);
}

std::string record_bytes(const EvtEvent& event, std::uint32_t number) {
  ByteWriter texts;
  texts.utf16_z(event.source).utf16_z(event.computer);
  const std::size_t user_at = kFixedSize + texts.size();
  const std::string user = event.user ? sid_bytes(*event.user) : std::string{};
  texts.bytes(user);
  const std::size_t strings_at = kFixedSize + texts.size();
  for (const std::string& text : event.strings) {
    texts.utf16_z(text);
  }
  const std::size_t data_at = kFixedSize + texts.size();
  texts.bytes(event.data);
  // Windows pads by one to four bytes, never by none.
  texts.u8(0).pad_to(4);

  const std::size_t size = kFixedSize + texts.size() + 4;
  ByteWriter out;
  out.u32(size).bytes(kSignature).u32(number);
  out.u32(unix_seconds(event.time_generated));
  out.u32(unix_seconds(event.time_written.value_or(event.time_generated)));
  out.u32(event.event_id).u16(event.type).u16(event.strings.size()).u16(event.category);
  out.u16(0).u32(0);  // reserved flags, closing record number
  out.u32(strings_at).u32(user.size()).u32(user_at).u32(event.data.size()).u32(data_at);
  out.bytes(texts.view()).u32(size);
  return out.take();
}

}  // namespace

EvtWriter::EvtWriter(std::uint32_t max_size, std::uint32_t first_number) : max_size_(max_size) {
  if (max_size % 4 != 0 || max_size < kHeaderSize + kEndSize) {
    throw std::invalid_argument("no size for an event log: " + std::to_string(max_size));
  }
  image_.assign(std::min(max_size, kStep), '\0');
  clear(first_number);
}

EvtWriter& EvtWriter::record(const EvtEvent& event) {
  const std::string bytes = record_bytes(event, position_.next);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  make_room(size);

  for (std::uint32_t skipped = unusable_end(); skipped > 0; skipped -= 4) {
    put(position_.end, kSkip);
    follow(position_.end, 4);
  }
  live_.push_back(Live{.number = position_.next, .offset = position_.end, .size = size});
  put(position_.end, bytes);
  follow(position_.end, size);
  ++position_.next;
  put_end();
  return *this;
}

EvtWriter& EvtWriter::dirty() {
  stale_ = position_;
  stale_->flags |= kEvtDirty;
  return *this;
}

EvtWriter& EvtWriter::flags(std::uint32_t more) {
  position_.flags |= more;
  if (stale_) {
    stale_->flags |= more;
  }
  return *this;
}

EvtWriter& EvtWriter::clear(std::uint32_t first_number) {
  live_.clear();
  position_ = Position{.start = kHeaderSize, .end = kHeaderSize, .next = first_number};
  stale_.reset();
  put_end();
  return *this;
}

EvtWriter& EvtWriter::grow() {
  const bool moves = has_come_round();
  max_size_ = file_size() + kStep;
  if (!moves) {
    extend();
    return *this;
  }
  const std::uint32_t seam = position_.start;
  const std::string older = image_.substr(seam);
  image_.resize(max_size_, '\0');
  image_.replace(seam + kStep, older.size(), older);
  for (Live& each : live_) {
    if (each.offset >= seam) {
      each.offset += kStep;
    }
  }
  put_end();
  return *this;
}

EvtWriter& EvtWriter::cut(std::uint32_t bytes) {
  cut_ += bytes;
  return *this;
}

std::string EvtWriter::bytes() const {
  const Position& told = stale_.value_or(position_);
  ByteWriter header;
  header.u32(kHeaderSize).bytes(kSignature).u32(1).u32(1);
  header.u32(told.start).u32(told.end).u32(told.next).u32(told.oldest);
  header.u32(told.file_size).u32(told.flags).u32(0).u32(kHeaderSize);
  std::string file = image_;
  file.replace(0, kHeaderSize, header.view());
  file.resize(file.size() - std::min<std::size_t>(cut_, file.size()));
  return file;
}

const EvtWriter::Live& EvtWriter::live(std::uint32_t number) const {
  const auto found = std::ranges::find(live_, number, &Live::number);
  if (found == live_.end()) {
    throw std::out_of_range("no live record " + std::to_string(number));
  }
  return *found;
}

std::uint32_t EvtWriter::offset_of(std::uint32_t number) const { return live(number).offset; }
std::uint32_t EvtWriter::size_of(std::uint32_t number) const { return live(number).size; }
std::uint32_t EvtWriter::oldest_number() const { return position_.oldest; }

bool EvtWriter::has_come_round() const { return !live_.empty() && position_.start > position_.end; }

std::uint32_t EvtWriter::file_size() const { return static_cast<std::uint32_t>(image_.size()); }

// Bytes from the end of the newest record round to the oldest.
std::uint32_t EvtWriter::room() const {
  if (has_come_round()) {
    return position_.start - position_.end;
  }
  const std::uint32_t behind = file_size() - position_.end;
  return live_.empty() ? behind + position_.end - kHeaderSize
                       : behind + position_.start - kHeaderSize;
}

// A record never begins so near the end of the file that its fixed part would be torn.
std::uint32_t EvtWriter::unusable_end() const {
  const std::uint32_t left = file_size() - position_.end;
  return left < kFixedSize ? left : 0;
}

void EvtWriter::make_room(std::uint32_t record_size) {
  while (unusable_end() + record_size + kEndSize > room()) {
    if (file_size() < max_size_ && !has_come_round()) {
      extend();
    } else if (!live_.empty()) {
      live_.pop_front();
      position_.start = live_.empty() ? position_.end : live_.front().offset;
    } else {
      throw std::length_error("the record is larger than the log");
    }
  }
}

void EvtWriter::extend() {
  image_.resize(std::min(max_size_, file_size() + kStep), '\0');
  put_end();
}

void EvtWriter::follow(std::uint32_t& offset, std::uint32_t advance) const {
  offset += advance;
  if (offset >= file_size()) {
    offset -= file_size() - kHeaderSize;
  }
}

void EvtWriter::put(std::uint32_t at, std::string_view bytes) {
  const std::size_t before_the_end = std::min<std::size_t>(bytes.size(), image_.size() - at);
  image_.replace(at, before_the_end, bytes.substr(0, before_the_end));
  const std::string_view rest = bytes.substr(before_the_end);
  image_.replace(kHeaderSize, rest.size(), rest);
}

void EvtWriter::put_end() {
  position_.start = live_.empty() ? position_.end : live_.front().offset;
  position_.oldest = live_.empty() ? 0 : live_.front().number;
  position_.file_size = file_size();
  if (has_come_round()) {
    position_.flags |= kEvtWrapped;
  }
  ByteWriter out;
  out.u32(kEndSize).u32(0x11111111).u32(0x22222222).u32(0x33333333).u32(0x44444444);
  out.u32(position_.start).u32(position_.end).u32(position_.next).u32(position_.oldest);
  out.u32(kEndSize);
  put(position_.end, out.view());
}

}  // namespace iwamtrace
