// What may be done to a made server besides setting passwords: its hives and its logs tell of it as
// those of a real one do.
#include <algorithm>
#include <stdexcept>

#include "make/made_server.h"

namespace iwamtrace {
namespace {

std::string quoted(const Sid& sid) { return "%{" + to_string(sid) + "}"; }

constexpr std::int64_t kSecond = Timestamp::kTicksPerSecond;

}  // namespace

void MadeServer::take_batch_right(Timestamp time, bool of_group, const MadeSession& by) {
  (of_group ? group_batch_right_ : batch_right_) = false;
  const Sid sid = of_group ? machine_sid_.with(1005) : sid_of(account(iwam_));
  EvtxEventData data;
  data.fields = {{"TargetSid", EvtxValue::sid(sid)},
                 {"AccessRemoved", EvtxValue::text("SeBatchLogonRight")}};
  log_change(time, 622, 4718, {"SeBatchLogonRight", quoted(sid)}, std::move(data), by, true);
}

void MadeServer::disable(Timestamp time, std::string_view name, const MadeSession& by) {
  Account& target = account(name);
  target.user.flags |= kAccountDisabled;
  target.user.written = time;
  const Sid sid = sid_of(target);
  EvtxEventData data;
  data.fields = {{"TargetUserName", EvtxValue::text(name)},
                 {"TargetDomainName", EvtxValue::text(setup_.name)},
                 {"TargetSid", EvtxValue::sid(sid)}};
  log_change(time, 629, 4725, {std::string(name), setup_.name, quoted(sid)}, std::move(data), by);
}

void MadeServer::guess_passwords(Timestamp time, std::string_view name, int count,
                                 std::string_view workstation, std::string_view address) {
  Account& target = account(name);
  const Sid sid = sid_of(target);
  for (int guess = 0; guess < count; ++guess) {
    const Timestamp now{time.ticks + std::int64_t{2} * guess * kSecond};
    const bool locked = (target.user.flags & kAccountLocked) != 0;
    log_refused_logon(now, name, 3,
                      locked ? Refusal{1909, 539, 0xC0000234, 0, "%%2307"}
                             : Refusal{1326, 529, 0xC000006D, 0xC000006A, "%%2313"},
                      workstation, address);
    if (locked) {
      continue;
    }
    target.user.last_bad_password = now;
    target.user.written = now;
    ++target.user.bad_password_count;
    if (setup_.lockout_threshold != 0 &&
        target.user.bad_password_count >= setup_.lockout_threshold) {
      target.user.flags |= kAccountLocked;
      EvtxEventData data;
      data.fields = {{"TargetUserName", EvtxValue::text(name)},
                     {"TargetDomainName", EvtxValue::text(workstation)},
                     {"TargetSid", EvtxValue::sid(sid)}};
      log_change(now, 644, 4740, {std::string(name), std::string(workstation), quoted(sid)},
                 std::move(data), {setup_.name + "$", "WORKGROUP", well_known::kSystem, 0x3E7});
    }
  }
}

// No record: the next logon clears flag and count.
void MadeServer::unlock(Timestamp time, std::string_view name) {
  MadeUser& user = account(name).user;
  user.flags &= ~static_cast<std::uint32_t>(kAccountLocked);
  user.bad_password_count = 0;
  user.written = time;
}

void MadeServer::let_password_expire(Timestamp time, std::string_view name, const MadeSession& by) {
  Account& target = account(name);
  target.user.flags &= ~static_cast<std::uint32_t>(kPasswordNeverExpires);
  target.user.written = time;
  const Sid sid = sid_of(target);
  EvtxEventData data;
  data.fields = {{"Dummy", EvtxValue::text("-")},
                 {"TargetUserName", EvtxValue::text(name)},
                 {"TargetDomainName", EvtxValue::text(setup_.name)},
                 {"TargetSid", EvtxValue::sid(sid)}};
  log_change(time, 642, 4738, {"-", std::string(name), setup_.name, quoted(sid)}, std::move(data),
             by);
}

void MadeServer::take_out_of_users(Timestamp time, const Sid& member, const MadeSession& by) {
  std::erase(users_members_, member);
  log_users(time, 637, 4733, member, by);
}

void MadeServer::put_into_users(Timestamp time, const Sid& member, const MadeSession& by) {
  users_members_.push_back(member);
  log_users(time, 636, 4732, member, by);
}

void MadeServer::log_users(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id,
                           const Sid& member, const MadeSession& by) {
  EvtxEventData data;
  data.fields = {{"MemberName", EvtxValue::text("-")},
                 {"MemberSid", EvtxValue::sid(member)},
                 {"TargetUserName", EvtxValue::text("Users")},
                 {"TargetDomainName", EvtxValue::text("Builtin")},
                 {"TargetSid", EvtxValue::sid(well_known::kUsers)}};
  log_change(time, nt5_id, nt6_id,
             {"-", quoted(member), "Users", "Builtin", quoted(well_known::kUsers)}, std::move(data),
             by);
}

void MadeServer::set_service_start(Timestamp time, std::string_view name, std::uint32_t start,
                                   const MadeSession& by) {
  const auto service = std::ranges::find(services_, name, &MadeService::name);
  if (service == services_.end()) {
    throw std::invalid_argument("no service " + std::string(name));
  }
  const auto in_words = [](std::uint32_t type) {
    return std::string(type == 2 ? "auto start" : type == 3 ? "demand start" : "disabled");
  };
  system_event(time, "Service Control Manager", 0x40001B80, kEvtInformation,
               {service->display_name, in_words(service->start), in_words(start)}, by.sid);
  service->start = start;
  service->written = time;
}

void MadeServer::remove_service(std::string_view name) {
  std::erase_if(services_, [&](const MadeService& service) { return service.name == name; });
}

void MadeServer::close_launch_permission() { launch_closed_ = true; }
void MadeServer::close_files() { files_closed_ = true; }

void MadeServer::edit_com_plus(Timestamp time, std::string_view password) {
  com_plus_before_ = com_plus_password_;
  com_plus_set_before_ = com_plus_set_;
  com_plus_password_ = password;
  com_plus_set_ = time;
}

void MadeServer::resynchronise(Timestamp time) {
  Account& iwam = account(iwam_);
  iwam.passwords.insert(iwam.passwords.begin(), metabase_password_);
  iwam.user.password_last_set = time;
  iwam.user.written = time;
  log_password_set(time, iwam,
                   {setup_.name + "$", "WORKGROUP", well_known::kSystem, system().logon_id});
}

// As a domain controller does that becomes a server again: same name, another account.
void MadeServer::make_account_anew(Timestamp time, std::string_view password) {
  Account& iwam = account(iwam_);
  iwam.user.rid = next_rid_++;
  iwam.user.created = iwam.user.password_last_set = iwam.user.written = time;
  iwam.user.last_logon.reset();
  iwam.user.logon_count = 0;
  iwam.passwords = {std::string(password)};
}

void MadeServer::rename(Timestamp time, std::string_view name) {
  system_event(time, "EventLog", 0xC000177B, kEvtInformation, {setup_.name, std::string(name)});
  setup_.name = name;
}

void MadeServer::set_protection(Timestamp time, std::string_view application,
                                std::uint32_t isolated) {
  for (MadeWebApplication& one : applications_) {
    if (one.path == application) {
      one.isolated = isolated;
    }
  }
  save_metabase(time);
}

void MadeServer::name_other_account(Timestamp time, std::string_view account) {
  metabase_account_ = account;
  save_metabase(time);
}

void MadeServer::application_event(Timestamp time, std::string_view source, std::uint32_t event_id,
                                   std::uint16_t type, std::vector<std::string> strings) {
  has_application_log_ = true;
  application_evt_.record(EvtEvent{.time_generated = time,
                                   .event_id = event_id,
                                   .type = type,
                                   .source = std::string(source),
                                   .computer = setup_.name,
                                   .strings = std::move(strings)});
}

}  // namespace iwamtrace
