// A moment in UTC, counted as Windows counts it: 100 ns ticks since 1601-01-01 (a FILETIME).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwamtrace {

struct Timestamp {
  static constexpr std::int64_t kTicksPerSecond = 10'000'000;
  static constexpr std::int64_t kTicksPerDay = 86'400 * kTicksPerSecond;

  std::int64_t ticks = 0;

  friend constexpr auto operator<=>(const Timestamp&, const Timestamp&) = default;

  // `seconds` since 1970-01-01 UTC, as .evt records count.
  static constexpr Timestamp from_unix(std::int64_t seconds) {
    return Timestamp{(seconds + kUnixEpoch) * kTicksPerSecond};
  }
  // Nothing when the field holds one of the values by which Windows says "never": 0 or a set sign
  // bit's edge.
  static std::optional<Timestamp> from_filetime(std::uint64_t filetime);
  // ISO 8601, "2004-06-14T09:31:22[.4370000]Z"; the fraction may have 1 to 9 digits.
  static std::optional<Timestamp> from_iso(std::string_view text);

 private:
  static constexpr std::int64_t kUnixEpoch = 11'644'473'600;  // seconds from 1601 to 1970
};

constexpr std::int64_t operator-(Timestamp left, Timestamp right) {
  return left.ticks - right.ticks;
}

// "2004-06-14T09:31:22Z", with seven digits of fraction where there is one. Years above 9999 keep
// all their digits: an impossible date is shown as it stands.
std::string to_iso(Timestamp time);

// The parts of a report line: "2004-06-14", "09:31:22", and ".437" (empty when the fraction is 0).
struct CalendarText {
  std::string date, time, milliseconds;
};
CalendarText to_calendar(Timestamp time);

}  // namespace iwamtrace
