// Intruders, and beside each an innocent who does much the same.
#include "make/stories.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kSecond = Timestamp::kTicksPerSecond;

Timestamp later(Timestamp time, std::int64_t seconds) {
  return Timestamp{time.ticks + seconds * kSecond};
}

// The engine of SQL Server starts with Windows.
constexpr std::uint32_t kSqlServer = 1364, kServices = 456, kInetInfo = 1488;

void start_services(MadeServer& server, std::string_view time) {
  const Timestamp start = at(time);
  server.start_process(start, kServices, R"(C:\WINDOWS\system32\services.exe)", 408,
                       server.machine());
  server.start_process(later(start, 2), kInetInfo, R"(C:\WINDOWS\system32\inetsrv\inetinfo.exe)",
                       kServices, server.machine());
  server.start_process(later(start, 4), kSqlServer,
                       R"(C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlservr.exe)",
                       kServices, server.machine());
}

void guess_sa(MadeServer& server, std::string_view time, int count, std::int64_t every) {
  for (int guess = 0; guess < count; ++guess) {
    server.sql_message(later(at(time), guess * every), "18456 : Login failed for user 'sa'.");
  }
}

// Windows Server 2003 as it was sold: open to the worms of that summer.
MadeServerSetup unpatched() {
  MadeServerSetup setup = shop();
  setup.service_pack = "";
  return setup;
}

MadeFiles end_on_the_next_morning(MadeServer& server) {
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

}  // namespace

// The reader of 2003 who asked which kind of attack it was: sa guessed, commands run as the system,
// an account made, and the password of IWAM set on the way.
MadeFiles sql_attack() {
  MadeServer server(shop());
  ordinary_days(server);
  start_services(server, "2004-06-14T07:03:20Z");
  guess_sa(server, "2004-06-14T13:40:02Z", 120, 1);
  server.sql_message(at("2004-06-14T13:42:03Z"),
                     "18454 : Login succeeded for user 'sa'. Connection: Non-Trusted.");
  const MadeSession system = server.machine();
  server.start_process(at("2004-06-14T13:44:10Z"), 2212, R"(C:\WINDOWS\system32\cmd.exe)",
                       kSqlServer, system);
  server.start_process(at("2004-06-14T13:44:10Z"), 2216, R"(C:\WINDOWS\system32\net1.exe)", 2212,
                       system);
  server.create_user(at("2004-06-14T13:44:11Z"), "sqladm", "Hacked-2004", system);
  server.start_process(at("2004-06-14T13:44:40Z"), 2232, R"(C:\WINDOWS\system32\cmd.exe)",
                       kSqlServer, system);
  server.make_administrator(at("2004-06-14T13:44:41Z"), "sqladm", system);
  server.start_process(at("2004-06-14T13:46:02Z"), 2240, R"(C:\WINDOWS\system32\cmd.exe)",
                       kSqlServer, system);
  server.set_password(at("2004-06-14T13:46:03Z"), server.iwam(), "Hacked-2004", system);
  const MadeSession intruder =
      server.log_on(at("2004-06-14T13:52:30Z"), "sqladm", 10, "KALLE", "203.0.113.77");
  server.start_process(at("2004-06-14T13:55:12Z"), 2288, R"(C:\WINDOWS\system32\tftp.exe)", 2260,
                       intruder);
  server.log_off(at("2004-06-14T14:20:00Z"), intruder);
  return end_on_the_next_morning(server);
}

