// Whose passwords LSA and the metabase hold.
#include <gtest/gtest.h>

#include "tests/analyzers/server_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

Fingerprint print(int number) {
  Fingerprint fingerprint;
  fingerprint.bytes[0] = static_cast<std::byte>(number);
  return fingerprint;
}

Secret pooled_secret(const std::optional<Fingerprint>& fingerprint) {
  Secret secret;
  secret.where = secret.current.where = in(File::kSecurity, 0x3000, "Secrets");
  secret.name = Untrusted{std::string(kPooledSecret)};
  secret.current.state = fingerprint ? SecretState::kValue : SecretState::kLocked;
  secret.current.fingerprint = fingerprint;
  return secret;
}

SecureProperty property(std::string_view name, PasswordForm form,
                        const std::optional<Fingerprint>& fingerprint) {
  SecureProperty made;
  made.where = in(File::kSoftware, 0x3000, "/LM/W3SVC");
  made.location = Untrusted{std::string("/LM/W3SVC")};
  made.name = Untrusted{std::string(name)};
  made.form = form;
  made.method =
      form == PasswordForm::kCleartext ? SecretMethod::kPlaintext : SecretMethod::kCiphertextOnly;
  made.characters = 14;
  made.fingerprint = fingerprint;
  return made;
}

std::vector<std::string> matches(const HeldSecret& held) {
  std::vector<std::string> texts;
  for (const Untrusted& match : held.matches) {
    texts.push_back(plain(match));
  }
  return texts;
}

TEST(Secrets, MatchTheSamItsHistoryAndTheMetabaseByFingerprint) {
  ServerExample server;
  server.iwam.fingerprint = print(1);
  server.iwam.history = {print(1), print(2), print(3)};
  server.iwam.history_begins_with_current = true;
  server.secrets = {pooled_secret(print(2))};
  server.properties = {property("WAMUserPass", PasswordForm::kCleartext, print(2))};
  const Judged judged(server);
  const auto& held = judged.answers.secrets.held;
  ASSERT_EQ(held.size(), 2U);
  EXPECT_EQ(matches(held[0]),
            (std::vector<std::string>{"sam-history:IWAM_SHOP1:1", "metabase:/LM/W3SVC"}));
  EXPECT_EQ(plain(held[1].name), "/LM/W3SVC/WAMUserPass");
  EXPECT_EQ(held[1].current.length, 30U);
  EXPECT_EQ(matches(held[1]), (std::vector<std::string>{"sam-history:IWAM_SHOP1:1",
                                                        "lsa:" + std::string(kPooledSecret)}));
}

TEST(Secrets, PresentPasswordIsNotItsOwnHistory) {
  ServerExample server;
  server.iwam.fingerprint = print(1);
  server.iwam.history = {print(1), print(2)};
  server.iwam.history_begins_with_current = true;
  server.secrets = {pooled_secret(print(1))};
  EXPECT_EQ(matches(Judged(server).answers.secrets.held[0]),
            std::vector<std::string>{"sam:IWAM_SHOP1"});
  // Where the history does not begin with it, entry 0 is an older one.
  server.iwam.history = {print(2)};
  server.iwam.history_begins_with_current = false;
  server.secrets = {pooled_secret(print(2))};
  EXPECT_EQ(matches(Judged(server).answers.secrets.held[0]),
            std::vector<std::string>{"sam-history:IWAM_SHOP1:0"});
}

TEST(Secrets, WhatIsLockedMatchesNothingAndSaysWhy) {
  ServerExample server;
  server.secrets = {pooled_secret(std::nullopt)};
  server.properties = {property("WAMUserPass", PasswordForm::kEncrypted, std::nullopt)};
  server.unlockings[1].result = Unlocking::Result::kForeign;
  server.unlockings[1].because = Untrusted{std::string("the hives do not belong together")};
  const Judged judged(server);
  const SecretsAnswer& secrets = judged.answers.secrets;
  EXPECT_EQ(plain(secrets.locked_because), "the hives do not belong together");
  for (const HeldSecret& held : secrets.held) {
    EXPECT_TRUE(held.matches.empty());
    EXPECT_EQ(held.current.state, SecretState::kLocked);
  }
}

// A hive may have any number of accounts with one password.
TEST(Secrets, MatchesAreListedAsFarAsAnybodyReads) {
  ServerExample server;
  server.iwam.fingerprint = print(1);
  server.iwam.history.assign(150, print(2));
  server.secrets = {pooled_secret(print(2))};
  const Judged judged(server);
  EXPECT_EQ(judged.answers.secrets.held[0].matches.size(), 100U);
  EXPECT_EQ(judged.answers.secrets.held[0].matches_omitted, 50U);
}

TEST(Secrets, HivesThatAreOpenAreNotSaidToBeLocked) {
  ServerExample server;
  server.secrets = {pooled_secret(print(9))};
  EXPECT_TRUE(Judged(server).answers.secrets.locked_because.empty());
}

TEST(Secrets, MetabaseWithoutThePropertyHoldsNone) {
  ServerExample server;
  server.metabases = {MetabaseSnapshot{}};
  EXPECT_TRUE(Judged(server).answers.secrets.held.empty());
}

TEST(Secrets, EverySecurePropertyIsHeld) {
  ServerExample server;
  server.iwam.fingerprint = print(1);
  SecureProperty list = property("AdminACL", PasswordForm::kEncrypted, std::nullopt);
  list.characters.reset();
  list.size = 160;
  SecureProperty read = list;
  read.method = SecretMethod::kKeystream;
  SecureProperty empty = property("UNCPassword", PasswordForm::kCleartext, print(5));
  empty.characters = 0;
  server.properties = {property("AnonymousUserPass", PasswordForm::kCleartext, print(1)), list,
                       read, empty};
  server.secrets = {pooled_secret(print(1))};
  const Judged judged(server);
  const auto& held = judged.answers.secrets.held;
  ASSERT_EQ(held.size(), 5U);
  EXPECT_EQ(matches(held[0]),
            (std::vector<std::string>{"sam:IWAM_SHOP1", "metabase:/LM/W3SVC/AnonymousUserPass"}));
  EXPECT_EQ(plain(held[1].name), "/LM/W3SVC/AnonymousUserPass");
  EXPECT_EQ(held[2].current.state, SecretState::kLocked);
  EXPECT_EQ(held[2].current.length, 160U);
  EXPECT_EQ(held[3].current.state, SecretState::kValue);
  EXPECT_EQ(held[4].current.state, SecretState::kEmpty);
}

TEST(Secrets, FormerValueMatchesByItself) {
  ServerExample server;
  server.iwam.fingerprint = print(1);
  Secret secret = pooled_secret(print(2));
  secret.previous.fingerprint = print(1);
  server.secrets = {secret};
  const Judged judged(server);
  const HeldSecret& held = judged.answers.secrets.held[0];
  EXPECT_TRUE(held.matches.empty());
  ASSERT_EQ(held.previous_matches.size(), 1U);
  EXPECT_EQ(plain(held.previous_matches[0]), "sam:IWAM_SHOP1");
}

}  // namespace
}  // namespace iwamtrace
