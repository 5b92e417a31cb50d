#include "analyzers/sigma/rule_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <yaml-cpp/yaml.h>

#include "analyzers/sigma/condition.h"
#include "analyzers/sigma/search_item.h"

namespace iwamtrace::sigma {
namespace {

// The largest of SigmaHQ has 40 kB. An alias in YAML may make a thousand out of one.
constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kMostNodes = 100'000;

std::string text_at(const YAML::Node& map, const char* name) {
  const YAML::Node node = map[name];
  return node && node.IsScalar() ? node.Scalar() : std::string{};
}

std::vector<std::string> texts_at(const YAML::Node& map, const char* name) {
  const YAML::Node node = map[name];
  std::vector<std::string> texts;
  if (node && node.IsScalar()) {
    texts.push_back(node.Scalar());
  } else if (node && node.IsSequence()) {
    for (const YAML::Node& item : node) {
      texts.push_back(item.IsScalar() ? item.Scalar() : std::string{});
    }
  }
  return texts;
}

// Counts what aliases multiply.
void limit_size(const YAML::Node& node, std::size_t& nodes, int depth = 0) {
  constexpr int kDeepest = 64;  // also what an alias to itself is
  if (++nodes > kMostNodes || depth > kDeepest) {
    throw RuleError("more than " + std::to_string(kMostNodes) + " YAML nodes, or deeper than " +
                    std::to_string(kDeepest));
  }
  for (const auto& child : node) {
    limit_size(node.IsMap() ? child.second : child, nodes, depth + 1);
  }
}

RuleValue value_of(const YAML::Node& node) {
  if (node.IsNull()) {
    return RuleValue{{}, true};
  }
  if (!node.IsScalar()) {
    throw RuleError("a value that is neither text nor number");
  }
  return RuleValue{node.Scalar(), false};
}

std::vector<RuleValue> values_of(const YAML::Node& node) {
  std::vector<RuleValue> values;
  if (!node.IsSequence()) {
    values.push_back(value_of(node));
    return values;
  }
  for (const YAML::Node& item : node) {
    values.push_back(value_of(item));
  }
  return values;
}

// A map: all of its lines. A list: one of its items; texts among them are keywords.
Expression search_of(const YAML::Node& node) {
  std::vector<Expression> parts;
  if (node.IsMap()) {
    for (const auto& line : node) {
      parts.push_back(search_item(line.first.Scalar(), values_of(line.second)));
    }
    if (parts.empty()) {
      throw RuleError("an empty search");
    }
    return all_of(std::move(parts));
  }
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) {
      parts.push_back(item.IsMap() ? search_of(item) : search_item("", {value_of(item)}));
    }
    if (parts.empty()) {
      throw RuleError("an empty search");
    }
    return any_of(std::move(parts));
  }
  return search_item("", {value_of(node)});
}

Expression detection_of(const YAML::Node& detection) {
  if (!detection || !detection.IsMap()) {
    throw RuleError("no detection");
  }
  if (detection["timeframe"]) {
    throw RuleError("timeframe is of Sigma 1; correlation rules replace it");
  }
  Searches searches;
  for (const auto& search : detection) {
    const std::string name = search.first.Scalar();
    if (name == "condition") {
      continue;
    }
    try {
      if (!searches.emplace(name, search_of(search.second)).second) {
        throw RuleError("it is there twice");
      }
    } catch (const RuleError& error) {
      throw RuleError("search \"" + name + "\": " + error.what());
    }
  }
  const std::vector<std::string> conditions = texts_at(detection, "condition");
  if (conditions.empty()) {
    throw RuleError("no condition");
  }
  std::vector<Expression> alternatives;
  alternatives.reserve(conditions.size());
  for (const std::string& condition : conditions) {
    alternatives.push_back(resolve_condition(condition, searches));
  }
  return any_of(std::move(alternatives));
}

std::int64_t timespan_of(const std::string& text) {
  constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::int64_t kMost = 3650;  // even of days
  const auto* const unit =
      end == text.data() + text.size()
          ? kUnits.end()
          : std::ranges::find(kUnits, *end, &std::pair<char, std::int64_t>::first);
  if (error != std::errc{} || unit == kUnits.end() || end + 1 != text.data() + text.size() ||
      number <= 0 || number * unit->second > kMost * kUnits.back().second) {
    throw RuleError("timespan \"" + text + "\" is not like 90s, 5m, 2h or 1d");
  }
  return number * unit->second * Timestamp::kTicksPerSecond;
}

Correlation::Type type_of(const std::string& name) {
  using enum Correlation::Type;
  constexpr std::array<std::pair<std::string_view, Correlation::Type>, 4> kTypes{
      {{"event_count", kEventCount},
       {"value_count", kValueCount},
       {"temporal", kTemporal},
       {"temporal_ordered", kTemporalOrdered}}};
  const auto* const found =
      std::ranges::find(kTypes, name, [](const auto& row) { return row.first; });
  if (found == kTypes.end()) {
    throw RuleError("correlation type \"" + name + "\" is not supported");
  }
  return found->second;
}

void read_count(const YAML::Node& condition, CorrelationText& correlation) {
  using enum Correlation::Compare;
  constexpr std::array<std::pair<std::string_view, Correlation::Compare>, 6> kCompares{
      {{"gt", kGreater},
       {"gte", kAtLeast},
       {"lt", kLess},
       {"lte", kAtMost},
       {"eq", kEqual},
       {"neq", kUnequal}}};
  if (!condition || !condition.IsMap()) {
    throw RuleError("a correlation that counts needs a condition");
  }
  std::size_t compares = 0;
  for (const auto& line : condition) {
    const std::string name = line.first.Scalar(), value = line.second.Scalar();
    if (name == "field") {
      correlation.field = value;
      continue;
    }
    const auto* const found =
        std::ranges::find(kCompares, name, [](const auto& row) { return row.first; });
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (found == kCompares.end() || error != std::errc{} || end != value.data() + value.size()) {
      std::string text = name;
      text.append(": ").append(value);
      throw RuleError("condition \"" + text + "\" is not supported");
    }
    correlation.compare = found->second;
    correlation.count = count;
    ++compares;
  }
  if (compares != 1) {
    throw RuleError("a condition of one comparison is needed");
  }
}

