// Which server and account this is, what else must be known, and what could not be observed.
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

TEST(Server, IsNamedByItsHive) {
  MadeCase made;
  const Answers& answers = made.judge();
  EXPECT_TRUE(answers.host.computer_name.is("SHOP1"));
  EXPECT_TRUE(answers.host.machine_sid.is("S-1-5-21-1-2-3"));
  EXPECT_TRUE(answers.iwam.user_name.is("IWAM_SHOP1"));
  EXPECT_EQ(answers.iwam.named_by, (std::vector<std::string>{"metabase", "sam"}));
}

TEST(Server, FormerNamesComeFromTheEventLog) {
  MadeCase made;
  made.event(kSystemLog, "2004-01-01T00:00:00Z", events::kComputerRenamed, 6011,
             {{"OldName", "MACHINE7"}, {"NewName", "SHOP1"}});
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.host.previous_names.size(), 1U);
  EXPECT_TRUE(answers.host.previous_names.front().is("MACHINE7"));
}

TEST(Iwam, IsNamedByAFailureWhereNothingElseTells) {
  MadeCase made;
  made.without_metabase = made.without_sam = true;
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326", kPooledApplications, "IWAM_OLDNAME");
  const Answers& answers = made.judge();
  EXPECT_TRUE(answers.iwam.user_name.is("IWAM_OLDNAME"));
  EXPECT_EQ(answers.iwam.named_by, std::vector<std::string>{"events"});
}

// Two accounts of that kind: the one of this computer's name is meant.
TEST(Iwam, OfThisComputerComesBeforeOneLeftByAnother) {
  MadeCase made;
  made.without_metabase = true;
  Account other = made.account;
  other.name = say("IWAM_AAA");
  other.where.offset = 0x900;
  made.more.emplace_back(other);
  EXPECT_TRUE(made.judge().iwam.user_name.is("IWAM_SHOP1"));
}

TEST(Findings, AClearedLogIsOne) {
  MadeCase made;
  EXPECT_FALSE(has_finding(made.judge(), "log_cleared"));
  made.event(kSecurityLog, "2004-06-14T12:00:00Z", events::kAuditLogCleared, 517, {});
  EXPECT_TRUE(has_finding(made.judge(), "log_cleared"));
}

TEST(Findings, ALogOfAnotherMachineIsOne) {
  MadeCase made;
  made.source(kSystemLog).summary.computer = say("OTHER9");
  EXPECT_TRUE(has_finding(made.judge(), "log_of_another_machine"));
}

// The same machine by its full name, and by the name it had.
TEST(Findings, ALogUnderAnotherFormOfTheNameIsNone) {
  MadeCase made;
  made.source(kSystemLog).summary.computer = say("shop1.corp.example");
  made.source(kSecurityLog).summary.computer = say("MACHINE7");
  made.event(kSystemLog, "2004-01-01T00:00:00Z", events::kComputerRenamed, 6011,
             {{"OldName", "MACHINE7"}, {"NewName", "SHOP1"}});
  EXPECT_FALSE(has_finding(made.judge(), "log_of_another_machine"));
}

TEST(Findings, AnotherIdentityOfTheApplicationsIsOne) {
  MadeCase made;
  ApplicationIdentity identity;
  identity.where = Citation{kSystemHive, 0x5000, std::nullopt, {}};
  identity.app_id = say(kPooledApplications);
  identity.run_as = say(".\\IWAM_SHOP1");
  made.more = {identity};
  EXPECT_FALSE(has_finding(made.judge(), "other_identity"));
  identity.run_as = say("SHOP1\\Administrator");
  made.more = {identity};
  EXPECT_TRUE(has_finding(made.judge(), "other_identity"));
}

TEST(Findings, HivesThatDoNotBelongTogetherAreOne) {
  MadeCase made;
  made.more = {Unlocking{Unlocking::Result::kForeign, kSystemHive,
                         say("the boot key of SYSTEM does not open it"), made.account.where}};
  EXPECT_TRUE(has_finding(made.judge(), "hives_do_not_belong_together"));
}

TEST(Findings, ReadersThatDisagreeAreOneUnlessAHabitExplainsIt) {
  MadeCase made;
  CrossCheck check;
  check.source = kSystemLog;
  check.reader = "libevt";
  check.differ = 1;
  check.differences = {CrossDifference{7, 0x100, "strings", say("a"), say("b"), "a known habit"}};
  made.source(kSystemLog).cross_check = check;
  EXPECT_FALSE(has_finding(made.judge(), "readers_disagree"));
  made.source(kSystemLog).cross_check->differences.front().because.clear();
  EXPECT_TRUE(has_finding(made.judge(), "readers_disagree"));
}

TEST(Limits, NameWhatIsNotThere) {
  MadeCase made;
  EXPECT_FALSE(has_limit(made.judge(), "No Security log"));
  made.source(kSecurityLog).summary.records = 0;
  made.source(kSamHive).status = SourceStatus::kUnreadable;
  EXPECT_TRUE(has_limit(made.judge(), "No Security log"));
  EXPECT_TRUE(has_limit(made.judge(), "No SAM hive"));
}

AuditPolicy usual_audit() {
  AuditPolicy policy;
  policy.where = Citation{kSecurityHive, 0x2600, std::nullopt, {}};
  policy.enabled = true;
  policy.categories = {3, 3, 0, 0, 0, 3, 3, 0, 3};
  return policy;
}

TEST(Limits, AnUnauditedCategoryIsNamed) {
  MadeCase made;
  AuditPolicy policy = usual_audit();
  made.more = {policy};
  EXPECT_FALSE(has_limit(made.judge(), "Account management was not audited"));
  policy.categories[6] = 2;  // failures only
  made.more = {policy};
  EXPECT_TRUE(has_limit(made.judge(), "Account management was not audited"));
}

TEST(Limits, ProcessesThatNobodyAuditsAreNotObservable) {
  MadeCase made;
  AuditPolicy policy = usual_audit();
  made.more = {policy};
  EXPECT_TRUE(has_limit(made.judge(), "Processes were not audited"));
  // The log has some all the same: the policy was another then.
  made.event(kSecurityLog, "2004-06-14T10:00:00Z", events::kProcessStarted, 592, {});
  EXPECT_FALSE(has_limit(made.judge(), "Processes were not audited"));
  MadeCase audited;
  policy.categories[4] = 1;
  audited.more = {policy};
  EXPECT_FALSE(has_limit(audited.judge(), "Processes were not audited"));
}

TEST(Limits, AFileThatIsCalledLikeEvidenceAndIsNoneIsNamed) {
  MadeCase made;
  EXPECT_FALSE(has_limit(made.judge(), "was not read"));
  made.source(kSecurityLog).kind = SourceKind::kUnknown;
  EXPECT_TRUE(has_limit(made.judge(), "SecEvent.Evt holds nothing that such a file begins with"));
  made.source(kSecurityLog).path = say("config/notes.txt");
  EXPECT_FALSE(has_limit(made.judge(), "was not read"));
}

TEST(Limits, LostPlacesAreCounted) {
  MadeCase made;
  made.source(kSystemLog).damage = {Damage{kSystemLog, 10, 20, say("torn"), true},
                                    Damage{kSystemLog, 0, 48, say("stale header"), false}};
  EXPECT_TRUE(has_limit(made.judge(), "SysEvent.Evt: 1 place could not be read"));
}

}  // namespace
}  // namespace iwamtrace
