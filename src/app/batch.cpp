#include "app/batch.h"

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "app/interrupt.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/rule_files.h"
#include "report/json.h"
#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

// What became of a case, also when a run before this one judged it: its folder keeps this beside
// the report.
struct Outcome {
  enum class State { kDone, kPartial, kFailed };

  std::string name;
  State state = State::kDone;
  bool skipped = false;                        // judged before, and its evidence is as it was then
  bool desynced = false, broken_into = false;  // what --fail-on asks for
  std::string said;                            // verdict and cause, or why there is none
};

constexpr std::array<std::string_view, 3> kStates{"done", "partial", "failed"};

std::string_view name_of(Outcome::State state) {
  return kStates.at(static_cast<std::size_t>(state));
}

struct Root {
  std::vector<fs::path> cases;
  std::size_t stray_files = 0;
};

Root look_into(const fs::path& root) {
  Root found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    if (entry.is_symlink(error)) {
      continue;
    }
    if (entry.is_directory(error)) {
      found.cases.push_back(entry.path());
    } else {
      ++found.stray_files;
    }
  }
  std::ranges::sort(found.cases);
  return found;
}

// Three lines: state, what --fail-on may ask for, and what was said.
constexpr const char* kOutcomeFile = "outcome";

std::string found_in(const Outcome& outcome) {
  return std::string(outcome.desynced ? "desynced" : "-") +
         (outcome.broken_into ? " compromised" : " -");
}

// Into a folder of its own under a temporary name, then in one step into place.
void write_result(const fs::path& results, const Outcome& outcome, const Report& report) {
  const fs::path temporary = results / (".tmp-" + outcome.name + "-" + std::to_string(getpid()));
  const fs::path place = results / outcome.name;
  const auto write = [&](const char* file, std::string_view text) {
    Output output((temporary / file).string(), false);
    output.write(text);
    output.finish();
  };
  if (fs::exists(place) && !fs::exists(place / kOutcomeFile)) {
    throw OutputError(place.string() + ": it exists and is no result of a batch");
  }
  fs::remove_all(temporary);
  fs::create_directory(temporary);
  write("report.json", render_json(report));
  write(kOutcomeFile,
        fmt::format("{}\n{}\n{}\n", name_of(outcome.state), found_in(outcome), outcome.said));
  fs::remove_all(place);
  fs::rename(temporary, place);
}

// By the time at which a file's state last changed, which no copying sets back.
bool changed_since(const fs::path& folder, const fs::path& report) {
  struct stat judged {};
  if (stat(report.c_str(), &judged) != 0) {
    return true;
  }
  const auto is_newer = [&](const fs::path& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) {
      return true;
    }
    const timespec& changed = status.st_ctim;
    const timespec& limit = judged.st_ctim;
    return changed.tv_sec > limit.tv_sec ||
           (changed.tv_sec == limit.tv_sec && changed.tv_nsec > limit.tv_nsec);
  };
  std::error_code error;
  if (is_newer(folder)) {
    return true;
  }
  for (fs::recursive_directory_iterator entry(folder, error), end; entry != end;
       entry.increment(error)) {
    if (error || is_newer(entry->path())) {
      return true;
    }
  }
  return bool{error};
}

// Nothing where the case is to be judged: never judged, failed then, or changed since.
std::optional<Outcome> judged_before(const fs::path& folder, const fs::path& results) {
  const std::string name = folder.filename().string();
  std::ifstream file(results / name / kOutcomeFile);
  Outcome outcome;
  std::string state, found;
  if (!std::getline(file, state) || !std::getline(file, found) ||
      !std::getline(file, outcome.said)) {
    return std::nullopt;
  }
  const auto known = std::ranges::find(kStates, state);
  if (known == kStates.end() || state == name_of(Outcome::State::kFailed) ||
      changed_since(folder, results / name / "report.json")) {
    return std::nullopt;
  }
  outcome.name = name;
  outcome.state = Outcome::State(known - kStates.begin());
  outcome.desynced = found.starts_with("desynced");
  outcome.broken_into = found.ends_with("compromised");
  outcome.skipped = true;
  return outcome;
}

