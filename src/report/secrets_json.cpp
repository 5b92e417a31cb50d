#include "report/secrets_json.h"

#include "report/json_parts.h"

namespace iwamtrace {
namespace {

void put(JsonWriter& json, const HeldSecret& held) {
  const SecretValue nothing;
  const SecretValue& previous = held.previous ? *held.previous : nothing;
  json.object([&] {
    json.member("name", held.name);
    json.member("set", held.current.set);
    json.member("previous_set", previous.set);
    json.member("state", name_of(held.current.state));
    json.member("length", held.current.length);
    put_fingerprint(json, "fingerprint", held.current.fingerprint);
    put_fingerprint(json, "previous_fingerprint", previous.fingerprint);
    put_texts(json, "matches", held.matches);
    put_texts(json, "previous_matches", held.previous_matches);
    json.member("matches_omitted", held.matches_omitted);
    if (!held.current.revealed.empty()) {
      json.member("value", held.current.revealed);
    }
    if (!previous.revealed.empty()) {
      json.member("previous_value", previous.revealed);
    }
    put_citations(json, held.citations);
  });
}

}  // namespace

std::string render_secrets_json(const Report& report) {
  JsonWriter json(JsonWriter::Style::kIndented);
  const SecretsAnswer& secrets = report.answers.secrets;
  json.object([&] {
    json.array_of("secrets", secrets.held, [&](const HeldSecret& held) { put(json, held); });
    member_or_null(json, "locked_because", secrets.locked_because);
    put_sources(json, *report.evidence_of);
  });
  return json.take() + "\n";
}

}  // namespace iwamtrace
