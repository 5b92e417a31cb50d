// Which session did an act come from?
#include "analyzers/logon_sessions.h"

#include <gtest/gtest.h>

#include "tests/analyzers/session_examples.h"

namespace iwamtrace {
namespace {

TEST(LogonSession, OfNt5IsFoundByItsLogonId) {
  MadeCase made = changed_by_mlang();
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(plain(actor.account), "SHOP1\\mlang");
  EXPECT_EQ(actor.logon_type, 10U);
  EXPECT_EQ(plain(actor.workstation), "MLANG-PC");
  EXPECT_EQ(plain(actor.address), "10.2.0.15");
  EXPECT_EQ(actor.logon_time, at(kLogonTime));
  EXPECT_EQ(plain(actor.link),
            "SHOP1\\mlang logged on by remote desktop from 10.2.0.15 (MLANG-PC) on 2004-06-14 "
            "09:29:05 UTC; logon id as in the record, (0x0,0x1F3A2); package Negotiate; logon "
            "process User32; port 1044");
  EXPECT_EQ(records_of(actor), (std::vector<std::uint64_t>{3, 2}));  // the act, the logon
}

TEST(LogonSession, OfNt6IsFoundAlthoughTheAccountWasRenamed) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 4608, {});
  logon_4624(made, kLogonTime, kMlangSid, "lang", "0x1f3a2");
  security(made, kAct, 4724,
           {"IWAM_SHOP1", "SHOP1", "S-1-5-21-1-2-3-1004", kMlangSid, "mlang", "SHOP1", "0x1f3a2"});
  const Actor& actor = actor_in(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(plain(actor.address), "10.2.0.15");
  // Winlogon names the server itself as the workstation: that is nowhere to come from.
  EXPECT_EQ(told_of(actor),
            (std::vector<std::string>{"SHOP1\\mlang logged on by remote desktop from 10.2.0.15"}));
}

TEST(LogonSession, IsAMomentOfTheStoryBeforeTheAct) {
  MadeCase made = changed_by_mlang();
  act(made);
  const std::vector<Moment>& story = made.judge().story;
  const auto logon = std::ranges::find(story, at(kLogonTime), &Moment::time);
  ASSERT_NE(logon, story.end());
  EXPECT_EQ(plain(logon->statement),
            "SHOP1\\mlang logged on by remote desktop from 10.2.0.15 (MLANG-PC)");
  EXPECT_EQ(plain((logon + 1)->statement), "SHOP1\\mlang sets the password of IWAM_SHOP1");
}

// The innocent twin: an administrator who was there in the same minute.
TEST(LogonSession, IsNotThatOfSomebodyElseInTheSameMinute) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "alice", "(0x0,0x20000)", "10", "ALICE-PC", "10.2.0.99");
  expect_unlinked(act(made), "no logon with the logon id (0x0,0x1F3A2)");
  for (const Moment& moment : made.judge().story) {
    EXPECT_FALSE(moment.statement.view().contains("alice"));
  }
  logon_528(made, "2004-06-14T09:29:06Z", "mlang", kId);
  EXPECT_EQ(made.judge().desync.actor->linked, false);  // written behind the act
}

// Nor where a record gives the id to another account: something is wrong, nobody is named.
TEST(LogonSession, OfAnotherAccountIsNoLink) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "alice", kId);
  expect_unlinked(act(made), "is that of a logon of alice");
}

TEST(LogonSession, DoesNotOutliveARestart) {
  for (const std::uint16_t edge : std::vector<std::uint16_t>{512, 513}) {
    MadeCase made = reset_in_sam();
    security(made, "2004-06-13T05:00:00Z", 512, {});
    logon_528(made, "2004-06-13T08:00:00Z", "mlang", kId, "10", "EVIL-PC", "10.6.6.6");
    security(made, kBoot, edge, {});
    const Actor& actor = act(made);
    expect_unlinked(actor, "no logon with the logon id (0x0,0x1F3A2)");
  }
}

TEST(LogonSession, ARestartIsKnownFromTheSystemLogToo) {
  for (const auto& [key, id] :
       std::vector<std::pair<EventKey, std::uint16_t>>{{events::kLogStarted, 6005},
                                                       {events::kLogStopped, 6006},
                                                       {events::kUnexpectedShutdown, 6008},
                                                       {events::kWindowsVersion, 6009}}) {
    MadeCase made = changed_by_mlang();
    made.event(kSystemLog, "2004-06-14T09:30:00Z", key, id, {});
    expect_unlinked(act(made), "not observable");
  }
}

// With Windows begins the session of SYSTEM, which stands among the logons.
TEST(LogonSession, ARestartIsKnownFromTheFirstLogon) {
  MadeCase made = reset_in_sam();
  logon_528(made, kBoot, "-", "(0x0,0x3E7)", "0");
  logon_528(made, kLogonTime, "mlang", kId);
  EXPECT_TRUE(act(made).linked);

  MadeCase crossed = changed_by_mlang();
  logon_528(crossed, "2004-06-14T09:30:00Z", "-", "(0x0,0x3E7)", "0");
  expect_unlinked(act(crossed), "since Windows was started on 2004-06-14 09:30:00 UTC");
}

