// The catalogue's tables, each sorted by source and id. Private to parsers/catalog.
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "parsers/catalog/catalog.h"

namespace iwamtrace {

std::span<const EventDefinition> security_events();
std::span<const EventDefinition> system_events();

// Strings beyond the named ones are no reason to refuse a record.
inline constexpr std::uint8_t kMore = 255;

constexpr bool in_order(std::span<const EventDefinition> table) {
  return std::ranges::is_sorted(table, {}, [](const EventDefinition& definition) {
    return std::pair{definition.source, definition.id};
  });
}

}  // namespace iwamtrace
