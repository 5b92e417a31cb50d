#include "report/argument_section.h"

#include <algorithm>
#include <fmt/format.h>

#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kFactHang = 18;
constexpr std::size_t kLineHang = 16;

bool lost(const WeighedHypothesis& weighed) {
  return weighed.standing <= Standing::kUndetermined && !weighed.hypothesis.against.empty();
}

// The strongest of those that decide its standing.
const Fact* deciding_fact(const WeighedHypothesis& weighed) {
  const Hypothesis& hypothesis = weighed.hypothesis;
  const auto& deciding = lost(weighed) ? hypothesis.against : hypothesis.in_favour;
  const auto strongest = std::ranges::max_element(deciding, {}, &Fact::force);
  return strongest == deciding.end() ? nullptr : &*strongest;
}

}  // namespace

void ArgumentSection::render() {
  const auto& hypotheses = answers_.hypotheses;
  const bool any_wins =
      !hypotheses.empty() && (hypotheses.front().standing >= Standing::kSupported ||
                              !hypotheses.front().hypothesis.in_favour.empty());
  page_.heading(any_wins || verbose_
                    ? pad_to("Why we think so", page_.width() - 21) + "for against missing"
                    : "Why we think so");
  constexpr std::size_t kInFull = 2;  // the winner and its nearest rival
  const WeighedHypothesis* before = nullptr;
  std::size_t rank = 0;
  for (const WeighedHypothesis& weighed : hypotheses) {
    if (verbose_ || (any_wins && rank < kInFull)) {
      in_full(weighed);
    } else {
      in_one_line(weighed, before == nullptr || before->standing != weighed.standing);
      before = &weighed;
    }
    ++rank;
  }
}

void ArgumentSection::in_full(const WeighedHypothesis& weighed) {
  const Hypothesis& hypothesis = weighed.hypothesis;
  hypothesis_line(weighed);
  for (const Fact& favour : hypothesis.in_favour) {
    fact("+", favour);
  }
  for (const Fact& against : hypothesis.against) {
    fact("-", against);
  }
  for (const Missing& missing : hypothesis.missing) {
    page_.paragraph(kFactHang - 2, "?", kFactHang, "not observable: " + shown(missing.what));
  }
}

void ArgumentSection::hypothesis_line(const WeighedHypothesis& weighed) {
  const Hypothesis& hypothesis = weighed.hypothesis;
  const std::string counts = fmt::format("{:>3} {:>7} {:>7}", hypothesis.in_favour.size(),
                                         hypothesis.against.size(), hypothesis.missing.size());
  const std::size_t room = page_.width() - kFactHang - columns(counts) - 2;
  const std::vector<std::string> claim = wrap(shown(hypothesis.claim), room);
  const std::string standing =
      page_.paint(colour_of(weighed.standing), name_of(weighed.standing)) +
      std::string(kFactHang - kIndent - name_of(weighed.standing).size(), ' ');
  page_.line(std::string(kIndent, ' ') + standing + pad_to(claim.front(), room + 2) + counts);
  for (std::size_t i = 1; i < claim.size(); ++i) {
    page_.line(std::string(kFactHang, ' ') + claim[i]);
  }
}

void ArgumentSection::fact(std::string_view mark, const Fact& fact) {
  page_.paragraph(kFactHang - 2, mark, kFactHang, shown(fact.statement()),
                  page_.refs(fact.citations()));
}

// By its id, as `explain` takes it. What does not fit is in -v.
void ArgumentSection::in_one_line(const WeighedHypothesis& weighed, bool names_standing) {
  std::string text = weighed.hypothesis.id + ": ";
  std::string refs;
  if (const Fact* deciding = deciding_fact(weighed)) {
    text += shown(deciding->statement());
    refs = " " + page_.refs({deciding->citations().front()});
  } else if (!weighed.hypothesis.missing.empty()) {
    text += "not observable: " + shown(weighed.hypothesis.missing.front().what);
  } else {
    text += "nothing speaks for it";
  }
  const std::size_t room = page_.width() - kLineHang - columns(refs);
  const std::string_view standing = names_standing ? name_of(weighed.standing) : "";
  page_.line(std::string(kIndent, ' ') + page_.paint(colour_of(weighed.standing), standing) +
             std::string(kLineHang - kIndent - standing.size(), ' ') +
             (columns(text) > room ? cut_to(text, room) : text) + refs);
}

}  // namespace iwamtrace
