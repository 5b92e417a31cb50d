// What was done to the account itself, while the three copies of its password agree.
#include "make/stories.h"

namespace iwamtrace {
namespace {

// In the evening the server restarts, and the next morning somebody looks.
MadeFiles restart_and_fail(MadeServer& server) {
  server.shut_down(at("2004-06-14T22:08:44Z"));
  server.boot(at("2004-06-14T22:10:17Z"));
  start_applications(server, {"2004-06-14T22:11:02Z", "2004-06-15T06:02:27Z"});
  return server.files(at("2004-06-15T08:00:00Z"));
}

// On the 14th, logged on by remote desktop, somebody does something; in the evening it shows.
template <typename Act>
MadeFiles when_lang(Act act, bool with_trainee = false) {
  MadeServer server(shop());
  ordinary_days(server);
  if (with_trainee) {  // another account that things may be done to
    server.add_user(at("2004-06-01T09:00:00Z"), "trainee", "Sommer2004");
  }
  const MadeSession person = lang(server);
  act(server, person);
  server.log_off(at("2004-06-14T16:10:00Z"), person);
  return restart_and_fail(server);
}

}  // namespace

MadeFiles right_taken() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.take_batch_right(at("2004-06-14T16:02:30Z"), true, lang);
    server.take_batch_right(at("2004-06-14T16:03:10Z"), false, lang);
  });
}

// The account loses the right, and its group gives it still.
MadeFiles right_through_group() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.take_batch_right(at("2004-06-14T16:03:10Z"), false, lang);
  });
}

MadeFiles account_disabled() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.disable(at("2004-06-14T16:03:10Z"), server.iwam(), lang);
  });
}

MadeFiles other_account_disabled() {
  return when_lang(
      [](MadeServer& server, const MadeSession& lang) {
        server.disable(at("2004-06-14T16:03:10Z"), "trainee", lang);
      },
      true);
}

MadeFiles account_locked() {
  MadeServerSetup setup = shop();
  setup.lockout_threshold = 5;
  setup.lockout_duration = 0;  // until an administrator unlocks it
  MadeServer server(setup);
  ordinary_days(server);
  server.guess_passwords(at("2004-06-14T21:40:00Z"), server.iwam(), 7, "WORKSTATION", "10.9.8.7");
  return restart_and_fail(server);
}

// Somebody tries passwords of the account; the lock lasts for half an hour and is over.
MadeFiles lock_ran_out() {
  MadeServerSetup setup = shop();
  setup.lockout_threshold = 5;
  MadeServer server(setup);
  ordinary_days(server);
  server.guess_passwords(at("2004-06-14T18:40:00Z"), server.iwam(), 5, "WORKSTATION", "10.9.8.7");
  server.unlock(at("2004-06-14T22:11:02Z"), server.iwam());
  return restart_and_fail(server);
}

MadeFiles password_expired() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.let_password_expire(at("2004-06-14T16:03:10Z"), server.iwam(), lang);
  });
}

// Older than the policy allows, and it never expires: as set-up makes it.
MadeFiles old_password_kept() {
  return when_lang(
      [](MadeServer& server, const MadeSession& lang) {
        server.let_password_expire(at("2004-06-14T16:03:10Z"), "trainee", lang);
      },
      true);
}

MadeFiles users_group_incomplete() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.take_out_of_users(at("2004-06-14T16:03:10Z"), well_known::kAuthenticatedUsers, lang);
    server.take_out_of_users(at("2004-06-14T16:03:25Z"), well_known::kInteractive, lang);
  });
}

// Taken out by mistake and put back at once; another server of DCOM is slow.
MadeFiles users_group_restored() {
  return when_lang([](MadeServer& server, const MadeSession& lang) {
    server.take_out_of_users(at("2004-06-14T16:03:10Z"), well_known::kAuthenticatedUsers, lang);
    server.put_into_users(at("2004-06-14T16:04:45Z"), well_known::kAuthenticatedUsers, lang);
    server.system_event(at("2004-06-14T19:13:31Z"), "DCOM", 0xC000271A, kEvtError,
                        {"{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"}, well_known::kSystem);
  });
}

// The server was a domain controller and is one no more: its accounts are new, and COM+ and the
// metabase know the passwords of the former ones.
MadeFiles account_made_anew() {
  MadeServer server(shop());
  ordinary_days(server);
  server.shut_down(at("2004-06-14T15:58:00Z"));
  server.make_account_anew(at("2004-06-14T16:03:10Z"), "p0:Zu9.wq7!Lm");
  return restart_and_fail(server);
}

// The same, and synciwam.vbs was run after the metabase had been told.
MadeFiles account_made_anew_and_told() {
  MadeServer server(shop());
  ordinary_days(server);
  server.shut_down(at("2004-06-14T15:58:00Z"));
  server.make_account_anew(at("2004-06-14T16:03:10Z"), "Renewed:2004-06");
  server.set_metabase_password(at("2004-06-14T16:20:00Z"), "Renewed:2004-06");
  server.synchronise_com_plus(at("2004-06-14T16:25:00Z"));
  return restart_and_fail(server);
}

}  // namespace iwamtrace
