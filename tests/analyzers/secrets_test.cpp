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

MetabaseSnapshot metabase(PasswordForm form, const std::optional<Fingerprint>& fingerprint) {
  MetabaseSnapshot snapshot;
  snapshot.where = snapshot.password_where = in(File::kSoftware, 0x3000, "/LM/W3SVC/WAMUserPass");
  snapshot.password_form = form;
  snapshot.password_length = 14;
  snapshot.fingerprint = fingerprint;
  return snapshot;
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
  server.metabases = {metabase(PasswordForm::kCleartext, print(2))};
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
  server.metabases = {metabase(PasswordForm::kEncrypted, std::nullopt)};
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

}  // namespace
}  // namespace iwamtrace
