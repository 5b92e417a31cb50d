// The metabase through its versions: what changed, and what its files tell besides.
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

// "old:IWAM_SHOP1 new:IWAM_X", with "-" for what is not there and "*" for a secure value.
std::string shown(const MetabaseRow& row) {
  return row.value != nullptr ? plain(row.value->value) : row.secure != nullptr ? "*" : "-";
}

std::vector<std::string> changes_of(const Answers& answers) {
  std::vector<std::string> texts;
  for (const MetabaseChange& change : answers.metabase.changes) {
    texts.push_back(plain(change.known().location()) + " " + plain(change.known().name()) + ": " +
                    shown(change.before) + " > " + shown(change.after));
  }
  return texts;
}

Artefact value(SourceId source, std::string_view location, std::string_view name,
               std::string_view text) {
  return MetabaseValue{
      {source, 500, std::nullopt, say(location, "/", name)}, say(location), say(name), say(text)};
}

SecureProperty secret(SourceId source, std::string_view cipher) {
  SecureProperty property;
  property.where = {source, 600, std::nullopt, say("/LM/W3SVC/AnonymousUserPass")};
  property.location = say("/LM/W3SVC");
  property.name = say("AnonymousUserPass");
  property.form = PasswordForm::kEncrypted;
  property.cipher_digest = cipher;
  return property;
}

std::string statement_of(const Answers& answers, std::string_view id) {
  for (const Finding& finding : answers.findings) {
    if (finding.id == id) {
      return plain(finding.statement);
    }
  }
  return "";
}

TEST(MetabaseChanges, WhatIsAnotherNewOrGoneIsAChangeAndTheRestIsNot) {
  MadeCase made;
  made.more = {value(kOldMetabase, "/LM/W3SVC/1/ROOT", "AppIsolated", "2"),
               value(kLiveMetabase, "/LM/w3svc/1/Root", "appisolated", "0"),
               value(kOldMetabase, "/LM/W3SVC", "Gone", "1"),
               value(kLiveMetabase, "/LM/W3SVC", "New", "1"),
               value(kOldMetabase, "/LM", "Same", "1"),
               value(kLiveMetabase, "/LM", "Same", "1")};
  const Answers& answers = made.judge();
  EXPECT_EQ(changes_of(answers), (std::vector<std::string>{"/LM/W3SVC Gone: 1 > -",
                                                           "/LM/w3svc/1/Root appisolated: 2 > 0",
                                                           "/LM/W3SVC New: - > 1"}));
  EXPECT_EQ(answers.metabase.changes[0].from->where.source, kOldMetabase);
  EXPECT_EQ(answers.metabase.changes[0].to->where.source, kLiveMetabase);
  EXPECT_EQ(answers.metabase.rows.size(), 6U);
}

// Under one session key an equal cipher is an equal value, without any key.
TEST(MetabaseChanges, SecretsAreComparedAsTheyStandUnderOneSessionKeyOnly) {
  MadeCase made;
  made.more = {secret(kOldMetabase, "00"), secret(kLiveMetabase, "01")};
  EXPECT_EQ(changes_of(made.judge()),
            std::vector<std::string>{"/LM/W3SVC AnonymousUserPass: * > *"});
  made.more = {secret(kOldMetabase, "00"), secret(kLiveMetabase, "00")};
  EXPECT_TRUE(changes_of(made.judge()).empty());
  EXPECT_EQ(made.judge().metabase.not_comparable, 0U);
  made.old_metabase.session_key_digest = "fedcba9876543210";
  made.more = {secret(kOldMetabase, "00"), secret(kLiveMetabase, "01")};
  EXPECT_TRUE(changes_of(made.judge()).empty());
  EXPECT_EQ(made.judge().metabase.not_comparable, 1U);
}

TEST(MetabaseChanges, OpenedSecretsAreComparedUnderAnyKeys) {
  MadeCase made;
  made.old_metabase.session_key_digest = "fedcba9876543210";
  SecureProperty before = secret(kOldMetabase, "00");
  SecureProperty after = secret(kLiveMetabase, "01");
  before.fingerprint = after.fingerprint = fingerprint_of_text("same");
  made.more = {before, after};
  EXPECT_TRUE(changes_of(made.judge()).empty());
  EXPECT_EQ(made.judge().metabase.not_comparable, 0U);
}

