#include "model/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace iwamtrace {
namespace {

static_assert(std::endian::native == std::endian::little, "UTF-16LE is read without swapping");

std::uint16_t unit_at(const std::byte* in) {
  std::uint16_t unit = 0;
  std::memcpy(&unit, in, sizeof unit);
  return unit;
}

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

char* append_code_point(std::uint32_t code, char* out) {
  const auto continuation = [](std::uint32_t bits) {
    return static_cast<char>(0x80 | (bits & 0x3F));
  };
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | (code >> 6));
    *out++ = continuation(code);
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (code >> 12));
    *out++ = continuation(code >> 6);
    *out++ = continuation(code);
  } else {
    *out++ = static_cast<char>(0xF0 | (code >> 18));
    *out++ = continuation(code >> 12);
    *out++ = continuation(code >> 6);
    *out++ = continuation(code);
  }
  return out;
}

// Length of the sequence at the front of `text`, where surrogates may be allowed (WTF-8); 0 if bad.
std::size_t sequence(std::string_view text, bool surrogates_allowed, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (text.empty()) {
    return 0;
  }
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) {
    code = lead;
    return 1;
  }
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) {
    return 0;
  }
  code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return 0;
    }
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  const bool valid =
      code >= kSmallest[size] && code <= 0x10FFFF && (surrogates_allowed || !surrogate);
  return valid ? size : 0;
}

}  // namespace

char* utf16_to_utf8(const std::byte* in, std::size_t units, char* out) {
  constexpr std::uint64_t kNotAscii = 0xFF80FF80FF80FF80;
  const std::byte* const end = in + units * 2;
  while (in != end) {
    // Nearly all evidence is ASCII: four code units become four bytes at once.
    while (end - in >= 8) {
      std::uint64_t four = 0;
      std::memcpy(&four, in, sizeof four);
      if ((four & kNotAscii) != 0) {
        break;
      }
      four |= four >> 8;
      const auto packed = static_cast<std::uint32_t>((four & 0xFFFF) | ((four >> 16) & 0xFFFF0000));
      std::memcpy(out, &packed, sizeof packed);
      in += 8;
      out += 4;
    }
    if (in == end) {
      break;
    }
    std::uint32_t code = unit_at(in);
    in += 2;
    if (is_high_surrogate(code) && in != end && is_low_surrogate(unit_at(in))) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit_at(in) - 0xDC00U);
      in += 2;
    }
    out = append_code_point(code, out);
  }
  return out;
}

std::string utf8_of(Bytes utf16le) {
  const std::size_t units = utf16le.size() / 2;
  std::string text(units * kMaxUtf8PerUnit, '\0');
  const char* end = utf16_to_utf8(utf16le.data(), units, text.data());
  text.resize(static_cast<std::size_t>(end - text.data()));
  return text;
}

std::u16string utf16_of(std::string_view utf8) {
  std::u16string units;
  while (!utf8.empty()) {
    std::uint32_t code = 0;
    const std::size_t size = sequence(utf8, true, code);
    if (size == 0) {
      units += static_cast<char16_t>(static_cast<std::uint8_t>(utf8.front()));
      utf8.remove_prefix(1);
      continue;
    }
    if (code >= 0x10000) {
      units += static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      units += static_cast<char16_t>(code);
    }
    utf8.remove_prefix(size);
  }
  return units;
}

std::size_t utf8_sequence(std::string_view text) {
  std::uint32_t code = 0;
  return sequence(text, false, code);
}

std::string hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return text;
}

std::optional<std::string> bytes_of_hex(std::string_view digits) {
  const auto value = [](char c) -> int {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  };
  if (digits.size() % 2 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = value(digits[i]);
    const int low = value(digits[i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// As Windows does for the alphabets of its Western, Central European, Greek and Cyrillic editions.
char16_t upper(char16_t c) {
  const auto in = [&](char16_t first, char16_t last) { return c >= first && c <= last; };
  const auto down_by = [&](int places) { return static_cast<char16_t>(c - places); };
  if (in('a', 'z') || (in(0xE0, 0xFE) && c != 0xF7) || (in(0x3B1, 0x3C9) && c != 0x3C2) ||
      in(0x430, 0x44F)) {
    return down_by(0x20);
  }
  if (in(0x450, 0x45F)) {
    return down_by(0x50);
  }
  const bool odd = c % 2 != 0;
  if (in(0x100, 0x137) || in(0x14A, 0x177)) {
    return odd ? down_by(1) : c;
  }
  if (in(0x139, 0x148) || in(0x179, 0x17E)) {
    return odd ? c : down_by(1);
  }
  return c;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  if (is_ascii(left) || is_ascii(right)) {
    return std::ranges::equal(left, right, {}, lower, lower);
  }
  return std::ranges::equal(utf16_of(left), utf16_of(right), {}, upper, upper);
}

std::size_t find_ignoring_case(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                 [](char a, char b) { return lower(a) == lower(b); });
  return found == text.end() && !part.empty() ? std::string_view::npos
                                              : static_cast<std::size_t>(found - text.begin());
}

}  // namespace iwamtrace
