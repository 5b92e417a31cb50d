#include "parsers/registry/raw_cells.h"

#include <algorithm>

#include "parsers/registry/hive_layout.h"
#include "parsers/windows_types.h"

namespace iwamtrace {

using namespace hive_layout;

namespace {

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

constexpr std::uint32_t cell_size(std::uint32_t size) {
  return static_cast<std::int32_t>(size) < 0 ? 0U - size : size;
}

}  // namespace

Bytes RawCells::content(std::uint64_t cell, std::uint16_t signature, const char* what) const {
  const std::uint32_t size = cell_size(u32_at(hive_, cell, "cell size"));
  const Bytes bytes = slice(hive_, cell, size, "cell");
  if (u16_at(bytes, kCellContent, "cell signature") != signature) {
    throw ParseError(cell, std::string("no ") + what + " in this cell");
  }
  return bytes.subspan(kCellContent);
}

Bytes RawCells::cell_at(std::uint32_t offset, const char* what) const {
  const std::uint64_t cell = kBaseBlockSize + std::uint64_t{offset};
  const std::uint32_t size = cell_size(u32_at(hive_, cell, what));
  if (size < kCellContent) {
    throw ParseError(cell, std::string("an empty cell for the ") + what);
  }
  return slice(hive_, cell, size, what).subspan(kCellContent);
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
  const Bytes security =
      content(kBaseBlockSize + std::uint64_t{offset}, kSecuritySignature, "security descriptor");
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

std::uint64_t RawCells::data_offset(std::uint64_t cell) const {
  const Bytes value = content(cell, kValueSignature, "value");
  if ((u32_at(value, kValueDataLength, "data length") & kDataIsInline) != 0) {
    return cell + kCellContent + kValueData;
  }
  const std::uint32_t data = u32_at(value, kValueData, "data offset");
  return data == kNoCell ? cell : kBaseBlockSize + std::uint64_t{data} + kCellContent;
}

HiveState hive_state(Bytes hive) {
  HiveState state;
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < kChecksum; at += 4) {
    sum ^= u32_at(hive, at, "base block");
  }
  sum = sum == 0 ? 1 : sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum;
  state.checksum_wrong = sum != u32_at(hive, kChecksum, "base block checksum");
  state.transaction_log = u32_at(hive, kFileType, "file type") != 0;
  state.dirty = state.checksum_wrong || u32_at(hive, kPrimarySequence, "primary sequence") !=
                                            u32_at(hive, kSecondarySequence, "secondary sequence");
  state.announced = kBaseBlockSize + std::uint64_t{u32_at(hive, kBinsSize, "size of the bins")};
  state.last_written = Timestamp::from_filetime(u64_at(hive, kLastWritten, "hive time"));
  return state;
}

HiveDivision divide_hive(Bytes hive) {
  HiveDivision division;
  division.coverage.read = std::min(hive.size(), kBaseBlockSize);
  const std::uint64_t end = std::min<std::uint64_t>(hive.size(), hive_state(hive).announced);
  const auto lose = [&](std::uint64_t from, std::uint64_t to, const char* what) {
    division.coverage.damaged += to - from;
    if (!division.damage.empty() &&
        division.damage.back().offset + division.damage.back().length == from) {
      division.damage.back().length += to - from;
      return;
    }
    division.damage.push_back(Damage{{}, from, to - from, say(std::string_view{what}), true});
  };
  for (std::uint64_t bin = kBaseBlockSize; bin < end;) {
    const std::uint64_t left = end - bin;
    const bool is_bin = left >= kBinHeaderSize && u32_at(hive, bin, "bin") == kHbin;
    const std::uint64_t size = is_bin ? u32_at(hive, bin + kBinSize, "bin size") : kBaseBlockSize;
    if (!is_bin || size < kBaseBlockSize || size % kBaseBlockSize != 0 || size > left) {
      const std::uint64_t next = bin + std::min<std::uint64_t>(left, kBaseBlockSize);
      lose(bin, next, "no bin where one should begin");
      bin = next;
      continue;
    }
    division.coverage.read += kBinHeaderSize;
    for (std::uint64_t cell = bin + kBinHeaderSize; cell < bin + size;) {
      const std::uint32_t raw = u32_at(hive, cell, "cell size");
      const std::uint64_t length = cell_size(raw);
      if (length < 8 || length % 8 != 0 || length > bin + size - cell) {
        lose(cell, bin + size, "a cell of impossible size");
        break;
      }
      const bool used = static_cast<std::int32_t>(raw) < 0;
      (used ? division.coverage.read : division.coverage.slack) += length;
      if (used && u16_at(hive, cell + kCellContent, "cell signature") == kKeySignature) {
        ++division.keys;
      }
      cell += length;
    }
    bin += size;
  }
  if (hive.size() > end) {
    division.coverage.slack += hive.size() - end;
  }
  return division;
}

}  // namespace iwamtrace
