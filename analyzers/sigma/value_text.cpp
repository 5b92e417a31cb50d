#include "analyzers/sigma/value_text.h"

#include <array>
#include <cstdint>

#include "analyzers/sigma/expression.h"
#include "analyzers/sigma/rule.h"
#include "model/text.h"

namespace iwamtrace::sigma {
namespace {

bool is_word(char c) {
  const char letter = lower(c);
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

// Between no letter and a letter, as "\B[-/]\b" says.
bool begins_option(std::string_view text, std::size_t at) {
  const bool dash = text[at] == '-' || text[at] == '/';
  const bool before = at > 0 && is_word(text[at - 1]);
  return dash && !before && at + 1 < text.size() && is_word(text[at + 1]);
}

}  // namespace

std::string pattern_of(std::string_view text) {
  std::string pattern;
  pattern.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (c == kAnyText || c == kAnyCharacter) {
      throw RuleError("a value holds a control character");
    }
    if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
      pattern += next;
      ++at;
    } else {
      pattern += c == '*' ? kAnyText : c == '?' ? kAnyCharacter : c;
    }
  }
  return pattern;
}

bool has_wildcards(std::string_view pattern) {
  return pattern.find_first_of(std::array{kAnyText, kAnyCharacter, '\0'}.data()) !=
         std::string_view::npos;
}

std::vector<std::string> with_any_dash(std::string_view pattern) {
  // "-", "/", en dash, em dash, horizontal bar.
  constexpr std::array<std::string_view, 5> kDashes{"-", "/", "\u2013", "\u2014", "\u2015"};
  constexpr std::size_t kMost = 625;
  std::vector<std::string> spellings{""};
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (!begins_option(pattern, at)) {
      for (std::string& spelling : spellings) {
        spelling += pattern[at];
      }
      continue;
    }
    std::vector<std::string> longer;
    for (const std::string& spelling : spellings) {
      for (const std::string_view dash : kDashes) {
        longer.push_back(spelling + std::string(dash));
      }
    }
    if (longer.size() > kMost) {
      throw RuleError("windash: a value with more than four options");
    }
    spellings = std::move(longer);
  }
  return spellings;
}

std::string encoded_utf16(std::string_view utf8, Utf16 form) {
  std::string bytes = form == Utf16::kWithMark ? "\xff\xfe" : "";
  for (const char16_t unit : utf16_of(utf8)) {
    const auto low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += form == Utf16::kBigEndian ? high : low;
    bytes += form == Utf16::kBigEndian ? low : high;
  }
  return bytes;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= count ? kDigits[group >> (18 - 6 * i) & 0x3F] : '=';
    }
  }
  return text;
}

std::vector<std::string> base64_at_offsets(std::string_view bytes) {
  constexpr std::array<std::size_t, 3> kSkipAtStart{0, 2, 3};
  constexpr std::array<std::size_t, 3> kSkipAtEnd{0, 3, 2};  // by the length modulo 3
  std::vector<std::string> texts;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string shifted = std::string(offset, ' ') + std::string(bytes);
    const std::string whole = base64(shifted);
    const std::size_t start = kSkipAtStart[offset];
    const std::size_t end = whole.size() - kSkipAtEnd[shifted.size() % 3];
    if (end > start) {
      texts.push_back(whole.substr(start, end - start));
    }
  }
  return texts;
}

}  // namespace iwamtrace::sigma
