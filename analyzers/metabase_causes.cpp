// The metabase was changed alone, or more than one copy was.
#include <algorithm>

#include "analyzers/cause_facts.h"
#include "analyzers/copy_facts.h"
#include "analyzers/iwam_events.h"

namespace iwamtrace {
namespace {

using enum Force;

// Encrypted versions that differ tell that there was a change, not which of the two was right: it
// may as well have been the repair. What failed afterwards speaks, and what went well.
void add_metabase_step(const CauseEvidence& evidence, const MetabaseStep& step,
                       Hypothesis& hypothesis) {
  const CauseEvidence& e = evidence;
  const auto before = saved_at(e.the_case, e.answers.copies, *step.before);
  const auto after = saved_at(e.the_case, e.answers.copies, *step.after);
  const auto& unloaded = e.answers.failures.unloaded;
  const bool failed_since = before && !unloaded.empty() && unloaded.back()->head.time > *before;
  const bool well_since = after && e.healthy_after(*after);
  hypothesis.in_favour.emplace_back(
      failed_since && !well_since ? kStrong : kWeak,
      say("WAMUserPass differs between ", names_of_versions(e.the_case, *step.before, *step.after)),
      std::vector{step.before->password_where, step.after->password_where});
  if (failed_since && !well_since) {
    hypothesis.in_favour.emplace_back(
        kWeak, say("applications were not loaded since, last on ", unloaded.back()->head.time),
        std::vector{unloaded.back()->where()});
  }
  if (well_since) {
    hypothesis.against.emplace_back(
        kWeak,
        say(e.answers.iwam.user_name, " logged on as a batch job since, on ",
            e.last_success->head.time),
        std::vector{e.last_success->where()});
  }
  // Where the values are known nobody need guess from times.
  const bool guess = e.metabase_to_sam->result == Equality::kUnknown;
  std::vector<Citation> along;
  Untrusted who;
  const auto moved_along = [&](std::string_view copy, const std::optional<Timestamp>& set,
                               const Citation& where) {
    if (guess && set && before && *set >= Timestamp{before->ticks - kSameWork}) {
      who.append(say(along.empty() ? "" : ", ", copy, " on ", *set).view());
      along.push_back(where);
    }
  };
  if (e.account != nullptr) {
    moved_along("the SAM", e.account->password_last_set, e.account->password_set_where);
  }
  if (e.com_plus != nullptr) {
    moved_along("COM+", e.com_plus->set, e.com_plus->set_where);
  }
  if (!along.empty()) {
    hypothesis.against.emplace_back(
        kStrong, say("the other copies were set at that time or later: ", who), along);
  } else if (guess && (!before || !after)) {
    hypothesis.missing.push_back(
        Missing{say("when the metabase changed: its file times are those of a copy"), !before});
  }
}

}  // namespace

Hypothesis metabase_changed_alone(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis =
      claim("metabase_changed_alone", "the password was changed in the metabase alone");
  if (differ(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM differ from each other"),
                                    e.com_plus_to_sam->citations);
  }
  if (equal(e.metabase_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("the metabase holds the SAM's password"),
                                    e.metabase_to_sam->citations);
  } else if (differ(e.metabase_to_sam) && equal(e.com_plus_to_sam)) {
    hypothesis.in_favour.emplace_back(
        !e.metabase_to_sam->undated   ? kProof
        : failed_since_set(e.answers) ? kStrong
                                      : kWeak,
        say("COM+ and the SAM agree, and the metabase differs (", e.metabase_to_sam->basis, ")"),
        e.metabase_to_sam->citations);
  }
  if (const EventRecord* set = set_that_no_sam_shows(e)) {
    hypothesis.against.emplace_back(kStrong,
                                    say("the SAM's password was set as well, on ", set->head.time,
                                        " (event ", set->head.event_id, ")"),
                                    std::vector{set->where()});
  }
  if (e.steps.empty()) {
    hypothesis.missing.push_back(
        Missing{say("two versions of the metabase that can be compared"), false});
  } else if (const MetabaseStep* step = e.metabase_change()) {
    add_metabase_step(e, *step, hypothesis);
  } else {
    hypothesis.against.emplace_back(
        kStrong,
        say("WAMUserPass is the same in all versions from ",
            name_of_version(e.the_case, *e.steps.front().before), " to ",
            name_of_version(e.the_case, *e.steps.back().after)),
        std::vector{e.steps.front().before->password_where, e.steps.back().after->password_where});
  }
  if (!differ(e.metabase_to_sam) && !equal(e.metabase_to_sam)) {
    hypothesis.missing.push_back(
        Missing{say("the metabase's password itself: ", e.metabase_to_sam->basis), true});
  }
  return hypothesis;
}

namespace {

// One of SAM and COM+ holds what the other had before: it is the other that moved.
void add_one_change(const CauseEvidence& e, Hypothesis& hypothesis) {
  const bool sam_moved = e.com_plus_has_former_of_sam();
  const Comparison* unmoved = sam_moved ? e.metabase_to_com_plus : e.metabase_to_sam;
  std::vector<Citation> where = e.com_plus_to_sam->citations;
  if (equal(unmoved)) {
    std::ranges::copy(unmoved->citations, std::back_inserter(where));
  }
  hypothesis.against.emplace_back(
      equal(unmoved) && !unmoved->undated ? kProof : kStrong,
      say(sam_moved ? "COM+ holds an older password of the SAM"
                    : "the SAM holds the older password of COM+",
          equal(unmoved) ? ", as the metabase does" : "", ": one change explains the difference"),
      std::move(where));
}

}  // namespace

Hypothesis multiple_changes(const CauseEvidence& evidence) {
  const CauseEvidence& e = evidence;
  Hypothesis hypothesis =
      claim("multiple_changes", "more than one copy of the password was changed");
  missing_copies(e, hypothesis);
  if (equal(e.com_plus_to_sam)) {
    hypothesis.against.emplace_back(kProof, say("COM+ and the SAM hold the same password"),
                                    e.com_plus_to_sam->citations);
    return hypothesis;
  }
  const EventRecord* set = set_that_no_sam_shows(e);
  const MetabaseStep* changed = e.metabase_change();
  if (set != nullptr && changed != nullptr) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("the SAM's password was set on ", set->head.time, " (event ", set->head.event_id,
            "), and WAMUserPass changed between ",
            names_of_versions(e.the_case, *changed->before, *changed->after)),
        std::vector{set->where(), changed->after->password_where});
  }
  if (!differ(e.com_plus_to_sam)) {
    return hypothesis;
  }
  add_copies_of_different_days(e, hypothesis);
  if (equal(e.metabase_to_sam) && e.com_plus_has_former_of_sam()) {
    hypothesis.in_favour.emplace_back(kProof,
                                      say("the SAM and the metabase hold the same new password, "
                                          "COM+ one that the SAM had before"),
                                      e.metabase_to_sam->citations);
    return hypothesis;
  }
  const auto& metabase_index = e.metabase_to_sam->sam_history_index;
  if (e.com_plus_has_former_of_sam() && metabase_index &&
      metabase_index != e.com_plus_to_sam->sam_history_index) {
    hypothesis.in_favour.emplace_back(e.metabase_to_sam->undated ? kStrong : kProof,
                                      say("the SAM has moved on from both: COM+ holds entry ",
                                          *e.com_plus_to_sam->sam_history_index,
                                          " of its history, the metabase entry ", *metabase_index),
                                      e.metabase_to_sam->citations);
    return hypothesis;
  }
  const bool third = differ(e.metabase_to_sam) && differ(e.metabase_to_com_plus);
  const bool one_moved = e.com_plus_has_former_of_sam() || e.sam_has_former_of_com_plus();
  if (third && one_moved) {
    hypothesis.in_favour.emplace_back(
        e.metabase_to_sam->undated ? kWeak : kProof,
        say("of SAM and COM+ one was changed, as their former passwords show, and the metabase "
            "holds a third password"),
        e.metabase_to_com_plus->citations);
    return hypothesis;
  }
  if (one_moved) {
    add_one_change(e, hypothesis);
  } else if (!e.account->history.empty()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("COM+'s password is none that the SAM had (", e.account->history.size(),
            " remembered), and the SAM's is none that COM+ had"),
        std::vector{e.com_plus->where, e.account->history_where});
  } else {
    hypothesis.missing.push_back(Missing{say("a password history in the SAM"), true});
  }
  add_young_account(e, hypothesis);
  if (third) {
    hypothesis.in_favour.emplace_back(e.metabase_to_sam->undated ? kWeak : kStrong,
                                      say("the metabase holds a third password"),
                                      e.metabase_to_sam->citations);
  } else if (const MetabaseStep* step = e.metabase_change()) {
    hypothesis.in_favour.emplace_back(
        kStrong,
        say("WAMUserPass changed as well, between ",
            names_of_versions(e.the_case, *step->before, *step->after)),
        std::vector{step->before->password_where, step->after->password_where});
  }
  return hypothesis;
}

}  // namespace iwamtrace
