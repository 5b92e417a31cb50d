#include "model/event_record.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace iwamtrace {

std::string_view name_of(Origin origin) {
  constexpr std::array<std::string_view, kOrigins> kNames{"allocated", "recovered", "carved"};
  return kNames.at(static_cast<std::size_t>(origin));
}

std::string_view name_of(Level level) {
  constexpr std::array<std::string_view, kLevels> kNames{
      "critical", "error", "warning", "information", "verbose", "audit_success", "audit_failure"};
  return kNames.at(static_cast<std::size_t>(level));
}

UntrustedView EventRecord::field(std::string_view name) const {
  const auto found =
      std::ranges::find_if(fields_, [&](const Field& field) { return text(field.name).is(name); });
  return found == fields_.end() ? UntrustedView{} : text(found->value);
}

std::size_t EventRecord::string_count() const {
  return static_cast<std::size_t>(std::ranges::count(fields_, FieldKind::kString, &Field::kind));
}

// Member by member: this runs for every record, and most of what a fresh record would bring along
// is the room of a SID that is not there.
void EventRecord::clear() {
  head = EventHead{};
  origin = Origin::kAllocated;
  qualifiers.reset();
  level.reset();
  written.reset();
  user.reset();
  nt6_id.reset();
  copies.clear();
  keywords.reset();
  version.reset();
  opcode.reset();
  task.reset();
  process_id.reset();
  thread_id.reset();
  used_ = 0;
  source_ = computer_ = log_ = Piece{};
  fields_.clear();
}

char* EventRecord::reserve(std::size_t size) {
  if (text_.capacity - used_ < size) {
    constexpr std::size_t kSmallest = 1024;
    const std::size_t capacity = std::max({kSmallest, text_.capacity * 2, used_ + size});
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    std::copy_n(text_.bytes.get(), used_, bytes.get());
    text_.bytes = std::move(bytes);
    text_.capacity = capacity;
  }
  return text_.bytes.get() + used_;
}

EventRecord::Piece EventRecord::commit(const char* end) {
  const auto size = static_cast<std::size_t>(end - (text_.bytes.get() + used_));
  const Piece piece{static_cast<std::uint32_t>(used_), static_cast<std::uint32_t>(size)};
  used_ += size;
  return piece;
}

EventRecord::Piece EventRecord::add_text(std::string_view utf8) {
  char* out = reserve(utf8.size());
  return commit(std::copy(utf8.begin(), utf8.end(), out));
}

EventRecord::Piece EventRecord::add_utf16(Bytes utf16le) {
  const std::size_t units = utf16le.size() / 2;
  return commit(utf16_to_utf8(utf16le.data(), units, reserve(units * kMaxUtf8PerUnit)));
}

EventRecord copy_of(const EventRecord& record) {
  EventRecord copy;
  copy.head = record.head;
  copy.origin = record.origin;
  copy.qualifiers = record.qualifiers;
  copy.level = record.level;
  copy.written = record.written;
  copy.user = record.user;
  copy.nt6_id = record.nt6_id;
  copy.copies = record.copies;
  copy.keywords = record.keywords;
  copy.version = record.version;
  copy.opcode = record.opcode;
  copy.task = record.task;
  copy.process_id = record.process_id;
  copy.thread_id = record.thread_id;
  copy.text_.bytes = std::make_unique_for_overwrite<char[]>(record.used_);
  copy.text_.capacity = copy.used_ = record.used_;
  std::copy_n(record.text_.get(), record.used_, copy.text_.bytes.get());
  copy.source_ = record.source_;
  copy.computer_ = record.computer_;
  copy.log_ = record.log_;
  copy.fields_ = record.fields_;
  return copy;
}

}  // namespace iwamtrace
