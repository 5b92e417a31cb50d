#include "app/options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <thread>

#include <boost/program_options.hpp>

namespace iwamtrace {
namespace {

namespace po = boost::program_options;

enum OptionSet : unsigned {
  kOutput = 1,
  kForce = 2,
  kAnalysis = 4,    // --cross-check, --fail-on
  kOneCase = 8,     // --case-name
  kTimeSpan = 16,   // --since, --until
  kReveal = 32,     // --reveal-secrets
  kVerbose = 64,    // -v
  kForms = 128,     // --json, --no-color
  kReads = 256,     // PATH..., -j, --no-progress
  kProve = 512,     // --prove
  kRuleSet = 1024,  // --rules
};

struct CommandRow {
  Options::Command command;
  std::string_view name, arguments, does;
  std::string_view formats;  // the first is the default; empty: no --format
  unsigned sets;
};

constexpr std::array kCommands{
    CommandRow{Options::Command::kAnalyze, "analyze", "PATH...",
               "read one case and argue for a verdict", "text|json|navigator",
               kOutput | kForce | kAnalysis | kOneCase | kForms | kReveal | kVerbose | kReads |
                   kProve | kRuleSet},
    CommandRow{Options::Command::kBatch, "batch", "ROOT -o DIR",
               "analyze every sub-folder of ROOT as a case of its own; resumable", "",
               kOutput | kForce | kAnalysis | kReveal | kReads | kProve | kRuleSet},
    CommandRow{Options::Command::kEvents, "events", "PATH...",
               "print the event records by themselves, one a line", "jsonl",
               kOutput | kForce | kTimeSpan | kReads},
    CommandRow{Options::Command::kAccounts, "accounts", "PATH...",
               "list accounts, groups, rights and policies", "text|json",
               kOutput | kForce | kOneCase | kForms | kReveal | kReads},
    CommandRow{Options::Command::kSecrets, "secrets", "PATH...",
               "list the passwords that LSA and the metabase hold", "text|json",
               kOutput | kForce | kOneCase | kForms | kReveal | kReads | kProve},
    CommandRow{Options::Command::kMetabase, "metabase", "PATH...",
               "list the metabase, and what changed between its versions", "text|json",
               kOutput | kForce | kOneCase | kForms | kReveal | kReads | kProve},
    CommandRow{Options::Command::kRules, "rules", "list|check [DIR]",
               "list the detection rules in use, or check a folder of Sigma rules", "text|json",
               kOutput | kForce | kForms},
    CommandRow{Options::Command::kExplain, "explain", "CODE|ID...",
               "say what an error code, event, cause or finding means; reads no evidence",
               "text|json", kOutput | kForce | kForms},
};

std::string version_number() { return IWAMTRACE_VERSION; }

std::string overview() {
  std::string text =
      version_line() +
      ": offline analysis of failed IIS 5 and 6 servers\n\n"
      "usage: iwamtrace COMMAND [OPTIONS] PATH...\n\n"
      "A PATH is a folder or a file; evidence is found by content, never by name.\n\n";
  for (const CommandRow& row : kCommands) {
    std::string left = "  " + std::string(row.name) + " " + std::string(row.arguments);
    left.resize(std::max<std::size_t>(left.size() + 2, 24), ' ');
    text += left + std::string(row.does) + "\n";
  }
  return text +
         "\niwamtrace COMMAND --help explains a command. Exit codes: 0 done, 1 --fail-on found\n"
         "something, 2 usage, 3 nothing could be read, 4 done but evidence was damaged,\n"
         "5 internal error, 130 and 143 interrupted.\n";
}

po::options_description described(const CommandRow& row) {
  po::options_description options("options");
  auto add = options.add_options();
  if ((row.sets & kOutput) != 0) {
    add("output,o", po::value<std::string>()->value_name("FILE"),
        row.command == Options::Command::kBatch ? "folder for the results, one folder a case"
                                                : "write to FILE, - is standard output");
    add("force", "overwrite what is there");
  }
  if (!row.formats.empty()) {
    const std::string formats(row.formats);
    add("format", po::value<std::string>()->value_name(formats), "form of the output");
  }
  if ((row.sets & kForms) != 0) {
    add("json", "the same as --format json");
  }
  if ((row.sets & kOneCase) != 0) {
    add("case-name", po::value<std::string>()->value_name("NAME"),
        "name of the case; default: the folder's");
  }
  if ((row.sets & kForms) != 0) {
    add("no-color", "no colour (also: NO_COLOR)");
  }
  if ((row.sets & kVerbose) != 0) {
    add("verbose,v", "every hypothesis, file and difference in full");
  }
  if ((row.sets & kReveal) != 0) {
    add("reveal-secrets", "print recovered passwords and hashes");
  }
  if ((row.sets & kAnalysis) != 0) {
    add("cross-check", "have a second reader read every log and compare");
    add("fail-on", po::value<std::string>()->value_name("desync,compromise,damage"),
        "exit with 1 when this is found");
  }
  if ((row.sets & kRuleSet) != 0) {
    add("rules", po::value<std::string>()->value_name("DIR"),
        "ask the Sigma rules in DIR too; one with an id of ours takes its place");
  }
  if ((row.sets & kProve) != 0) {
    add("prove", "check the metabase's passwords by their signatures; takes half a minute");
  }
  if ((row.sets & kTimeSpan) != 0) {
    add("since", po::value<std::string>()->value_name("TIME"), "records from TIME on, inclusive");
    add("until", po::value<std::string>()->value_name("TIME"), "records up to TIME, inclusive");
  }
  if ((row.sets & kReads) != 0) {
    add("jobs,j", po::value<long>()->value_name("N"), "files read at the same time");
  }
  add("quiet,q", "no messages");
  if ((row.sets & kReads) != 0) {
    add("no-progress", "no progress on the terminal");
  }
  add("help,h", "this text");
  return options;
}

constexpr std::string_view kTopics =
    "\nA CODE is a Win32 error (1326, 0x52e), an HRESULT (80110414), an NTSTATUS (C000006A, or\n"
    "decimal as 681 has it), an error of a script (1AD) or the id of an event (36, DCOM/10004). "
    "An\n"
    "ID is a cause or a finding of a report (sam_changed_alone). All meanings of a number are "
    "told.\n"
    "What is not known is named on standard error, and the exit code is 2; the rest is still "
    "told.\n";

constexpr std::string_view kAboutRules =
    "\nlist names our own rules, which analyze asks of every record, or those in DIR. check "
    "loads\n"
    "DIR with all folders in it (*.yml, *.yaml) and tells which rules are refused, and why; then "
    "the\n"
    "exit code is 4, and 3 when no rule could be loaded.\n";

std::string help_of(const CommandRow& row) {
  std::ostringstream text;
  text << "usage: iwamtrace " << row.name << " [OPTIONS] " << row.arguments << "\n\n"
       << row.does << "\n\n"
       << described(row);
  if ((row.sets & kTimeSpan) != 0) {
    text << "\nTIME is UTC: 2004-06-14, 2004-06-14T09:31:22Z\n";
  }
  if (row.command == Options::Command::kExplain) {
    text << kTopics;
  }
  if (row.command == Options::Command::kRules) {
    text << kAboutRules;
  }
  return text.str();
}

Timestamp time_of(const std::string& option, const std::string& text, bool end_of_day) {
  constexpr std::size_t kDateOnly = 10;
  const std::string day = end_of_day ? "T23:59:59.9999999Z" : "T00:00:00Z";
  const auto time = Timestamp::from_iso(text.size() == kDateOnly ? text + day : text);
  if (!time) {
    throw UsageError("--" + option + ": no time: " + text +
                     "; write 2004-06-14 or 2004-06-14T09:31:22Z");
  }
  return *time;
}

void set_fail_on(const std::string& list, Options& options) {
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "desync") {
      options.fail_on_desync = true;
    } else if (word == "compromise") {
      options.fail_on_compromise = true;
    } else if (word == "damage") {
      options.fail_on_damage = true;
    } else {
      throw UsageError("--fail-on: neither desync, compromise nor damage: " + word);
    }
  }
}

