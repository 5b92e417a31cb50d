#include "parsers/registry/replay.h"

#include <algorithm>

#include "parsers/registry/hive_layout.h"

namespace iwamtrace {
namespace {

using Form = TransactionLog::Form;

std::uint32_t first_sequence(const LogFile& log) { return log.log.entries.front().sequence; }

// The logs to apply, in order. A machine writes either form; of old logs the last one holds all
// that is open, new ones are written in turn.
std::vector<const LogFile*> chosen(const BaseBlock& hive, std::span<const LogFile> logs) {
  std::vector<const LogFile*> fitting;
  for (const LogFile& log : logs) {
    if (fit_of(log, hive) == LogFit::kFits) {
      fitting.push_back(&log);
    }
  }
  const auto is_new = [](const LogFile* log) { return log->log.form == Form::kNew; };
  if (std::ranges::any_of(fitting, is_new)) {
    std::erase_if(fitting, std::not_fn(is_new));
    std::ranges::stable_sort(fitting, {}, [](const LogFile* log) { return first_sequence(*log); });
  } else if (!fitting.empty()) {
    fitting = {*std::ranges::max_element(fitting, {},
                                         [](const LogFile* log) { return first_sequence(*log); })};
  }
  return fitting;
}

class Replaying {
 public:
  Replaying(const HiveFile& hive, std::span<const LogFile> logs)
      : hive_(hive), logs_(logs), replay_(hive.source), size_(hive.source.bytes.size()) {
    largest_ = size_;
    for (const LogFile& log : logs) {
      largest_ += log.source.bytes.size();
    }
  }

  Replay run() {
    for (const LogFile* log : chosen(hive_.base, logs_)) {
      if (steps_.empty() || first_sequence(*log) == sequence_ + 1) {
        apply(*log);
      } else if (first_sequence(*log) > sequence_) {
        refuse(*log, log->log.entries.front(),
               say("entries from number ", first_sequence(*log),
                   " on, the last one before them is ", sequence_, ": not applied"));
      }
    }
    if (steps_.empty()) {
      return std::move(replay_);
    }
    replay_.image.memory =
        std::make_unique<MemoryFile>(size_, [&](MemoryFile::Room room) { fill(room); });
    replay_.image.bytes = replay_.image.memory->bytes();
    replay_.image.path = replay_.image.memory->path();
    return std::move(replay_);
  }

 private:
  struct Step {
    const LogFile* log;
    const LogEntry* entry;
  };

  // An entry that cannot be applied ends the replay: those behind it build on it.
  void apply(const LogFile& log) {
    Replay::Applied applied{log.source.id, 0, 0};
    for (const LogEntry& entry : log.log.entries) {
      if (!fits(entry)) {
        refuse(log, entry,
               say("an entry that writes outside of ", hive_.source.name, ": not applied"));
        break;
      }
      for (const LogPage& page : entry.pages) {
        replay_.image.origins.add(page.hive_offset, page.size, log.source.id, page.log_offset);
        applied.bytes += page.size;
      }
      steps_.push_back(Step{&log, &entry});
      sequence_ = entry.sequence;
      ++applied.entries;
    }
    if (applied.entries != 0) {
      replay_.logs.push_back(applied);
    }
  }

  void refuse(const LogFile& log, const LogEntry& entry, Untrusted what) {
    replay_.damage.push_back(Damage{log.source.id, entry.offset, 0, std::move(what), true});
  }

  // A hive grows by what its logs hold and no further.
  bool fits(const LogEntry& entry) {
    std::uint64_t end = size_;
    for (const LogPage& page : entry.pages) {
      end = std::max(end, page.hive_offset + page.size);
    }
    if (end > largest_) {
      return false;
    }
    size_ = end;
    return true;
  }

  void fill(MemoryFile::Room room) const {
    const Step& last = steps_.back();
    std::ranges::copy(hive_.source.bytes, room.begin());
    if (hive_.base.checksum_wrong) {
      std::ranges::copy(last.log->source.bytes.first(hive_layout::kSector), room.begin());
    }
    for (const Step& step : steps_) {
      for (const LogPage& page : step.entry->pages) {
        std::ranges::copy(
            slice(step.log->source.bytes, page.log_offset, page.size, "page of a log"),
            room.subspan(page.hive_offset).begin());
      }
    }
    write_base_block(room, sequence_, last.entry->bins_size);
  }

  const HiveFile& hive_;
  std::span<const LogFile> logs_;
  Replay replay_;
  std::uint64_t size_, largest_ = 0;
  std::uint32_t sequence_ = 0;  // of the last entry applied
  std::vector<Step> steps_;
};

}  // namespace

LogFit fit_of(const LogFile& log, const BaseBlock& hive) {
  const BaseBlock& base = log.log.base;
  if (!same_hive(base, hive)) {
    return LogFit::kForeign;
  }
  if (!hive.dirty()) {
    return LogFit::kUnneeded;
  }
  const bool old = log.log.form == Form::kOld;
  if (base.checksum_wrong || (old && base.primary_sequence != base.secondary_sequence)) {
    return LogFit::kInvalid;
  }
  if (log.log.entries.empty()) {
    return LogFit::kEmpty;
  }
  if (hive.checksum_wrong) {
    return LogFit::kFits;  // nothing left to compare with
  }
  const bool follows =
      old ? base.last_written == hive.last_written : first_sequence(log) >= hive.secondary_sequence;
  return follows ? LogFit::kFits : LogFit::kStale;
}

Replay replay(const HiveFile& hive, std::span<const LogFile> logs) {
  return Replaying(hive, logs).run();
}

}  // namespace iwamtrace
