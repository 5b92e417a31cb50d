// The system set the password: was it IIS? And the clock, and names of former days.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kSet = "2004-06-14T09:31:22Z";

EventRecord& set_by_system(MadeCase& made) {
  return made.event(kSecurityLog, kSet, events::kPasswordReset, 628,
                    {{"TargetUserName", "IWAM_SHOP1"},
                     {"SubjectUserName", "SHOP1$"},
                     {"SubjectDomainName", "WORKGROUP"},
                     {"SubjectLogonId", "(0x0,0x3E7)"}});
}

void service_runs(MadeCase& made, std::string_view time) {
  made.event(kSystemLog, time, events::kServiceChangedState, 7036,
             {{"ServiceName", "IIS Admin Service"}, {"State", "running"}});
}

// SAM and metabase hold a new password, COM+ the former.
MadeCase resynchronised() {
  MadeCase made = reset_in_sam();
  made.old_metabase.fingerprint = fingerprint_of_text("first");
  made.live_metabase.fingerprint = fingerprint_of_text("second");
  made.live_metabase.password_cipher = "22ee";
  set_by_system(made);
  return made;
}

TEST(SetBySystem, NearAStartOfIisWithTheMetabasesPasswordWasIis) {
  MadeCase made = resynchronised();
  service_runs(made, "2004-06-14T09:31:40Z");
  const Answers& answers = made.judge();
  EXPECT_TRUE(has_finding(answers, "iis_resynchronised"));
  EXPECT_FALSE(has_finding(answers, "password_set_by_system"));
}

TEST(SetBySystem, WithoutTheEqualityItStaysARival) {
  MadeCase made = reset_in_sam();  // the metabase keeps what COM+ has
  set_by_system(made);
  service_runs(made, "2004-06-14T09:31:40Z");
  const Answers& answers = made.judge();
  EXPECT_FALSE(has_finding(answers, "iis_resynchronised"));
  EXPECT_TRUE(has_finding(answers, "password_set_by_system"));
  EXPECT_EQ(plain(answers.desync.actor->unlinked_because).find("IIS"), std::string::npos);
}

TEST(SetBySystem, FarFromAStartWasSomethingElse) {
  MadeCase made = resynchronised();
  service_runs(made, "2004-06-14T08:31:40Z");
  const Answers& answers = made.judge();
  EXPECT_FALSE(has_finding(answers, "iis_resynchronised"));
  EXPECT_TRUE(has_finding(answers, "password_set_by_system"));
}

// Windows 2000 logs no start of a service.
TEST(SetBySystem, WithoutRecordsOfServicesTheStartOfWindowsCounts) {
  MadeCase made = resynchronised();
  made.event(kSystemLog, "2004-06-14T09:29:00Z", events::kLogStarted, 6005, {});
  EXPECT_TRUE(has_finding(made.judge(), "iis_resynchronised"));
}

TEST(SetBySystem, APersonsSetIsNone) {
  MadeCase made = reset_in_sam();
  made.password_set(kSet, "IWAM_SHOP1", "mlang");
  service_runs(made, "2004-06-14T09:31:40Z");
  const Answers& answers = made.judge();
  EXPECT_FALSE(has_finding(answers, "iis_resynchronised"));
  EXPECT_FALSE(has_finding(answers, "password_set_by_system"));
}

// ---- the clock ----

bool limits_mention(const Answers& answers, std::string_view words) {
  const std::vector<std::string> limits = limits_of(answers);
  return std::ranges::any_of(
      limits, [&](const std::string& limit) { return limit.find(words) != std::string::npos; });
}

TEST(Clock, ThatWentBackWithinTheWindowIsSaid) {
  MadeCase made = reset_in_sam();
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "4");
  made.event(kSystemLog, "2004-06-14T12:00:00Z", events::kServiceChangedState, 7036,
             {{"ServiceName", "Telnet"}, {"State", "running"}});
  made.event(kSystemLog, "2004-06-14T10:00:00Z", events::kServiceChangedState, 7036,
             {{"ServiceName", "Telnet"}, {"State", "stopped"}});
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  const Answers& answers = made.judge();
  EXPECT_TRUE(has_finding(answers, "log_time_reversal"));
  EXPECT_TRUE(limits_mention(answers, "The clock was set on 2004-06-14 10:00:00 UTC"));
}

