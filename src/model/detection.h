// The detection rules of a run, as far as their results must be told, and what they hit. The rules
// themselves are compiled in analyzers/sigma.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/citation.h"
#include "model/severity.h"
#include "model/timestamp.h"
#include "model/untrusted.h"

namespace iwamtrace {

// A rule over the hits of other rules (Sigma specification 2.1.0, correlation rules).
struct Correlation {
  enum class Type : std::uint8_t { kEventCount, kValueCount, kTemporal, kTemporalOrdered };
  enum class Compare : std::uint8_t { kGreater, kAtLeast, kLess, kAtMost, kEqual, kUnequal };

  Type type{};
  std::vector<std::uint32_t> rules;     // indices into the list of rules
  std::vector<std::uint32_t> group_by;  // indices into the list of keys
  std::optional<std::uint32_t> field;   // of kValueCount, likewise
  std::int64_t timespan = 0;            // ticks
  Compare compare = Compare::kAtLeast;
  std::uint64_t count = 1;  // of the counting types
};

struct DetectionRule {
  Untrusted id, title, description, file;
  Untrusted log_source;  // "windows, service security"
  std::string finding;   // the id of the finding that a hit is; empty: "rule_hit"
  Severity severity{};
  std::vector<std::string> techniques;  // "T1110.001"
  std::vector<Untrusted> false_positives;
  std::optional<Correlation> correlation;
  bool reports = true;  // false: it only feeds a correlation
};

// Why a rule is not used; nothing of it is.
struct RefusedRule {
  Untrusted file, rule;  // by its title, where it has one
  Untrusted reason;
};

// A record that a rule matches.
struct RuleHit {
  Citation where;
  Timestamp time;
  std::uint32_t rule = 0;
  // The record's values of the fields by which correlations group or count, by index of the list of
  // keys; empty where no correlation asks.
  std::vector<Untrusted> keys;
};

// Of one rule in one source, beyond as many hits as anybody will read.
struct RuleHitsOmitted {
  Citation where;  // of the first that was left out
  std::uint32_t rule = 0;
  std::uint64_t count = 0;
};

}  // namespace iwamtrace
