// SQL Server as a way in: a login that succeeds behind many that failed. The failures themselves,
// and what then runs, are for the rules to see.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzers/intrusion/signs.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
constexpr std::int64_t kBurstGap = 10 * kMinute;  // between two guesses of one burst
constexpr std::size_t kBurst = 10;                // guesses
constexpr std::int64_t kSoonAfter = 60 * kMinute;

// A login as the engine logs it: with a number of its own, or, before 2005, in the text of 17055:
// "18456 : Login failed for user 'sa'.".
struct Login {
  const EventRecord* record = nullptr;
  bool succeeded = false;
  Untrusted user, client;  // the client's address; empty before SQL Server 2005
};

// Of those that fail only what a wrong password causes.
std::optional<bool> outcome_of(std::uint64_t message) {
  switch (message) {
    case 18453:
    case 18454:
    case 18455:
      return true;
    case 18456:
      return false;
    default:
      return std::nullopt;
  }
}

// The binary data of an event of SQL Server begin with the message's number, lowest byte first.
std::uint64_t number_in_data(const EventRecord& record) {
  constexpr std::size_t kDigits = 8;
  for (const EventRecord::Field& field : record.fields()) {
    const UntrustedView data = record.value(field);
    if (field.kind != EventRecord::FieldKind::kData || data.size() < kDigits) {
      continue;
    }
    const std::uint64_t read = say("0x", data.first(kDigits)).view().number().value_or(0);
    return (read & 0xFF) << 24 | (read & 0xFF00) << 8 | (read >> 8 & 0xFF00) | (read >> 24 & 0xFF);
  }
  return 0;
}

std::optional<Login> login_of(const EventRecord& record) {
  if (record.head.key.source != EventSource::kSqlServer) {
    return std::nullopt;
  }
  Login login;
  login.record = &record;
  const UntrustedView text = record.field("Text");
  std::uint64_t message = record.head.event_id;
  if (record.head.key == events::kSqlMessageOf2000) {
    const auto parts = text.split(':');
    message = parts ? parts->first.trimmed().number().value_or(0) : 0;
    message = message == 0 ? number_in_data(record) : message;
    login.user = Untrusted{text.between("user '", "'")};
    login.client = Untrusted{text.between("[CLIENT: ", "]")};
  } else {
    login.user = Untrusted{record.field("UserName")};
    login.client = Untrusted{record.field("Client").between("[CLIENT: ", "]")};
  }
  const auto outcome = outcome_of(message);
  if (!outcome) {
    return std::nullopt;
  }
  // The password was right, and the database is not open yet, as after every restart.
  if (!*outcome && record.field("Reason").contains("Failed to open")) {
    return std::nullopt;
  }
  login.succeeded = *outcome;
  return login;
}

std::vector<Login> logins_of(const Answers& answers) {
  std::vector<Login> logins;
  for (const EventRecord* record : answers.events) {
    if (auto login = login_of(*record)) {
      logins.push_back(std::move(*login));
    }
  }
  return logins;
}

struct Burst {
  std::vector<const Login*> guesses;

  [[nodiscard]] Timestamp first() const { return guesses.front()->record->head.time; }
  [[nodiscard]] Timestamp last() const { return guesses.back()->record->head.time; }
  // Faster than a program tries that has an old password.
  [[nodiscard]] bool is_of_a_machine() const {
    constexpr std::size_t kMany = 20;
    for (std::size_t i = kMany; i <= guesses.size(); ++i) {
      if (guesses[i - 1]->record->head.time - guesses[i - kMany]->record->head.time <= kMinute) {
        return true;
      }
    }
    return false;
  }
};

// A pool of connections with an old password tries as fast, as the one login that its site has.
bool tries_what_opens_all(const Burst& burst) {
  constexpr std::size_t kSeveral = 3;
  std::set<Untrusted> users;
  for (const Login* guess : burst.guesses) {
    users.insert(guess->user.folded());
  }
  return users.contains(say("sa")) || users.size() >= kSeveral;
}

// Of one client, or of all that are not told apart.
std::vector<Burst> bursts_of(const std::vector<Login>& logins) {
  std::map<Untrusted, Burst> open;
  std::vector<Burst> bursts;
  const auto close = [&](Burst& burst) {
    if (burst.guesses.size() >= kBurst) {
      bursts.push_back(burst);
    }
    burst.guesses.clear();
  };
  for (const Login& login : logins) {
    if (login.succeeded) {
      continue;
    }
    Burst& burst = open[login.client];
    if (!burst.guesses.empty() && login.record->head.time - burst.last() > kBurstGap) {
      close(burst);
    }
    burst.guesses.push_back(&login);
  }
  for (auto& [client, burst] : open) {
    close(burst);
  }
  std::ranges::stable_sort(bursts, {}, &Burst::first);
  return bursts;
}

// By the same client, as a user at whom it had guessed, while it guessed or soon after.
const Login* success_behind(const Burst& burst, const std::vector<const Login*>& successes) {
  std::set<std::pair<Untrusted, Untrusted>> guessed;
  for (const Login* guess : burst.guesses) {
    guessed.emplace(guess->user.folded(), guess->client);
  }
  const auto time = [](const Login* login) { return login->record->head.time; };
  for (auto login = std::ranges::lower_bound(successes, burst.first(), {}, time);
       login != successes.end() && time(*login) - burst.last() <= kSoonAfter; ++login) {
    if (guessed.contains({(*login)->user.folded(), (*login)->client})) {
      return *login;
    }
  }
  return nullptr;
}

Untrusted from_client(const Login& login) {
  return login.client.empty() ? say(", from where is not told") : say(" from ", login.client);
}

void tell_success(const Burst& burst, const Login& login, Answers& answers) {
  // Who is not told apart may be another who knows the password, and a slow burst a program whose
  // password somebody put right.
  const bool guessed = !login.client.empty() && !login.client.is("<local machine>") &&
                       burst.is_of_a_machine() && tries_what_opens_all(burst);
  Sign sign = sign_of("sql_login_guessed", guessed ? Severity::kHigh : Severity::kMedium,
                      say("a login to SQL Server succeeded after many failed"),
                      say("a login as ", login.user, from_client(login), ", succeeded after ",
                          burst.guesses.size(), " that failed"),
                      {burst.guesses.front()->record->where(), login.record->where()});
  sign.force = guessed ? Force::kStrong : Force::kWeak;
  sign.ordinary = !guessed;
  sign.finding.time = login.record->head.time;
  answers.signs.push_back(std::move(sign));
}

}  // namespace

void find_sql_signs(const Case& /*the_case*/, Answers& answers) {
  const std::vector<Login> logins = logins_of(answers);
  std::vector<const Login*> successes;
  for (const Login& login : logins) {
    if (login.succeeded) {
      successes.push_back(&login);
    }
  }
  for (const Burst& burst : bursts_of(logins)) {
    if (const Login* success = success_behind(burst, successes)) {
      tell_success(burst, *success, answers);
    }
  }
}

}  // namespace iwamtrace
