// Bytes as Windows lays them out: little-endian numbers, UTF-16LE text, SIDs, GUIDs, FILETIMEs.
// Raw bytes are held in a std::string throughout; model/text.h's as_bytes() gives a view of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "model/sid.h"
#include "model/text.h"
#include "model/timestamp.h"

namespace iwamtrace {

// Appends; only patch_*() changes what has been written. A number that does not fit its field
// throws std::out_of_range, as does a patch outside of what has been written.
class ByteWriter {
 public:
  ByteWriter& u8(std::uint64_t value) { return number(value, 1); }
  ByteWriter& u16(std::uint64_t value) { return number(value, 2); }
  ByteWriter& u32(std::uint64_t value) { return number(value, 4); }
  ByteWriter& u64(std::uint64_t value) { return number(value, 8); }
  ByteWriter& bytes(std::string_view raw);
  ByteWriter& bytes(Bytes raw);
  ByteWriter& utf16(std::string_view utf8);    // without a NUL behind it
  ByteWriter& utf16_z(std::string_view utf8);  // with one
  ByteWriter& pad_to(std::size_t multiple, char filler = '\0');
  ByteWriter& fill_to(std::size_t size, char filler = '\0');  // never shortens

  void patch_u16(std::size_t at, std::uint64_t value) { patch(at, value, 2); }
  void patch_u32(std::size_t at, std::uint64_t value) { patch(at, value, 4); }
  void patch_u64(std::size_t at, std::uint64_t value) { patch(at, value, 8); }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::string_view view() const { return bytes_; }
  [[nodiscard]] std::string take();  // leaves the writer empty

 private:
  ByteWriter& number(std::uint64_t value, std::size_t size);
  void patch(std::size_t at, std::uint64_t value, std::size_t size);

  std::string bytes_;
};

std::string utf16_bytes(std::string_view utf8);  // UTF-16LE without a NUL; WTF-8 keeps surrogates
std::string sid_bytes(const Sid& sid);           // MS-DTYP 2.4.2.2
// Of "{1b562e86-b7aa-4131-badc-b6f3a001407e}", braces optional, as MS-DTYP 2.3.4.2 stores it.
// Throws std::invalid_argument on anything else.
std::string guid_bytes(std::string_view text);
std::uint64_t filetime_of(Timestamp time);
// CRC-32 of ISO 3309, as zlib has it. `so_far` is the sum of the bytes before, for data in pieces.
std::uint32_t crc32_of(std::string_view bytes, std::uint32_t so_far = 0);

// Throws std::runtime_error naming the file when it cannot be written to its end.
void write_bytes(const std::filesystem::path& file, std::string_view bytes);

}  // namespace iwamtrace
