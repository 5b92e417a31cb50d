#include "app/batch.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

#include "app/broker.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "report/json.h"
#include "report/terminal_text.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  std::string name;
  std::string said;  // verdict and cause, or why there is none
  int code = exit_code::kDone;
  bool skipped = false;
};

std::vector<fs::path> cases_of(const fs::path& root, const fs::path& results) {
  std::vector<fs::path> cases;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    const bool folder = entry.is_directory(error) && !entry.is_symlink(error);
    if (folder && !fs::equivalent(entry.path(), results, error)) {
      cases.push_back(entry.path());
    }
  }
  std::ranges::sort(cases);
  return cases;
}

// Into a folder of its own under a temporary name, then in one step into place.
void write_result(const fs::path& results, const std::string& name, const Report& report) {
  const fs::path temporary = results / (".tmp-" + name + "-" + std::to_string(getpid()));
  const fs::path place = results / name;
  fs::remove_all(temporary);
  fs::create_directory(temporary);
  Output output((temporary / "report.json").string(), false);
  output.write(render_json(report));
  output.finish();
  fs::remove_all(place);
  fs::rename(temporary, place);
}

Outcome judge_one(const fs::path& folder, const fs::path& results, const Options& options) {
  Outcome outcome;
  outcome.name = folder.filename().string();
  std::error_code error;
  if (!options.force && fs::exists(results / outcome.name / "report.json", error)) {
    outcome.skipped = true;
    outcome.said = "done before";
    return outcome;
  }
  const auto judged = judge_case({folder.string()}, outcome.name, options);
  write_result(results, outcome.name, judged->report);
  const DesyncAnswer& desync = judged->report.answers.desync;
  outcome.code = exit_code_of(*judged, options);
  outcome.said = outcome.code == exit_code::kNothingRead
                     ? "nothing could be read"
                     : fmt::format("{}, {}, {}", name_of(desync.verdict), name_of(desync.standing),
                                   desync.cause);
  return outcome;
}

std::string state_of(const Outcome& outcome) {
  if (outcome.skipped) {
    return "skipped";
  }
  return outcome.code == exit_code::kDone || outcome.code == exit_code::kFound ? "done"
         : outcome.code == exit_code::kDamaged                                 ? "partial"
                                                                               : "failed";
}

std::string summary_of(const std::vector<Outcome>& outcomes) {
  std::string text;
  for (const Outcome& outcome : outcomes) {
    text += fmt::format("{}  {}  {}\n", pad_to(state_of(outcome), 7),
                        pad_to(TerminalText::visible(UntrustedView{outcome.name}), 32),
                        TerminalText::visible(UntrustedView{outcome.said}));
  }
  const auto count = [&](std::string_view state) {
    return std::ranges::count_if(
        outcomes, [&](const Outcome& outcome) { return state_of(outcome) == state; });
  };
  return text + fmt::format("{} cases: {} done, {} skipped, {} partial, {} failed\n",
                            outcomes.size(), count("done"), count("skipped"), count("partial"),
                            count("failed"));
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
  std::vector<Outcome> outcomes;
  for (const fs::path& folder : cases_of(root, results)) {
    try {
      outcomes.push_back(judge_one(folder, results, options));
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& failure) {  // a case that fails does not stop the others
      outcomes.push_back(
          Outcome{folder.filename().string(), failure.what(), exit_code::kInternal, false});
    }
    const Outcome& last = outcomes.back();
    tell(options, Untrusted{last.name + ": " + state_of(last) + ", " + last.said});
  }
  Output summary("-", false);
  summary.write(summary_of(outcomes));
  const auto any = [&](auto wanted) { return std::ranges::any_of(outcomes, wanted); };
  if (outcomes.empty()) {
    return exit_code::kNothingRead;
  }
  if (any([](const Outcome& outcome) { return outcome.code == exit_code::kFound; })) {
    return exit_code::kFound;
  }
  return any([](const Outcome& outcome) { return outcome.code != exit_code::kDone; })
             ? exit_code::kDamaged
             : exit_code::kDone;
}

}  // namespace iwamtrace
