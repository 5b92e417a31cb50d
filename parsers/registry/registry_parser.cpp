#include "parsers/registry/registry_parser.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "parsers/key_ring.h"
#include "parsers/registry/hive.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/sam_hive.h"
#include "parsers/registry/security_hive.h"
#include "parsers/registry/software_hive.h"
#include "parsers/registry/system_hive.h"

namespace iwamtrace {
namespace {

struct OpenHive {
  const OpenSource* source = nullptr;
  std::unique_ptr<Hive> hive;  // null where there is no tree to read: a log, a broken file
  SourceSummary summary;
};

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

class HiveBatch {
 public:
  HiveBatch(const ReadOptions& options, KeyRing& keys, EvidenceSink& sink)
      : options_(options), keys_(keys), sink_(sink) {}

  void open(const OpenSource& source) {
    sink_.enter(source.id, "opening the hive");
    OpenHive open;
    open.source = &source;
    open.summary.source = source.id;
    open.summary.kind = SourceKind::kHiveOther;
    try {
      open_checked(source, open);
    } catch (const ParseError& error) {
      open.hive.reset();
      lose(source, error);
    }
    hives_.push_back(std::move(open));
  }

  // SYSTEM first: the others need what it yields.
  void read() {
    for (const SourceKind kind : {SourceKind::kHiveSystem, SourceKind::kHiveSam,
                                  SourceKind::kHiveSecurity, SourceKind::kHiveSoftware}) {
      for (const OpenHive& open : hives_) {
        if (open.summary.kind == kind && open.hive != nullptr) {
          read(open, kind);
        }
      }
    }
    for (const OpenHive& open : hives_) {
      sink_.take(open.summary);
    }
  }

 private:
  void open_checked(const OpenSource& source, OpenHive& open) {
    const HiveState state = hive_state(source.bytes);
    if (state.transaction_log) {
      open.summary.kind = SourceKind::kHiveLog;
      open.summary.coverage.slack = source.bytes.size();
      remark(source, "a transaction log: the changes in it are not applied to its hive");
      return;
    }
    describe_state(source, state);
    HiveDivision division = divide_hive(source.bytes);
    open.summary.coverage = division.coverage;
    open.summary.records = division.keys;
    for (Damage& damage : division.damage) {
      damage.source = source.id;
      sink_.take(std::move(damage));
    }
    open.summary.last = state.last_written;
    open.hive = std::make_unique<Hive>(source);
    open.summary.kind = kind_of(open.hive->root());
  }

  void describe_state(const OpenSource& source, const HiveState& state) {
    if (state.checksum_wrong) {
      remark(source, "wrong checksum of the base block");
    } else if (state.dirty) {
      remark(source,
             "the hive is dirty: Windows had changes in its transaction log that are not in it");
    }
    if (source.bytes.size() < state.announced) {
      sink_.take(Damage{source.id, source.bytes.size(), state.announced - source.bytes.size(),
                        say("the hive is cut: ", state.announced, " bytes are announced")});
    }
  }

  void read(const OpenHive& open, SourceKind kind) {
    sink_.enter(open.source->id, "reading the hive");
    try {
      switch (kind) {
        case SourceKind::kHiveSystem:
          return read_system_hive(*open.hive, keys_, sink_);
        case SourceKind::kHiveSam:
          return read_sam_hive(*open.hive, keys_, options_.reveal_secrets, sink_);
        case SourceKind::kHiveSecurity:
          return read_security_hive(*open.hive, keys_, options_.reveal_secrets, sink_);
        default:
          return read_software_hive(*open.hive, sink_);
      }
    } catch (const ParseError& error) {
      lose(*open.source, error);
    }
  }

  void lose(const OpenSource& source, const ParseError& error) {
    sink_.take(Damage{source.id, error.offset(), 0, say(error.what())});
  }
  void remark(const OpenSource& source, std::string_view what) {
    sink_.take(Damage{source.id, 0, hive_layout::kBaseBlockSize, say(what), false});
  }

  const ReadOptions& options_;
  KeyRing& keys_;
  EvidenceSink& sink_;
  std::vector<OpenHive> hives_;
};

}  // namespace

bool recognises_hive(Bytes first_bytes) {
  return first_bytes.size() >= hive_layout::kChecksum + 4 &&
         u32_at(first_bytes, 0, "signature") == hive_layout::kRegf;
}

void read_hives(std::span<const OpenSource> sources, const ReadOptions& options, KeyRing& keys,
                EvidenceSink& sink) {
  HiveBatch batch(options, keys, sink);
  for (const OpenSource& source : sources) {
    batch.open(source);
  }
  batch.read();
}

}  // namespace iwamtrace
