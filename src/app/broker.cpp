#include "app/broker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "app/interrupt.h"

namespace iwamtrace {
namespace {

using Clock = std::chrono::steady_clock;

// The broker's side of one running worker.
class Running {
 public:
  Running(std::size_t number, const Job& job, const EventFilter& filter)
      : number_(number), job_(&job) {
    const WorkerTask task = job.prepare();
    std::array<int, 2> pipe{};
    if (pipe2(pipe.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    }
    pid_ = fork();
    if (pid_ < 0) {
      const int error = errno;
      close(pipe[0]);
      close(pipe[1]);
      throw std::system_error(error, std::generic_category(), "cannot make a worker");
    }
    if (pid_ == 0) {
      close(pipe[0]);
      run_worker(task, job.limits, filter, pipe[1]);
    }
    close(pipe[1]);
    pipe_ = pipe[0];
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (pipe_ >= 0) {
      close(pipe_);
    }
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }

  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] int pipe() const { return pipe_; }
  [[nodiscard]] bool finished() const { return pipe_ < 0; }

  void listen_since(Clock::time_point now) { silent_since_ = silent_since_.value_or(now); }
  [[nodiscard]] Clock::time_point deadline() const { return *silent_since_ + job_->limits.silence; }

  // Reads what is there and passes on whole frames.
  void hear(JobListener& listener) {
    constexpr std::size_t kRead = 256 << 10;
    input_.resize(kRead);
    const ssize_t size = read(pipe_, input_.data(), input_.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
      return;
    }
    if (size <= 0) {
      end(listener);
      return;
    }
    silent_since_ = Clock::now();
    heard_ += static_cast<std::uint64_t>(size);
    if (heard_ > job_->limits.output) {
      give_up(listener, "output limit of " + std::to_string(job_->limits.output >> 20) + " MiB");
      return;
    }
    frames_.add({input_.data(), static_cast<std::size_t>(size)});
    try {
      Frame frame;
      while (frames_.next(frame)) {
        pass_on(frame, listener);
      }
      frames_.compact();
    } catch (const WireError& error) {
      give_up(listener, error.what());
    }
  }

  // Ends a worker that is not to be believed or waited for any longer.
  void give_up(JobListener& listener, const std::string& cause) {
    kill(pid_, SIGKILL);
    reap();
    listener.lost(number_, LostWorker{at_, stage_, cause});
  }

 private:
  void pass_on(const Frame& frame, JobListener& listener) {
    WireReader wire(frame.content);
    switch (frame.type) {
      case FrameType::kStage: {
        SourceId source{};
        wire.get(source);
        check(source);
        stage_ = std::string(wire.take_text());
        at_ = source;
        break;
      }
      case FrameType::kEvent:
        wire.get(record_);
        check(record_.head.source);
        listener.take(number_, record_);
        break;
      case FrameType::kArtefact: {
        Artefact artefact = read_artefact(wire);
        check(std::visit([](const auto& item) { return item.where.source; }, artefact));
        listener.take(number_, std::move(artefact));
        break;
      }
      case FrameType::kDamage:
        pass_on<Damage>(wire, listener);
        break;
      case FrameType::kSummary:
        pass_on<SourceSummary>(wire, listener);
        break;
      case FrameType::kCrossCheck:
        pass_on<CrossCheck>(wire, listener);
        break;
      case FrameType::kFailed:
        failure_ = std::string(wire.take_text());
        break;
      case FrameType::kDone:
        done_ = true;
        break;
    }
    wire.expect_end();
  }

  template <typename Item>
  void pass_on(WireReader& wire, JobListener& listener) {
    Item item;
    wire.get(item);
    check(item.source);
    listener.take(number_, std::move(item));
  }

  void check(SourceId source) const {
    if (std::ranges::find(job_->sources, source) == job_->sources.end()) {
      throw WireError("a frame for a file that the worker was not given");
    }
  }

