#include "tests/parsers/catalog_examples.h"

namespace iwamtrace {

using Strings = std::vector<std::string>;

EventRecord record_of(EventSource source, std::uint16_t id, const Strings& strings,
                      const Strings& names) {
  EventRecord record;
  record.head.event_id = id;
  record.head.key = event_key_of(source, id);
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const EventRecord::Piece name =
        i < names.size() ? record.add_text(names[i]) : EventRecord::Piece{};
    record.add_field(name, record.add_text(strings[i]));
  }
  return record;
}

Strings strings_for(const EventDefinition& definition) {
  Strings strings;
  for (std::size_t i = 0; i < definition.fewest; ++i) {
    strings.push_back("string " + std::to_string(i + 1));
  }
  if (definition.shape != Shape::kAny) {
    strings.at(static_cast<std::size_t>(definition.shape) - 1) = "%{S-1-5-21-1-2-3-1003}";
  }
  return strings;
}

}  // namespace iwamtrace
