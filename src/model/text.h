// Text as Windows stores it and as we keep it: UTF-16LE in, UTF-8 out, and the ASCII forms of
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace iwamtrace {

using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span{text.data(), text.size()});
}

// Worst case of the conversion below, in bytes of UTF-8 for each UTF-16 code unit.
inline constexpr std::size_t kMaxUtf8PerUnit = 3;

// Writes `units` code units of UTF-16LE at `in` as UTF-8 and returns the end of what was written.
// `out` has room for units * kMaxUtf8PerUnit bytes. A surrogate without its partner becomes the
// three bytes it would have as a code point (WTF-8), so nothing is lost.
char* utf16_to_utf8(const std::byte* in, std::size_t units, char* out);

// The same for a whole field; an odd last byte is ignored.
std::string utf8_of(Bytes utf16le);

// UTF-8 (or WTF-8) back to UTF-16LE code units. Bytes that are no UTF-8 stand for themselves.
std::u16string utf16_of(std::string_view utf8);

// Length of the valid UTF-8 (not WTF-8) sequence at the front of `text`; 0 where there is none.
std::size_t utf8_sequence(std::string_view text);

std::string hex(Bytes bytes);
std::optional<std::string> bytes_of_hex(std::string_view digits);

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Case is ignored as Windows ignores it in names; in searches, of ASCII letters only.
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::size_t find_ignoring_case(std::string_view text, std::string_view part);
inline bool starts_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

}  // namespace iwamtrace
