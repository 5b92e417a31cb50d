// Was each sample's server broken into, and how? And that nobody is convicted who only looks like
// it: neither an innocent twin, nor any of the other samples, nor with a part of the evidence.
#include <array>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "make/cases.h"
#include "tests/support/case_folder.h"

namespace iwamtrace {
namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

struct Row {
  std::string_view name, verdict, kind, link;
  std::string_view techniques;  // one behind the other
};

constexpr std::array kGuilty{
    Row{"sql-attack", "established", "sql_server_attack", "same_minute",
        "T1059.003 T1098 T1105 T1110.001 T1136.001 T1505.001"},
    Row{"rpc-worm", "established", "rpc_worm", "", "T1210 T1543.003"},
    Row{"web-attack", "established", "web_server_attack", "", "T1105 T1190 T1505.003"},
    Row{"insider", "established", "insider_misuse", "same_day", "T1070.001 T1562.002 T1564.002"},
};

const Row* guilty(std::string_view name) {
  const auto* const found = std::ranges::find(kGuilty, name, &Row::name);
  return found == kGuilty.end() ? nullptr : found;
}

Json compromise_of(const CaseFolder& folder, const std::string& name, const std::string& files) {
  const ProgramRun run =
      run_program("analyze --json " + files, "cd '" + (folder / name) + "' && COLUMNS=80");
  return Json::parse(run.out)["compromise"];
}

void restore(const CaseFolder& folder, const std::string& name) {
  const std::string samples = std::string(IWAMTRACE_SOURCE_DIR) + "/samples/";
  // NOLINTNEXTLINE(cert-env33-c): the script is under test too
  ASSERT_EQ(std::system((samples + "restore.sh " + name + " '" + (folder / name) + "'").c_str()),
            0);
}

std::string text_or_nothing(const Json& value) {
  return value.is_null() ? std::string{} : value.get<std::string>();
}

class Intrusion : public testing::TestWithParam<SampleCase> {};

TEST_P(Intrusion, IsSeenWhereThereIsOneAndNowhereElse) {
  const std::string name(GetParam().name);
  const CaseFolder folder;
  restore(folder, name);
  const Json compromise = compromise_of(folder, name, ".");
  const Row* row = guilty(name);
  if (row == nullptr) {
    EXPECT_EQ(compromise["verdict"], "no_sign") << compromise.dump(1);
    EXPECT_TRUE(compromise["storyline"].empty());
    return;
  }
  EXPECT_EQ(compromise["verdict"], row->verdict) << compromise.dump(1);
  EXPECT_EQ(compromise["kind"], row->kind);
  EXPECT_EQ(text_or_nothing(compromise["desync_link"]), row->link);
  const auto techniques = compromise["techniques"].get<Texts>();
  std::istringstream expected{std::string(row->techniques)};
  for (std::string technique; expected >> technique;) {
    EXPECT_NE(std::ranges::find(techniques, technique), techniques.end()) << technique;
  }
  const Json& storyline = compromise["storyline"];
  ASSERT_FALSE(storyline.empty());
  for (std::size_t i = 0; i < storyline.size(); ++i) {
    EXPECT_FALSE(storyline[i]["citations"].empty());
    EXPECT_TRUE(i == 0 || storyline[i - 1]["time"] <= storyline[i]["time"]);
  }
}

TEST_P(Intrusion, LessEvidenceNeverTellsOfAnother) {
  const std::string name(GetParam().name);
  const CaseFolder folder;
  restore(folder, name);
  const Row* row = guilty(name);
  for (const char* files :
       {"config/SysEvent.Evt", "config/SecEvent.Evt", "config/SAM config/SYSTEM config/SOFTWARE",
        "config/SysEvent.Evt config/SecEvent.Evt", "inetsrv"}) {
    const Json compromise = compromise_of(folder, name, files);
    if (compromise.is_null()) {
      continue;
    }
    const std::string verdict = compromise["verdict"];
    const bool convicts = verdict == "established" || verdict == "suspected";
    EXPECT_TRUE(!convicts || row != nullptr) << files << compromise.dump(1);
    if (convicts && row != nullptr) {
      // An account that is hidden tells of somebody, not of how he came in.
      EXPECT_TRUE(compromise["kind"] == row->kind || compromise["kind"] == "unknown_way")
          << files << compromise.dump(1);
    }
  }
}

// SQL Server 2000 writes no logins down unless it is told to, and no metabase is in many a case:
// what is left raises a suspicion, and none where an administrator works or the internet knocks.
TEST(IntrusionWithoutItsBeginning, RaisesASuspicionStill) {
  constexpr std::string_view kWithoutApplicationLog =
      "config/SAM config/SECURITY config/SYSTEM config/SOFTWARE config/SysEvent.Evt "
      "config/SecEvent.Evt";
  struct Expected {
    std::string_view name, verdict, kind;
  };
  for (const Expected& row :
       {Expected{"sql-attack", "suspected", "sql_server_attack"},
        Expected{"web-attack", "suspected", "web_server_attack"},
        Expected{"sql-installation", "no_sign", ""}, Expected{"administrators-day", "no_sign", ""},
        Expected{"noisy-server", "no_sign", ""}}) {
    const CaseFolder folder;
    const std::string name(row.name);
    restore(folder, name);
    const Json compromise = compromise_of(folder, name, std::string(kWithoutApplicationLog));
    EXPECT_EQ(compromise["verdict"], row.verdict) << name << compromise.dump(1);
    EXPECT_EQ(text_or_nothing(compromise["kind"]), row.kind) << name;
  }
}

std::string test_name(const testing::TestParamInfo<SampleCase>& tested) {
  std::string name(tested.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Samples, Intrusion,
                         testing::ValuesIn(all_sample_cases().begin(), all_sample_cases().end()),
                         test_name);

}  // namespace
}  // namespace iwamtrace
