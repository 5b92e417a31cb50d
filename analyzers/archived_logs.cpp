#include "analyzers/archived_logs.h"

#include <algorithm>

#include "analyzers/own_evidence.h"

namespace iwamtrace {

const Source* archive_of(const Case& the_case, const Answers& answers,
                         const EventRecord& clearing) {
  constexpr std::int64_t kHour = 3600 * Timestamp::kTicksPerSecond;
  const Source& cleared = the_case.source(clearing.head.source);
  const auto found = std::ranges::find_if(the_case.sources, [&](const Source& source) {
    const auto& last = source.summary.last;
    return source.id != cleared.id && !cleared.summary.log.empty() &&
           source.summary.log.is(cleared.summary.log) && !is_left_out(answers, source.id) && last &&
           *last <= clearing.head.time && clearing.head.time - *last <= kHour;
  });
  return found == the_case.sources.end() ? nullptr : &*found;
}

}  // namespace iwamtrace
