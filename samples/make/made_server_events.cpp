// The layouts of the events that a made server writes: strings in order for Windows Server 2003,
// named data for Windows Server 2008.
#include <array>
#include <charconv>

#include "make/made_server.h"

namespace iwamtrace {
namespace {

std::string hexadecimal(std::uint64_t number, bool capitals) {
  std::array<char, 16> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  std::string text(static_cast<const char*>(digits.data()), end);
  if (capitals) {
    for (char& digit : text) {
      digit = digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
    }
  }
  return text;
}

// "(0x0,0x1F3A2)".
std::string nt5_logon_id(std::uint64_t id) {
  return "(0x" + hexadecimal(id >> 32, true) + ",0x" + hexadecimal(id & 0xFFFFFFFF, true) + ")";
}

std::string nt5_sid(const Sid& sid) { return "%{" + to_string(sid) + "}"; }

// The provider and the channel that write a source's events on NT6.
struct Nt6Provider {
  std::string_view source, provider, guid;
};
constexpr std::array kProviders{Nt6Provider{"DCOM", "Microsoft-Windows-DistributedCOM",
                                            "{1B562E86-B7AA-4131-BADC-B6F3A001407E}"},
                                Nt6Provider{"Service Control Manager", "Service Control Manager",
                                            "{555908d1-a6d7-4695-8e1e-26931d2012f4}"},
                                Nt6Provider{"EventLog", "EventLog", ""}};

std::uint8_t nt6_level(std::uint16_t type) {
  return type == kEvtError ? 2 : type == kEvtWarning ? 3 : 4;
}

}  // namespace

void MadeServer::system_event(Timestamp time, std::string_view source, std::uint32_t event_id,
                              std::uint16_t type, std::vector<std::string> strings,
                              std::optional<Sid> user) {
  if (!nt6()) {
    system_evt_.record(EvtEvent{.time_generated = time,
                                .event_id = event_id,
                                .type = type,
                                .source = std::string(source),
                                .computer = setup_.name,
                                .user = user,
                                .strings = std::move(strings)});
    return;
  }
  EvtxEvent event;
  event.provider = source;
  for (const Nt6Provider& known : kProviders) {
    if (known.source == source) {
      event.provider = known.provider;
      event.event_source_name = std::string(known.source);
      if (!known.guid.empty()) {
        event.provider_guid = std::string(known.guid);
      }
    }
  }
  event.event_id = static_cast<std::uint16_t>(event_id);
  event.qualifiers = static_cast<std::uint16_t>(event_id >> 16);
  event.level = nt6_level(type);
  event.keywords = 0x80000000000000;
  event.time = time;
  event.channel = "System";
  event.computer = setup_.name;
  event.user = user;
  EvtxEventData data;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    data.fields.push_back(
        EvtxField{.name = "param" + std::to_string(i + 1), .value = EvtxValue::text(strings[i])});
  }
  event.payload = data;
  system_evtx_.record(event);
}

void MadeServer::security_event(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id,
                                bool success, std::vector<std::string> nt5_strings,
                                EvtxEventData nt6_data) {
  if (!audits_) {
    return;
  }
  if (!nt6()) {
    security_evt_.record(EvtEvent{.time_generated = time,
                                  .event_id = nt5_id,
                                  .type = success ? kEvtAuditSuccess : kEvtAuditFailure,
                                  .source = "Security",
                                  .computer = setup_.name,
                                  .user = well_known::kSystem,
                                  .strings = std::move(nt5_strings)});
    return;
  }
  EvtxEvent event;
  event.provider = "Microsoft-Windows-Security-Auditing";
  event.provider_guid = "{54849625-5478-4994-A5BA-3E3B0328C30D}";
  event.event_id = nt6_id;
  event.keywords = success ? 0x8020000000000000 : 0x8010000000000000;
  event.time = time;
  event.channel = "Security";
  event.computer = setup_.name;
  event.payload = std::move(nt6_data);
  security_evtx_.record(event);
}

