#include "parsers/registry/base_block.h"

#include <algorithm>

#include "parsers/registry/hive_layout.h"

namespace iwamtrace {

using namespace hive_layout;

namespace {

std::uint32_t checksum_of(Bytes file) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < kChecksum; at += 4) {
    sum ^= u32_at(file, at, "base block");
  }
  return sum == 0 ? 1 : sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum;
}

std::string name_in(Bytes field) {
  std::string name = utf8_of(field);
  return name.substr(0, name.find('\0'));
}

void put(std::span<std::byte> image, std::size_t at, std::uint32_t number) {
  std::ranges::copy(std::as_bytes(std::span{&number, 1}), image.subspan(at).begin());
}

}  // namespace

std::uint64_t BaseBlock::announced() const { return kBaseBlockSize + std::uint64_t{bins_size}; }

std::optional<Timestamp> BaseBlock::written() const {
  return Timestamp::from_filetime(last_written);
}

BaseBlock read_base_block(Bytes file) {
  BaseBlock base;
  base.checksum_wrong = checksum_of(file) != u32_at(file, kChecksum, "base block checksum");
  base.signature_lost = u32_at(file, 0, "signature") != kRegf;
  base.primary_sequence = u32_at(file, kPrimarySequence, "primary sequence");
  base.secondary_sequence = u32_at(file, kSecondarySequence, "secondary sequence");
  base.last_written = u64_at(file, kLastWritten, "hive time");
  base.minor_version = u32_at(file, kMinorVersion, "minor version");
  base.file_type = u32_at(file, kFileType, "file type");
  base.root = u32_at(file, kRootCell, "root key");
  base.bins_size = u32_at(file, kBinsSize, "size of the bins");
  base.file_name = name_in(slice(file, kFileName, kFileNameSize, "file name"));
  if (u32_at(file, kGuidMark, "GUID mark") == kRmtm) {
    std::ranges::copy(slice(file, kResourceManager, kGuidSize, "resource manager"),
                      base.resource_manager.emplace().begin());
  }
  return base;
}

bool same_hive(const BaseBlock& left, const BaseBlock& right) {
  const bool same_manager = !left.resource_manager || !right.resource_manager ||
                            left.resource_manager == right.resource_manager;
  return !left.signature_lost && !right.signature_lost && same_manager && left.root == right.root &&
         left.minor_version == right.minor_version &&
         equal_ignoring_case(left.file_name, right.file_name);
}

void write_base_block(std::span<std::byte> image, std::uint32_t sequence, std::uint32_t bins_size) {
  put(image, kPrimarySequence, sequence);
  put(image, kSecondarySequence, sequence);
  put(image, kFileType, 0);
  put(image, kBinsSize, bins_size);
  repair_checksum(image);
}

void repair_checksum(std::span<std::byte> image) { put(image, kChecksum, checksum_of(image)); }

}  // namespace iwamtrace