Severity severity_of(const Answers& answers, std::string_view id) {
  const auto found = std::ranges::find(answers.findings, id, &Finding::id);
  return found == answers.findings.end() ? Severity::kInfo : found->severity;
}

// Nobody tampered: virtual machines start with a clock in local time.
TEST(Clock, SetRightAfterAStartIsOnlySaid) {
  const auto stepped = [](bool after_start) {
    MadeCase made;
    if (after_start) {
      made.event(kSystemLog, "2004-06-14T11:58:00Z", events::kLogStarted, 6005, {});
    }
    for (const char* time : {"2004-06-14T12:00:00Z", "2004-06-14T10:00:00Z"}) {
      made.event(kSystemLog, time, events::kServiceChangedState, 7036,
                 {{"ServiceName", "Telnet"}, {"State", "running"}});
    }
    return made;
  };
  MadeCase started = stepped(true);
  EXPECT_EQ(severity_of(started.judge(), "log_time_reversal"), Severity::kInfo);
  EXPECT_TRUE(has_finding(started.judge(), "log_time_reversal"));
  MadeCase running = stepped(false);
  EXPECT_EQ(severity_of(running.judge(), "log_time_reversal"), Severity::kMedium);
}

TEST(Clock, RecordsThatJostleAreNoStep) {
  MadeCase made = reset_in_sam();
  for (const char* time : {"2004-06-14T12:00:05Z", "2004-06-14T12:00:01Z"}) {
    made.event(kSystemLog, time, events::kServiceChangedState, 7036,
               {{"ServiceName", "Telnet"}, {"State", "running"}});
  }
  EXPECT_FALSE(has_finding(made.judge(), "log_time_reversal"));
}

void clock_set(MadeCase& made, std::string_view user, std::string_view logon_id) {
  made.event(kSecurityLog, "2004-06-14T12:00:00Z", events::kClockChanged, 520,
             {{"SubjectUserName", user},
              {"SubjectDomainName", "SHOP1"},
              {"SubjectLogonId", logon_id},
              {"PreviousTime", "2:00:09 PM 6/14/2004"},
              {"NewTime", "1:00:00 PM 6/14/2004"}});
}

TEST(Clock, SetByAPersonIsSaidWithBothTimes) {
  MadeCase made = reset_in_sam();
  clock_set(made, "mlang", "(0x0,0x1F3A2)");
  const Answers& answers = made.judge();
  const auto found = std::ranges::find(answers.findings, "clock_changed", &Finding::id);
  ASSERT_NE(found, answers.findings.end());
  EXPECT_EQ(plain(found->statement),
            "SHOP1\\mlang set the clock from 2:00:09 PM 6/14/2004 to 1:00:00 PM 6/14/2004 (local "
            "time as the log has it)");
}

TEST(Clock, SetByTheTimeServiceIsNoFinding) {
  MadeCase made = reset_in_sam();
  clock_set(made, "LOCAL SERVICE", "(0x0,0x3E5)");
  EXPECT_FALSE(has_finding(made.judge(), "clock_changed"));
}

// ---- a renamed computer ----

TEST(RenamedComputer, ItsFormerNameIsNoDomain) {
  MadeCase made;
  made.account.name = say("IWAM_OLD");
  made.old_metabase.wam_user_name = made.live_metabase.wam_user_name = say("OLD\\IWAM_OLD");
  const Answers& answers = made.judge();
  EXPECT_TRUE(answers.iwam.domain.empty());
  EXPECT_EQ(plain(answers.iwam.user_name), "IWAM_OLD");
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_NE(standing_of(answers, "metabase_from_other_server"), Standing::kEstablished);
}

// An account of a domain that this SAM does not have stays one.
TEST(RenamedComputer, ADomainStaysADomain) {
  MadeCase made;
  made.account.name = say("IWAM_SHOP1");
  made.old_metabase.wam_user_name = made.live_metabase.wam_user_name = say("CORP\\IWAM_CORP");
  EXPECT_EQ(plain(made.judge().iwam.domain), "CORP");
}

}  // namespace
}  // namespace iwamtrace
