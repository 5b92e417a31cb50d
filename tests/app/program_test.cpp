// The program as its users meet it: exit codes, bad input, files that it writes, and what it never
// prints.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "make/evt_writer.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kRoot{IWAMTRACE_SOURCE_DIR};

std::string evidence_of(const std::string& sample) {
  return (kRoot / "samples" / sample / "evidence").string();
}

std::string small_log(std::uint32_t records = 3) {
  EvtWriter writer;
  for (std::uint32_t i = 0; i < records; ++i) {
    EvtEvent event;
    event.time_generated = Timestamp::from_unix(1087205482 + i);
    event.source = "DCOM";
    event.computer = "SHOP1";
    event.event_id = 0xC0002714;
    event.strings = {"1326", ".", "IWAM_SHOP1", "{3D14228D-FBE1-11D0-995D-00C04FD919C1}"};
    writer.record(event);
  }
  return writer.bytes();
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

ProgramRun analyze(const CaseFolder& folder, const std::string& options = "--json") {
  return run_program("analyze " + options + " " + quoted(folder.path().string()));
}

Json evidence_named(const Json& report, const std::string& path) {
  for (const Json& source : report["evidence"]) {
    if (source["path"] == path) {
      return source;
    }
  }
  return {};
}

// ---- exit codes ----------------------------------------------------------------------------

TEST(ExitCode, OfAnUndamagedCaseIsZero) {
  const ProgramRun run = run_program("analyze " + evidence_of("password-reset"));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
}

TEST(ExitCode, OfWrongUseIsTwoAndStdoutStaysEmpty) {
  for (const char* arguments :
       {"", "no-such-command x", "analyze", "analyze ''", "analyze --no-such-option x",
        "analyze -j 0 x", "analyze -j -1 x", "analyze --json --format text x",
        "events --since 2004-06-02 --until 2004-06-01 x", "events --format xml x", "batch x",
        "analyze --fail-on nonsense x"}) {
    const ProgramRun run = run_program(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_TRUE(run.err.starts_with("iwamtrace: ")) << run.err;
  }
}

TEST(ExitCode, WhereNothingIsRecognisedIsThreeWithAReport) {
  const CaseFolder folder;
  folder.add("readme.txt", "no evidence");
  folder.add("empty.evt", "");
  const ProgramRun run = analyze(folder);
  EXPECT_EQ(run.exit_code, 3);
  const Json report = Json::parse(run.out);
  EXPECT_EQ(evidence_named(report, "readme.txt")["status"], "ignored");
  EXPECT_EQ(evidence_named(report, "empty.evt")["size"], 0);
  EXPECT_EQ(report["desync"]["verdict"], "undetermined");
  EXPECT_EQ(analyze(folder, "--fail-on damage").exit_code, 3);  // 3 comes before 1
}

TEST(ExitCode, WhereNoPathExistsIsThree) {
  const CaseFolder folder;
  const ProgramRun run = run_program("analyze " + quoted(folder / "not-there"));
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("not-there: No such file or directory"), std::string::npos);
}

TEST(ExitCode, OfDamageIsFour) {
  const CaseFolder folder;
  folder.add("good.evt", small_log());
  EXPECT_EQ(analyze(folder).exit_code, 0);
  EXPECT_EQ(
      run_program("analyze " + quoted(folder.path().string()) + " " + quoted(folder / "not-there"))
          .exit_code,
      4);
  std::string torn = small_log(40);
  torn.replace(0x800, 0x100, std::string(0x100, '?'));
  folder.add("torn.evt", torn);
  EXPECT_EQ(analyze(folder).exit_code, 4);
  EXPECT_EQ(analyze(folder, "--fail-on damage").exit_code, 1);  // 1 comes before 4
}

// Its evidence here has lost its file times, as after a careless copy.
TEST(ExitCode, OfFailOnNeedsTheThingToBeFound) {
  EXPECT_EQ(run_program("analyze --fail-on desync " + evidence_of("password-reset")).exit_code, 1);
  EXPECT_EQ(run_program("analyze --fail-on desync " + evidence_of("healthy-with-decoys")).exit_code,
            0);
}

// ---- bad input -----------------------------------------------------------------------------

TEST(BadInput, IsNamedAndTheRestGoesOn) {
  const CaseFolder folder;
  const std::string log = small_log(400);
  folder.add("good.evt", log);
  folder.add("half.evt", log.substr(0, log.size() / 2));
  folder.add("header-only.evt", log.substr(0, 0x30));
  folder.add("text.evt", "LfLe is not at its place");
  folder.add("empty.evtx", "");
  folder.add("cut.evtx", std::string("ElfFile\0", 8));
  folder.add("cut-hive", "regf");
  folder.add("SAM", std::string("regf") + std::string(5000, '\0'));
  folder.add("MetaBase.xml", "<configuration><MBProperty><IIsWebService Location =\"/LM/W3SVC\"");
  fs::create_directory_symlink(folder.path(), folder.path() / "loop");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);

  const ProgramRun run = analyze(folder);
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_EQ(run.err, "");
  const Json report = Json::parse(run.out);
  EXPECT_EQ(evidence_named(report, "good.evt")["records"], 400);
  EXPECT_EQ(evidence_named(report, "good.evt")["status"], "read");
  const Json half = evidence_named(report, "half.evt");
  EXPECT_EQ(half["status"], "partial");
  EXPECT_GT(half["records"], 150);
  EXPECT_FALSE(half["damage"].empty());
  EXPECT_EQ(evidence_named(report, "text.evt")["kind"], "unknown");
  EXPECT_EQ(evidence_named(report, "empty.evtx")["kind"], "unknown");
  for (const char* broken : {"SAM", "MetaBase.xml"}) {
    EXPECT_NE(evidence_named(report, broken)["status"], "read") << broken;
    EXPECT_FALSE(evidence_named(report, broken)["damage"].empty()) << broken;
  }
  for (const char* named : {"loop", "pipe"}) {
    EXPECT_FALSE(evidence_named(report, named).is_null()) << named;
  }
}

