#include "analyzers/intrusion/attack_chains.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "analyzers/archived_logs.h"
#include "analyzers/session_records.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kHour = 3600 * Timestamp::kTicksPerSecond;

void cite(const Sign& sign, std::vector<Citation>& where) {
  where.insert(where.end(), sign.finding.citations.begin(), sign.finding.citations.end());
}

std::vector<const Sign*> in_time(const Answers& answers, std::string_view id) {
  std::vector<const Sign*> signs;
  for (const Sign& sign : answers.signs) {
    if (sign.finding.id == id && sign.finding.time) {
      signs.push_back(&sign);
    }
  }
  std::ranges::stable_sort(signs, {}, [](const Sign* sign) { return *sign->finding.time; });
  return signs;
}

void cite_first(const Sign& sign, std::vector<Citation>& where) {
  where.push_back(sign.finding.citations.front());
}

void cite_ends(const Sign& sign, std::vector<Citation>& where) {
  cite_first(sign, where);
  if (sign.finding.citations.size() > 1) {
    where.push_back(sign.finding.citations.back());
  }
}

// The first from `time` on and within `span`; what is ordinary is none.
const Sign* first_after(const std::vector<const Sign*>& signs, Timestamp time, std::int64_t span) {
  const auto first = std::ranges::lower_bound(signs, time, {},
                                              [](const Sign* sign) { return *sign->finding.time; });
  const bool near = first != signs.end() && *(*first)->finding.time - time <= span;
  return near && !(*first)->ordinary ? *first : nullptr;
}

// Shells that SQL Server starts day by day show nothing by one of them. An intruder's come in one
// go.
bool is_daily_work(const Sign& command) {
  constexpr std::size_t kSeveral = 3;
  const auto day = [](Timestamp time) { return time.ticks / Timestamp::kTicksPerDay; };
  std::set days{day(*command.finding.time)};
  for (const Timestamp more : command.more_times) {
    days.insert(day(more));
  }
  return days.size() >= kSeveral;
}

// A login between the guesses and the command, as one whose password was guessed. Its weight alone,
// without the client that SQL Server 2000 does not tell, is small.
bool succeeds_behind(const Sign& guess, const Sign& command, const Answers& answers) {
  return std::ranges::any_of(answers.signs, [&](const Sign& login) {
    return login.finding.id == "sql_login_guessed" && login.finding.time &&
           *login.finding.time >= *guess.finding.time &&
           *login.finding.time <= *command.finding.time;
  });
}

// Whoever saves a full log, clears it and audits less has nothing to hide.
bool is_saved(const Case& the_case, const Answers& answers, const Sign& cleared) {
  return std::ranges::any_of(answers.events, [&](const EventRecord* record) {
    return record->head.key == events::kAuditLogCleared &&
           record->where() == cleared.finding.citations.front() &&
           archive_of(the_case, answers, *record) != nullptr;
  });
}

// A site may call a shell; none has a use for tftp.exe within the hour.
std::vector<Fact> web_shell_and_tool(const Sign& shell, const Answers& answers) {
  const auto tool = std::ranges::find_if(answers.signs, [&](const Sign& sign) {
    return sign.finding.id == "tool_transfer" && sign.logon_id && sign.logon_id == shell.logon_id &&
           !name_of_system_session(*sign.logon_id) && sign.finding.time && shell.finding.time &&
           *sign.finding.time - *shell.finding.time <= kHour &&
           *shell.finding.time - *sign.finding.time <= kHour;
  });
  if (tool == answers.signs.end()) {
    return {};
  }
  std::vector<Citation> where;
  cite_first(shell, where);
  cite_first(*tool, where);
  return {Fact(Force::kStrong,
               say("a shell of the web server (", *shell.finding.time,
                   "), and tftp.exe as its "
                   "account (",
                   *tool->finding.time, ")"),
               std::move(where))};
}

}  // namespace

