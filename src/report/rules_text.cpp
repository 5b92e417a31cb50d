#include "report/rules_text.h"

#include <algorithm>

#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2, kHang = 12;

Page page_of(const TextOptions& options) {
  return {std::clamp<std::size_t>(options.width, 80, 160), options.colour};
}

std::string about(const DetectionRule& rule) {
  std::string text = shown(rule.title) + " (" + shown(rule.log_source);
  for (const std::string& technique : rule.techniques) {
    text += ", " + technique;
  }
  return text + (rule.reports ? ")" : "; feeds a correlation)");
}

}  // namespace

std::string render_rules_text(const RuleListing& listing, const TextOptions& options) {
  Page page = page_of(options);
  page.line(plural(listing.rules.size(), "rule", "rules") + " in use");
  for (const DetectionRule& rule : listing.rules) {
    page.paragraph(kIndent, name_of(rule.severity), kHang, about(rule));
  }
  return page.take();
}

std::string render_rule_check_text(const RuleListing& listing, const TextOptions& options) {
  Page page = page_of(options);
  page.line(plural(listing.rules.size(), "rule", "rules") + " loaded, " +
            std::to_string(listing.refused.size()) + " refused");
  for (const RefusedRule& refused : listing.refused) {
    page.paragraph(kIndent, "", kIndent,
                   shown(refused.file) + (refused.rule.empty() ? "" : ": " + shown(refused.rule)));
    page.paragraph(2 * kIndent, "", 2 * kIndent, shown(refused.reason));
  }
  return page.take();
}

}  // namespace iwamtrace