// Root may read every file, so there a copy of the program runs as nobody.
TEST(BadInput, AFileThatMayNotBeReadIsDamage) {
  const CaseFolder folder, programs;
  folder.add("good.evt", small_log());
  fs::permissions(folder.add("secret.evt", small_log()), fs::perms::none);
  std::string program = IWAMTRACE_PROGRAM;
  std::string as_nobody;
  if (geteuid() == 0) {
    program = programs / "iwamtrace";
    fs::copy_file(IWAMTRACE_PROGRAM, program);
    for (const fs::path& path : {folder.path(), programs.path()}) {
      fs::permissions(path,
                      fs::perms::group_exec | fs::perms::others_exec | fs::perms::group_read |
                          fs::perms::others_read,
                      fs::perm_options::add);
    }
    as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    // NOLINTNEXTLINE(cert-env33-c): whether nobody may start anything is asked of the system
    if (std::system((as_nobody + " test -x '" + program + "'").c_str()) != 0) {
      GTEST_SKIP() << "NOT TESTED: root runs the tests, and nobody may start no program here";
    }
  }
  const ProgramRun run =
      run_program("analyze --json " + quoted(folder.path().string()), as_nobody, program);
  EXPECT_EQ(run.exit_code, 4) << run.err;
  EXPECT_EQ(evidence_named(Json::parse(run.out), "secret.evt")["status"], "unreadable");
  EXPECT_EQ(evidence_named(Json::parse(run.out), "good.evt")["status"], "read");
}

// ---- explain -------------------------------------------------------------------------------

TEST(Explain, SaysWhatACodeMeansOnAnyPage) {
  const ProgramRun run = run_program("explain 1326 sam_changed_alone W3SVC/36 1AD", "COLUMNS=80");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  for (const std::string_view part :
       {"Win32 error 1326", "cause sam_changed_alone", "event W3SVC/36", "VBScript error 429"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part;
  }
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Explain, NamesWhatItDoesNotKnowAndSaysTheRest) {
  const ProgramRun run = run_program("explain 1326 nosuch");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.out.find("Win32 error 1326"), std::string::npos);
  EXPECT_NE(run.err.find("nothing is known of nosuch"), std::string::npos);
  EXPECT_EQ(run_program("explain nosuch").out, "");
  EXPECT_EQ(run_program("explain").exit_code, 2);
}

