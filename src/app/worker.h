// One child process that reads hostile bytes and hands back framed records. What happens in it
// costs its sources only. Landlock and seccomp will go where the limits are set.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/frames.h"
#include "app/rule_hits.h"
#include "model/evidence_sink.h"

namespace iwamtrace {

struct WorkerLimits {
  std::uint64_t memory = std::uint64_t{1} << 30;  // bytes of address space
  std::uint64_t cpu_seconds = 10;
  std::uint64_t memory_file = 0;  // bytes of a file in memory; none is ever made on a disk
  std::uint64_t output = std::uint64_t{64} << 20;  // bytes through the pipe
  std::chrono::seconds silence{120};               // without a frame while somebody listens
};

// Proportional to what there is to read: a log of gigabytes may take minutes.
WorkerLimits limits_for(std::uint64_t bytes);

// Which records are worth carrying to the broker, and which rules are asked of them.
class EventFilter {
 public:
  static EventFilter everything();
  void add(EventKey key) { keys_.set(index(key)); }
  void since(Timestamp time) { since_ = time; }
  void until(Timestamp time) { until_ = time; }
  // They must outlive the filter; no more than these are asked.
  void ask(const sigma::RuleSet& rules) { rules_ = &rules; }
  [[nodiscard]] const sigma::RuleSet* rules() const { return rules_; }
  [[nodiscard]] bool wants(const EventHead& head) const;

 private:
  static std::size_t index(EventKey key) {
    return static_cast<std::size_t>(key.source) << 16 | key.id;
  }
  bool all_ = false;
  std::bitset<kEventSources << 16> keys_;
  std::optional<Timestamp> since_, until_;  // both inclusive
  const sigma::RuleSet* rules_ = nullptr;
};

// The worker's end of the pipe.
class FrameSink : public EvidenceSink {
 public:
  FrameSink(int pipe, const EventFilter& filter);

  void enter(SourceId source, std::string_view stage) override;
  bool wants(const EventHead& head) override {
    return filter_.wants(head) || (hits_ && hits_->wants(head));
  }
  void take(const EventRecord& record) override;
  void take(Artefact artefact) override;
  void take(Damage damage) override;
  void take(SourceSummary summary) override;
  void take(CrossCheck check) override;

  void failed(std::string_view what);
  void done();

 private:
  // False when the content is too large for a frame; then nothing is written.
  template <typename Write>
  bool frame(FrameType type, Write write);
  void write(const EventRecord& record);
  void flush();

  int pipe_;
  const EventFilter& filter_;
  std::optional<RuleHits> hits_;
  WireWriter wire_;
};

// What a worker does with its sink; runs in the child.
using WorkerTask = std::function<void(EvidenceSink&)>;

// The child's whole life: sets the limits, runs the task, ends the process.
[[noreturn]] void run_worker(const WorkerTask& task, const WorkerLimits& limits,
                             const EventFilter& filter, int pipe);

}  // namespace iwamtrace
