// Since when is the state as it is that breaks the applications, and who made it so?
#include <gtest/gtest.h>

#include "model/codes.h"
#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kIwamSid = "%{S-1-5-21-1-2-3-1004}";
constexpr std::string_view kFailed = "2004-06-14T22:11:02Z";

using Fields = MadeCase::Fields;

EventRecord& by_bob(MadeCase& made, std::string_view time, EventKey key, std::uint16_t id,
                    Fields fields) {
  fields.insert(fields.end(), {{"SubjectUserName", "bob"},
                               {"SubjectDomainName", "SHOP1"},
                               {"SubjectLogonId", "(0x0,0x1F3A2)"}});
  return made.event(kSecurityLog, time, key, id, fields);
}

void expect_change(const Answers& answers, std::string_view time, std::string_view because,
                   std::string_view actor = "SHOP1\\bob") {
  const DesyncAnswer& desync = answers.desync;
  ASSERT_TRUE(desync.earliest && desync.latest) << desync.cause;
  EXPECT_EQ(desync.earliest->time, at(time)) << desync.cause;
  EXPECT_EQ(desync.latest->time, at(time)) << desync.cause;
  EXPECT_EQ(plain(desync.latest->because), because);
  EXPECT_EQ(desync.actor ? plain(desync.actor->account) : "", actor);
}

MadeCase right_removed() {
  MadeCase made;
  made.rights.logon_rights = kNetworkLogon;
  made.dcom_logon_failed(kFailed, "1385");
  return made;
}

EventRecord& right(MadeCase& made, std::string_view time, bool removed) {
  return by_bob(made, time, removed ? events::kLogonRightRemoved : events::kLogonRightGranted,
                removed ? 622 : 621,
                {{removed ? "AccessRemoved" : "AccessGranted", "SeBatchLogonRight"},
                 {"TargetSid", kIwamSid}});
}

TEST(StateChange, TheRightWasTakenAwayByARecord) {
  MadeCase made = right_removed();
  right(made, "2004-06-14T16:00:00Z", true);
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "logon_right_missing");
  expect_change(answers, "2004-06-14T16:00:00Z",
                "the right to log on as a batch job was taken from IWAM_SHOP1 (event 622)");
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(answers.desync.explains_failure, false);
}

// What a later record undid, what came after the last failure, another right, another account.
TEST(StateChange, RecordsThatDidNotLastAreNotIt) {
  MadeCase made = right_removed();
  right(made, "2004-06-10T16:00:00Z", true);
  right(made, "2004-06-11T16:00:00Z", false);
  right(made, "2004-06-15T16:00:00Z", true);
  by_bob(made, "2004-06-14T15:00:00Z", events::kLogonRightRemoved, 622,
         {{"AccessRemoved", "SeNetworkLogonRight"}, {"TargetSid", kIwamSid}});
  by_bob(made, "2004-06-14T15:00:00Z", events::kLogonRightRemoved, 622,
         {{"AccessRemoved", "SeBatchLogonRight"}, {"TargetSid", "%{S-1-5-21-1-2-3-1003}"}});
  made.logon("2004-06-14T07:00:00Z", "IWAM_SHOP1", "4");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.earliest->time, at("2004-06-14T07:00:00Z"));
  EXPECT_EQ(answers.desync.latest->time, at(kFailed));
  EXPECT_FALSE(answers.desync.actor);
}

// Its right was taken and it went on: a group still had it. What broke it came later.
TEST(StateChange, ALogonAfterwardsProvesThatItWasNotThat) {
  MadeCase made = right_removed();
  right(made, "2004-06-10T16:00:00Z", true);
  made.logon("2004-06-14T07:00:00Z", "IWAM_SHOP1", "4");
  EXPECT_EQ(made.judge().desync.earliest->time, at("2004-06-14T07:00:00Z"));
}

TEST(StateChange, TheAccountWasDisabled) {
  MadeCase made;
  made.account.flags |= kAccountDisabled;
  made.dcom_logon_failed(kFailed, "1331");
  by_bob(
      made, "2004-06-14T16:00:00Z", events::kUserAccountDisabled, 629,
      {{"TargetUserName", "IWAM_SHOP1"}, {"TargetDomainName", "SHOP1"}, {"TargetSid", kIwamSid}});
  by_bob(made, "2004-06-14T17:00:00Z", events::kUserAccountDisabled, 629,
         {{"TargetUserName", "guest"}, {"TargetDomainName", "SHOP1"}});
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "account_disabled");
  expect_change(answers, "2004-06-14T16:00:00Z", "IWAM_SHOP1 was disabled (event 629)");
}

// The record's subject is the system; who tried the passwords stands in the failed logons.
TEST(StateChange, WhoLockedTheAccountIsNotWhomTheRecordNames) {
  MadeCase made;
  made.account.flags |= kAccountLocked;
  made.dcom_logon_failed(kFailed, "1909");
  made.event(kSecurityLog, "2004-06-14T22:00:00Z", events::kUserAccountLockedOut, 644,
             {{"TargetUserName", "IWAM_SHOP1"},
              {"TargetDomainName", "ATTACKER-PC"},
              {"TargetSid", kIwamSid},
              {"SubjectUserName", "SHOP1$"},
              {"SubjectLogonId", "(0x0,0x3E7)"}});
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "account_locked");
  expect_change(answers, "2004-06-14T22:00:00Z",
                "IWAM_SHOP1 was locked out, by bad passwords from ATTACKER-PC (event 644)", "");
}

