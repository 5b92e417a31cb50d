// What a reader of the report learns of key files.
#include <algorithm>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "make/made_server.h"
#include "make/windows_crypto.h"
#include "tests/support/case_folder.h"

namespace iwamtrace {
namespace {

using nlohmann::json;

std::vector<MadeFile> files() {
  MadeServerSetup setup;
  setup.installed = *Timestamp::from_iso("2003-11-02T14:05:49Z");
  setup.key_files = true;
  return MadeServer(setup).files(*Timestamp::from_iso("2004-06-14T12:00:00Z"));
}

// Writes all files but those with `without` in their path.
void fill(const CaseFolder& folder, std::string_view without) {
  for (const MadeFile& file : files()) {
    if (without.empty() || file.path.find(without) == std::string::npos) {
      folder.add(file.path, file.bytes);
    }
  }
}

json report_of(const CaseFolder& folder) {
  const ProgramRun run = run_program("analyze --json " + folder.path().string());
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return json::parse(run.out);
}

// How many limits say that.
std::ptrdiff_t limits_with(const json& report, std::string_view part) {
  const auto limits = report["limits"].get<std::vector<std::string>>();
  return std::ranges::count_if(
      limits, [&](const std::string& limit) { return limit.find(part) != std::string::npos; });
}

TEST(KeyFiles, OpenedOnesAreEvidenceAndNoLimit) {
  const CaseFolder folder;
  fill(folder, "");
  const json report = report_of(folder);
  std::vector<std::string> kinds;
  for (const json& file : report["evidence"]) {
    kinds.push_back(file["kind"]);
    EXPECT_EQ(file["status"], "read") << file;
    EXPECT_TRUE(file["damage"].empty()) << file;
  }
  EXPECT_EQ(std::ranges::count(kinds, "dpapi-masterkey"), 1);
  EXPECT_EQ(std::ranges::count(kinds, "rsa-container"), 1);
  EXPECT_EQ(limits_with(report, "master key"), 0);
  EXPECT_EQ(limits_with(report, "DPAPI_SYSTEM"), 0);
}

TEST(KeyFiles, LockedOnesAreNamedOnceWithTheirReason) {
  const CaseFolder without_secret;
  fill(without_secret, "SECURITY");
  const json report = report_of(without_secret);
  EXPECT_EQ(limits_with(report, "Protect/S-1-5-18/"), 1);
  EXPECT_EQ(limits_with(report, "no DPAPI_SYSTEM secret could be read in this case."), 1);
  EXPECT_EQ(limits_with(report, " stays locked."), 1);

  const CaseFolder without_master_key;
  fill(without_master_key, "Protect");
  EXPECT_EQ(limits_with(report_of(without_master_key), " is not in the case."), 1);
}

TEST(KeyFiles, FilesOfOneReasonShareALimit) {
  const CaseFolder folder;
  fill(folder, "SECURITY");
  for (const MadeFile& file : files()) {
    if (file.path.starts_with("Protect")) {
      folder.add("Protect/copy", file.bytes);
      folder.add("Protect/second-copy", file.bytes);
    }
  }
  const json report = report_of(folder);
  EXPECT_EQ(limits_with(report, "and 2 other key files: no DPAPI_SYSTEM secret"), 1);
}

TEST(KeyFiles, NoKeyAppearsInAnyOutput) {
  const CaseFolder folder;
  fill(folder, "");
  const std::array secrets{bytes_of_seed("machine half of SHOP1", 20),
                           bytes_of_seed("master key of SHOP1", 64)};
  for (const std::string command : {"analyze -v ", "analyze --json "}) {
    const ProgramRun run = run_program(command + folder.path().string());
    EXPECT_EQ(run.exit_code, 0);
    for (const std::string& secret : secrets) {
      EXPECT_EQ((run.out + run.err).find(hex(as_bytes(secret))), std::string::npos);
      EXPECT_EQ((run.out + run.err).find(secret), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace iwamtrace
