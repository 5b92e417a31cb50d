#include "parsers/registry/transaction_log.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

#include "parsers/registry/hive_layout.h"

namespace iwamtrace {

using namespace hive_layout;

namespace {

// Marvin32.
class Mixer {
 public:
  void add(std::uint32_t word) {
    low_ += word;
    high_ ^= low_;
    low_ = std::rotl(low_, 20) + high_;
    high_ = std::rotl(high_, 9) ^ low_;
    low_ = std::rotl(low_, 27) + high_;
    high_ = std::rotl(high_, 19);
  }
  [[nodiscard]] std::uint64_t sum() const { return std::uint64_t{high_} << 32 | low_; }

 private:
  std::uint32_t low_ = 0x7A4E55C5, high_ = 0x82EF4D88;
};

std::uint32_t mark_of(Bytes log) {
  return log.size() < kSector + 4 ? 0 : u32_at(log, kSector, "mark");
}

class LogReading {
 public:
  explicit LogReading(Bytes log) : bytes_(log) {}

  TransactionLog run() {
    log_.base = read_base_block(bytes_);
    log_.coverage.read = kSector;
    switch (mark_of(bytes_)) {
      case kDirt:
        log_.form = TransactionLog::Form::kOld;
        read_old();
        break;
      case kHvle:
        log_.form = TransactionLog::Form::kNew;
        read_new();
        break;
      default:
        break;
    }
    log_.coverage.slack = bytes_.size() - log_.coverage.read - log_.coverage.damaged;
    return std::move(log_);
  }

 private:
  // One bit for each sector of the bins; the sectors whose bit is set follow in their order.
  void read_old() {
    const std::uint64_t map_size = log_.base.bins_size / kSector / 8;
    const std::uint64_t map_end = kDirtyMap + map_size;
    const std::uint64_t first = (map_end + kSector - 1) / kSector * kSector;
    if (first > bytes_.size()) {
      return lose(kSector, bytes_.size() - kSector, "the map of changed sectors is cut");
    }
    LogEntry entry;
    entry.offset = kSector;
    entry.sequence = log_.base.primary_sequence;
    entry.bins_size = log_.base.bins_size;
    std::uint64_t at = first;
    const Bytes map = slice(bytes_, kDirtyMap, map_size, "map of changed sectors");
    for (std::uint64_t sector = 0; sector < map_size * 8; ++sector) {
      if ((std::to_integer<unsigned>(map[sector / 8]) >> sector % 8 & 1) != 0) {
        add(entry, kBaseBlockSize + sector * kSector, at);
        at += kSector;
      }
    }
    if (at > bytes_.size()) {  // without hashes nobody can tell what a part of it is worth
      return lose(first, bytes_.size() - first,
                  "the log is cut: " + std::to_string(at) + " bytes are announced");
    }
    log_.coverage.read = at;
    if (!entry.pages.empty()) {
      log_.entries.push_back(std::move(entry));
    }
  }

  // Neighbours in the hive and in the log make one page.
  static void add(LogEntry& entry, std::uint64_t hive_offset, std::uint64_t log_offset) {
    if (!entry.pages.empty()) {
      LogPage& last = entry.pages.back();
      if (last.hive_offset + last.size == hive_offset) {
        last.size += kSector;
        return;
      }
    }
    entry.pages.push_back(LogPage{hive_offset, log_offset, kSector});
  }

  // The file is used again and again: behind the newest entry older ones may stand.
  void read_new() {
    std::uint32_t expected = log_.base.primary_sequence;
    for (std::uint64_t at = kSector; bytes_.size() - at >= kEntryHeadSize;) {
      if (u32_at(bytes_, at, "entry mark") != kHvle ||
          u32_at(bytes_, at + kEntrySequence, "entry sequence") != expected) {
        return;
      }
      auto entry = read_entry(at);
      if (!entry) {
        return;
      }
      log_.entries.push_back(std::move(*entry));
      at += u32_at(bytes_, at + kEntrySize, "entry size");
      log_.coverage.read = at;
      ++expected;
    }
  }

  // An entry with the expected number that is not as its hashes say was never finished.
  std::optional<LogEntry> read_entry(std::uint64_t at) {
    const std::uint64_t left = bytes_.size() - at;
    if (registry_hash(slice(bytes_, at, kEntryHeadHash, "entry head")) !=
        u64_at(bytes_, at + kEntryHeadHash, "hash of the head")) {
      lose(at, std::min<std::uint64_t>(left, kSector), "an entry whose head fails its hash");
      return std::nullopt;
    }
    const std::uint32_t size = u32_at(bytes_, at + kEntrySize, "entry size");
    if (size < kEntryHeadSize || size % kSector != 0 || size > left) {
      lose(at, left, "an entry of " + std::to_string(size) + " bytes is cut");
      return std::nullopt;
    }
    const Bytes content = slice(bytes_, at + kEntryHeadSize, size - kEntryHeadSize, "entry");
    if (registry_hash(content) != u64_at(bytes_, at + kEntryContentHash, "hash of the content")) {
      lose(at, size, "an entry whose content fails its hash");
      return std::nullopt;
    }
    LogEntry entry;
    entry.offset = at;
    entry.sequence = u32_at(bytes_, at + kEntrySequence, "entry sequence");
    entry.bins_size = u32_at(bytes_, at + kEntryBinsSize, "size of the bins");
    if (!read_pages(content, u32_at(bytes_, at + kEntryPages, "number of pages"), entry)) {
      lose(at, size, "an entry whose pages are not in it");
      return std::nullopt;
    }
    return entry;
  }

  static bool read_pages(Bytes content, std::uint32_t count, LogEntry& entry) {
    if (count > content.size() / kPageReferenceSize) {
      return false;
    }
    std::uint64_t at = std::uint64_t{count} * kPageReferenceSize;
    for (std::uint32_t i = 0; i < count; ++i) {
      Cursor reference(content, i * kPageReferenceSize);
      const std::uint32_t offset = reference.u32("page offset");
      const std::uint32_t size = reference.u32("page size");
      if (offset % kSector != 0 || size % kSector != 0 || size > content.size() - at) {
        return false;
      }
      entry.pages.push_back(LogPage{kBaseBlockSize + std::uint64_t{offset},
                                    entry.offset + kEntryHeadSize + at, size});
      at += size;
    }
    return true;
  }

  void lose(std::uint64_t offset, std::uint64_t length, const std::string& what) {
    log_.coverage.damaged += length;
    log_.damage.push_back(
        Damage{{}, offset, length, say(std::string_view{what}, ": what it changed is lost"), true});
  }

  Bytes bytes_;
  TransactionLog log_;
};

}  // namespace

std::uint64_t registry_hash(Bytes bytes) {
  Mixer mixer;
  Cursor cursor(bytes);
  while (cursor.left() >= 4) {
    mixer.add(cursor.u32("hashed word"));
  }
  std::uint32_t rest = 0x80;
  for (std::size_t i = bytes.size(); i-- > cursor.at();) {
    rest = rest << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  }
  mixer.add(rest);
  mixer.add(0);
  return mixer.sum();
}

bool is_transaction_log(Bytes file) {
  if (read_base_block(file).file_type == 0) {
    return false;
  }
  const std::uint32_t mark = mark_of(file);
  return mark == kDirt || mark == kHvle || file.size() < kBaseBlockSize + kBinHeaderSize ||
         u32_at(file, kBaseBlockSize, "first bin") != kHbin;
}

TransactionLog read_transaction_log(Bytes log) { return LogReading(log).run(); }

}  // namespace iwamtrace
