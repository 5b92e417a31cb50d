#include "report/terminal_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/text.h"

namespace iwamtrace {
namespace {

using Range = std::pair<char32_t, char32_t>;

bool within(char32_t code, std::span<const Range> ranges) {
  return std::ranges::any_of(
      ranges, [&](const Range& range) { return code >= range.first && code <= range.second; });
}

char32_t code_point(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(sequence[i]); };
  if (sequence.size() == 1) {
    return byte(0);
  }
  char32_t code = byte(0) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) {
    code = code << 6 | (byte(i) & 0x3F);
  }
  return code;
}

bool is_unsafe(char32_t code) {
  // Controls; soft hyphen; Arabic letter mark; zero widths and bidi marks; line and paragraph
  // separators, bidi embeddings; invisible operators, bidi isolates; byte order mark; specials;
  // tags and variation selectors.
  static constexpr std::array kUnsafe{
      Range{0x00, 0x1F},     Range{0x7F, 0x9F},      Range{0xAD, 0xAD},     Range{0x61C, 0x61C},
      Range{0x200B, 0x200F}, Range{0x2028, 0x202E},  Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF},
      Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE0FFF}};
  return within(code, kUnsafe);
}

bool is_wide(char32_t code) {
  static constexpr std::array kWide{
      Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF},   Range{0xAC00, 0xD7A3},
      Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
      Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
  return within(code, kWide);
}

bool is_combining(char32_t code) {
  static constexpr std::array kCombining{Range{0x300, 0x36F}, Range{0x1AB0, 0x1AFF},
                                         Range{0x20D0, 0x20FF}, Range{0xFE20, 0xFE2F}};
  return within(code, kCombining);
}

std::string escape(char32_t code) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (code == U'\n' || code == U'\r' || code == U'\t') {
    return code == U'\n' ? "\\n" : code == U'\r' ? "\\r" : "\\t";
  }
  std::string text = code <= 0xFF ? "\\x" : code <= 0xFFFF ? "\\u" : "\\U";
  for (int shift = code <= 0xFF ? 4 : code <= 0xFFFF ? 12 : 28; shift >= 0; shift -= 4) {
    text += kDigits[code >> shift & 0xF];
  }
  return text;
}

// Takes one character off the front; nothing taken is an ill-formed byte.
struct Character {
  std::string_view bytes;
  char32_t code = 0;
  bool well_formed = false;
};
Character take_character(std::string_view& text) {
  const std::size_t size = utf8_sequence(text);
  Character character{text.substr(0, std::max<std::size_t>(size, 1)), 0, size != 0};
  character.code =
      size != 0 ? code_point(character.bytes) : static_cast<std::uint8_t>(character.bytes.front());
  text.remove_prefix(character.bytes.size());
  return character;
}

std::size_t width_of(char32_t code) { return is_combining(code) ? 0 : is_wide(code) ? 2 : 1; }

// The longest front of `text` that fits; at least one character.
std::string_view front_within(std::string_view text, std::size_t width) {
  std::string_view rest = text;
  std::size_t used = 0;
  while (!rest.empty()) {
    std::string_view behind = rest;
    const Character character = take_character(behind);
    used += width_of(character.code);
    if (used > width && rest.size() != text.size()) {
      break;
    }
    rest = behind;
  }
  return text.substr(0, text.size() - rest.size());
}

}  // namespace

std::string TerminalText::visible(UntrustedView text) {
  std::string_view rest = text.bytes(SinkKey{});
  std::string shown;
  shown.reserve(rest.size());
  while (!rest.empty()) {
    const Character character = take_character(rest);
    if (character.well_formed && !is_unsafe(character.code)) {
      shown += character.bytes;
    } else {
      shown += escape(character.code);
    }
  }
  return shown;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    count += width_of(take_character(text).code);
  }
  return count;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t blank = used == 0 ? 0 : 1;
    if (used + blank + columns(word) <= width) {
      line += (blank != 0 ? " " : "");
      line += word;
      used += blank + columns(word);
      continue;
    }
    if (used != 0) {
      line.erase(line.find_last_not_of(' ') + 1);
      lines.push_back(std::move(line));
    }
    while (columns(word) > width) {
      const std::string_view part = front_within(word, width);
      lines.emplace_back(part);
      word.remove_prefix(part.size());
    }
    line = std::string(word);
    used = columns(word);
  }
  if (used != 0 || lines.empty()) {
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (columns(text) <= width) {
    return std::string(text);
  }
  return std::string(front_within(text, width - 1)) + "…";
}

std::string pad_to(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

}  // namespace iwamtrace