// Two listings seldom tell of the same keys.
TEST(MetabaseChanges, WhatAListingLeavesOutSaysNothing) {
  MadeCase made;
  for (const SourceId source : {kOldMetabase, kLiveMetabase}) {
    made.source(source).kind = SourceKind::kMetabaseText;
  }
  made.more = {value(kOldMetabase, "/LM/W3SVC", "Gone", "1"),
               value(kOldMetabase, "/LM/W3SVC", "MaxConnections", "1"),
               value(kLiveMetabase, "/LM/W3SVC", "MaxConnections", "2")};
  EXPECT_EQ(changes_of(made.judge()), std::vector<std::string>{"/LM/W3SVC MaxConnections: 1 > 2"});
}

TEST(MetabaseChanges, AListingIsNotPutInOrderWithVersions) {
  MadeCase made;
  made.source(kOldMetabase).kind = SourceKind::kMetabaseText;
  made.more = {value(kOldMetabase, "/LM/W3SVC", "MaxConnections", "1"),
               value(kLiveMetabase, "/LM/W3SVC", "MaxConnections", "2")};
  EXPECT_TRUE(changes_of(made.judge()).empty());
}

// ---- findings ----

struct History : MadeCase {
  History() {
    source(kOldMetabase).path = say("History/MetaBase_0000000014_0000000000.xml");
    source(kOldMetabase).modified = at("2004-06-01T03:00:00Z");
    source(kLiveMetabase).path = say("History/MetaBase_0000000015_0000000000.xml");
    source(kLiveMetabase).modified = at("2004-06-14T03:00:00Z");
    logon("2004-06-15T00:00:00Z", "somebody", "2");  // the last moment that is known
    source(kSecurityLog).summary.last = at("2004-06-15T00:00:00Z");
  }
};

TEST(MetabaseFindings, ChangeOfThePasswordIsDatedByTheFilesAroundIt) {
  History made;
  made.live_metabase.password_cipher = "11";
  const Answers& answers = made.judge();
  EXPECT_EQ(statement_of(answers, "metabase_identity_changed"),
            "WAMUserPass changed between versions 14 and 15 of the history, saved on 2004-06-01 "
            "03:00:00 UTC and 2004-06-14 03:00:00 UTC by their file times");
  EXPECT_TRUE(History().judge().findings.empty());
}

TEST(MetabaseFindings, TimesOfACopyDateNothing) {
  History made;
  made.live_metabase.password_cipher = "11";
  made.source(kLiveMetabase).modified = made.source(kOldMetabase).modified;
  EXPECT_NE(statement_of(made.judge(), "metabase_identity_changed").find("not observable"),
            std::string::npos);
}

TEST(MetabaseFindings, ChangeOfTheAccountUnderOneSessionKey) {
  History made;
  made.old_metabase.wam_user_name = say("IWAM_OLD");
  EXPECT_NE(statement_of(made.judge(), "metabase_identity_changed")
                .find("WAMUserName changed from IWAM_OLD to IWAM_SHOP1"),
            std::string::npos);
}

// ---- which version speaks ----

struct OldPassword : History {
  OldPassword() {
    account.password_last_set = secret.current.set = at("2004-06-10T00:00:00Z");
    account.history = {fingerprint_of_text("first"), fingerprint_of_text("old")};
    for (MetabaseSnapshot* version : {&old_metabase, &live_metabase}) {
      version->fingerprint = fingerprint_of_text("old");
      version->password_cipher = "aa";
    }
  }
};

// The history tells what was, not what is.
TEST(LiveMetabase, AVersionOfTheHistoryConvictsNobody) {
  OldPassword made;
  made.source(kLiveMetabase).modified = at("2004-06-02T00:00:00Z");
  const Answers& answers = made.judge();
  EXPECT_FALSE(answers.copies.live_metabase);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
}

