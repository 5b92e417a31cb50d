// The sections of the text report about an intrusion: how it went, and why we think so.
#pragma once

#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class IntrusionSection {
 public:
  IntrusionSection(const CompromiseAnswer& compromise, Brevity brevity, Page& page)
      : compromise_(compromise), brevity_(brevity), page_(page) {}

  // Nothing where no way in has any weight, unless everything is asked for.
  void render();

 private:
  void storyline();
  void arguments();
  void facts_of(const WeighedHypothesis& weighed);
  void fact(std::string_view mark, const Fact& fact);

  const CompromiseAnswer& compromise_;
  Brevity brevity_;
  Page& page_;
};

}  // namespace iwamtrace
