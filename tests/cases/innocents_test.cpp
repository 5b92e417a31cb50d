// Servers on which nobody broke in and much looks like it, as people who tried to have them
// convicted made them up; beside each, where one fact makes the difference, the guilty twin.
#include <algorithm>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "make/stories.h"
#include "tests/support/case_folder.h"

namespace iwamtrace {
namespace {

Timestamp later(std::string_view time, double seconds) {
  return Timestamp{at(time).ticks +
                   static_cast<std::int64_t>(seconds * Timestamp::kTicksPerSecond)};
}

constexpr std::uint32_t kServices = 456, kSqlServer = 1364, kInformation = 0x40000000;

MadeServer server_with_sql() {
  MadeServer server(shop());
  ordinary_days(server);
  server.start_process(at("2004-06-14T07:03:20Z"), kServices, R"(C:\WINDOWS\system32\services.exe)",
                       408, server.machine());
  server.start_process(at("2004-06-14T07:03:24Z"), kSqlServer,
                       R"(C:\Program Files\Microsoft SQL Server\MSSQL.1\MSSQL\Binn\sqlservr.exe)",
                       kServices, server.machine());
  return server;
}

void sql(MadeServer& server, Timestamp time, std::uint32_t id, std::vector<std::string> strings) {
  server.application_event(time, "MSSQLSERVER", kInformation | id, kEvtInformation,
                           std::move(strings));
}

MadeFiles end_of(MadeServer& server) {
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

// What `early` had in such a file, saved elsewhere.
void add_saved(MadeFiles& files, const MadeFiles& early, std::string_view name) {
  for (const MadeFile& file : early) {
    if (file.path.ends_with(name)) {
      files.push_back(MadeFile{"saved/" + std::string(name), file.bytes, file.modified});
    }
  }
}

nlohmann::json report_of(const MadeFiles& files) {
  const CaseFolder folder;
  for (const MadeFile& file : files) {
    folder.add("case/" + file.path, file.bytes);
  }
  return nlohmann::json::parse(run_program("analyze --json '" + (folder / "case") + "'").out);
}

std::string verdict(const MadeFiles& files) { return report_of(files)["compromise"]["verdict"]; }

// ---- passwords that fail ----

// The pool of a site's connections hammers until somebody puts its password right.
MadeFiles fast_failures(std::string_view user, std::string_view reason, std::string_view client) {
  MadeServer server(shop());
  ordinary_days(server);
  const std::string from = " [CLIENT: " + std::string(client) + "]";
  for (int i = 0; i < 90; ++i) {
    sql(server, later("2004-06-14T16:10:00Z", i * 0.5), 18456,
        {std::string(user), std::string(reason), from});
  }
  sql(server, at("2004-06-14T16:11:30Z"), 18454, {std::string(user), from});
  return end_of(server);
}

TEST(Innocent, APoolOfConnectionsWithAnOldPassword) {
  constexpr std::string_view kWrong =
      " Reason: Password did not match that for the login provided.";
  EXPECT_EQ(verdict(fast_failures("shop", kWrong, "10.2.0.31")), "no_sign");
  EXPECT_EQ(verdict(fast_failures("sa", kWrong, "<local machine>")), "no_sign");
  EXPECT_EQ(verdict(fast_failures("sa", kWrong, "203.0.113.77")), "suspected");
}

TEST(Innocent, ADatabaseThatIsNotOpenYet) {
  EXPECT_EQ(
      verdict(fast_failures("sa", " Reason: Failed to open the explicitly specified database.",
                            "203.0.113.77")),
      "no_sign");
}

void network_logon(MadeServer& server, Timestamp time, bool failed, int user,
                   const std::string& type, const std::string& station,
                   const std::string& address) {
  const std::string name = "user" + std::to_string(user);
  if (failed) {
    server.security_event(
        time, 529, 4625, false,
        {name, server.name(), type, "NtLmSsp ", "NTLM", station, server.name() + "$", "WORKGROUP",
         "(0x0,0x3E7)", "604", "-", address, "-"},
        {});
    return;
  }
  server.security_event(time, 540, 4624, true,
                        {name, server.name(), "(0x0,0x55000)", type, "NtLmSsp ", "NTLM", station,
                         "{00000000-0000-0000-0000-000000000000}", server.name() + "$", "WORKGROUP",
                         "(0x0,0x3E7)", "604", "-", address, "-"},
                        {});
}

// `seconds` apart, six each of six users; then one gets in.
void many_fail(MadeServer& server, int seconds, const std::string& type, const std::string& station,
               const std::string& address) {
  for (int i = 0; i < 36; ++i) {
    network_logon(server, later("2004-06-14T13:00:00Z", i * seconds), true, i % 6, type, station,
                  address);
  }
  network_logon(server, at("2004-06-14T13:45:00Z"), false, 0, type, station, address);
}

TEST(Innocent, ManyUsersBehindOneProxy) {
  MadeServer slow(shop());
  ordinary_days(slow);
  many_fail(slow, 70, "3", "", "10.2.0.8");
  EXPECT_EQ(verdict(end_of(slow)), "no_sign");
}

TEST(Innocent, WhoLogsOnThroughTheWebServerComesFromItself) {
  MadeServer server(shop());
  ordinary_days(server);
  many_fail(server, 70, "8", "SHOP1", "-");
  server.shut_down(at("2004-06-14T15:58:00Z"));
  server.rename(at("2004-06-14T16:00:10Z"), "STORE1");
  server.boot(at("2004-06-14T16:00:12Z"));
  start_applications(server, {"2004-06-14T22:11:02Z"});
  EXPECT_EQ(verdict(server.files(at("2004-06-15T08:00:00Z"))), "no_sign");
}

// ---- one log, twice ----

TEST(Innocent, ARecordInALogAndInACopyOfItIsOne) {
  for (const bool copied : {false, true}) {
    MadeServerSetup setup = shop();
    setup.service_pack = "";
    MadeServer server(setup);
    ordinary_days(server);
    for (int i = 0; i < 11; ++i) {
      sql(server, later("2004-06-14T16:10:00Z", i * 5), 18456,
          {"sa", " Reason: Password did not match.", " [CLIENT: 203.0.113.77]"});
    }
    sql(server, at("2004-06-14T16:11:30Z"), 18454, {"sa", " [CLIENT: 203.0.113.77]"});
    server.system_event(at("2004-06-14T20:31:05Z"), "Service Control Manager", 0xC0001B77,
                        kEvtError,
                        {"Remote Procedure Call (RPC)", "1", "60000", "2", "Reboot the machine"});
    server.shut_down(at("2004-06-14T20:32:07Z"));
    server.boot(at("2004-06-14T20:34:00Z"));
    const MadeFiles early = server.files(at("2004-06-14T21:00:00Z"));
    sql(server, at("2004-06-14T21:30:00Z"), 17162, {"normal"});
    MadeFiles files = end_of(server);
    if (copied) {
      add_saved(files, early, "SysEvent.Evt");
      add_saved(files, early, "AppEvent.Evt");
    }
    EXPECT_EQ(verdict(files), "no_sign") << copied;
  }
}

// ---- logs that run full ----

MadeFiles cleared_log(bool saved) {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.log_off(at("2004-06-14T16:06:00Z"), person);
  const MadeSession again =
      server.log_on(at("2004-06-14T16:06:30Z"), "mlang", 10, "MLANG-PC", "10.2.0.15");
  const MadeFiles before = server.files(at("2004-06-14T16:07:00Z"));
  server.clear_security_log(at("2004-06-14T16:08:00Z"), again);
  server.set_audit_policy(at("2004-06-14T16:09:20Z"), false, again);
  MadeFiles files = end_of(server);
  if (saved) {
    add_saved(files, before, "SecEvent.Evt");
  }
  return files;
}

TEST(Innocent, WhoSavesAFullLogBeforeHeClearsIt) {
  EXPECT_EQ(verdict(cleared_log(true)), "no_sign");
  EXPECT_EQ(verdict(cleared_log(false)), "suspected");
  const nlohmann::json findings = report_of(cleared_log(true))["findings"];
  const auto cleared = std::ranges::find_if(
      findings, [](const nlohmann::json& finding) { return finding["id"] == "log_cleared"; });
  ASSERT_NE(cleared, findings.end());
  EXPECT_EQ((*cleared)["statement"],
            "the Security log was cleared by SHOP1\\mlang on 2004-06-14 16:08:00 UTC, and "
            "saved/SecEvent.Evt has what it held until 2004-06-14 16:06:30 UTC");
}

// ---- accounts and commands of SQL Server ----

// A hosting panel makes its customers accounts by xp_cmdshell, while the internet tries sa.
MadeFiles panel(bool administrator, int shells = 1) {
  MadeServer server = server_with_sql();
  for (int i = 0; i < 200; ++i) {
    server.sql_message(later("2004-06-14T12:40:02Z", i), "18456 : Login failed for user 'sa'.");
  }
  server.start_process(at("2004-06-14T13:44:10Z"), 2212, R"(C:\WINDOWS\system32\cmd.exe)",
                       kSqlServer, server.machine());
  server.create_user(at("2004-06-14T13:44:11Z"), "cust1042", "Xk2-Start-2004", server.machine());
  if (administrator) {
    server.make_administrator(at("2004-06-14T13:44:13Z"), "cust1042", server.machine());
  }
  for (int more = 1; more < shells; ++more) {
    server.start_process(later("2004-06-14T14:00:00Z", 60 * more), 2300,
                         R"(C:\WINDOWS\system32\cmd.exe)", kSqlServer, server.machine());
  }
  return end_of(server);
}

TEST(Innocent, AHostingPanelMakesAccountsAndNoAdministrators) {
  EXPECT_EQ(verdict(panel(false)), "no_sign");
  EXPECT_EQ(verdict(panel(true)), "suspected");
  EXPECT_EQ(verdict(panel(true, 40)), "suspected");  // who goes on with it
}

TEST(Innocent, AScriptOfTheAdministratorSwitchesTheShellOnAndOff) {
  MadeServer server = server_with_sql();
  const MadeSession person = lang(server);
  sql(server, at("2004-06-14T16:00:02Z"), 15457, {"xp_cmdshell", "0", "1"});
  server.start_process(at("2004-06-14T16:00:03Z"), 2212, R"(C:\WINDOWS\system32\cmd.exe)",
                       kSqlServer, server.machine());
  sql(server, at("2004-06-14T16:00:09Z"), 15457, {"xp_cmdshell", "1", "0"});
  server.log_off(at("2004-06-14T16:40:00Z"), person);
  EXPECT_EQ(verdict(end_of(server)), "no_sign");
}

}  // namespace
}  // namespace iwamtrace
