// Windows passwords that somebody guessed: many failed logons from one machine, and then one that
// succeeds.
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

// What failed from one machine within the window.
class Guesses {
 public:
  void add(const EventRecord& failure) { failures_.push_back(&failure); }
  void forget_before(Timestamp time) {
    std::erase_if(failures_, [&](const EventRecord* one) { return one->head.time < time; });
  }
  void clear() { failures_.clear(); }
  [[nodiscard]] const EventRecord& first() const { return *failures_.front(); }
  [[nodiscard]] std::size_t of(UntrustedView account) const {
    return static_cast<std::size_t>(std::ranges::count_if(failures_, [&](const EventRecord* one) {
      return one->field("TargetUserName").is(account);
    }));
  }
  [[nodiscard]] std::size_t all() const { return failures_.size(); }
  [[nodiscard]] std::size_t accounts() const {
    std::set<Untrusted> names;
    for (const EventRecord* one : failures_) {
      names.insert(Untrusted{one->field("TargetUserName")}.folded());
    }
    return names.size();
  }

 private:
  std::vector<const EventRecord*> failures_;  // by time
};

void tell_guessed(const EventRecord& logon, const Untrusted& machine, const Guesses& guesses,
                  Answers& answers) {
  constexpr std::size_t kFew = 5, kMany = 10, kSeveral = 5, kAll = 30;
  const UntrustedView account = logon.field("TargetUserName");
  const std::size_t failures = guesses.of(account), accounts = guesses.accounts();
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
    } else if (guesses.of(record->field("TargetUserName")) != 0) {
      tell_guessed(*record, machine, guesses, answers);
      guesses.clear();
    }
  }
}

}  // namespace iwamtrace
