// Bounds-checked little-endian reading: the only arithmetic on offsets that come from a file.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "model/text.h"

namespace iwamtrace {

// What a parser throws at itself where the bytes do not keep their promise. It is caught where the
// parser can go on with the next record, becomes Damage there, and never leaves parsers/.
class ParseError : public std::exception {
 public:
  // `offset` is counted as the thrower's Cursor counts.
  ParseError(std::uint64_t offset, std::string what) : offset_(offset), what_(std::move(what)) {}

  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::uint64_t offset_;
  std::string what_;
};

// A read that ran out of bytes: "strings: 24 bytes needed at 0x1f0, 8 are there".
[[noreturn]] void throw_short(std::string_view field, std::uint64_t offset, std::uint64_t need,
                              std::uint64_t have);

class Cursor {
 public:
  explicit Cursor(Bytes bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return at_ < bytes_.size() ? bytes_.size() - at_ : 0; }
  void seek(std::size_t at) { at_ = at; }

  std::uint8_t u8(std::string_view field) { return number<std::uint8_t>(field); }
  std::uint16_t u16(std::string_view field) { return number<std::uint16_t>(field); }
  std::uint32_t u32(std::string_view field) { return number<std::uint32_t>(field); }
  std::uint64_t u64(std::string_view field) { return number<std::uint64_t>(field); }

  Bytes bytes(std::size_t size, std::string_view field) {
    need(size, field);
    const Bytes taken = bytes_.subspan(at_, size);
    at_ += size;
    return taken;
  }
  void skip(std::size_t size, std::string_view field) { bytes(size, field); }

 private:
  template <typename Number>
  Number number(std::string_view field) {
    need(sizeof(Number), field);
    Number value = 0;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  void need(std::size_t size, std::string_view field) const {
    if (left() < size) [[unlikely]] {
      throw_short(field, at_, size, left());
    }
  }

  Bytes bytes_;
  std::size_t at_;
};

// A single field at a known place.
template <typename Number>
Number number_at(Bytes bytes, std::size_t at, std::string_view field) {
  if (at > bytes.size() || bytes.size() - at < sizeof(Number)) [[unlikely]] {
    throw_short(field, at, sizeof(Number), at < bytes.size() ? bytes.size() - at : 0);
  }
  Number value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}
inline std::uint16_t u16_at(Bytes bytes, std::size_t at, std::string_view field) {
  return number_at<std::uint16_t>(bytes, at, field);
}
inline std::uint32_t u32_at(Bytes bytes, std::size_t at, std::string_view field) {
  return number_at<std::uint32_t>(bytes, at, field);
}
inline std::uint64_t u64_at(Bytes bytes, std::size_t at, std::string_view field) {
  return number_at<std::uint64_t>(bytes, at, field);
}

// bytes.subspan with both ends checked.
inline Bytes slice(Bytes bytes, std::size_t at, std::size_t size, std::string_view field) {
  Cursor cursor(bytes, at);
  return cursor.bytes(size, field);
}

// "0x1eff10", as a hex editor shows it.
std::string hex_offset(std::uint64_t offset);

}  // namespace iwamtrace
