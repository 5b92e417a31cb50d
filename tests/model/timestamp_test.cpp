#include "model/timestamp.h"

#include <gtest/gtest.h>

namespace iwamtrace {
namespace {

TEST(Timestamp, UnixSecondsBecomeTheSameMoment) {
  EXPECT_EQ(to_iso(Timestamp::from_unix(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_iso(Timestamp::from_unix(1087205482)), "2004-06-14T09:31:22Z");
}

TEST(Timestamp, FractionKeepsAllSevenDigits) {
  EXPECT_EQ(to_iso(Timestamp{Timestamp::from_unix(1087205482).ticks + 4370001}),
            "2004-06-14T09:31:22.4370001Z");
}

TEST(Timestamp, NeverIsNoTime) {
  EXPECT_EQ(Timestamp::from_filetime(0), std::nullopt);
  EXPECT_EQ(Timestamp::from_filetime(0x7FFFFFFFFFFFFFFF), std::nullopt);
  EXPECT_EQ(Timestamp::from_filetime(0x8000000000000000), std::nullopt);
  EXPECT_EQ(to_iso(*Timestamp::from_filetime(1)), "1601-01-01T00:00:00.0000001Z");
}

TEST(Timestamp, ImpossibleYearsKeepTheirDigits) {
  EXPECT_EQ(to_iso(Timestamp{0x7FFFFFFFFFFFFFFE}), "30828-09-14T02:48:05.4775806Z");
}

TEST(Timestamp, LeapDaysAndCenturies) {
  EXPECT_EQ(to_iso(*Timestamp::from_iso("2000-02-29T12:00:00Z")), "2000-02-29T12:00:00Z");
  EXPECT_EQ(to_iso(Timestamp{Timestamp::from_iso("1900-02-28T00:00:00Z")->ticks +
                             Timestamp::kTicksPerDay}),
            "1900-03-01T00:00:00Z");
  EXPECT_EQ(to_iso(*Timestamp::from_iso("2401-01-01T00:00:00Z")), "2401-01-01T00:00:00Z");
}

TEST(Timestamp, IsoIsReadWithOneToNineDigitsOfFraction) {
  EXPECT_EQ(Timestamp::from_iso("2004-06-14T09:31:22.4Z")->ticks % Timestamp::kTicksPerSecond,
            4000000);
  EXPECT_EQ(
      Timestamp::from_iso("2004-06-14 09:31:22.123456789Z")->ticks % Timestamp::kTicksPerSecond,
      1234567);
}

TEST(Timestamp, WhatIsNoIsoTimeIsRefused) {
  for (const char* text :
       {"", "2004", "2004-02-30T00:00:00Z", "2004-06-14T24:00:00Z", "2004-06-14T09:31:22",
        "2004-06-14T09:31:22.Z", "2004-06-14T09:31:22.1234567890Z", "2004-06-14T09:31:22Zx",
        "2004/06/14T09:31:22Z", "-004-06-14T09:31:22Z"}) {
    EXPECT_EQ(Timestamp::from_iso(text), std::nullopt) << text;
  }
}

TEST(Timestamp, CalendarPartsForAReportLine) {
  const CalendarText parts = to_calendar(*Timestamp::from_iso("2004-06-14T09:31:22.4371Z"));
  EXPECT_EQ(parts.date, "2004-06-14");
  EXPECT_EQ(parts.time, "09:31:22");
  EXPECT_EQ(parts.milliseconds, ".437");
}

}  // namespace
}  // namespace iwamtrace
