#include "parsers/registry/registry_parser.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "parsers/key_ring.h"
#include "parsers/registry/deleted_keys.h"
#include "parsers/registry/hive.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/replay.h"
#include "parsers/registry/replayed_changes.h"
#include "parsers/registry/sam_hive.h"
#include "parsers/registry/security_hive.h"
#include "parsers/registry/software_hive.h"
#include "parsers/registry/system_hive.h"

namespace iwamtrace {
namespace {

SourceKind kind_of(const HiveKey& root) {
  if (is_sam_hive(root)) {
    return SourceKind::kHiveSam;
  }
  if (is_security_hive(root)) {
    return SourceKind::kHiveSecurity;
  }
  if (is_system_hive(root)) {
    return SourceKind::kHiveSystem;
  }
  return is_software_hive(root) ? SourceKind::kHiveSoftware : SourceKind::kHiveOther;
}

void read_kind(const Hive& hive, SourceKind kind, KeyRing& keys, bool reveal, EvidenceSink& sink) {
  switch (kind) {
    case SourceKind::kHiveSystem:
      return read_system_hive(hive, keys, sink);
    case SourceKind::kHiveSam:
      return read_sam_hive(hive, keys, reveal, sink);
    case SourceKind::kHiveSecurity:
      return read_security_hive(hive, keys, reveal, sink);
    case SourceKind::kHiveSoftware:
      return read_software_hive(hive, sink);
    default:
      return;
  }
}

// Keeps the artefacts of a reading to compare them, and passes everything on if there is a next.
class KeepingSink : public EvidenceSink {
 public:
  explicit KeepingSink(EvidenceSink* next) : next_(next) {}

  void enter(SourceId /*source*/, std::string_view /*stage*/) override {}
  bool wants(const EventHead& /*head*/) override { return false; }
  void take(const EventRecord& /*record*/) override {}
  void take(Artefact artefact) override {
    kept.push_back(artefact);
    if (next_ != nullptr) {
      next_->take(std::move(artefact));
    }
  }
  void take(Damage damage) override {
    if (next_ != nullptr) {
      next_->take(std::move(damage));
    }
  }
  void take(SourceSummary /*summary*/) override {}
  void take(CrossCheck /*check*/) override {}

  std::vector<Artefact> kept;

 private:
  EvidenceSink* next_;
};

struct OpenHive {
  HiveFile file;
  std::vector<Replay::Applied> logs;  // that are applied to it
  std::unique_ptr<Hive> hive;         // null where not even a scan of the cells is possible
  SourceKind kind = SourceKind::kHiveOther;
  std::size_t changes = 0;  // that the logs make in what is read
};

class HiveBatch {
 public:
  HiveBatch(const ReadOptions& options, KeyRing& keys, EvidenceSink& sink)
      : options_(options), keys_(keys), sink_(sink) {}

  void take(const OpenSource& source) {
    sink_.enter(source.id, "reading its first block");
    if (is_transaction_log(source.bytes)) {
      logs_.push_back(LogFile{source, read_transaction_log(source.bytes)});
    } else {
      OpenHive open;
      open.file = HiveFile{source, read_base_block(source.bytes)};
      hives_.push_back(std::move(open));
    }
  }

  void run() {
    for (OpenHive& open : hives_) {
      sink_.enter(open.file.source.id, "opening the hive");
      guarded(open, [&] { this->open(open); });
    }
    // SYSTEM first: the others need what it yields.
    for (const SourceKind kind :
         {SourceKind::kHiveSystem, SourceKind::kHiveSam, SourceKind::kHiveSecurity,
          SourceKind::kHiveSoftware, SourceKind::kHiveOther}) {
      for (OpenHive& open : hives_) {
        if (open.kind == kind && open.hive != nullptr) {
          read(open);
        }
      }
    }
    for (const OpenHive& open : hives_) {
      sum_up(open);
    }
    for (const LogFile& log : logs_) {
      sum_up(log);
    }
  }

 private:
  template <typename Read>
  void guarded(const OpenHive& open, Read read) {
    try {
      read();
    } catch (const ParseError& error) {
      const Citation where = open.hive == nullptr
                                 ? Citation{open.file.source.id, error.offset(), {}, {}}
                                 : open.hive->cite(error.offset());
      sink_.take(Damage{where.source, where.offset, 0, say(error.what())});
    }
  }

  void open(OpenHive& open) {
    HiveImage image = open.file.base.dirty() ? replayed(open) : HiveImage(open.file.source);
    open.hive = std::make_unique<Hive>(std::move(image), sink_);
    open.kind = kind_of(open.hive->root());
    for (Damage damage : open.hive->scan().damage) {
      const Citation where = open.hive->cite(damage.offset);
      damage.source = where.source;
      damage.offset = where.offset;
      sink_.take(std::move(damage));
    }
  }

  HiveImage replayed(OpenHive& open) {
    try {
      Replay result = replay(open.file, logs_);
      open.logs = std::move(result.logs);
      for (Damage& damage : result.damage) {
        sink_.take(std::move(damage));
      }
      return std::move(result.image);
    } catch (const std::system_error& error) {
      sink_.take(Damage{open.file.source.id, 0, 0,
                        say("its transaction logs cannot be applied: ", error.what()), true});
      return HiveImage(open.file.source);
    }
  }

  void read(OpenHive& open) {
    sink_.enter(open.file.source.id, "reading the hive");
    if (!open.logs.empty()) {
      read_twice(open);
    } else {
      guarded(open,
              [&] { read_kind(*open.hive, open.kind, keys_, options_.reveal_secrets, sink_); });
    }
    sink_.enter(open.file.source.id, "looking for deleted keys");
    guarded(open, [&] { tell_deleted(*open.hive, open.kind, sink_); });
  }

