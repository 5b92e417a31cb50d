// The typed values of binary XML, as text and as numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "model/event_record.h"
#include "parsers/cursor.h"

namespace iwamtrace {

// A typed value where it stands in the chunk.
struct BinXmlValue {
  const std::byte* data = nullptr;
  std::uint32_t size = 0;
  // Of binxml_type; kNull is absent. A whole word: a copy of 13 bytes would read over the edges of
  // what was just stored, and wait for it.
  std::uint32_t type = 0;

  [[nodiscard]] Bytes bytes() const { return {data, size}; }
};

namespace binxml_type {
inline constexpr std::uint8_t kNull = 0x00;
inline constexpr std::uint8_t kString = 0x01;
inline constexpr std::uint8_t kAnsiString = 0x02;
inline constexpr std::uint8_t kInt8 = 0x03;
inline constexpr std::uint8_t kUInt8 = 0x04;
inline constexpr std::uint8_t kInt16 = 0x05;
inline constexpr std::uint8_t kUInt16 = 0x06;
inline constexpr std::uint8_t kInt32 = 0x07;
inline constexpr std::uint8_t kUInt32 = 0x08;
inline constexpr std::uint8_t kInt64 = 0x09;
inline constexpr std::uint8_t kUInt64 = 0x0A;
inline constexpr std::uint8_t kFloat = 0x0B;
inline constexpr std::uint8_t kDouble = 0x0C;
inline constexpr std::uint8_t kBool = 0x0D;
inline constexpr std::uint8_t kBinary = 0x0E;
inline constexpr std::uint8_t kGuid = 0x0F;
inline constexpr std::uint8_t kSize = 0x10;
inline constexpr std::uint8_t kFiletime = 0x11;
inline constexpr std::uint8_t kSystemtime = 0x12;
inline constexpr std::uint8_t kSid = 0x13;
inline constexpr std::uint8_t kHex32 = 0x14;
inline constexpr std::uint8_t kHex64 = 0x15;
inline constexpr std::uint8_t kBinXml = 0x21;
inline constexpr std::uint8_t kArray = 0x80;  // a flag on the others
}  // namespace binxml_type

// Text without the NULs at its end that some providers count in.
BinXmlValue without_nuls(BinXmlValue text);

// Room that write_text needs at most, in bytes.
std::size_t text_room(const BinXmlValue& value);

// Writes the value as Windows' event viewer shows it and returns the end. Values of a size that
// does not fit their type are written in hexadecimal, so nothing is lost.
char* write_text(const BinXmlValue& value, char* out);

// The items of an array value, one after the other; the value itself where it is none.
class BinXmlItems {
 public:
  explicit BinXmlItems(const BinXmlValue& value) : rest_(value) {}
  // False at the end.
  bool next(BinXmlValue& item);

 private:
  BinXmlValue rest_;
  bool done_ = false;
};

// Integers of all widths, and text that is a decimal or "0x" number.
std::optional<std::uint64_t> number_of(const BinXmlValue& value);
std::optional<Timestamp> time_of(const BinXmlValue& value);
std::optional<Sid> sid_of(const BinXmlValue& value);

}  // namespace iwamtrace
