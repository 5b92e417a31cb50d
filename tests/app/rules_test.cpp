// Rules from the command line to the report: rules list and check, --rules, hits as findings.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "analyzers/sigma/own_rules.h"
#include "app/rule_files.h"
#include "app/rule_hits.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kGoodRule =
    "title: A logon\nid: 5b2f2f1c-9a70-4d4c-9f0e-0d9f3c1f7a11\nlevel: low\n"
    "tags: [attack.t1078]\nlogsource:\n  product: windows\n  service: security\n"
    "detection:\n  s:\n    EventID: 4624\n  condition: s\n";
constexpr std::string_view kBadRule =
    "title: Not ours\nlogsource:\n  product: linux\ndetection:\n  s:\n    A: b\n  condition: s\n";

TEST(Rules, OurOwnAreListedAndNoneIsRefused) {
  const ProgramRun run = run_program("rules list --json");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json rules = Json::parse(run.out)["rules"];
  EXPECT_GE(rules.size(), 30U);
  for (const Json& rule : rules) {
    EXPECT_FALSE(rule["id"].is_null()) << rule["title"];
    EXPECT_TRUE(!rule["finding"].is_null() || rule["reports"] == false) << rule["title"];
  }
}

TEST(Rules, CheckTellsWhatIsRefusedAndWhy) {
  const CaseFolder folder;
  folder.add("rules/good.yml", std::string(kGoodRule));
  folder.add("rules/deep/bad.yaml", std::string(kBadRule));
  folder.add("rules/notes.txt", "no rule");
  const ProgramRun run = run_program("rules check --json '" + (folder / "rules") + "'");
  EXPECT_EQ(run.exit_code, 4);
  const Json check = Json::parse(run.out);
  EXPECT_EQ(check["loaded"], 1);
  ASSERT_EQ(check["refused"].size(), 1U);
  EXPECT_EQ(check["refused"][0]["file"], "deep/bad.yaml");
  EXPECT_EQ(check["refused"][0]["rule"], "Not ours");
  const ProgramRun text = run_program("rules check '" + (folder / "rules") + "'");
  EXPECT_NE(text.out.find("1 rule loaded, 1 refused"), std::string::npos) << text.out;
}

TEST(Rules, BadUseIsRefused) {
  const CaseFolder folder;
  folder.add("empty/x.txt", "");
  EXPECT_EQ(run_program("rules").exit_code, 2);
  EXPECT_EQ(run_program("rules show").exit_code, 2);
  EXPECT_EQ(run_program("rules check").exit_code, 2);
  EXPECT_EQ(run_program("rules check /nowhere").exit_code, 2);
  EXPECT_EQ(run_program("rules check '" + (folder / "empty") + "'").exit_code, 3);
  EXPECT_EQ(run_program("analyze --rules /nowhere " + std::string(IWAMTRACE_SOURCE_DIR) +
                        "/samples/password-reset")
                .exit_code,
            2);
}

TEST(Rules, AHitOfOnesOwnRuleIsAFindingAndNoVerdict) {
  const CaseFolder folder;
  folder.add("rules/good.yml", std::string(kGoodRule));
  const ProgramRun run =
      run_program("analyze --json --rules '" + (folder / "rules") + "' " +
                  std::string(IWAMTRACE_SOURCE_DIR) + "/samples/password-reset/evidence");
  const Json report = Json::parse(run.out);
  const auto& findings = report["findings"];
  const auto hit = std::ranges::find_if(
      findings, [](const Json& finding) { return finding["id"] == "rule_hit"; });
  ASSERT_NE(hit, findings.end()) << run.err;
  EXPECT_EQ((*hit)["rule"], "5b2f2f1c-9a70-4d4c-9f0e-0d9f3c1f7a11");
  EXPECT_EQ((*hit)["techniques"], Json({"T1078"}));
  EXPECT_EQ((*hit)["severity"], "low");
  // 528 of a .evt under a rule for 4624.
  EXPECT_NE((*hit)["statement"].get<std::string>().find("A logon: "), std::string::npos);
  EXPECT_EQ(report["compromise"]["verdict"], "no_sign");
}

