// Is each log whole, and if not, why? What rotation takes, the oldest records, is missing from
// every full log and told nowhere.
#include "analyzers/log_integrity.h"

#include <algorithm>
#include <iterator>

#include "analyzers/own_evidence.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

OwnLogFiles own_logs(const Case& the_case, const Answers& answers) {
  OwnLogFiles logs;
  for (const Source& source : the_case.sources) {
    const bool log = source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
    if (log && !is_left_out(answers, source.id) && source.summary.numbering.lowest) {
      logs.push_back(&source);
    }
  }
  return logs;
}

}  // namespace

void examine_log_integrity(const Case& the_case, Answers& answers) {
  const OwnLogFiles logs = own_logs(the_case, answers);
  std::vector<Finding> findings;
  find_record_gaps(logs, findings);
  find_log_clearings(the_case, answers, logs, findings);
  find_service_breaks(answers, logs, findings);
  std::ranges::stable_sort(findings, {}, &Finding::severity);
  std::ranges::move(findings, std::back_inserter(answers.findings));
}

}  // namespace iwamtrace
