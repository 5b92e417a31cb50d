#include "analyzers/case_contents.h"

#include <algorithm>

namespace iwamtrace {

bool has_kind(const Case& the_case, SourceKind kind) {
  return std::ranges::any_of(the_case.sources, [&](const Source& source) {
    return source.kind == kind && source.status != SourceStatus::kUnreadable;
  });
}

bool has_log(const Case& the_case, std::string_view log) {
  return std::ranges::any_of(the_case.sources, [&](const Source& source) {
    return source.summary.log.is(log) && source.summary.records != 0;
  });
}

}  // namespace iwamtrace