Json findings_of_sql_attack(const CaseFolder& folder) {
  const ProgramRun run =
      run_program("analyze --json --rules '" + (folder / "rules") + "' " +
                  std::string(IWAMTRACE_SOURCE_DIR) + "/samples/sql-attack/evidence");
  const Json report = Json::parse(run.out);
  EXPECT_EQ(report["compromise"]["verdict"], "established") << run.err;
  return report["findings"];
}

bool has(const Json& findings, std::string_view id) {
  return std::ranges::any_of(findings, [&](const Json& finding) { return finding["id"] == id; });
}

// The verdict rests on ours, so that they are asked whatever else is.
TEST(Rules, OfAFolderStandBesideOurs) {
  const CaseFolder folder;
  folder.add("rules/good.yml", std::string(kGoodRule));
  const Json findings = findings_of_sql_attack(folder);
  EXPECT_TRUE(has(findings, "rule_hit"));
  EXPECT_TRUE(has(findings, "tool_transfer"));
}

TEST(Rules, OneWithTheIdOfOursTakesItsPlace) {
  const CaseFolder folder;
  std::string rule(kGoodRule);
  rule.replace(rule.find("5b2f2f1c"), 36, "8aa963b3-49e4-49e6-ab37-4feed171a84a");
  folder.add("rules/tool_transfer.yml", rule);
  const Json findings = findings_of_sql_attack(folder);
  EXPECT_TRUE(has(findings, "rule_hit"));
  EXPECT_FALSE(has(findings, "tool_transfer"));
}

// Whoever gives a rule a name of ours, or filters all of his own, changes nothing of ours.
TEST(Rules, NamesAndFiltersReachOnlyTheirOwnList) {
  const sigma::RuleText theirs{
      "theirs.yml",
      "title: Theirs\nname: rpc_crashed\nid: 5b2f2f1c-9a70-4d4c-9f0e-0d9f3c1f7a12\n"
      "logsource:\n  product: windows\n  service: security\n"
      "detection:\n  s:\n    EventID: 4624\n  condition: s\n"
      "---\ntitle: Often\ncorrelation:\n  type: event_count\n  rules: [rpc_crashed]\n"
      "  timespan: 1h\n  condition:\n    gte: 2\n"
      "---\ntitle: None of ours\ncorrelation:\n  type: event_count\n  rules: [logon_failed]\n"
      "  timespan: 1h\n  condition:\n    gte: 2\n"
      "---\ntitle: Nobody\nlogsource:\n  product: windows\n  service: security\n"
      "filter:\n  rules: any\n  none:\n    EventID: 1\n  condition: not none\n"};
  const sigma::RuleSet rules(std::span(&theirs, 1), sigma::own_rules());
  const sigma::RuleSet ours(sigma::own_rules());
  ASSERT_EQ(rules.refused().size(), 1U);
  EXPECT_EQ(plain(rules.refused().front().rule), "None of ours");
  EXPECT_EQ(rules.rules().size(), ours.rules().size() + 2);
  for (std::size_t i = 0; i < ours.rules().size(); ++i) {
    const DetectionRule& alone = ours.rules()[i];
    const DetectionRule& beside = rules.rules()[i + 2];
    EXPECT_EQ(beside.id, alone.id);
    EXPECT_EQ(beside.reports, alone.reports) << plain(alone.id);
    ASSERT_EQ(beside.correlation.has_value(), alone.correlation.has_value());
    for (std::size_t k = 0; alone.correlation && k < alone.correlation->rules.size(); ++k) {
      EXPECT_EQ(beside.correlation->rules[k], alone.correlation->rules[k] + 2);
    }
  }
  EXPECT_FALSE(rules.rules().front().reports);
}

