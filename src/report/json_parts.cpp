#include "report/json_parts.h"

namespace iwamtrace {

void member_or_null(JsonWriter& json, std::string_view name, UntrustedView text) {
  if (text.empty()) {
    json.member(name, nullptr);
  } else {
    json.member(name, text);
  }
}

void put_fingerprint(JsonWriter& json, std::string_view name,
                     const std::optional<Fingerprint>& fingerprint) {
  json.member(name, fingerprint ? std::optional{to_string(*fingerprint)} : std::nullopt);
}

void put_citations(JsonWriter& json, const std::vector<Citation>& citations) {
  json.array_of("citations", citations, [&](const Citation& where) {
    json.object([&] {
      json.member("evidence", static_cast<std::uint32_t>(where.source));
      json.member("offset", where.offset);
      json.member("record", where.record);
      member_or_null(json, "path", where.path);
    });
  });
}

void put_sources(JsonWriter& json, const Case& the_case) {
  json.array_of("evidence", the_case.sources, [&](const Source& source) {
    json.object([&] {
      json.member("id", static_cast<std::uint32_t>(source.id));
      json.member("path", source.path);
      member_or_null(json, "sha256", UntrustedView{source.sha256});
      json.member("kind", name_of(source.kind));
      json.member("status", name_of(source.status));
    });
  });
}

}  // namespace iwamtrace