std::vector<Fact> chain_of_sql_attack(const Case& /*the_case*/, const Answers& answers) {
  constexpr std::int64_t kWindow = 2 * kHour, kAtOnce = kHour / 6;
  const std::vector<const Sign*> commands = in_time(answers, "sql_command_execution");
  const std::vector<const Sign*> made = in_time(answers, "account_created");
  const std::vector<const Sign*> raised = in_time(answers, "account_made_administrator");
  // Made or raised by no session of a person.
  const auto account_after = [&](Timestamp time, std::int64_t span) {
    const Sign* account = first_after(made, time, span);
    return account != nullptr ? account : first_after(raised, time, span);
  };
  for (const Sign& guess : answers.signs) {
    const bool login = guess.finding.id == "sql_login_guessed" && !guess.ordinary;
    if ((!login && guess.finding.id != "sql_brute_force") || !guess.finding.time) {
      continue;
    }
    const Sign* command = first_after(commands, *guess.finding.time, kWindow);
    if (command == nullptr) {
      continue;
    }
    // Panels and agents make accounts through SQL Server too: what proves it is that a guess fit.
    const bool fits = login || succeeds_behind(guess, *command, answers);
    const Timestamp then = *command->finding.time;
    const Sign* account = is_daily_work(*command) ? nullptr
                          : fits                  ? account_after(then, kAtOnce)
                                                  : first_after(raised, then, kAtOnce);
    // Guesses and a command may be noise and maintenance; with an account that nobody made, or a
    // login behind the guesses, they are not.
    if (account == nullptr && !login) {
      continue;
    }
    std::vector<Citation> where;
    cite_ends(guess, where);
    cite_first(*command, where);
    Untrusted statement = say(login ? "a login behind guesses (" : "guesses (", *guess.finding.time,
                              "), a command of SQL Server (", *command->finding.time, ")");
    if (account != nullptr) {
      cite(*account, where);
      statement.append(
          say(", an account that no person's session made (", *account->finding.time, ")").view());
    }
    statement.append(", in this order");
    const bool proved = account != nullptr && fits;
    return {Fact(proved ? Force::kProof : Force::kStrong, std::move(statement), std::move(where))};
  }
  // SQL Server 2000 writes no logins down unless it is told to. Panels make accounts in this way,
  // and no administrators.
  for (const Sign* command : commands) {
    const Sign* account = command->ordinary || is_daily_work(*command)
                              ? nullptr
                              : first_after(raised, *command->finding.time, kAtOnce);
    if (account != nullptr) {
      std::vector<Citation> where;
      cite_first(*command, where);
      cite(*account, where);
      return {Fact(Force::kStrong,
                   say("a command of SQL Server (", *command->finding.time,
                       ") and at once an administrator whom no person's session made (",
                       *account->finding.time, ")"),
                   std::move(where))};
    }
  }
  return {};
}

std::vector<Fact> chain_of_web_attack(const Case& /*the_case*/, const Answers& answers) {
  const auto tampered = std::ranges::find_if(answers.signs, [](const Sign& sign) {
    return sign.finding.id == "metabase_tampered" && sign.force == Force::kStrong;
  });
  const auto shell = std::ranges::find_if(
      answers.signs, [](const Sign& sign) { return sign.finding.id == "web_shell"; });
  if (shell == answers.signs.end()) {
    return {};
  }
  if (tampered == answers.signs.end()) {
    return web_shell_and_tool(*shell, answers);
  }
  // Where nobody knows when the metabase was saved, nobody knows which came first.
  const auto prepared = tampered->finding.time;
  const bool ordered = prepared && shell->finding.time &&
                       *shell->finding.time - *prepared >= -kHour &&
                       *shell->finding.time - *prepared <= Timestamp::kTicksPerDay;
  std::vector<Citation> where;
  cite(*tampered, where);
  cite(*shell, where);
  return {Fact(ordered ? Force::kProof : Force::kStrong,
               say("the web server was set up for it",
                   ordered ? say(" (", *prepared, "), and within a day it") : say(", and it"),
                   " started a shell: each shows what the other is for. Who set it up, and how he "
                   "got that right, this does not show"),
               std::move(where))};
}

