// Each of our own rules: a record that it matches, and one that nearly does.
#include "analyzers/sigma/own_rules.h"

#include <gtest/gtest.h>
#include <map>

#include "analyzers/sigma/rule_matcher.h"
#include "tests/analyzers/sigma_examples.h"

namespace iwamtrace {
namespace {

using Fields = RuleFields;

EventRecord sql(std::uint16_t id, Fields fields) {
  return record_of(Channel::kApplication, "MSSQLSERVER", id, fields);
}
EventRecord scm(std::uint16_t id, Fields fields) {
  return record_of(Channel::kSystem, "Service Control Manager", id, fields);
}
EventRecord started(std::string_view image, std::string_view parent) {
  return process_record({{"Image", image}, {"ParentImage", parent}});
}

constexpr std::string_view kCmd = "C:\\WINDOWS\\system32\\cmd.exe";
constexpr std::string_view kSqlServer = "C:\\MSSQL\\Binn\\sqlservr.exe";

struct Row {
  EventRecord hit, miss;
};

std::map<std::string, Row> rows() {
  std::map<std::string, Row> rows;
  const auto add = [&](const char* name, EventRecord hit, EventRecord miss) {
    rows.emplace(name, Row{std::move(hit), std::move(miss)});
  };
  add("sql_login_failed", sql(17055, {{"Text", "18456 : Login failed for user 'sa'."}}),
      sql(17055, {{"Text", "18454 : Login succeeded for user 'sa'."}}));
  add("sql_command_option",
      sql(15457, {{"Option", "xp_cmdshell"}, {"OldValue", "0"}, {"NewValue", "1"}}),
      sql(15457, {{"Option", "xp_cmdshell"}, {"OldValue", "1"}, {"NewValue", "0"}}));
  add("sql_command_blocked", sql(15281, {{"Object", "sys.xp_cmdshell"}}),
      sql(15281, {{"Object", "sys.xp_sendmail"}}));
  add("sql_command_loaded", sql(8128, {{"Library", "xplog70.dll"}, {"Procedure", "xp_cmdshell"}}),
      sql(8128, {{"Library", "xplog70.dll"}, {"Procedure", "xp_msver"}}));
  add("sql_command_audited", sql(33205, {{"AuditRecord", "statement:EXEC XP_CMDSHELL 'dir'"}}),
      sql(33205, {{"AuditRecord", "statement:select 1"}}));
  add("sql_server_started_shell", started(kCmd, kSqlServer),
      started("C:\\WINDOWS\\system32\\werfault.exe", kSqlServer));
  add("sql_agent_started_shell", started(kCmd, "C:\\MSSQL\\Binn\\SQLAGENT.EXE"),
      started(kCmd, "C:\\WINDOWS\\explorer.exe"));
  add("web_server_started_shell", started(kCmd, "C:\\WINDOWS\\system32\\dllhost.exe"),
      started("C:\\WINDOWS\\system32\\davcdata.exe",
              "C:\\WINDOWS\\system32\\inetsrv\\inetinfo.exe"));
  add("web_account_started_shell",
      nt5_record(592, 4688, {{"NewProcessName", kCmd}, {"SubjectUserName", "IUSR_SHOP1"}}),
      nt5_record(592, 4688, {{"NewProcessName", kCmd}, {"SubjectUserName", "mlang"}}));
  add("tool_transfer", started("C:\\WINDOWS\\system32\\TFTP.EXE", kCmd),
      started("C:\\WINDOWS\\system32\\tftpd.exe", kCmd));
  add("web_account_at_a_desktop",
      nt5_record(528, 4624, {{"TargetUserName", "IWAM_SHOP1"}, {"LogonType", "10"}}),
      nt5_record(528, 4624, {{"TargetUserName", "IUSR_SHOP1"}, {"LogonType", "2"}}));
  add("web_account_from_the_network",
      nt5_record(
          540, 4624,
          {{"TargetUserName", "IWAM_SHOP1"}, {"LogonType", "3"}, {"WorkstationName", "PC7"}}),
      nt5_record(540, 4624,
                 {{"TargetUserName", "IWAM_SHOP1"},
                  {"LogonType", "3"},
                  {"WorkstationName", "web01"}}));  // the server itself
  add("web_account_credentials",
      nt5_record(552, 4648, {{"TargetUserName", "IWAM_SHOP1"}, {"SubjectUserName", "mlang"}}),
      nt5_record(552, 4648, {{"TargetUserName", "IWAM_SHOP1"}, {"SubjectUserName", "SHOP1$"}}));
  add("guest_enabled", nt5_record(626, 4722, {{"TargetSid", "%{S-1-5-21-1-2-3-501}"}}),
      nt5_record(626, 4722, {{"TargetSid", "%{S-1-5-21-1-2-3-1501}"}}));
  add("rpc_crashed", scm(7031, {{"ServiceName", "Remote Procedure Call (RPC)"}}),
      scm(7036, {{"ServiceName", "Remote Procedure Call (RPC)"}}));
  add("lsass_crashed",
      record_of(Channel::kSystem, "USER32", 1074,
                {{"Comment", "lsass.exe terminated unexpectedly with status code -1073741819"}}),
      record_of(Channel::kSystem, "USER32", 1074, {{"Comment", "patches of lsass.exe"}}));
  add("worm_services", nt5_record(601, 4697, {{"ServiceName", "RpcPatch"}}),
      nt5_record(601, 4697, {{"ServiceName", "RpcLocator"}}));
  add("worm_programs", started("C:\\WINNT\\system32\\wins\\DLLHOST.EXE", ""),
      started("C:\\WINNT\\system32\\dllhost.exe", ""));
  add("worm_iis_shell", started("C:\\inetpub\\scripts\\root.exe", ""),
      started("C:\\inetpub\\scripts\\chroot.exe", ""));
  add("web_service_crashed", scm(7031, {{"ServiceName", "IIS Admin Service"}}),
      scm(7031, {{"ServiceName", "Print Spooler"}}));
  add("suspicious_service",
      nt5_record(601, 4697,
                 {{"ServiceName", "svc"}, {"ServiceFileName", "C:\\WINNT\\Temp\\svc.exe"}}),
      nt5_record(601, 4697, {{"ServiceFileName", "C:\\Program Files\\Backup\\agent.exe"}}));
  add("suspicious_service_nt6", scm(7045, {{"ImagePath", "%COMSPEC% /c start x"}}),
      scm(7045, {{"ImagePath", "C:\\Program Files\\Backup\\agent.exe"}}));
  add("remote_tools", scm(7036, {{"ServiceName", "PSEXESVC"}, {"State", "running"}}),
      scm(7036, {{"ServiceName", "Print Spooler"}, {"State", "running"}}));
  add("credential_tools", scm(7045, {{"ServiceName", "pwdump2"}}),
      scm(7045, {{"ServiceName", "Password Manager"}}));
  add("credential_programs", started("C:\\tmp\\PwDump4.exe", ""), started("C:\\tmp\\dump.exe", ""));
  add("audit_disabled",
      nt5_record(612, 4719,
                 {{"LogonSuccess", "-"},
                  {"LogonFailure", "-"},
                  {"AccountFailure", "-"},
                  {"PolicyFailure", "-"},
                  {"AccountSuccess", "-"},
                  {"PolicySuccess", "-"},
                  {"SubjectUserName", "mlang"},
                  {"SubjectLogonId", "(0x0,0x1F3A2)"}}),
      nt5_record(612, 4719,
                 {{"LogonSuccess", "-"},
                  {"LogonFailure", "+"},  // failures go on
                  {"AccountFailure", "-"},
                  {"PolicyFailure", "-"},
                  {"AccountSuccess", "-"},
                  {"PolicySuccess", "-"},
                  {"SubjectUserName", "mlang"},
                  {"SubjectLogonId", "(0x0,0x1F3A2)"}}));
  add("event_log_disabled",
      scm(7040, {{"ServiceName", "Event Log"},
                 {"OldStartType", "auto start"},
                 {"NewStartType", "disabled"}}),
      scm(7040, {{"ServiceName", "Messenger"},
                 {"OldStartType", "auto start"},
                 {"NewStartType", "disabled"}}));
  add("logon_failed", nt5_record(529, 4625, {{"LogonType", "3"}}),
      nt5_record(529, 4625, {{"LogonType", "4"}}));  // of DCOM: the fault itself
  add("task_with_command",
      nt5_record(602, 4698, {{"Command", "C:\\WINNT\\system32\\cmd.exe /c x"}}),
      nt5_record(602, 4698, {{"Command", "C:\\backup\\run.exe"}}));
  add("account_commands",
      process_record({{"Image", "C:\\WINNT\\system32\\net1.exe"},
                      {"CommandLine", "net1 localgroup Administrators bob /add"}}),
      process_record({{"Image", "C:\\WINNT\\system32\\net1.exe"},
                      {"CommandLine", "net1 localgroup Backup bob /add"}}));
  add("port_taken", record_of(Channel::kSystem, "W3SVC", 115, {{"Instance", "1"}}),
      record_of(Channel::kSystem, "Print", 115, {{"Instance", "1"}}));
  return rows;
}

class OwnRule : public testing::TestWithParam<std::string> {};

TEST_P(OwnRule, MatchesItsRecordAndNotTheOneBesideIt) {
  static const sigma::RuleSet kRules(sigma::own_rules());
  static const std::map<std::string, Row> kRows = rows();
  const auto row = kRows.find(GetParam());
  ASSERT_NE(row, kRows.end()) << "a rule without a test";
  const auto matches = [&](const EventRecord& record) {
    sigma::RuleMatcher matcher(kRules);
    bool found = false;
    matcher.match(record, [&](std::uint32_t rule) {
      found = found || kRules.texts()[rule].name == GetParam();
    });
    return found;
  };
  EXPECT_TRUE(matches(row->second.hit));
  EXPECT_FALSE(matches(row->second.miss));
}

std::vector<std::string> names_of_detections() {
  std::vector<std::string> names;
  const sigma::RuleSet rules(sigma::own_rules());
  for (const sigma::Rule& rule : rules.texts()) {
    if (rule.kind == sigma::Rule::Kind::kDetection) {
      names.push_back(rule.name);
    }
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, OwnRule, testing::ValuesIn(names_of_detections()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace iwamtrace
