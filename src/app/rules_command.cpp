#include "app/rules_command.h"

#include "analyzers/sigma/own_rules.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/rule_files.h"
#include "app/terminal.h"
#include "report/rules_json.h"
#include "report/rules_text.h"

namespace iwamtrace {

int print_rules(const Options& options) {
  const bool check = options.topics.front() == "check";
  const sigma::RuleSet rules =
      options.topics.size() > 1 ? rules_in(options.topics[1]) : sigma::RuleSet(sigma::own_rules());
  const RuleListing listing{rules.rules(), rules.refused()};
  Output output(options.output, options.force);
  if (options.format == "json") {
    output.write(check ? render_rule_check_json(listing) : render_rules_json(listing));
  } else {
    output.write(check ? render_rule_check_text(listing, text_options(options))
                       : render_rules_text(listing, text_options(options)));
  }
  output.finish();
  return rules.empty()             ? exit_code::kNothingRead
         : rules.refused().empty() ? exit_code::kDone
                                   : exit_code::kDamaged;
}

}  // namespace iwamtrace
