// Windows' binary XML, as far as event records use it: the fields of an <Event>, taken from the
// substitution array through templates that are compiled once a chunk. Nothing is rendered that
// nobody asked for. The format: FORMAT.md beside this file.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event_record.h"
#include "parsers/cursor.h"
#include "parsers/evtx/binxml_value.h"

namespace iwamtrace {

struct InstanceHead;

// What a value of an event is for. The System element's fields are read at once, the others are
// rendered on demand.
enum class BinXmlTarget : std::uint8_t {
  kProvider,
  kEventSourceName,
  kEventId,
  kQualifiers,
  kVersion,
  kLevel,
  kTask,
  kOpcode,
  kKeywords,
  kTimeCreated,
  kRecordId,
  kProcessId,
  kThreadId,
  kChannel,
  kComputer,
  kUser,
  kSystemEnd,  // ---- behind here: payload
  kData,       // a field of EventData or UserData
  kBinary,     // the EventData/Binary element
  kOther,      // of the event's other parts (RenderingInfo, ProcessingErrorData …)
  kNested,     // a fragment of its own
  kIgnored,
};
inline constexpr std::size_t kSystemTargets = static_cast<std::size_t>(BinXmlTarget::kSystemEnd);

class BinXmlReader {
 public:
  // Forgets the templates of the chunk before. The bytes must live until the next call.
  void begin_chunk(Bytes chunk);

  // Reads the System fields of the record whose binary XML stands at [begin, end) of the chunk.
  // Throws ParseError with chunk offsets.
  void read(std::size_t begin, std::size_t end);

  // Of the record read last; null values where the record has none.
  [[nodiscard]] const BinXmlValue& system(BinXmlTarget target) const {
    return system_[static_cast<std::size_t>(target)];
  }
  [[nodiscard]] std::optional<std::uint64_t> number(BinXmlTarget target) const;
  [[nodiscard]] std::optional<Timestamp> time_created() const;
  [[nodiscard]] std::optional<Sid> user() const;
  // UTF-16LE; empty where the value is no text.
  [[nodiscard]] Bytes text(BinXmlTarget target) const;

  // Adds the payload of the record read last as fields, in document order; without a record it only
  // checks that this could be done. Throws ParseError.
  void render(EventRecord* record);

  // Whether every name in the templates of the record rendered last agrees with its hash. One that
  // does not has been overwritten since.
  [[nodiscard]] bool names_hold() const { return names_hold_; }

 private:
  // Where an element stands decides what its values are for.
  enum class Place : std::uint8_t {
    kDocument,
    kEvent,
    kSystem,
    kSystemField,
    kEventData,
    kUserData,
    kUserRoot,
    kField,
  };

  struct Piece {
    enum class Kind : std::uint8_t {
      kLiteral,
      kSubstitution,
      kFragment,  // a substitution whose value is binary XML
      kInstance,  // a template instance within the fragment
    };
    Kind kind{};
    std::uint16_t index = 0;  // of the substitution
    BinXmlValue literal;      // text in the chunk, or the bytes of the instance
  };
  struct Span {
    std::uint32_t first = 0, count = 0;
  };
  struct Slot {
    BinXmlTarget target{};
    Place place{};     // of a nested fragment's root
    Span name;         // in the template's names
    Span name_pieces;  // where the name itself is a value
    Span pieces;
  };
  // A template's values in document order, without the XML around them.
  struct Template {
    std::vector<Slot> slots;
    std::vector<Piece> pieces;
    std::string names;
    std::uint32_t id = 0;
    bool names_hold = true;

    void clear();
  };
  struct CacheEntry {
    std::uint64_t key = 0;  // generation, offset of the definition, place; 0 is none
    std::uint32_t index = 0;
  };
  struct Instance {  // a template with its substitution values
    const Template* program = nullptr;
    Span values;
  };
  class Compiler;

  Instance open_fragment(std::size_t begin, std::size_t end, Place place, unsigned depth);
  Instance open_instance(Cursor& cursor, Place place);
  const Template& compiled(const InstanceHead& head, Place place);
  [[nodiscard]] BinXmlValue value_of(const Piece& piece, const Instance& instance) const;
  void take_system(const Slot& slot, const Instance& instance);
  void render(const Instance& instance, unsigned depth, EventRecord* record);
  void render_field(const Slot& slot, const Instance& instance, EventRecord& record) const;
  void render_nested(const Slot& slot, const Instance& instance, unsigned depth,
                     EventRecord* record);

  Bytes chunk_;
  std::uint64_t generation_ = 0;
  std::vector<CacheEntry> cache_;
  std::deque<Template> templates_;  // reused from chunk to chunk
  std::size_t templates_used_ = 0;
  std::deque<Template> literals_;    // of fragments without a template, one a depth
  std::vector<BinXmlValue> values_;  // substitution values, instance behind instance
  std::array<BinXmlValue, kSystemTargets> system_{};
  std::array<std::vector<std::byte>, kSystemTargets> joined_;  // of values that come in pieces
  Instance record_;
  bool names_hold_ = true;
};

}  // namespace iwamtrace
