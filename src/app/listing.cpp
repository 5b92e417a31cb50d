#include "app/listing.h"

#include <algorithm>

#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/terminal.h"

namespace iwamtrace {

int print_listing(const Listing& listing, const Options& options) {
  Output output(options.output, options.force);
  const auto judged = judge_case(options.paths, options.case_name, {}, options);
  output.write(options.format == "json" ? listing.json(judged->report)
                                        : listing.text(judged->report, text_options(options)));
  output.finish();
  const bool found = std::ranges::any_of(judged->the_case.sources, [&](const Source& source) {
    return std::ranges::find(listing.needs, source.kind) != listing.needs.end();
  });
  if (!found) {
    tell(options, say(listing.without));
    return exit_code::kNothingRead;
  }
  return exit_code_of(*judged, options);
}

}  // namespace iwamtrace
