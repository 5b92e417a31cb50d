// Where applications run, whether the fault reaches them there, and the test with AppIsolated.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

using Protection = ApplicationAnswer::Protection;

MetabaseApplication application(SourceId file, std::string_view location, std::uint32_t isolated) {
  return {Citation{file, 0x200 + location.size(), {}, say(location, "/AppIsolated")}, isolated};
}

const ApplicationAnswer& only(const Answers& answers) {
  EXPECT_EQ(answers.applications.size(), 1U);
  return answers.applications.front();
}

std::string moved(const Answers& answers) {
  for (const Finding& finding : answers.findings) {
    if (finding.id == "application_moved") {
      return plain(finding.statement);
    }
  }
  return {};
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST(Applications, TheFaultReachesWhatIsPooled) {
  MadeCase made = reset_in_sam();
  made.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 2)};
  made.not_loaded("2004-06-14T22:11:02Z", "8000401A");
  const ApplicationAnswer& root = only(made.judge());
  EXPECT_EQ(root.protection, Protection::kPooled);
  EXPECT_EQ(root.reached, true);
  EXPECT_EQ(plain(root.location), "/LM/W3SVC/1/ROOT");
  EXPECT_EQ(root.citations.front().source, kLiveMetabase);
}

TEST(Applications, InsideIisNobodyNeedsTheLogon) {
  MadeCase made = reset_in_sam();
  made.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 0)};
  const ApplicationAnswer& root = only(made.judge());
  EXPECT_EQ(root.protection, Protection::kLow);
  EXPECT_EQ(root.reached, false);
}

// Its process is started as the same account, and what the SAM refuses it refuses there too. What
// was changed in the pool's copy alone may not reach it: its package has another.
TEST(Applications, HighProtectionSharesTheAccountAndNotTheCopies) {
  MadeCase reset = reset_in_sam();
  reset.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 1)};
  EXPECT_EQ(only(reset.judge()).reached, true);
  MadeCase edited;
  edited.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 1)};
  edited.secret.current.fingerprint = fingerprint_of_text("second");
  edited.secret.current.set = at("2004-06-14T09:31:22Z");
  edited.secret.previous.fingerprint = fingerprint_of_text("first");
  const Answers& answers = edited.judge();
  ASSERT_EQ(answers.desync.cause, "com_plus_changed_alone");
  EXPECT_EQ(only(answers).reached, std::nullopt);
}

TEST(Applications, InWorkerProcessModeTheProtectionMeansNothing) {
  MadeCase made = reset_in_sam();
  made.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 2)};
  made.live_metabase.iis5_isolation_mode = false;
  made.live_metabase.isolation_mode_where = Citation{kLiveMetabase, 0x900, {}, say("/LM/W3SVC")};
  const ApplicationAnswer& root = only(made.judge());
  EXPECT_EQ(root.protection, Protection::kWorkerProcess);
  EXPECT_EQ(root.reached, false);
}

TEST(Applications, WithoutAFaultNothingIsReached) {
  MadeCase made;
  made.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", 2)};
  EXPECT_EQ(only(made.judge()).reached, std::nullopt);
}

TEST(Applications, TemplatesOfSetupAreNoApplications) {
  MadeCase made;
  made.live_metabase.applications = {
      application(kLiveMetabase, "/LM/W3SVC/Info/Templates/Public Web Site", 2)};
  EXPECT_TRUE(made.judge().applications.empty());
}

// ---- the experiment: the versions are saved on 2004-06-01 and 2004-06-14 ----

MadeCase moved_to(std::uint32_t from, std::uint32_t to) {
  MadeCase made = reset_in_sam();
  made.old_metabase.applications = {application(kOldMetabase, "/LM/W3SVC/1/ROOT", from)};
  made.live_metabase.applications = {application(kLiveMetabase, "/LM/W3SVC/1/ROOT", to)};
  return made;
}

void not_loaded(MadeCase& made, std::string_view time, std::string_view application) {
  made.event(kSystemLog, time, events::kApplicationNotLoaded, 36,
             {{"Application", application}, {"Error", "8000401A"}});
}

TEST(AppIsolated, WhatWorksInsideIisFailsAtTheStartOfItsProcess) {
  MadeCase made = moved_to(2, 0);
  not_loaded(made, "2004-06-10T08:00:00Z", "/LM/W3SVC/1/Root");
  not_loaded(made, "2004-06-10T09:00:00Z", "/LM/W3SVC/1/Root");
  not_loaded(made, "2004-06-15T09:00:00Z", "/LM/W3SVC/1/Root/shop");
  const Answers& answers = made.judge();
  const std::string text = moved(answers);
  EXPECT_TRUE(says(text, "from medium (pooled) to low")) << text;
  EXPECT_TRUE(says(text,
                   "2 failures to load it before and none since, and one failure of other "
                   "applications: if anybody asked for it, the start of dllhost.exe "
                   "fails"))
      << text;
  EXPECT_TRUE(says(text, "may still act as SYSTEM")) << text;
  const auto back = std::ranges::find_if(answers.remediation, [](const RepairStep& step) {
    return plain(step.command).find("appisolated") != std::string::npos;
  });
  ASSERT_NE(back, answers.remediation.end());
  EXPECT_TRUE(says(plain(back->command), "adsutil.vbs set W3SVC/1/ROOT/appisolated 2"));
}

TEST(AppIsolated, WhatFailsInsideIisTooFailsOfItself) {
  MadeCase made = moved_to(2, 0);
  not_loaded(made, "2004-06-10T08:00:00Z", "/LM/W3SVC/1/Root");
  not_loaded(made, "2004-06-15T08:00:00Z", "/LM/W3SVC/1/Root");
  const std::string text = moved(made.judge());
  EXPECT_TRUE(says(text, "one failure to load it since, although it needs no dllhost.exe")) << text;
  EXPECT_FALSE(says(text, "the start of dllhost.exe fails")) << text;
}

TEST(AppIsolated, WhatFailsOnlySinceItLeftIisFailsAtTheStart) {
  MadeCase made = moved_to(0, 2);
  not_loaded(made, "2004-06-15T08:00:00Z", "/LM/W3SVC/1/Root");
  const std::string text = moved(made.judge());
  EXPECT_TRUE(says(text, "no failure to load it before and one failure since")) << text;
  EXPECT_FALSE(says(text, "SYSTEM")) << text;
}

TEST(AppIsolated, WithoutFailuresNothingIsProved) {
  MadeCase made = moved_to(2, 0);
  EXPECT_TRUE(says(moved(made.judge()), "no failure of it is in the logs"));
}

TEST(AppIsolated, UnchangedIsNoFinding) {
  MadeCase made = moved_to(2, 2);
  not_loaded(made, "2004-06-15T08:00:00Z", "/LM/W3SVC/1/Root");
  EXPECT_EQ(moved(made.judge()), "");
}

}  // namespace
}  // namespace iwamtrace
