// Values of BinXML as text, for the strict reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

// Throws std::runtime_error, naming the place.
void strict_expect(bool holds, std::size_t at, const std::string& what);
// Little-endian, of up to eight bytes.
std::uint64_t strict_number(std::string_view bytes, std::size_t at, std::size_t size);

std::string strict_value_text(unsigned type, std::string_view bytes);
// The items of an array whose items are of `type`.
std::vector<std::string_view> strict_items(unsigned type, std::string_view bytes);

}  // namespace iwamtrace
