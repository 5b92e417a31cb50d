#include "model/sid.h"

#include <gtest/gtest.h>

namespace iwamtrace {
namespace {

TEST(Sid, TextBothWays) {
  for (const char* text :
       {"S-1-0-0", "S-1-5-18", "S-1-5-32-544", "S-1-5-21-1292428093-1645522239-4294967295-500"}) {
    const auto sid = Sid::from_text(text);
    ASSERT_TRUE(sid) << text;
    EXPECT_EQ(to_string(*sid), text);
  }
}

TEST(Sid, LargeAuthoritiesAreHexadecimal) {
  const auto sid = Sid::from_text("S-1-0x123456789abc-7");
  ASSERT_TRUE(sid);
  EXPECT_EQ(sid->authority, 0x123456789ABCU);
  EXPECT_EQ(to_string(*sid), "S-1-0x123456789abc-7");
}

TEST(Sid, QuotedAsNt5RecordsDo) {
  EXPECT_EQ(Sid::from_text("%{S-1-5-32-545}"), well_known::kUsers);
}

TEST(Sid, WhatIsNoSidIsRefused) {
  for (const char* text : {"", "S-1-", "S-2-5-18", "S-1-5-", "S-1-5-18x", "S-1-5-4294967296",
                           "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"}) {
    EXPECT_EQ(Sid::from_text(text), std::nullopt) << text;
  }
}

TEST(Sid, AccountWithinItsDomain) {
  const Sid domain = *Sid::from_text("S-1-5-21-1-2-3");
  EXPECT_EQ(to_string(domain.with(1004)), "S-1-5-21-1-2-3-1004");
  EXPECT_TRUE(domain.with(1004).is_in(domain));
  EXPECT_FALSE(domain.with(1004).is_in(*Sid::from_text("S-1-5-21-1-2-4")));
  EXPECT_EQ(domain.with(1004).rid(), 1004U);
}

}  // namespace
}  // namespace iwamtrace
