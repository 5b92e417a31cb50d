// Every cause wins in one test, and loses where only its decisive fact is another.
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

using enum Standing;

TEST(SamChangedAlone, ItsHistoryProvesIt) {
  MadeCase made = reset_in_sam();
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kEstablished);
  EXPECT_EQ(answers.desync.out_of_step, std::vector{Copy::kComPlus});
  EXPECT_EQ(statements(hypothesis(answers, "sam_changed_alone").hypothesis.in_favour).front(),
            "proof: COM+ still holds the SAM's former password (history 1)");
  EXPECT_EQ(standing_of(answers, "com_plus_changed_alone"), kRefuted);
}

TEST(SamChangedAlone, WithoutHistoryItIsSupportedOnly) {
  MadeCase made = reset_in_sam();
  made.account.history.clear();
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kSupported);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kDesynced);
  EXPECT_EQ(answers.desync.standing, kEstablished);  // that they differ is proved
}

// The same two times, but the values are equal: a reset that was carried through.
TEST(SamChangedAlone, EqualCopiesRefuteIt) {
  MadeCase made = reset_in_sam();
  made.secret.current.fingerprint = fingerprint_of_text("second");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "none");
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kRefuted);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
}

// COM+ was set later, to a password the SAM had had: then COM+ moved, not the SAM.
TEST(SamChangedAlone, AnOldPasswordSetLaterInComPlusIsNoProof) {
  MadeCase made = reset_in_sam();
  made.secret.current.set = at("2004-06-14T10:00:00Z");
  const Answers& answers = made.judge();
  EXPECT_NE(standing_of(answers, "sam_changed_alone"), kEstablished);
}

TEST(ComPlusChangedAlone, ItsOldValueProvesIt) {
  MadeCase made;
  made.secret.current.fingerprint = fingerprint_of_text("typo");
  made.secret.current.set = at("2004-06-14T09:31:22Z");
  made.secret.previous.fingerprint = fingerprint_of_text("first");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "com_plus_changed_alone");
  EXPECT_EQ(standing_of(answers, "com_plus_changed_alone"), kEstablished);
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kRefuted);
}

TEST(ComPlusChangedAlone, WithAnotherOldValueTheSamMayHaveMoved) {
  MadeCase made;
  made.secret.current.fingerprint = fingerprint_of_text("typo");
  made.secret.current.set = at("2004-06-14T09:31:22Z");
  made.secret.previous.fingerprint = fingerprint_of_text("zeroth");
  const Answers& answers = made.judge();
  EXPECT_NE(standing_of(answers, "com_plus_changed_alone"), kEstablished);
}

TEST(MetabaseChangedAlone, CiphertextAndFailuresSinceSupportIt) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.not_loaded("2004-06-14T23:10:00Z", "8000401A");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "metabase_changed_alone");
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kSupported);
  EXPECT_EQ(answers.desync.out_of_step, std::vector{Copy::kMetabase});
}

// Without a failure since, the change may as well have been the repair.
TEST(MetabaseChangedAlone, CiphertextAloneLeavesItOpen) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kUndetermined);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
}

TEST(MetabaseChangedAlone, ADifferentValueEstablishesIt) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.live_metabase.fingerprint = fingerprint_of_text("typo");
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kEstablished);
}

// The password was renewed in all three places that day.
TEST(MetabaseChangedAlone, NotWhereTheOthersMovedAlong) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.account.password_last_set = at("2004-06-14T09:31:22Z");
  made.secret.current.set = at("2004-06-14T09:33:00Z");
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kUndetermined);
  EXPECT_NE(answers.desync.verdict, SyncVerdict::kDesynced);
}

// A careless copy gave every file the time of the copying: the change may be as old as the others'.
TEST(MetabaseChangedAlone, NotWhereNobodyKnowsWhenItChanged) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.source(kOldMetabase).modified = made.source(kLiveMetabase).modified =
      at("2026-01-01T00:00:00Z");
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "4");
  made.source(kSecurityLog).summary.last = at("2004-06-14T07:02:40Z");
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kUndetermined);
  EXPECT_NE(answers.desync.verdict, SyncVerdict::kDesynced);
}

// Two session keys: two ciphers of one password.
TEST(MetabaseChangedAlone, CiphersUnderDifferentKeysSayNothing) {
  MadeCase made;
  made.live_metabase.password_cipher = "11ff11ff";
  made.live_metabase.session_key_digest = "fedcba9876543210";
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "none");
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kUndetermined);
}