TEST(Explain, JsonFollowsItsSchema) {
  IWAMTRACE_NEEDS_TOOL("python3", "python3-jsonschema");
  const CaseFolder folder;
  const ProgramRun run =
      run_program("explain --json 1326 36 8007052E sam_changed_alone 628 nosuch");
  const auto file = folder.add("explain.json", run.out);
  const std::string check =
      "import json, jsonschema; schema = json.load(open('" + std::string(IWAMTRACE_SOURCE_DIR) +
      "/src/report/explain.schema.json')); jsonschema.Draft202012Validator.check_schema(schema); "
      "jsonschema.validate(json.load(open('" +
      file.string() + "')), schema)";
  // NOLINTNEXTLINE(cert-env33-c): the judge is a program of its own
  EXPECT_EQ(std::system(("python3 -c \"" + check + "\"").c_str()), 0) << run.out;
}

// ---- what it writes ------------------------------------------------------------------------

TEST(Output, IsTheSameForAnyNumberOfWorkers) {
  const CaseFolder folder;
  for (int i = 0; i < 6; ++i) {
    folder.add("log" + std::to_string(i) + ".evt", small_log(static_cast<std::uint32_t>(50 * i)));
  }
  fs::copy(evidence_of("password-reset"), folder.path() / "more", fs::copy_options::recursive);
  const std::string one = analyze(folder, "--json -j 1").out;
  EXPECT_EQ(one, analyze(folder, "--json -j 2").out);
  EXPECT_EQ(one, analyze(folder, "--json -j 7").out);
  const std::string path = quoted(folder.path().string());
  EXPECT_EQ(run_program("events -j 1 " + path).out, run_program("events -j 5 " + path).out);
}

TEST(Output, GoesToAFileThatIsNotOverwritten) {
  const CaseFolder folder;
  const std::string file = folder / "report.txt";
  const std::string command = "analyze " + evidence_of("password-reset") + " -o " + quoted(file);
  EXPECT_EQ(run_program(command).exit_code, 0);
  EXPECT_NE(file_bytes(file).find("OUT OF STEP"), std::string::npos);
  const ProgramRun again = run_program(command);
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_NE(again.err.find("report.txt"), std::string::npos);
  EXPECT_EQ(run_program(command + " --json --force").exit_code, 0);
  EXPECT_TRUE(Json::accept(file_bytes(file)));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1)
      << "a temporary file was left";
}

TEST(Output, IsNeverWrittenAmongTheEvidence) {
  const CaseFolder folder;
  fs::copy(evidence_of("password-reset"), folder.path() / "case", fs::copy_options::recursive);
  const std::string sam = file_bytes(folder.path() / "case" / "config" / "SAM");
  const std::string in = quoted(folder / "case");
  for (const std::string& command :
       {"analyze --force -o " + quoted(folder / "case/config/SAM") + " " + in,
        "analyze -o " + quoted(folder / "case/new.txt") + " " + in,
        "events --force -o " + quoted(folder / "case/config/SAM") + " " +
            quoted(folder / "case/config/SAM"),
        "batch -o " + quoted(folder / "case/results") + " " + in}) {
    const ProgramRun run = run_program(command);
    EXPECT_EQ(run.exit_code, 2) << command;
    EXPECT_NE(run.err.find("lies in the evidence"), std::string::npos) << run.err;
  }
  EXPECT_TRUE(file_bytes(folder.path() / "case" / "config" / "SAM") == sam);
  EXPECT_FALSE(fs::exists(folder.path() / "case" / "new.txt"));
  // A device is no evidence, and a name that only begins alike is another folder.
  EXPECT_EQ(run_program("analyze -o /dev/null " + in).exit_code, 0);
  EXPECT_EQ(run_program("analyze -o " + quoted(folder / "case2") + " " + in).exit_code, 0);
}

TEST(Output, HasColourOnlyOnATerminal) {
  EXPECT_EQ(run_program("analyze " + evidence_of("password-reset")).out.find('\x1b'),
            std::string::npos);
}

TEST(Output, EndsQuietlyWhenItsReaderIsGone) {
  const ProgramRun run = run_program("events " + evidence_of("password-reset") + " | head -n 1");
  EXPECT_EQ(std::ranges::count(run.out, '\n'), 1);
  EXPECT_EQ(run.err.find("rror"), std::string::npos) << run.err;
}

// No password and no hash of a sample, in any encoding, unless asked for.
TEST(Output, KeepsSecretsUnlessAskedToRevealThem) {
  // The password that the administrator of the sample set, and the one before.
  const std::vector<std::string> secrets{"Winter2004!", "Kq7!rT2#mX9&pa"};
  for (const char* form : {"--json", "-v", "-v --cross-check"}) {
    const ProgramRun run =
        run_program("analyze " + std::string(form) + " " + evidence_of("password-reset"));
    for (const std::string& secret : secrets) {
      EXPECT_EQ(run.out.find(secret), std::string::npos) << form;
    }
  }
  const ProgramRun revealed =
      run_program("analyze --reveal-secrets " + evidence_of("password-reset"));
  EXPECT_NE(revealed.out.find(secrets[1]), std::string::npos);
}

