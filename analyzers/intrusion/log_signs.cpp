// Logs that somebody cleared, as records tell it. Clears that no record tells of are found by the
// numbers of the records that are left.
#include <utility>

#include "analyzers/intrusion/signs.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

Untrusted by_whom(const EventRecord& record) {
  const Untrusted who = subject_of(record);
  return who.empty() ? Untrusted{} : say(" by ", who);
}

}  // namespace

void find_cleared_logs(const Case& /*the_case*/, Answers& answers) {
  for (const EventRecord* record : answers.events) {
    const bool security = record->head.key == events::kAuditLogCleared;
    if (!security && record->head.key != events::kOtherLogCleared) {
      continue;
    }
    const Untrusted log = security ? say("Security") : Untrusted{record->field("Channel")};
    Sign sign = sign_of("log_cleared", Severity::kHigh, say("the ", log, " log was cleared"),
                        say("the ", log, " log was cleared", by_whom(*record), " on ",
                            record->head.time, ": what it held before is gone"),
                        answers.host, *record);
    answers.signs.push_back(std::move(sign));
  }
}

}  // namespace iwamtrace