// A person's session that does both within the hour; with an account that hides besides there is no
// innocent reason left.
std::vector<Fact> chain_of_insider(const Case& the_case, const Answers& answers) {
  for (const Sign& off : answers.signs) {
    if (off.finding.id != "audit_disabled" || !off.logon_id || !off.ordinary || !off.finding.time) {
      continue;
    }
    const auto near = [&](const Sign& sign, std::int64_t span) {
      return sign.finding.time && *sign.finding.time - *off.finding.time <= span &&
             *off.finding.time - *sign.finding.time <= span;
    };
    const auto cleared = std::ranges::find_if(answers.signs, [&](const Sign& sign) {
      return sign.finding.id == "log_cleared" && sign.logon_id == off.logon_id &&
             sign.finding.citations.front().source == off.finding.citations.front().source &&
             near(sign, kHour);
    });
    if (cleared == answers.signs.end() || is_saved(the_case, answers, *cleared)) {
      continue;
    }
    const auto hidden = std::ranges::find_if(answers.signs, [&](const Sign& sign) {
      const bool hides = sign.finding.id == "hidden_account" ||
                         sign.finding.id == "cloned_account" || sign.finding.id == "rid_hijack";
      return hides && sign.force != Force::kWeak && near(sign, Timestamp::kTicksPerDay);
    });
    std::vector<Citation> where;
    cite(*cleared, where);
    cite(off, where);
    Untrusted statement = say("one session cleared the log and switched auditing off");
    const bool hides = hidden != answers.signs.end();
    if (hides) {
      cite(*hidden, where);
      statement.append(", on the day on which an administrator was hidden");
    }
    return {Fact(hides ? Force::kProof : Force::kStrong, std::move(statement), std::move(where))};
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

// How it came in, and that it is here.
std::vector<Fact> chain_of_rpc_worm(const Case& /*the_case*/, const Answers& answers) {
  const auto find = [&](bool proof) {
    return std::ranges::find_if(answers.signs, [&](const Sign& sign) {
      return sign.finding.id == "worm_rpc" && (sign.force == Force::kProof) == proof &&
             (proof || sign.finding.time);
    });
  };
  const auto crash = find(false), worm = find(true);
  if (crash == answers.signs.end() || worm == answers.signs.end()) {
    return {};
  }
  std::vector<Citation> where;
  cite_ends(*crash, where);
  cite(*worm, where);
  return {Fact(Force::kProof,
               say("the service that it attacks crashed (", *crash->finding.time, "), and ",
                   worm->finding.statement),
               std::move(where))};
}

// MS03-026, MS03-039 and MS04-011 are of July 2003 to April 2004; Service Pack 1 of Windows Server
// 2003 and 2 of XP contain them.
std::vector<Fact> against_rpc_worm(const Case& /*the_case*/, const Answers& answers) {
  constexpr std::array<std::string_view, 4> kPatches{"823980", "824146", "828741", "835732"};
  const auto crash = std::ranges::find_if(answers.signs, [](const Sign& sign) {
    return sign.finding.id == "worm_rpc" && sign.finding.time && sign.force != Force::kProof;
  });
  const bool proved = std::ranges::any_of(answers.signs, [](const Sign& sign) {
    return sign.finding.id == "worm_rpc" && sign.force == Force::kProof;
  });
  // What is there is there, whatever should have kept it out.
  if (crash == answers.signs.end() || proved) {
    return {};
  }
  std::vector<Fact> facts;
  const Timestamp time = *crash->finding.time;
  if (time < *Timestamp::from_iso("2003-07-16T00:00:00Z") ||
      time > *Timestamp::from_iso("2006-01-01T00:00:00Z")) {
    facts.emplace_back(Force::kStrong,
                       say("the weakness of RPC was known, and its worms about, from "
                           "July 2003 to 2005; this was on ",
                           time),
                       crash->finding.citations);
  }
  const UntrustedView windows = answers.host.windows;
  const bool packed = (windows.contains("Server 2003") && windows.contains("Service Pack")) ||
                      windows.contains("6.") ||
                      (windows.contains("XP") &&
                       (windows.contains("Service Pack 2") || windows.contains("Service Pack 3")));
  if (packed && !answers.host.named_where.empty()) {
    facts.emplace_back(Force::kStrong, say("the server has ", windows, ", which is not open to it"),
                       answers.host.named_where);
  }
  for (const EventRecord* record : answers.events) {
    const bool patch = record->head.key == events::kHotfixInstalled &&
                       std::ranges::any_of(kPatches, [&](std::string_view number) {
                         return record->field("Hotfix").contains(number);
                       });
    if (patch && record->head.time < time) {
      facts.emplace_back(Force::kStrong,
                         say(record->field("Hotfix"), " had been installed on ", record->head.time,
                             ", before the first crash"),
                         std::vector{record->where()});
      break;
    }
  }
  return facts;
}

}  // namespace iwamtrace