TEST(Evidence, IsLeftAsItWas) {
  const CaseFolder folder;
  fs::copy(evidence_of("password-reset"), folder.path(), fs::copy_options::recursive);
  const auto state = [&] {
    std::map<std::string, std::pair<std::string, fs::file_time_type>> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) {
        files[entry.path().string()] = {file_bytes(entry.path()), entry.last_write_time()};
      }
    }
    return files;
  };
  const auto before = state();
  analyze(folder, "-v --cross-check");
  run_program("events " + quoted(folder.path().string()));
  EXPECT_EQ(state(), before);
}

// ---- events --------------------------------------------------------------------------------

std::vector<Json> lines_as_json(const std::string& text) {
  std::vector<Json> lines;
  for (const std::string& line : lines_of(text)) {
    lines.push_back(Json::parse(line));
  }
  return lines;
}

TEST(Events, AreOneObjectALineByEvidenceAndOffset) {
  const CaseFolder folder;
  folder.add("b.evt", small_log(4));
  folder.add("a.evt", small_log(2));
  const auto lines = lines_as_json(run_program("events " + quoted(folder.path().string())).out);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0]["evidence"], 0);
  EXPECT_EQ(lines[0]["offset"], 0x30);
  EXPECT_EQ(lines[0]["event_id"], 10004);
  EXPECT_EQ(lines[0]["qualifiers"], 0xC000);
  EXPECT_EQ(lines[0]["fields"]["User"], "IWAM_SHOP1");
  EXPECT_EQ(lines[2]["evidence"], 1);
  EXPECT_EQ(lines[5]["record"], 4);
}

TEST(Events, OfSeveralFilesAreExplainedByTheirNumbers) {
  const CaseFolder folder;
  folder.add("b.evt", small_log(1));
  folder.add("a.evt", small_log(1));
  EXPECT_EQ(run_program("events " + quoted(folder.path().string())).err,
            "iwamtrace: evidence 0 is a.evt\niwamtrace: evidence 1 is b.evt\n");
  EXPECT_EQ(run_program("events " + quoted(folder / "a.evt")).err, "");
}

TEST(Events, SinceAndUntilAreInclusive) {
  const CaseFolder folder;
  folder.add("a.evt", small_log(5));  // 09:31:22 to 09:31:26
  const auto lines = lines_as_json(run_program("events --since 2004-06-14T09:31:23Z --until "
                                               "2004-06-14T09:31:24Z " +
                                               quoted(folder.path().string()))
                                       .out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["time"], "2004-06-14T09:31:23Z");
  EXPECT_EQ(lines[1]["time"], "2004-06-14T09:31:24Z");
}

// ---- batch ---------------------------------------------------------------------------------

class Batch : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"password-reset", "healthy-with-decoys"}) {
      fs::copy(evidence_of(name), cases_.path() / name, fs::copy_options::recursive);
    }
    cases_.add("nothing/readme.txt", "no evidence");
    cases_.add("stray-file.txt", "no case");
  }
  ProgramRun run(const std::string& options = "") {
    return run_program("batch " + options + " " + quoted(cases_.path().string()) + " -o " +
                       quoted(results_ / "out"));
  }
  [[nodiscard]] std::string report(const std::string& name) const {
    return file_bytes(results_.path() / "out" / name / "report.json");
  }

  CaseFolder cases_, results_;
};

TEST_F(Batch, JudgesEverySubFolderAndSumsUp) {
  const ProgramRun first = run();
  EXPECT_EQ(first.exit_code, 4);  // one case had nothing to read
  EXPECT_EQ(Json::parse(report("password-reset"))["desync"]["verdict"], "desynced");
  EXPECT_EQ(Json::parse(report("healthy-with-decoys"))["desync"]["verdict"], "in_sync");
  EXPECT_TRUE(
      first.out.ends_with("3 cases: 2 done, 0 partial, 1 failed; 0 of them judged before\n"))
      << first.out;
  // A report of a batch is the report of the case by itself.
  EXPECT_EQ(Json::parse(report("password-reset"))["case"]["name"], "password-reset");
}

