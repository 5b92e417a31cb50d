#include "app/topics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "analyzers/explanations/explanations.h"
#include "model/codes.h"
#include "model/text.h"
#include "parsers/catalog/catalog.h"

namespace iwamtrace {
namespace {

using Kind = Explanation::Kind;

struct SourceName {
  EventSource source;
  std::string_view name, log;
};
constexpr std::array kSources{
    SourceName{EventSource::kDcom, "DCOM", "System"},
    SourceName{EventSource::kServiceControlManager, "SCM", "System"},
    SourceName{EventSource::kEventLog, "EventLog", "System"},
    SourceName{EventSource::kW3svc, "W3SVC", "System"},
    SourceName{EventSource::kWam, "WAM", "System"},
    SourceName{EventSource::kComPlus, "COM+", "Application"},
    SourceName{EventSource::kSecurity, "Security", "Security"},
    SourceName{EventSource::kSqlServer, "SQL", "Application"},
    SourceName{EventSource::kSqlAgent, "SQLAgent", "Application"},
    SourceName{EventSource::kUser32, "USER32", "System"},
    SourceName{EventSource::kDrWatson, "DrWatson", "Application"},
    SourceName{EventSource::kApplicationError, "AppError", "Application"},
    SourceName{EventSource::kServicePack, "NtServicePack", "System"},
};

// ---- events ----

std::optional<Explanation> event(const SourceName& source, std::uint16_t id) {
  const EventKey key = event_key_of(source.source, id);
  auto explanation = explain_event(source.name, id, key.id);
  if (!explanation) {
    return std::nullopt;
  }
  explanation->log = source.log;
  for (const EventDefinition& definition : event_definitions(source.source)) {
    if (definition.nt6_id == key.id && definition.id != id &&
        std::ranges::find(explanation->twins, definition.id) == explanation->twins.end()) {
      explanation->twins.push_back(definition.id);
    }
    std::vector<std::string> fields;
    for_each_name(definition,
                  [&](std::size_t, std::string_view name) { fields.emplace_back(name); });
    // Of several layouts the fullest: the others are parts of it.
    if (definition.id == id && fields.size() > explanation->fields.size()) {
      explanation->fields = fields;
    }
  }
  return explanation;
}

std::vector<Explanation> events_of_any_source(std::uint16_t id) {
  std::vector<Explanation> found;
  for (const SourceName& source : kSources) {
    const auto definitions = event_definitions(source.source);
    const bool known =
        std::ranges::find(definitions, id, &EventDefinition::id) != definitions.end();
    if (auto explanation = known ? event(source, id) : std::nullopt) {
      found.push_back(std::move(*explanation));
    }
  }
  return found;
}

// "DCOM/10004", "W3SVC 36", "Service Control Manager/7000".
std::vector<Explanation> event_by_name(std::string_view source, std::string_view digits) {
  std::uint16_t id = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), id);
  if (digits.empty() || error != std::errc{} || end != digits.end()) {
    return {};
  }
  const EventSource written_by = event_source_of(source);
  const auto found = std::ranges::find_if(kSources, [&](const SourceName& known) {
    return equal_ignoring_case(known.name, source) || known.source == written_by;
  });
  if (found == kSources.end()) {
    return {};
  }
  auto explanation = event(*found, id);
  return explanation ? std::vector{std::move(*explanation)} : std::vector<Explanation>{};
}

// ---- numbers ----

// How a number may be read. A code of eight hexadecimal digits is written without 0x too.
struct Readings {
  std::optional<std::uint32_t> decimal, hexadecimal;
};

std::optional<std::uint32_t> number(std::string_view digits, int base) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, base);
  const bool whole = !digits.empty() && error == std::errc{} && end == digits.end();
  // Scripts print HRESULTs as signed numbers.
  if (!whole || value < std::numeric_limits<std::int32_t>::min() ||
      value > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

Readings readings_of(std::string_view topic) {
  constexpr std::size_t kCodeDigits = 8;
  if (starts_ignoring_case(topic, "0x")) {
    const std::string_view digits = topic.substr(2);
    return {std::nullopt, digits.starts_with('-') ? std::nullopt : number(digits, 16)};
  }
  Readings readings{number(topic, 10), std::nullopt};
  if ((!readings.decimal || topic.size() == kCodeDigits) && !topic.starts_with('-')) {
    readings.hexadecimal = number(topic, 16);
  }
  return readings;
}

void add(Kind kind, std::uint32_t code, std::vector<Explanation>& found) {
  if (auto explanation = explain_code(kind, code)) {
    found.push_back(std::move(*explanation));
  }
}

// What a code wraps is told after it: 8007052E is Win32 error 1326.
void add_codes(std::uint32_t code, std::vector<Explanation>& found) {
  constexpr std::uint32_t kSmall = 0x10000;
  const std::uint32_t facility = code & kFacilityMask;
  add(Kind::kHresult, code, found);
  add(Kind::kNtStatus, code, found);
  if (code < kSmall || facility == kWin32Facility) {
    add(Kind::kWin32, code & ~kFacilityMask, found);
  }
  if (code < kSmall || facility == kScriptFacility) {
    add(Kind::kScriptError, code & ~kFacilityMask, found);
  }
}

std::vector<Explanation> meanings_of_number(const Readings& readings) {
  std::vector<Explanation> found;
  if (readings.decimal) {
    add_codes(*readings.decimal, found);
    add(Kind::kHttpStatus, *readings.decimal, found);
    if (*readings.decimal <= std::numeric_limits<std::uint16_t>::max()) {
      std::ranges::move(events_of_any_source(static_cast<std::uint16_t>(*readings.decimal)),
                        std::back_inserter(found));
    }
  }
  if (readings.hexadecimal) {
    add_codes(*readings.hexadecimal, found);
  }
  return found;
}

}  // namespace

std::vector<Explanation> meanings_of(std::string_view topic) {
  if (const std::size_t slash = topic.find_last_of("/ "); slash != std::string_view::npos) {
    return event_by_name(topic.substr(0, slash), topic.substr(slash + 1));
  }
  std::vector<Explanation> found = explain_id(topic);
  return found.empty() ? meanings_of_number(readings_of(topic)) : found;
}

}  // namespace iwamtrace
