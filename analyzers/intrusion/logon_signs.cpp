// Windows passwords that somebody guessed: many failed logons from one machine, and then one that
// succeeds.
#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "analyzers/computer_names.h"
#include "analyzers/intrusion/signs.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
constexpr std::int64_t kWindow = 60 * kMinute;  // in which the failures must lie before the success
constexpr std::int64_t kAtOnce = 10 * kMinute;  // in which a program fails more often than people

// A logon from elsewhere: over the network, in clear text, or by remote desktop.
bool is_from_elsewhere(const EventRecord& record) {
  constexpr std::uint64_t kNetwork = 3, kClearText = 8, kRemoteDesktop = 10;
  const std::uint64_t type = record.field("LogonType").number().value_or(0);
  return type == kNetwork || type == kClearText || type == kRemoteDesktop;
}

// A wrong password or an unknown name: whoever guesses meets no other reason.
bool is_a_guess(const EventRecord& failure) {
  constexpr std::uint16_t kOfNt6 = 4625, kWrongPasswordOfNt5 = 529;
  constexpr std::uint64_t kUnknownUser = 0xC0000064, kWrongPassword = 0xC000006A;
  if (failure.head.event_id != kOfNt6) {
    return failure.head.event_id == kWrongPasswordOfNt5;
  }
  const std::uint64_t reason = failure.field("SubStatus").number().value_or(0);
  return reason == kUnknownUser || reason == kWrongPassword;
}

// Whoever logs on through the web server comes from the server itself.
bool is_the_server(const HostAnswer& host, const EventRecord& record, UntrustedView machine) {
  return is_name_of(host, machine) || same_computer(machine, record.computer()) ||
         machine.starts_with("127.") || machine.is("::1") || machine.is("localhost");
}

// The machine by which failures and a success belong together.
Untrusted machine_of(const EventRecord& record) {
  const UntrustedView address = record.field("IpAddress");
  const bool named = !address.empty() && !address.is("-");
  const UntrustedView station = record.field("WorkstationName");
  return (named ? Untrusted{address} : station.is("-") ? Untrusted{} : Untrusted{station}).folded();
}

// What failed from one machine within the window; added by time.
class Guesses {
 public:
  void add(const EventRecord& failure) {
    failures_.push_back(&failure);
    ++by_account_[account_of(failure)];
  }
  void forget_before(Timestamp time) {
    while (!failures_.empty() && failures_.front()->head.time < time) {
      const auto account = by_account_.find(account_of(*failures_.front()));
      if (--account->second == 0) {
        by_account_.erase(account);
      }
      failures_.pop_front();
    }
  }
  void clear() {
    failures_.clear();
    by_account_.clear();
  }
  [[nodiscard]] const EventRecord& first() const { return *failures_.front(); }
  // As the account that `logon` succeeded as.
  [[nodiscard]] std::size_t as_in(const EventRecord& logon) const {
    const auto account = by_account_.find(account_of(logon));
    return account == by_account_.end() ? 0 : account->second;
  }
  [[nodiscard]] std::size_t since(Timestamp time) const {
    const auto first = std::ranges::lower_bound(
        failures_, time, {}, [](const EventRecord* failure) { return failure->head.time; });
    return static_cast<std::size_t>(failures_.end() - first);
  }
  [[nodiscard]] std::size_t accounts() const { return by_account_.size(); }

 private:
  static Untrusted account_of(const EventRecord& record) {
    return Untrusted{record.field("TargetUserName")}.folded();
  }

  std::deque<const EventRecord*> failures_;
  std::map<Untrusted, std::size_t> by_account_;
};

struct Machine {
  Guesses guesses;
  std::map<Untrusted, Timestamp> people;  // who logged on from there, and when first
};

// Others were at home there before the first failure: a proxy, a terminal server.
bool is_shared(const Machine& machine, const EventRecord& logon) {
  const Untrusted account = Untrusted{logon.field("TargetUserName")}.folded();
  return std::ranges::any_of(machine.people, [&](const auto& person) {
    return person.first != account && person.second < machine.guesses.first().head.time;
  });
}

void tell_guessed(const EventRecord& logon, const Untrusted& name, const Machine& machine,
                  Answers& answers) {
  constexpr std::size_t kFew = 5, kMany = 10, kSeveral = 5, kAll = 30;
  const Guesses& guesses = machine.guesses;
  const UntrustedView account = logon.field("TargetUserName");
  const std::size_t failures = guesses.as_in(logon), accounts = guesses.accounts();
  const std::size_t at_once = guesses.since(Timestamp{logon.head.time.ticks - kAtOnce});
  // A drive or a service with an old password fails as one account, however often; and where many
  // share a machine, many mistype.
  const bool tries_accounts =
      accounts >= kSeveral && failures >= kFew && at_once >= kAll && !is_shared(machine, logon);
  if (!tries_accounts && failures < kMany) {
    return;
  }
  Sign sign = sign_of("logon_guessed", tries_accounts ? Severity::kHigh : Severity::kMedium,
                      say("a logon succeeded after many failed"),
                      say(account, " logged on from ", name, " after ", failures,
                          " logons from there failed as it", accounts > 1 ? ", and others as " : "",
                          accounts > 1 ? say(accounts - 1, " more accounts") : Untrusted{}),
                      {guesses.first().where(), logon.where()});
  sign.force = tries_accounts ? Force::kStrong : Force::kWeak;
  sign.ordinary = !tries_accounts;
  sign.finding.time = logon.head.time;
  sign.logon_id = logon.field("TargetLogonId").logon_id();
  answers.signs.push_back(std::move(sign));
}

}  // namespace

void find_logon_signs(const Case& /*the_case*/, Answers& answers) {
  std::map<Untrusted, Machine> machines;
  for (const EventRecord* record : answers.events) {
    const bool failed = record->head.key == events::kLogonFailed;
    const bool told = failed ? is_a_guess(*record) : record->head.key == events::kLogon;
    if (!told || !is_from_elsewhere(*record) || record->field("TargetUserName").empty()) {
      continue;
    }
    const Untrusted name = machine_of(*record);
    if (name.empty() || is_the_server(answers.host, *record, name)) {
      continue;
    }
    Machine& machine = machines[name];
    machine.guesses.forget_before(Timestamp{record->head.time.ticks - kWindow});
    if (failed) {
      machine.guesses.add(*record);
      continue;
    }
    if (machine.guesses.as_in(*record) != 0) {
      tell_guessed(*record, name, machine, answers);
      machine.guesses.clear();
    }
    machine.people.try_emplace(Untrusted{record->field("TargetUserName")}.folded(),
                               record->head.time);
  }
}

}  // namespace iwamtrace
