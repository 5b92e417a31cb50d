#include "report/metabase_json.h"

#include "report/json_parts.h"

namespace iwamtrace {
namespace {

void put_version(JsonWriter& json, const MetabaseSnapshot& version, const Case& the_case) {
  const Source& source = the_case.source(version.where.source);
  json.object([&] {
    json.member("evidence", static_cast<std::uint32_t>(source.id));
    json.member("major", version.major);
    json.member("minor", version.minor);
    json.member("modified", source.modified);
    member_or_null(json, "session_key_digest",
                   UntrustedView{std::string_view{version.session_key_digest}});
  });
}

void put_value(JsonWriter& json, const MetabaseValue& value) {
  json.member("value", value.value);
  json.member("secure", false);
  json.member("length", nullptr);
  json.member("method", name_of(SecretMethod::kPlaintext));
  put_fingerprint(json, "fingerprint", std::nullopt);
}

void put_value(JsonWriter& json, const SecureProperty& property) {
  member_or_null(json, "value", property.revealed);  // empty unless it was asked for
  json.member("secure", true);
  json.member("length", property.characters);
  json.member("method", name_of(property.method));
  put_fingerprint(json, "fingerprint", property.fingerprint);
}

void put_row(JsonWriter& json, const MetabaseRow& row) {
  json.object([&] {
    json.member("evidence", static_cast<std::uint32_t>(row.where().source));
    json.member("location", row.location());
    json.member("name", row.name());
    if (row.value != nullptr) {
      put_value(json, *row.value);
    } else {
      put_value(json, *row.secure);
    }
    put_citations(json, {row.where()});
  });
}

// One side of a change: the value, of a secure one its fingerprint or that of its cipher.
void put_side(JsonWriter& json, std::string_view name, const MetabaseRow& row) {
  if (row.value != nullptr) {
    json.member(name, row.value->value);
  } else if (row.secure == nullptr) {
    json.member(name, nullptr);
  } else if (row.secure->fingerprint) {
    json.member(name, "fingerprint " + to_string(*row.secure->fingerprint));
  } else {
    json.member(name, "cipher " + row.secure->cipher_digest);
  }
}

void put_change(JsonWriter& json, const MetabaseChange& change) {
  json.object([&] {
    json.member("from", static_cast<std::uint32_t>(change.from->where.source));
    json.member("to", static_cast<std::uint32_t>(change.to->where.source));
    json.member("location", change.known().location());
    json.member("name", change.known().name());
    put_side(json, "before", change.before);
    put_side(json, "after", change.after);
    put_citations(json, change.citations());
  });
}

}  // namespace

std::string render_metabase_json(const Report& report) {
  JsonWriter json(JsonWriter::Style::kIndented);
  const Case& the_case = *report.evidence_of;
  const MetabaseAnswer& metabase = report.answers.metabase;
  json.object([&] {
    json.array_of("versions", metabase.versions,
                  [&](const MetabaseSnapshot* version) { put_version(json, *version, the_case); });
    json.array_of("properties", metabase.rows, [&](const MetabaseRow& row) { put_row(json, row); });
    json.array_of("changes", metabase.changes,
                  [&](const MetabaseChange& change) { put_change(json, change); });
    json.member("not_comparable", metabase.not_comparable);
    put_sources(json, the_case);
  });
  return json.take() + "\n";
}

}  // namespace iwamtrace