TEST(StateChange, AMemberWasTakenOutOfUsers) {
  MadeCase made;
  LocalGroup users;
  users.where = Citation{kSamHive, 0x4000, {}, say("00000221\\C")};
  users.name = say("Users");
  users.rid = 545;
  users.builtin = true;
  users.members = {well_known::kInteractive};
  made.more.emplace_back(users);
  made.dcom_timeout(kFailed);
  made.not_loaded("2004-06-14T22:11:04Z", "Server execution failed");
  const Fields out{
      {"MemberSid", "%{S-1-5-11}"}, {"TargetUserName", "Users"}, {"TargetSid", "%{S-1-5-32-545}"}};
  by_bob(made, "2004-06-14T16:00:00Z", events::kGroupMemberRemoved, 637, out);
  made.logon("2004-06-14T22:10:00Z", "IWAM_SHOP1", "4");  // the logon works, what follows does not
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "users_group_incomplete");
  expect_change(answers, "2004-06-14T16:00:00Z",
                "Authenticated Users was taken out of the group Users (event 637)");
}

TEST(StateChange, AServiceWasDisabledByWhomTheRecordsHeadNames) {
  MadeCase made;
  made.event(kSystemLog, kFailed, events::kServiceDependencyFailed, 7001,
             {{"ServiceName", "World Wide Web Publishing Service"},
              {"Dependency", "IIS Admin Service"},
              {"Error", "%%1058"}});
  EventRecord& changed =
      made.event(kSystemLog, "2004-06-14T16:00:00Z", events::kServiceStartChanged, 7040,
                 {{"ServiceName", "IIS Admin Service"},
                  {"OldStartType", "auto start"},
                  {"NewStartType", "disabled"}});
  changed.user = Sid::from_text("S-1-5-21-1-2-3-500");
  made.event(
      kSystemLog, "2004-06-14T17:00:00Z", events::kServiceStartChanged, 7040,
      {{"ServiceName", "Messenger"}, {"OldStartType", "auto start"}, {"NewStartType", "disabled"}});
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "service_disabled");
  expect_change(answers, "2004-06-14T16:00:00Z",
                "the service IIS Admin Service was disabled (event 7040)", "S-1-5-21-1-2-3-500");
  EXPECT_FALSE(answers.desync.actor->linked);
}

TEST(StateChange, AnAccountExpiresOnItsDay) {
  MadeCase made;
  made.account.expires = at("2004-06-14T00:00:00Z");
  made.account.key_written = at("2004-06-15T00:00:00Z");
  made.dcom_logon_failed(kFailed, "1793");
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "account_expired");
  EXPECT_EQ(answers.desync.latest->time, at("2004-06-14T00:00:00Z"));
  EXPECT_EQ(answers.desync.earliest->time, at("2004-06-14T00:00:00Z"));
}

// ---- who it was is not known, and why not ----

std::string limit_about_who(MadeCase& made) {
  for (const std::string& limit : limits_of(made.judge())) {
    if (limit.starts_with("Who ")) {
      return limit;
    }
  }
  return {};
}

AuditPolicy audit(std::uint32_t policy_changes) {
  AuditPolicy policy;
  policy.where = Citation{kSecurityHive, 0x5000, {}, say("PolAdtEv")};
  policy.enabled = true;
  policy.categories = {1, 1, 0, 0, 0, policy_changes, 1, 0, 1};
  return policy;
}

TEST(UnseenActor, IsExplainedByThePolicyOfAuditing) {
  MadeCase silent = right_removed();
  silent.source(kSecurityLog).summary.log = say("Security");
  silent.more.emplace_back(audit(0));
  EXPECT_EQ(limit_about_who(silent),
            "Who took the right away is not observable: such changes were not audited when the "
            "hive was copied.");
  MadeCase audited = right_removed();
  audited.source(kSecurityLog).summary.log = say("Security");
  audited.more.emplace_back(audit(1));
  EXPECT_EQ(limit_about_who(audited),
            "Who took the right away is not observable: the Security log has no record of it.");
  right(audited, "2004-06-14T16:00:00Z", true);
  EXPECT_EQ(limit_about_who(audited), "");
}

// ---- what failed once and works again ----

TEST(Recovered, ALogonAfterTheLastFailureEndsTheOutage) {
  MadeCase made;
  made.dcom_logon_failed("2004-06-10T10:00:00Z", "1326");
  made.logon("2004-06-10T12:00:00Z", "IWAM_SHOP1", "4");
  made.logon("2004-06-11T12:00:00Z", "IWAM_SHOP1", "4");
  const Answers& answers = made.judge();
  ASSERT_TRUE(answers.desync.recovered);
  EXPECT_EQ(answers.desync.recovered->time, at("2004-06-10T12:00:00Z"));
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(answers.desync.cause, "unknown");
  EXPECT_TRUE(answers.remediation.empty());
}

TEST(Recovered, NotWhereTheLogonCameBefore) {
  MadeCase made;
  made.logon("2004-06-10T08:00:00Z", "IWAM_SHOP1", "4");
  made.dcom_logon_failed("2004-06-10T10:00:00Z", "1326");
  EXPECT_FALSE(made.judge().desync.recovered);
}

}  // namespace
}  // namespace iwamtrace
