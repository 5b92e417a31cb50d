#include "parsers/evtx/binxml_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <limits>

#include "model/untrusted.h"
#include "parsers/windows_types.h"

namespace iwamtrace {

using namespace binxml_type;

namespace {

constexpr std::size_t kNumberRoom = 40;  // of every value of fixed size but SIDs

// Size of one value of that type; 0 where it varies.
std::size_t fixed_size(std::uint32_t type) {
  switch (type) {
    case kInt8:
    case kUInt8:
      return 1;
    case kInt16:
    case kUInt16:
      return 2;
    case kInt32:
    case kUInt32:
    case kFloat:
    case kBool:
    case kHex32:
      return 4;
    case kInt64:
    case kUInt64:
    case kDouble:
    case kFiletime:
    case kHex64:
      return 8;
    case kGuid:
    case kSystemtime:
      return 16;
    default:
      return 0;
  }
}

template <typename Number>
Number load(const std::byte* data) {
  Number value{};
  std::memcpy(&value, data, sizeof value);
  return value;
}

template <typename Number>
char* decimal(const std::byte* data, char* out) {
  return std::to_chars(out, out + kNumberRoom, load<Number>(data)).ptr;
}

template <typename Number>
char* hexadecimal(const std::byte* data, char* out) {
  *out++ = '0';
  *out++ = 'x';
  return std::to_chars(out, out + kNumberRoom - 2, load<Number>(data), 16).ptr;
}

char* write(std::string_view text, char* out) { return std::copy(text.begin(), text.end(), out); }

char* write_hex(Bytes bytes, char* out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const std::byte byte : bytes) {
    *out++ = kDigits[std::to_integer<std::size_t>(byte >> 4)];
    *out++ = kDigits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return out;
}

// Text of the ANSI type: its code page is the machine's and is not recorded, so bytes above ASCII
// stand for the Latin-1 characters of the same value.
char* write_ansi(Bytes bytes, char* out) {
  for (const std::byte byte : bytes) {
    const auto code = std::to_integer<std::uint8_t>(byte);
    if (code < 0x80) {
      *out++ = static_cast<char>(code);
    } else {
      *out++ = static_cast<char>(0xC0 | (code >> 6));
      *out++ = static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return out;
}

std::optional<Timestamp> from_systemtime(const std::byte* data) {
  std::array<std::uint16_t, 8> part{};  // year, month, weekday, day, hour, minute, second, ms
  std::memcpy(part.data(), data, sizeof part);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", part[0], part[1],
                part[3], part[4], part[5], part[6], part[7]);
  return Timestamp::from_iso(text.data());
}

char* write_fixed(const BinXmlValue& value, char* out) {
  switch (value.type) {
    case kInt8:
      return decimal<std::int8_t>(value.data, out);
    case kUInt8:
      return decimal<std::uint8_t>(value.data, out);
    case kInt16:
      return decimal<std::int16_t>(value.data, out);
    case kUInt16:
      return decimal<std::uint16_t>(value.data, out);
    case kInt32:
      return decimal<std::int32_t>(value.data, out);
    case kUInt32:
      return decimal<std::uint32_t>(value.data, out);
    case kInt64:
      return decimal<std::int64_t>(value.data, out);
    case kUInt64:
      return decimal<std::uint64_t>(value.data, out);
    case kFloat:
      return decimal<float>(value.data, out);
    case kDouble:
      return decimal<double>(value.data, out);
    case kBool:
      return write(load<std::uint32_t>(value.data) != 0 ? "true" : "false", out);
    case kGuid:
      return guid_to_text(value.bytes(), out);
    case kHex32:
      return hexadecimal<std::uint32_t>(value.data, out);
    case kHex64:
      return hexadecimal<std::uint64_t>(value.data, out);
    case kFiletime:
      return write(to_iso(Timestamp{load<std::int64_t>(value.data)}), out);
    case kSystemtime:
      if (const auto time = from_systemtime(value.data)) {
        return write(to_iso(*time), out);
      }
      return write_hex(value.bytes(), out);
    default:
      return write_hex(value.bytes(), out);
  }
}

}  // namespace

BinXmlValue without_nuls(BinXmlValue text) {
  const std::uint32_t unit = text.type == kAnsiString ? 1 : 2;
  const auto zero = [](std::byte byte) { return byte == std::byte{}; };
  text.size -= text.size % unit;
  while (text.size >= unit && std::ranges::all_of(text.bytes().last(unit), zero)) {
    text.size -= unit;
  }
  return text;
}

std::size_t text_room(const BinXmlValue& value) {
  switch (value.type) {
    case kString:
      return value.size / 2 * kMaxUtf8PerUnit;
    case kSid:
      return std::max<std::size_t>(kMaxSidText, value.size * std::size_t{2});
    default:
      return kNumberRoom + value.size * std::size_t{2};
  }
}

char* write_text(const BinXmlValue& value, char* out) {
  if (value.size == 0 || value.type == kNull) {
    return out;
  }
  switch (value.type) {
    case kString: {
      const BinXmlValue text = without_nuls(value);
      return utf16_to_utf8(text.data, text.size / 2, out);
    }
    case kAnsiString:
      return write_ansi(without_nuls(value).bytes(), out);
    case kSid:
      if (const auto sid = sid_of(value)) {
        return sid_to_text(*sid, out);
      }
      return write_hex(value.bytes(), out);
    case kSize:
      if (value.size == 4) {
        return hexadecimal<std::uint32_t>(value.data, out);
      }
      return value.size == 8 ? hexadecimal<std::uint64_t>(value.data, out)
                             : write_hex(value.bytes(), out);
    default:
      return fixed_size(value.type) == value.size ? write_fixed(value, out)
                                                  : write_hex(value.bytes(), out);
  }
}

bool BinXmlItems::next(BinXmlValue& item) {
  if ((rest_.type & kArray) == 0) {
    item = rest_;
    return !std::exchange(done_, true);
  }
  if (rest_.size == 0) {
    return false;
  }
  const auto type = rest_.type & ~std::uint32_t{kArray};
  std::size_t size = fixed_size(type);
  std::size_t stride = size;
  if (type == kString || type == kAnsiString) {
    const std::size_t unit = type == kString ? 2 : 1;
    for (size = 0; size + unit <= rest_.size; size += unit) {
      if (std::ranges::all_of(rest_.bytes().subspan(size, unit),
                              [](std::byte byte) { return byte == std::byte{}; })) {
        break;
      }
    }
    stride = size + unit;
  } else if (type == kSid && rest_.size >= 2) {
    stride = size = sid_size(std::to_integer<std::size_t>(rest_.data[1]));
  } else if (size == 0) {
    stride = size = rest_.size;
  }
  size = std::min<std::size_t>(size, rest_.size);
  stride = std::min<std::size_t>(stride, rest_.size);
  item = {rest_.data, static_cast<std::uint32_t>(size), type};
  rest_.data += stride;
  rest_.size -= static_cast<std::uint32_t>(stride);
  return true;
}

namespace {

// Of any size that fits: the declared type and the stored one may differ.
std::optional<std::uint64_t> unsigned_of(const BinXmlValue& value) {
  switch (value.size) {
    case 1:
      return load<std::uint8_t>(value.data);
    case 2:
      return load<std::uint16_t>(value.data);
    case 4:
      return load<std::uint32_t>(value.data);
    case 8:
      return load<std::uint64_t>(value.data);
    default:
      break;
  }
  std::uint64_t number = 0;
  if (value.size == 0 || value.size > sizeof number) {
    return std::nullopt;
  }
  std::memcpy(&number, value.data, value.size);
  return number;
}

}  // namespace

std::optional<std::uint64_t> number_of(const BinXmlValue& value) {
  switch (value.type) {
    case kString: {
      const std::string text = utf8_of(value.bytes());
      return UntrustedView{text}.number();
    }
    case kInt8:
    case kUInt8:
    case kInt16:
    case kUInt16:
    case kInt32:
    case kUInt32:
    case kInt64:
    case kUInt64:
    case kHex32:
    case kHex64:
    case kSize: {
      return unsigned_of(value);
    }
    default:
      return std::nullopt;
  }
}

std::optional<Timestamp> time_of(const BinXmlValue& value) {
  if (value.type == kFiletime && value.size == sizeof(std::uint64_t)) {
    return Timestamp::from_filetime(load<std::uint64_t>(value.data));
  }
  if (value.type == kSystemtime && value.size == 16) {
    return from_systemtime(value.data);
  }
  return value.type == kString ? Timestamp::from_iso(utf8_of(value.bytes())) : std::nullopt;
}

std::optional<Sid> sid_of(const BinXmlValue& value) {
  if (value.type == kString) {
    return Sid::from_text(utf8_of(value.bytes()));
  }
  if (value.type != kSid || value.size < sid_size(0) || std::to_integer<int>(value.data[0]) != 1 ||
      std::to_integer<std::size_t>(value.data[1]) > Sid::kMaxSubauthorities ||
      value.size < sid_size(std::to_integer<std::size_t>(value.data[1]))) {
    return std::nullopt;
  }
  Cursor cursor(value.bytes());
  return read_sid(cursor);
}

}  // namespace iwamtrace
