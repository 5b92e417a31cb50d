// One question put to the case. A pure function: same case, same answer. Two storeys in one table:
// questions see the Case; conclusions see the Case and the finished Answers and run after, in table
// order.
#pragma once

#include <span>
#include <string_view>

#include "model/case.h"
#include "model/event_key.h"
#include "model/report.h"

namespace iwamtrace {

struct Analyzer {
  std::string_view name, question;
  std::span<const EventKey> needs;  // what the workers must keep for it
  void (*examine)(const Case&, Answers&);
};

std::span<const Analyzer> all_analyzers();

// Runs the whole table.
Answers examine(const Case& the_case);

}  // namespace iwamtrace