// SQL Server is installed: its set-up makes accounts and services as the system, its agent fails to
// log in with an old password until somebody puts that right.
MadeFiles sql_installation() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  const MadeSession system = server.machine();
  server.start_process(at("2004-06-14T16:00:10Z"), 2100, R"(D:\x86\setup\setupsql.exe)", 1900,
                       person);
  server.create_user(at("2004-06-14T16:03:11Z"), "SQLDebugger", "Kd8!kqw2-Pz0xu", system);
  server.install_service(at("2004-06-14T16:04:02Z"), "MSSQLSERVER",
                         R"(C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlservr.exe)",
                         person);
  server.install_service(at("2004-06-14T16:04:03Z"), "SQLSERVERAGENT",
                         R"(C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlagent.EXE)",
                         person);
  server.start_process(at("2004-06-14T16:06:00Z"), kSqlServer,
                       R"(C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlservr.exe)",
                       kServices, system);
  server.sql_message(at("2004-06-14T16:06:04Z"),
                     "17162 : SQL Server is starting at priority class "
                     "'normal'(1 CPU detected).");
  guess_sa(server, "2004-06-14T16:10:00Z", 14, 30);
  server.sql_message(at("2004-06-14T16:20:00Z"),
                     "18454 : Login succeeded for user 'sa'. Connection: Non-Trusted.");
  server.log_off(at("2004-06-14T16:40:00Z"), person);
  return end_on_the_next_morning(server);
}

// Blaster knocks three times; Nachi comes in and puts its services beside those of Windows.
MadeFiles rpc_worm() {
  MadeServer server(unpatched());
  ordinary_days(server);
  for (const char* time :
       {"2004-06-14T18:02:11Z", "2004-06-14T18:31:05Z", "2004-06-14T19:12:40Z"}) {
    const Timestamp crash = at(time);
    server.system_event(crash, "Service Control Manager", 0xC0001B77, kEvtError,
                        {"Remote Procedure Call (RPC)", "1", "60000", "2", "Reboot the machine"});
    server.system_event(
        later(crash, 2), "USER32", 0x80000432, kEvtInformation,
        {"winlogon.exe", "SHOP1", "No title for this reason could be found", "0x30006", "restart",
         "Windows must now restart because the RPC service terminated unexpectedly",
         "NT AUTHORITY\\SYSTEM"});
    server.shut_down(later(crash, 62));
    server.boot(later(crash, 150));
  }
  const MadeSession system = server.machine();
  server.install_service(at("2004-06-14T19:20:02Z"), "RpcPatch",
                         R"(C:\WINDOWS\system32\wins\DLLHOST.EXE)", system);
  server.install_service(at("2004-06-14T19:20:03Z"), "RpcTftpd",
                         R"(C:\WINDOWS\system32\wins\svchost.exe)", system);
  server.start_process(at("2004-06-14T19:20:04Z"), 2304, R"(C:\WINDOWS\system32\wins\DLLHOST.EXE)",
                       kServices, system);
  return end_on_the_next_morning(server);
}

// An administrator installs the patches of the month and restarts the server, twice.
MadeFiles patch_day() {
  MadeServer server(unpatched());
  ordinary_days(server);
  const MadeSession person = lang(server);
  for (const char* number : {"KB823980", "KB828741", "KB835732"}) {
    server.system_event(at("2004-06-14T16:05:00Z"), "NtServicePack", 0x40001119, kEvtInformation,
                        {"Windows Server 2003", number}, person.sid);
  }
  server.install_service(at("2004-06-14T16:07:30Z"), "BITS",
                         R"(C:\WINDOWS\system32\svchost.exe -k netsvcs)", person);
  for (const char* time : {"2004-06-14T16:10:00Z", "2004-06-14T16:40:00Z"}) {
    const Timestamp restart = at(time);
    server.system_event(restart, "USER32", 0x80000432, kEvtInformation,
                        {"Explorer.EXE", "SHOP1", "Operating System: Hotfix (Planned)",
                         "0x80020011", "restart", "patches of June", "SHOP1\\mlang"},
                        person.sid);
    server.shut_down(later(restart, 20));
    server.boot(later(restart, 140));
  }
  server.system_event(at("2004-06-14T16:47:12Z"), "Service Control Manager", 0xC0001B7A, kEvtError,
                      {"Print Spooler", "1"});
  return end_on_the_next_morning(server);
}