void MadeServer::log_logon(Timestamp time, const MadeSession& session, std::uint32_t type,
                           std::string_view process, std::string_view workstation,
                           std::string_view address) {
  const std::string host = setup_.name + "$";
  const std::string from(address.empty() ? "-" : address);
  const std::string station(workstation);
  EvtxEventData data;
  data.fields = {{"SubjectUserSid", EvtxValue::sid(well_known::kSystem)},
                 {"SubjectUserName", EvtxValue::text(host)},
                 {"SubjectDomainName", EvtxValue::text("WORKGROUP")},
                 {"SubjectLogonId", EvtxValue::hex64(0x3E7)},
                 {"TargetUserSid", EvtxValue::sid(session.sid)},
                 {"TargetUserName", EvtxValue::text(session.user)},
                 {"TargetDomainName", EvtxValue::text(session.domain)},
                 {"TargetLogonId", EvtxValue::hex64(session.logon_id)},
                 {"LogonType", EvtxValue::uint32(type)},
                 {"LogonProcessName", EvtxValue::text(process)},
                 {"AuthenticationPackageName", EvtxValue::text("Negotiate")},
                 {"WorkstationName", EvtxValue::text(station)},
                 {"LogonGuid", EvtxValue::guid("{00000000-0000-0000-0000-000000000000}")},
                 {"TransmittedServices", EvtxValue::text("-")},
                 {"LmPackageName", EvtxValue::text("-")},
                 {"KeyLength", EvtxValue::uint32(0)},
                 {"ProcessId", EvtxValue::pointer(0x25C)},
                 {"ProcessName", EvtxValue::text("C:\\Windows\\System32\\svchost.exe")},
                 {"IpAddress", EvtxValue::text(from)},
                 {"IpPort", EvtxValue::text("-")}};
  std::vector<std::string> strings{session.user,
                                   session.domain,
                                   nt5_logon_id(session.logon_id),
                                   std::to_string(type),
                                   std::string(process),
                                   "Negotiate",
                                   station};
  if (!is_2000()) {
    strings.insert(strings.end(), {"{00000000-0000-0000-0000-000000000000}", host, "WORKGROUP",
                                   "(0x0,0x3E7)", "604", "-", from, "-"});
  }
  security_event(time, 528, 4624, true, std::move(strings), std::move(data));
}

void MadeServer::log_off(Timestamp time, const MadeSession& session) {
  EvtxEventData data;
  data.fields = {{"TargetUserSid", EvtxValue::sid(session.sid)},
                 {"TargetUserName", EvtxValue::text(session.user)},
                 {"TargetDomainName", EvtxValue::text(session.domain)},
                 {"TargetLogonId", EvtxValue::hex64(session.logon_id)}};
  security_event(time, 551, 4647, true,
                 {session.user, session.domain,
                  "(0x0,0x" + hexadecimal(session.logon_id, false) + ")"},  // in small letters
                 std::move(data));
}

void MadeServer::log_refused_logon(Timestamp time, std::string_view user, std::uint32_t type,
                                   const Refusal& why, std::string_view workstation,
                                   std::string_view address) {
  const std::string host = setup_.name + "$";
  const std::string name(user);
  const std::string station(workstation);
  const std::string from(address.empty() ? "-" : address);
  const std::string process = type == 3 ? "NtLmSsp " : "Advapi  ";
  const std::string package = type == 3 ? "NTLM" : "Negotiate";
  EvtxEventData data;
  data.fields = {{"SubjectUserSid", EvtxValue::sid(well_known::kSystem)},
                 {"SubjectUserName", EvtxValue::text(host)},
                 {"SubjectDomainName", EvtxValue::text("WORKGROUP")},
                 {"SubjectLogonId", EvtxValue::hex64(0x3E7)},
                 {"TargetUserSid", EvtxValue::sid(Sid{1, 1, 0, {0}})},
                 {"TargetUserName", EvtxValue::text(name)},
                 {"TargetDomainName", EvtxValue::text(setup_.name)},
                 {"Status", EvtxValue::hex32(why.status)},
                 {"FailureReason", EvtxValue::text(why.reason)},
                 {"SubStatus", EvtxValue::hex32(why.sub_status)},
                 {"LogonType", EvtxValue::uint32(type)},
                 {"LogonProcessName", EvtxValue::text(process)},
                 {"AuthenticationPackageName", EvtxValue::text(package)},
                 {"WorkstationName", EvtxValue::text(station)},
                 {"TransmittedServices", EvtxValue::text("-")},
                 {"LmPackageName", EvtxValue::text("-")},
                 {"KeyLength", EvtxValue::uint32(0)},
                 {"ProcessId", EvtxValue::pointer(0x25C)},
                 {"ProcessName", EvtxValue::text("C:\\Windows\\System32\\svchost.exe")},
                 {"IpAddress", EvtxValue::text(from)},
                 {"IpPort", EvtxValue::text("-")}};
  std::vector<std::string> strings{name,    setup_.name, std::to_string(type),
                                   process, package,     station};
  if (!is_2000()) {
    strings.insert(strings.end(), {host, "WORKGROUP", "(0x0,0x3E7)", "604", "-", from, "-"});
  }
  security_event(time, why.nt5_id, 4625, false, std::move(strings), std::move(data));
}