TEST(MultipleChanges, WhenNeitherKnowsTheOthersPassword) {
  MadeCase made;
  made.account.fingerprint = fingerprint_of_text("second");
  made.account.history = {fingerprint_of_text("second"), fingerprint_of_text("zeroth")};
  made.account.password_last_set = at("2004-06-14T09:31:22Z");
  made.secret.current.fingerprint = fingerprint_of_text("typo");
  made.secret.current.set = at("2004-06-14T09:40:00Z");
  made.live_metabase.password_cipher = "11ff11ff";
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "multiple_changes");
  EXPECT_EQ(standing_of(answers, "multiple_changes"), kSupported);
}

TEST(MultipleChanges, OneChangeThatExplainsAllRefusesIt) {
  MadeCase made = reset_in_sam();
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "multiple_changes"), kUndetermined);
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
}

// ---- causes that Windows names by a code ---------------------------------------------------

struct Code {
  std::string_view error, cause;
};

class LogonCode : public testing::TestWithParam<Code> {};

TEST_P(LogonCode, NamesTheCauseWhileTheCopiesAgree) {
  MadeCase made;
  made.dcom_logon_failed("2004-06-14T22:11:02Z", GetParam().error);
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, GetParam().cause);
  EXPECT_EQ(standing_of(answers, GetParam().cause), kEstablished);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(answers.desync.explains_failure, false);
}

// The innocent twin: the same code for another account and another server of DCOM.
TEST_P(LogonCode, OfAnotherAccountConvictsNobody) {
  MadeCase made;
  made.dcom_logon_failed("2004-06-14T22:11:02Z", GetParam().error,
                         "{0C0A3666-30C9-11D0-8F20-00805F2CD064}", "backup");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "none");
  EXPECT_FALSE(answers.failures.any());
  EXPECT_EQ(answers.desync.explains_failure, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Codes, LogonCode,
    testing::Values(Code{"1385", "logon_right_missing"}, Code{"%%1385", "logon_right_missing"},
                    Code{"1909", "account_locked"}, Code{"1331", "account_disabled"},
                    Code{"1793", "account_expired"}, Code{"1330", "password_expired"},
                    Code{"1907", "password_expired"}));

TEST(AccountState, WithoutAFailureADisabledAccountIsSupportedOnly) {
  MadeCase made;
  made.account.flags |= kAccountDisabled;
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "account_disabled");
  EXPECT_EQ(standing_of(answers, "account_disabled"), kSupported);
  EXPECT_EQ(standing_of(answers, "account_locked"), kRefuted);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
}

TEST(AccountState, OfAHealthyAccountRefutesEveryCause) {
  MadeCase made;
  const Answers& answers = made.judge();
  for (const char* id : {"account_disabled", "account_locked", "account_expired",
                         "password_expired", "logon_right_missing"}) {
    EXPECT_EQ(standing_of(answers, id), kRefuted) << id;
  }
  EXPECT_EQ(answers.desync.cause, "none");
}

TEST(BatchRight, ThatNobodyHoldsIsMissing) {
  MadeCase made;
  made.rights.logon_rights = kNetworkLogon;
  EXPECT_EQ(standing_of(made.judge(), "logon_right_missing"), kSupported);
}

TEST(BatchRight, MayComeFromAGroup) {
  MadeCase made;
  made.rights.logon_rights = kNetworkLogon;
  LocalGroup group;
  group.where = Citation{kSamHive, 0x1500, std::nullopt, {}};
  group.name = say("IIS_WPG");
  group.rid = 1007;
  group.members = {made.rights.sid};
  AccountRights of_group;
  of_group.where = Citation{kSecurityHive, 0x2500, std::nullopt, {}};
  of_group.sid = Sid::from_text("S-1-5-21-1-2-3-1007").value();
  of_group.logon_rights = kBatchLogon;
  GroupMembership listed;
  listed.where = Citation{kSamHive, 0x1600, std::nullopt, {}};
  listed.member = made.rights.sid;
  listed.groups = {1007};
  made.more = {group, listed, of_group};
  EXPECT_EQ(standing_of(made.judge(), "logon_right_missing"), kRefuted);
}

TEST(BatchRight, ADenyBeatsTheGrant) {
  MadeCase made;
  made.rights.logon_rights |= kDenyBatchLogon;
  EXPECT_EQ(standing_of(made.judge(), "logon_right_missing"), kSupported);
}

TEST(BatchRight, IsUnknownWithoutTheHive) {
  MadeCase made;
  made.without_security = true;
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "logon_right_missing"), kUndetermined);
  EXPECT_FALSE(hypothesis(answers, "logon_right_missing").hypothesis.missing.empty());
}

// ---- a code that is over ---------------------------------------------------------------------

TEST(OldCode, AfterWhichTheAccountLoggedOnExplainsNothing) {
  MadeCase made;
  made.dcom_logon_failed("2004-01-10T22:11:02Z", "1331");
  made.logon("2004-06-14T07:02:40Z", "IWAM_SHOP1", "4");
  EXPECT_EQ(standing_of(made.judge(), "account_disabled"), kRefuted);
}

