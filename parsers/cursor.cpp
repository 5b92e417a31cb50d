#include "parsers/cursor.h"

#include <array>
#include <charconv>

namespace iwamtrace {

void throw_short(std::string_view field, std::uint64_t offset, std::uint64_t need,
                 std::uint64_t have) {
  throw ParseError(offset, std::string(field) + ": " + std::to_string(need) + " bytes needed at " +
                               hex_offset(offset) + ", " + std::to_string(have) + " are there");
}

std::string hex_offset(std::uint64_t offset) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), offset, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

}  // namespace iwamtrace
