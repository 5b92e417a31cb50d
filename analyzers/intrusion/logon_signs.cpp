// Windows passwords that somebody guessed: many failed logons from one machine, and then one that
// succeeds.
#include <deque>
#include <map>
#include <utility>

#include "analyzers/intrusion/signs.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kMinute = 60 * Timestamp::kTicksPerSecond;
constexpr std::int64_t kWindow = 60 * kMinute;  // in which the failures must lie before the success

// A logon from elsewhere: over the network, in clear text, or by remote desktop.
bool is_from_elsewhere(const EventRecord& record) {
  constexpr std::uint64_t kNetwork = 3, kClearText = 8, kRemoteDesktop = 10;
  const std::uint64_t type = record.field("LogonType").number().value_or(0);
  return type == kNetwork || type == kClearText || type == kRemoteDesktop;
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
  [[nodiscard]] std::size_t all() const { return failures_.size(); }
  [[nodiscard]] std::size_t accounts() const { return by_account_.size(); }

 private:
  static Untrusted account_of(const EventRecord& record) {
    return Untrusted{record.field("TargetUserName")}.folded();
  }

  std::deque<const EventRecord*> failures_;
  std::map<Untrusted, std::size_t> by_account_;
};

void tell_guessed(const EventRecord& logon, const Untrusted& machine, const Guesses& guesses,
                  Answers& answers) {
  constexpr std::size_t kFew = 5, kMany = 10, kSeveral = 5, kAll = 30;
  const UntrustedView account = logon.field("TargetUserName");
  const std::size_t failures = guesses.as_in(logon), accounts = guesses.accounts();
  // A drive or a service with an old password fails as one account, however often.
  const bool tries_accounts = accounts >= kSeveral && failures >= kFew && guesses.all() >= kAll;
  if (!tries_accounts && failures < kMany) {
    return;
  }
  Sign sign = sign_of("logon_guessed", tries_accounts ? Severity::kHigh : Severity::kMedium,
                      say("a logon succeeded after many failed"),
                      say(account, " logged on from ", machine, " after ", failures,
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
  std::map<Untrusted, Guesses> by_machine;
  for (const EventRecord* record : answers.events) {
    const bool failed = record->head.key == events::kLogonFailed;
    if ((!failed && record->head.key != events::kLogon) || !is_from_elsewhere(*record)) {
      continue;
    }
    const Untrusted machine = machine_of(*record);
    // Whoever logs on through the web server comes from the server itself.
    if (machine.empty() || machine == answers.host.computer_name.folded() ||
        record->field("TargetUserName").empty()) {
      continue;
    }
    Guesses& guesses = by_machine[machine];
    guesses.forget_before(Timestamp{record->head.time.ticks - kWindow});
    if (failed) {
      guesses.add(*record);
    } else if (guesses.as_in(*record) != 0) {
      tell_guessed(*record, machine, guesses, answers);
      guesses.clear();
    }
  }
}

}  // namespace iwamtrace
