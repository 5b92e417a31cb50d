// Runs workers side by side and hears them out. Whatever a worker does, the broker goes on: it
// believes no frame before it has checked it, and ends a worker that dies, hangs, grows or lies.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/worker.h"

namespace iwamtrace {

struct Job {
  std::string reader;             // "evtx reader", "second witness"
  std::vector<SourceId> sources;  // what it was given; frames for any other are lies
  // Called in the broker right before the worker is made: opens the evidence, so that the worker
  // needs no path. What the task holds is let go in the broker as soon as the worker has it.
  // Throws std::system_error when there is nothing to open.
  std::function<WorkerTask()> prepare;
  WorkerLimits limits;
};

// A worker that did not come to its end.
struct LostWorker {
  std::optional<SourceId> source;  // at which it was, if it had begun one
  std::string stage;               // what it was about to do there
  std::string cause;  // "signal 11", "CPU limit of 10 s", "a frame of 4294967295 bytes"
};

// What the broker passes on, checked. Records arrive in the order in which each worker sent them.
class JobListener {
 public:
  JobListener() = default;
  JobListener(JobListener&&) = default;
  JobListener& operator=(JobListener&&) = default;
  JobListener(const JobListener&) = delete;
  JobListener& operator=(const JobListener&) = delete;
  virtual ~JobListener() = default;

  virtual void take(std::size_t job, EventRecord& record) = 0;
  virtual void take(std::size_t job, Artefact artefact) = 0;
  virtual void take(std::size_t job, Damage damage) = 0;
  virtual void take(std::size_t job, SourceSummary summary) = 0;
  virtual void take(std::size_t job, CrossCheck check) = 0;
  virtual void done(std::size_t job) = 0;
  virtual void lost(std::size_t job, const LostWorker& lost) = 0;
};

struct BrokerOptions {
  unsigned parallel = 1;
  // One job is heard after the other, in their order; later ones wait in their pipes. For output
  // that streams.
  bool in_order = false;
};

// Runs all jobs to their end, however that looks. Throws only Interrupted, and by then
// the workers have been ended.
void run_jobs(std::span<const Job> jobs, const EventFilter& filter, const BrokerOptions& options,
              JobListener& listener);

}  // namespace iwamtrace
