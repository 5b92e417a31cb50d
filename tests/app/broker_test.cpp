// Workers that die, hang, grow and lie: each costs its own sources, and the report says which, at
// what, and why.
#include "app/broker.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <unistd.h>

#include "app/frames.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

class Hearing : public JobListener {
 public:
  void take(std::size_t job, EventRecord& record) override {
    order.emplace_back(job, *record.head.record);
  }
  void take(std::size_t /*job*/, Artefact /*artefact*/) override { ++artefacts; }
  void take(std::size_t /*job*/, Damage item) override { damage.push_back(std::move(item)); }
  void take(std::size_t /*job*/, SourceSummary /*summary*/) override {}
  void take(std::size_t /*job*/, CrossCheck /*check*/) override {}
  void done(std::size_t job) override { ended.push_back(job); }
  void lost(std::size_t job, const LostWorker& worker) override { losses[job] = worker; }

  std::vector<std::pair<std::size_t, std::uint64_t>> order;
  std::vector<Damage> damage;
  std::vector<std::size_t> ended;
  std::map<std::size_t, LostWorker> losses;
  std::size_t artefacts = 0;
};

Job job_of(WorkerTask task, std::uint32_t source = 0) {
  Job job;
  job.reader = "test reader";
  job.sources = {SourceId{source}};
  job.prepare = [task = std::move(task)] { return task; };
  return job;
}

void send_records(EvidenceSink& sink, std::uint32_t source, std::uint64_t count) {
  sink.enter(SourceId{source}, "reading records");
  for (std::uint64_t i = 1; i <= count; ++i) {
    EventRecord record;
    record.head.source = SourceId{source};
    record.head.record = i;
    sink.take(record);
  }
}

Hearing run(const std::vector<Job>& jobs, const BrokerOptions& options = {}) {
  Hearing hearing;
  run_jobs(jobs, EventFilter::everything(), options, hearing);
  return hearing;
}

// One hostile job between two good ones: the good ones must come through whole.
LostWorker lose(Job hostile) {
  hostile.sources = {SourceId{1}};
  const Hearing hearing =
      run({job_of([](EvidenceSink& sink) { send_records(sink, 0, 100); }, 0), std::move(hostile),
           job_of([](EvidenceSink& sink) { send_records(sink, 2, 100); }, 2)},
          BrokerOptions{2, false});
  EXPECT_EQ(hearing.ended.size(), 2U);
  const auto good =
      std::ranges::count_if(hearing.order, [](const auto& record) { return record.first != 1; });
  EXPECT_EQ(good, 200);
  EXPECT_EQ(hearing.losses.size(), 1U);
  EXPECT_TRUE(hearing.losses.contains(1));
  return hearing.losses.contains(1) ? hearing.losses.at(1) : LostWorker{};
}

// Writes past the sink, as a worker whose memory was overwritten might: into the one pipe that this
// process did not have before there were workers.
std::set<int> descriptors() {
  std::set<int> open;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) != -1) {
      open.insert(fd);
    }
  }
  return open;
}
const std::set<int> kOpenAtStart = descriptors();

void write_raw(std::string_view bytes) {
  for (const int fd : descriptors()) {
    if (!kOpenAtStart.contains(fd) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
      ASSERT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
      return;
    }
  }
}

TEST(Broker, GoodWorkersAreHeardToTheEnd) {
  const Hearing hearing = run({job_of([](EvidenceSink& sink) {
    send_records(sink, 0, 3);
    sink.take(HostFact{});
    sink.take(Damage{SourceId{0}, 1, 2, say("a dent"), true});
  })});
  EXPECT_EQ(hearing.ended, std::vector<std::size_t>{0});
  EXPECT_EQ(hearing.order.size(), 3U);
  EXPECT_EQ(hearing.artefacts, 1U);
  ASSERT_EQ(hearing.damage.size(), 1U);
  EXPECT_EQ(plain(hearing.damage.front().what), "a dent");
}

TEST(Broker, KilledWorkerIsNamedWithItsSignalAndStage) {
  const LostWorker lost = lose(job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "opening the hive");
    kill(getpid(), SIGSEGV);
    pause();
  }));
  EXPECT_EQ(lost.source, SourceId{1});
  EXPECT_EQ(lost.stage, "opening the hive");
  EXPECT_EQ(lost.cause, "signal 11 (SIGSEGV)");
}

TEST(Broker, RecordsSentBeforeTheDeathAreKept) {
  const Hearing hearing = run({job_of([](EvidenceSink& sink) {
    send_records(sink, 0, 10);
    sink.enter(SourceId{0}, "the last thing it does");
    kill(getpid(), SIGKILL);
  })});
  EXPECT_EQ(hearing.order.size(), 10U);
  EXPECT_EQ(hearing.losses.at(0).stage, "the last thing it does");
  EXPECT_EQ(hearing.losses.at(0).cause, "signal 9 (SIGKILL)");
}

