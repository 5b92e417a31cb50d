// MB/s of both log readers, beside the libraries' own calls in the same program and beside
// evtexport and evtxexport as whole processes. CPU seconds, median of five. iwamtrace_bench [FOLDER
// [MB]]
#include <algorithm>
#include <array>
#include <ctime>
#include <fcntl.h>
#include <fmt/core.h>
#include <functional>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/rule_files.h"
#include "tests/bench/readers.h"
#include "tests/bench/repeated_log.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kRuns = 5;
constexpr double kMegabyte = 1e6;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Measured {
  double seconds = 0;
  Reading reading;
};

Measured median_of(const std::function<Reading()>& read) {
  std::array<Measured, kRuns> runs;
  for (Measured& run : runs) {
    const double before = cpu_seconds();
    run.reading = read();
    run.seconds = cpu_seconds() - before;
  }
  std::ranges::sort(runs, {}, &Measured::seconds);
  return runs[kRuns / 2];
}

// User and system time of the whole process; nothing where the tool is not installed.
double seconds_of_tool(const std::string& tool, const std::string& path) {
  if (!is_installed(tool)) {
    return 0;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
  }
  std::array<char*, 3> arguments{const_cast<char*>(tool.c_str()), const_cast<char*>(path.c_str()),
                                 nullptr};
  pid_t child = 0;
  const int started =
      posix_spawnp(&child, tool.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  rusage used{};
  int status = 0;
  if (started != 0 || wait4(child, &status, 0, &used) != child) {
    return 0;
  }
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Contest {
  std::string log;  // within the folder
  Reading (*library)(const std::string& path);
  std::string library_name, tool;
  std::string (*repeat)(std::string_view log, std::size_t size);
};

void row(const std::string& name, double bytes, double seconds, std::uint64_t records,
         double ours) {
  if (seconds == 0) {
    fmt::print("  {:<26} not installed\n", name);
    return;
  }
  fmt::print("  {:<26} {:>8.3f} s {:>9.1f} MB/s {:>10}", name, seconds, bytes / kMegabyte / seconds,
             records == 0 ? "" : fmt::format("{}", records));
  fmt::print("{}\n",
             ours == 0 ? "" : fmt::format("   ours is {:.1f} times as fast", seconds / ours));
}

bool run(const Contest& contest, const std::string& folder, std::size_t size) {
  const CaseFolder work;
  const std::string made = contest.repeat(file_bytes(folder + "/" + contest.log), size);
  const std::string path = work.add("made.log", made).string();
  const auto bytes = static_cast<double>(made.size());
  fmt::print("\n{}, repeated to {:.1f} MB\n", contest.log, bytes / kMegabyte);
  const Measured ours = median_of([&] { return read_with_ours(path); });
  row("iwamtrace", bytes, ours.seconds, ours.reading.records, 0);
  const Measured library = median_of([&] { return contest.library(path); });
  row(contest.library_name, bytes, library.seconds, library.reading.records, ours.seconds);
  row(contest.tool + ", whole process", bytes, seconds_of_tool(contest.tool, path), 0,
      ours.seconds);
  fmt::print("  text: {} strings, {} bytes; the library: {} strings, {} bytes\n",
             ours.reading.strings, ours.reading.sum, library.reading.strings, library.reading.sum);
  std::fflush(stdout);
  if (ours.reading.records < library.reading.records) {
    fmt::print("  MISSING: the library reads more records\n");
    return false;
  }
  return true;
}

// What the rules cost beside reading every field of every record; both in turn, so that what else
// the machine does weighs on both.
bool match(const std::string& folder, const std::string& log, const sigma::RuleSet& rules,
           std::size_t size) {
  const CaseFolder work;
  const std::string path =
      work.add("made.log", repeated_evtx(file_bytes(folder + "/" + log), size)).string();
  std::array<double, kRuns> ratios{};
  Matching matching;
  double seconds = 0;
  for (double& ratio : ratios) {
    const double begin = cpu_seconds();
    read_with_ours(path);
    const double read = cpu_seconds() - begin;
    matching = match_with_ours(path, rules);
    seconds = cpu_seconds() - begin - read;
    ratio = (seconds - read) / read;
  }
  std::ranges::sort(ratios);
  fmt::print("  {:<40} {:>9} records {:>8} hits   rules cost {:.2f} times reading\n", log,
             matching.reading.records, matching.hits, ratios[kRuns / 2]);
  std::fflush(stdout);
  return matching.reading.records != 0;
}

bool match_all(const std::string& folder, std::size_t size) {
  const sigma::RuleSet rules = rules_in(folder + "/sigma/rules");
  fmt::print("\n{} rules, median of {}\n", rules.rules().size(), kRuns);
  bool complete = true;
  for (const char* log :
       {"evtx/omerbenamram-evtx/system.evtx", "evtx/omerbenamram-evtx/security.evtx",
        "evtx/plaso/System.evtx", "evtx/omerbenamram-evtx/sysmon.evtx"}) {
    complete = match(folder, log, rules, size) && complete;
  }
  return complete;
}

int bench(const std::string& folder, std::size_t size) {
  const std::array contests{
      Contest{"evtx/omerbenamram-evtx/security.evtx", read_with_libevtx_calls, "libevtx, its calls",
              "evtxexport", repeated_evtx},
      Contest{"evtx/plaso/System.evtx", read_with_libevtx_calls, "libevtx, its calls", "evtxexport",
              repeated_evtx},
      Contest{"evtx/omerbenamram-evtx/sysmon.evtx", read_with_libevtx_calls, "libevtx, its calls",
              "evtxexport", repeated_evtx},
      Contest{"evt/plaso/SysEvent.Evt", read_with_libevt_calls, "libevt, its calls", "evtexport",
              repeated_evt},
  };
  fmt::print("CPU seconds, median of {}; every field of every record as UTF-8\n", kRuns);
  bool complete = true;
  for (const Contest& contest : contests) {
    complete = run(contest, folder, size) && complete;
  }
  complete = match_all(folder, size) && complete;
  return complete ? 0 : 1;
}

}  // namespace
}  // namespace iwamtrace

int main(int argc, char** argv) {
  try {
    const std::string folder = argc > 1 ? argv[1] : iwamtrace::data_folder().string();
    const std::size_t megabytes = argc > 2 ? std::stoul(argv[2]) : 64;
    if (!std::filesystem::exists(folder + "/evtx")) {
      fmt::print(stderr, "no real logs in {}: name the folder that has evt and evtx\n", folder);
      return 3;
    }
    return iwamtrace::bench(folder, megabytes * 1'000'000);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 5;
  }
}
