// Everything that the causes are weighed by, looked up once.
#pragma once

#include <optional>
#include <vector>

#include "analyzers/metabase_history.h"
#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

inline bool differ(const Comparison* comparison) {
  return comparison->result == Equality::kDifferent;
}
inline bool equal(const Comparison* comparison) { return comparison->result == Equality::kEqual; }

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
  std::vector<const EventRecord*> password_sets;  // of IWAM, by time, of live records
  const EventRecord* last_success = nullptr;      // batch logon of IWAM, the last one
  const EventRecord* last_failure = nullptr;      // of the pooled applications, whatever the kind
  const EventRecord* first_refusal = nullptr;     // DCOM 10004 with 1326, the first since then

  // COM+ and SAM times, both known.
  [[nodiscard]] bool sam_set_later() const;
  // Not where COM+ was given the value again that it had: a synciwam in vain is no change.
  [[nodiscard]] bool com_plus_changed_later() const;
  [[nodiscard]] bool com_plus_rewritten() const;
  // COM+ holds a password that the SAM had and has given up.
  [[nodiscard]] bool com_plus_has_former_of_sam() const;
  // The SAM holds the password that COM+ had before its last change.
  [[nodiscard]] bool sam_has_former_of_com_plus() const;
  [[nodiscard]] const MetabaseStep* metabase_change() const;  // the last one

  // A logon that succeeded after a moment: from then on nothing was wrong with the password.
  [[nodiscard]] bool healthy_after(Timestamp time) const;
  // A password set that the SAM of the case does not know of: it is an older copy.
  [[nodiscard]] const EventRecord* set_after_the_copy() const;
  // That, or a logon that succeeded after both copies were set although they differ.
  [[nodiscard]] bool contradicted_by_logs() const;
};

}  // namespace iwamtrace
