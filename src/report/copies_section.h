// The section of the text report that sets the three copies of the password side by side.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/case.h"
#include "model/report.h"
#include "report/page.h"

namespace iwamtrace {

class CopiesSection {
 public:
  CopiesSection(const Case& the_case, const CopiesAnswer& copies, bool verbose, Page& page)
      : case_(the_case), copies_(copies), verbose_(verbose), page_(page) {}

  void render();

 private:
  void row(std::string_view name, const std::string& time, const std::string& text,
           const std::vector<Citation>& where);
  void metabase_rows();
  void export_rows();
  void revealed();
  [[nodiscard]] std::string state_of(const MetabaseSnapshot& live) const;
  [[nodiscard]] std::string saved(const MetabaseSnapshot& oldest,
                                  const MetabaseSnapshot& youngest) const;

  const Case& case_;
  const CopiesAnswer& copies_;
  bool verbose_;
  Page& page_;
};

}  // namespace iwamtrace
