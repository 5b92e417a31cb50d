// From one start of Windows to the next: there logon ids and process ids are given out anew, so
// that they tie records together only within one such frame.
#pragma once

#include <set>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Written before the latter. Of one log the numbers of its records tell, whatever became of the
// clock; those of different logs have their times alone.
bool precedes(const EventRecord& former, const EventRecord& latter);

class BootFrames {
 public:
  BootFrames(const Case& the_case, const Answers& answers);

  // No start and no end of Windows is known between the two.
  [[nodiscard]] bool share_frame(const EventRecord& one, const EventRecord& other) const;
  // One would be known: a sound log that records them reaches from the one to the other.
  [[nodiscard]] bool would_know_restart(const EventRecord& from, const EventRecord& to) const;
  // The last start before; null where the logs have none.
  [[nodiscard]] const EventRecord* start_before(const EventRecord& record) const;
  // A log of this server.
  [[nodiscard]] bool is_own(const Source& log) const;

 private:
  [[nodiscard]] bool clock_was_set_back(const EventRecord& from, const EventRecord& to) const;

  const Case& case_;
  const Answers& answers_;
  std::vector<const EventRecord*> edges_;  // starts and ends, by time
  std::set<SourceId> marked_;              // Security logs that record starts
};

}  // namespace iwamtrace
