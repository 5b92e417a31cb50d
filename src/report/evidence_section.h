// The end of the text report: what was read, what of it was damaged, and where each citation leads.
// In brief each file has its citations beside it, by the ends of their paths; -v has the digests of
// the files, and whole paths and offsets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/case.h"
#include "report/page.h"

namespace iwamtrace {

class EvidenceSection {
 public:
  EvidenceSection(const Case& the_case, bool verbose, Page& page)
      : case_(the_case), verbose_(verbose), page_(page) {}

  void render();     // with all that the page has cited so far
  void citations();  // these alone, in full

 private:
  void in_full();
  void in_brief();
  void file_in_full(const Source& source);
  void file_in_brief(const Source& source, const std::vector<std::string>& citations);
  [[nodiscard]] std::map<SourceId, std::vector<std::string>> citations_by_file() const;
  void damage(const Source& source);
  void witness(const Source& source);

  const Case& case_;
  bool verbose_;
  Page& page_;
};

}  // namespace iwamtrace
