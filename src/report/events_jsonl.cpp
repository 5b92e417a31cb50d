#include "report/events_jsonl.h"

#include <algorithm>
#include <span>
#include <vector>

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
}

// One value, or the list of them where there are several.
void put_values(const EventRecord& record, std::span<const Field* const> fields, JsonWriter& json) {
  if (fields.size() == 1) {
    json.value(record.value(*fields.front()));
    return;
  }
  json.array([&] {
    for (const Field* field : fields) {
      json.value(record.value(*field));
    }
  });
}

void put_data(const EventRecord& record, JsonWriter& json) {
  std::vector<const Field*> data;
  for (const Field& field : record.fields()) {
    if (field.kind == Kind::kData) {
      data.push_back(&field);
    }
  }
  if (!data.empty()) {
    json.key("data");
    put_values(record, data, json);
  }
}

// By name, in the order in which the names first occur. Sorted first: a record may repeat a name
// tens of thousands of times.
void put_fields(const EventRecord& record, JsonWriter& json) {
  std::vector<const Field*> named;
  for (const Field& field : record.fields()) {
    if (field.kind != Kind::kData && field.name.size != 0) {
      named.push_back(&field);
    }
  }
  if (named.empty()) {
    return;
  }
  const auto name_of_field = [&](const Field* field) { return record.name(*field); };
  std::ranges::stable_sort(named, {}, name_of_field);
  std::vector<std::span<const Field* const>> groups;
  for (std::size_t begin = 0; begin < named.size();) {
    std::size_t end = begin + 1;
    while (end < named.size() && name_of_field(named[end]) == name_of_field(named[begin])) {
      ++end;
    }
    groups.emplace_back(&named[begin], end - begin);
    begin = end;
  }
  std::ranges::sort(groups, {}, [](const auto& group) { return group.front(); });
  json.object("fields", [&] {
    for (const auto& group : groups) {
      json.key(name_of_field(group.front()));
      put_values(record, group, json);
    }
  });
}

}  // namespace

void append_jsonl(const EventRecord& record, UntrustedView message, JsonWriter& json) {
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
    put_data(record, json);
    put_fields(record, json);
    if (record.nt6_id) {
      json.object("nt6", [&] { json.member("event_id", *record.nt6_id); });
    }
    text_if_known("message", message, json);
    if (!record.copies.empty()) {
      json.array_of("copies", record.copies, [&](std::uint64_t offset) { json.value(offset); });
    }
  });
  json.end_line();
}

}  // namespace iwamtrace
