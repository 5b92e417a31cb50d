// Each form of a condition, log sources, and NT5 records under rules written for NT6.
#include <gtest/gtest.h>

#include "analyzers/sigma/rule_matcher.h"
#include "tests/analyzers/sigma_examples.h"

namespace iwamtrace {
namespace {

// Four searches, each of which is true when its letter is in the command line.
bool holds(std::string_view condition, std::string_view command) {
  const std::string detection =
      "  sel_a:\n    CommandLine|contains: a\n  sel_b:\n    CommandLine|contains: b\n"
      "  filter_c:\n    CommandLine|contains: c\n  _hidden:\n    CommandLine|contains: d\n"
      "  condition: " +
      std::string(condition);
  return matches(detection, process_record({{"CommandLine", command}}));
}

TEST(SigmaConditions, AndOrNot) {
  EXPECT_TRUE(holds("sel_a and sel_b", "ab"));
  EXPECT_FALSE(holds("sel_a and sel_b", "a"));
  EXPECT_TRUE(holds("sel_a or sel_b", "b"));
  EXPECT_FALSE(holds("sel_a or sel_b", "c"));
  EXPECT_TRUE(holds("sel_a and not filter_c", "a"));
  EXPECT_FALSE(holds("sel_a and not filter_c", "ac"));
}

TEST(SigmaConditions, NotBindsTighterThanAndThanOr) {
  EXPECT_TRUE(holds("sel_a or sel_b and filter_c", "a"));
  EXPECT_FALSE(holds("(sel_a or sel_b) and filter_c", "a"));
  EXPECT_TRUE(holds("not sel_a and sel_b", "b"));
  EXPECT_FALSE(holds("not sel_a and sel_b", "ab"));
  EXPECT_TRUE(holds("not (sel_a and sel_b)", "a"));
  EXPECT_TRUE(holds("not not sel_a", "a"));
}

TEST(SigmaConditions, OneOfAndAllOf) {
  EXPECT_TRUE(holds("1 of sel_*", "b"));
  EXPECT_FALSE(holds("1 of sel_*", "c"));
  EXPECT_TRUE(holds("all of sel_*", "ab"));
  EXPECT_FALSE(holds("all of sel_*", "a"));
  EXPECT_TRUE(holds("any of sel_*", "a"));
  EXPECT_TRUE(holds("1 of sel_* and not 1 of filter_*", "a"));
  EXPECT_FALSE(holds("1 of sel_* and not 1 of filter_*", "ac"));
}

TEST(SigmaConditions, ThemLeavesOutNamesWithAnUnderscore) {
  EXPECT_TRUE(holds("all of them", "abc"));
  EXPECT_FALSE(holds("all of them", "ab"));
  EXPECT_FALSE(holds("1 of them", "d"));
  EXPECT_TRUE(holds("_hidden", "d"));
}

TEST(SigmaConditions, AListIsOneOfThem) {
  EXPECT_TRUE(holds("[sel_a, sel_b]", "b"));
  EXPECT_FALSE(holds("[sel_a, sel_b]", "c"));
}

TEST(SigmaConditions, ASearchMayBeAListOfMaps) {
  const std::string detection =
      "  selection:\n    - Image|endswith: '\\net.exe'\n    - OriginalFileName: net.exe\n"
      "      Company: x\n  condition: selection";
  EXPECT_TRUE(matches(detection, process_record({{"Image", "C:\\net.exe"}})));
  EXPECT_TRUE(
      matches(detection, process_record({{"OriginalFileName", "net.exe"}, {"Company", "X"}})));
  EXPECT_FALSE(matches(detection, process_record({{"OriginalFileName", "net.exe"}})));
}

TEST(SigmaConditions, WhatIsNoConditionIsRefused) {
  const auto why = [](std::string_view condition) {
    return refusal_of(process_rule("  sel:\n    A: b\n  condition: " + std::string(condition)));
  };
  EXPECT_NE(why("sel and").find("ends too early"), std::string::npos);
  EXPECT_NE(why("(sel").find("not closed"), std::string::npos);
  EXPECT_NE(why("sel or other").find("no search \"other\""), std::string::npos);
  EXPECT_NE(why("1 of nothing*").find("no search fits"), std::string::npos);
  EXPECT_NE(why("2 of sel*").find("neither \"1 of\" nor \"all of\""), std::string::npos);
  EXPECT_NE(why("sel | count() > 5").find("is not expected"), std::string::npos);
}

std::string rule_about(std::string_view log_source, std::string_view detection) {
  return "title: Under test\nlogsource:\n  product: windows\n" + std::string(log_source) +
         "\ndetection:\n  selection:\n" + std::string(detection) + "\n  condition: selection\n";
}

bool fires(const std::string& rule, const EventRecord& record) {
  const sigma::RuleSet rules = rules_from(rule);
  EXPECT_EQ(rules.rules().size(), 1U) << rule;
  return !titles_that_match(rules, record).empty();
}

TEST(SigmaLogSources, AServiceIsAChannel) {
  const std::string rule = rule_about("  service: security", "    EventID: 4720");
  EXPECT_TRUE(fires(rule, record_of(Channel::kSecurity, "x", 4720, {})));
  EXPECT_FALSE(fires(rule, record_of(Channel::kApplication, "x", 4720, {})));
  EXPECT_FALSE(fires(rule, record_of(Channel::kSecurity, "x", 4721, {})));
}

TEST(SigmaLogSources, ACategoryIsSysmonOrTheSecurityLog) {
  const std::string rule =
      rule_about("  category: process_creation", "    Image|endswith: \\cmd.exe");
  EXPECT_TRUE(fires(rule, process_record({{"Image", "C:\\cmd.exe"}})));
  EXPECT_TRUE(fires(rule, record_of(Channel::kSecurity, "Microsoft-Windows-Security-Auditing", 4688,
                                    {{"NewProcessName", "C:\\cmd.exe"}})));
  EXPECT_FALSE(fires(rule, record_of(Channel::kSysmon, "x", 5, {{"Image", "C:\\cmd.exe"}})));
}

TEST(SigmaLogSources, WhatNoWindowsLogHasIsRefused) {
  const auto why = [](std::string_view source) {
    return refusal_of("title: x\nlogsource:\n" + std::string(source) +
                      "\ndetection:\n  s:\n    A: b\n  condition: s\n");
  };
  EXPECT_NE(why("  product: linux").find("no Windows log"), std::string::npos);
  EXPECT_NE(why("  category: webserver").find("without a product"), std::string::npos);
  EXPECT_NE(why("  product: windows\n  service: nonesuch").find("\"nonesuch\" is not known"),
            std::string::npos);
  EXPECT_NE(why("  product: windows\n  category: nonesuch").find("\"nonesuch\" is not known"),
            std::string::npos);
}

TEST(SigmaLogSources, HeadOfTheRecord) {
  EventRecord record = record_of(Channel::kSystem, "Service Control Manager", 7031, {});
  record.level = Level::kError;
  EXPECT_TRUE(fires(rule_about("  service: system",
                               "    Provider_Name: Service Control Manager\n    Level: 2\n"
                               "    Computer: web01\n    Channel: System"),
                    record));
  EXPECT_FALSE(fires(rule_about("  service: system", "    Level: 4"), record));
}

TEST(SigmaLogSources, DataIsAnyStringOfTheEvent) {
  EventRecord record = record_of(Channel::kApplication, "MSSQLSERVER", 15457, {});
  for (const char* text : {"xp_cmdshell", "0", "1"}) {
    record.add_field({}, record.add_text(text));
  }
  EXPECT_TRUE(fires(rule_about("  service: application", "    Data|contains|all: [cmdshell, '1']"),
                    record));
  EXPECT_FALSE(fires(rule_about("  service: application", "    Data: clr enabled"), record));
}

TEST(SigmaOnNt5, ARuleForTheTwinFires) {
  const EventRecord created = nt5_record(624, 4720, {{"TargetUserName", "bob"}});
  EXPECT_TRUE(fires(rule_about("  service: security",
                               "    EventID: 4720\n"
                               "    Provider_Name: Microsoft-Windows-Security-Auditing\n"
                               "    TargetUserName: bob"),
                    created));
  EXPECT_TRUE(fires(rule_about("  service: security", "    EventID: 624"), created));
  EXPECT_FALSE(fires(rule_about("  service: security", "    EventID: 4722"), created));
}

TEST(SigmaOnNt5, ClearedLogIsOfTheEventLogService) {
  const EventRecord cleared = nt5_record(517, 1102, {{"SubjectUserName", "bob"}});
  EXPECT_TRUE(fires(rule_about("  service: security",
                               "    EventID: 1102\n    Provider_Name: Microsoft-Windows-Eventlog"),
                    cleared));
}

// What a record cannot have is neither there nor missing: a filter on it must not be passed.
TEST(SigmaOnNt5, AMissingFieldProvesNothing) {
  const EventRecord started = nt5_record(592, 4688, {{"NewProcessName", "C:\\net.exe"}});
  const auto with = [](std::string_view condition) {
    return process_rule(
        "  sel:\n    Image|endswith: '\\net.exe'\n  filter:\n"
        "    CommandLine|contains: backup\n  none:\n    CommandLine: null\n"
        "  condition: " +
        std::string(condition));
  };
  EXPECT_TRUE(fires(with("sel"), started));
  EXPECT_FALSE(fires(with("sel and not filter"), started));
  EXPECT_FALSE(fires(with("sel and filter"), started));
  EXPECT_FALSE(fires(with("sel and none"), started));
  EXPECT_TRUE(fires(with("sel or filter"), started));
  // The same on NT6 with a command line that is there.
  EXPECT_TRUE(fires(with("sel and not filter"),
                    record_of(Channel::kSecurity, "x", 4688,
                              {{"NewProcessName", "C:\\net.exe"}, {"CommandLine", "net user"}})));
}

TEST(SigmaOnNt5, TheParentIsKnownByItsNumber) {
  const sigma::RuleSet rules = rules_from(process_rule(
      "  sel:\n    ParentImage|endswith: '\\sqlservr.exe'\n    Image|endswith: '\\cmd.exe'\n"
      "  condition: sel"));
  sigma::RuleMatcher matcher(rules);
  const auto hits = [&](const EventRecord& record) {
    std::size_t count = 0;
    matcher.match(record, [&](std::uint32_t) { ++count; });
    return count;
  };
  const auto started = [](std::string_view process, std::string_view image,
                          std::string_view parent) {
    return nt5_record(
        592, 4688, {{"NewProcessId", process}, {"NewProcessName", image}, {"ProcessId", parent}});
  };
  EXPECT_EQ(hits(started("800", "C:\\MSSQL\\sqlservr.exe", "220")), 0U);
  EXPECT_EQ(hits(started("912", "C:\\WINNT\\system32\\cmd.exe", "800")), 1U);
  EXPECT_EQ(hits(started("916", "C:\\WINNT\\system32\\cmd.exe", "912")), 0U);
  // Once the process has ended its number is free.
  EXPECT_EQ(hits(nt5_record(593, 4689, {{"ProcessId", "800"}})), 0U);
  EXPECT_EQ(hits(started("920", "C:\\WINNT\\system32\\cmd.exe", "800")), 0U);
  EXPECT_EQ(hits(started("800", "C:\\MSSQL\\sqlservr.exe", "220")), 0U);
  // After a start of Windows the number is another process's.
  EXPECT_EQ(hits(nt5_record(512, 4608, {})), 0U);
  EXPECT_EQ(hits(started("912", "C:\\WINNT\\system32\\cmd.exe", "800")), 0U);
}

TEST(SigmaDocuments, SeveralInAFileAndOneRefusedDoesNotCostTheOthers) {
  const sigma::RuleSet rules = rules_from(process_rule("  s:\n    A: b\n  condition: s") + "---\n" +
                                          process_rule("  s:\n    A|foo: b\n  condition: s") +
                                          "---\n" + process_rule("  s:\n    A: c\n  condition: s"));
  EXPECT_EQ(rules.rules().size(), 2U);
  ASSERT_EQ(rules.refused().size(), 1U);
}

TEST(SigmaDocuments, AFilterTakesAwayWhatItNames) {
  const std::string rule =
      "title: Rule\nname: the_rule\nlogsource:\n  product: windows\n  category: process_creation\n"
      "detection:\n  s:\n    Image: a\n  condition: s\n---\n";
  const std::string filter =
      "title: Filter\nlogsource:\n  product: windows\n  category: process_creation\n"
      "filter:\n  rules: [the_rule]\n  known:\n    User: admin\n  condition: not known\n";
  const sigma::RuleSet rules = rules_from(rule + filter);
  EXPECT_EQ(rules.refused().size(), 0U);
  EXPECT_EQ(titles_that_match(rules, process_record({{"Image", "a"}, {"User", "bob"}})).size(), 1U);
  EXPECT_EQ(titles_that_match(rules, process_record({{"Image", "a"}, {"User", "admin"}})).size(),
            0U);
  EXPECT_NE(refusal_of(filter).find("not there"), std::string::npos);
}

TEST(SigmaDocuments, HostileOnesAreRefusedAndCostLittle) {
  EXPECT_NE(refusal_of("a: &a [*a]\n"), "");
  EXPECT_NE(refusal_of("title: x\na: &a {b: *a}\n"), "");
  std::string searches, condition;
  for (int i = 0; i < 2000; ++i) {
    searches += "  s" + std::to_string(i) + ":\n    A: b\n";
    condition += i == 0 ? "1 of s*" : " or 1 of s*";
  }
  EXPECT_NE(refusal_of(process_rule(searches + "  condition: " + condition)).find("grows"),
            std::string::npos);
  EXPECT_NE(refusal_of(process_rule("  s:\n    A|re: '(.{900}x){900}'\n  condition: s")), "");
  EXPECT_NE(refusal_of(process_rule("  s:\n    A|contains: ''\n  condition: s")).find("empty"),
            std::string::npos);
}

TEST(SigmaDocuments, WhatIsNoRuleIsRefusedByName) {
  EXPECT_NE(refusal_of("title: [").find("no YAML"), std::string::npos);
  EXPECT_NE(refusal_of("- a\n").find("no map"), std::string::npos);
  EXPECT_NE(refusal_of("title: x\n").find("no logsource"), std::string::npos);
  EXPECT_NE(refusal_of("action: global\ntitle: x\n").find("Sigma 1"), std::string::npos);
  EXPECT_NE(
      refusal_of(process_rule("  s:\n    A: b\n  timeframe: 5m\n  condition: s")).find("timeframe"),
      std::string::npos);
}

}  // namespace
}  // namespace iwamtrace