TEST(OldCode, ThatTheSamContradictsMonthsLaterIsNotTheCause) {
  MadeCase made;
  made.dcom_logon_failed("2004-01-10T22:11:02Z", "1331");
  made.dcom_timeout("2004-06-14T22:11:02Z");
  EXPECT_EQ(standing_of(made.judge(), "account_disabled"), kRefuted);
}

TEST(OldCode, ThatAnotherReasonFollowedIsNotTheCause) {
  MadeCase made = reset_in_sam();
  made.dcom_logon_failed("2004-06-10T22:11:02Z", "1385");
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
  EXPECT_EQ(answers.desync.explains_failure, true);
}

TEST(Lockout, ThatRefusedLogonsMadeIsNotTheCause) {
  MadeCase made = reset_in_sam();
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  made.dcom_logon_failed("2004-06-14T22:15:02Z", "1909");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
  EXPECT_EQ(standing_of(answers, "account_locked"), kUndetermined);
}

// ---- causes come before effects, and evidence is of one moment ---------------------------------

// synciwam rewrites in COM+ what it had: no change, and the SAM's reset stays the cause.
TEST(ComPlusChangedAlone, ASynchronisationInVainIsNoChange) {
  MadeCase made = reset_in_sam();
  made.secret.current.set = at("2004-06-15T08:00:00Z");
  made.secret.previous.fingerprint = made.secret.current.fingerprint;
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "sam_changed_alone");
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kEstablished);
}

TEST(SamChangedAlone, NotWhereTheRefusalsCameBefore) {
  MadeCase made = reset_in_sam();
  made.account.history.clear();
  made.dcom_logon_failed("2004-06-10T22:11:02Z", "1326");
  EXPECT_EQ(standing_of(made.judge(), "sam_changed_alone"), kUndetermined);
}

// The SAM is a copy of January, the log of June knows of a later set.
TEST(Hives, OfDifferentDaysEstablishNothing) {
  MadeCase made;
  made.account.fingerprint = fingerprint_of_text("factory");
  made.password_set("2004-06-14T09:31:22Z", "IWAM_SHOP1", "mlang");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
  EXPECT_TRUE(has_finding(answers, "hives_older_than_logs"));
}

TEST(Hives, ThatALaterLogonContradictsEstablishNothing) {
  MadeCase made = reset_in_sam();
  made.logon("2004-06-14T20:00:00Z", "IWAM_SHOP1", "4");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
  EXPECT_FALSE(answers.desync.actor);
}

// With logs alone: set, and well afterwards.
TEST(LogsAlone, AResetThatALogonFollowsConvictsNobody) {
  MadeCase made;
  made.without_sam = made.without_security = made.without_metabase = true;
  made.dcom_logon_failed("2004-05-01T08:00:00Z", "1326");
  made.password_set("2004-05-02T09:31:22Z", "IWAM_SHOP1", "mlang");
  made.logon("2004-06-14T20:00:00Z", "IWAM_SHOP1", "4");
  EXPECT_NE(made.judge().desync.verdict, SyncVerdict::kDesynced);
}

// SAM and metabase were renewed together and COM+ forgotten: not the SAM alone.
TEST(MultipleChanges, WhenTheSamMovedOnAndTheMetabaseHoldsAThird) {
  MadeCase made = reset_in_sam();
  made.old_metabase.fingerprint = fingerprint_of_text("first");
  made.live_metabase.fingerprint = fingerprint_of_text("third");
  made.live_metabase.password_cipher = "11ff11ff";
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "multiple_changes");
  EXPECT_EQ(standing_of(answers, "multiple_changes"), kEstablished);
  // Where it holds COM+'s, one change explains all: proved.
  made.live_metabase.fingerprint = fingerprint_of_text("first");
  made.live_metabase.password_cipher = made.old_metabase.password_cipher;
  const Answers& one = made.judge();
  EXPECT_EQ(one.desync.cause, "sam_changed_alone");
  EXPECT_EQ(standing_of(one, "multiple_changes"), kRefuted);
}

// The account that COM+ knows is gone: nobody changed a password of it.
TEST(SamChangedAlone, NotOfAnAccountThatIsYoungerThanWhatComPlusKnows) {
  MadeCase made;
  made.account.password_last_set = made.account.created = at("2004-06-14T09:31:22Z");
  made.account.fingerprint = fingerprint_of_text("second");
  made.account.history = {fingerprint_of_text("second")};
  made.account.history_begins_with_current = true;
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  EXPECT_EQ(standing_of(made.judge(), "sam_changed_alone"), kUndetermined);
  // A rename dates the same key, and leaves the history as it was.
  made.account.history = {fingerprint_of_text("second"), fingerprint_of_text("first")};
  EXPECT_EQ(standing_of(made.judge(), "sam_changed_alone"), kEstablished);
}

