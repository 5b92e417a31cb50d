#include "report/intrusion_section.h"

#include <algorithm>

#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kStoryHang = 23;
constexpr std::size_t kFactHang = 18;

bool has_any(const WeighedHypothesis& weighed) {
  return !weighed.hypothesis.in_favour.empty() || !weighed.hypothesis.against.empty();
}

}  // namespace

void IntrusionSection::render() {
  storyline();
  arguments();
}

void IntrusionSection::storyline() {
  if (compromise_.storyline.empty()) {
    return;
  }
  constexpr std::size_t kMostSteps = 12;
  page_.heading("How the intruder went");
  const std::size_t shown_steps = brevity_ == Brevity::kFull
                                      ? compromise_.storyline.size()
                                      : std::min(compromise_.storyline.size(), kMostSteps);
  for (std::size_t i = 0; i < shown_steps; ++i) {
    const IntrusionStep& step = compromise_.storyline[i];
    const std::string technique = step.technique.empty() ? "" : " " + step.technique;
    page_.paragraph(
        kIndent, moment(step.time), kStoryHang,
        shown(step.statement) + " (" + std::string(name_of(step.phase)) + technique + ")",
        page_.refs(step.citations));
  }
  if (shown_steps < compromise_.storyline.size()) {
    page_.line("  " + grouped(compromise_.storyline.size() - shown_steps) + " more: -v");
  }
}

void IntrusionSection::arguments() {
  const auto& hypotheses = compromise_.hypotheses;
  const bool full = brevity_ == Brevity::kFull;
  const bool any = std::ranges::any_of(hypotheses, has_any);
  if (hypotheses.empty() || (!any && !full)) {
    return;
  }
  page_.heading("What speaks for an intrusion, and against");
  for (const WeighedHypothesis& weighed : hypotheses) {
    const bool leads = &weighed == &hypotheses.front();
    if (full || (leads && weighed.standing >= Standing::kSupported)) {
      facts_of(weighed);
    } else if (has_any(weighed)) {
      const auto& facts = weighed.hypothesis.in_favour.empty() ? weighed.hypothesis.against
                                                               : weighed.hypothesis.in_favour;
      const auto strongest = std::ranges::max_element(facts, {}, &Fact::force);
      page_.paragraph(kIndent, name_of(weighed.standing), kFactHang,
                      shown(weighed.hypothesis.claim) + ": " + shown(strongest->statement()),
                      page_.refs(strongest->citations()), colour_of(weighed.standing));
    }
  }
}

void IntrusionSection::facts_of(const WeighedHypothesis& weighed) {
  constexpr std::size_t kMostFacts = 6;
  page_.paragraph(kIndent, name_of(weighed.standing), kFactHang, shown(weighed.hypothesis.claim),
                  {}, colour_of(weighed.standing));
  std::size_t told = 0;
  for (const Fact& one : weighed.hypothesis.in_favour) {
    if (told++ == kMostFacts && brevity_ != Brevity::kFull) {
      page_.paragraph(kFactHang, "", kFactHang,
                      grouped(weighed.hypothesis.in_favour.size() - kMostFacts) + " more: -v");
      break;
    }
    fact("+", one);
  }
  for (const Fact& one : weighed.hypothesis.against) {
    fact("-", one);
  }
}

void IntrusionSection::fact(std::string_view mark, const Fact& fact) {
  page_.paragraph(kFactHang - 2, mark, kFactHang, shown(fact.statement()),
                  page_.refs(fact.citations()));
}

}  // namespace iwamtrace
