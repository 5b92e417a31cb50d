// The report for a person: verdict, story, argument, limits, evidence. Plain text, UTF-8.
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

struct TextOptions {
  std::size_t width = 80;  // columns; less than 80 counts as 80, more than 160 as 160
  bool colour = false;
  bool verbose = false;  // every hypothesis with all its facts
};

std::string render_text(const Report& report, const TextOptions& options);

}  // namespace iwamtrace
