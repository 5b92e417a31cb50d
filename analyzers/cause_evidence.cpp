#include "analyzers/cause_evidence.h"

#include <algorithm>

#include "analyzers/iwam_events.h"
#include "model/codes.h"

namespace iwamtrace {

CauseEvidence::CauseEvidence(const Case& a_case, const Answers& given)
    : the_case(a_case),
      answers(given),
      account(given.copies.account),
      com_plus(given.copies.secret == nullptr ? nullptr : &given.copies.secret->current),
      com_plus_previous(given.copies.secret == nullptr ? nullptr : &given.copies.secret->previous),
      com_plus_to_sam(given.copies.comparison(Copy::kComPlus, Copy::kSam)),
      metabase_to_sam(given.copies.comparison(Copy::kMetabase, Copy::kSam)),
      metabase_to_com_plus(given.copies.comparison(Copy::kMetabase, Copy::kComPlus)),
      steps(metabase_steps(given.copies)) {
  for (const EventRecord* record : answers.events) {
    if (record->origin == Origin::kAllocated && sets_iwam_password(*record, answers)) {
      password_sets.push_back(record);
    }
    if (is_iwam_start(*record, answers)) {
      last_success = record;
    }
  }
  for (const FailuresAnswer::Group& group : answers.failures.groups) {
    const EventRecord* last = group.records.back();
    if (last_failure == nullptr || last->head.time > last_failure->head.time) {
      last_failure = last;
    }
  }
  const auto& failures = answers.failures.logon_failures;
  const auto refusal = std::ranges::find_if(failures, [&](const EventRecord* record) {
    return dcom_error(*record) == win32::kLogonFailure &&
           (last_success == nullptr || record->head.time > last_success->head.time);
  });
  first_refusal = refusal == failures.end() ? nullptr : *refusal;
}

bool CauseEvidence::sam_set_later() const {
  return account != nullptr && com_plus != nullptr && account->password_last_set && com_plus->set &&
         *account->password_last_set > *com_plus->set;
}

bool CauseEvidence::com_plus_changed_later() const {
  return account != nullptr && com_plus != nullptr && account->password_last_set && com_plus->set &&
         *com_plus->set > *account->password_last_set && !com_plus_rewritten();
}

bool CauseEvidence::com_plus_rewritten() const {
  return com_plus != nullptr && com_plus->fingerprint &&
         com_plus->fingerprint == com_plus_previous->fingerprint;
}

bool CauseEvidence::com_plus_has_former_of_sam() const {
  return com_plus_to_sam->sam_history_index.has_value();
}

bool CauseEvidence::sam_has_former_of_com_plus() const {
  return account != nullptr && com_plus_previous != nullptr && account->fingerprint &&
         com_plus_previous->fingerprint == account->fingerprint;
}

const MetabaseStep* CauseEvidence::metabase_change() const {
  const auto last = std::find_if(steps.rbegin(), steps.rend(),
                                 [](const MetabaseStep& step) { return step.changed; });
  return last == steps.rend() ? nullptr : &*last;
}

bool CauseEvidence::healthy_after(Timestamp time) const {
  return last_success != nullptr && last_success->head.time > time;
}

const EventRecord* CauseEvidence::set_after_the_copy() const {
  constexpr std::int64_t kClocks = 5 * Timestamp::kTicksPerSecond;  // events have whole seconds
  if (account == nullptr || !account->password_last_set || password_sets.empty()) {
    return nullptr;
  }
  const EventRecord* last = password_sets.back();
  return last->head.time - *account->password_last_set > kClocks ? last : nullptr;
}

bool CauseEvidence::contradicted_by_logs() const {
  if (set_after_the_copy() != nullptr) {
    return true;
  }
  return differ(com_plus_to_sam) &&
         healthy_after(std::max(account->password_last_set.value_or(Timestamp{}),
                                com_plus->set.value_or(Timestamp{})));
}

}  // namespace iwamtrace
