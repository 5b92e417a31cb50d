#include "app/options.h"

#include <gtest/gtest.h>

namespace iwamtrace {
namespace {

Options parsed(const std::vector<std::string>& arguments) {
  return parse_command_line(arguments).options;
}

std::string answer(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_command_line(arguments);
  return line.answered ? line.answered->text : "";
}

TEST(Options, AnalyzeWithEverything) {
  const Options options = parsed({"analyze", "-j", "3", "--json", "--cross-check", "--prove",
                                  "--reveal-secrets", "--fail-on", "desync,damage", "--case-name",
                                  "shop", "-o", "out.json", "--force", "-v", "-q", "CASE", "MORE"});
  EXPECT_EQ(options.command, Options::Command::kAnalyze);
  EXPECT_EQ(options.paths, (std::vector<std::string>{"CASE", "MORE"}));
  EXPECT_EQ(options.jobs, 3U);
  EXPECT_EQ(options.format, "json");
  EXPECT_TRUE(options.cross_check && options.prove && options.reveal_secrets);
  EXPECT_TRUE(options.force && options.verbose);
  EXPECT_TRUE(options.fail_on_desync && options.fail_on_damage);
  EXPECT_EQ(options.case_name, "shop");
  EXPECT_EQ(options.output, "out.json");
  EXPECT_TRUE(options.no_progress);  // -q says nothing at all
}

TEST(Options, Defaults) {
  const Options options = parsed({"analyze", "CASE"});
  EXPECT_EQ(options.format, "text");
  EXPECT_EQ(options.output, "-");
  EXPECT_GE(options.jobs, 1U);
  EXPECT_EQ(parsed({"events", "LOG"}).format, "jsonl");
}

TEST(Options, ListingsTakeWhatTheyCanUse) {
  for (const auto& [name, command] : {std::pair{"accounts", Options::Command::kAccounts},
                                      std::pair{"secrets", Options::Command::kSecrets}}) {
    const Options options = parsed({name, "--json", "--reveal-secrets", "--no-color", "--case-name",
                                    "shop", "-o", "out", "--force", "CASE"});
    EXPECT_EQ(options.command, command);
    EXPECT_EQ(options.format, "json");
    EXPECT_TRUE(options.reveal_secrets && options.no_color && options.force);
    EXPECT_EQ(parsed({name, "CASE"}).format, "text");
  }
}

TEST(Options, DaysAreInclusiveAtBothEnds) {
  const Options options =
      parsed({"events", "--since", "2004-06-14", "--until", "2004-06-14", "LOG"});
  EXPECT_EQ(to_iso(*options.since), "2004-06-14T00:00:00Z");
  EXPECT_EQ(to_iso(*options.until), "2004-06-14T23:59:59.9999999Z");
}

TEST(Options, WhatIsWrongIsAUsageError) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"fly", "CASE"},
           {"analyze"},
           {"analyze", "--format", "pdf", "CASE"},
           {"analyze", "--format", "text|json", "CASE"},
           {"analyze", "--no-such-option", "CASE"},
           {"analyze", "--jo", "3", "CASE"},  // no guessing
           {"analyze", "-j", "0", "CASE"},
           {"analyze", "-j", "many", "CASE"},
           {"analyze", "--fail-on", "rain", "CASE"},
           {"events", "--since", "yesterday", "LOG"},
           {"events", "--cross-check", "LOG"},  // not an option of this command
           {"accounts", "-v", "CASE"},
           {"accounts", "--fail-on", "damage", "CASE"},
           {"secrets", "--cross-check", "CASE"},
           {"secrets"},
           {"batch", "ROOT"},
           {"batch", "-o", "DIR", "ONE", "TWO"}}) {
    EXPECT_THROW(parse_command_line(arguments), UsageError) << testing::PrintToString(arguments);
  }
}

TEST(Options, HelpListsEveryCommandAndEachItsOptions) {
  const std::string overview = answer({"--help"});
  for (const char* command : {"analyze", "batch", "events", "accounts", "secrets"}) {
    EXPECT_NE(overview.find(std::string("\n  ") + command), std::string::npos);
    EXPECT_NE(answer({command, "--help"}).find("--jobs"), std::string::npos);
  }
  EXPECT_EQ(answer({"events", "--help"}).find("--json "), std::string::npos);
  EXPECT_EQ(answer({"--version"}), version_line() + "\n");
}

}  // namespace
}  // namespace iwamtrace
