#include "make/made_server.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace iwamtrace {
namespace {

constexpr std::uint32_t kBatch = 4;
constexpr std::int64_t kDay = Timestamp::kTicksPerDay;
constexpr std::string_view kWrongIdentity =
    "The server process could not be started because the configured identity is incorrect.  Check "
    "the username and password. ";
constexpr std::string_view kDenied = "General access denied error ";

Timestamp after(Timestamp time, std::int64_t milliseconds) {
  return Timestamp{time.ticks + milliseconds * 10'000};
}

std::vector<MadeService> usual_services() {
  const std::string inetinfo = "C:\\WINDOWS\\system32\\inetsrv\\inetinfo.exe";
  const std::string svchost = "%SystemRoot%\\System32\\svchost.exe -k ";
  return {
      MadeService{.name = "IISADMIN", .image_path = inetinfo, .display_name = "IIS Admin Service"},
      MadeService{.name = "W3SVC",
                  .image_path = svchost + "iissvcs",
                  .display_name = "World Wide Web Publishing Service",
                  .depends_on = {"IISADMIN"}},
      MadeService{.name = "MSDTC",
                  .type = 0x10,
                  .image_path = "C:\\WINDOWS\\system32\\msdtc.exe",
                  .account = "NT AUTHORITY\\NetworkService",
                  .display_name = "Distributed Transaction Coordinator"},
      MadeService{.name = "RpcSs", .image_path = svchost + "rpcss"},
      MadeService{.name = "EventSystem", .start = 3, .image_path = svchost + "netsvcs"},
      MadeService{.name = "COMSysApp",
                  .start = 3,
                  .type = 0x10,
                  .image_path = "C:\\WINDOWS\\system32\\dllhost.exe"}};
}

}  // namespace

MadeServer::MadeServer(const MadeServerSetup& setup)
    : setup_(setup),
      first_name_(setup.name),
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
  services_ = usual_services();
  users_members_ = {well_known::kInteractive, well_known::kAuthenticatedUsers};
  metabase_account_ = iwam_;
  applications_ = {MadeWebApplication{"/LM/W3SVC/1/ROOT", "Default Application", 2},
                   MadeWebApplication{"/LM/W3SVC/1/ROOT/shop", "Shop", 2}};
  if (is_2000()) {
    group_batch_right_ = false;  // there is no IIS_WPG
  }
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
  using Strings = std::vector<std::string>;
  system_event(time, "EventLog", 0x80001779, kEvtInformation,
               is_2000() ? Strings{"5.00.", "2195", "Service Pack 4", "Uniprocessor Free"}
               : nt6()   ? Strings{"6.00.", "6001", "Service Pack 1", "Uniprocessor Free"}
                         : Strings{"5.02.", "3790", setup_.service_pack, "Uniprocessor Free"});
  system_event(time, "EventLog", 0x80001775, kEvtInformation, {});
  security_event(after(time, 100), 512, 4608, true, {}, {});
  service_state(after(time, 41'000), "IIS Admin Service", "running");
  service_state(after(time, 42'000), "World Wide Web Publishing Service", "running");
}

void MadeServer::shut_down(Timestamp time) {
  system_event(time, "EventLog", 0x80001776, kEvtInformation, {});
}

// Windows 2000 does not log it.
void MadeServer::service_state(Timestamp time, std::string_view service, std::string_view state) {
  if (is_2000()) {
    return;
  }
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

// In the order in which Windows checks: the permission to launch, the logon, and what the process
// needs before it has registered itself.
void MadeServer::start_pooled_application(Timestamp time, std::string_view path) {
  const std::string pooled(kPooledApplications);
  if (!has_service("MSDTC")) {
    application_event(time, "COM+", 0xC0001003, kEvtError, {"Error Code = 0x8004E00F"});
    system_event(time, "W3SVC", 0xC000003B, kEvtError, {});
    refuse(time, path, "8004E00F");
    return;
  }
  if (launch_closed_) {
    dcom_event(time, 0xC0002712, {pooled, "SYSTEM", "NT AUTHORITY", "S-1-5-18"});
    refuse(time, path, kDenied);
    return;
  }
  if (const auto refusal = refusal_of_start(time)) {
    log_refused_logon(time, iwam_, kBatch, *refusal, setup_.name, "");
    dcom_event(time, 0xC0002714, {std::to_string(refusal->win32), ".", iwam_, pooled});
    refuse(time, path, kWrongIdentity);
    return;
  }
  log_on(time, iwam_, kBatch, setup_.name, "");
  if (files_closed_) {
    dcom_event(
        time, 0xC0002711,
        {R"(C:\WINDOWS\system32\dllhost.exe /Processid:)" + pooled, "5", pooled, ".", iwam_});
    system_event(time, "WAM", 0xC00000CD, kEvtError, {std::string(path)});
    refuse(time, path, kDenied);
  } else if (users_members_.size() < 2) {
    dcom_event(after(time, 30'000), 0xC000271A, {pooled});
    refuse(after(time, 30'000), path, "Server execution failed ");
  }
}

std::optional<MadeServer::Refusal> MadeServer::refusal_of_start(Timestamp time) {
  constexpr std::uint32_t kFailure = 0xC000006D;
  MadeUser& iwam = account(iwam_).user;
  if ((iwam.flags & kAccountLocked) != 0) {
    return Refusal{1909, 539, 0xC0000234, 0, "%%2307"};
  }
  if (com_plus_password_ != account(iwam_).passwords.front()) {
    iwam.last_bad_password = time;
    iwam.written = time;
    ++iwam.bad_password_count;
    return Refusal{1326, 529, kFailure, 0xC000006A, "%%2313"};
  }
  if ((iwam.flags & kAccountDisabled) != 0) {
    return Refusal{1331, 531, 0xC000006E, 0xC0000072, "%%2310"};
  }
  constexpr std::int64_t kMaximumAge = 42 * kDay;
  if ((iwam.flags & kPasswordNeverExpires) == 0 && iwam.password_last_set &&
      time - *iwam.password_last_set > kMaximumAge) {
    return Refusal{1330, 535, 0xC000006E, 0xC0000071, "%%2309"};
  }
  if (!may_log_on_as_batch()) {
    return Refusal{1385, 534, 0xC000015B, 0, "%%2308"};
  }
  return std::nullopt;
}

bool MadeServer::has_service(std::string_view name) const {
  return std::ranges::any_of(services_,
                             [&](const MadeService& service) { return service.name == name; });
}

void MadeServer::refuse_application(Timestamp time, std::string_view path) {
  refuse(time, path, kWrongIdentity);
}

void MadeServer::refuse(Timestamp time, std::string_view path, std::string_view words) {
  system_event(time, "W3SVC", 0x80000024, kEvtWarning, {std::string(path), std::string(words)});
}

void MadeServer::dcom_event(Timestamp time, std::uint32_t event_id,
                            std::vector<std::string> strings) {
  const auto last = last_dcom_events_.find(event_id);
  if (last == last_dcom_events_.end() || time - last->second >= kDay) {
    last_dcom_events_[event_id] = time;
    system_event(time, "DCOM", event_id, kEvtError, std::move(strings), well_known::kSystem);
  }
}

MadeMetabase MadeServer::metabase_now() const {
  MadeWebServer web;
  web.wam_user = metabase_account_;
  web.anonymous_user = "IUSR_" + first_name_;
  web.wam_password = metabase_password_;
  web.anonymous_password = "b5;Wn8'Q(h3&zk";
  web.iis5_isolation_mode = setup_.iis5_isolation_mode;
  web.applications = applications_;
  web.iis_wpg = machine_sid_.with(1005);
  MadeMetabase metabase = metabase_of(web);
  for (const Folder& folder : folders_) {
    metabase.make("IIsWebVirtualDir", folder.location)
        .set(MadeProperty::text("AccessFlags", folder.flags))
        .set(MadeProperty::text("Path", folder.path));
  }
  metabase.major = metabase_major_;
  metabase.change_number = 400 + metabase_major_;
  metabase.schema_written = setup_.installed;
  return metabase;
}

}  // namespace iwamtrace
