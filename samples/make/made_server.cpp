#include "make/made_server.h"

#include <algorithm>
#include <stdexcept>

namespace iwamtrace {
namespace {

constexpr std::uint32_t kBatch = 4;
constexpr std::int64_t kDay = Timestamp::kTicksPerDay;

Timestamp after(Timestamp time, std::int64_t milliseconds) {
  return Timestamp{time.ticks + milliseconds * 10'000};
}

}  // namespace

MadeServer::MadeServer(const MadeServerSetup& setup)
    : setup_(setup),
      iwam_("IWAM_" + setup.name),
      machine_sid_(Sid{1, 4, 5, {21, 1844237615, 1604221776, 839522115}}) {
  const auto add = [&](std::uint32_t rid, std::string name, std::string comment,
                       std::string password, std::uint32_t flags) {
    Account account;
    account.user.rid = rid;
    account.user.name = std::move(name);
    account.user.comment = std::move(comment);
    account.user.flags = flags;
    account.user.created = setup.installed;
    account.user.password_last_set = setup.installed;
    account.passwords = {std::move(password)};
    accounts_.push_back(std::move(account));
  };
  add(500, "Administrator", "Built-in account for administering the computer/domain",
      "Correct-Horse-1", kNormalAccount);
  add(501, "Guest", "Built-in account for guest access to the computer/domain", "",
      kNormalAccount | kAccountDisabled | kPasswordNotRequired | kPasswordNeverExpires);
  add(1003, "IUSR_" + setup.name,
      "Built-in account for anonymous access to Internet Information "
      "Services",
      "b5;Wn8'Q(h3&zk", kNormalAccount | kPasswordNeverExpires);
  add(1004, iwam_,
      "Built-in account for Internet Information Services to start out of process "
      "applications",
      setup.iwam_password, kNormalAccount | kPasswordNeverExpires);
  next_rid_ = 1006;  // 1005 is IIS_WPG
  com_plus_password_ = metabase_password_ = setup.iwam_password;
  // The set-up program writes the three copies one after the other.
  com_plus_set_ = com_plus_set_before_ = after(setup.installed, 2'437);
  save_metabase(after(setup.installed, 60'000));
}

MadeSession MadeServer::system() { return {"SYSTEM", "NT AUTHORITY", well_known::kSystem, 0x3E7}; }

MadeServer::Account& MadeServer::account(std::string_view name) {
  const auto found = std::ranges::find_if(
      accounts_, [&](const Account& account) { return account.user.name == name; });
  if (found == accounts_.end()) {
    throw std::invalid_argument("no account " + std::string(name));
  }
  return *found;
}

Sid MadeServer::sid_of(const Account& account) const { return machine_sid_.with(account.user.rid); }

void MadeServer::boot(Timestamp time) {
  const bool old = !nt6();
  system_event(
      time, "EventLog", 0x80001779, kEvtInformation,
      old ? std::vector<std::string>{"5.02.", "3790", "Service Pack 1", "Uniprocessor Free"}
          : std::vector<std::string>{"6.00.", "6001", "Service Pack 1", "Uniprocessor Free"});
  system_event(time, "EventLog", 0x80001775, kEvtInformation, {});
  security_event(after(time, 100), 512, 4608, true, {}, {});
  service_state(after(time, 41'000), "IIS Admin Service", "running");
  service_state(after(time, 42'000), "World Wide Web Publishing Service", "running");
}

void MadeServer::shut_down(Timestamp time) {
  system_event(time, "EventLog", 0x80001776, kEvtInformation, {});
}

void MadeServer::service_state(Timestamp time, std::string_view service, std::string_view state) {
  system_event(time, "Service Control Manager", 0x40001B7C, kEvtInformation,
               {std::string(service), std::string(state)});
}

void MadeServer::add_user(Timestamp time, std::string_view name, std::string_view password) {
  Account made;
  made.user.rid = next_rid_++;
  made.user.name = name;
  made.user.flags = kNormalAccount;
  made.user.created = time;
  made.user.password_last_set = time;
  made.passwords = {std::string(password)};
  accounts_.push_back(std::move(made));
}

MadeSession MadeServer::log_on(Timestamp time, std::string_view user, std::uint32_t type,
                               std::string_view workstation, std::string_view address) {
  Account& who = account(user);
  MadeSession session{who.user.name, setup_.name, sid_of(who), next_logon_id_};
  next_logon_id_ += 0x9A3;
  who.user.last_logon = time;
  who.user.written = time;
  ++who.user.logon_count;
  log_logon(time, session, type, type == kBatch ? "Advapi  " : "User32  ", workstation, address);
  return session;
}

void MadeServer::set_password(Timestamp time, std::string_view name, std::string_view password,
                              const MadeSession& by) {
  Account& target = account(name);
  target.passwords.insert(target.passwords.begin(), std::string(password));
  target.user.password_last_set = time;
  target.user.written = time;
  log_password_set(time, target, by);
}

void MadeServer::synchronise_com_plus(Timestamp time) {
  com_plus_before_ = com_plus_password_;
  com_plus_set_before_ = com_plus_set_;
  com_plus_password_ = metabase_password_;
  com_plus_set_ = time;
}

void MadeServer::set_metabase_password(Timestamp time, std::string_view password) {
  metabase_password_ = password;
  save_metabase(after(time, 60'000));
}

void MadeServer::save_metabase(Timestamp time) {
  ++metabase_major_;
  saved_.push_back(SavedMetabase{metabase_now(), time});
}

void MadeServer::start_pooled_application(Timestamp time, std::string_view path) {
  Account& iwam = account(iwam_);
  if (com_plus_password_ == iwam.passwords.front()) {
    log_on(time, iwam_, kBatch, setup_.name, "");
    return;
  }
  iwam.user.last_bad_password = time;
  iwam.user.written = time;
  ++iwam.user.bad_password_count;
  log_refused_logon(time, iwam_, kBatch);
  // Windows Server 2003 writes the same DCOM event at most once a day.
  if (!last_dcom_failure_ || time - *last_dcom_failure_ >= kDay) {
    last_dcom_failure_ = time;
    system_event(time, "DCOM", 0xC0002714, kEvtError,
                 {"1326", ".", iwam_, std::string(kPooledApplications)}, well_known::kSystem);
  }
  refuse_application(time, path);
}

void MadeServer::refuse_application(Timestamp time, std::string_view path) {
  system_event(time, "W3SVC", 0x80000024, kEvtWarning,
               {std::string(path),
                "The server process could not be started because the configured identity is "
                "incorrect.  Check the username and password. "});
}

MadeMetabase MadeServer::metabase_now() const {
  MadeWebServer web;
  web.wam_user = iwam_;
  web.anonymous_user = "IUSR_" + setup_.name;
  web.wam_password = metabase_password_;
  web.anonymous_password = "b5;Wn8'Q(h3&zk";
  web.iis5_isolation_mode = setup_.iis5_isolation_mode;
  web.applications = {MadeWebApplication{"/LM/W3SVC/1/ROOT", "Default Application", 2},
                      MadeWebApplication{"/LM/W3SVC/1/ROOT/shop", "Shop", 2}};
  web.iis_wpg = machine_sid_.with(1005);
  MadeMetabase metabase = metabase_of(web);
  metabase.major = metabase_major_;
  metabase.change_number = 400 + metabase_major_;
  metabase.schema_written = setup_.installed;
  return metabase;
}

}  // namespace iwamtrace
