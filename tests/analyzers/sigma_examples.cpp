#include "tests/analyzers/sigma_examples.h"

#include <gtest/gtest.h>

#include "analyzers/sigma/rule_matcher.h"
#include "tests/support/evidence.h"

namespace iwamtrace {

EventRecord record_of(Channel channel, std::string_view source, std::uint16_t id,
                      RuleFields fields) {
  EventRecord record;
  record.head.channel = channel;
  record.head.event_id = id;
  record.head.key.id = id;
  record.set_source(record.add_text(source));
  record.set_computer(record.add_text("WEB01"));
  record.set_log(record.add_text(name_of(channel)));
  for (const auto& [name, value] : fields) {
    const EventRecord::Piece name_piece = record.add_text(name);
    record.add_field(name_piece, record.add_text(value));
  }
  return record;
}

EventRecord process_record(RuleFields fields) {
  return record_of(Channel::kSysmon, "Microsoft-Windows-Sysmon", 1, fields);
}

EventRecord nt5_record(std::uint16_t id, std::uint16_t nt6_id, RuleFields fields) {
  EventRecord record = record_of(Channel::kSecurity, "Security", id, fields);
  record.head.key = {EventSource::kSecurity, nt6_id};
  if (nt6_id != id) {
    record.nt6_id = nt6_id;
  }
  return record;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(part);
  }
  return text;
}

std::string process_rule(std::string_view detection) {
  return joined(
      {"title: Under test\nlogsource:\n  product: windows\n  category: process_creation\n"
       "detection:\n",
       detection, "\n"});
}

sigma::RuleSet rules_from(std::string_view yaml) {
  const std::vector<sigma::RuleText> files{{"test.yml", std::string(yaml)}};
  return sigma::RuleSet(files);
}

std::vector<std::string> titles_that_match(const sigma::RuleSet& rules, const EventRecord& record) {
  sigma::RuleMatcher matcher(rules);
  std::vector<std::string> titles;
  if (matcher.wants(record.head)) {
    matcher.match(record, [&](std::uint32_t rule) { titles.push_back(rules.texts()[rule].title); });
  }
  return titles;
}

bool matches(std::string_view detection, const EventRecord& record) {
  const sigma::RuleSet rules = rules_from(process_rule(detection));
  EXPECT_EQ(rules.rules().size(), 1U) << detection;
  return !titles_that_match(rules, record).empty();
}

std::string refusal_of(std::string_view yaml) {
  const sigma::RuleSet rules = rules_from(yaml);
  return rules.refused().empty() ? "" : plain(rules.refused().front().reason);
}

}  // namespace iwamtrace