// Somebody publishes a drive with the right to write and to run, and runs what he put there.
MadeFiles web_attack() {
  MadeServer server(shop());
  ordinary_days(server);
  start_services(server, "2004-06-14T07:03:20Z");
  server.publish(at("2004-06-14T14:03:10Z"), "/LM/W3SVC/1/ROOT/images2", "C:\\",
                 "AccessExecute | AccessRead | AccessScript | AccessWrite");
  const MadeSession iwam{server.iwam(), "SHOP1", well_known::kSystem, 0x2F011};
  server.start_process(at("2004-06-14T14:05:00Z"), 2404, R"(C:\WINDOWS\system32\dllhost.exe)", 800,
                       iwam);
  server.start_process(at("2004-06-14T14:06:31Z"), 2412, R"(C:\WINDOWS\system32\cmd.exe)", 2404,
                       iwam);
  server.start_process(at("2004-06-14T14:06:33Z"), 2420, R"(C:\WINDOWS\system32\tftp.exe)", 2412,
                       iwam);
  server.start_process(at("2004-06-14T14:08:02Z"), 2428, R"(C:\WINDOWS\system32\cmd.exe)", 2404,
                       iwam);
  return end_on_the_next_morning(server);
}

// A healthy server that the internet reaches: guesses at sa and at the Administrator that lead to
// nothing, an extension that crashes, a folder for uploads that was set up carelessly.
MadeFiles noisy_server() {
  MadeServer server(shop());
  ordinary_days(server);
  start_services(server, "2004-06-14T07:03:20Z");
  server.publish(at("2004-06-14T10:03:10Z"), "/LM/W3SVC/1/ROOT/upload", R"(D:\upload)",
                 "AccessRead | AccessScript | AccessWrite");
  guess_sa(server, "2004-06-14T13:40:02Z", 200, 1);
  server.guess_passwords(at("2004-06-14T14:10:00Z"), "Administrator", 80, "KALLE", "203.0.113.77");
  for (const char* time :
       {"2004-06-14T15:02:11Z", "2004-06-14T15:12:05Z", "2004-06-14T15:31:40Z"}) {
    server.system_event(at(time), "Service Control Manager", 0xC0001B77, kEvtError,
                        {"World Wide Web Publishing Service", "1", "0", "0", "No action"});
  }
  const MadeSession iwam{server.iwam(), "SHOP1", well_known::kSystem, 0x2F011};
  server.start_process(at("2004-06-14T16:05:00Z"), 2404, R"(C:\WINDOWS\system32\dllhost.exe)", 800,
                       iwam);
  const MadeSession agent{"sqlagent", "SHOP1", well_known::kSystem, 0x11200};
  server.start_process(at("2004-06-14T18:00:00Z"), 2500,
                       R"(C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlagent.exe)",
                       kServices, agent);
  server.start_process(at("2004-06-14T18:00:05Z"), 2508, R"(C:\WINDOWS\system32\cmd.exe)", 2500,
                       agent);
  return end_on_the_next_morning(server);
}

// Somebody who may do everything makes himself an account that lists leave out, sets the password
// of IWAM, clears the log and stops the audit.
MadeFiles insider() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.create_user(at("2004-06-14T16:01:11Z"), "support$", "Nobody-sees-me", person);
  server.make_administrator(at("2004-06-14T16:01:30Z"), "support$", person);
  server.set_password(at("2004-06-14T16:03:10Z"), server.iwam(), "Winter2004!", person);
  server.clear_security_log(at("2004-06-14T16:08:00Z"), person);
  server.set_audit_policy(at("2004-06-14T16:09:20Z"), false, person);
  return end_on_the_next_morning(server);
}

// An administrator makes a colleague an account and an administrator, and installs a service. Log
// and audit go on.
MadeFiles administrators_day() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.create_user(at("2004-06-14T16:01:11Z"), "pwagner", "Start-2004", person);
  server.make_administrator(at("2004-06-14T16:01:30Z"), "pwagner", person);
  server.install_service(at("2004-06-14T16:05:02Z"), "BackupAgent",
                         R"(C:\Program Files\Backup\agent.exe)", person);
  server.set_password(at("2004-06-14T16:06:00Z"), "pwagner", "Start-2004a", person);
  server.log_off(at("2004-06-14T16:40:00Z"), person);
  return end_on_the_next_morning(server);
}

}  // namespace iwamtrace
