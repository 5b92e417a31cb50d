// Who set which of the three copies.
#include "make/stories.h"

namespace iwamtrace {

Timestamp at(std::string_view time) { return Timestamp::from_iso(time).value(); }

MadeServerSetup shop(MadeWindows windows) {
  MadeServerSetup setup;
  setup.windows = windows;
  setup.installed = at("2003-11-02T14:05:49.0781250Z");
  return setup;
}

// The server's ordinary days before anything happens.
void ordinary_days(MadeServer& server) {
  server.boot(at("2004-05-24T05:58:31Z"));
  server.start_pooled_application(at("2004-05-24T06:02:11.5Z"), "/LM/W3SVC/1/Root");
  server.add_user(at("2004-05-26T08:12:40.25Z"), "mlang", "Sommer2004");
  server.save_metabase(at("2004-06-01T03:00:07Z"));
  server.start_pooled_application(at("2004-06-14T07:02:40.156Z"), "/LM/W3SVC/1/Root");
}

MadeSession administrator(MadeServer& server, std::string_view time) {
  return server.log_on(at(time), "Administrator", 2, server.name(), "127.0.0.1");
}

MadeSession lang(MadeServer& server) {
  return server.log_on(at("2004-06-14T15:55:09.1Z"), "mlang", 10, "MLANG-PC", "10.2.0.15");
}

void start_applications(MadeServer& server, std::initializer_list<std::string_view> times) {
  for (const std::string_view time : times) {
    server.start_pooled_application(at(time), "/LM/W3SVC/1/Root/shop");
  }
}

namespace {

MadeFiles password_reset(MadeWindows windows) {
  MadeServer server(shop(windows));
  ordinary_days(server);
  const MadeSession lang =
      server.log_on(at("2004-06-14T09:29:05.3Z"), "mlang", 10, "MLANG-PC", "10.2.0.15");
  server.set_password(at("2004-06-14T09:31:22.4375Z"), server.iwam(), "Winter2004!", lang);
  server.log_off(at("2004-06-14T09:40:51.2Z"), lang);
  server.save_metabase(at("2004-06-14T10:12:30Z"));
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  server.start_pooled_application(at("2004-06-14T22:11:02.9Z"), "/LM/W3SVC/1/Root");
  server.start_pooled_application(at("2004-06-14T22:11:40.1Z"), "/LM/W3SVC/1/Root/shop");
  for (int hour = 6; hour < 14; ++hour) {
    const std::string time =
        std::string("2004-06-15T") + (hour < 10 ? "0" : "") + std::to_string(hour) + ":40:58Z";
    server.start_pooled_application(at(time), "/LM/W3SVC/1/Root");
  }
  return server.files(at("2004-06-15T14:20:00Z"));
}

// An administrator renews the password as it should be done: in all three places.
void renew_everywhere(MadeServer& server) {
  const MadeSession person = administrator(server, "2004-06-15T18:00:12.7Z");
  server.set_password(at("2004-06-15T18:03:20.125Z"), server.iwam(), "Renewed:2004-06", person);
  server.set_metabase_password(at("2004-06-15T18:04:02Z"), "Renewed:2004-06");
  server.synchronise_com_plus(at("2004-06-15T18:05:31.8125Z"));
  server.log_off(at("2004-06-15T18:09:00Z"), person);
  server.start_pooled_application(at("2004-06-15T18:10:45.3Z"), "/LM/W3SVC/1/Root");
}

}  // namespace

MadeFiles password_reset_nt5() { return password_reset(MadeWindows::kServer2003); }
MadeFiles password_reset_nt6() { return password_reset(MadeWindows::kServer2008); }

MadeFiles password_reset_2000() { return password_reset(MadeWindows::k2000Server); }

MadeFiles healthy_with_decoys() {
  MadeServer server(shop(MadeWindows::kServer2003));
  ordinary_days(server);
  renew_everywhere(server);
  // The password of somebody else is changed, and somebody else cannot log on.
  const MadeSession lang =
      server.log_on(at("2004-06-16T07:55:09.1Z"), "mlang", 10, "MLANG-PC", "10.2.0.15");
  server.set_password(at("2004-06-16T07:58:44.6Z"), "mlang", "Herbst2004", lang);
  server.system_event(at("2004-06-16T09:12:00Z"), "DCOM", 0xC0002714, kEvtError,
                      {"1326", "SHOP1", "backup", "{0C0A3666-30C9-11D0-8F20-00805F2CD064}"},
                      well_known::kSystem);
  // Another server of DCOM is slow to answer.
  for (const char* time : {"2004-06-16T09:13:31Z", "2004-06-17T03:20:05Z"}) {
    server.system_event(at(time), "DCOM", 0xC000271A, kEvtError,
                        {"{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"}, well_known::kSystem);
  }
  server.start_pooled_application(at("2004-06-17T05:31:16.4Z"), "/LM/W3SVC/1/Root/shop");
  return server.files(at("2004-06-17T12:00:00Z"));
}

MadeFiles metabase_changed_alone() {
  MadeServer server(shop(MadeWindows::kServer2003));
  ordinary_days(server);
  server.set_metabase_password(at("2004-06-14T11:20:05Z"), "Frieda:31-12-1");
  server.service_state(at("2004-06-14T19:30:02Z"), "World Wide Web Publishing Service", "stopped");
  server.service_state(at("2004-06-14T19:30:40Z"), "World Wide Web Publishing Service", "running");
  for (const char* time :
       {"2004-06-14T19:31:09Z", "2004-06-14T19:46:51Z", "2004-06-15T06:02:27Z"}) {
    server.refuse_application(at(time), "/LM/W3SVC/1/Root/shop");
  }
  return server.files(at("2004-06-15T08:00:00Z"));
}

// The password is renewed as it should be, and three weeks later the metabase of before is
// restored.
MadeFiles metabase_restored() {
  MadeServerSetup setup = shop(MadeWindows::kServer2003);
  setup.key_files = true;
  MadeServer server(setup);
  ordinary_days(server);
  const std::string before = setup.iwam_password;
  renew_everywhere(server);
  server.service_state(at("2004-07-06T17:30:00Z"), "World Wide Web Publishing Service", "stopped");
  server.set_metabase_password(at("2004-07-06T17:31:10Z"), before);
  server.service_state(at("2004-07-06T17:36:40Z"), "World Wide Web Publishing Service", "running");
  for (const char* time : {"2004-07-06T17:37:02Z", "2004-07-07T05:58:20Z"}) {
    server.refuse_application(at(time), "/LM/W3SVC/1/Root/shop");
  }
  return server.files(at("2004-07-07T09:00:00Z"));
}

// The metabase is told first, and within minutes SAM and COM+ are.
MadeFiles metabase_first_and_others_after() {
  MadeServer server(shop());
  ordinary_days(server);
  const MadeSession person = administrator(server, "2004-06-14T11:15:00Z");
  server.set_metabase_password(at("2004-06-14T11:20:05Z"), "Renewed:2004-06");
  server.set_password(at("2004-06-14T11:22:40.5Z"), server.iwam(), "Renewed:2004-06", person);
  server.synchronise_com_plus(at("2004-06-14T11:24:02.25Z"));
  server.log_off(at("2004-06-14T11:30:00Z"), person);
  start_applications(server, {"2004-06-14T19:46:51Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

MadeFiles com_plus_changed_alone() {
  MadeServer server(shop());
  ordinary_days(server);
  server.edit_com_plus(at("2004-06-14T16:40:12.75Z"), "Winter2004!");
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

// Somebody runs synciwam.vbs although nothing is wrong: COM+ gets the password that it had.
MadeFiles synciwam_in_vain() {
  MadeServer server(shop());
  ordinary_days(server);
  server.synchronise_com_plus(at("2004-06-14T16:40:12.75Z"));
  start_applications(server, {"2004-06-14T16:41:30Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

namespace {

// At noon the SAM gets another password, and at night the server restarts.
void reset_and_restart(MadeServer& server) {
  ordinary_days(server);
  const MadeSession person = administrator(server, "2004-06-14T11:15:00Z");
  server.set_password(at("2004-06-14T11:22:40.5Z"), server.iwam(), "Winter2004!", person);
  server.log_off(at("2004-06-14T11:23:30Z"), person);
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
}

}  // namespace

// The SAM gets one password, the metabase another, and COM+ keeps the first.
MadeFiles two_copies_changed() {
  MadeServer server(shop());
  reset_and_restart(server);
  start_applications(server, {"2004-06-14T22:11:02Z"});
  server.set_metabase_password(at("2004-06-15T05:40:00Z"), "Frieda:31-12-1");
  start_applications(server, {"2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

// The same, and in the morning somebody mends it as it should be done.
MadeFiles mended_outage() {
  MadeServer server(shop());
  reset_and_restart(server);
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  const MadeSession morning = administrator(server, "2004-06-15T07:00:00Z");
  server.set_password(at("2004-06-15T07:03:20.125Z"), server.iwam(), "Renewed:2004-06", morning);
  server.set_metabase_password(at("2004-06-15T07:04:02Z"), "Renewed:2004-06");
  server.synchronise_com_plus(at("2004-06-15T07:05:31.8125Z"));
  start_applications(server, {"2004-06-15T07:06:11Z", "2004-06-16T06:00:30Z"});
  return server.files(at("2004-06-16T08:00:00Z"));
}

// IIS starts and gives its account the password of the metabase, which it had. COM+ has it too.
MadeFiles iis_resynchronised() {
  MadeServer server(shop());
  ordinary_days(server);
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  server.resynchronise(at("2004-06-14T22:11:00.5Z"));
  start_applications(server, {"2004-06-14T22:12:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

}  // namespace iwamtrace
