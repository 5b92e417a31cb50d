// Records and rules for the tests of the Sigma engine.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzers/sigma/rule_set.h"
#include "model/event_record.h"

namespace iwamtrace {

using RuleFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Of Sysmon, event 1, unless told otherwise.
EventRecord process_record(RuleFields fields);
EventRecord record_of(Channel channel, std::string_view source, std::uint16_t id,
                      RuleFields fields);
// Of a .evt: with its twin.
EventRecord nt5_record(std::uint16_t id, std::uint16_t nt6_id, RuleFields fields);

// One text out of several.
std::string joined(std::initializer_list<std::string_view> parts);
// A rule about process_creation with this detection.
std::string process_rule(std::string_view detection);
sigma::RuleSet rules_from(std::string_view yaml);
// Titles of the rules that match.
std::vector<std::string> titles_that_match(const sigma::RuleSet& rules, const EventRecord& record);
// Of one rule about process_creation with this detection. Fails the test if it is refused.
bool matches(std::string_view detection, const EventRecord& record);
// Why it is refused; empty if it is not.
std::string refusal_of(std::string_view yaml);

}  // namespace iwamtrace
