// Which records a rule is about: the log source of a rule as channels and event ids, and the names
// of its fields as the record's. Source: appendix "taxonomy" of the Sigma specification 2.1.0.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyzers/sigma/rule.h"
#include "model/channel.h"
#include "model/event_key.h"

namespace iwamtrace::sigma {

// The name of a field in rules, and in the records of a scope.
struct FieldName {
  std::string_view rule, record;
};

// Records of one kind, to which a log source applies.
struct Scope {
  Channel channel{};
  std::span<const std::uint16_t> ids;  // none: every one
  std::span<const FieldName> renamed;  // fields that the records call otherwise
  // The records lack fields that rules of this log source expect: a test of a missing field is
  // neither true nor false then.
  bool partial = false;
};

// Throws RuleError where no Windows event log has what the rule is about.
std::vector<Scope> scopes_of(const LogSource& source);

// As NT6 names the writer of this event, which is how rules name it: "Microsoft-Windows-Eventlog"
// for 517 of "Security". Empty where it is not known to be another name.
std::string_view nt6_provider(EventKey key);

}  // namespace iwamtrace::sigma
