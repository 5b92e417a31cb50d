#include "parsers/catalog/catalog.h"

#include <algorithm>
#include <utility>

#include "parsers/catalog/tables.h"

namespace iwamtrace {
namespace {

using enum EventSource;

constexpr std::array kWriters{
    std::pair<std::string_view, EventSource>{"DCOM", kDcom},
    std::pair<std::string_view, EventSource>{"Microsoft-Windows-DistributedCOM", kDcom},
    std::pair<std::string_view, EventSource>{"Service Control Manager", kServiceControlManager},
    std::pair<std::string_view, EventSource>{"EventLog", kEventLog},
    std::pair<std::string_view, EventSource>{"Microsoft-Windows-Eventlog", kEventLog},
    std::pair<std::string_view, EventSource>{"W3SVC", kW3svc},
    std::pair<std::string_view, EventSource>{"WAM", kWam},
    std::pair<std::string_view, EventSource>{"COM+", kComPlus},
    std::pair<std::string_view, EventSource>{"Microsoft-Windows-Complus", kComPlus},
    std::pair<std::string_view, EventSource>{"Security", kSecurity},
    std::pair<std::string_view, EventSource>{"MSSQLSERVER", kSqlServer},
    std::pair<std::string_view, EventSource>{"SQLSERVERAGENT", kSqlAgent},
    std::pair<std::string_view, EventSource>{"USER32", kUser32},
    std::pair<std::string_view, EventSource>{"DrWatson", kDrWatson},
    std::pair<std::string_view, EventSource>{"Dr. Watson", kDrWatson},
    std::pair<std::string_view, EventSource>{"Application Error", kApplicationError},
    std::pair<std::string_view, EventSource>{"NtServicePack", kServicePack},
    std::pair<std::string_view, EventSource>{"Microsoft-Windows-Security-Auditing", kSecurity},
};

// Of a sorted table what has this source, or this id.
template <typename Key>
std::span<const EventDefinition> part_of(std::span<const EventDefinition> table, Key key,
                                         Key EventDefinition::*projection) {
  return {std::ranges::lower_bound(table, key, {}, projection),
          std::ranges::upper_bound(table, key, {}, projection)};
}

std::span<const EventDefinition> definitions_of(EventSource source, std::uint16_t id) {
  return part_of(event_definitions(source), id, &EventDefinition::id);
}

bool is_sid(UntrustedView text) { return text.starts_with("%{S-1-") || text.starts_with("S-1-"); }

bool fits(const EventDefinition& definition, const EventRecord& record) {
  const std::size_t strings = record.string_count();
  if (strings < definition.fewest || strings > definition.most) {
    return false;
  }
  if (definition.shape == Shape::kAny) {
    return true;
  }
  auto position = static_cast<std::size_t>(definition.shape) - 1;
  for (const EventRecord::Field& field : record.fields()) {
    if (field.kind == EventRecord::FieldKind::kString && position-- == 0) {
      return is_sid(record.value(field));
    }
  }
  return false;
}

// "param1", as the log names what a classic message calls %1.
bool says_nothing(UntrustedView name) { return name.empty() || name.starts_with("param"); }

}  // namespace

std::span<const EventDefinition> event_definitions(EventSource source) {
  return source == kSecurity ? security_events()
                             : part_of(system_events(), source, &EventDefinition::source);
}

EventSource event_source_of(std::string_view name) {
  const auto found = std::ranges::find_if(
      kWriters, [&](const auto& writer) { return equal_ignoring_case(writer.first, name); });
  if (found != kWriters.end()) {
    return found->second;
  }
  // Named instances of SQL Server.
  return starts_ignoring_case(name, "MSSQL$")      ? kSqlServer
         : starts_ignoring_case(name, "SQLAgent$") ? kSqlAgent
                                                   : kOther;
}

EventKey event_key_of(EventSource source, std::uint16_t id) {
  if (source == kOther) {
    return {source, id};
  }
  // On NT6 it is the event log service that tells of the cleared security log.
  if (source == kEventLog && id == events::kAuditLogCleared.id) {
    return events::kAuditLogCleared;
  }
  const std::span<const EventDefinition> found = definitions_of(source, id);
  return {source, found.empty() ? id : found.front().nt6_id};
}

const EventDefinition* definition_of(const EventRecord& record) {
  const auto definitions = definitions_of(record.head.key.source, record.head.event_id);
  const auto found = std::ranges::find_if(
      definitions, [&](const EventDefinition& definition) { return fits(definition, record); });
  return found == definitions.end() ? nullptr : &*found;
}

void name_fields(EventRecord& record) {
  if (record.head.key.source == kOther) {
    return;
  }
  if (record.head.key.id != record.head.event_id) {
    record.nt6_id = record.head.key.id;
  }
  const std::span<const EventRecord::Field> fields = record.fields();
  const auto nameless = [&](const EventRecord::Field& field) {
    return field.kind == EventRecord::FieldKind::kString && says_nothing(record.name(field));
  };
  if (std::ranges::none_of(fields, nameless)) {
    return;
  }
  const EventDefinition* definition = definition_of(record);
  if (definition == nullptr) {
    return;
  }
  std::size_t index = 0, string = 0;
  for_each_name(*definition, [&](std::size_t position, std::string_view name) {
    for (; index < record.fields().size(); ++index) {
      const EventRecord::Field& field = record.fields()[index];
      if (field.kind != EventRecord::FieldKind::kString || string++ != position) {
        continue;
      }
      if (says_nothing(record.name(field))) {
        record.rename(index, record.add_text(name));
      }
      ++index;
      return;
    }
  });
}

}  // namespace iwamtrace
