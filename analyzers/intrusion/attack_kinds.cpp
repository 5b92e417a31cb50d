#include "analyzers/intrusion/attack_kinds.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "analyzers/intrusion/attack_chains.h"

namespace iwamtrace {
namespace {

using Ids = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> kOfSql{"sql_brute_force", "sql_login_guessed",
                                                 "sql_command_execution"};
constexpr std::array<std::string_view, 2> kOfWeb{"web_shell", "metabase_tampered"};
constexpr std::array<std::string_view, 1> kOfRpcWorm{"worm_rpc"};
constexpr std::array<std::string_view, 2> kOfIisWorm{"worm_iis", "guest_enabled"};
constexpr std::array<std::string_view, 3> kOfPasswords{"logon_brute_force", "logon_guessed",
                                                       "iwam_interactive_use"};
constexpr std::array<std::string_view, 1> kOfInsider{"audit_disabled"};
// What stays behind, whatever the way in.
constexpr std::array<std::string_view, 7> kOfNobody{
    "hidden_account",    "rid_hijack",      "cloned_account",  "account_made_administrator",
    "service_installed", "persistence_key", "credential_theft"};

// One row a way in. `chain` states what several signs together prove.
struct AttackKind {
  std::string_view id, claim;
  Ids core;
  std::vector<Fact> (*chain)(const Case&, const Answers&);
  std::vector<Fact> (*against)(const Case&, const Answers&);
};

std::vector<Fact> nothing_against(const Case& /*the_case*/, const Answers& /*answers*/) {
  return {};
}
std::vector<Fact> no_chain(const Case& /*the_case*/, const Answers& /*answers*/) { return {}; }

constexpr std::array kKinds{
    AttackKind{"sql_server_attack", "the server was broken into through SQL Server", kOfSql,
               chain_of_sql_attack, against_sql_attack},
    AttackKind{"web_server_attack", "somebody ran programs of his own through the web server",
               kOfWeb, chain_of_web_attack, nothing_against},
    AttackKind{"rpc_worm", "a worm that spreads through Windows' RPC service is on the server",
               kOfRpcWorm, chain_of_rpc_worm, against_rpc_worm},
    AttackKind{"iis_worm", "a worm came through IIS", kOfIisWorm, no_chain, nothing_against},
    AttackKind{"stolen_password", "somebody used a password that was guessed or stolen",
               kOfPasswords, no_chain, nothing_against},
    AttackKind{"insider_misuse", "somebody with an account of the server covered traces on it",
               kOfInsider, chain_of_insider, nothing_against},
    AttackKind{"unknown_way", "somebody has a hold on the server; how he came in is not seen",
               kOfNobody, no_chain, nothing_against},
};

bool is_core(const AttackKind& kind, const Sign& sign) {
  return std::ranges::find(kind.core, sign.finding.id) != kind.core.end();
}

// From shortly before its first sign that has weight until two days after its last one.
struct Span {
  Timestamp first, last;

  [[nodiscard]] bool holds(Timestamp time) const {
    constexpr std::int64_t kBefore = 600 * Timestamp::kTicksPerSecond;
    constexpr std::int64_t kAfter = 2 * Timestamp::kTicksPerDay;
    return first - time <= kBefore && time - last <= kAfter;
  }
};

std::optional<Span> span_of(const std::vector<const Sign*>& signs, bool chained) {
  std::optional<Span> span;
  for (const Sign* sign : signs) {
    if (!sign->finding.time || (sign->force == Force::kWeak && !chained)) {
      continue;
    }
    const Timestamp time = *sign->finding.time;
    span = span ? Span{std::min(span->first, time), std::max(span->last, time)} : Span{time, time};
  }
  return span;
}

// A log and its archives are one witness, however many files.
SourceId witness_of(const Case& the_case, SourceId id) {
  const SourceSummary& summary = the_case.source(id).summary;
  const auto first = std::ranges::find_if(the_case.sources, [&](const Source& source) {
    return !summary.log.empty() && source.summary.log.is(summary.log);
  });
  return first == the_case.sources.end() ? id : first->id;
}

// Where no way in is seen, all signs are of one thing: what is weak there adds up to nothing.
std::string subject_of(const AttackKind& kind, const Sign& sign) {
  return kind.id == "unknown_way" ? std::string(kind.id) : sign.finding.id;
}

Fact fact_of(const Case& the_case, const AttackKind& kind, Force force, const Sign& sign,
             std::string_view lead) {
  Untrusted statement = say(lead, sign.finding.statement);
  if (sign.finding.time) {
    const Untrusted when = say(*sign.finding.time);
    if (!statement.view().contains(when)) {
      statement.append(say(" (", when, ")").view());
    }
  }
  return {force, std::move(statement), sign.finding.citations,
          Witness{witness_of(the_case, sign.finding.citations.front().source), sign.finding.time,
                  subject_of(kind, sign)}};
}

// What an intruder does once he is in. Where nothing weighty shows a way in it is anybody's work.
void add_consequences(const Case& the_case, const AttackKind& kind, const Answers& answers,
                      bool chained, ArguedAttack& argued) {
  const auto span = span_of(argued.signs, chained);
  if (!span) {
    return;
  }
  for (const Sign& sign : answers.signs) {
    if (is_core(kind, sign) || !sign.finding.time || !span->holds(*sign.finding.time)) {
      continue;
    }
    argued.hypothesis.in_favour.push_back(
        fact_of(the_case, kind, Force::kWeak, sign, "around that time: "));
    argued.signs.push_back(&sign);
  }
}

ArguedAttack argued(const AttackKind& kind, const Case& the_case, const Answers& answers) {
  ArguedAttack attack;
  attack.hypothesis.id = kind.id;
  attack.hypothesis.claim = say(kind.claim);
  std::vector<Fact> chain = kind.chain(the_case, answers);
  const bool chained = !chain.empty();
  std::ranges::move(chain, std::back_inserter(attack.hypothesis.in_favour));
  for (const Sign& sign : answers.signs) {
    if (is_core(kind, sign) && !sign.ordinary) {
      attack.hypothesis.in_favour.push_back(fact_of(the_case, kind, sign.force, sign, ""));
    }
    if (is_core(kind, sign) && (!sign.ordinary || chained)) {
      attack.signs.push_back(&sign);
    }
  }
  add_consequences(the_case, kind, answers, chained, attack);
  attack.hypothesis.against = kind.against(the_case, answers);
  return attack;
}

}  // namespace

std::vector<ArguedAttack> argue_attacks(const Case& the_case, const Answers& answers) {
  std::vector<ArguedAttack> attacks;
  attacks.reserve(kKinds.size());
  for (const AttackKind& kind : kKinds) {
    attacks.push_back(argued(kind, the_case, answers));
  }
  return attacks;
}

}  // namespace iwamtrace
