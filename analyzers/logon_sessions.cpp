#include "analyzers/logon_sessions.h"

#include <algorithm>
#include <array>

#include "analyzers/boot_frames.h"
#include "analyzers/computer_names.h"
#include "analyzers/iwam_events.h"
#include "analyzers/session_processes.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
constexpr int kMostSessions = 3;  // one behind the other

UntrustedView value_or_nothing(UntrustedView text) {
  text = text.trimmed();
  return text.is("-") ? UntrustedView{} : text;
}

class Link {
 public:
  Link(const Case& the_case, const Answers& answers)
      : answers_(answers), frames_(the_case, answers), records_(the_case, answers, frames_) {}

  void follow(const EventRecord& act, Actor& actor) const {
    actor.citations = {act.where()};
    if (const auto system = system_session_of(answers_.host, act)) {
      name_system(act, *system, actor);
      return;
    }
    const SessionRecords::Found found = records_.logon_behind(act);
    if (found.logon == nullptr) {
      actor.unlinked_because = found.because;
      std::ranges::copy(found.where, std::back_inserter(actor.citations));
      return;
    }
    take_logon(*found.logon, actor);
    tell_logon(act, *found.logon, kMostSessions, actor.session);
    follow_client(act, *found.logon, actor);
    follow_process(act, actor);
    put_in_words(*found.logon, actor);
  }

 private:
  void name_system(const EventRecord& act, std::string_view name, Actor& actor) const {
    actor.unlinked_because =
        say("that is the system itself (", name, "), a session that nobody logs on to");
    if (const auto line = process_of(act, kMinute, actor)) {
      actor.unlinked_because.append(
          say("; the last process that it started within a minute before is ", line->in_words())
              .view());
      std::ranges::copy(line->citations, std::back_inserter(actor.citations));
    }
  }

  static void take_logon(const EventRecord& logon, Actor& actor) {
    actor.linked = true;
    actor.logon_time = logon.head.time;
    if (const auto type = logon.field("LogonType").number(); type && *type <= UINT32_MAX) {
      actor.logon_type = static_cast<std::uint32_t>(*type);
    }
    actor.workstation = Untrusted{value_or_nothing(logon.field("WorkstationName"))};
    actor.address = Untrusted{value_or_nothing(logon.field("IpAddress"))};
  }

  // Who stood behind it comes first: a runas is a session that somebody else's began.
  void tell_logon(const EventRecord& act, const EventRecord& logon, int depth,
                  std::vector<Moment>& session) const {
    Moment moment{logon.head.time,
                  say(subject_of(act), " logged on ", manner_of(logon.field("LogonType").number()),
                      origin(logon.field("IpAddress"), logon.field("WorkstationName"))),
                  {logon.where()}};
    const EventRecord* giver = records_.giver_of_credentials(logon);
    if (giver != nullptr) {
      moment.statement.append(say(", requested by ", subject_of(*giver)).view());
      if (giver != &logon) {
        moment.citations.push_back(giver->where());
      }
      const EventRecord* behind = records_.logon_behind(*giver).logon;
      if (behind != nullptr && depth > 1) {
        tell_logon(*giver, *behind, depth - 1, session);
      }
    }
    if (const EventRecord* privileges = records_.privileges_of(logon)) {
      moment.statement.append(", with special privileges");
      moment.citations.push_back(privileges->where());
    }
    session.push_back(std::move(moment));
  }

  // The client at the time of the act: a session may be left and taken up again from elsewhere.
  void follow_client(const EventRecord& act, const EventRecord& logon, Actor& actor) const {
    const EventRecord* change = records_.last_change_of_client(logon, act);
    if (change == nullptr) {
      return;
    }
    const bool taken_up = change->head.key == events::kSessionReconnected;
    actor.address = actor.workstation = Untrusted{};
    if (taken_up) {
      actor.address = Untrusted{value_or_nothing(change->field("ClientAddress"))};
      actor.workstation = Untrusted{value_or_nothing(change->field("ClientName"))};
    }
    actor.session.push_back(
        Moment{change->head.time,
               taken_up ? say(actor.account, " takes up the session again",
                              origin(change->field("ClientAddress"), change->field("ClientName")))
                        : say("the client of ", actor.account, " leaves; the session stays"),
               {change->where()}});
  }

  std::optional<ProcessLine> process_of(const EventRecord& act, std::int64_t at_most_before,
                                        Actor& actor) const {
    auto line = actor.logon_id
                    ? last_process(answers_, frames_, act, *actor.logon_id, at_most_before)
                    : std::nullopt;
    actor.process = line ? line->image : Untrusted{};
    return line;
  }

  void follow_process(const EventRecord& act, Actor& actor) const {
    if (const auto line = process_of(act, INT64_MAX, actor)) {
      actor.session.push_back(Moment{
          line->started,
          say(actor.account, " starts ", line->in_words(), ", its last process before the act"),
          line->citations});
    }
  }

  static void put_in_words(const EventRecord& logon, Actor& actor) {
    for (const Moment& moment : actor.session) {
      actor.link.append(actor.link.empty() ? "" : "; ");
      actor.link.append(say(moment.statement, " on ", moment.time).view());
      std::ranges::copy(moment.citations, std::back_inserter(actor.citations));
    }
    for (const auto& [name, what] :
         {std::pair{"TargetLogonId", "logon id as in the record, "},
          std::pair{"AuthenticationPackageName", "package "},
          std::pair{"LogonProcessName", "logon process "}, std::pair{"IpPort", "port "}}) {
      const UntrustedView value = value_or_nothing(logon.field(name));
      if (!value.empty()) {
        actor.link.append(say("; ", what, value).view());
      }
    }
  }

  static Untrusted manner_of(std::optional<std::uint64_t> type) {
    static constexpr std::array<std::string_view, 12> kManners{
        "",
        "",
        "interactively",
        "over the network",
        "as a batch job",
        "as a service",
        "through a proxy",
        "by unlocking the screen",
        "over the network, the password in clear text",
        "with other credentials for the network",
        "by remote desktop",
        "interactively, by cached credentials"};
    const bool known = type && *type < kManners.size() && !kManners.at(*type).empty();
    return known  ? say(kManners.at(*type))
           : type ? say("with logon type ", *type)
                  : say("in a manner that the record does not tell");
  }

  // " from 10.2.0.15 (MLANG-PC)". Winlogon names the server itself as workstation.
  [[nodiscard]] Untrusted origin(UntrustedView address, UntrustedView workstation) const {
    address = value_or_nothing(address);
    workstation = value_or_nothing(workstation);
    const bool named = !workstation.empty() && !is_name_of(answers_.host, workstation);
    if (address.empty()) {
      return named ? say(" from ", workstation) : Untrusted{};
    }
    return named ? say(" from ", address, " (", workstation, ")") : say(" from ", address);
  }

  const Answers& answers_;
  BootFrames frames_;
  SessionRecords records_;
};

}  // namespace

std::optional<Actor> actor_behind(const Case& the_case, const Answers& answers,
                                  const EventRecord& act) {
  std::optional<Actor> actor = actor_of(act);
  if (actor) {
    Link(the_case, answers).follow(act, *actor);
  }
  return actor;
}

}  // namespace iwamtrace
