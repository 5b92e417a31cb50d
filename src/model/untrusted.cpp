#include "model/untrusted.h"

#include <algorithm>
#include <charconv>

namespace iwamtrace {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value, base);
  return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional{value} : std::nullopt;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

bool UntrustedView::consists_of_words(std::string_view besides) const {
  return std::ranges::all_of(text_, [&](char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || besides.find(c) != std::string_view::npos;
  });
}

std::optional<std::uint64_t> UntrustedView::number() const {
  std::string_view digits = trim(text_);
  if (digits.starts_with("%%")) {
    digits.remove_prefix(2);
  }
  if (starts_ignoring_case(digits, "0x")) {
    return whole_number(digits.substr(2), 16);
  }
  return whole_number(digits, 10);
}

std::optional<std::uint64_t> UntrustedView::logon_id() const {
  std::string_view text = trim(text_);
  if (text.starts_with('(') && text.ends_with(')')) {
    const auto halves = UntrustedView{text.substr(1, text.size() - 2)}.split(',');
    if (!halves) {
      return std::nullopt;
    }
    const auto high = halves->first.number();
    const auto low = halves->second.number();
    return high && low && *high <= UINT32_MAX && *low <= UINT32_MAX
               ? std::optional{*high << 32 | *low}
               : std::nullopt;
  }
  return number();
}

std::optional<std::pair<UntrustedView, UntrustedView>> UntrustedView::split(char separator) const {
  const std::size_t at = text_.find(separator);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair{UntrustedView{text_.substr(0, at)}, UntrustedView{text_.substr(at + 1)}};
}

UntrustedView UntrustedView::between(std::string_view open, std::string_view close) const {
  const std::size_t start = find_ignoring_case(text_, open);
  if (start == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text_.substr(start + open.size());
  const std::size_t end = find_ignoring_case(rest, close);
  return end == std::string_view::npos ? UntrustedView{} : UntrustedView{rest.substr(0, end)};
}

UntrustedView UntrustedView::trimmed() const { return UntrustedView{trim(text_)}; }

void Untrusted::append(Timestamp time) {
  const CalendarText parts = to_calendar(time);
  text_ += parts.date + " " + parts.time + parts.milliseconds + " UTC";
}

UntrustedView UntrustedView::account() const {
  const auto parts = split('\\');
  return parts ? parts->second : *this;
}

Untrusted Untrusted::folded() const {
  std::string text = text_;
  std::ranges::transform(text, text.begin(), lower);
  return Untrusted{std::move(text)};
}

}  // namespace iwamtrace