std::string format_of(const CommandRow& row, const po::variables_map& given) {
  const std::string formats(row.formats);
  std::string format = formats.substr(0, formats.find('|'));
  if (given.count("format") != 0) {
    format = given["format"].as<std::string>();
    std::istringstream known(formats);
    bool found = false;
    for (std::string name; std::getline(known, name, '|');) {
      found = found || name == format;
    }
    if (!found) {
      throw UsageError("--format: " + formats + ", not " + format);
    }
  }
  const bool json = given.count("json") != 0;
  if (json && given.count("format") != 0 && format != "json") {
    throw UsageError("--json and --format " + format + " contradict each other");
  }
  return json ? "json" : format;
}

Options options_from(const CommandRow& row, const po::variables_map& given) {
  const auto flag = [&](const char* name) { return given.count(name) != 0; };
  const auto text = [&](const char* name) {
    return flag(name) ? given[name].as<std::string>() : std::string{};
  };
  Options options;
  options.command = row.command;
  if (flag("path")) {
    auto& arguments = (row.sets & kReads) != 0 ? options.paths : options.topics;
    arguments = given["path"].as<std::vector<std::string>>();
  }
  options.output = flag("output") ? text("output") : options.output;
  options.format = row.formats.empty() ? "" : format_of(row, given);
  options.case_name = text("case-name");
  options.rules = text("rules");
  options.jobs = std::max(1U, std::thread::hardware_concurrency());
  if (flag("jobs")) {
    constexpr long kMost = 1024;
    const long jobs = given["jobs"].as<long>();
    if (jobs < 1 || jobs > kMost) {
      throw UsageError("--jobs: from 1 to " + std::to_string(kMost));
    }
    options.jobs = static_cast<unsigned>(jobs);
  }
  options.force = flag("force");
  options.quiet = flag("quiet");
  options.verbose = flag("verbose");
  options.no_color = flag("no-color");
  options.no_progress = flag("no-progress") || options.quiet;
  options.cross_check = flag("cross-check");
  options.prove = flag("prove");
  options.reveal_secrets = flag("reveal-secrets");
  set_fail_on(text("fail-on"), options);
  if (flag("since")) {
    options.since = time_of("since", text("since"), false);
  }
  if (flag("until")) {
    options.until = time_of("until", text("until"), true);
  }
  return options;
}

