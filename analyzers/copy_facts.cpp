#include "analyzers/copy_facts.h"

#include <algorithm>
#include <utility>

namespace iwamtrace {

using enum Force;

Hypothesis claim(std::string id, std::string_view words) {
  return {std::move(id), say(words), {}, {}, {}};
}

void missing_copies(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const auto miss = [&](Untrusted what) {
    hypothesis.missing.push_back(Missing{std::move(what), true});
  };
  if (evidence.account == nullptr) {
    miss(say("the account in a SAM hive"));
  } else if (!evidence.account->fingerprint) {
    miss(say("the password hash in the SAM"));
  }
  if (evidence.com_plus == nullptr) {
    miss(say("the COM+ secret in a SECURITY hive of this machine"));
  } else if (!evidence.com_plus->fingerprint) {
    miss(say("the value of the COM+ secret: ", evidence.com_plus_to_sam->basis));
  }
}

const EventRecord* set_that_no_sam_shows(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  const bool later = e.account == nullptr && !e.password_sets.empty() && e.com_plus != nullptr &&
                     e.com_plus->set && e.password_sets.back()->head.time > *e.com_plus->set;
  return later ? e.password_sets.back() : nullptr;
}

void add_copies_of_different_days(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  if (const EventRecord* set = evidence.set_after_the_copy()) {
    hypothesis.against.emplace_back(
        kStrong,
        say("the password was set again on ", set->head.time,
            ", after this SAM was copied: it is older than the log"),
        std::vector{set->where(), evidence.account->password_set_where});
  }
  std::optional<Timestamp> last;
  if (evidence.account != nullptr && evidence.com_plus != nullptr) {
    last = std::max(evidence.account->password_last_set, evidence.com_plus->set);
  }
  if (last && evidence.healthy_after(*last)) {
    hypothesis.against.emplace_back(
        kStrong,
        say(evidence.answers.iwam.user_name, " logged on as a batch job on ",
            evidence.last_success->head.time,
            ", after both copies were set: the hives are not of one moment, or it was mended"),
        std::vector{evidence.last_success->where()});
  }
}

void add_young_account(const CauseEvidence& evidence, Hypothesis& hypothesis) {
  const CauseEvidence& e = evidence;
  const bool known = e.account != nullptr && e.com_plus != nullptr && e.account->created &&
                     e.com_plus->set && !e.com_plus_has_former_of_sam();
  if (known && *e.account->created > *e.com_plus->set) {
    hypothesis.against.emplace_back(kStrong,
                                    say("the account itself was made on ", *e.account->created,
                                        ", after COM+ got its password"),
                                    std::vector{e.account->where, e.com_plus->set_where});
  }
}

}  // namespace iwamtrace
