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

// Its twins: an interactive logon of IWAM, a batch logon of somebody else.
TEST(Window, IsNotNarrowedByLogonsThatProveNothing) {
  MadeCase made = reset_in_sam();
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "2");
  made.logon("2004-06-14T07:03:00Z", "IUSR_SHOP1", "4");
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
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
  made.not_loaded("2004-06-14T11:30:00Z", "8000401A");
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
  const Answers& answers = made.judge();
  ASSERT_TRUE(answers.desync.actor);
  EXPECT_EQ(plain(answers.desync.actor->account), "SHOP1\\mlang");
  EXPECT_EQ(answers.desync.actor->logon_id, 0x1F3A2U);
}

// A former account of the name, one of a domain, and a leftover of a former life of the log.
TEST(Actor, IsNobodyWhoSetAnotherAccountsPassword) {
  for (const auto& [name, value] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"TargetSid", "%{S-1-5-21-1-2-3-1099}"}, {"TargetDomainName", "CORP"}}) {
    MadeCase made = reset_in_sam();
    add_history(made);
    EventRecord& record = made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang");
    const EventRecord::Piece piece = record.add_text(name);
    record.add_field(piece, record.add_text(value));
    EXPECT_FALSE(made.judge().desync.actor) << name;
  }
  MadeCase made = reset_in_sam();
  add_history(made);
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang").origin = Origin::kRecovered;
  EXPECT_FALSE(made.judge().desync.actor);
}

// The SAM dates the set that lasted; another one within a wide window is not it.
TEST(Actor, IsNotTheOneOfAnotherDay) {
  MadeCase made = reset_in_sam();
  made.password_set("2004-06-10T09:31:22Z", "IWAM_SHOP1", "alice");
  EXPECT_FALSE(made.judge().desync.actor);
}

TEST(Actor, OfALogFromAnotherComputerIsNobody) {
  MadeCase made = reset_in_sam();
  add_history(made);
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "jdoe");
  made.source(kSecurityLog).summary.computer = say("SHOP2");
  EXPECT_FALSE(made.judge().desync.actor);
}

// COM+ has the password of two changes ago: a version of the metabase tells that by then the SAM
// had been changed once.
TEST(Window, ClosesWithAMetabaseThatHoldsALaterPasswordOfTheSam) {
  MadeCase made;
  made.account.password_last_set = at("2004-06-20T00:00:00Z");
  made.account.fingerprint = fingerprint_of_text("third");
  made.account.history = {fingerprint_of_text("third"), fingerprint_of_text("second"),
                          fingerprint_of_text("first")};
  made.account.history_begins_with_current = true;
  made.account.key_written = at("2004-06-21T00:00:00Z");
  made.old_metabase.fingerprint = made.live_metabase.fingerprint = fingerprint_of_text("second");
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "multiple_changes");
  EXPECT_EQ(answers.desync.latest->time, at("2004-06-01T03:00:00Z"));
  EXPECT_EQ(answers.desync.latest->citations.front(), made.old_metabase.password_where);
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
            (std::vector<std::string>{"IWAM_SHOP1 logged on as a batch job: still healthy",
                                      "SHOP1\\mlang sets the password of IWAM_SHOP1",
                                      "the server restarts: the next start needs a logon",
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
