// The causes that Windows itself names: by the Win32 code of a DCOM 10004, and by the account's
// state in the SAM.
#include <algorithm>
#include <array>

#include "analyzers/cause_facts.h"
#include "analyzers/iwam_events.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

using enum Force;

struct LogonCause {
  std::string_view id, claim;
  std::array<std::uint32_t, 2> codes;  // a second one where there are two
};
constexpr std::array kLogonCauses{
    LogonCause{"logon_right_missing",
               "the right to log on as a batch job is missing",
               {win32::kLogonTypeNotGranted, 0}},
    LogonCause{"account_locked", "the account is locked out", {win32::kAccountLockedOut, 0}},
    LogonCause{"account_disabled", "the account is disabled", {win32::kAccountDisabled, 0}},
    LogonCause{"account_expired", "the account has expired", {win32::kAccountExpired, 0}},
    LogonCause{"password_expired",
               "the password has expired or must be changed",
               {win32::kPasswordExpired, win32::kPasswordMustChange}},
};

bool has_code(const EventRecord& record, const LogonCause& cause) {
  const auto code = dcom_error(record);
  return code && std::ranges::find(cause.codes, *code) != cause.codes.end();
}

// The last moment that a log of this server tells of.
Timestamp end_of_logs(const Answers& answers) {
  return answers.events.empty() ? Timestamp{} : answers.events.back()->head.time;
}

// Its absence is the cause.
Observation negated(Observation state) {
  if (state.holds) {
    state.holds = !*state.holds;
  }
  return state;
}

Observation state_of(const LogonCause& cause, const AccountStateAnswer& state) {
  return cause.id == "logon_right_missing" ? negated(state.batch_logon)
         : cause.id == "account_locked"    ? state.locked
         : cause.id == "account_disabled"  ? state.disabled
         : cause.id == "password_expired"  ? state.password_expired
                                           : state.expired;
}

class LogonCauseFacts {
 public:
  LogonCauseFacts(const CauseEvidence& evidence, const LogonCause& cause)
      : evidence_(evidence),
        cause_(cause),
        state_(state_of(cause, evidence.answers.account_state)),
        hypothesis_{std::string(cause.id), say(cause.claim), {}, {}, {}} {}

  Hypothesis collect() {
    const EventRecord* named = last_named();
    if (named == nullptr) {
      add_state(kStrong);
    } else if (is_over(*named) || is_outdated(*named)) {
      add_code(kWeak, *named);
      add_state(kStrong);
    } else if (state_.holds == false && is_old(*named)) {
      add_code(kWeak, *named);
      hypothesis_.against.emplace_back(kProof, state_.statement, state_.citations);
    } else {
      add_code(kProof, *named);
      add_state_beside_code();
    }
    if (named != nullptr) {
      add_consequence(*named);
    }
    return std::move(hypothesis_);
  }

 private:
  [[nodiscard]] const EventRecord* last_named() const {
    const auto& failures = evidence_.answers.failures.logon_failures;
    const auto found =
        std::find_if(failures.rbegin(), failures.rend(),
                     [&](const EventRecord* record) { return has_code(*record, cause_); });
    return found == failures.rend() ? nullptr : *found;
  }

  // The account has logged on since.
  [[nodiscard]] bool is_over(const EventRecord& named) const {
    return evidence_.healthy_after(named.head.time);
  }
  // Windows has named another reason since.
  [[nodiscard]] bool is_outdated(const EventRecord& named) const {
    return !has_code(*evidence_.answers.failures.logon_failures.back(), cause_) &&
           evidence_.answers.failures.logon_failures.back()->head.time > named.head.time;
  }
  [[nodiscard]] bool is_old(const EventRecord& named) const {
    constexpr std::int64_t kSameOutage = 7 * Timestamp::kTicksPerDay;
    return end_of_logs(evidence_.answers) - named.head.time > kSameOutage;
  }

  void add_code(Force force, const EventRecord& named) {
    const std::uint32_t code = *dcom_error(named);
    hypothesis_.in_favour.emplace_back(force,
                                       say("DCOM could not log on ", named.field("User"), " on ",
                                           named.head.time, ": ", code, ", ", win32_error(code)),
                                       std::vector{named.where()});
    if (is_over(named)) {
      hypothesis_.against.emplace_back(
          kStrong, say("it has logged on since, on ", evidence_.last_success->head.time),
          std::vector{evidence_.last_success->where()});
    }
  }

  // What was so at the failure may be mended by the time of the copy.
  void add_state_beside_code() {
    if (state_.holds) {
      (*state_.holds ? hypothesis_.in_favour : hypothesis_.against)
          .emplace_back(
              *state_.holds ? kStrong : kWeak,
              *state_.holds ? state_.statement : say("by the time of the copy: ", state_.statement),
              state_.citations);
    }
  }

  // The account's present state. What is so only since the last failure is not why it happened, and
  // where IIS does not use the account it breaks nothing.
  void add_state(Force force) {
    const AccountStateAnswer& account = evidence_.answers.account_state;
    if (!state_.holds) {
      hypothesis_.missing.push_back(Missing{state_.statement, false});
      return;
    }
    const EventRecord* failure = evidence_.last_failure;
    if (*state_.holds && failure != nullptr && state_.since && *state_.since > failure->head.time) {
      hypothesis_.against.emplace_back(
          kStrong, say(state_.statement, "; the last failure was before, on ", failure->head.time),
          state_.citations);
      return;
    }
    const bool ran_out = cause_.id == "account_locked" && account.lock_ran_out;
    if (*state_.holds || ran_out) {
      const bool harmless = ran_out || !uses_iwam(evidence_.answers.copies);
      hypothesis_.in_favour.emplace_back(harmless ? kWeak : force, state_.statement,
                                         state_.citations);
    } else {
      hypothesis_.against.emplace_back(kProof, state_.statement, state_.citations);
    }
  }

  // Refused logons lock an account: then the lock is what a wrong password does.
  void add_consequence(const EventRecord& named) {
    const EventRecord* refusal = evidence_.first_refusal;
    if (cause_.id == "account_locked" && differ(evidence_.com_plus_to_sam) && refusal != nullptr &&
        refusal->head.time < named.head.time) {
      hypothesis_.against.emplace_back(
          kStrong,
          say("logons were refused before, since ", refusal->head.time,
              " (1326), while COM+ and the SAM differ: the lock follows from that"),
          std::vector{refusal->where()});
    }
  }

  const CauseEvidence& evidence_;
  const LogonCause& cause_;
  Observation state_;
  Hypothesis hypothesis_;
};

}  // namespace

std::vector<Hypothesis> causes_by_logon_error(const CauseEvidence& evidence) {
  std::vector<Hypothesis> hypotheses;
  hypotheses.reserve(kLogonCauses.size());
  for (const LogonCause& cause : kLogonCauses) {
    hypotheses.push_back(LogonCauseFacts(evidence, cause).collect());
  }
  return hypotheses;
}

}  // namespace iwamtrace
