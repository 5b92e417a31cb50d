// What is known of codes, events, causes and findings: that nothing a report says lacks an
// explanation, and that no explanation leads nowhere.
#include "analyzers/explanations/explanations.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <sstream>

#include "analyzers/explanations/explanation_rows.h"
#include "analyzers/intrusion/attack_kinds.h"
#include "analyzers/intrusion/techniques.h"
#include "analyzers/sigma/own_rules.h"
#include "app/topics.h"
#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

using Kind = Explanation::Kind;

std::vector<Kind> kinds_of(std::string_view topic) {
  std::vector<Kind> kinds;
  for (const Explanation& meaning : meanings_of(topic)) {
    kinds.push_back(meaning.kind);
  }
  return kinds;
}

TEST(Explanations, EveryCauseThatIsWeighedHasOneAndSaysSo) {
  MadeCase made;
  for (const WeighedHypothesis& weighed : made.judge().hypotheses) {
    const auto meanings = explain_id(weighed.hypothesis.id);
    ASSERT_EQ(meanings.size(), 1U) << weighed.hypothesis.id;
    EXPECT_EQ(meanings[0].kind, Kind::kCause);
    EXPECT_EQ(meanings[0].weighed, true) << weighed.hypothesis.id;
    for (const std::string* part :
         {&meanings[0].meaning, &meanings[0].decided, &meanings[0].against, &meanings[0].action}) {
      EXPECT_FALSE(part->empty()) << weighed.hypothesis.id;
    }
  }
}

// The contract's causes, from the schema of the report.
TEST(Explanations, EveryCauseOfTheContractHasOne) {
  std::ifstream file(std::string(IWAMTRACE_SOURCE_DIR) + "/src/report/report.schema.json");
  std::stringstream text;
  text << file.rdbuf();
  const std::string schema = text.str();
  const std::size_t at = schema.find("\"sam_changed_alone\"");
  ASSERT_NE(at, std::string::npos);
  const std::string list = schema.substr(at, schema.find(']', at) - at);
  const std::regex id("\"([a-z_]+)\"");
  std::size_t count = 0;
  for (std::sregex_iterator it(list.begin(), list.end(), id), end; it != end; ++it, ++count) {
    EXPECT_EQ(kinds_of((*it)[1].str()), std::vector{Kind::kCause}) << (*it)[1];
  }
  EXPECT_GE(count, 26U);
}

// The ids as the analyzers spell them.
TEST(Explanations, EveryFindingHasOne) {
  std::set<std::string> ids;
  for (const char* name :
       {"applications.cpp", "clock_changes.cpp", "findings.cpp", "log_clearings.cpp",
        "metabase_findings.cpp", "record_gaps.cpp", "service_breaks.cpp", "system_sets.cpp"}) {
    std::ifstream file(std::filesystem::path(IWAMTRACE_SOURCE_DIR) / "analyzers" / name);
    std::stringstream text;
    text << file.rdbuf();
    const std::string source = text.str();
    const std::regex id("(add\\(answers, |Finding\\{|tell\\()\\s*\"([a-z_]+)\"");
    for (std::sregex_iterator it(source.begin(), source.end(), id), end; it != end; ++it) {
      ids.insert((*it)[2].str());
    }
  }
  EXPECT_GE(ids.size(), 25U);
  for (const SignKind& sign : all_sign_kinds()) {
    ids.emplace(sign.finding);
  }
  ids.insert("rule_hit");
  for (const std::string& id : ids) {
    EXPECT_EQ(kinds_of(id), std::vector{Kind::kFinding}) << id;
  }
  for (const auto rows : {finding_rows(), sign_rows()}) {
    for (const ExplanationRow& row : rows) {
      EXPECT_TRUE(ids.contains(std::string(row.id))) << row.id << " is no finding any more";
    }
  }
}

// What our rules call their hits.
TEST(Explanations, EveryFindingOfARuleIsAKnownSign) {
  const sigma::RuleSet rules(sigma::own_rules());
  EXPECT_TRUE(rules.refused().empty());
  for (const DetectionRule& rule : rules.rules()) {
    if (rule.reports) {
      EXPECT_NE(sign_kind(rule.finding), nullptr) << rule.finding;
    }
  }
}

TEST(Explanations, EveryWayInHasOne) {
  for (const ArguedAttack& attack : argue_attacks(Case{}, Answers{})) {
    EXPECT_EQ(kinds_of(attack.hypothesis.id), std::vector{Kind::kAttack}) << attack.hypothesis.id;
  }
}

TEST(Explanations, LeadOnToWhatIsExplainedToo) {
  for (const auto rows :
       {cause_rows(), finding_rows(), sign_rows(), attack_rows(), event_rows(), win32_rows(),
        hresult_rows(), nt_status_rows(), script_error_rows(), http_status_rows()}) {
    for (const ExplanationRow& row : rows) {
      std::istringstream related{std::string(row.related)};
      for (std::string id; related >> id;) {
        EXPECT_FALSE(meanings_of(id).empty()) << row.id << " leads to " << id;
      }
    }
  }
}

// The codes and events that the article's readers met.
TEST(Explanations, NumbersAreReadAsLogsAndScriptsWriteThem) {
  EXPECT_EQ(kinds_of("1326"), std::vector{Kind::kWin32});
  EXPECT_EQ(kinds_of("0x52e"), std::vector{Kind::kWin32});
  EXPECT_EQ(kinds_of("1385"), std::vector{Kind::kWin32});
  EXPECT_EQ(kinds_of("1AD"), std::vector{Kind::kScriptError});
  EXPECT_EQ(kinds_of("80110414"), std::vector{Kind::kHresult});
  EXPECT_EQ(kinds_of("0x8000401a"), std::vector{Kind::kHresult});
  EXPECT_EQ(kinds_of("80080005"), std::vector{Kind::kHresult});
  EXPECT_EQ(kinds_of("C000006A"), std::vector{Kind::kNtStatus});
  EXPECT_EQ(kinds_of("3221225578"), std::vector{Kind::kNtStatus});  // as 681 logs C000006A
  EXPECT_EQ(kinds_of("DCOM/10004"), std::vector{Kind::kEvent});
  EXPECT_EQ(kinds_of("W3SVC 36"), std::vector{Kind::kEvent});
  EXPECT_EQ(kinds_of("dcom/10010"), std::vector{Kind::kEvent});
  EXPECT_EQ(meanings_of("628").at(0).twins, std::vector<std::uint16_t>{4724});
}

// A code that wraps another is told with it.
TEST(Explanations, AnHresultTellsTheWin32ErrorInIt) {
  const auto meanings = meanings_of("8007052E");
  ASSERT_FALSE(meanings.empty());
  EXPECT_EQ(meanings.back().kind, Kind::kWin32);
  EXPECT_EQ(meanings.back().id, "1326");
}

TEST(Explanations, WhatNobodyKnowsIsNotExplained) {
  for (const std::string_view topic :
       {"", " ", "/", "DCOM/", "DCOM/x", "Nobody/36", "0x", "-", "0x-1", "99999999999999999999",
        "no_such_id", "DCOM/70000", "1326 ", "\x1b[2J"}) {
    EXPECT_TRUE(meanings_of(topic).empty()) << topic;
  }
}

}  // namespace
}  // namespace iwamtrace
