// Since when, and by whom?
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

MadeCase reset_in_sam() {
  MadeCase made;
  made.account.password_last_set = at("2004-06-14T09:31:22.4375Z");
  made.account.fingerprint = fingerprint_of_text("second");
  return made;
}

void add_history(MadeCase& made) {
  made.account.history = {fingerprint_of_text("second"), fingerprint_of_text("first")};
  made.account.history_begins_with_current = true;
}

TEST(Window, IsThePointAtWhichTheSamMovedAway) {
  MadeCase made = reset_in_sam();
  add_history(made);
  const Answers& answers = made.judge();
  ASSERT_TRUE(answers.desync.earliest && answers.desync.latest);
  EXPECT_EQ(answers.desync.earliest->time, *made.account.password_last_set);
  EXPECT_EQ(answers.desync.latest->time, *made.account.password_last_set);
  EXPECT_EQ(answers.desync.latest->citations, std::vector{made.account.password_set_where});
}

// Without a history any change since COM+'s could have been the one.
TEST(Window, OpensAtComPlusWithoutAHistory) {
  MadeCase made = reset_in_sam();
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.earliest->time, *made.secret.current.set);
  EXPECT_EQ(answers.desync.latest->time, *made.account.password_last_set);
}

TEST(Window, IsNarrowedByTheLastHealthyLogon) {
  MadeCase made = reset_in_sam();
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "4");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.earliest->time, at("2004-06-14T07:02:40Z"));
  EXPECT_EQ(answers.desync.last_success->time, at("2004-06-14T07:02:40Z"));
}

// Its twins: an interactive logon of IWAM, a batch logon of somebody else, one after the failure.
TEST(Window, IsNotNarrowedByLogonsThatProveNothing) {
  MadeCase made = reset_in_sam();
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "2");
  made.logon("2004-06-14T07:03:00Z", "IUSR_SHOP1", "4");
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  made.logon("2004-06-14T23:00:00Z", "IWAM_SHOP1", "4");
  const Answers& answers = made.judge();
  EXPECT_FALSE(answers.desync.last_success);
  EXPECT_EQ(answers.desync.earliest->time, *made.secret.current.set);
}

TEST(Window, FirstFailureIsOneThatBearsOnTheLogon) {
  MadeCase made = reset_in_sam();
  made.dcom_timeout("2004-06-14T20:00:00Z");
  made.not_loaded("2004-06-14T22:11:01Z", "8000401A");
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  EXPECT_EQ(made.judge().desync.first_failure->time, at("2004-06-14T22:11:01Z"));
}

TEST(Window, OfTheMetabaseLiesBetweenTwoVersions) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.source(kLiveMetabase).modified = at("2004-06-14T11:21:05Z");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.earliest->time, at("2004-06-01T03:00:00Z"));
  EXPECT_EQ(answers.desync.latest->time, at("2004-06-14T11:21:05Z"));
}

TEST(Window, IsNoneWithoutACause) {
  MadeCase made;
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang");
  const Answers& answers = made.judge();
  EXPECT_FALSE(answers.desync.earliest || answers.desync.latest || answers.desync.actor);
}

TEST(Actor, IsTheOneWhoSetThePasswordInTheWindow) {
  MadeCase made = reset_in_sam();
  add_history(made);
  made.password_set("2004-06-01T08:00:00Z", "IWAM_SHOP1", "earlier");
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang");
  made.password_set("2004-06-14T09:31:22Z", "IUSR_SHOP1", "somebody");
  made.password_set("2004-06-14T21:00:00Z", "IWAM_SHOP1", "later");
  const Answers& answers = made.judge();
  ASSERT_TRUE(answers.desync.actor);
  EXPECT_EQ(plain(answers.desync.actor->account), "SHOP1\\mlang");
  EXPECT_EQ(answers.desync.actor->logon_id, 0x1F3A2U);
}

TEST(Actor, AFailedAttemptIsNoDeed) {
  MadeCase made = reset_in_sam();
  add_history(made);
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang").level = Level::kAuditFailure;
  EXPECT_FALSE(made.judge().desync.actor);
}

TEST(Actor, IsNotObservableWithoutTheEvent) {
  MadeCase made = reset_in_sam();
  add_history(made);
  EXPECT_FALSE(made.judge().desync.actor);
}

TEST(Story, IsToldInTheOrderOfTime) {
  MadeCase made = reset_in_sam();
  add_history(made);
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  made.event(kSystemLog, "2004-06-14T22:10:17Z", events::kLogStarted, 6005, {});
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang");
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "4");
  std::vector<std::string> told;
  for (const Moment& moment : made.judge().story) {
    told.push_back(plain(moment.statement));
    EXPECT_FALSE(moment.citations.empty());
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{"COM+ gets its present password",
                                      "IWAM_SHOP1 logged on as a batch job: still healthy",
                                      "SHOP1\\mlang sets the password of IWAM_SHOP1",
                                      "the server restarts; until then the old process served",
                                      "DCOM 10004, 1326: unknown user name or bad password"}));
}

// A boot before the change explains nothing.
TEST(Story, ARestartCountsOnlyBetweenChangeAndFailure) {
  MadeCase made = reset_in_sam();
  add_history(made);
  made.event(kSystemLog, "2004-06-13T22:10:17Z", events::kLogStarted, 6005, {});
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  for (const Moment& moment : made.judge().story) {
    EXPECT_FALSE(moment.statement.view().contains("restarts"));
  }
}

}  // namespace
}  // namespace iwamtrace
