#include "analyzers/sigma/compiled_test.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <cstring>
#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <utility>

#include "analyzers/sigma/rule.h"
#include "analyzers/sigma/value_text.h"
#include "model/text.h"
#include "model/timestamp.h"

namespace iwamtrace::sigma {
namespace {

using Anchor = ValueTest::Anchor;
using Kind = ValueTest::Kind;
using TimePart = ValueTest::TimePart;

re2::RE2::Options options_of(const ValueTest& test) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_case_sensitive(!test.ignore_case);
  options.set_dot_nl(test.dot_all);
  options.set_max_mem(1 << 20);  // no expression that a person wrote needs more
  return options;
}

// RE2 has no option for it outside of POSIX syntax.
std::string pattern_of_regex(const ValueTest& test) {
  return (test.multi_line ? "(?m)" : "") + test.text;
}

bool same(char left, char right, bool cased) {
  return cased ? left == right : lower(left) == lower(right);
}

bool equal(std::string_view left, std::string_view right, bool cased) {
  return left.size() == right.size() &&
         std::ranges::equal(left, right, [&](char a, char b) { return same(a, b, cased); });
}

// One place to come back to is enough: only the last star can still take more.
bool fits(std::string_view pattern, std::string_view text, bool cased) {
  std::size_t at = 0, in_text = 0, star = std::string_view::npos, resume = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == kAnyText) {
      star = at++;
      resume = in_text;
    } else if (at < pattern.size() &&
               (pattern[at] == kAnyCharacter || same(pattern[at], text[in_text], cased))) {
      ++at;
      // A character is all of its bytes.
      in_text += pattern[at - 1] == kAnyCharacter
                     ? std::max<std::size_t>(1, utf8_sequence(text.substr(in_text)))
                     : 1;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_text = ++resume;
    } else {
      return false;
    }
  }
  return std::ranges::all_of(pattern.substr(std::min(at, pattern.size())),
                             [](char c) { return c == kAnyText; });
}

std::optional<double> number_of(std::string_view text) {
  std::uint64_t whole = 0;
  if (starts_ignoring_case(text, "0x")) {
    const auto [end, error] =
        std::from_chars(text.data() + 2, text.data() + text.size(), whole, 16);
    return error == std::errc{} && end == text.data() + text.size()
               ? std::optional<double>(static_cast<double>(whole))
               : std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

// "2004-06-14T09:31:22Z", and as Sysmon writes it, "2004-06-14 09:31:22.437".
std::optional<std::int64_t> part_of_time(std::string_view text, TimePart part) {
  std::string iso(text);
  if (iso.size() > 10 && iso[10] == ' ') {
    iso[10] = 'T';
  }
  if (!iso.empty() && iso.back() != 'Z') {
    iso += 'Z';
  }
  const auto time = Timestamp::from_iso(iso);
  if (!time) {
    return std::nullopt;
  }
  const std::int64_t seconds = time->ticks / Timestamp::kTicksPerSecond;
  constexpr std::int64_t kDay = 86'400;
  using namespace std::chrono;
  const sys_days since_1601 = sys_days{year{1601} / 1 / 1} + days{seconds / kDay};
  const year_month_day date{since_1601};
  switch (part) {
    case TimePart::kMinute:
      return seconds / 60 % 60;
    case TimePart::kHour:
      return seconds / 3600 % 24;
    case TimePart::kDay:
      return static_cast<unsigned>(date.day());
    case TimePart::kMonth:
      return static_cast<unsigned>(date.month());
    case TimePart::kYear:
      return static_cast<int>(date.year());
    case TimePart::kWeek: {  // ISO 8601: that of the week's Thursday
      const sys_days thursday =
          since_1601 + days{4 - static_cast<int>(weekday{since_1601}.iso_encoding())};
      const sys_days new_year{year_month_day{thursday}.year() / 1 / 1};
      return (thursday - new_year).count() / 7 + 1;
    }
    case TimePart::kNone:
      break;
  }
  return std::nullopt;
}

bool compares(double left, ValueTest::Compare compare, double right) {
  using enum ValueTest::Compare;
  switch (compare) {
    case kLess:
      return left < right;
    case kAtMost:
      return left <= right;
    case kGreater:
      return left > right;
    case kAtLeast:
      return left >= right;
    case kEqual:
      break;
  }
  return left == right;
}

// The longest stretch without a wildcard.
std::string longest_text(std::string_view pattern) {
  std::string_view longest;
  for (std::size_t at = 0; at <= pattern.size();) {
    const std::size_t end =
        std::min(pattern.find_first_of(std::array{kAnyText, kAnyCharacter, '\0'}.data(), at),
                 pattern.size());
    if (end - at > longest.size()) {
      longest = pattern.substr(at, end - at);
    }
    at = end + 1;
  }
  return std::string(longest);
}

std::optional<std::array<std::uint8_t, 16>> address_of(std::string_view text) {
  const std::string name(text);
  std::array<std::uint8_t, 16> address{};
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) {
    return address;
  }
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
  if (inet_pton(AF_INET, name.c_str(), address.data() + 12) == 1) {
    return address;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Network> Network::from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = address_of(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  const bool v4 = text.find(':') == std::string_view::npos;
  unsigned bits = v4 ? 32 : 128;
  const unsigned most = bits;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > most) {
      return std::nullopt;
    }
  }
  return Network{*address, v4 ? bits + 96 : bits};
}

bool Network::holds(std::string_view address_text) const {
  const auto other = address_of(address_text);
  if (!other) {
    return false;
  }
  const std::size_t whole = bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole),
                  other->begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  return rest == 0 || (address[whole] >> (8 - rest)) == ((*other)[whole] >> (8 - rest));
}

