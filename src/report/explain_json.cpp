#include "report/explain_json.h"

#include "report/json_parts.h"

namespace iwamtrace {
namespace {

void text_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
  member_or_null(json, name, UntrustedView{text});
}

void put(JsonWriter& json, const Explanation& explanation) {
  json.object([&] {
    json.member("kind", name_of(explanation.kind));
    json.member("id", explanation.id);
    text_or_null(json, "symbol", explanation.symbol);
    put_texts(json, "forms", explanation.forms);
    json.member("meaning", explanation.meaning);
    text_or_null(json, "occurs", explanation.occurs);
    text_or_null(json, "decided", explanation.decided);
    text_or_null(json, "against", explanation.against);
    text_or_null(json, "action", explanation.action);
    put_texts(json, "related", explanation.related);
    json.member("weighed", explanation.weighed);
    text_or_null(json, "log", explanation.log);
    put_texts(json, "twins", explanation.twins);
    put_texts(json, "fields", explanation.fields);
  });
}

}  // namespace

std::string render_explanations_json(const std::vector<ExplainedTopic>& topics) {
  JsonWriter json(JsonWriter::Style::kIndented);
  json.object([&] {
    json.array_of("topics", topics, [&](const ExplainedTopic& topic) {
      json.object([&] {
        json.member("asked", UntrustedView{topic.asked});
        json.array_of("meanings", topic.meanings,
                      [&](const Explanation& meaning) { put(json, meaning); });
      });
    });
  });
  return json.take() + "\n";
}

}  // namespace iwamtrace
