#include "model/timestamp.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>

namespace iwamtrace {
namespace {

struct Parts {
  std::int64_t year = 0;
  unsigned month = 0, day = 0;
  std::int64_t hour = 0, minute = 0, second = 0, fraction = 0;
};

constexpr std::int64_t kDaysTo1970 = 134'774;  // from 1601-01-01

Parts split(Timestamp time) {
  std::int64_t days = time.ticks / Timestamp::kTicksPerDay;
  std::int64_t rest = time.ticks % Timestamp::kTicksPerDay;
  if (rest < 0) {
    rest += Timestamp::kTicksPerDay;
    --days;
  }
  // year_month_day holds 16-bit years; the calendar repeats every 400 years of 146,097 days.
  constexpr std::int64_t kDaysPerEra = 146'097;
  const std::int64_t eras = (days >= 0 ? days : days - (kDaysPerEra - 1)) / kDaysPerEra;
  const std::int64_t day_of_era = days - eras * kDaysPerEra;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{day_of_era - kDaysTo1970}}};
  const std::int64_t seconds = rest / Timestamp::kTicksPerSecond;
  return {int{date.year()} + eras * 400,
          unsigned{date.month()},
          unsigned{date.day()},
          seconds / 3600,
          seconds / 60 % 60,
          seconds % 60,
          rest % Timestamp::kTicksPerSecond};
}

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), pattern, values...);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string date_text(const Parts& parts) {
  return format("%04lld-%02u-%02u", static_cast<long long>(parts.year), parts.month, parts.day);
}

std::string time_text(const Parts& parts) {
  return format("%02d:%02d:%02d", static_cast<int>(parts.hour), static_cast<int>(parts.minute),
                static_cast<int>(parts.second));
}

// Takes `width` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t width) {
  if (text.size() < width) {
    return std::nullopt;
  }
  int value = 0;
  const char* end = text.data() + width;
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value < 0) {
    return std::nullopt;
  }
  text.remove_prefix(width);
  return value;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Timestamp> Timestamp::from_filetime(std::uint64_t filetime) {
  if (filetime == 0 ||
      filetime >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  return Timestamp{static_cast<std::int64_t>(filetime)};
}

std::optional<Timestamp> Timestamp::from_iso(std::string_view text) {
  const auto year = take_number(text, 4);
  const bool dash = take_char(text, '-');
  const auto month = take_number(text, 2);
  const bool second_dash = take_char(text, '-');
  const auto day = take_number(text, 2);
  if (!year || !month || !day || !dash || !second_dash) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || !(take_char(text, 'T') || take_char(text, ' '))) {
    return std::nullopt;
  }
  const auto hour = take_number(text, 2);
  const bool colon = take_char(text, ':');
  const auto minute = take_number(text, 2);
  const bool second_colon = take_char(text, ':');
  const auto second = take_number(text, 2);
  if (!hour || !minute || !second || !colon || !second_colon || *hour > 23 || *minute > 59 ||
      *second > 59) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  if (take_char(text, '.')) {
    std::int64_t unit = kTicksPerSecond / 10;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      fraction += unit * (text.front() - '0');
      unit /= 10;
      ++digits;
    }
    if (digits == 0 || digits > 9) {
      return std::nullopt;
    }
  }
  if (!take_char(text, 'Z') || !text.empty()) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count() + kDaysTo1970;
  return Timestamp{days * kTicksPerDay +
                   ((*hour * 60LL + *minute) * 60 + *second) * kTicksPerSecond + fraction};
}

std::string to_iso(Timestamp time) {
  const Parts parts = split(time);
  std::string text = date_text(parts) + "T" + time_text(parts);
  if (parts.fraction != 0) {
    text += format(".%07d", static_cast<int>(parts.fraction));
  }
  return text + "Z";
}

CalendarText to_calendar(Timestamp time) {
  const Parts parts = split(time);
  const auto milliseconds = static_cast<int>(parts.fraction / 10'000);
  return {date_text(parts), time_text(parts),
          parts.fraction == 0 ? std::string{} : format(".%03d", milliseconds)};
}

}  // namespace iwamtrace