TEST(LogonSession, OfTheSameIdBehindTheNextRestartIsAnother) {
  MadeCase made = changed_by_mlang();
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  security(made, "2004-06-14T11:00:00Z", 512, {});
  logon_528(made, "2004-06-14T12:00:00Z", "alice", kId, "10", "ALICE-PC", "10.2.0.99");
  const Actor& actor = actor_in(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(plain(actor.address), "10.2.0.15");
}

TEST(LogonSession, OfTheSameIdBeforeTheLastRestartIsAnother) {
  MadeCase made = reset_in_sam();
  security(made, "2004-06-13T05:00:00Z", 512, {});
  logon_528(made, "2004-06-13T08:00:00Z", "alice", kId, "10", "ALICE-PC", "10.2.0.99");
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "mlang", kId);
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(plain(actor.address), "10.2.0.15");
}

TEST(LogonSession, BehindTheActIsNoLink) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  logon_528(made, "2004-06-14T09:40:00Z", "mlang", kId);
  expect_unlinked(actor_in(made), "before the act the Security log has no logon");
}

TEST(LogonSession, ThatEndedBeforeTheActIsNoLink) {
  for (const std::uint16_t id : std::vector<std::uint16_t>{538, 551}) {
    MadeCase made = changed_by_mlang();
    logoff(made, "2004-06-14T09:30:00Z", id, "(0x0,0x1f3a2)");  // in small letters, as 551 has it
    expect_unlinked(act(made), "had ended on 2004-06-14 09:30:00 UTC");
  }
  MadeCase made = changed_by_mlang();
  logoff(made, "2004-06-14T09:30:00Z", 551, "(0x0,0x20000)");
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  logoff(made, "2004-06-14T09:40:00Z", 551, kId);
  EXPECT_TRUE(actor_in(made).linked);
}

TEST(LogonSession, IsNotEndedByTheLogoffOfAFormerOne) {
  MadeCase made = reset_in_sam();
  security(made, "2004-06-13T05:00:00Z", 512, {});
  logoff(made, "2004-06-13T09:00:00Z", 551, kId);
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "mlang", kId);
  EXPECT_TRUE(act(made).linked);
}

// NT6 may write what happened within a second in another order; the times are exact.
TEST(LogonSession, MayEndInARecordBeforeTheAct) {
  MadeCase made = changed_by_mlang();
  logoff(made, "2004-06-14T09:31:22.5Z", 551, kId);
  EXPECT_TRUE(act(made).linked);
}

// With the act in one second: the numbers of the records tell.
TEST(LogonSession, MayEndInTheSecondOfTheAct) {
  MadeCase made = changed_by_mlang();
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  logoff(made, kAct, 551, kId);
  EXPECT_TRUE(actor_in(made).linked);

  MadeCase ended = changed_by_mlang();
  logoff(ended, kAct, 551, kId);
  expect_unlinked(act(ended), "had ended");
}

// NT6 makes two sessions of an administrator's logon, and tells the end and the client of one.
TEST(LogonSession, OfAnAdministratorIsTwo) {
  for (const bool ends : {true, false}) {
    MadeCase made = reset_in_sam();
    security(made, kBoot, 4608, {});
    logon_4624(made, kLogonTime, kMlangSid, "mlang", "0x1f3a2");
    logon_4624(made, kLogonTime, kMlangSid, "mlang", "0x1f3f0");
    if (ends) {
      security(made, "2004-06-14T09:30:00Z", 4647, {kMlangSid, "mlang", "SHOP1", "0x1f3f0"});
      expect_unlinked(act(made), "had ended");
    } else {
      client(made, "2004-06-14T09:30:00Z", 682, "10.9.9.9", "0x1f3f0");
      EXPECT_EQ(plain(act(made).address), "10.9.9.9");
    }
  }
}

// Twins of network logons are sessions of their own: each ends by itself.
TEST(LogonSession, OverTheNetworkIsOneOfMany) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 4608, {});
  logon_4624(made, kLogonTime, kMlangSid, "mlang", "0x1f3a2", "3");
  logon_4624(made, kLogonTime, kMlangSid, "mlang", "0x1f3f0", "3");
  security(made, "2004-06-14T09:30:00Z", 4634, {kMlangSid, "mlang", "SHOP1", "0x1f3f0", "3"});
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(told_of(actor).front(), "SHOP1\\mlang logged on over the network from 10.2.0.15");
}

TEST(LogonSession, IsAmbiguousWhereTheIdRepeatsWithinOneStart) {
  MadeCase made = changed_by_mlang();
  logon_528(made, "2004-06-14T09:30:00Z", "mlang", kId, "10", "OTHER-PC", "10.9.9.9");
  const Actor& actor = act(made);
  expect_unlinked(actor, "stands in several logons since one start of Windows");
  EXPECT_EQ(records_of(actor), (std::vector<std::uint64_t>{4, 2, 3}));

  MadeCase behind = changed_by_mlang();
  behind.password_set(kAct, "IWAM_SHOP1", "mlang");
  logon_528(behind, "2004-06-14T09:40:00Z", "mlang", kId);
  expect_unlinked(actor_in(behind), "stands in several logons");
}