// Nor does a file that is older than the others' passwords, unless something fails since.
TEST(LiveMetabase, AFileOlderThanTheOthersDecidesWithAFailureOnly) {
  OldPassword made;
  made.source(kLiveMetabase).path = say("MetaBase.xml");
  made.source(kLiveMetabase).modified = at("2004-06-02T00:00:00Z");
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kUndetermined);
  made.not_loaded("2004-06-14T12:00:00Z", "8000401A");
  EXPECT_EQ(made.judge().desync.verdict, SyncVerdict::kDesynced);
  EXPECT_EQ(made.judge().desync.standing, Standing::kSupported);
  OldPassword younger;
  younger.source(kLiveMetabase).path = say("MetaBase.xml");
  EXPECT_EQ(younger.judge().desync.standing, Standing::kEstablished);
}

// A backup with a higher number is no live file.
TEST(LiveMetabase, IsTheOneBesideItsHistory) {
  History made;
  made.source(kLiveMetabase).path = say("backup/MetaBase.xml");
  made.live_metabase.major = 999;
  made.source(kOldMetabase).path = say("inetsrv/MetaBase.xml");
  Source history = made.source(kOldMetabase);
  history.path = say("inetsrv/History/MBSchema_0000000014_0000000000.xml");
  made.source(kSystemHive).path = history.path;
  const Answers& answers = made.judge();
  EXPECT_TRUE(answers.copies.live_metabase);
  EXPECT_EQ(answers.copies.metabase()->where.source, kOldMetabase);
}

TEST(LiveMetabase, NamingAnotherAccountIsNotComparedAndSaid) {
  History made;
  made.source(kLiveMetabase).path = say("MetaBase.xml");
  made.live_metabase.wam_user_name = say("mlang");
  made.live_metabase.fingerprint = fingerprint_of_text("first");
  const Answers& answers = made.judge();
  EXPECT_TRUE(has_finding(answers, "metabase_names_another_account"));
  EXPECT_EQ(answers.copies.comparison(Copy::kMetabase, Copy::kSam)->result, Equality::kUnknown);
  EXPECT_EQ(answers.desync.verdict, SyncVerdict::kUndetermined);
}

// What a damaged file does not have may have been there.
TEST(MetabaseChanges, WhatADamagedVersionLacksSaysNothing) {
  MadeCase made;
  made.more = {value(kOldMetabase, "/LM/W3SVC", "Gone", "1")};
  EXPECT_EQ(changes_of(made.judge()).size(), 1U);
  made.source(kLiveMetabase).damage.push_back(Damage{kLiveMetabase, 2000, 100, say("cut"), true});
  EXPECT_TRUE(changes_of(made.judge()).empty());
}

TEST(MetabaseFindings, MissingVersionIsNamedAndNeighboursAreNone) {
  History made;
  EXPECT_FALSE(has_finding(made.judge(), "metabase_version_gap"));
  made.live_metabase.major = 17;
  EXPECT_NE(statement_of(made.judge(), "metabase_version_gap")
                .find("none between versions 14 and 17 of the history"),
            std::string::npos);
  // The live file has a number of its own.
  made.source(kLiveMetabase).path = say("MetaBase.xml");
  EXPECT_FALSE(has_finding(made.judge(), "metabase_version_gap"));
}

TEST(MetabaseFindings, EditByHandIsNamed) {
  History made;
  made.live_metabase.minor = 0;
  EXPECT_FALSE(has_finding(made.judge(), "metabase_edited_by_hand"));
  made.live_metabase.minor = 2;
  EXPECT_NE(statement_of(made.judge(), "metabase_edited_by_hand").find("edit 2 of version 15"),
            std::string::npos);
}

TEST(MetabaseFindings, MetabaseOfAnotherServerIsNamedAndNotCompared) {
  MadeCase made;
  made.live_metabase.wam_user_name = say("IWAM_OTHER");
  made.live_metabase.session_key_digest = "fedcba9876543210";
  made.live_metabase.fingerprint = fingerprint_of_text("another");
  const Answers& answers = made.judge();
  EXPECT_TRUE(has_finding(answers, "metabase_of_another_server"));
  EXPECT_EQ(answers.copies.metabases.size(), 1U);
  EXPECT_NE(answers.desync.verdict, SyncVerdict::kDesynced);
}

}  // namespace
}  // namespace iwamtrace
