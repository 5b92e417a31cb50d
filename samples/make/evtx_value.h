// The typed values of an event's XML, as records of Windows Vista and later hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

// Value types of BinXML, [MS-EVEN6] 2.2.12.
enum class BinXmlType : std::uint8_t {
  kNull = 0x00,
  kString = 0x01,
  kAnsi = 0x02,
  kInt8 = 0x03,
  kUint8 = 0x04,
  kInt16 = 0x05,
  kUint16 = 0x06,
  kInt32 = 0x07,
  kUint32 = 0x08,
  kInt64 = 0x09,
  kUint64 = 0x0A,
  kFloat = 0x0B,
  kDouble = 0x0C,
  kBool = 0x0D,
  kBinary = 0x0E,
  kGuid = 0x0F,
  kSize = 0x10,
  kFiletime = 0x11,
  kSystemTime = 0x12,
  kSid = 0x13,
  kHex32 = 0x14,
  kHex64 = 0x15,
  kBinXml = 0x21,
};

// A value with its type, its bytes as stored and its text as Windows shows it.
struct EvtxValue {
  static constexpr std::uint8_t kArray = 0x80;  // set in the type of arrays

  std::uint8_t type = 0;      // of the value as stored; null has none of its own
  std::uint8_t declared = 0;  // by the template; that of the value but for nulls
  std::string bytes{};
  std::vector<std::string> texts{};  // one; none for a null; one for each item of an array

  EvtxValue() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): most values are strings
  EvtxValue(std::string_view utf8) : EvtxValue(text(utf8)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  EvtxValue(const std::string& utf8) : EvtxValue(text(utf8)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  EvtxValue(const char* utf8) : EvtxValue(text(utf8)) {}

  // Windows often leaves some bytes of room for a value that is not there.
  static EvtxValue null(BinXmlType declared = BinXmlType::kString, std::size_t room = 0);
  static EvtxValue text(std::string_view utf8);
  static EvtxValue ansi(std::string_view bytes);
  static EvtxValue int8(std::int8_t value);
  static EvtxValue uint8(std::uint8_t value);
  static EvtxValue int16(std::int16_t value);
  static EvtxValue uint16(std::uint16_t value);
  static EvtxValue int32(std::int32_t value);
  static EvtxValue uint32(std::uint32_t value);
  static EvtxValue int64(std::int64_t value);
  static EvtxValue uint64(std::uint64_t value);
  static EvtxValue float32(float value);
  static EvtxValue float64(double value);
  static EvtxValue boolean(bool value);
  static EvtxValue binary(std::string_view bytes);
  static EvtxValue guid(std::string_view guid);
  static EvtxValue size32(std::uint32_t value);  // size_t of a 32-bit machine
  static EvtxValue size64(std::uint64_t value);
  // A pointer as 64-bit Windows stores it: declared as a size, held as a hexadecimal number.
  static EvtxValue pointer(std::uint64_t value);
  static EvtxValue filetime(Timestamp time);
  static EvtxValue system_time(Timestamp time);  // the format keeps whole milliseconds
  static EvtxValue sid(const Sid& sid);
  static EvtxValue hex32(std::uint32_t value);
  static EvtxValue hex64(std::uint64_t value);
  // Of values of one type, none of them null, binary or an array (std::invalid_argument). Strings
  // stand one behind the other, each with its NUL.
  static EvtxValue array(const std::vector<EvtxValue>& items);
  static EvtxValue strings(const std::vector<std::string>& utf8);  // none at all: a null
  // Any bytes under any type: what Windows would not write.
  static EvtxValue raw(std::uint8_t type, std::string_view bytes);
};

}  // namespace iwamtrace
