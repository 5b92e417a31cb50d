#include "app/pipeline.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sys/resource.h>

#include "analyzers/analyzer.h"
#include "app/accounts_command.h"
#include "app/batch.h"
#include "app/events_command.h"
#include "app/explain_command.h"
#include "app/metabase_command.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/rule_files.h"
#include "app/rules_command.h"
#include "app/secrets_command.h"
#include "app/terminal.h"
#include "report/json.h"
#include "report/navigator.h"
#include "report/text.h"

namespace iwamtrace {
namespace {

std::string default_name(const std::vector<std::string>& inputs) {
  const std::filesystem::path path = std::filesystem::path(inputs.front()).lexically_normal();
  std::filesystem::path name =
      path.filename().empty() ? path.parent_path().filename() : path.filename();
  if (name == "." || name == ".." || name.empty()) {
    std::error_code error;
    name = std::filesystem::weakly_canonical(path, error).filename();
  }
  return name.string();
}

EventFilter filter_of_analyzers(const sigma::RuleSet& rules) {
  EventFilter filter;
  filter.ask(rules);
  for (const Analyzer& analyzer : all_analyzers()) {
    for (const EventKey key : analyzer.needs) {
      filter.add(key);
    }
  }
  return filter;
}

int analyze(const Options& options) {
  Output output(options.output, options.force);
  const sigma::RuleSet rules = rules_of(options);
  const auto judged = judge_case(options.paths, options.case_name, rules, options);
  output.write(options.format == "json" ? render_json(judged->report)
               : options.format == "navigator"
                   ? render_navigator(judged->report)
                   : render_text(judged->report, text_options(options)));
  output.finish();
  return exit_code_of(*judged, options);
}

// Every hive of a case is open at the same time.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

}  // namespace

std::unique_ptr<JudgedCase> judge_case(const std::vector<std::string>& inputs,
                                       const std::string& name, const sigma::RuleSet& rules,
                                       const Options& options) {
  Progress progress(options);
  IntakeOptions intake;
  intake.inputs = inputs;
  intake.progress = [&](std::size_t count, const std::string& path) {
    progress.show("hashing file " + std::to_string(count + 1) + ": ", path);
  };
  Evidence evidence = take_in(intake);
  for (const Source& source : evidence.sources) {
    if (source.status == SourceStatus::kUnreadable) {
      tell(options, say(source.path, ": ", source.note));
    }
  }

  auto judged = std::make_unique<JudgedCase>();
  judged->anything_read = anything_recognised(evidence);
  ReadingOptions reading;
  reading.parallel = options.jobs;
  reading.reveal_secrets = options.reveal_secrets;
  reading.all_properties = options.command == Options::Command::kMetabase;
  reading.cross_check = options.cross_check;
  reading.prove = options.prove;
  progress.show("reading ", std::to_string(evidence.sources.size()) + " files");
  judged->the_case = read_case(std::move(evidence), filter_of_analyzers(rules), reading);
  judged->the_case.name = Untrusted{name.empty() ? default_name(inputs) : name};
  for (const std::string& input : inputs) {
    judged->the_case.inputs.emplace_back(input);
  }
  judged->report.tool_version = IWAMTRACE_VERSION;
  judged->report.isolation = "rlimit";
  judged->report.evidence_of = &judged->the_case;
  judged->report.answers = examine(judged->the_case);
  return judged;
}

bool is_damaged(const JudgedCase& judged) {
  return std::ranges::any_of(judged.the_case.sources,
                             [](const Source& source) { return is_damaged(source); });
}

int exit_code_of(const JudgedCase& judged, const Options& options) {
  const bool damaged = is_damaged(judged);
  const bool desynced = judged.report.answers.desync.verdict == SyncVerdict::kDesynced;
  if (!judged.anything_read) {
    return exit_code::kNothingRead;
  }
  const bool broken_into =
      judged.report.answers.compromise.verdict <= CompromiseVerdict::kSuspected;
  if ((options.fail_on_desync && desynced) || (options.fail_on_compromise && broken_into) ||
      (options.fail_on_damage && damaged)) {
    return exit_code::kFound;
  }
  return damaged ? exit_code::kDamaged : exit_code::kDone;
}

int run(const Options& options) {
  allow_many_files();
  switch (options.command) {
    case Options::Command::kAnalyze:
      return analyze(options);
    case Options::Command::kBatch:
      return run_batch(options);
    case Options::Command::kEvents:
      return print_events(options);
    case Options::Command::kAccounts:
      return print_accounts(options);
    case Options::Command::kSecrets:
      return print_secrets(options);
    case Options::Command::kMetabase:
      return print_metabase(options);
    case Options::Command::kRules:
      return print_rules(options);
    case Options::Command::kExplain:
      return print_explanations(options);
  }
  return exit_code::kInternal;
}

}  // namespace iwamtrace
