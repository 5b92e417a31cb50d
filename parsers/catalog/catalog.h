// What an event is: (source, id, number of strings) -> the names of its strings and its NT6 twin.
// Facts: the Windows message files as documented in Microsoft's KB and in real logs; a definition
// is chosen by the shape of the record, never by a guess at the version of Windows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/event_key.h"
#include "model/event_record.h"

namespace iwamtrace {

// Beyond its number of strings, what a record must look like for a definition to fit. Needed where
// Windows versions of the same count differ in order.
enum class Shape : std::uint8_t {
  kAny,
  kSidSecond,  // string 2 is a SID, "%{S-1-…" or "S-1-…"
  kSidThird,
  kSidFourth,
};

struct EventDefinition {
  EventSource source{};
  std::uint16_t id = 0;      // as the record has it
  std::uint16_t nt6_id = 0;  // of the twin; equal to `id` where the event has none or is one
  std::uint8_t fewest = 0, most = 0;  // strings
  Shape shape = Shape::kAny;
  // Of the strings, in order; a record may have fewer or more. NT6 names wherever there are any.
  std::span<const std::string_view> names;
};

// All of them, by source, id and preference: the first that fits is used.
std::span<const EventDefinition> all_event_definitions();

// The writer behind a source or provider name: "Security", "SECURITY" and
// "Microsoft-Windows-Security-Auditing" are one. Case is ignored.
EventSource event_source_of(std::string_view name);

// The key under which analyzers ask for an event. Cheap: asked for every record of every log. An id
// that is not in the catalogue is its own key.
EventKey event_key_of(EventSource source, std::uint16_t id);

// The definition that fits the record's number of strings and their shape; nullptr where none does.
const EventDefinition* definition_of(const EventRecord& record);

// Names the record's strings and its twin. A name that the log itself gives ("TargetUserName") is
// kept; "param1", "param2" … and nameless strings take the catalogue's.
void name_fields(EventRecord& record);

}  // namespace iwamtrace