CorrelationText correlation_of(const YAML::Node& node) {
  if (!node.IsMap()) {
    throw RuleError("correlation is no map");
  }
  CorrelationText correlation;
  correlation.type = type_of(text_at(node, "type"));
  correlation.rules = texts_at(node, "rules");
  correlation.group_by = texts_at(node, "group-by");
  correlation.timespan = timespan_of(text_at(node, "timespan"));
  correlation.generate = text_at(node, "generate") == "true";
  if (correlation.rules.empty()) {
    throw RuleError("a correlation of no rules");
  }
  const bool counts = correlation.type == Correlation::Type::kEventCount ||
                      correlation.type == Correlation::Type::kValueCount;
  if (counts) {
    read_count(node["condition"], correlation);
  } else if (node["condition"]) {
    throw RuleError("a condition of a temporal correlation is not supported");
  }
  if (correlation.type == Correlation::Type::kValueCount && correlation.field.empty()) {
    throw RuleError("value_count needs a field");
  }
  for (const auto& alias : node["aliases"]) {
    for (const auto& rule : alias.second) {
      correlation.aliases[alias.first.Scalar()][rule.first.Scalar()] = rule.second.Scalar();
    }
  }
  return correlation;
}

Severity severity_of(const std::string& level) {
  constexpr std::array<std::pair<std::string_view, Severity>, 5> kLevels{
      {{"critical", Severity::kCritical},
       {"high", Severity::kHigh},
       {"medium", Severity::kMedium},
       {"low", Severity::kLow},
       {"informational", Severity::kInfo}}};
  if (level.empty()) {
    return Severity::kMedium;
  }
  const auto* const found =
      std::ranges::find(kLevels, level, [](const auto& row) { return row.first; });
  if (found == kLevels.end()) {
    throw RuleError("level \"" + level + "\" is not known");
  }
  return found->second;
}

LogSource log_source_of(const YAML::Node& document) {
  const YAML::Node node = document["logsource"];
  if (!node || !node.IsMap()) {
    throw RuleError("no logsource");
  }
  return LogSource{text_at(node, "product"), text_at(node, "category"), text_at(node, "service")};
}

void read_filter(const YAML::Node& filter, Rule& rule) {
  rule.kind = Rule::Kind::kFilter;
  rule.filtered = texts_at(filter, "rules");
  if (rule.filtered.size() == 1 && rule.filtered.front() == "any") {
    rule.filtered.clear();
  }
  YAML::Node detection = YAML::Clone(filter);
  detection.remove("rules");
  rule.detection = detection_of(detection);
}

Rule rule_of(const YAML::Node& document, const std::string& file) {
  Rule rule;
  rule.file = file;
  rule.title = text_at(document, "title");
  rule.id = text_at(document, "id");
  rule.name = text_at(document, "name");
  rule.description = text_at(document, "description");
  rule.status = text_at(document, "status");
  rule.author = text_at(document, "author");
  rule.finding = text_at(document, "finding");
  rule.tags = texts_at(document, "tags");
  rule.false_positives = texts_at(document, "falsepositives");
  rule.severity = severity_of(text_at(document, "level"));
  constexpr std::size_t kLongestTitle = 256;
  if (rule.title.empty() || rule.title.size() > kLongestTitle) {
    throw RuleError("a title of 1 to 256 characters is needed");
  }
  if (document["correlation"]) {
    rule.kind = Rule::Kind::kCorrelation;
    rule.correlation = correlation_of(document["correlation"]);
    return rule;
  }
  rule.log_source = log_source_of(document);
  if (document["filter"]) {
    read_filter(document["filter"], rule);
  } else {
    rule.detection = detection_of(document["detection"]);
  }
  return rule;
}

}  // namespace

RuleFile read_rules(const std::string& name, std::string_view yaml) {
  RuleFile file;
  const auto refuse = [&](const std::string& title, const std::string& reason) {
    constexpr std::size_t kLongest = 300;
    file.refused.push_back(RefusedRule{Untrusted{name}, Untrusted{title.substr(0, kLongest)},
                                       Untrusted{reason.substr(0, kLongest)}});
  };
  if (yaml.size() > kLargestFile) {
    refuse({}, "larger than 1 MiB");
    return file;
  }
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(std::string(yaml));
  } catch (const YAML::Exception& error) {
    refuse({}, std::string("no YAML: ") + error.what());
    return file;
  }
  for (const YAML::Node& document : documents) {
    if (document.IsNull()) {
      continue;
    }
    std::string title;
    try {
      std::size_t nodes = 0;
      limit_size(document, nodes);
      if (!document.IsMap()) {
        throw RuleError("the document is no map");
      }
      title = text_at(document, "title");
      if (document["action"]) {
        throw RuleError("collections with action are of Sigma 1");
      }
      file.rules.push_back(rule_of(document, name));
    } catch (const RuleError& error) {
      refuse(title, error.what());
    } catch (const YAML::Exception& error) {
      refuse(title, error.what());
    }
  }
  if (file.rules.empty() && file.refused.empty()) {
    refuse({}, "it holds no rule");
  }
  return file;
}

}  // namespace iwamtrace::sigma
