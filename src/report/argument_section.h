// The section of the text report that argues: the winner and its nearest rival in full, every other
// cause in one line with the fact that decides it.
#pragma once

#include <string_view>
#include <vector>

#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class ArgumentSection {
 public:
  ArgumentSection(const Answers& answers, Brevity brevity, Page& page)
      : answers_(answers), brevity_(brevity), page_(page) {}

  void render();

 private:
  [[nodiscard]] bool all_in_full() const { return brevity_ == Brevity::kFull; }
  void in_full(const WeighedHypothesis& weighed);
  void hypothesis_line(const WeighedHypothesis& weighed);
  void fact(std::string_view mark, const Fact& fact);
  void in_brief(const std::vector<const WeighedHypothesis*>& others);
  void by_name(const std::vector<const WeighedHypothesis*>& refuted);
  void in_one_line(const std::vector<const WeighedHypothesis*>& alike, bool names_standing);

  const Answers& answers_;
  Brevity brevity_;
  Page& page_;
};

}  // namespace iwamtrace
