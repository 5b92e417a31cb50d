#include "model/untrusted.h"

#include <gtest/gtest.h>

#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

std::optional<std::uint64_t> number(std::string_view text) { return UntrustedView{text}.number(); }

TEST(Untrusted, NumbersInTheFormsThatLogsUse) {
  EXPECT_EQ(number("1326"), 1326U);
  EXPECT_EQ(number(" 1326 "), 1326U);
  EXPECT_EQ(number("%%1326"), 1326U);
  EXPECT_EQ(number("0x3E7"), 999U);
  EXPECT_EQ(number("18446744073709551615"), UINT64_MAX);
}

TEST(Untrusted, WhatIsNoNumberIsNone) {
  for (const char* text : {"", "-", "-1", "1326.", "0x", "%%", "18446744073709551616", "12 34"}) {
    EXPECT_EQ(number(text), std::nullopt) << text;
  }
}

TEST(Untrusted, LogonIdsAreComparedAsNumbers) {
  EXPECT_EQ(UntrustedView{"(0x0,0x1F3A2)"}.logon_id(), 0x1F3A2U);
  EXPECT_EQ(UntrustedView{"(0x0,0x1f3a2)"}.logon_id(), 0x1F3A2U);
  EXPECT_EQ(UntrustedView{"0x1f3a2"}.logon_id(), 0x1F3A2U);
  EXPECT_EQ(UntrustedView{"(0x1,0x2)"}.logon_id(), 0x100000002U);
  EXPECT_EQ(UntrustedView{"(0x0)"}.logon_id(), std::nullopt);
  EXPECT_EQ(UntrustedView{"(0x100000000,0x0)"}.logon_id(), std::nullopt);
}

TEST(Untrusted, SentencesMixOurWordsAndTheirs) {
  const Untrusted name{std::string("IWAM_\x1b[2J")};
  const Untrusted sentence = say("the password of ", name, " was set ", 2, " times, last on ",
                                 *Timestamp::from_iso("2004-06-14T09:31:22.437Z"));
  EXPECT_EQ(plain(sentence),
            "the password of IWAM_\x1b[2J was set 2 times, last on 2004-06-14 09:31:22.437 UTC");
}

TEST(Untrusted, ComparisonsIgnoreCaseAndSplitTakesTheFirst) {
  const UntrustedView account{"SHOP1\\iwam_shop1"};
  const auto parts = account.split('\\');
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->first.is("shop1"));
  EXPECT_TRUE(parts->second.is("IWAM_SHOP1"));
  EXPECT_EQ(UntrustedView{"plain"}.split('\\'), std::nullopt);
  EXPECT_TRUE(account.starts_with("shop"));
  EXPECT_TRUE(account.contains("IWAM"));
}

TEST(Untrusted, ConsistsOfWordsThatACommandLineTakes) {
  const auto plain_words = [](std::string_view text, std::string_view besides) {
    return UntrustedView{text}.consists_of_words(besides);
  };
  EXPECT_TRUE(plain_words("IWAM_WEB01", "_"));
  EXPECT_FALSE(plain_words("IWAM_WEB01", ""));
  for (const char* text : {"a b", "a&b", "a\nb", "\"a", "a%b", "\u00e4"}) {
    EXPECT_FALSE(plain_words(text, "_-.$")) << text;
  }
  EXPECT_TRUE(plain_words("", ""));
}

}  // namespace
}  // namespace iwamtrace
