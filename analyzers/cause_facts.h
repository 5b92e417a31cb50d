// What the evidence says for and against each cause. The ids are the contract's.
#pragma once

#include <vector>

#include "analyzers/metabase_history.h"
#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Everything that the causes are weighed by, looked up once.
struct CauseEvidence {
  CauseEvidence(const Case& a_case, const Answers& given);

  const Case& the_case;
  const Answers& answers;
  const Account* account;
  const SecretValue* com_plus;           // current value of the secret
  const SecretValue* com_plus_previous;  // the one before it
  const Comparison* com_plus_to_sam;
  const Comparison* metabase_to_sam;
  const Comparison* metabase_to_com_plus;
  std::vector<MetabaseStep> steps;
  std::vector<const EventRecord*> password_sets;  // of IWAM, by time

  // COM+ and SAM times, both known.
  [[nodiscard]] bool sam_set_later() const;
  [[nodiscard]] bool com_plus_set_later() const;
  [[nodiscard]] const MetabaseStep* metabase_change() const;  // the last one
};

Hypothesis sam_changed_alone(const CauseEvidence& evidence);
Hypothesis com_plus_changed_alone(const CauseEvidence& evidence);
Hypothesis metabase_changed_alone(const CauseEvidence& evidence);
Hypothesis multiple_changes(const CauseEvidence& evidence);
// The causes that Windows itself names by the Win32 code of a DCOM 10004.
std::vector<Hypothesis> causes_by_logon_error(const CauseEvidence& evidence);

}  // namespace iwamtrace
