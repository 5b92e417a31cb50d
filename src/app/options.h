// The command line: one table of sub-commands, one list of options that each of them takes some of.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/timestamp.h"

namespace iwamtrace {

struct Options {
  enum class Command {
    kAnalyze,
    kBatch,
    kEvents,
    kAccounts,
    kSecrets,
    kMetabase,
    kRules,
    kExplain
  };

  Command command{};
  std::vector<std::string> paths;
  std::vector<std::string> topics;  // of explain and rules, which read no evidence
  std::string rules;                // folder of Sigma rules in place of our own; empty: our own
  std::string output = "-";
  std::string format;
  std::string case_name;
  unsigned jobs = 1;
  bool force = false, quiet = false, verbose = false, no_color = false, no_progress = false;
  bool cross_check = false, prove = false, reveal_secrets = false;
  bool fail_on_desync = false, fail_on_compromise = false, fail_on_damage = false;
  std::optional<Timestamp> since, until;
};

// The command line is wrong; what() says how. Exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Nothing to run: --help or --version asked for this text.
struct Answered {
  std::string text;
};

struct CommandLine {
  std::optional<Answered> answered;
  Options options;
};

// Throws UsageError.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

// "iwamtrace 0.1.0".
std::string version_line();

}  // namespace iwamtrace
