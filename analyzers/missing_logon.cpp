#include "analyzers/missing_logon.h"

namespace iwamtrace {
namespace {

const Source* security_log_that_begins_first(const Case& the_case, const BootFrames& frames) {
  const Source* first = nullptr;
  for (const Source& source : the_case.sources) {
    if (source.summary.log.is("Security") && source.summary.records != 0 && frames.is_own(source) &&
        (first == nullptr || source.summary.first < first->summary.first)) {
      first = &source;
    }
  }
  return first;
}

// The last record before the act that is wanted, where no start of Windows lies between.
template <typename Wanted>
const EventRecord* last_before(const Answers& answers, const BootFrames& frames,
                               const EventRecord& act, Wanted wanted) {
  const EventRecord* last = nullptr;
  for (const EventRecord* record : answers.events) {
    if (wanted(*record) && precedes(*record, act)) {
      last = record;
    }
  }
  return last != nullptr && frames.share_frame(*last, act) ? last : nullptr;
}

const EventRecord* clearing_before(const Answers& answers, const BootFrames& frames,
                                   const EventRecord& act) {
  const auto is_clearing = [](const EventRecord& record) {
    return record.head.key == events::kAuditLogCleared;
  };
  return is_clearing(act) ? &act : last_before(answers, frames, act, is_clearing);
}

// The policy is of the day of the copy: a log that has logons of that time knows better.
const AuditPolicy* policy_without_logons(const Answers& answers, const BootFrames& frames,
                                         const EventRecord& act) {
  constexpr std::size_t kLogonCategory = 1;
  constexpr std::uint32_t kSuccess = 1;
  const AuditPolicy* policy = answers.policies.audit;
  if (policy == nullptr || policy->categories.size() <= kLogonCategory ||
      (policy->enabled && (policy->categories[kLogonCategory] & kSuccess) != 0)) {
    return nullptr;
  }
  const auto is_logon = [&](const EventRecord& record) {
    return record.head.key == events::kLogon && record.origin == Origin::kAllocated &&
           record.head.source == act.head.source;
  };
  return last_before(answers, frames, act, is_logon) != nullptr ? nullptr : policy;
}

MissingLogon none_in(const Source& log, const BootFrames& frames, const EventRecord& act) {
  const EventRecord* start = frames.start_before(act);
  const auto begins = log.summary.first;
  const bool whole = start != nullptr && (start->head.key.source == EventSource::kSecurity ||
                                          (begins && *begins <= start->head.time));
  const Untrusted none =
      say("the Security log has no logon with the logon id ", act.field("SubjectLogonId"));
  if (whole) {
    return {say("not observable: since Windows was started on ", start->head.time,
                " and before the act ", none),
            {start->where()}};
  }
  return {begins ? say("not observable: the Security log begins on ", *begins,
                       ", after a start of Windows, and before the act ", none)
                 : say("not observable: no start of Windows is known, and before the act ", none),
          {Citation{log.id, 0, std::nullopt, {}}}};
}

}  // namespace

MissingLogon why_no_logon(const Case& the_case, const Answers& answers, const BootFrames& frames,
                          const EventRecord& act) {
  const Source* log = security_log_that_begins_first(the_case, frames);
  if (log == nullptr) {
    return {say("not observable: the case has no Security log"), {}};
  }
  if (const AuditPolicy* policy = policy_without_logons(answers, frames, act)) {
    return {say("not observable: logons were not audited when the hive was copied"),
            {policy->where}};
  }
  if (const EventRecord* clearing = clearing_before(answers, frames, act)) {
    return {say("not observable: the Security log was cleared on ", clearing->head.time,
                " and may have held the logon"),
            {clearing->where()}};
  }
  return none_in(*log, frames, act);
}

}  // namespace iwamtrace
