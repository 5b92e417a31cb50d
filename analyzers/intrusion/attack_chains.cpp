#include "analyzers/intrusion/attack_chains.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace iwamtrace {
namespace {

constexpr std::int64_t kHour = 3600 * Timestamp::kTicksPerSecond;

void cite(const Sign& sign, std::vector<Citation>& where) {
  where.insert(where.end(), sign.finding.citations.begin(), sign.finding.citations.end());
}

// The first of that kind from `time` on and within `span`.
const Sign* first_after(const Answers& answers, std::string_view id, Timestamp time,
                        std::int64_t span) {
  const Sign* first = nullptr;
  for (const Sign& sign : answers.signs) {
    if (sign.finding.id != id || !sign.finding.time) {
      continue;
    }
    const std::int64_t after = *sign.finding.time - time;
    const bool earlier = first == nullptr || *sign.finding.time < *first->finding.time;
    if (after >= 0 && after <= span && earlier) {
      first = &sign;
    }
  }
  return first;
}

// An account made or raised by no session of a person.
const Sign* nobodys_account_after(const Answers& answers, Timestamp time) {
  for (const std::string_view id : {"account_created", "account_made_administrator"}) {
    const Sign* sign = first_after(answers, id, time, kHour);
    if (sign != nullptr && !sign->ordinary) {
      return sign;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<Fact> chain_of_sql_attack(const Answers& answers) {
  constexpr std::int64_t kWindow = 6 * kHour;
  for (const Sign& guess : answers.signs) {
    const bool guesses =
        guess.finding.id == "sql_brute_force" || guess.finding.id == "sql_login_guessed";
    if (!guesses || !guess.finding.time) {
      continue;
    }
    const Sign* command =
        first_after(answers, "sql_command_execution", *guess.finding.time, kWindow);
    if (command == nullptr) {
      continue;
    }
    const Sign* account = nobodys_account_after(answers, *command->finding.time);
    const bool login = guess.finding.id == "sql_login_guessed";
    // Two of the three steps may be an administrator's who mistyped; with an account that nobody
    // made, or a login behind the guesses and a shell, they are not.
    const bool shell = command->force != Force::kWeak;
    if (account == nullptr && !(login && shell)) {
      continue;
    }
    std::vector<Citation> where;
    cite(guess, where);
    cite(*command, where);
    Untrusted statement = say(login ? "a login behind guesses (" : "guesses (", *guess.finding.time,
                              "), a command of SQL Server (", *command->finding.time, ")");
    if (account != nullptr) {
      cite(*account, where);
      statement.append(
          say(", an account that no person's session made (", *account->finding.time, ")").view());
    }
    statement.append(": one after the other, as such an attack goes");
    return {Fact(Force::kProof, std::move(statement), std::move(where))};
  }
  return {};
}

std::vector<Fact> chain_of_web_attack(const Answers& answers) {
  const auto strong = [](std::string_view id) {
    return [id](const Sign& sign) { return sign.finding.id == id && sign.force == Force::kStrong; };
  };
  const auto shell = std::ranges::find_if(answers.signs, strong("web_shell"));
  const auto tampered = std::ranges::find_if(answers.signs, strong("metabase_tampered"));
  if (shell == answers.signs.end() || tampered == answers.signs.end()) {
    return {};
  }
  std::vector<Citation> where;
  cite(*tampered, where);
  cite(*shell, where);
  return {Fact(Force::kProof,
               say("the metabase was prepared for it, and the web server started a shell: each "
                   "shows what the other is for"),
               std::move(where))};
}

std::vector<Fact> chain_of_insider(const Answers& answers) {
  for (const Sign& off : answers.signs) {
    if (off.finding.id != "audit_disabled" || !off.logon_id) {
      continue;
    }
    const auto cleared = std::ranges::find_if(answers.signs, [&](const Sign& sign) {
      return sign.finding.id == "log_cleared" && sign.logon_id == off.logon_id;
    });
    if (cleared != answers.signs.end()) {
      std::vector<Citation> where;
      cite(*cleared, where);
      cite(off, where);
      return {Fact(Force::kProof,
                   say("one session cleared the log and switched auditing off: whoever does both "
                       "means to leave no trace"),
                   std::move(where))};
    }
  }
  return {};
}

// Guessing needs logins by name and password.
std::vector<Fact> against_sql_attack(const Case& the_case, const Answers& answers) {
  constexpr std::uint32_t kWindowsAlone = 1;
  const bool guessed = std::ranges::any_of(
      answers.signs, [](const Sign& sign) { return sign.finding.id.starts_with("sql_"); });
  std::vector<Fact> facts;
  for (const SqlServer& server : the_case.all<SqlServer>()) {
    if (guessed && server.login_mode == kWindowsAlone && the_case.all<SqlServer>().size() == 1) {
      facts.emplace_back(Force::kStrong,
                         say("SQL Server (", server.instance,
                             ") takes Windows logons alone: no password of sa opens it"),
                         std::vector{server.where});
    }
  }
  return facts;
}

// Of MS03-026 and MS03-039, and of MS04-011.
std::vector<Fact> against_rpc_worm(const Case& /*the_case*/, const Answers& answers) {
  constexpr std::array<std::string_view, 4> kPatches{"823980", "824146", "828741", "835732"};
  const auto crash = std::ranges::find_if(answers.signs, [](const Sign& sign) {
    return sign.finding.id == "worm_rpc" && sign.finding.time;
  });
  if (crash == answers.signs.end()) {
    return {};
  }
  for (const EventRecord* record : answers.events) {
    const bool patch = record->head.key == events::kHotfixInstalled &&
                       std::ranges::any_of(kPatches, [&](std::string_view number) {
                         return record->field("Hotfix").contains(number);
                       });
    if (patch && record->head.time < *crash->finding.time) {
      return {Fact(Force::kStrong,
                   say(record->field("Hotfix"), " had been installed on ", record->head.time,
                       ", before the first crash"),
                   {record->where()})};
    }
  }
  return {};
}

}  // namespace iwamtrace
