// Do the three copies agree? Each answer beside its innocent twin.
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

const Comparison& com_plus(const Answers& answers) {
  return *answers.copies.comparison(Copy::kComPlus, Copy::kSam);
}
const Comparison& metabase(const Answers& answers, Copy other = Copy::kSam) {
  return *answers.copies.comparison(Copy::kMetabase, other);
}

TEST(PasswordCopies, EqualHashesAreEqual) {
  MadeCase made;
  const Answers& answers = made.judge();
  EXPECT_EQ(com_plus(answers).result, Equality::kEqual);
  EXPECT_EQ(com_plus(answers).citations,
            (std::vector<Citation>{made.secret.current.where, made.account.hash_where}));
}

TEST(PasswordCopies, AnOlderPasswordIsFoundInTheHistory) {
  MadeCase made;
  made.account.fingerprint = fingerprint_of_text("third");
  made.account.history = {fingerprint_of_text("third"), fingerprint_of_text("second"),
                          fingerprint_of_text("first")};
  const Answers& answers = made.judge();
  EXPECT_EQ(com_plus(answers).result, Equality::kDifferent);
  EXPECT_EQ(com_plus(answers).sam_history_index, 2U);
  EXPECT_EQ(com_plus(answers).citations.back(), made.account.history_where);
}

TEST(PasswordCopies, APasswordThatTheSamNeverHadHasNoIndex) {
  MadeCase made;
  made.secret.current.fingerprint = fingerprint_of_text("elsewhere");
  made.account.history = {fingerprint_of_text("first"), fingerprint_of_text("zeroth")};
  const Answers& answers = made.judge();
  EXPECT_EQ(com_plus(answers).result, Equality::kDifferent);
  EXPECT_FALSE(com_plus(answers).sam_history_index);
}

// Locked is not different.
TEST(PasswordCopies, ALockedHashIsUnknownAndSaysWhy) {
  MadeCase made;
  made.account.fingerprint.reset();
  made.account.nt_state = HashState::kLocked;
  made.more.emplace_back(Unlocking{Unlocking::Result::kNoKey, std::nullopt,
                                   say("no SYSTEM hive with a boot key"), made.account.where});
  const Answers& answers = made.judge();
  EXPECT_EQ(com_plus(answers).result, Equality::kUnknown);
  EXPECT_EQ(plain(com_plus(answers).basis), "no SYSTEM hive with a boot key");
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
}

TEST(PasswordCopies, WhatIsNotInTheCaseIsUnknown) {
  MadeCase made;
  made.without_sam = true;
  EXPECT_EQ(com_plus(made.judge()).result, Equality::kUnknown);
  EXPECT_EQ(plain(com_plus(made.judge()).basis), "the account is in no SAM hive of the case");
  made.without_sam = false;
  made.without_security = true;
  EXPECT_EQ(plain(com_plus(made.judge()).basis), "no SECURITY hive of the case has the secret");
  made.without_metabase = true;
  EXPECT_EQ(plain(metabase(made.judge()).basis), "no metabase of the case has WAMUserPass");
}

TEST(PasswordCopies, AnEncryptedMetabaseIsNotCompared) {
  MadeCase made;
  EXPECT_EQ(metabase(made.judge()).result, Equality::kUnknown);
}

TEST(PasswordCopies, ALengthThatDiffersIsADifference) {
  MadeCase made;
  made.live_metabase.password_length = 9;
  made.live_metabase.password_matches = {SecretMatch{
      made.secret.current.where, false, Equality::kDifferent, SecretMatch::By::kLength}};
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers, Copy::kComPlus).result, Equality::kDifferent);
  EXPECT_EQ(plain(metabase(answers, Copy::kComPlus).basis),
            "proved by length: 9 characters in the metabase, 8 in the COM+ secret");
  // COM+ equals the SAM, so it differs from the SAM too.
  EXPECT_EQ(metabase(answers).result, Equality::kDifferent);
}

// A domain account's password is not in this SAM: an account of the same name there is another.
TEST(PasswordCopies, ALocalNamesakeOfADomainAccountIsNotCompared) {
  MadeCase made;
  made.old_metabase.wam_user_name = made.live_metabase.wam_user_name = say("CORP\\IWAM_SHOP1");
  made.account.fingerprint = fingerprint_of_text("another");
  const Answers& answers = made.judge();
  EXPECT_TRUE(answers.iwam.domain.is("CORP"));
  EXPECT_EQ(com_plus(answers).result, Equality::kUnknown);
  EXPECT_NE(answers.desync.verdict, SyncVerdict::kDesynced);
}

