// The sections of the text report that say what to do: on the server, and to know more.
#pragma once

#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class RepairSection {
 public:
  RepairSection(const Answers& answers, Brevity brevity, Page& page)
      : answers_(answers), brevity_(brevity), page_(page) {}

  void render();

 private:
  [[nodiscard]] bool in_full() const { return brevity_ == Brevity::kFull; }
  void steps();
  void wanted();

  const Answers& answers_;
  Brevity brevity_;
  Page& page_;
};

}  // namespace iwamtrace