// What is read is never written to, not even beside: the next run would take it for evidence.
void refuse_output_among_evidence(const CommandRow& row, const Options& options) {
  namespace fs = std::filesystem;
  if (options.output == "-") {
    return;
  }
  std::error_code error;
  const fs::path output = fs::weakly_canonical(options.output, error);
  for (const std::string& path : options.paths) {
    const fs::path input = fs::weakly_canonical(path, error);
    const auto [end, rest] = std::ranges::mismatch(input, output);
    const bool inside = end == input.end();
    if (inside && (rest == output.end() || fs::is_directory(input, error))) {
      throw UsageError(std::string(row.name) + ": " + options.output +
                       " lies in the evidence that is read (" + path + "); write it elsewhere");
    }
  }
}

void check_rules_arguments(const std::vector<std::string>& arguments) {
  const std::string& what = arguments.front();
  if (what != "list" && what != "check") {
    throw UsageError("rules: list or check, not " + what);
  }
  if (what == "check" && arguments.size() < 2) {
    throw UsageError("rules check: no DIR given");
  }
  if (arguments.size() > 2) {
    throw UsageError("rules " + what + ": one DIR");
  }
}

void check(const CommandRow& row, const Options& options) {
  const bool reads = (row.sets & kReads) != 0;
  const std::vector<std::string>& arguments = reads ? options.paths : options.topics;
  if (arguments.empty() || std::ranges::find(arguments, "") != arguments.end()) {
    throw UsageError(std::string(row.name) + ": " +
                     (reads                                     ? "no PATH given"
                      : row.command == Options::Command::kRules ? "list or check?"
                                                                : "no CODE or ID given"));
  }
  if (row.command == Options::Command::kRules) {
    check_rules_arguments(arguments);
  }
  if (options.since && options.until && *options.since > *options.until) {
    throw UsageError("--since is later than --until");
  }
  refuse_output_among_evidence(row, options);
  if (row.command == Options::Command::kBatch) {
    if (options.output == "-") {
      throw UsageError("batch: -o DIR is needed");
    }
    if (options.paths.size() != 1) {
      throw UsageError("batch: one ROOT");
    }
  }
}

}  // namespace

std::string version_line() { return "iwamtrace " + version_number(); }

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    throw UsageError("no command given; iwamtrace --help lists them");
  }
  const std::string& first = arguments.front();
  if (first == "--help" || first == "-h" || first == "help") {
    return {Answered{overview()}, {}};
  }
  if (first == "--version") {
    return {Answered{version_line() + "\n"}, {}};
  }
  const auto row = std::ranges::find(kCommands, first, &CommandRow::name);
  if (row == kCommands.end()) {
    throw UsageError("no such command: " + first + "; iwamtrace --help lists them");
  }
  po::options_description all = described(*row);
  all.add_options()("path", po::value<std::vector<std::string>>(), "");
  po::positional_options_description positional;
  positional.add("path", -1);
  po::variables_map given;
  try {
    constexpr int kStyle =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser({arguments.begin() + 1, arguments.end()})
                  .options(all)
                  .positional(positional)
                  .style(kStyle)
                  .run(),
              given);
  } catch (const po::error& error) {
    throw UsageError(std::string(row->name) + ": " + error.what());
  }
  if (given.count("help") != 0) {
    return {Answered{help_of(*row)}, {}};
  }
  const Options options = options_from(*row, given);
  check(*row, options);
  return {std::nullopt, options};
}

}  // namespace iwamtrace
