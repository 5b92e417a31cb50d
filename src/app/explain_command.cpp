#include "app/explain_command.h"

#include <algorithm>

#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"
#include "app/terminal.h"
#include "app/topics.h"
#include "report/explain_json.h"
#include "report/explain_text.h"

namespace iwamtrace {
namespace {

bool is_known(const ExplainedTopic& topic) { return !topic.meanings.empty(); }

constexpr std::string_view kWhatIsKnown = "; iwamtrace explain --help says what may be asked for";

}  // namespace

int print_explanations(const Options& options) {
  std::vector<ExplainedTopic> topics;
  topics.reserve(options.topics.size());
  for (const std::string& asked : options.topics) {
    topics.push_back(ExplainedTopic{asked, meanings_of(asked)});
  }
  if (std::ranges::none_of(topics, is_known)) {
    throw UsageError("explain: nothing is known of " + options.topics.front() +
                     std::string(kWhatIsKnown));
  }
  Output output(options.output, options.force);
  output.write(options.format == "json" ? render_explanations_json(topics)
                                        : render_explanations_text(topics, text_options(options)));
  output.finish();
  for (const ExplainedTopic& topic : topics) {
    if (!is_known(topic)) {
      tell(options, say("explain: nothing is known of ", Untrusted{topic.asked}, kWhatIsKnown));
    }
  }
  return std::ranges::all_of(topics, is_known) ? exit_code::kDone : exit_code::kUsage;
}

}  // namespace iwamtrace