// The live log and a copy of it that was saved an hour before.
TEST(LogonSession, InACopyOfTheLogIsTheSame) {
  MadeCase made = changed_by_mlang();
  made.source(kSystemLog).summary.log = say("Security");
  made.source(kSystemLog).summary.last = at("2004-06-14T09:30:00Z");
  made.source(kSecurityLog).summary.last = at("2004-06-15T09:30:00Z");
  EventRecord& copy = logon_528(made, kLogonTime, "mlang", kId);
  copy.head.source = kSystemLog;
  copy.head.record = 2;
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(actor.citations.back().source, kSecurityLog);
}

TEST(LogonSession, LeftOverInFreeSpaceIsNoLink) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "mlang", kId).origin = Origin::kRecovered;
  expect_unlinked(act(made), "no logon with the logon id");
}

// Without a record of any start a restart may lie between: the System log has to answer.
TEST(LogonSession, NeedsALogThatWouldKnowOfARestart) {
  const auto without_start = [] {
    MadeCase made = reset_in_sam();
    logon_528(made, kLogonTime, "mlang", kId);
    return made;
  };
  MadeCase made = without_start();
  expect_unlinked(act(made), "no log tells whether Windows was started anew in between");

  MadeCase covered = without_start();
  covered.source(kSystemLog).summary.first = at("2004-06-01T00:00:00Z");
  covered.source(kSystemLog).summary.last = at("2004-06-15T00:00:00Z");
  EXPECT_TRUE(act(covered).linked);
  covered.source(kSystemLog).damage = {{kSystemLog, 0x100, 16, say("torn"), true}};
  EXPECT_FALSE(actor_in(covered).linked);
  covered.source(kSystemLog).damage.clear();
  covered.source(kSystemLog).summary.computer = say("SHOP2");
  EXPECT_FALSE(actor_in(covered).linked);

  MadeCase too_short = without_start();
  too_short.source(kSystemLog).summary.first = at("2004-06-01T00:00:00Z");
  too_short.source(kSystemLog).summary.last = at("2004-06-14T09:30:00Z");
  EXPECT_FALSE(act(too_short).linked);
  too_short.source(kSystemLog).summary.first = at("2004-06-14T09:30:00Z");
  too_short.source(kSystemLog).summary.last = at("2004-06-15T00:00:00Z");
  EXPECT_FALSE(actor_in(too_short).linked);
}

// A start stands in the log, but places of it cannot be read: another may have stood there.
TEST(LogonSession, NeedsASoundLog) {
  MadeCase made = changed_by_mlang();
  made.source(kSecurityLog).damage = {{kSecurityLog, 0x100, 16, say("torn"), true}};
  expect_unlinked(act(made), "no log tells whether Windows was started anew");
}

// The clock was set back: by their times the restart of the System log lies elsewhere.
TEST(LogonSession, NeedsAClockThatRan) {
  MadeCase made = reset_in_sam();
  made.source(kSystemLog).summary.first = at("2004-06-01T00:00:00Z");
  made.source(kSystemLog).summary.last = at("2004-06-15T00:00:00Z");
  logon_528(made, kLogonTime, "mlang", kId);
  logon_528(made, "2004-06-14T07:00:00Z", "alice", "(0x0,0x20000)");  // written behind it
  expect_unlinked(act(made), "no log tells whether Windows was started anew");
}

// Records of one log stand in the order of their numbers, whatever their times say.
TEST(LogonSession, FollowsTheNumbersOfTheRecords) {
  MadeCase made = changed_by_mlang();
  security(made, "2004-06-14T02:00:00Z", 512, {});  // a restart, with the clock set back
  expect_unlinked(act(made), "not observable");
}

// Any act with a subject can be followed, not the setting of a password alone.
TEST(LogonSession, OfWhoChangedAnAccountOrClearedTheLog) {
  MadeCase made = changed_by_mlang();
  security(made, "2004-06-14T09:33:00Z", 642,
           {"-", "bob", "SHOP1", "%{S-1-5-21-1-2-3-1011}", "mlang", "SHOP1", kId, "-"});
  security(made, "2004-06-14T09:34:00Z", 517,
           {"SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "mlang", "SHOP1", kId});
  const Answers& answers = made.judge();
  for (const EventKey key : {events::kAccountChanged, events::kAuditLogCleared}) {
    const auto record = std::ranges::find_if(
        answers.events, [&](const EventRecord* one) { return one->head.key == key; });
    ASSERT_NE(record, answers.events.end());
    const auto actor = actor_behind(made.the_case(), answers, **record);
    ASSERT_TRUE(actor && actor->linked) << key.id;
    EXPECT_EQ(plain(actor->address), "10.2.0.15");
  }
}

}  // namespace
}  // namespace iwamtrace
