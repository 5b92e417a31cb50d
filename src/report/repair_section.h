// The sections of the text report that say what to do: on the server, and to know more.
#pragma once

#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class RepairSection {
 public:
  RepairSection(const Answers& answers, bool verbose, Page& page)
      : answers_(answers), verbose_(verbose), page_(page) {}

  void render();

 private:
  void steps();
  void wanted();

  const Answers& answers_;
  bool verbose_;
  Page& page_;
};

}  // namespace iwamtrace
