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
  const std::size_t most = brevity_ >= Brevity::kNamesOnly ? 8 : 12;
  page_.heading("How the intruder went");
  const std::size_t shown_steps = brevity_ == Brevity::kFull
                                      ? compromise_.storyline.size()
                                      : std::min(compromise_.storyline.size(), most);
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

// The winner's own facts are the steps of its story, and the deciding one stands with the verdict.
void IntrusionSection::arguments() {
  const auto& hypotheses = compromise_.hypotheses;
  if (brevity_ == Brevity::kFull) {
    page_.heading("What speaks for an intrusion, and against");
    std::ranges::for_each(hypotheses, [&](const WeighedHypothesis& way) { facts_of(way); });
    return;
  }
  std::vector<const WeighedHypothesis*> rivals;
  for (const WeighedHypothesis& way : hypotheses) {
    const bool wins = &way == &hypotheses.front() && way.standing >= Standing::kSupported;
    const bool rival = has_any(way) && way.standing != Standing::kRefuted;
    if (wins ? !way.hypothesis.against.empty() : rival) {
      rivals.push_back(&way);
    }
  }
  if (!rivals.empty()) {
    page_.heading("What speaks for an intrusion, and against");
  }
  for (const WeighedHypothesis* way : rivals) {
    const auto& facts =
        way->hypothesis.against.empty() ? way->hypothesis.in_favour : way->hypothesis.against;
    const auto strongest = std::ranges::max_element(facts, {}, &Fact::force);
    page_.paragraph(kIndent, name_of(way->standing), kFactHang,
                    shown(way->hypothesis.claim) +
                        (way->hypothesis.against.empty() ? ": " : "; against it: ") +
                        shown(strongest->statement()),
                    page_.refs(strongest->citations()), colour_of(way->standing));
  }
}

void IntrusionSection::facts_of(const WeighedHypothesis& weighed) {
  page_.paragraph(kIndent, name_of(weighed.standing), kFactHang,
                  shown(weighed.hypothesis.claim) + " (" + weighed.hypothesis.id + ")" +
                      (has_any(weighed) ? "" : ": nothing speaks for it"),
                  {}, colour_of(weighed.standing));
  for (const Fact& one : weighed.hypothesis.in_favour) {
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
