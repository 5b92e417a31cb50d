#include "make/bytes.h"

#include <array>
#include <fstream>
#include <stdexcept>

namespace iwamtrace {
namespace {

void put(std::string& out, std::size_t at, std::uint64_t value, std::size_t size) {
  if (size < 8 && value >> (8 * size) != 0) {
    throw std::out_of_range("the number " + std::to_string(value) + " does not fit in " +
                            std::to_string(size) + " bytes");
  }
  for (std::size_t i = 0; i < size; ++i) {
    out.at(at + i) = static_cast<char>(value >> (8 * i) & 0xFF);
  }
}

constexpr std::array<std::uint32_t, 256> crc_table() {
  constexpr std::uint32_t kPolynomial = 0xEDB88320;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t remainder = i;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder & 1) != 0 ? remainder >> 1 ^ kPolynomial : remainder >> 1;
    }
    table[i] = remainder;
  }
  return table;
}

}  // namespace

ByteWriter& ByteWriter::number(std::uint64_t value, std::size_t size) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + size);
  put(bytes_, at, value, size);
  return *this;
}

void ByteWriter::patch(std::size_t at, std::uint64_t value, std::size_t size) {
  put(bytes_, at, value, size);
}

ByteWriter& ByteWriter::bytes(std::string_view raw) {
  bytes_ += raw;
  return *this;
}

ByteWriter& ByteWriter::bytes(Bytes raw) {
  for (const std::byte byte : raw) {
    bytes_ += static_cast<char>(byte);
  }
  return *this;
}

ByteWriter& ByteWriter::utf16(std::string_view utf8) { return bytes(utf16_bytes(utf8)); }

ByteWriter& ByteWriter::utf16_z(std::string_view utf8) { return utf16(utf8).u16(0); }

ByteWriter& ByteWriter::pad_to(std::size_t multiple, char filler) {
  return fill_to((size() + multiple - 1) / multiple * multiple, filler);
}

ByteWriter& ByteWriter::fill_to(std::size_t size, char filler) {
  if (bytes_.size() < size) {
    bytes_.resize(size, filler);
  }
  return *this;
}

std::string ByteWriter::take() {
  std::string taken;
  taken.swap(bytes_);
  return taken;
}

std::string utf16_bytes(std::string_view utf8) {
  std::string bytes;
  for (const char16_t unit : utf16_of(utf8)) {
    bytes += static_cast<char>(unit & 0xFF);
    bytes += static_cast<char>(unit >> 8);
  }
  return bytes;
}

std::string sid_bytes(const Sid& sid) {
  ByteWriter out;
  out.u8(sid.revision).u8(sid.count);
  for (int shift = 40; shift >= 0; shift -= 8) {  // the one big-endian number of the format
    out.u8(sid.authority >> shift & 0xFF);
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    out.u32(sid.subauthorities.at(i));
  }
  return out.take();
}

std::string guid_bytes(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) {
    text = text.substr(1, text.size() - 2);
  }
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash_here = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash_here != (text[i] == '-')) {
      throw std::invalid_argument("no GUID: " + std::string(text));
    }
    if (!dash_here) {
      digits += text[i];
    }
  }
  const std::optional<std::string> raw = bytes_of_hex(digits);
  if (!raw || raw->size() != 16) {
    throw std::invalid_argument("no GUID: " + std::string(text));
  }
  // Data1, Data2 and Data3 are little-endian numbers, the rest are bytes as written.
  constexpr std::array<std::size_t, 16> kOrder{3, 2, 1,  0,  5,  4,  7,  6,
                                               8, 9, 10, 11, 12, 13, 14, 15};
  std::string bytes;
  for (const std::size_t from : kOrder) {
    bytes += (*raw)[from];
  }
  return bytes;
}

std::uint64_t filetime_of(Timestamp time) { return static_cast<std::uint64_t>(time.ticks); }

std::uint32_t crc32_of(std::string_view bytes, std::uint32_t so_far) {
  static constexpr std::array<std::uint32_t, 256> kTable = crc_table();
  std::uint32_t sum = ~so_far;
  for (const char byte : bytes) {
    sum = kTable[(sum ^ static_cast<std::uint8_t>(byte)) & 0xFF] ^ sum >> 8;
  }
  return ~sum;
}

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    throw std::runtime_error("cannot write " + file.string());
  }
}

}  // namespace iwamtrace