CompiledTest::CompiledTest(const ValueTest& test) : test_(test) {
  if (test.kind == Kind::kRegex) {
    regex_ = std::make_unique<re2::RE2>(pattern_of_regex(test), options_of(test));
    if (!regex_->ok()) {
      throw RuleError("regular expression \"" + test.text + "\": " + regex_->error());
    }
  } else if (test.kind == Kind::kCidr) {
    network_ = Network::from_text(test.text);
    if (!network_) {
      throw RuleError("\"" + test.text + "\" is no network");
    }
  }
}

CompiledTest::CompiledTest(CompiledTest&&) noexcept = default;
CompiledTest& CompiledTest::operator=(CompiledTest&&) noexcept = default;
CompiledTest::~CompiledTest() = default;

bool CompiledTest::holds(std::string_view value) const {
  switch (test_.kind) {
    case Kind::kText:
      return fits(test_.text, value, test_.cased);
    case Kind::kRegex:
      return re2::RE2::PartialMatch({value.data(), value.size()}, *regex_);
    case Kind::kCidr:
      return network_->holds(value);
    case Kind::kNumber: {
      if (test_.part == TimePart::kNone) {
        const auto number = number_of(value);
        return number && compares(*number, test_.compare, test_.number);
      }
      const auto part = part_of_time(value, test_.part);
      return part && compares(static_cast<double>(*part), test_.compare, test_.number);
    }
    case Kind::kExists:
    case Kind::kNull:
    case Kind::kFieldRef:
      break;
  }
  return false;
}

bool CompiledTest::holds(std::string_view value, std::string_view other) const {
  const std::size_t size = other.size();
  switch (test_.anchor) {
    case Anchor::kWhole:
      return equal(value, other, test_.cased);
    case Anchor::kStart:
      return value.size() >= size && equal(value.substr(0, size), other, test_.cased);
    case Anchor::kEnd:
      return value.size() >= size && equal(value.substr(value.size() - size), other, test_.cased);
    case Anchor::kAnywhere:
      break;
  }
  return test_.cased ? value.find(other) != std::string_view::npos
                     : find_ignoring_case(value, other) != std::string_view::npos;
}

std::vector<std::string> CompiledTest::needed_texts() const {
  std::vector<std::string> texts;
  if (test_.kind == Kind::kText) {
    if (std::string text = longest_text(test_.text); !text.empty()) {
      texts.push_back(std::move(text));
    }
  } else if (test_.kind == Kind::kRegex) {
    constexpr int kShortest = 3;  // of the texts by which RE2 tells where it may match
    re2::FilteredRE2 filter(kShortest);
    int number = 0;
    if (filter.Add(pattern_of_regex(test_), options_of(test_), &number) == re2::RE2::NoError) {
      filter.Compile(&texts);
      // It answers for an expression of these texts joined by and and or; what may match without
      // any is told apart here.
      std::vector<int> without;
      filter.AllPotentials({}, &without);
      if (!without.empty()) {
        texts.clear();
      }
    }
  }
  return texts;
}

std::optional<PlainText> plain_text(std::string_view pattern) {
  const bool open_start = pattern.starts_with(kAnyText);
  pattern.remove_prefix(std::min(pattern.find_first_not_of(kAnyText), pattern.size()));
  const bool open_end = pattern.ends_with(kAnyText);
  pattern = pattern.substr(0, pattern.find_last_not_of(kAnyText) + 1);
  if (pattern.empty() || has_wildcards(pattern)) {
    return std::nullopt;
  }
  return PlainText{pattern, open_start && open_end ? Anchor::kAnywhere
                            : open_start           ? Anchor::kEnd
                            : open_end             ? Anchor::kStart
                                                   : Anchor::kWhole};
}

}  // namespace iwamtrace::sigma
