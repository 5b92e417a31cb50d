// Records as the readers leave them to the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/event_record.h"
#include "parsers/catalog/catalog.h"

namespace iwamtrace {

// With these strings, and the names that the log itself gives them.
EventRecord record_of(EventSource source, std::uint16_t id, const std::vector<std::string>& strings,
                      const std::vector<std::string>& names = {});

// As many strings as the definition needs at least, with a SID where it looks for one.
std::vector<std::string> strings_for(const EventDefinition& definition);

}  // namespace iwamtrace
