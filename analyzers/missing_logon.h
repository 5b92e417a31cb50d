// Why no logon stands before an act that has its logon id: what would have had to be there for it
// to be seen.
#pragma once

#include <vector>

#include "analyzers/boot_frames.h"

namespace iwamtrace {

struct MissingLogon {
  Untrusted because;
  std::vector<Citation> where;
};
MissingLogon why_no_logon(const Case& the_case, const Answers& answers, const BootFrames& frames,
                          const EventRecord& act);

}  // namespace iwamtrace