TEST(PasswordCopies, OfSeveralHivesTheOneWrittenLastSpeaks) {
  MadeCase made;
  Account backup = made.account;
  backup.where.source = kSystemHive;
  backup.key_written = at("2003-11-02T14:06:00Z");
  backup.fingerprint = fingerprint_of_text("factory");
  made.more.emplace_back(backup);
  EXPECT_EQ(com_plus(made.judge()).result, Equality::kEqual);
}

// ---- what adsutil.vbs printed ----

// A case whose metabase is a text with this password, saved on a day.
struct PrintedCase : MadeCase {
  PrintedCase(std::string_view password, std::string_view saved) {
    source(kLiveMetabase).kind = SourceKind::kMetabaseText;
    source(kLiveMetabase).modified = at(saved);
    without_metabase = true;
    live_metabase.major.reset();
    live_metabase.session_key_digest.clear();
    live_metabase.password_form = PasswordForm::kCleartext;
    live_metabase.password_method = SecretMethod::kPlaintext;
    live_metabase.fingerprint = fingerprint_of_text(password);
    more.emplace_back(live_metabase);
  }
};

TEST(PasswordCopies, WhatWasPrintedProvesEquality) {
  PrintedCase made("first", "2004-06-20T00:00:00Z");
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kEqual);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
  EXPECT_EQ(answers.desync.standing, Standing::kSupported);  // it may have changed since
}

TEST(PasswordCopies, WhatWasPrintedBeforeTheOthersWereSetIsNoDifference) {
  PrintedCase made("zeroth", "2003-10-01T00:00:00Z");
  made.account.history = {fingerprint_of_text("first"), fingerprint_of_text("zeroth")};
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kUnknown);
  EXPECT_EQ(plain(metabase(answers).basis),
            "adsutil.vbs printed entry 1 of the SAM's history, perhaps when that was the password");
  EXPECT_NE(answers.desync.verdict, SyncVerdict::kDesynced);
}

// Saved later may be copied later: without a failure it convicts nobody.
TEST(PasswordCopies, WhatWasPrintedDiffersAndNothingFailed) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kUndetermined);
  made.not_loaded("2003-11-01T00:00:00Z", "8000401A");  // before the passwords were set
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kUndetermined);
}

TEST(PasswordCopies, WhatWasPrintedLaterDiffersAndIsNeverEstablished) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  made.not_loaded("2004-06-16T00:00:00Z", "8000401A");
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kDifferent);
  EXPECT_TRUE(metabase(answers).undated);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kDesynced);
  EXPECT_EQ(answers.desync.cause, "metabase_changed_alone");
  EXPECT_EQ(answers.desync.standing, Standing::kSupported);
}

TEST(PasswordCopies, AsterisksAreNotCompared) {
  PrintedCase made("", "2004-06-20T00:00:00Z");
  auto& printed = std::get<MetabaseSnapshot>(made.more.front());
  printed.password_form = PasswordForm::kMasked;
  printed.fingerprint.reset();
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kUnknown);
  EXPECT_EQ(plain(metabase(answers).basis), "a mark stands there instead of the password");
}

// The live file speaks where there is one.
TEST(PasswordCopies, WhatWasPrintedStandsBehindTheMetabaseItself) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  made.old_metabase.fingerprint = fingerprint_of_text("first");
  made.more.emplace_back(made.old_metabase);
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kEqual);
  EXPECT_EQ(answers.copies.exports.size(), 1U);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kInSync);
}

TEST(PasswordCopies, TextThatNamesNoAccountIsNotUsed) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  made.not_loaded("2004-06-16T00:00:00Z", "8000401A");
  std::get<MetabaseSnapshot>(made.more.front()).wam_user_name = {};
  EXPECT_NE(made.judge().desync.verdict, SyncVerdict::kDesynced);
}

TEST(PasswordCopies, TextsThatDisagreeDecideNothing) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  made.not_loaded("2004-06-16T00:00:00Z", "8000401A");
  MetabaseSnapshot second = made.live_metabase;
  second.where.source = second.password_where.source = kOldMetabase;
  second.fingerprint = fingerprint_of_text("first");
  made.source(kOldMetabase).kind = SourceKind::kMetabaseText;
  made.more.emplace_back(second);
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kUnknown);
  EXPECT_EQ(plain(metabase(answers).basis), "what adsutil.vbs printed differs from text to text");
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
}

TEST(PasswordCopies, TextOfAnotherServerIsNotUsed) {
  PrintedCase made("another", "2004-06-20T00:00:00Z");
  std::get<MetabaseSnapshot>(made.more.front()).wam_user_name = say("IWAM_OTHER");
  const Answers& answers = made.judge();
  EXPECT_EQ(metabase(answers).result, Equality::kUnknown);
  EXPECT_TRUE(has_finding(answers, "metabase_of_another_server"));
}

}  // namespace
}  // namespace iwamtrace
