#include "analyzers/session_records.h"

#include <algorithm>
#include <array>
#include <utility>

#include "analyzers/computer_names.h"
#include "analyzers/missing_logon.h"

namespace iwamtrace {
namespace {

using namespace events;

constexpr std::uint64_t kAnonymousLogon = 0x3E6;
constexpr std::int64_t kAtOnce = 5 * Timestamp::kTicksPerSecond;

bool is_live(const EventRecord& record, EventKey key) {
  return record.head.key == key && record.origin == Origin::kAllocated;
}

bool at_once(const EventRecord& one, const EventRecord& other) {
  const std::int64_t apart = other.head.time - one.head.time;
  return apart >= -kAtOnce && apart <= kAtOnce;
}

// By SIDs where both records have them: an account may be renamed while it is logged on.
bool same_account(const EventRecord& act, const EventRecord& logon) {
  const auto actor = act.field("SubjectUserSid").sid();
  const auto owner = logon.field("TargetUserSid").sid();
  return actor && owner ? *actor == *owner
                        : logon.field("TargetUserName").is(act.field("SubjectUserName"));
}

// Somebody's session, and not that of the logon itself.
bool has_subject_besides(const EventRecord& record, const EventRecord& logon) {
  const std::uint64_t id = record.field("SubjectLogonId").logon_id().value_or(0);
  return id != 0 && id != logon.field("TargetLogonId").logon_id() && id != kAnonymousLogon &&
         !name_of_system_session(id);
}

std::uint64_t type_of(const EventRecord& logon) {
  return logon.field("LogonType").number().value_or(0);
}

std::vector<Citation> places_of(const std::vector<const EventRecord*>& records) {
  std::vector<Citation> where;
  where.reserve(records.size());
  for (const EventRecord* record : records) {
    where.push_back(record->where());
  }
  return where;
}

}  // namespace

std::optional<std::string_view> name_of_system_session(std::uint64_t logon_id) {
  switch (logon_id) {
    case 0x3E7:
      return "SYSTEM";
    case 0x3E5:
      return "LOCAL SERVICE";
    case 0x3E4:
      return "NETWORK SERVICE";
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> system_session_of(const HostAnswer& host, const EventRecord& act) {
  if (const auto id = act.field("SubjectLogonId").logon_id()) {
    return name_of_system_session(*id);
  }
  const UntrustedView user = act.field("SubjectUserName");
  const auto name = user.split('$');
  const bool computer =
      name && !name->first.empty() && name->second.empty() && is_name_of(host, name->first);
  return user.is("SYSTEM") || computer ? std::optional<std::string_view>{"SYSTEM"} : std::nullopt;
}

SessionRecords::Found SessionRecords::logon_behind(const EventRecord& act) const {
  const Id id = act.field("SubjectLogonId").logon_id();
  if (id.value_or(0) == 0 || name_of_system_session(*id)) {
    return {nullptr, say("not observable: the record has no logon id of a session"), {}};
  }
  if (*id == kAnonymousLogon) {
    return {nullptr, say("not observable: all anonymous sessions have its logon id"), {}};
  }
  const std::vector<const EventRecord*> logons = logons_with(id, act);
  const bool before =
      std::ranges::any_of(logons, [&](const EventRecord* logon) { return precedes(*logon, act); });
  if (!before) {
    MissingLogon missing = why_no_logon(case_, answers_, frames_, act);
    return {nullptr, std::move(missing.because), std::move(missing.where)};
  }
  return judged(logons, act);
}

SessionRecords::Found SessionRecords::judged(const std::vector<const EventRecord*>& logons,
                                             const EventRecord& act) const {
  const EventRecord& logon = *logons.front();
  const Untrusted that = say("not observable: the logon id ", act.field("SubjectLogonId"));
  if (logons.size() > 1) {
    return {nullptr, say(that, " stands in several logons since one start of Windows"),
            places_of(logons)};
  }
  if (!same_account(act, logon)) {
    return {nullptr,
            say(that, " is that of a logon of ", logon.field("TargetUserName")),
            {logon.where()}};
  }
  if (const EventRecord* end = last_of_session(logon, act, false)) {
    return {nullptr,
            say(that, " is that of a session which had ended on ", end->head.time),
            {logon.where(), end->where()}};
  }
  if (!frames_.would_know_restart(logon, act)) {
    return {nullptr,
            say(that, " was given out on ", logon.head.time,
                ", but no log tells whether Windows was started anew in between"),
            {logon.where()}};
  }
  return {&logon, {}, {}};
}

// Since one start of Windows, by time; also those behind the act, which show that ids repeat. As
// many as are cited: more would not make the id less ambiguous.
std::vector<const EventRecord*> SessionRecords::logons_with(Id id, const EventRecord& act) const {
  constexpr std::size_t kMost = 20;
  std::vector<const EventRecord*> logons;
  for (const EventRecord* record : answers_.events) {
    if (logons.size() == kMost) {
      break;
    }
    if (is_live(*record, kLogon) && record->field("TargetLogonId").logon_id() == id &&
        frames_.share_frame(*record, act)) {
      logons.push_back(record);
    }
  }
  return logons;
}

// Where an administrator logs on interactively, NT6 makes two sessions at once, and tells of the
// client and the end of one of them only.
std::vector<std::uint64_t> SessionRecords::ids_of_session(const EventRecord& logon) const {
  constexpr std::array<std::uint64_t, 3> kInteractive{2, 10, 11};
  const std::uint64_t type = type_of(logon);
  const bool interactive = std::ranges::find(kInteractive, type) != kInteractive.end();
  std::vector<std::uint64_t> ids;
  for (const EventRecord* record : answers_.events) {
    if (!is_live(*record, kLogon) || record->head.time != logon.head.time) {
      continue;
    }
    const bool twin = interactive && type_of(*record) == type &&
                      record->field("TargetUserName").is(logon.field("TargetUserName"));
    if (twin || record == &logon) {
      ids.push_back(record->field("TargetLogonId").logon_id().value_or(0));
    }
  }
  return ids;
}

// What befell the session between its logon and the act, the last of it: its end, or its client.
const EventRecord* SessionRecords::last_of_session(const EventRecord& logon, const EventRecord& act,
                                                   bool client) const {
  const std::vector<std::uint64_t> ids = ids_of_session(logon);
  const EventRecord* last = nullptr;
  for (const EventRecord* record : answers_.events) {
    const EventKey key = record->head.key;
    const bool wanted = client ? key == kSessionReconnected || key == kSessionDisconnected
                               : key == kLogoff || key == kLogoffByUser;
    if (!wanted || !precedes(logon, *record) || !precedes(*record, act)) {
      continue;
    }
    const auto id = record->field(client ? "LogonID" : "TargetLogonId").logon_id();
    if (id && std::ranges::find(ids, *id) != ids.end()) {
      last = record;
    }
  }
  return last;
}

const EventRecord* SessionRecords::last_change_of_client(const EventRecord& logon,
                                                         const EventRecord& act) const {
  return last_of_session(logon, act, true);
}

// Winlogon gives what was typed at it.
const EventRecord* SessionRecords::giver_of_credentials(const EventRecord& logon) const {
  if (has_subject_besides(logon, logon)) {
    return &logon;
  }
  constexpr std::uint64_t kByRunas = 2;
  constexpr std::uint64_t kForTheNetworkOnly = 9;
  const std::uint64_t type = type_of(logon);
  if ((type != kByRunas && type != kForTheNetworkOnly) ||
      logon.field("LogonProcessName").starts_with("User32")) {
    return nullptr;
  }
  const EventRecord* giver = nullptr;
  for (const EventRecord* record : answers_.events) {
    if (!gives_credentials_here(*record, logon)) {
      continue;
    }
    const Id id = record->field("SubjectLogonId").logon_id();
    if (giver != nullptr && giver->field("SubjectLogonId").logon_id() != id) {
      return nullptr;
    }
    giver = record;
  }
  return giver;
}

// 552 or 4648; those for another server are no logon here.
bool SessionRecords::gives_credentials_here(const EventRecord& record,
                                            const EventRecord& logon) const {
  if (!is_live(record, kExplicitCredentials) || !at_once(record, logon) ||
      !has_subject_besides(record, logon) || !frames_.share_frame(record, logon)) {
    return false;
  }
  const UntrustedView server = record.field("TargetServerName");
  return record.field("TargetUserName").is(logon.field("TargetUserName")) &&
         (server.empty() || server.is("-") || server.is("localhost") ||
          is_name_of(answers_.host, server));
}

const EventRecord* SessionRecords::privileges_of(const EventRecord& logon) const {
  const Id id = logon.field("TargetLogonId").logon_id();
  const auto found = std::ranges::find_if(answers_.events, [&](const EventRecord* record) {
    return is_live(*record, kSpecialPrivileges) && at_once(*record, logon) &&
           record->field("SubjectLogonId").logon_id() == id;
  });
  return found == answers_.events.end() ? nullptr : *found;
}

}  // namespace iwamtrace
