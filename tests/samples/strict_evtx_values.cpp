#include "strict_evtx_values.h"

#include <bit>
#include <sstream>
#include <stdexcept>

#include "model/sid.h"
#include "model/text.h"
#include "model/timestamp.h"

namespace iwamtrace {
namespace {

std::string hexadecimal(std::uint64_t value) {
  std::ostringstream out;
  out << "0x" << std::hex << value;
  return out.str();
}

std::string upper(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

std::string padded(std::uint64_t value, std::size_t digits) {
  const std::string text = std::to_string(value);
  return std::string(digits - text.size(), '0') + text;
}

std::string guid_text(std::string_view b) {
  const auto swapped = [&](std::size_t at, std::size_t size) {
    std::string bytes(b.substr(at, size));
    return hex(as_bytes(std::string(bytes.rbegin(), bytes.rend())));
  };
  return "{" +
         upper(swapped(0, 4) + "-" + swapped(4, 2) + "-" + swapped(6, 2) + "-" +
               hex(as_bytes(b.substr(8, 2))) + "-" + hex(as_bytes(b.substr(10, 6)))) +
         "}";
}

std::string sid_text(std::string_view b) {
  Sid sid;
  sid.revision = static_cast<std::uint8_t>(b[0]);
  sid.count = static_cast<std::uint8_t>(b[1]);
  for (std::size_t i = 2; i < 8; ++i) {
    sid.authority = sid.authority << 8 | static_cast<std::uint8_t>(b[i]);
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    sid.subauthorities.at(i) = static_cast<std::uint32_t>(strict_number(b, 8 + 4 * i, 4));
  }
  return to_string(sid);
}

std::string filetime_text(std::uint64_t ticks) {
  const std::uint64_t fraction = ticks % 10'000'000;
  std::string text = to_iso(Timestamp{static_cast<std::int64_t>(ticks - fraction)});
  text.pop_back();
  return text + "." + padded(fraction * 100, 9) + "Z";
}

std::string system_time_text(std::string_view b) {
  const auto field = [&](std::size_t index, std::size_t digits) {
    return padded(strict_number(b, 2 * index, 2), digits);
  };
  return field(0, 4) + "-" + field(1, 2) + "-" + field(3, 2) + "T" + field(4, 2) + ":" +
         field(5, 2) + ":" + field(6, 2) + "." + field(7, 3) + "Z";
}

template <typename Float, typename Bits>
std::string float_text(std::uint64_t bits) {
  std::ostringstream out;
  out << std::bit_cast<Float>(static_cast<Bits>(bits));
  return out.str();
}

template <typename Signed>
std::string signed_text(std::uint64_t value) {
  return std::to_string(static_cast<Signed>(value));
}

// The bytes one value of a type takes; 0 where it is the rest, or ends with a NUL in arrays.
std::size_t size_of_type(unsigned type) {
  switch (type) {
    case 0x03:
    case 0x04:
      return 1;
    case 0x05:
    case 0x06:
      return 2;
    case 0x07:
    case 0x08:
    case 0x0B:
    case 0x0D:
    case 0x14:
      return 4;
    case 0x09:
    case 0x0A:
    case 0x0C:
    case 0x11:
    case 0x15:
      return 8;
    case 0x0F:
    case 0x12:
      return 16;
    default:
      return 0;
  }
}

}  // namespace

void strict_expect(bool holds, std::size_t at, const std::string& what) {
  if (!holds) {
    throw std::runtime_error("at " + std::to_string(at) + ": " + what);
  }
}

std::uint64_t strict_number(std::string_view bytes, std::size_t at, std::size_t size) {
  strict_expect(at + size <= bytes.size(), at, "cut short");
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  }
  return value;
}

std::string strict_value_text(unsigned type, std::string_view b) {
  const std::size_t size = size_of_type(type);
  if (size != 0 && b.size() != size) {
    throw std::runtime_error("a value of type " + hexadecimal(type) + " has " +
                             std::to_string(b.size()) + " bytes");
  }
  const std::uint64_t value = b.size() <= 8 ? strict_number(b, 0, b.size()) : 0;
  switch (type) {
    case 0x00:
      return {};
    case 0x01:
      return utf8_of(as_bytes(b));
    case 0x02:
      return std::string(b);
    case 0x03:
      return signed_text<std::int8_t>(value);
    case 0x05:
      return signed_text<std::int16_t>(value);
    case 0x07:
      return signed_text<std::int32_t>(value);
    case 0x09:
      return signed_text<std::int64_t>(value);
    case 0x04:
    case 0x06:
    case 0x08:
    case 0x0A:
      return std::to_string(value);
    case 0x0B:
      return float_text<float, std::uint32_t>(value);
    case 0x0C:
      return float_text<double, std::uint64_t>(value);
    case 0x0D:
      return value != 0 ? "true" : "false";
    case 0x0E:
      return upper(hex(as_bytes(b)));
    case 0x0F:
      return guid_text(b);
    case 0x10:
    case 0x14:
    case 0x15:
      return hexadecimal(value);
    case 0x11:
      return filetime_text(value);
    case 0x12:
      return system_time_text(b);
    case 0x13:
      return sid_text(b);
    default:
      throw std::runtime_error("unknown type " + hexadecimal(type));
  }
}

std::vector<std::string_view> strict_items(unsigned type, std::string_view b) {
  std::vector<std::string_view> items;
  while (!b.empty()) {
    std::size_t size = size_of_type(type), closing = 0;
    if (type == 0x01 || type == 0x02) {
      closing = type == 0x01 ? 2 : 1;
      while (strict_number(b, size, closing) != 0) {
        size += closing;
      }
    } else if (type == 0x13) {
      size = 8 + 4 * strict_number(b, 1, 1);
    } else if (type == 0x10) {
      size = 8;
    }
    strict_expect(size + closing > 0 && size + closing <= b.size(), 0,
                  "the array does not come out even");
    items.push_back(b.substr(0, size));
    b.remove_prefix(size + closing);
  }
  return items;
}

}  // namespace iwamtrace
