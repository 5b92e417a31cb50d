// Every folder of samples/: what the program says of it, to the letter, and that it is right.
#include "make/cases.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>

#include <nlohmann/json.hpp>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kSamples = fs::path(IWAMTRACE_SOURCE_DIR) / "samples";

// What the program says of a case, and the files beside it that say what it should.
struct Document {
  std::string_view command, file;
};
constexpr std::array kDocuments{Document{"analyze", "report"}, Document{"accounts", "accounts"},
                                Document{"secrets", "secrets"}, Document{"metabase", "metabase"}};

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kSamples)) {
    if (fs::exists(entry.path() / "evidence")) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

// Most cases keep what the report says of them alone.
std::vector<Document> documents_of(const std::string& name) {
  std::vector<Document> kept;
  std::ranges::copy_if(kDocuments, std::back_inserter(kept), [&](const Document& document) {
    return document.file == "report" ||
           fs::exists(kSamples / name / "expected" / (std::string(document.file) + ".txt"));
  });
  return kept;
}

class Sample : public testing::TestWithParam<std::string> {
 protected:
  // A copy whose files have their times again, as samples/restore.sh makes it for everybody.
  void SetUp() override {
    const std::string restore =
        (kSamples / "restore.sh").string() + " " + GetParam() + " '" + (folder_ / GetParam()) + "'";
    // NOLINTNEXTLINE(cert-env33-c): the script is under test too
    ASSERT_EQ(std::system(restore.c_str()), 0);
  }

  [[nodiscard]] ProgramRun run(const std::string& command) const {
    return run_program(command + " " + GetParam(),
                       "cd '" + folder_.path().string() + "' && COLUMNS=80");
  }

  [[nodiscard]] static std::string expected(const std::string& file) {
    return file_bytes(kSamples / GetParam() / "expected" / file);
  }

  CaseFolder folder_;
};

// After a wanted change: tests/cases/update.sh BUILD-FOLDER, and read the diff.
TEST_P(Sample, IsReportedAsExpected) {
  for (const Document& document : documents_of(GetParam())) {
    const std::string command(document.command);
    const std::string file(document.file);
    const ProgramRun text = run(command);
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_EQ(text.err, "");
    EXPECT_EQ(text.out, expected(file + ".txt"));
    const ProgramRun json = run(command + " --json");
    EXPECT_EQ(json.exit_code, 0);
    if (fs::exists(kSamples / GetParam() / "expected" / (file + ".json"))) {
      EXPECT_EQ(json.out, expected(file + ".json"));
    }
  }
}

TEST_P(Sample, FitsThePage) {
  for (const Document& document : documents_of(GetParam())) {
    for (const std::string& line : lines_of(expected(std::string(document.file) + ".txt"))) {
      const auto columns = std::ranges::count_if(
          line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
      EXPECT_LE(columns, 80) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

// Whoever signs it must be able to read it at one sitting; -v has the rest.
TEST_P(Sample, TheReportHasAtMostAHundredLines) {
  EXPECT_LE(lines_of(expected("report.txt")).size(), 100U);
}

// Every password of the stories, in each form in which it could slip out.
std::vector<std::string> forms_of_passwords() {
  std::vector<std::string> forms;
  for (const char* password :
       {"Kq7!rT2#mX9&pa", "Winter2004!", "Renewed:2004-06", "Frieda:31-12-1", "Correct-Horse-1",
        "b5;Wn8'Q(h3&zk", "Sommer2004", "Herbst2004", "p0:Zu9.wq7!Lm"}) {
    const std::string hash = nt_hash_of_password(password);
    const std::string utf16 = utf16_bytes(password);
    for (const std::string& bytes : {std::string(password), utf16, hash}) {
      std::string digits = hex(as_bytes(bytes));
      forms.push_back(bytes);
      forms.push_back(digits);
      std::ranges::transform(digits, digits.begin(),
                             [](char digit) { return digit >= 'a' ? digit - 'a' + 'A' : digit; });
      forms.push_back(digits);
    }
  }
  return forms;
}

bool holds_a_secret(const std::string& output) {
  const std::vector<std::string> forms = forms_of_passwords();
  return std::ranges::any_of(
      forms, [&](const std::string& form) { return output.find(form) != std::string::npos; });
}

TEST_P(Sample, NoCommandPrintsASecretUnlessTold) {
  const CaseFolder results;
  const std::string batch_results = results / "out";
  for (const std::string& command :
       {std::string("analyze"), std::string("analyze -v"), std::string("analyze --json"),
        std::string("events"), std::string("accounts"), std::string("accounts --json"),
        std::string("secrets"), std::string("secrets --json"), std::string("metabase"),
        std::string("metabase --json")}) {
    const ProgramRun quiet = run(command);
    EXPECT_EQ(quiet.exit_code, 0) << command;
    EXPECT_FALSE(holds_a_secret(quiet.out + quiet.err)) << command;
    // What adsutil.vbs prints of IIS 5 has a mark instead of the password.
    const bool masked =
        command.starts_with("metabase") && !fs::exists((folder_ / GetParam()) + "/inetsrv");
    if (command != "events" && !masked) {
      EXPECT_TRUE(holds_a_secret(run(command + " --reveal-secrets").out)) << command;
    }
  }
  const std::string batch = "batch -o '" + batch_results + "' .";
  const ProgramRun quiet = run_program(batch, "cd '" + folder_.path().string() + "' && ");
  EXPECT_FALSE(holds_a_secret(quiet.out + quiet.err));
  const fs::path report = fs::path(batch_results) / GetParam() / "report.json";
  EXPECT_FALSE(holds_a_secret(file_bytes(report)));
  run_program(batch + " --force --reveal-secrets", "cd '" + folder_.path().string() + "' && ");
  EXPECT_TRUE(holds_a_secret(file_bytes(report)));
}

// By a validator that is not ours.
TEST_P(Sample, DocumentsFollowTheirSchemas) {
  IWAMTRACE_NEEDS_TOOL("python3", "python3-jsonschema");
  for (const Document& document : kDocuments) {
    const std::string file = folder_ / (std::string(document.file) + ".json");
    write_bytes(file, run(std::string(document.command) + " --json").out);
    const std::string check = fmt::format(
        "import json, jsonschema; "
        "schema = json.load(open('{0}/src/report/{2}.schema.json')); "
        "jsonschema.Draft202012Validator.check_schema(schema); "
        "jsonschema.validate(json.load(open('{1}')), schema)",
        IWAMTRACE_SOURCE_DIR, file, document.file);
    // NOLINTNEXTLINE(cert-env33-c): the judge is a program of its own
    EXPECT_EQ(std::system(("python3 -c \"" + check + "\"").c_str()), 0) << document.file;
  }
}

// What is committed is what the maker writes, so that a reader of the maker knows the evidence.
TEST_P(Sample, EvidenceIsWhatTheMakerWrites) {
  const auto sample = std::ranges::find(all_sample_cases(), GetParam(), &SampleCase::name);
  ASSERT_NE(sample, all_sample_cases().end());
  std::map<std::string, std::string> made;
  for (const MadeFile& file : sample->make()) {
    made[file.path] =
        std::string(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size());
  }
  const fs::path evidence = kSamples / GetParam() / "evidence";
  std::size_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(evidence)) {
    if (entry.is_regular_file()) {
      const std::string path = fs::relative(entry.path(), evidence).string();
      ASSERT_TRUE(made.contains(path)) << path;
      EXPECT_TRUE(made[path] == file_bytes(entry.path())) << path << " differs";
      ++found;
    }
  }
  EXPECT_EQ(found, made.size());
  EXPECT_EQ(file_bytes(kSamples / GetParam() / "story.txt"), sample->story);
}

// A citation leads to the bytes it speaks of: a record to its signature and number, a registry
// value and a metabase property into its own cell or line.
TEST_P(Sample, CitationsLeadToTheRightBytes) {
  std::size_t records = 0, values = 0;
  const auto u64 = [](const std::string& bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
    }
    return value;
  };
  const auto check = [&](const Json& report, const Json& citation) {
    const Json& source = report["evidence"].at(citation["evidence"].get<std::size_t>());
    const std::string bytes =
        file_bytes(kSamples / GetParam() / "evidence" / source["path"].get<std::string>());
    const auto offset = citation["offset"].get<std::size_t>();
    ASSERT_LT(offset, bytes.size()) << citation;
    const std::string kind = source["kind"];
    if (citation["record"].is_null() && kind.starts_with("evt")) {
      EXPECT_EQ(offset, 0U) << citation;  // the whole log, which was searched
    } else if (kind == "evt") {
      EXPECT_EQ(bytes.substr(offset + 4, 4), "LfLe") << citation;
      EXPECT_EQ(u64(bytes, offset + 8, 4), citation["record"]) << citation;
      ++records;
    } else if (kind == "evtx") {
      EXPECT_EQ(bytes.substr(offset, 4), std::string("**\0\0", 4)) << citation;
      EXPECT_EQ(u64(bytes, offset + 8, 8), citation["record"]) << citation;
      ++records;
    } else if (kind == "metabase-xml") {
      const std::string property = citation["path"].get<std::string>();
      const std::string name = property.substr(property.rfind('/') + 1);
      const std::string own = name + "=\"";  // of an attribute; of a Custom element its Value
      EXPECT_TRUE(
          bytes.substr(0, offset).ends_with(own) ||
          (name.starts_with("UnknownName") && bytes.substr(0, offset).ends_with("Value=\"")))
          << citation;
      ++values;
    } else if (kind == "metabase-text") {
      const std::string property = citation["path"].get<std::string>();
      const std::string name = property.substr(property.rfind('/') + 1);
      const std::size_t line = bytes.rfind('\n', offset) + 1;
      EXPECT_EQ(bytes.substr(line, name.size()), name) << citation;
      ++values;
    } else if (citation["path"].is_string()) {
      EXPECT_GE(offset, 0x1000U) << citation;
      ++values;
    }
  };
  const auto walk = [&](const auto& self, const Json& report, const Json& part) -> void {
    if (part.is_object() && part.contains("offset") && part.contains("evidence") &&
        part["evidence"].is_number()) {
      check(report, part);
      return;
    }
    if (part.is_structured()) {
      for (const Json& member : part) {
        self(self, report, member);
      }
    }
  };
  for (const Document& document : kDocuments) {
    const Json report = Json::parse(run(std::string(document.command) + " --json").out);
    walk(walk, report, report);
  }
  EXPECT_GT(records, 0U);
  EXPECT_GT(values, 0U);
}

INSTANTIATE_TEST_SUITE_P(Samples, Sample, testing::ValuesIn(case_names()), test_name);

// The stories themselves, as their authors know them; not what the program once said.
class Story : public testing::Test {
 protected:
  static Json report(const std::string& name) {
    return Json::parse(file_bytes(kSamples / name / "expected" / "report.json"));
  }
  static const Json& hypothesis(const Json& report, const std::string& id) {
    for (const Json& hypothesis : report["hypotheses"]) {
      if (hypothesis["id"] == id) {
        return hypothesis;
      }
    }
    throw std::out_of_range(id);
  }
  // Eight bytes of a cited value as a time.
  static std::string filetime_at(const std::string& name, const std::string& file,
                                 std::size_t offset) {
    const std::string bytes = file_bytes(kSamples / name / "evidence" / file);
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes.at(offset + i));
    }
    return to_iso(Timestamp::from_filetime(value).value());
  }
};

TEST_F(Story, AnAdministratorResetsThePassword) {
  const Json report = Story::report("password-reset");
  const Json& desync = report["desync"];
  EXPECT_EQ(desync["verdict"], "desynced");
  EXPECT_EQ(desync["standing"], "established");
  EXPECT_EQ(desync["cause"], "sam_changed_alone");
  EXPECT_EQ(desync["out_of_step"], Json::array({"com_plus", "metabase"}));
  EXPECT_EQ(report["copies"]["metabase"]["method"], "keystream");
  EXPECT_EQ(report["copies"]["metabase"]["fingerprint"],
            report["copies"]["com_plus"]["fingerprint"]);
  EXPECT_EQ(desync["window"]["earliest"], "2004-06-14T09:31:22.4375000Z");
  EXPECT_EQ(desync["window"]["latest"], "2004-06-14T09:31:22.4375000Z");
  const Json& actor = desync["actor"];
  EXPECT_EQ(actor["account"], "SHOP1\\mlang");
  EXPECT_EQ(actor["logon_type"], 10);
  EXPECT_EQ(actor["address"], "10.2.0.15");
  EXPECT_EQ(actor["workstation"], "MLANG-PC");
  EXPECT_EQ(actor["logon_time"], "2004-06-14T09:29:05Z");
  EXPECT_EQ(actor["unlinked_because"], nullptr);
  EXPECT_EQ(desync["last_success"], "2004-06-14T07:02:40Z");
  EXPECT_EQ(desync["first_failure"], "2004-06-14T22:11:02Z");
  EXPECT_EQ(desync["explains_failure"], true);
  // The time stands at the cited offset.
  const Json& where = desync["window"]["citations"][0];
  EXPECT_EQ(filetime_at("password-reset", "config/SAM", where["offset"]),
            desync["window"]["latest"]);
}

TEST_F(Story, TheSameStoryIsReadFromNt6Files) {
  const Json report = Story::report("password-reset-nt6");
  EXPECT_EQ(report["desync"]["verdict"], "desynced");
  EXPECT_EQ(report["desync"]["cause"], "sam_changed_alone");
  EXPECT_EQ(report["desync"]["standing"], "established");
  EXPECT_EQ(report["desync"]["actor"]["account"], "SHOP1\\mlang");
  EXPECT_EQ(report["desync"]["actor"]["address"], "10.2.0.15");
  EXPECT_EQ(report["desync"]["actor"]["logon_time"], "2004-06-14T09:29:05.3000000Z");
}

// A reset in all places, a 10010, another account's 10004: none of it convicts.
TEST_F(Story, TheHealthyServerStaysInnocent) {
  const Json report = Story::report("healthy-with-decoys");
  EXPECT_EQ(report["desync"]["verdict"], "in_sync");
  EXPECT_EQ(report["desync"]["standing"], "established");
  EXPECT_EQ(report["desync"]["first_failure"], nullptr);
  for (const Json& hypothesis : report["hypotheses"]) {
    EXPECT_TRUE(hypothesis["standing"] == "refuted" || hypothesis["standing"] == "undetermined")
        << hypothesis["id"];
  }
}

// Its keystream gives the value away, so it is established without any key.
TEST_F(Story, TheMetabaseChangedAlone) {
  const Json report = Story::report("metabase-changed-alone");
  EXPECT_EQ(report["desync"]["verdict"], "desynced");
  EXPECT_EQ(report["desync"]["cause"], "metabase_changed_alone");
  EXPECT_EQ(report["desync"]["standing"], "established");
  EXPECT_EQ(report["desync"]["out_of_step"], Json::array({"metabase"}));
  EXPECT_EQ(report["desync"]["window"]["latest"], "2004-06-14T11:21:05Z");
  EXPECT_EQ(hypothesis(report, "sam_changed_alone")["standing"], "refuted");
  EXPECT_EQ(hypothesis(report, "com_plus_changed_alone")["standing"], "refuted");
}

}  // namespace
}  // namespace iwamtrace
