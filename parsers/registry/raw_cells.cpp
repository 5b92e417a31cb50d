#include "parsers/registry/raw_cells.h"

#include <algorithm>

#include "parsers/registry/hive_layout.h"
#include "parsers/windows_types.h"

namespace iwamtrace {

using namespace hive_layout;

namespace {

// More than hivex admits of one key, and far more than Windows puts there.
constexpr std::size_t kMostValues = 65'536;
// A list that has become shorter is soon made anew.
constexpr std::size_t kMostBehind = 1024;

std::string latin1(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    const auto code = std::to_integer<std::uint8_t>(byte);
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else {
      text += static_cast<char>(0xC0 | (code >> 6));
      text += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return text;
}

std::vector<std::byte> copied(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::uint64_t file_offset(std::uint32_t offset) { return kBaseBlockSize + std::uint64_t{offset}; }

}  // namespace

Bytes RawCells::content(std::uint64_t cell, std::uint16_t signature, const char* what) const {
  const std::uint64_t size = cell_size(u32_at(hive_, cell, "cell size"));
  const std::uint64_t left = hive_.size() - cell;
  const bool sane = size % kCellAlignment == 0 && size <= left;  // not so in free space
  const Bytes bytes = slice(hive_, cell, sane ? size : left, "cell");
  if (u16_at(bytes, kCellContent, "cell signature") != signature) {
    throw ParseError(cell, std::string("no ") + what + " in this cell");
  }
  return bytes.subspan(kCellContent);
}

Bytes RawCells::cell_at(std::uint32_t offset, const char* what) const {
  const std::uint64_t cell = file_offset(offset);
  const std::uint32_t size = cell_size(u32_at(hive_, cell, what));
  if (size < kCellContent) {
    throw ParseError(cell, std::string("an empty cell for the ") + what);
  }
  return slice(hive_, cell, size, what).subspan(kCellContent);
}

bool RawCells::is_root(std::uint64_t cell) const {
  return (u16_at(content(cell, kKeySignature, "key"), kKeyFlags, "key flags") & kKeyIsRoot) != 0;
}

std::uint64_t RawCells::parent(std::uint64_t cell) const {
  return file_offset(u32_at(content(cell, kKeySignature, "key"), kKeyParent, "parent"));
}

std::string RawCells::key_name(std::uint64_t cell) const {
  const Bytes key = content(cell, kKeySignature, "key");
  const Bytes name =
      slice(key, kKeyName, u16_at(key, kKeyNameLength, "key name length"), "key name");
  const bool is_latin1 = (u16_at(key, kKeyFlags, "key flags") & kKeyNameIsLatin1) != 0;
  return is_latin1 ? latin1(name) : utf8_of(name);
}

std::optional<Timestamp> RawCells::last_written(std::uint64_t cell) const {
  return Timestamp::from_filetime(
      u64_at(content(cell, kKeySignature, "key"), kKeyLastWritten, "key time"));
}

std::string RawCells::class_name(std::uint64_t cell) const {
  const Bytes key = content(cell, kKeySignature, "key");
  const std::uint32_t offset = u32_at(key, kKeyClass, "class name offset");
  const std::uint16_t length = u16_at(key, kKeyClassLength, "class name length");
  if (offset == kNoCell || length == 0) {
    return {};
  }
  return utf8_of(slice(cell_at(offset, "class name"), 0, length, "class name"));
}

SecurityDescriptor RawCells::security(std::uint64_t cell) const {
  const std::uint32_t offset =
      u32_at(content(cell, kKeySignature, "key"), kKeySecurity, "security offset");
  const Bytes security = content(file_offset(offset), kSecuritySignature, "security descriptor");
  const std::uint32_t length = u32_at(security, kSecurityLength, "security descriptor length");
  return read_security_descriptor(
      slice(security, kSecurityDescriptor, length, "security descriptor"));
}

std::string RawCells::value_name(std::uint64_t cell) const {
  const Bytes value = content(cell, kValueSignature, "value");
  const Bytes name =
      slice(value, kValueName, u16_at(value, kValueNameLength, "value name length"), "value name");
  const bool is_latin1 = (u16_at(value, kValueFlags, "value flags") & kValueNameIsLatin1) != 0;
  return is_latin1 ? latin1(name) : utf8_of(name);
}

std::uint32_t RawCells::value_type(std::uint64_t cell) const {
  return u32_at(content(cell, kValueSignature, "value"), kValueType, "value type");
}

std::uint32_t RawCells::data_size(std::uint64_t cell) const {
  return u32_at(content(cell, kValueSignature, "value"), kValueDataLength, "data length") &
         ~kDataIsInline;
}

std::uint64_t RawCells::data_offset(std::uint64_t cell) const {
  const Bytes value = content(cell, kValueSignature, "value");
  if ((u32_at(value, kValueDataLength, "data length") & kDataIsInline) != 0) {
    return cell + kCellContent + kValueData;
  }
  const std::uint32_t data = u32_at(value, kValueData, "data offset");
  return data == kNoCell ? cell : file_offset(data) + kCellContent;
}

std::uint32_t RawCells::number_of_subkeys(std::uint64_t cell) const {
  return u32_at(content(cell, kKeySignature, "key"), kKeySubkeys, "number of subkeys");
}

std::uint32_t RawCells::number_of_values(std::uint64_t cell) const {
  return u32_at(content(cell, kKeySignature, "key"), kKeyValueCount, "number of values");
}

RawCells::Values RawCells::values(std::uint64_t key) const {
  Values values;
  const Bytes content_of_key = content(key, kKeySignature, "key");
  const std::uint32_t count = u32_at(content_of_key, kKeyValueCount, "number of values");
  if (count == 0) {
    return values;
  }
  const Bytes list =
      cell_at(u32_at(content_of_key, kKeyValueList, "list of values"), "list of values");
  const std::size_t there = std::min({std::size_t{count}, list.size() / 4, kMostValues});
  for (std::size_t i = 0; i < there; ++i) {
    const std::uint64_t cell = file_offset(u32_at(list, 4 * i, "value"));
    if (is_value(cell)) {
      values.cells.push_back(cell);
    }
  }
  values.lost = count - values.cells.size();
  return values;
}

std::vector<std::uint64_t> RawCells::behind_values(std::uint64_t key) const {
  std::vector<std::uint64_t> cells;
  const Bytes content_of_key = content(key, kKeySignature, "key");
  const std::uint32_t offset = u32_at(content_of_key, kKeyValueList, "list of values");
  if (offset == kNoCell) {
    return cells;
  }
  const Bytes list = cell_at(offset, "list of values");
  const std::uint64_t count = u32_at(content_of_key, kKeyValueCount, "number of values");
  for (std::uint64_t at = 4 * count; at + 4 <= list.size() && cells.size() < kMostBehind; at += 4) {
    cells.push_back(file_offset(u32_at(list, at, "value")));
  }
  return cells;
}

bool RawCells::is_value(std::uint64_t cell) const {
  return cell + kCellContent + 2 <= hive_.size() &&
         u16_at(hive_, cell + kCellContent, "cell signature") == kValueSignature;
}

std::vector<std::byte> RawCells::data(std::uint64_t cell) const {
  const Bytes value = content(cell, kValueSignature, "value");
  const std::uint32_t length = u32_at(value, kValueDataLength, "data length");
  const std::uint32_t size = length & ~kDataIsInline;
  if ((length & kDataIsInline) != 0) {
    return copied(slice(value, kValueData, std::min<std::size_t>(size, 4), "data"));
  }
  if (size == 0) {
    return {};
  }
  const Bytes stored = cell_at(u32_at(value, kValueData, "data offset"), "data");
  if (size <= stored.size()) {
    return copied(stored.first(size));
  }
  return data_in_segments(stored, size);
}

std::vector<std::byte> RawCells::data_in_segments(Bytes head, std::uint32_t size) const {
  if (u16_at(head, 0, "data") != kLongDataSignature) {
    throw_short("data", 0, size, head.size());
  }
  const std::uint16_t count = u16_at(head, kSegmentCount, "number of segments");
  const Bytes list = cell_at(u32_at(head, kSegmentList, "list of segments"), "list of segments");
  std::vector<std::byte> data;
  for (std::size_t i = 0; i < count && data.size() < size; ++i) {
    const Bytes segment = cell_at(u32_at(list, 4 * i, "segment"), "segment");
    const Bytes part = segment.first(
        std::min({segment.size(), kSegmentSize, static_cast<std::size_t>(size) - data.size()}));
    data.insert(data.end(), part.begin(), part.end());
  }
  if (data.size() < size) {
    throw_short("data", 0, size, data.size());
  }
  return data;
}

}  // namespace iwamtrace
