// What stands around account and passwords: services, permissions, other models, other servers.
#include "make/stories.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kIisAdminClass = "{A9E69610-B80D-11D0-B9B9-00A0C922E750}";

MadeFiles fail_in_the_evening(MadeServer& server) {
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

void reset_password(MadeServer& server) {
  const MadeSession person = lang(server);
  server.set_password(at("2004-06-14T16:03:10Z"), server.iwam(), "Winter2004!", person);
  server.log_off(at("2004-06-14T16:10:00Z"), person);
}

// IIS 6 as it is meant to be; its IWAM gets another password in the SAM alone.
MadeServer worker_server() {
  MadeServerSetup setup = shop();
  setup.iis5_isolation_mode = false;
  MadeServer server(setup);
  ordinary_days(server);
  reset_password(server);
  return server;
}

}  // namespace

MadeFiles iis_admin_disabled() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.set_service_start(at("2004-06-14T16:03:10Z"), "IISADMIN", 4, person);
  server.log_off(at("2004-06-14T16:10:00Z"), person);
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.system_event(at("2004-06-14T22:10:17Z"), "EventLog", 0x80001779, kEvtInformation,
                      {"5.02.", "3790", "Service Pack 1", "Uniprocessor Free"});
  server.system_event(at("2004-06-14T22:10:17Z"), "EventLog", 0x80001775, kEvtInformation, {});
  server.system_event(at("2004-06-14T22:10:59Z"), "Service Control Manager", 0xC0001B59, kEvtError,
                      {"World Wide Web Publishing Service", "IIS Admin Service", "%%1058"});
  server.system_event(at("2004-06-15T06:02:27Z"), "DCOM", 0xC0002715, kEvtError,
                      {"1058", "IISADMIN", "", std::string(kIisAdminClass)}, person.sid);
  return server.files(at("2004-06-15T08:00:00Z"));
}

MadeFiles launch_denied() {
  MadeServer server(shop());
  ordinary_days(server);
  server.close_launch_permission();
  return fail_in_the_evening(server);
}

MadeFiles files_closed() {
  MadeServer server(shop());
  ordinary_days(server);
  server.close_files();
  return fail_in_the_evening(server);
}

// As a worm of August 2003 did to servers that it could not infect.
MadeFiles rpc_crashed() {
  MadeServer server(shop());
  ordinary_days(server);
  server.system_event(at("2004-06-14T20:31:05Z"), "Service Control Manager", 0xC0001B77, kEvtError,
                      {"Remote Procedure Call (RPC)", "1", "60000", "2", "Reboot the machine"});
  server.system_event(at("2004-06-14T20:31:06Z"), "DCOM", 0xC000271A, kEvtError,
                      {std::string(kPooledApplications)}, well_known::kSystem);
  server.system_event(at("2004-06-14T20:31:06Z"), "W3SVC", 0x80000024, kEvtWarning,
                      {"/LM/W3SVC/1/Root/shop", "800706BA"});
  return server.files(at("2004-06-14T20:31:50Z"));
}

// Services, permissions and processes of others, and nothing of the pooled applications.
MadeFiles noise_of_others() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.set_service_start(at("2004-06-14T16:03:10Z"), "EventSystem", 2, person);
  server.set_service_start(at("2004-06-14T16:03:40Z"), "EventSystem", 3, person);
  server.system_event(at("2004-06-14T16:05:00Z"), "Service Control Manager", 0x40001B80,
                      kEvtInformation, {"Messenger", "auto start", "disabled"}, person.sid);
  server.log_off(at("2004-06-14T16:10:00Z"), person);
  server.system_event(at("2004-06-14T17:00:11Z"), "Service Control Manager", 0xC0001B58, kEvtError,
                      {"Messenger", "%%1058"});
  server.system_event(at("2004-06-14T17:20:00Z"), "DCOM", 0xC0002720, kEvtError,
                      {"machine-default", "Local", "Launch", std::string(kIisAdminClass),
                       "NT AUTHORITY", "NETWORK SERVICE", "S-1-5-20"},
                      Sid{1, 1, 5, {20}});
  server.system_event(at("2004-06-14T17:25:00Z"), "DCOM", 0xC0002711, kEvtError,
                      {R"(D:\scanner\agent.exe)", "5", "{0C0A3666-30C9-11D0-8F20-00805F2CD064}",
                       "SHOP1", "scanner"},
                      well_known::kSystem);
  server.system_event(at("2004-06-14T18:00:00Z"), "Service Control Manager", 0xC0001B7A, kEvtError,
                      {"Print Spooler", "1"});
  return fail_in_the_evening(server);
}

// The set-up of SQL Server 7.0 takes the coordinator of Windows 2000 away.
MadeFiles msdtc_removed() {
  MadeServer server(shop(MadeWindows::k2000Server));
  ordinary_days(server);
  server.remove_service("MSDTC");
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  return fail_in_the_evening(server);
}

MadeFiles msdtc_stopped() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = lang(server);
  server.set_service_start(at("2004-06-14T16:03:10Z"), "MSDTC", 3, person);
  server.service_state(at("2004-06-14T16:03:30Z"), "Distributed Transaction Coordinator",
                       "stopped");
  server.service_state(at("2004-06-14T16:30:30Z"), "Distributed Transaction Coordinator",
                       "running");
  server.log_off(at("2004-06-14T16:40:00Z"), person);
  return fail_in_the_evening(server);
}

// IIS 6 as it is meant to be: worker processes. The pool's own account cannot log on; that IWAM's
// copies differ since the spring matters to nobody.
MadeFiles pool_identity() {
  MadeServer server = worker_server();
  for (const char* time : {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"}) {
    server.system_event(at(time), "W3SVC", 0x800003FD, kEvtWarning, {"ShopPool"});
  }
  return server.files(at("2004-06-15T08:00:00Z"));
}

MadeFiles worker_processes() {
  MadeServer server = worker_server();
  return server.files(at("2004-06-15T08:00:00Z"));
}

// Somebody restores the backup of another web server's metabase.
MadeFiles metabase_of_other_server() {
  MadeServer server(shop());
  ordinary_days(server);
  server.name_other_account(at("2004-06-14T16:03:10Z"), "IWAM_WEB7");
  for (const char* time : {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"}) {
    server.refuse_application(at(time), "/LM/W3SVC/1/Root/shop");
  }
  return server.files(at("2004-06-15T08:00:00Z"));
}

MadeFiles renamed_computer() {
  MadeServer server(shop());
  ordinary_days(server);
  server.shut_down(at("2004-06-14T15:58:00Z"));
  server.rename(at("2004-06-14T16:00:10Z"), "STORE1");
  server.boot(at("2004-06-14T16:00:12Z"));
  return fail_in_the_evening(server);
}

// A password was reset, and somebody moved an application into IIS to see whether it works there.
MadeFiles moved_into_iis() {
  MadeServer server(shop());
  ordinary_days(server);
  reset_password(server);
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-14T22:15:40Z"});
  server.set_protection(at("2004-06-14T22:20:00Z"), "/LM/W3SVC/1/ROOT/shop", 0);
  for (const char* time : {"2004-06-14T22:31:02Z", "2004-06-15T06:02:27Z"}) {
    server.start_pooled_application(at(time), "/LM/W3SVC/1/Root");
  }
  return server.files(at("2004-06-15T08:00:00Z"));
}

}  // namespace iwamtrace
