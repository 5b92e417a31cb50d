#include "make/hive_log_writer.h"

#include <bit>
#include <stdexcept>

#include "make/bytes.h"
#include "make/hive_writer.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kBaseBlock = 4096;
constexpr std::size_t kSequences = 4, kFileType = 28, kBinsSize = 40, kCheckedBytes = 508;

struct Run {
  std::size_t offset = 0, size = 0;  // in the bins
};

bool differs(std::string_view before, std::string_view after, std::size_t at) {
  return at >= before.size() || before.substr(at, kSector) != after.substr(at, kSector);
}

// Stretches of whole sectors in which the bins of `after` are others.
std::vector<Run> changed(std::string_view before, std::string_view after) {
  std::vector<Run> runs;
  for (std::size_t at = kBaseBlock; at < after.size(); at += kSector) {
    if (!differs(before, after, at)) {
      continue;
    }
    const std::size_t offset = at - kBaseBlock;
    if (!runs.empty() && runs.back().offset + runs.back().size == offset) {
      runs.back().size += kSector;
    } else {
      runs.push_back(Run{offset, kSector});
    }
  }
  return runs;
}

std::string base_block(std::string_view hive, std::uint32_t file_type, std::uint32_t sequence,
                       std::size_t bins_size) {
  ByteWriter out;
  out.bytes(hive.substr(0, kCheckedBytes));
  out.patch_u32(kSequences, sequence);
  out.patch_u32(kSequences + 4, sequence);
  out.patch_u32(kFileType, file_type);
  out.patch_u32(kBinsSize, bins_size);
  out.u32(hive_check_sum(out.view()));
  return out.take();
}

std::string entry(std::string_view before, std::string_view after, std::uint32_t sequence) {
  const std::vector<Run> runs = changed(before, after);
  ByteWriter content;
  for (const Run& run : runs) {
    content.u32(run.offset).u32(run.size);
  }
  for (const Run& run : runs) {
    content.bytes(after.substr(kBaseBlock + run.offset, run.size));
  }
  constexpr std::size_t kHead = 40;
  const std::size_t size = (kHead + content.size() + kSector - 1) / kSector * kSector;
  content.fill_to(size - kHead);
  ByteWriter out;
  out.bytes("HvLE").u32(size).u32(0).u32(sequence).u32(after.size() - kBaseBlock).u32(runs.size());
  out.u64(hive_log_hash(content.view()));
  out.u64(hive_log_hash(out.view())).bytes(content.view());
  return out.take();
}

}  // namespace

std::uint64_t hive_log_hash(std::string_view bytes) {
  ByteWriter padded;
  padded.bytes(bytes).u8(0x80).pad_to(4).u32(0);
  const std::string words = padded.take();
  std::uint32_t low = 0x7A4E55C5;
  std::uint32_t high = 0x82EF4D88;
  for (std::size_t at = 0; at < words.size(); at += 4) {
    for (std::size_t i = 0; i < 4; ++i) {
      low += static_cast<std::uint32_t>(static_cast<std::uint8_t>(words[at + i])) << 8 * i;
    }
    high ^= low;
    low = std::rotl(low, 20) + high;
    high = std::rotl(high, 9) ^ low;
    low = std::rotl(low, 27) + high;
    high = std::rotl(high, 19);
  }
  return static_cast<std::uint64_t>(high) << 32 | low;
}

std::string old_hive_log(std::string_view hive, std::string_view after, std::uint32_t file_type) {
  const std::size_t bins_size = after.size() - kBaseBlock;
  const std::vector<Run> runs = changed(hive, after);
  std::string map(bins_size / kSector / 8, '\0');
  ByteWriter sectors;
  for (const Run& run : runs) {
    for (std::size_t sector = run.offset / kSector; sector < (run.offset + run.size) / kSector;
         ++sector) {
      map[sector / 8] = static_cast<char>(map[sector / 8] | 1 << sector % 8);
    }
    sectors.bytes(after.substr(kBaseBlock + run.offset, run.size));
  }
  std::uint32_t sequence = 0;
  for (std::size_t i = 4; i-- > 0;) {
    sequence = sequence << 8 | static_cast<std::uint8_t>(hive.at(kSequences + i));
  }
  ByteWriter out;
  out.bytes(base_block(hive, file_type, sequence, bins_size)).bytes("DIRT").bytes(map);
  out.pad_to(kSector).bytes(sectors.view());
  return out.take();
}

std::string new_hive_log(const std::vector<std::string>& states, std::uint32_t first_sequence) {
  if (states.size() < 2) {
    throw std::invalid_argument("a log leads from one state to another");
  }
  ByteWriter out;
  constexpr std::uint32_t kNewForm = 6;
  out.bytes(
      base_block(states.front(), kNewForm, first_sequence, states.front().size() - kBaseBlock));
  for (std::size_t i = 1; i < states.size(); ++i) {
    out.bytes(entry(states[i - 1], states[i], first_sequence + static_cast<std::uint32_t>(i) - 1));
  }
  return out.take();
}

}  // namespace iwamtrace