TEST(Rules, WhatIsNoReadableFileIsRefusedByName) {
  const CaseFolder folder;
  folder.add("rules/good.YML", std::string(kGoodRule));
  folder.add("rules/empty.yml", "");
  folder.add("rules/bom.yml", "\xEF\xBB\xBF");
  ASSERT_EQ(mkfifo((folder / "rules/pipe.yml").c_str(), 0600), 0);
  ASSERT_EQ(symlink("nowhere", (folder / "rules/dangling.yml").c_str()), 0);
  ASSERT_EQ(symlink(".", (folder / "rules/loop").c_str()), 0);
  const ProgramRun run = run_program("rules check --json '" + (folder / "rules") + "'");
  EXPECT_EQ(run.exit_code, 4);
  const Json check = Json::parse(run.out);
  EXPECT_EQ(check["loaded"], 1);
  std::map<std::string, std::string> reasons;
  for (const Json& refused : check["refused"]) {
    reasons[refused["file"]] = refused["reason"];
  }
  const std::map<std::string, std::string> expected{
      {"bom.yml", "it holds no rule"},
      {"dangling.yml", "cannot be read: it is no regular file"},
      {"empty.yml", "it holds no rule"},
      {"pipe.yml", "cannot be read: it is no regular file"}};
  EXPECT_EQ(reasons, expected);
}

// Rules that match everything are cut short, not the log.
TEST(Rules, TheHitsOfALogAreBoundedInAll) {
  std::vector<sigma::RuleText> texts;
  for (int i = 0; i < 400; ++i) {
    texts.push_back({std::to_string(i),
                     "title: all\nlogsource:\n  product: windows\n  service: security\n"
                     "detection:\n  s:\n    EventID: 4624\n  condition: s\n"});
  }
  const sigma::RuleSet rules(texts);
  RuleHits hits(rules);
  EventRecord record;
  record.head.key = events::kLogon;
  record.head.event_id = 528;
  record.nt6_id = 4624;
  record.head.channel = Channel::kSecurity;
  std::uint64_t told = 0, asked = 0;
  for (; asked < 1000; ++asked) {
    hits.take(record, [&](const RuleHit& /*hit*/) { ++told; });
  }
  EXPECT_LE(told * sizeof(RuleHit), RuleHits::kMostBytes + sizeof(RuleHit));
  EXPECT_GT(told, 100'000U);
  std::uint64_t omitted = 0;
  for (const RuleHitsOmitted& left : hits.omitted()) {
    omitted += left.count;
  }
  EXPECT_EQ(told + omitted, asked * 400);
}

TEST(Rules, TheNavigatorLayerHasTheTechniquesOfTheFindings) {
  const ProgramRun run =
      run_program("analyze --format navigator " + std::string(IWAMTRACE_SOURCE_DIR) +
                  "/samples/sql-attack/evidence");
  const Json layer = Json::parse(run.out);
  EXPECT_EQ(layer["domain"], "enterprise-attack");
  EXPECT_EQ(layer["versions"]["layer"], "4.5");
  bool found = false;
  for (const Json& technique : layer["techniques"]) {
    EXPECT_TRUE(technique["techniqueID"].get<std::string>().starts_with("T1"));
    EXPECT_GE(technique["score"], 1);
    found = found || technique["techniqueID"] == "T1059.003";
  }
  EXPECT_TRUE(found);
}

// The shared set, where it is.
TEST(Rules, AtLeast99PercentOfTheSharedSetLoad) {
  const auto folder = data_folder() / "sigma" / "rules";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "no shared rules in " << folder;
  }
  const sigma::RuleSet rules = rules_in(folder.string());
  EXPECT_GE(rules.rules().size(), 620U);
  for (const RefusedRule& refused : rules.refused()) {
    EXPECT_FALSE(refused.reason.empty());
  }
  EXPECT_LE(100 * rules.refused().size(), rules.rules().size() + rules.refused().size());
}

}  // namespace
}  // namespace iwamtrace