TEST(Broker, EndlessLoopMeetsItsCpuLimit) {
  Job job = job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "looping");
    while (true) {
      asm volatile("");
    }
  });
  job.limits.cpu_seconds = 1;
  const LostWorker lost = lose(std::move(job));
  EXPECT_EQ(lost.cause, "CPU limit of 1 s");
  EXPECT_EQ(lost.stage, "looping");
}

TEST(Broker, SilentWorkerIsEnded) {
  Job job = job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "waiting for nothing");
    while (true) {
      pause();
    }
  });
  job.limits.silence = std::chrono::seconds(1);
  EXPECT_EQ(lose(std::move(job)).cause, "no sign of life for 1 s");
}

TEST(Broker, EightGibibytesMeetTheMemoryLimit) {
  const LostWorker lost = lose(job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "growing");
    const std::string giant(std::size_t{8} << 30, 'x');
    sink.take(Damage{SourceId{1}, giant.size(), 0, {}, true});
  }));
  EXPECT_EQ(lost.cause, "out of memory: the limit is 1024 MiB");
  EXPECT_EQ(lost.stage, "growing");
}

TEST(Broker, TornFrameAtTheEnd) {
  const LostWorker lost = lose(job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "writing");
    write_raw(std::string_view("\x40\0\0\0\x01half a frame", 17));
    _exit(0);
  }));
  EXPECT_EQ(lost.cause, "a torn frame at the end");
}

TEST(Broker, FrameOfFourGibibytes) {
  const LostWorker lost = lose(job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "writing");
    write_raw(std::string_view("\xFF\xFF\xFF\xFF\x01", 5));
    pause();
  }));
  EXPECT_EQ(lost.cause, "a frame of 4294967295 bytes");
}

TEST(Broker, FramesForAFileThatItWasNotGiven) {
  const auto lies = [](auto frame) {
    return lose(job_of([frame](EvidenceSink& sink) {
             sink.enter(SourceId{1}, "lying");
             frame(sink);
           }))
        .cause;
  };
  const std::string expected = "a frame for a file that the worker was not given";
  EXPECT_EQ(lies([](EvidenceSink& sink) { send_records(sink, 0, 1); }), expected);
  EXPECT_EQ(lies([](EvidenceSink& sink) {
              sink.take(HostFact{{}, {}, {SourceId{9}, 0, {}, {}}});
            }),
            expected);
  EXPECT_EQ(lies([](EvidenceSink& sink) {
              sink.take(Damage{SourceId{2}, 0, 0, {}, true});
            }),
            expected);
}

TEST(Broker, FloodMeetsTheOutputLimit) {
  Job job = job_of([](EvidenceSink& sink) { send_records(sink, 1, UINT64_MAX); });
  job.limits.output = 1 << 20;
  EXPECT_EQ(lose(std::move(job)).cause, "output limit of 1 MiB");
}

TEST(Broker, ExceptionBecomesTheClosingFrame) {
  const LostWorker lost = lose(job_of([](EvidenceSink& sink) {
    sink.enter(SourceId{1}, "thinking");
    throw std::runtime_error("an invariant is broken");
  }));
  EXPECT_EQ(lost.cause, "an invariant is broken");
}

TEST(Broker, WorkerThatEndsWithoutSayingSoIsLost) {
  EXPECT_EQ(lose(job_of([](EvidenceSink&) { _exit(0); })).cause,
            "it ended with status 0 too early");
}

TEST(Broker, EvidenceThatCannotBeOpenedCostsItsJobOnly) {
  Job job;
  job.prepare = []() -> WorkerTask {
    throw std::system_error(EACCES, std::generic_category(), "opening");
  };
  const LostWorker lost = lose(std::move(job));
  EXPECT_EQ(lost.stage, "opening");
  EXPECT_EQ(lost.cause, "opening: Permission denied");
}

TEST(Broker, InOrderMeansInOrder) {
  std::vector<Job> jobs;
  for (std::uint32_t i = 0; i < 6; ++i) {
    jobs.push_back(job_of(
        [i](EvidenceSink& sink) {
          usleep((6 - i) * 10'000);  // the later, the sooner
          send_records(sink, i, 2000);
        },
        i));
  }
  const Hearing hearing = run(jobs, BrokerOptions{6, true});
  EXPECT_TRUE(std::ranges::is_sorted(hearing.order));
  EXPECT_EQ(hearing.order.size(), 12000U);
}

TEST(Broker, RecordTooLargeForAFrameCostsItself) {
  const Hearing hearing = run({job_of([](EvidenceSink& sink) {
    EventRecord record;
    record.head.record = 5;
    record.add_field({}, record.add_text(std::string(kLargestFrame + 1, 'x')));
    sink.take(record);
    send_records(sink, 0, 1);
  })});
  EXPECT_EQ(hearing.order.size(), 1U);
  ASSERT_EQ(hearing.damage.size(), 1U);
  EXPECT_EQ(plain(hearing.damage.front().what), "record 5: too large to hand over");
}

}  // namespace
}  // namespace iwamtrace
