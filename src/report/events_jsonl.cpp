#include "report/events_jsonl.h"

#include <algorithm>

namespace iwamtrace {
namespace {

using Field = EventRecord::Field;
using Kind = EventRecord::FieldKind;

template <typename Value>
void member_if_known(std::string_view name, const std::optional<Value>& value, JsonWriter& json) {
  if (value) {
    json.member(name, *value);
  }
}

void text_if_known(std::string_view name, UntrustedView text, JsonWriter& json) {
  if (!text.empty()) {
    json.member(name, text);
  }
}

void time_or_null(std::string_view name, std::optional<Timestamp> time, JsonWriter& json) {
  json.member(name, time && *time != Timestamp{} ? time : std::nullopt);
}

void put_strings(const EventRecord& record, JsonWriter& json) {
  json.array("strings", [&] {
    for (const Field& field : record.fields()) {
      if (field.kind == Kind::kString) {
        json.value(record.value(field));
      }
    }
  });
  for (const Field& field : record.fields()) {
    if (field.kind == Kind::kData) {
      json.member("data", record.value(field));
      break;
    }
  }
}

// By name; a name that occurs more than once has the list of its values.
void put_fields(const EventRecord& record, JsonWriter& json) {
  const std::span<const Field> fields = record.fields();
  const auto named = [&](const Field& field) {
    return field.kind != Kind::kData && field.name.size != 0;
  };
  if (std::ranges::none_of(fields, named)) {
    return;
  }
  json.object("fields", [&] {
    for (auto field = fields.begin(); field != fields.end(); ++field) {
      const auto same = [&](const Field& other) {
        return named(other) && record.name(other) == record.name(*field);
      };
      if (!named(*field) || std::any_of(fields.begin(), field, same)) {
        continue;
      }
      json.key(record.name(*field));
      if (std::none_of(field + 1, fields.end(), same)) {
        json.value(record.value(*field));
        continue;
      }
      json.array([&] {
        for (const Field& other : fields) {
          if (same(other)) {
            json.value(record.value(other));
          }
        }
      });
    }
  });
}

}  // namespace

void append_jsonl(const EventRecord& record, JsonWriter& json) {
  json.object([&] {
    json.member("evidence", static_cast<std::uint32_t>(record.head.source));
    json.member("offset", record.head.offset);
    member_if_known("record", record.head.record, json);
    json.member("origin", name_of(record.origin));
    time_or_null("time", record.head.time, json);
    time_or_null("written", record.written, json);
    text_if_known("log", record.log(), json);
    text_if_known("source", record.source(), json);
    json.member("event_id", record.head.event_id);
    member_if_known("qualifiers", record.qualifiers, json);
    if (record.level) {
      json.member("level", name_of(*record.level));
    }
    text_if_known("computer", record.computer(), json);
    if (record.user) {
      json.member("user_sid", to_string(*record.user));
    }
    put_strings(record, json);
    put_fields(record, json);
    if (record.nt6_id) {
      json.object("nt6", [&] { json.member("event_id", *record.nt6_id); });
    }
    if (!record.copies.empty()) {
      json.array_of("copies", record.copies, [&](std::uint64_t offset) { json.value(offset); });
    }
  });
  json.end_line();
}

}  // namespace iwamtrace