  // The state with the logs counts; the state without them is read to say what they change.
  void read_twice(OpenHive& open) {
    KeepingSink after(&sink_);
    guarded(open, [&] { read_kind(*open.hive, open.kind, keys_, options_.reveal_secrets, after); });
    KeepingSink before(nullptr);
    KeyRing keys;
    keys.boot_keys = keys_.boot_keys;
    try {
      const Hive given(HiveImage(open.file.source), before);
      read_kind(given, open.kind, keys, false, before);
    } catch (const ParseError&) {
    }  // half written as it is, it may not be readable to its end
    for (ReplayedChange& change : changes_between(open.file.source.id, before.kept, after.kept)) {
      ++open.changes;
      sink_.take(std::move(change));
    }
  }

  // ---- what is said of each file ----

  void sum_up(const OpenHive& open) {
    const OpenSource& source = open.file.source;
    const BaseBlock& base = open.file.base;
    if (base.signature_lost) {
      sink_.take(Damage{source.id, 0, hive_layout::kBaseBlockSize,
                        say("the base block is lost: the hive's name and state are not known"),
                        true});
    } else if (base.checksum_wrong) {
      remark(source, say("wrong checksum of the base block"));
    }
    if (!open.logs.empty()) {
      remark(source, words_of_replay(open));
    } else if (base.dirty() && !base.checksum_wrong) {
      remark(source, say("the hive is dirty: Windows had changes in its transaction log that are "
                         "not in it, and no log here continues it"));
    }
    if (!base.checksum_wrong && source.bytes.size() < base.announced()) {
      sink_.take(Damage{source.id, source.bytes.size(), base.announced() - source.bytes.size(),
                        say("the hive is cut: ", base.announced(), " bytes are announced")});
    }
    SourceSummary summary;
    summary.source = source.id;
    summary.kind = open.kind;
    summary.last = base.written();
    if (open.hive != nullptr) {
      summary.coverage = open.hive->scan().coverage;
      summary.records = open.hive->scan().keys.size();
      summary.recovered = open.hive->scan().left_keys.size();
    }
    sink_.take(summary);
  }

  [[nodiscard]] Untrusted words_of_replay(const OpenHive& open) const {
    Untrusted words = say("the hive is dirty: read with its transaction logs applied in memory (");
    for (const Replay::Applied& applied : open.logs) {
      const auto log =
          std::ranges::find(logs_, applied.log, [](const LogFile& file) { return file.source.id; });
      words.append(say(&applied == open.logs.data() ? "" : ", ", applied.entries,
                       applied.entries == 1 ? " entry, " : " entries, ", applied.bytes,
                       " bytes of ", log->source.name)
                       .view());
    }
    words.append(")");
    if (open.kind != SourceKind::kHiveOther) {
      words.append(say("; without them ", open.changes,
                       open.changes == 1 ? " statement is another" : " statements are others")
                       .view());
    }
    return words;
  }

  void sum_up(const LogFile& log) {
    sink_.enter(log.source.id, "matching the transaction log with its hive");
    for (Damage damage : log.log.damage) {
      damage.source = log.source.id;
      sink_.take(std::move(damage));
    }
    remark(log.source, words_of(log));
    SourceSummary summary;
    summary.source = log.source.id;
    summary.kind = SourceKind::kHiveLog;
    summary.records = log.log.entries.size();
    summary.coverage = log.log.coverage;
    summary.last = log.log.base.written();
    sink_.take(summary);
  }

  [[nodiscard]] Untrusted words_of(const LogFile& log) const {
    Untrusted words;
    for (const OpenHive& open : hives_) {
      const LogFit fit = fit_of(log, open.file.base);
      if (fit != LogFit::kForeign) {
        words.append(words.empty() ? "a transaction log of " : "; of ");
        words.append(say(open.file.source.name, ": ", words_of(log, fit, open)).view());
      }
    }
    return words.empty() ? say("a transaction log of no hive that is here") : words;
  }

  static std::string_view words_of(const LogFile& log, LogFit fit, const OpenHive& open) {
    const auto is_it = [&](const Replay::Applied& applied) { return applied.log == log.source.id; };
    if (std::ranges::any_of(open.logs, is_it)) {
      return "its changes are applied in memory";
    }
    switch (fit) {
      case LogFit::kUnneeded:
        return "the hive is clean and the log holds what was left of earlier writes, not applied";
      case LogFit::kEmpty:
        return "it holds no change that is complete";
      case LogFit::kInvalid:
        return "its own base block is not sound, not applied";
      case LogFit::kStale:
        return "it continues another state of the hive than this one, not applied";
      default:
        return "another log holds what it holds, or it does not fit in, not applied";
    }
  }

  void remark(const OpenSource& source, Untrusted what) {
    sink_.take(Damage{source.id, 0, hive_layout::kBaseBlockSize, std::move(what), false});
  }

  const ReadOptions& options_;
  KeyRing& keys_;
  EvidenceSink& sink_;
  std::vector<OpenHive> hives_;
  std::vector<LogFile> logs_;
};

}  // namespace

bool recognises_hive(Bytes first_bytes) {
  using namespace hive_layout;
  const bool has_bin =
      first_bytes.size() >= kBaseBlockSize + kBinHeaderSize &&
      u32_at(first_bytes, kBaseBlockSize, "first bin") == kHbin &&
      u32_at(first_bytes, kBaseBlockSize + kBinOffset, "offset of the first bin") == 0;
  return has_bin || (first_bytes.size() >= kSector && u32_at(first_bytes, 0, "signature") == kRegf);
}

void read_hives(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                EvidenceSink& sink) {
  HiveBatch batch(options, keys, sink);
  for (const OpenSource& source : sources) {
    batch.take(source);
  }
  batch.run();
}

}  // namespace iwamtrace
