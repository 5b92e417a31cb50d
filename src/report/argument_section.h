// The section of the text report that argues: the winner and its nearest rival in full, every other
// cause in one line with the fact that decides it.
#pragma once

#include <string_view>

#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class ArgumentSection {
 public:
  ArgumentSection(const Answers& answers, bool verbose, Page& page)
      : answers_(answers), verbose_(verbose), page_(page) {}

  void render();

 private:
  void in_full(const WeighedHypothesis& weighed);
  void hypothesis_line(const WeighedHypothesis& weighed);
  void fact(std::string_view mark, const Fact& fact);
  void in_one_line(const WeighedHypothesis& weighed, bool names_standing);

  const Answers& answers_;
  bool verbose_;
  Page& page_;
};

}  // namespace iwamtrace