  void end(JobListener& listener) {
    const bool torn = frames_.torn();
    const int status = reap();
    if (done_ && !torn && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      listener.done(number_);
      return;
    }
    listener.lost(number_, LostWorker{at_, stage_, cause_of(status, torn)});
  }

  [[nodiscard]] std::string cause_of(int status, bool torn) const {
    if (failure_) {
      return *failure_;
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
      return "CPU limit of " + std::to_string(job_->limits.cpu_seconds) + " s";
    }
    if (WIFSIGNALED(status)) {
      const char* name = sigabbrev_np(WTERMSIG(status));
      return "signal " + std::to_string(WTERMSIG(status)) +
             (name == nullptr ? "" : std::string(" (SIG") + name + ")");
    }
    return torn ? "a torn frame at the end"
                : "it ended with status " + std::to_string(WEXITSTATUS(status)) + " too early";
  }

  int reap() {
    close(pipe_);
    pipe_ = -1;
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  std::size_t number_;
  const Job* job_;
  pid_t pid_ = -1;
  int pipe_ = -1;
  FrameReader frames_;
  std::string input_;
  EventRecord record_;
  std::uint64_t heard_ = 0;
  std::optional<Clock::time_point> silent_since_;
  std::optional<SourceId> at_;
  std::string stage_ = "starting";
  std::optional<std::string> failure_;
  bool done_ = false;
};

class Broker {
 public:
  Broker(std::span<const Job> jobs, const EventFilter& filter, const BrokerOptions& options,
         JobListener& listener)
      : jobs_(jobs), filter_(filter), options_(options), listener_(listener) {}

  void run() {
    while (next_ < jobs_.size() || !running_.empty()) {
      while (next_ < jobs_.size() && running_.size() < std::max(1U, options_.parallel)) {
        start(next_++);
      }
      hear_whoever_speaks();
      stop_if_interrupted();
    }
  }

 private:
  void start(std::size_t number) {
    try {
      running_.push_back(std::make_unique<Running>(number, jobs_[number], filter_));
    } catch (const std::system_error& error) {
      listener_.lost(number, LostWorker{{}, "opening", error.what()});
    }
  }

  void hear_whoever_speaks() {
    if (running_.empty()) {
      return;
    }
    // In order: the first of the running is the one whose turn it is.
    const std::size_t heard = options_.in_order ? 1 : running_.size();
    std::vector<pollfd> waiting;
    const Clock::time_point now = Clock::now();
    Clock::time_point deadline = now + std::chrono::hours(1);
    for (std::size_t i = 0; i < heard; ++i) {
      running_[i]->listen_since(now);
      deadline = std::min(deadline, running_[i]->deadline());
      waiting.push_back(pollfd{running_[i]->pipe(), POLLIN, 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now).count();
    const int ready =
        poll(waiting.data(), waiting.size(), static_cast<int>(std::max<long>(0, left)));
    if (ready < 0) {
      return;  // a signal; the caller looks
    }
    for (std::size_t i = 0; i < heard; ++i) {
      Running& worker = *running_[i];
      if (waiting[i].revents != 0) {
        worker.hear(listener_);
      } else if (Clock::now() >= worker.deadline()) {
        const auto silence = jobs_[worker.number()].limits.silence.count();
        worker.give_up(listener_, "no sign of life for " + std::to_string(silence) + " s");
      }
    }
    std::erase_if(running_, [](const auto& worker) { return worker->finished(); });
  }

  std::span<const Job> jobs_;
  const EventFilter& filter_;
  BrokerOptions options_;
  JobListener& listener_;
  std::vector<std::unique_ptr<Running>> running_;
  std::size_t next_ = 0;
};

}  // namespace

void run_jobs(std::span<const Job> jobs, const EventFilter& filter, const BrokerOptions& options,
              JobListener& listener) {
  Broker(jobs, filter, options, listener).run();
}

}  // namespace iwamtrace
