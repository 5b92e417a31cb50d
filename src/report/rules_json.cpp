#include "report/rules_json.h"

#include "report/json_parts.h"

namespace iwamtrace {

std::string render_rules_json(const RuleListing& listing) {
  JsonWriter json(JsonWriter::Style::kIndented);
  json.object([&] {
    json.array_of("rules", listing.rules, [&](const DetectionRule& rule) {
      json.object([&] {
        member_or_null(json, "id", rule.id.view());
        json.member("title", rule.title);
        member_or_null(json, "finding", UntrustedView{rule.finding});
        json.member("level", name_of(rule.severity));
        json.member("log_source", rule.log_source);
        put_texts(json, "techniques", rule.techniques);
        json.member("reports", rule.reports);
        json.member("file", rule.file);
      });
    });
  });
  return json.take() + "\n";
}

std::string render_rule_check_json(const RuleListing& listing) {
  JsonWriter json(JsonWriter::Style::kIndented);
  json.object([&] {
    json.member("loaded", listing.rules.size());
    json.array_of("refused", listing.refused, [&](const RefusedRule& refused) {
      json.object([&] {
        json.member("file", refused.file);
        member_or_null(json, "rule", refused.rule.view());
        json.member("reason", refused.reason);
      });
    });
  });
  return json.take() + "\n";
}

}  // namespace iwamtrace
