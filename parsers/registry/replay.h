// Which transaction logs belong to which hive, and what the hive is with them: in memory, as
// Windows would have started with it. Decided by content alone; the rules: FORMAT.md beside this
// file.
#pragma once

#include <span>
#include <vector>

#include "parsers/registry/hive_image.h"
#include "parsers/registry/transaction_log.h"

namespace iwamtrace {

struct HiveFile {
  OpenSource source;
  BaseBlock base;
};

struct LogFile {
  OpenSource source;
  TransactionLog log;
};

// What a log is to a hive.
enum class LogFit : std::uint8_t {
  kForeign,   // it names another hive
  kUnneeded,  // the hive is clean: what the log holds has long been written
  kEmpty,     // it holds no change that could be applied
  kInvalid,   // its own base block is not sound
  kStale,     // it holds changes from before or after the state in which the hive is
  kFits,
};
LogFit fit_of(const LogFile& log, const BaseBlock& hive);

struct Replay {
  struct Applied {
    SourceId log{};
    std::uint64_t entries = 0, bytes = 0;
  };

  explicit Replay(const OpenSource& hive) : image(hive) {}

  HiveImage image;
  std::vector<Applied> logs;   // in the order in which they were applied
  std::vector<Damage> damage;  // entries that could not be applied
};

// The hive with all its logs that fit; as given where none of them can be applied. Throws
// std::system_error where there is no room for the image.
Replay replay(const HiveFile& hive, std::span<const LogFile> logs);

}  // namespace iwamtrace
