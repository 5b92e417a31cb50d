#include "report/words.h"

#include <fmt/format.h>

#include "report/terminal_text.h"

namespace iwamtrace {

std::string shown(UntrustedView text) { return TerminalText::visible(text); }

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, " ");
  }
  return digits;
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::uint64_t kKilobyte = 1'000;
  if (bytes < 10 * kKilobyte) {
    return plural(bytes, "byte", "bytes");
  }
  if (bytes < kKilobyte * kKilobyte) {
    return fmt::format("{:.0f} KB", static_cast<double>(bytes) / 1e3);
  }
  return bytes < 1000 * kKilobyte * kKilobyte
             ? fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6)
             : fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

std::string moment(Timestamp time) {
  const CalendarText parts = to_calendar(time);
  return parts.date + " " + parts.time;
}

std::string moment_exactly(Timestamp time) {
  const CalendarText parts = to_calendar(time);
  return parts.date + " " + parts.time + parts.milliseconds;
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return grouped(count) + " " + std::string(count == 1 ? one : many);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

}  // namespace iwamtrace
