// What the hives' transaction logs and free space add to the findings.
#include <algorithm>
#include <gtest/gtest.h>

#include "analyzers/questions.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

Case case_of_two_hives() {
  Case the_case;
  for (std::uint32_t id = 0; id < 3; ++id) {
    Source source;
    source.id = SourceId{id};
    the_case.sources.push_back(source);
  }
  the_case.sources[0].path = Untrusted{std::string("SAM")};
  the_case.sources[1].path = Untrusted{std::string("SAM.LOG")};
  the_case.sources[2].path = Untrusted{std::string("SYSTEM")};
  return the_case;
}

ReplayedChange change(std::uint32_t hive, const std::string& what) {
  ReplayedChange change;
  change.where = {SourceId{1}, 0x400, std::nullopt, {}};
  change.where_before = {SourceId{hive}, 0x2c6c, std::nullopt, {}};
  change.what = Untrusted{what};
  change.before = Untrusted{std::string("2004-06-01T08:00:00Z")};
  change.after = Untrusted{std::string("2004-06-02T08:00:00Z")};
  return change;
}

DeletedKey deleted(const std::string& path, const std::string& name) {
  DeletedKey key;
  key.path = Untrusted{path};
  key.name = Untrusted{name};
  key.last_written = Timestamp::from_iso("2004-06-14T09:31:22Z");
  return key;
}

std::vector<Finding> findings_of(const Case& the_case) {
  Answers answers;
  name_findings(the_case, answers);
  return answers.findings;
}

TEST(Findings, ChangesByTransactionLogsAreOneFindingAHiveWithIwamFirst) {
  Case the_case = case_of_two_hives();
  for (int i = 0; i < 7; ++i) {
    the_case.add(change(0, "account number " + std::to_string(i) + ", password last set"));
  }
  the_case.add(change(0, "account IWAM_SHOP1, password last set"));
  the_case.add(change(2, "service W3SVC, start"));
  const std::vector<Finding> findings = findings_of(the_case);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].id, "transaction_log_changes");
  EXPECT_EQ(findings[0].severity, Severity::kInfo);
  const std::string statement = plain(findings[0].statement);
  EXPECT_TRUE(statement.starts_with(
      "SAM, read with its transaction logs as Windows would: account IWAM_SHOP1, password last "
      "set is 2004-06-02T08:00:00Z, without them 2004-06-01T08:00:00Z; account number 0"))
      << statement;
  EXPECT_TRUE(statement.ends_with("; and 2 more")) << statement;
  EXPECT_EQ(findings[0].citations.size(), 12U);
  EXPECT_TRUE(plain(findings[1].statement).starts_with("SYSTEM, read with"));
}

TEST(Findings, DeletedAccountsAndSecretsOfComPlusAreOneFinding) {
  Case the_case = case_of_two_hives();
  the_case.add(deleted("\\SAM\\Domains\\Account\\Users\\Names\\IWAM_OLD", "IWAM_OLD"));
  the_case.add(deleted("\\ControlSet001\\Services\\win32dd2", "win32dd2"));
  the_case.add(deleted("\\Policy\\Secrets\\NL$KM", "NL$KM"));
  the_case.add(deleted("", "000003ED"));
  DeletedValue value;
  value.path = Untrusted{std::string("\\Policy\\Secrets\\SCM:{3D14228D}\\CurrVal")};
  the_case.add(value);
  const std::vector<Finding> findings = findings_of(the_case);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].id, "deleted_logins");
  EXPECT_EQ(findings[0].severity, Severity::kInfo);
  EXPECT_EQ(findings[0].citations.size(), 3U);
  EXPECT_EQ(
      plain(findings[0].statement),
      "deleted, as far as can be known: \\SAM\\Domains\\Account\\Users\\Names\\IWAM_OLD, last "
      "written 2004-06-14 09:31:22 UTC; a key 000003ED, last written 2004-06-14 09:31:22 UTC; "
      "a value without a name of \\Policy\\Secrets\\SCM:{3D14228D}\\CurrVal");
}

TEST(Findings, DeletedServicesAloneAreNone) {
  Case the_case = case_of_two_hives();
  the_case.add(deleted("\\ControlSet001\\Services\\win32dd2", "win32dd2"));
  EXPECT_TRUE(findings_of(the_case).empty());
}

}  // namespace
}  // namespace iwamtrace
