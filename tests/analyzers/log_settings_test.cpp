// Where and for how long the server kept its logs, and what that hides.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kUsual = R"(%SystemRoot%\system32\config\SecEvent.Evt)";

LogSettings security(std::string_view file, std::uint32_t max_size, std::uint32_t retention) {
  return {{kSystemHive, 0x2000, {}, {}}, say("Security"), say(file), max_size, retention,
          at("2004-06-14T09:00:00Z")};
}

const Answers& judge(MadeCase& made, const LogSettings& settings) {
  made.more.push_back(settings);
  return made.judge();
}

const Sign* restricted(const Answers& answers) {
  const auto found = std::ranges::find_if(
      answers.signs, [](const Sign& sign) { return sign.finding.id == "audit_disabled"; });
  return found == answers.signs.end() ? nullptr : &*found;
}

TEST(LogSettings, AsWindowsSetsThemNothingIsTold) {
  for (const std::string_view file :
       {kUsual, std::string_view{R"(C:\WINNT\System32\config\SecEvent.Evt)"},
        std::string_view{R"(%SystemRoot%\System32\Winevt\Logs\Security.evtx)"}}) {
    MadeCase made;
    const Answers& answers = judge(made, security(file, 0x80000, 7 * 86'400));
    EXPECT_EQ(restricted(answers), nullptr) << file;
    EXPECT_FALSE(has_limit(answers, "The Security log")) << file;
  }
}

TEST(LogSettings, ALogThatWasMovedIsNamedAndAskedForThere) {
  MadeCase made;
  made.source(kSecurityLog).summary.records = 0;
  made.not_loaded("2004-06-14T10:00:00Z", "General access denied error");
  const Answers& answers = judge(made, security(R"(D:\logs\sec.evt)", 0x80000, 0));
  EXPECT_TRUE(has_limit(answers, R"(The Security log was written to D:\logs\sec.evt when SYSTEM)"));
  EXPECT_TRUE(std::ranges::any_of(answers.wanted, [](const WantedEvidence& wanted) {
    return plain(wanted.path) == R"(D:\logs\sec.evt)";
  }));
  ASSERT_NE(restricted(answers), nullptr);
  EXPECT_EQ(restricted(answers)->finding.time, at("2004-06-14T09:00:00Z"));
  EXPECT_EQ(restricted(answers)->finding.citations.front().offset, 0x2000U);
}

TEST(LogSettings, ASmallLogOrAMovedOneConvictsNobody) {
  MadeCase made;
  const Answers& answers = judge(made, security(R"(D:\logs\sec.evt)", 0x10000, 0));
  EXPECT_TRUE(has_limit(answers, "holds 64 KB"));
  EXPECT_TRUE(std::ranges::all_of(answers.signs, &Sign::ordinary));
  EXPECT_TRUE(std::ranges::all_of(answers.findings, [](const Finding& finding) {
    return finding.id != "audit_disabled" || finding.severity == Severity::kInfo;
  }));
  EXPECT_GT(answers.compromise.verdict, CompromiseVerdict::kSuspected);

  MadeCase twin;
  EXPECT_EQ(restricted(judge(twin, security(kUsual, 0x20000, 0))), nullptr);
}

TEST(LogSettings, ALogThatIsNeverOverwrittenFallsSilent) {
  MadeCase made;
  EXPECT_TRUE(has_limit(judge(made, security(kUsual, 0x80000, LogSettings::kNeverOverwritten)),
                        "full at 512 KB it takes no more"));
  MadeCase twin;
  EXPECT_FALSE(has_limit(judge(twin, security(kUsual, 0x80000, 0)), "takes no more"));
}

}  // namespace
}  // namespace iwamtrace
