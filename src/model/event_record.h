// One event record, from any log. All its text lies in one buffer, and a cleared record keeps that
// buffer: reading a million records through one EventRecord allocates for the largest only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/citation.h"
#include "model/event_key.h"
#include "model/sid.h"
#include "model/timestamp.h"
#include "model/untrusted.h"

namespace iwamtrace {

enum class Origin : std::uint8_t { kAllocated, kRecovered, kCarved };
inline constexpr std::size_t kOrigins = 3;
std::string_view name_of(Origin origin);

enum class Level : std::uint8_t {
  kCritical,
  kError,
  kWarning,
  kInformation,
  kVerbose,
  kAuditSuccess,
  kAuditFailure,
};
inline constexpr std::size_t kLevels = 7;
std::string_view name_of(Level level);

class EventRecord {
 public:
  // A piece of text within the record's buffer.
  struct Piece {
    std::uint32_t at = 0, size = 0;
  };
  enum class FieldKind : std::uint8_t {
    kString,  // one of the event's strings, in order
    kData,    // its binary data
    kOther,   // of the record, but not of the event: how a forwarder rendered it, for one
  };
  struct Field {
    Piece name;   // empty when neither the log nor the catalogue names it
    Piece value;  // text; for kData hexadecimal digits
    FieldKind kind = FieldKind::kString;
  };

  EventHead head;
  Origin origin = Origin::kAllocated;
  std::optional<std::uint16_t> qualifiers;  // the high half of an NT5 event id
  std::optional<Level> level;
  std::optional<Timestamp> written;     // .evt: time written; .evtx: the record header's
  std::optional<Sid> user;              // of the record's header, not of its strings
  std::optional<std::uint16_t> nt6_id;  // of its twin, for records of NT5
  std::vector<std::uint64_t> copies;    // further offsets of the same bytes

  // NT6 only.
  std::optional<std::uint64_t> keywords;
  std::optional<std::uint8_t> version, opcode;
  std::optional<std::uint16_t> task;
  std::optional<std::uint32_t> process_id, thread_id;

  [[nodiscard]] UntrustedView source() const { return text(source_); }
  [[nodiscard]] UntrustedView computer() const { return text(computer_); }
  [[nodiscard]] UntrustedView log() const { return text(log_); }  // the channel

  [[nodiscard]] std::span<const Field> fields() const { return fields_; }
  [[nodiscard]] UntrustedView name(const Field& field) const { return text(field.name); }
  [[nodiscard]] UntrustedView value(const Field& field) const { return text(field.value); }

  // The value of the first field of that name; empty when the record has none.
  [[nodiscard]] UntrustedView field(std::string_view name) const;
  [[nodiscard]] std::size_t string_count() const;
  [[nodiscard]] Citation where() const { return {head.source, head.offset, head.record, {}}; }

  // Forgets everything but the buffers.
  void clear();

  // ---- for parsers and the wire -------------------------------------------------------------
  // Room for `size` more bytes; what was really written is then taken over by `commit`.
  char* reserve(std::size_t size);
  Piece commit(const char* end);
  Piece add_text(std::string_view utf8);
  Piece add_utf16(Bytes utf16le);
  void set_source(Piece piece) { source_ = piece; }
  void set_computer(Piece piece) { computer_ = piece; }
  void set_log(Piece piece) { log_ = piece; }
  void add_field(Piece name, Piece value, FieldKind kind = FieldKind::kString) {
    fields_.push_back(Field{name, value, kind});
  }
  void rename(std::size_t field, Piece name) { fields_[field].name = name; }

 private:
  [[nodiscard]] UntrustedView text(Piece piece) const {
    return UntrustedView{std::string_view{text_.get(), used_}.substr(piece.at, piece.size)};
  }

  // Not a std::string: room that is about to be overwritten need not be zeroed first.
  struct Buffer {
    std::unique_ptr<char[]> bytes;
    std::size_t capacity = 0;

    Buffer() = default;
    Buffer(Buffer&&) noexcept = default;
    Buffer& operator=(Buffer&&) noexcept = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() = default;
    [[nodiscard]] const char* get() const { return bytes.get(); }
  };

  Buffer text_;
  std::size_t used_ = 0;
  Piece source_, computer_, log_;
  std::vector<Field> fields_;

  friend EventRecord copy_of(const EventRecord& record);
};

// A copy that holds no more memory than its text needs.
EventRecord copy_of(const EventRecord& record);

}  // namespace iwamtrace