// Two were changed, and the SAM is not there to tell.
TEST(MultipleChanges, AreSeenWithoutASamByTheLogAndTheVersions) {
  MadeCase made;
  made.without_sam = true;
  made.password_set("2004-06-10T09:31:22Z", "IWAM_SHOP1", "mlang");
  made.live_metabase.password_cipher = "11ff11ff";
  made.not_loaded("2004-06-14T23:30:00Z", "8000401A");
  const Answers& answers = made.judge();
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kUndetermined);
  EXPECT_EQ(standing_of(answers, "metabase_changed_alone"), kUndetermined);
  EXPECT_NE(answers.desync.cause, "sam_changed_alone");
  EXPECT_NE(answers.desync.cause, "metabase_changed_alone");
}

// "Alone" is not said where nothing of the metabase can be compared.
TEST(SamChangedAlone, SaysWhatOfTheMetabaseIsNotObservable) {
  MadeCase made = reset_in_sam();
  made.without_metabase = true;
  EXPECT_EQ(plain(hypothesis(made.judge(), "sam_changed_alone").hypothesis.claim),
            "the password was changed in the SAM; whether in the metabase too is not observable");
}

TEST(MultipleChanges, WhenSamAndMetabaseMovedTogether) {
  MadeCase made = reset_in_sam();
  made.live_metabase.password_cipher = "11ff11ff";
  made.live_metabase.fingerprint = fingerprint_of_text("second");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.cause, "multiple_changes");
  EXPECT_EQ(standing_of(answers, "sam_changed_alone"), kUndetermined);
  EXPECT_EQ(answers.desync.out_of_step, std::vector{Copy::kComPlus});
}

// ---- what looks like it and is not ---------------------------------------------------------

TEST(Timeout, AloneConvictsNobody) {
  MadeCase made;
  made.dcom_timeout("2004-06-14T22:11:02Z");
  made.live_metabase.fingerprint = fingerprint_of_text("first");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(answers.desync.cause, "unknown");
  EXPECT_EQ(answers.desync.explains_failure, false);
}

// COM+ and the SAM agree, something failed, and what the metabase holds nobody knows.
TEST(Timeout, LeavesOpenWhatAClosedMetabaseHolds) {
  MadeCase made;
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(made.judge().desync.standing, kSupported);
  made.dcom_timeout("2004-06-14T22:11:02Z");
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kUndetermined);
  MadeCase unseen;
  unseen.without_metabase = true;
  EXPECT_EQ(unseen.judge().desync.verdict, SyncVerdict::kUndetermined);
}

TEST(Timeout, WithoutHivesItProvesNothingEither) {
  MadeCase made;
  made.without_sam = made.without_security = made.without_metabase = true;
  made.dcom_timeout("2004-06-14T22:11:02Z");
  made.dcom_timeout("2004-06-15T22:11:02Z");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
  EXPECT_EQ(answers.desync.cause, "unknown");
}

TEST(Timeout, OfAnotherServerIsNoFailureAtAll) {
  MadeCase made;
  made.dcom_timeout("2004-06-14T22:11:02Z", "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}");
  EXPECT_FALSE(made.judge().failures.any());
}

TEST(Causes, AllAreWeighedInEveryCase) {
  MadeCase made;
  const Answers& answers = made.judge();
  for (const char* id : {"sam_changed_alone", "metabase_changed_alone", "com_plus_changed_alone",
                         "multiple_changes", "logon_right_missing", "account_locked",
                         "account_disabled", "account_expired", "password_expired"}) {
    EXPECT_NO_THROW(hypothesis(answers, id)) << id;
  }
}

// In worker process mode nothing runs as IWAM: then the difference explains no outage.
TEST(Explains, NotWhereIis6DoesNotUseTheAccount) {
  MadeCase made = reset_in_sam();
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1326");
  EXPECT_EQ(made.judge().desync.explains_failure, true);
  made.live_metabase.iis5_isolation_mode = false;
  EXPECT_EQ(made.judge().desync.explains_failure, false);
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kDesynced);
}

TEST(Explains, NotWhereWindowsNamesAnotherReason) {
  MadeCase made = reset_in_sam();
  made.dcom_logon_failed("2004-06-14T22:11:02Z", "1385");
  made.not_loaded("2004-06-14T22:11:03Z", "8000401A");
  const Answers& answers = made.judge();
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kDesynced);
  EXPECT_EQ(answers.desync.explains_failure, false);
}

}  // namespace
}  // namespace iwamtrace