Outcome judge_one(const fs::path& folder, const fs::path& results, const sigma::RuleSet& rules,
                  const Options& options) {
  if (!options.force) {
    if (auto before = judged_before(folder, results)) {
      return *before;
    }
  }
  Outcome outcome;
  outcome.name = folder.filename().string();
  const auto judged = judge_case({folder.string()}, outcome.name, rules, options);
  const DesyncAnswer& desync = judged->report.answers.desync;
  outcome.desynced = desync.verdict == SyncVerdict::kDesynced;
  outcome.broken_into = judged->report.answers.compromise.verdict <= CompromiseVerdict::kSuspected;
  outcome.state = !judged->anything_read ? Outcome::State::kFailed
                  : is_damaged(*judged)  ? Outcome::State::kPartial
                                         : Outcome::State::kDone;
  outcome.said =
      judged->anything_read
          ? fmt::format("passwords {}, {}, {}; intrusion {}", iwamtrace::name_of(desync.verdict),
                        iwamtrace::name_of(desync.standing), desync.cause,
                        iwamtrace::name_of(judged->report.answers.compromise.verdict))
          : "nothing could be read";
  write_result(results, outcome, judged->report);
  return outcome;
}

std::string row_of(const Outcome& outcome) {
  return fmt::format("{}  {}  {}{}\n", pad_to(name_of(outcome.state), 7),
                     pad_to(TerminalText::visible(UntrustedView{outcome.name}), 32),
                     TerminalText::visible(UntrustedView{outcome.said}),
                     outcome.skipped ? " (judged before)" : "");
}

std::string sum_of(const std::vector<Outcome>& outcomes) {
  const auto count = [&](Outcome::State state) {
    return std::ranges::count(outcomes, state, &Outcome::state);
  };
  return fmt::format("{}: {} done, {} partial, {} failed; {} of them judged before\n",
                     plural(outcomes.size(), "case", "cases"), count(Outcome::State::kDone),
                     count(Outcome::State::kPartial), count(Outcome::State::kFailed),
                     std::ranges::count(outcomes, true, &Outcome::skipped));
}

}  // namespace

int run_batch(const Options& options) {
  const fs::path root = options.paths.front();
  const fs::path results = options.output;
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    throw UsageError("batch: no folder: " + root.string());
  }
  fs::create_directories(results);
  const Root found = look_into(root);
  if (found.stray_files != 0) {
    tell(options, say("of no case: ", std::string_view{plural(found.stray_files, "file", "files")},
                      " beside the folders"));
  }
  const sigma::RuleSet rules = rules_of(options);
  Output table("-", false);
  std::vector<Outcome> outcomes;
  for (const fs::path& folder : found.cases) {
    try {
      outcomes.push_back(judge_one(folder, results, rules, options));
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& failure) {  // a case that fails does not stop the others
      Outcome failed;
      failed.name = folder.filename().string();
      failed.state = Outcome::State::kFailed;
      failed.said = failure.what();
      outcomes.push_back(std::move(failed));
    }
    table.write(row_of(outcomes.back()));
  }
  table.write(sum_of(outcomes));
  const auto any = [&](auto wanted) { return std::ranges::any_of(outcomes, wanted); };
  if (outcomes.empty()) {
    return exit_code::kNothingRead;
  }
  if (any([&](const Outcome& outcome) {
        return (options.fail_on_desync && outcome.desynced) ||
               (options.fail_on_compromise && outcome.broken_into) ||
               (options.fail_on_damage && outcome.state == Outcome::State::kPartial);
      })) {
    return exit_code::kFound;
  }
  return any([](const Outcome& outcome) { return outcome.state != Outcome::State::kDone; })
             ? exit_code::kDamaged
             : exit_code::kDone;
}

}  // namespace iwamtrace
