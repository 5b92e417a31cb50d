#include "make/evtx_value.h"

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include "make/bytes.h"

namespace iwamtrace {
namespace {

EvtxValue make(BinXmlType type, std::string bytes, std::string text) {
  EvtxValue value;
  value.type = static_cast<std::uint8_t>(type);
  value.declared = value.type;
  value.bytes = std::move(bytes);
  value.texts.push_back(std::move(text));
  return value;
}

template <typename Number>
EvtxValue number(BinXmlType type, Number value, std::size_t size, std::string text) {
  ByteWriter out;
  out.u64(static_cast<std::uint64_t>(value));
  return make(type, out.take().substr(0, size), std::move(text));
}

template <typename Number>
EvtxValue decimal(BinXmlType type, Number value) {
  return number(type, value, sizeof value, std::to_string(value));
}

// A float in the fewest digits that give it back, or an integer to a base.
template <typename Number, typename... Base>
std::string digits_of(Number value, Base... base) {
  std::array<char, 32> digits{};
  char* const end = digits.data() + digits.size();
  return {digits.data(), std::to_chars(digits.data(), end, value, base...).ptr};
}

template <typename Number>
EvtxValue hexadecimal(BinXmlType type, Number value) {
  return number(type, value, sizeof value, "0x" + digits_of(value, 16));
}

std::string upper(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

// "2004-06-14T09:31:22" and the given number of digits of the second's fraction.
std::string windows_time(Timestamp time, std::size_t digits) {
  const std::int64_t fraction = time.ticks % Timestamp::kTicksPerSecond;
  std::string text = to_iso(Timestamp{time.ticks - fraction});
  const std::string ticks = std::to_string(fraction);
  const std::string nanoseconds = std::string(7 - ticks.size(), '0') + ticks + "00";
  text.insert(text.size() - 1, "." + nanoseconds.substr(0, digits));
  return text;
}

bool fits_an_array(const EvtxValue& item) {
  return item.type != static_cast<std::uint8_t>(BinXmlType::kNull) &&
         item.type != static_cast<std::uint8_t>(BinXmlType::kBinary) &&
         (item.type & EvtxValue::kArray) == 0;
}

}  // namespace

EvtxValue EvtxValue::null(BinXmlType declared, std::size_t room) {
  EvtxValue value;
  value.bytes = std::string(room, '\0');
  value.declared = static_cast<std::uint8_t>(declared);
  return value;
}

EvtxValue EvtxValue::text(std::string_view utf8) {
  return make(BinXmlType::kString, utf16_bytes(utf8), std::string(utf8));
}
EvtxValue EvtxValue::ansi(std::string_view bytes) {
  return make(BinXmlType::kAnsi, std::string(bytes), std::string(bytes));
}

EvtxValue EvtxValue::int8(std::int8_t value) { return decimal(BinXmlType::kInt8, value); }
EvtxValue EvtxValue::uint8(std::uint8_t value) { return decimal(BinXmlType::kUint8, value); }
EvtxValue EvtxValue::int16(std::int16_t value) { return decimal(BinXmlType::kInt16, value); }
EvtxValue EvtxValue::uint16(std::uint16_t value) { return decimal(BinXmlType::kUint16, value); }
EvtxValue EvtxValue::int32(std::int32_t value) { return decimal(BinXmlType::kInt32, value); }
EvtxValue EvtxValue::uint32(std::uint32_t value) { return decimal(BinXmlType::kUint32, value); }
EvtxValue EvtxValue::int64(std::int64_t value) { return decimal(BinXmlType::kInt64, value); }
EvtxValue EvtxValue::uint64(std::uint64_t value) { return decimal(BinXmlType::kUint64, value); }

EvtxValue EvtxValue::float32(float value) {
  return number(BinXmlType::kFloat, std::bit_cast<std::uint32_t>(value), 4, digits_of(value));
}
EvtxValue EvtxValue::float64(double value) {
  return number(BinXmlType::kDouble, std::bit_cast<std::uint64_t>(value), 8, digits_of(value));
}
EvtxValue EvtxValue::boolean(bool value) {
  return number(BinXmlType::kBool, value ? 1U : 0U, 4, value ? "true" : "false");
}
EvtxValue EvtxValue::binary(std::string_view bytes) {
  return make(BinXmlType::kBinary, std::string(bytes), upper(hex(as_bytes(bytes))));
}
EvtxValue EvtxValue::guid(std::string_view guid) {
  const bool braces = guid.starts_with('{');
  const std::string text = upper(std::string(guid));
  return make(BinXmlType::kGuid, guid_bytes(guid), braces ? text : "{" + text + "}");
}

EvtxValue EvtxValue::size32(std::uint32_t value) { return hexadecimal(BinXmlType::kSize, value); }
EvtxValue EvtxValue::size64(std::uint64_t value) { return hexadecimal(BinXmlType::kSize, value); }
EvtxValue EvtxValue::hex32(std::uint32_t value) { return hexadecimal(BinXmlType::kHex32, value); }
EvtxValue EvtxValue::hex64(std::uint64_t value) { return hexadecimal(BinXmlType::kHex64, value); }

EvtxValue EvtxValue::pointer(std::uint64_t value) {
  EvtxValue pointer = hex64(value);
  pointer.declared = static_cast<std::uint8_t>(BinXmlType::kSize);
  return pointer;
}

EvtxValue EvtxValue::filetime(Timestamp time) {
  return number(BinXmlType::kFiletime, filetime_of(time), 8, windows_time(time, 9));
}

EvtxValue EvtxValue::system_time(Timestamp time) {
  using namespace std::chrono;
  const sys_days day = sys_days{year{1601} / 1 / 1} + days{time.ticks / Timestamp::kTicksPerDay};
  const year_month_day date{day};
  const std::int64_t milliseconds_of_day = time.ticks % Timestamp::kTicksPerDay / 10'000;
  const hh_mm_ss clock{milliseconds{milliseconds_of_day}};

  ByteWriter out;
  out.u16(static_cast<std::uint64_t>(int{date.year()})).u16(unsigned{date.month()});
  out.u16(weekday{day}.c_encoding()).u16(unsigned{date.day()});
  out.u16(static_cast<std::uint64_t>(clock.hours().count()));
  out.u16(static_cast<std::uint64_t>(clock.minutes().count()));
  out.u16(static_cast<std::uint64_t>(clock.seconds().count()));
  out.u16(static_cast<std::uint64_t>(clock.subseconds().count()));
  return make(BinXmlType::kSystemTime, out.take(), windows_time(time, 3));
}

EvtxValue EvtxValue::sid(const Sid& sid) {
  return make(BinXmlType::kSid, sid_bytes(sid), to_string(sid));
}

EvtxValue EvtxValue::array(const std::vector<EvtxValue>& items) {
  EvtxValue value;
  for (const EvtxValue& item : items) {
    if (!fits_an_array(item) || item.type != items.front().type) {
      throw std::invalid_argument("an array is made of values of one type");
    }
    value.bytes += item.bytes;
    if (item.type == static_cast<std::uint8_t>(BinXmlType::kString)) {
      value.bytes += std::string(2, '\0');
    } else if (item.type == static_cast<std::uint8_t>(BinXmlType::kAnsi)) {
      value.bytes += '\0';
    }
    value.texts.push_back(item.texts.front());
  }
  if (items.empty()) {
    throw std::invalid_argument("an array without items has no type");
  }
  value.type = items.front().type | kArray;
  value.declared = value.type;
  return value;
}

EvtxValue EvtxValue::strings(const std::vector<std::string>& utf8) {
  if (utf8.empty()) {
    EvtxValue none;
    none.declared = static_cast<std::uint8_t>(BinXmlType::kString) | kArray;
    return none;
  }
  return array({utf8.begin(), utf8.end()});
}

EvtxValue EvtxValue::raw(std::uint8_t type, std::string_view bytes) {
  return make(BinXmlType{type}, std::string(bytes), upper(hex(as_bytes(bytes))));
}

}  // namespace iwamtrace
