#include "parsers/metabase/text_lines.h"

#include <algorithm>
#include <utility>

namespace iwamtrace {
namespace {

constexpr std::string_view kUtf8Mark{"\xEF\xBB\xBF"};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    if (size == 0) {
      return false;
    }
    text.remove_prefix(size);
  }
  return true;
}

std::string from_latin(std::string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (is_ascii(c)) {
      utf8.push_back(c);
    } else {
      utf8.push_back(static_cast<char>(0xC0U | (code >> 6U)));
      utf8.push_back(static_cast<char>(0x80U | (code & 0x3FU)));
    }
  }
  return utf8;
}

// Text of a Windows in the west: of the first bytes every second is 0.
bool looks_like_utf16(Bytes file) {
  constexpr std::size_t kEnough = 8;
  if (file.size() < kEnough) {
    return false;
  }
  for (std::size_t i = 0; i < kEnough; i += 2) {
    if (file[i] == std::byte{0} || file[i + 1] != std::byte{0}) {
      return false;
    }
  }
  return true;
}

}  // namespace

TextLines::TextLines(Bytes file) {
  const std::string_view text{reinterpret_cast<const char*>(file.data()), file.size()};
  const bool marked = text.starts_with("\xFF\xFE");
  if (marked || looks_like_utf16(file)) {
    encoding_ = Encoding::kUtf16;
    split_utf16(file, marked ? 2 : 0);
    return;
  }
  encoding_ = is_utf8(text) ? Encoding::kUtf8 : Encoding::kCodePage;
  split_bytes(text, text.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0);
}

void TextLines::split_utf16(Bytes file, std::size_t from) {
  const auto is = [&](std::size_t at, char c) {
    return file[at] == static_cast<std::byte>(c) && file[at + 1] == std::byte{0};
  };
  while (from < file.size()) {
    std::size_t end = from;
    while (end + 1 < file.size() && !is(end, '\n')) {
      end += 2;
    }
    const std::size_t next = std::min(end + 2, file.size());
    const bool returned = end > from && end <= file.size() && is(end - 2, '\r');
    const std::size_t last = returned ? end - 2 : std::min(end, file.size());
    lines_.push_back(Line{utf8_of(file.subspan(from, last - from)), from, next - from});
    from = next;
  }
}

void TextLines::split_bytes(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::size_t next = std::min(end + 1, text.size());
    std::string_view line = text.substr(from, end - from);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    lines_.push_back(Line{encoding_ == Encoding::kUtf8 ? std::string(line) : from_latin(line), from,
                          next - from});
    from = next;
  }
}

std::uint64_t TextLines::offset_of(const Line& line, std::size_t column) const {
  const std::string_view before = std::string_view{line.text}.substr(0, column);
  switch (encoding_) {
    case Encoding::kUtf16:
      return line.offset + 2 * utf16_of(before).size();
    case Encoding::kCodePage: {
      const auto continued = std::ranges::count_if(
          before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; });
      return line.offset + before.size() - static_cast<std::size_t>(continued);
    }
    default:
      return line.offset + before.size();
  }
}

}  // namespace iwamtrace
