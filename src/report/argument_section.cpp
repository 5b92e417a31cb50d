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

// What decides it, in a line: the fact, or what was not to be seen.
struct Decision {
  std::string text;
  std::vector<Citation> citations;

  friend bool operator==(const Decision&, const Decision&) = default;
};

Decision decision_of(const WeighedHypothesis& weighed) {
  if (const Fact* fact = deciding_fact(weighed)) {
    return {shown(fact->statement()), fact->citations()};
  }
  const std::vector<Missing>& missing = weighed.hypothesis.missing;
  return {
      missing.empty() ? "nothing speaks for it" : "not observable: " + shown(missing.front().what),
      {}};
}

bool are_alike(const WeighedHypothesis& one, const WeighedHypothesis& other) {
  return one.standing == other.standing && decision_of(one) == decision_of(other);
}

}  // namespace

void ArgumentSection::render() {
  const auto& hypotheses = answers_.hypotheses;
  const bool any_wins =
      !hypotheses.empty() && (hypotheses.front().standing >= Standing::kSupported ||
                              !hypotheses.front().hypothesis.in_favour.empty());
  page_.heading(any_wins || all_in_full()
                    ? pad_to("Why we think so", page_.width() - 21) + "for against missing"
                    : "Why we think so");
  // The winner and its nearest rival.
  const std::size_t in_full_count = brevity_ >= Brevity::kWinnerOnly ? 1 : 2;
  std::vector<const WeighedHypothesis*> others;
  std::size_t rank = 0;
  for (const WeighedHypothesis& weighed : hypotheses) {
    if (all_in_full() || (any_wins && rank < in_full_count)) {
      in_full(weighed);
    } else {
      others.push_back(&weighed);
    }
    ++rank;
  }
  in_brief(others);
}

// Those that one and the same fact decides stand together.
void ArgumentSection::in_brief(const std::vector<const WeighedHypothesis*>& others) {
  const WeighedHypothesis* before = nullptr;
  for (std::size_t begin = 0; begin < others.size();) {
    std::size_t end = begin + 1;
    if (brevity_ >= Brevity::kNamesOnly && others[begin]->standing == Standing::kRefuted) {
      by_name({others.begin() + static_cast<std::ptrdiff_t>(begin), others.end()});
      return;
    }
    while (end < others.size() && are_alike(*others[begin], *others[end])) {
      ++end;
    }
    in_one_line({others.begin() + static_cast<std::ptrdiff_t>(begin),
                 others.begin() + static_cast<std::ptrdiff_t>(end)},
                before == nullptr || before->standing != others[begin]->standing);
    before = others[begin];
    begin = end;
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

// Refuted come last: in a report that is long enough, their names must do.
void ArgumentSection::by_name(const std::vector<const WeighedHypothesis*>& refuted) {
  std::string ids;
  for (const WeighedHypothesis* weighed : refuted) {
    ids += (ids.empty() ? "" : ", ") + weighed->hypothesis.id;
  }
  const std::string counted = plural(refuted.size(), "further cause", "further causes");
  page_.paragraph(kIndent, name_of(Standing::kRefuted), kLineHang,
                  brevity_ >= Brevity::kWinnerOnly ? counted + " (-v)" : ids + " (facts: -v)", {},
                  colour_of(Standing::kRefuted));
}

// By their ids, as `explain` takes them. What does not fit is in -v.
void ArgumentSection::in_one_line(const std::vector<const WeighedHypothesis*>& alike,
                                  bool names_standing) {
  const WeighedHypothesis& first = *alike.front();
  std::string ids;
  for (const WeighedHypothesis* weighed : alike) {
    ids += (ids.empty() ? "" : ", ") + weighed->hypothesis.id;
  }
  const std::string_view standing = names_standing ? name_of(first.standing) : "";
  const Decision decision = decision_of(first);
  const std::string text = ids + ": " + decision.text;
  const std::string refs =
      decision.citations.empty() ? "" : page_.refs({decision.citations.front()});
  if (alike.size() > 1) {
    page_.paragraph(kIndent, standing, kLineHang, text, refs, colour_of(first.standing));
    return;
  }
  const std::size_t room = page_.width() - kLineHang - (refs.empty() ? 0 : columns(refs) + 1);
  page_.paragraph(kIndent, standing, kLineHang, columns(text) > room ? cut_to(text, room) : text,
                  refs, colour_of(first.standing));
}

}  // namespace iwamtrace