TEST_F(Batch, SkipsWhatIsDoneUnlessForced) {
  run();
  const std::string before = report("password-reset");
  fs::remove_all(results_.path() / "out" / "healthy-with-decoys");
  const ProgramRun second = run();
  EXPECT_TRUE(
      second.out.ends_with("3 cases: 2 done, 0 partial, 1 failed; 1 of them judged before\n"))
      << second.out;
  EXPECT_EQ(report("password-reset"), before);
  EXPECT_TRUE(run("--force").out.ends_with(
      "3 cases: 2 done, 0 partial, 1 failed; 0 of them judged before\n"));
}

// A case whose evidence has changed since is not "done before".
TEST_F(Batch, JudgesAChangedCaseAnew) {
  run();
  EXPECT_NE(
      run().out.find(
          "passwords desynced, established, sam_changed_alone; intrusion no_sign (judged before)"),
      std::string::npos);
  fs::remove(cases_.path() / "password-reset" / "config" / "SECURITY");
  const ProgramRun third = run();
  EXPECT_EQ(third.out.find("sam_changed_alone; intrusion no_sign (judged before)"),
            std::string::npos)
      << third.out;
  EXPECT_EQ(Json::parse(report("password-reset"))["copies"]["com_plus"]["known"], false);
}

TEST_F(Batch, NeverReplacesAFolderThatIsNoResult) {
  results_.add("out/password-reset/notes.txt", "mine");
  const ProgramRun first = run("--force");
  EXPECT_EQ(first.exit_code, 4);
  EXPECT_NE(first.out.find("is no result of a batch"), std::string::npos) << first.out;
  EXPECT_EQ(file_bytes(results_.path() / "out" / "password-reset" / "notes.txt"), "mine");
}

TEST_F(Batch, FailsOnWhatWasFoundBeforeToo) {
  EXPECT_EQ(run("--fail-on desync").exit_code, 1);
  EXPECT_EQ(run("--fail-on desync").exit_code, 1);
}

TEST_F(Batch, SaysWhatLiesBesideTheCases) {
  EXPECT_EQ(run().err, "iwamtrace: of no case: 1 file beside the folders\n");
}

TEST_F(Batch, LeavesNothingTemporaryBehind) {
  run();
  for (const auto& entry : fs::directory_iterator(results_.path() / "out")) {
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp")) << entry.path();
  }
}

TEST_F(Batch, FailsOnWhatItIsToldTo) { EXPECT_EQ(run("--fail-on desync").exit_code, 1); }

// ---- the README ----------------------------------------------------------------------------

TEST(Readme, ShowsTheReportThatTheProgramGives) {
  const std::string readme = file_bytes(kRoot / "README.md");
  const std::size_t begin = readme.find("```\niwamtrace ") + 4;
  const std::string shown = readme.substr(begin, readme.find("\n```", begin) - begin);
  const std::string report =
      file_bytes(kRoot / "samples" / "password-reset" / "expected" / "report.txt");
  EXPECT_GT(shown.size(), 500U);
  EXPECT_TRUE(report.starts_with(shown)) << shown;
}

// Every line of its shell blocks that starts the program is understood by it.
TEST(Readme, ItsCommandsWork) {
  const CaseFolder folder;
  fs::copy(evidence_of("password-reset"), folder.path() / "CASE", fs::copy_options::recursive);
  fs::create_directory(folder.path() / "CASES");
  fs::copy(folder.path() / "CASE", folder.path() / "CASES" / "one", fs::copy_options::recursive);
  fs::copy_file(evidence_of("password-reset-nt6") + "/Logs/System.evtx",
                folder.path() / "LOG.evtx");
  std::size_t commands = 0;
  for (std::string line : lines_of(file_bytes(kRoot / "README.md"))) {
    const std::string start = "iwamtrace ";
    if (!line.starts_with(start) || line.find("COMMAND") != std::string::npos ||
        line.find('#') == std::string::npos) {
      continue;
    }
    line = line.substr(start.size(), line.find('#') - start.size());
    const ProgramRun run = run_program(line, "cd " + quoted(folder.path().string()) + " &&");
    EXPECT_EQ(run.exit_code, 0) << line << "\n" << run.err;
    EXPECT_FALSE(run.out.empty()) << line;
    ++commands;
  }
  EXPECT_GE(commands, 5U);
}

}  // namespace
}  // namespace iwamtrace
