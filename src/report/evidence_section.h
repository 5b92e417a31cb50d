// The end of the text report: what was read, what of it was damaged, and where each citation leads.
#pragma once

#include "model/case.h"
#include "report/page.h"

namespace iwamtrace {

class EvidenceSection {
 public:
  EvidenceSection(const Case& the_case, bool verbose, Page& page)
      : case_(the_case), verbose_(verbose), page_(page) {}

  void files();
  void citations();  // all that the page has cited so far

 private:
  void file(const Source& source);
  void damage(const Source& source);
  void witness(const Source& source);

  const Case& case_;
  bool verbose_;
  Page& page_;
};

}  // namespace iwamtrace
