// The argument for one of the causes that lie around the account: a state that the hives show, and
// what the logs say of it. A state alone breaks nothing: many servers have it and are well.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzers/cause_evidence.h"

namespace iwamtrace {

class CauseArgument {
 public:
  CauseArgument(const CauseEvidence& evidence, std::string_view id, std::string_view claim);

  // The cause is that `state` holds, or that it does not. Strong where the applications fail and no
  // success followed, else weak; the contrary excludes it.
  CauseArgument& where(const Observation& state, bool holds);
  // As above, where neither proves much.
  CauseArgument& hint(const Observation& state, bool holds);

  // The last of the records for which `fits`, if there is one; "DCOM denied …, on 2004-…".
  template <typename Fits>
  CauseArgument& record(Force force, std::string_view words, Fits fits) {
    const auto& events = evidence_.answers.events;
    const auto found = std::find_if(events.rbegin(), events.rend(), [&](const EventRecord* event) {
      return event->origin == Origin::kAllocated && fits(*event);
    });
    return found == events.rend() ? *this : add_record(force, words, **found);
  }
  // W3SVC 36 gives one of these codes or its words.
  CauseArgument& unloaded_with(Force force, std::string_view code, std::string_view words);

  // DCOM 10004 tells that Windows came as far as the account's logon: the way there was open.
  CauseArgument& against_by_reached_logon();
  CauseArgument& missing(std::string_view what, bool decides);

  void favour(Force force, Untrusted statement, std::vector<Citation> where);
  void oppose(Force force, Untrusted statement, std::vector<Citation> where);

  // Applications failed, and none was seen to start since.
  [[nodiscard]] bool failing() const { return last_failure_ != nullptr; }
  [[nodiscard]] bool has_any() const {
    return !hypothesis_.in_favour.empty() || !hypothesis_.against.empty();
  }
  // States that nothing failed under are one reason together, from however many files they are.
  [[nodiscard]] Hypothesis take();

 private:
  CauseArgument& add_record(Force force, std::string_view words, const EventRecord& record);

  const CauseEvidence& evidence_;
  const EventRecord* last_failure_;  // null where a success followed
  Hypothesis hypothesis_;
};

}  // namespace iwamtrace
