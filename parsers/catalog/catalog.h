// What an event is: (source, id, number of strings) -> the names of its strings and its NT6 twin.
// Facts: Microsoft's message files as its KB articles and real logs show them. A definition is
// chosen by the shape of the record, never by a guess at the version of Windows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/event_key.h"
#include "model/event_record.h"

namespace iwamtrace {

// Beyond its number of strings, what a record must look like for a definition to fit. Needed where
// two layouts have the same number of strings.
enum class Shape : std::uint8_t {
  kAny,
  kSidFirst,  // string 1 is a SID, "%{S-1-…" or "S-1-…"
  kSidSecond,
  kSidThird,
  kSidFourth,
};

// Names of successive strings: "TargetUserName TargetDomainName"; "-" is a string without a name.
using Names = std::string_view;

struct EventDefinition {
  EventSource source{};
  std::uint16_t id = 0;               // as the record has it
  std::uint16_t nt6_id = 0;           // of the twin; equal to `id` where there is none or it is one
  std::uint8_t fewest = 0, most = 0;  // strings
  // One behind the other. NT6 names wherever there are any; strings beyond them have none.
  std::array<Names, 4> names{};
  Shape shape = Shape::kAny;
};

// Of one source, by id and preference: the first that fits is used.
std::span<const EventDefinition> event_definitions(EventSource source);

// The writer behind a source or provider name: "Security", "SECURITY" and
// "Microsoft-Windows-Security-Auditing" are one. Case is ignored.
EventSource event_source_of(std::string_view name);

// The key under which analyzers ask for an event. Cheap: asked for every record of every log. An id
// that is not in the catalogue is its own key.
EventKey event_key_of(EventSource source, std::uint16_t id);

// The definition that fits the record's number of strings and their shape; nullptr where none does.
const EventDefinition* definition_of(const EventRecord& record);

// Calls `visit(position, name)` for every string that the definition names, from 0.
template <typename Visit>
void for_each_name(const EventDefinition& definition, const Visit& visit) {
  std::size_t position = 0;
  for (Names names : definition.names) {
    while (!names.empty()) {
      const std::string_view name = names.substr(0, names.find(' '));
      names.remove_prefix(std::min(names.size(), name.size() + 1));
      if (name != "-") {
        visit(position, name);
      }
      ++position;
    }
  }
}

// Names the record's strings and its twin. A name that the log itself gives ("TargetUserName") is
// kept; "param1", "param2" … and nameless strings take the catalogue's.
void name_fields(EventRecord& record);

}  // namespace iwamtrace
