#include "analyzers/cause_argument.h"

#include <iterator>

#include "analyzers/causes.h"

namespace iwamtrace {

CauseArgument::CauseArgument(const CauseEvidence& evidence, std::string_view id,
                             std::string_view claim)
    : evidence_(evidence),
      last_failure_(evidence.last_failure),
      hypothesis_{std::string(id), say(claim), {}, {}, {}} {
  if (last_failure_ != nullptr && evidence.healthy_after(last_failure_->head.time)) {
    last_failure_ = nullptr;
  }
}

CauseArgument& CauseArgument::where(const Observation& state, bool holds) {
  if (!state.holds) {
    hypothesis_.missing.push_back(Missing{state.statement, true});
  } else if (*state.holds != holds) {
    oppose(Force::kProof, state.statement, state.citations);
  } else if (failing() && state.since && *state.since > last_failure_->head.time) {
    oppose(Force::kStrong,
           say(state.statement, "; the last failure was before, on ", last_failure_->head.time),
           state.citations);
  } else {
    favour(failing() ? Force::kStrong : Force::kWeak, state.statement, state.citations);
  }
  return *this;
}

CauseArgument& CauseArgument::hint(const Observation& state, bool holds) {
  if (!state.holds) {
    hypothesis_.missing.push_back(Missing{state.statement, false});
  } else if (*state.holds == holds) {
    favour(Force::kWeak, state.statement, state.citations);
  } else {
    oppose(Force::kWeak, state.statement, state.citations);
  }
  return *this;
}

CauseArgument& CauseArgument::unloaded_with(Force force, std::string_view code,
                                            std::string_view words) {
  const auto& unloaded = evidence_.answers.failures.unloaded;
  const auto found =
      std::find_if(unloaded.rbegin(), unloaded.rend(), [&](const EventRecord* record) {
        const UntrustedView error = record->field("Error");
        return error.contains(code) || error.contains(words);
      });
  if (found != unloaded.rend()) {
    favour(force,
           say("W3SVC could not load ", (*found)->field("Application"), " on ", (*found)->head.time,
               ": ", words),
           {(*found)->where()});
  }
  return *this;
}

CauseArgument& CauseArgument::against_by_reached_logon() {
  const auto& reached = evidence_.answers.failures.logon_failures;
  if (!reached.empty()) {
    oppose(Force::kStrong,
           say("DCOM reached the account's logon on ", reached.back()->head.time,
               ": until there nothing was in the way"),
           {reached.back()->where()});
  }
  return *this;
}

CauseArgument& CauseArgument::missing(std::string_view what, bool decides) {
  hypothesis_.missing.push_back(Missing{say(what), decides});
  return *this;
}

void CauseArgument::favour(Force force, Untrusted statement, std::vector<Citation> where) {
  hypothesis_.in_favour.emplace_back(force, std::move(statement), std::move(where));
}

void CauseArgument::oppose(Force force, Untrusted statement, std::vector<Citation> where) {
  hypothesis_.against.emplace_back(force, std::move(statement), std::move(where));
}

Hypothesis CauseArgument::take() {
  std::vector<Fact>& facts = hypothesis_.in_favour;
  const bool weak =
      std::ranges::all_of(facts, [](const Fact& fact) { return fact.force() == Force::kWeak; });
  if (!failing() && weak && facts.size() > 1) {
    Untrusted statement;
    std::vector<Citation> where;
    for (const Fact& fact : facts) {
      statement.append(statement.empty() ? "" : "; ");
      statement.append(fact.statement().view());
      std::ranges::copy(fact.citations(), std::back_inserter(where));
    }
    facts.clear();
    favour(Force::kWeak, std::move(statement), std::move(where));
  }
  return std::move(hypothesis_);
}

CauseArgument& CauseArgument::add_record(Force force, std::string_view words,
                                         const EventRecord& record) {
  const Cause* cause = cause_of(hypothesis_.id);
  const bool after_logon = cause != nullptr && cause->breaks == Cause::Breaks::kAfterLogon;
  const bool over = after_logon ? !failing() : evidence_.healthy_after(record.head.time);
  favour(over ? Force::kWeak : force,
         say(words, ", on ", record.head.time, " (event ", record.head.event_id, ")"),
         {record.where()});
  if (over && evidence_.last_success != nullptr) {
    oppose(Force::kStrong,
           say(evidence_.answers.iwam.user_name, " has logged on since, on ",
               evidence_.last_success->head.time),
           {evidence_.last_success->where()});
  }
  return *this;
}

}  // namespace iwamtrace
