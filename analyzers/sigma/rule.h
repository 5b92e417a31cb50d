// A Sigma document as its YAML has it, its condition resolved. Specification 2.1.0.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "analyzers/sigma/expression.h"
#include "model/detection.h"

namespace iwamtrace::sigma {

// A document that is no rule, or asks for what is not supported: what() says what. Nothing of it is
// ever used in part.
class RuleError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct LogSource {
  std::string product, category, service;
};

// What correlations say in their YAML, before the rules they name are known.
struct CorrelationText {
  Correlation::Type type{};
  std::vector<std::string> rules;     // names or ids
  std::vector<std::string> group_by;  // fields or aliases
  std::string field;
  std::int64_t timespan = 0;  // ticks
  Correlation::Compare compare = Correlation::Compare::kAtLeast;
  std::uint64_t count = 1;
  std::map<std::string, std::map<std::string, std::string>> aliases;  // alias, rule, field
  bool generate = false;  // the rules it names report as well
};

struct Rule {
  enum class Kind : std::uint8_t { kDetection, kCorrelation, kFilter };

  Kind kind{};
  std::string file, title, id, name, description, status, author;
  bool beside = false;  // of the second list of a RuleSet
  std::string finding;  // ours: the id of the finding that a hit is
  Severity severity = Severity::kMedium;
  std::vector<std::string> tags, false_positives;
  LogSource log_source;               // of detections and filters
  Expression detection;               // of detections; of filters what must hold besides
  CorrelationText correlation;        // of correlations
  std::vector<std::string> filtered;  // of filters: the rules, by name or id; empty: every rule
};

}  // namespace iwamtrace::sigma
