// What intruders, and the innocents who look like them, do to a made server of NT5.
#include <array>
#include <charconv>
#include <stdexcept>

#include "make/made_server.h"

namespace iwamtrace {
namespace {

std::string quoted(const Sid& sid) { return "%{" + to_string(sid) + "}"; }

std::string logon_id_of(const MadeSession& session) {
  std::array<char, 16> digits{};
  const char* end =
      std::to_chars(digits.data(), digits.data() + digits.size(), session.logon_id, 16).ptr;
  return "(0x0,0x" + std::string(static_cast<const char*>(digits.data()), end) + ")";
}

}  // namespace

MadeSession MadeServer::machine() const {
  return {setup_.name + "$", "WORKGROUP", well_known::kSystem, 0x3E7};
}

void MadeServer::start_process(Timestamp time, std::uint32_t process, std::string_view image,
                               std::uint32_t parent, const MadeSession& by) {
  tracks_processes_ = true;
  security_event(time, 592, 4688, true,
                 {std::to_string(process), std::string(image), std::to_string(parent), by.user,
                  by.domain, logon_id_of(by)},
                 {});
}

void MadeServer::create_user(Timestamp time, std::string_view name, std::string_view password,
                             const MadeSession& by) {
  add_user(time, name, password);
  const std::string sid = quoted(sid_of(account(name)));
  const std::string id = logon_id_of(by);
  const std::string named(name);
  security_event(time, 624, 4720, true, {named, setup_.name, sid, by.user, by.domain, id, "-"}, {});
  security_event(time, 626, 4722, true, {named, setup_.name, sid, by.user, by.domain, id}, {});
}

void MadeServer::make_administrator(Timestamp time, std::string_view name, const MadeSession& by) {
  const Sid sid = sid_of(account(name));
  administrators_.push_back(sid);
  security_event(time, 636, 4732, true,
                 {"-", quoted(sid), "Administrators", "Builtin",
                  quoted(well_known::kAdministrators), by.user, by.domain, logon_id_of(by), "-"},
                 {});
}

// The Security log alone; what it held is gone, and the record of it is the first of the new one.
void MadeServer::clear_security_log(Timestamp time, const MadeSession& by) {
  security_evt_ = EvtWriter();
  security_event(time, 517, 1102, true,
                 {"SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", by.user, by.domain, logon_id_of(by)},
                 {});
}

void MadeServer::set_audit_policy(Timestamp time, bool audits, const MadeSession& by) {
  const std::string on = audits ? "+" : "-";
  // System, logon, objects, privileges, processes, policy, accounts, directory, account logon;
  // success and failure of each.
  security_event(time, 612, 4719, true, {"-", "-", on,  on,  "-",     "-",       "-",
                                         "-", "-", "-", on,  "-",     on,        "-",
                                         "-", "-", on,  "-", by.user, by.domain, logon_id_of(by)},
                 {});
  audits_ = audits;
}

void MadeServer::install_service(Timestamp time, std::string_view name, std::string_view image,
                                 const MadeSession& by) {
  MadeService service;
  service.name = name;
  service.display_name = name;
  service.image_path = image;
  service.start = 2;
  service.written = time;
  services_.push_back(std::move(service));
  security_event(time, 601, 4697, true,
                 {std::string(name), std::string(image), "16", "2", "LocalSystem", by.user,
                  by.domain, logon_id_of(by)},
                 {});
}

// As SQL Server 2000 writes every message.
void MadeServer::sql_message(Timestamp time, std::string_view text) {
  application_event(time, "MSSQLSERVER", 0x4000429F, kEvtInformation, {std::string(text)});
}

void MadeServer::publish(Timestamp time, std::string_view location, std::string_view path,
                         std::string_view flags) {
  folders_.push_back({std::string(location), std::string(path), std::string(flags)});
  save_metabase(time);
}

}  // namespace iwamtrace
