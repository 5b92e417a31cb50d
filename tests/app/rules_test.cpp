// Rules from the command line to the report: rules list and check, --rules, hits as findings.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/rule_files.h"
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
