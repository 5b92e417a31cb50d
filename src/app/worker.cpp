#include "app/worker.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "app/frames.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kFlushAt = 64 << 10;
constexpr std::size_t kLongestQuote = 1000;

void set_limit(int resource, std::uint64_t soft, std::uint64_t hard) {
  const rlimit limit{soft, hard};
  setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

void confine(const WorkerLimits& limits) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  set_limit(RLIMIT_CORE, 0, 0);  // a core would hold passwords
  set_limit(RLIMIT_FSIZE, limits.memory_file, limits.memory_file);
  set_limit(RLIMIT_AS, limits.memory, limits.memory);
  set_limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);  // a file too large is an error like others
  std::signal(SIGINT, SIG_IGN);   // the broker ends us, once it has written what it has
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace

WorkerLimits limits_for(std::uint64_t bytes) {
  constexpr std::uint64_t kMegabyte = 1'000'000;
  constexpr std::uint64_t kLeastMemory = std::uint64_t{1} << 30;
  constexpr std::uint64_t kRoom = std::uint64_t{256} << 20;
  WorkerLimits limits;
  limits.memory = std::max(kLeastMemory, kRoom + 3 * bytes);
  limits.cpu_seconds = 10 + 2 * (bytes / (10 * kMegabyte));
  limits.output = (std::uint64_t{64} << 20) + 16 * bytes;
  return limits;
}

EventFilter EventFilter::everything() {
  EventFilter filter;
  filter.all_ = true;
  return filter;
}

bool EventFilter::wants(const EventHead& head) const {
  return (all_ || keys_.test(index(head.key))) && (!since_ || head.time >= *since_) &&
         (!until_ || head.time <= *until_);
}

FrameSink::FrameSink(int pipe, const EventFilter& filter) : pipe_(pipe), filter_(filter) {
  if (filter.rules() != nullptr) {
    hits_.emplace(*filter.rules());
  }
}

template <typename Write>
bool FrameSink::frame(FrameType type, Write write) {
  std::string& bytes = wire_.bytes();
  const std::size_t start = bytes.size();
  wire_.put(std::uint32_t{0});
  wire_.put(static_cast<std::uint8_t>(type));
  write(wire_);
  const std::size_t size = bytes.size() - start - kFrameHead;
  if (size > kLargestFrame) {
    bytes.resize(start);
    return false;
  }
  const auto length = static_cast<std::uint32_t>(size);
  std::memcpy(bytes.data() + start, &length, sizeof length);
  if (bytes.size() >= kFlushAt) {
    flush();
  }
  return true;
}

void FrameSink::flush() {
  std::string_view rest = wire_.bytes();
  while (!rest.empty()) {
    const ssize_t written = ::write(pipe_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      _exit(1);  // nobody listens any more
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  wire_.bytes().clear();
}

// Flushed at once: should the next step kill the worker, the broker knows which it was.
void FrameSink::enter(SourceId source, std::string_view stage) {
  frame(FrameType::kStage, [&](WireWriter& wire) { wire(source, stage); });
  flush();
}

void FrameSink::take(const EventRecord& record) {
  bool wanted = filter_.wants(record.head);
  if (hits_ && hits_->wants(record.head)) {
    wanted |= hits_->take(record, [&](RuleHit hit) { take(Artefact{std::move(hit)}); });
  }
  if (wanted) {
    write(record);
  }
}

void FrameSink::write(const EventRecord& record) {
  if (!frame(FrameType::kEvent, [&](WireWriter& wire) { wire.put(record); })) {
    take(Damage{record.head.source, record.head.offset, 0,
                say("record ", record.head.record.value_or(0), ": too large to hand over")});
  }
}

void FrameSink::take(Artefact artefact) {
  if (!frame(FrameType::kArtefact, [&](WireWriter& wire) { write_artefact(wire, artefact); })) {
    const Citation where = std::visit([](const auto& item) { return item.where; }, artefact);
    take(Damage{where.source, where.offset, 0,
                say(where.path.view().first(kLongestQuote), ": too large to hand over")});
  }
}

// What quotes evidence may be as long as evidence likes; its first words must arrive all the same.
void FrameSink::take(Damage damage) {
  if (!frame(FrameType::kDamage, [&](WireWriter& wire) { wire.put(damage); })) {
    damage.what = say(damage.what.view().first(kLongestQuote), " …");
    frame(FrameType::kDamage, [&](WireWriter& wire) { wire.put(damage); });
  }
}

void FrameSink::take(SourceSummary summary) {
  if (!frame(FrameType::kSummary, [&](WireWriter& wire) { wire.put(summary); })) {
    summary.log = summary.computer = Untrusted{};
    frame(FrameType::kSummary, [&](WireWriter& wire) { wire.put(summary); });
  }
}

void FrameSink::take(CrossCheck check) {
  while (!frame(FrameType::kCrossCheck, [&](WireWriter& wire) { wire.put(check); })) {
    const std::size_t kept = check.differences.size() / 2;
    check.omitted += check.differences.size() - kept;
    check.differences.resize(kept);
  }
}

void FrameSink::failed(std::string_view what) {
  frame(FrameType::kFailed, [&](WireWriter& wire) { wire.put(what); });
  flush();
}

void FrameSink::done() {
  if (hits_) {
    for (RuleHitsOmitted& omitted : hits_->omitted()) {
      take(Artefact{std::move(omitted)});
    }
  }
  frame(FrameType::kDone, [](WireWriter&) {});
  flush();
}

void run_worker(const WorkerTask& task, const WorkerLimits& limits, const EventFilter& filter,
                int pipe) {
  confine(limits);
  FrameSink sink(pipe, filter);
  constexpr std::size_t kSpare = 1 << 20;
  auto spare = std::make_unique<char[]>(kSpare);  // to report the lack of memory with
  try {
    task(sink);
    sink.done();
    _exit(0);
  } catch (const std::bad_alloc&) {
    spare.reset();
    sink.failed("out of memory: the limit is " + std::to_string(limits.memory >> 20) + " MiB");
  } catch (const std::exception& error) {
    sink.failed(error.what());
  } catch (...) {
    sink.failed("an unknown exception");
  }
  _exit(1);
}

}  // namespace iwamtrace
