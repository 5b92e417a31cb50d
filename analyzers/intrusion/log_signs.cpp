// The Security log, cleared as its own first record tells it. Of other logs log_clearings.cpp
// tells.
#include <utility>

#include "analyzers/archived_logs.h"
#include "analyzers/intrusion/signs.h"
#include "analyzers/iwam_events.h"
#include "analyzers/questions.h"

namespace iwamtrace {
void find_cleared_logs(const Case& the_case, Answers& answers) {
  for (const EventRecord* record : answers.events) {
    if (record->head.key == events::kAuditLogCleared) {
      const Untrusted deed = say("the Security log was cleared", by_whom(*record));
      Sign sign = sign_of("log_cleared", Severity::kHigh, say("the Security log was cleared"),
                          say(deed, " on ", record->head.time, ": what it held before is gone"),
                          answers.host, *record);
      sign.step = deed;
      if (const Source* archive = archive_of(the_case, answers, *record)) {
        sign.finding.severity = Severity::kInfo;
        sign.finding.statement = say(deed, " on ", record->head.time, ", and ", archive->path,
                                     " has what it held until ", *archive->summary.last);
        sign.ordinary = true;
      }
      answers.signs.push_back(std::move(sign));
    }
  }
}

}  // namespace iwamtrace