void MadeServer::log_change(Timestamp time, std::uint16_t nt5_id, std::uint16_t nt6_id,
                            std::vector<std::string> nt5_strings, EvtxEventData nt6_data,
                            const MadeSession& by, bool caller_first) {
  const std::vector<std::string> caller{by.user, by.domain, nt5_logon_id(by.logon_id)};
  nt5_strings.insert(caller_first ? nt5_strings.begin() : nt5_strings.end(), caller.begin(),
                     caller.end());
  // Changes of accounts and groups name the privileges that were used last: none.
  if (nt5_id == 636 || nt5_id == 637 || nt5_id == 642) {
    nt5_strings.emplace_back("-");
  }
  const std::vector<EvtxField> subject{{"SubjectUserSid", EvtxValue::sid(by.sid)},
                                       {"SubjectUserName", EvtxValue::text(by.user)},
                                       {"SubjectDomainName", EvtxValue::text(by.domain)},
                                       {"SubjectLogonId", EvtxValue::hex64(by.logon_id)}};
  nt6_data.fields.insert(caller_first ? nt6_data.fields.begin() : nt6_data.fields.end(),
                         subject.begin(), subject.end());
  security_event(time, nt5_id, nt6_id, true, std::move(nt5_strings), std::move(nt6_data));
}

// Windows 2000 writes an administrator's reset as an attempt to change (627), later ones as 628.
void MadeServer::log_password_set(Timestamp time, const Account& target, const MadeSession& by) {
  const Sid sid = sid_of(target);
  const std::string& name = target.user.name;
  EvtxEventData reset;
  reset.fields = {{"TargetUserName", EvtxValue::text(name)},
                  {"TargetDomainName", EvtxValue::text(setup_.name)},
                  {"TargetSid", EvtxValue::sid(sid)}};
  EvtxEventData changed;
  changed.fields = {{"Dummy", EvtxValue::text("-")},
                    {"TargetUserName", EvtxValue::text(name)},
                    {"TargetDomainName", EvtxValue::text(setup_.name)},
                    {"TargetSid", EvtxValue::sid(sid)},
                    {"SubjectUserSid", EvtxValue::sid(by.sid)},
                    {"SubjectUserName", EvtxValue::text(by.user)},
                    {"SubjectDomainName", EvtxValue::text(by.domain)},
                    {"SubjectLogonId", EvtxValue::hex64(by.logon_id)},
                    {"PrivilegeList", EvtxValue::text("-")}};
  const std::string id = nt5_logon_id(by.logon_id);
  const std::string account_id = nt5_sid(sid);
  security_event(time, 642, 4738, true,
                 {"-", name, setup_.name, account_id, by.user, by.domain, id, "-"},
                 std::move(changed));
  if (is_2000()) {
    security_event(time, 627, 4723, true,
                   {name, setup_.name, account_id, by.user, by.domain, id, "-"}, {});
    return;
  }
  log_change(time, 628, 4724, {name, setup_.name, account_id}, std::move(reset), by);
}

}  // namespace iwamtrace
