// The ways in which servers of these years were broken into, as hypotheses over the signs.
#pragma once

#include <string_view>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// One way in, argued: its signs, what links them, what followed, and what speaks against it.
struct ArguedAttack {
  Hypothesis hypothesis;
  std::vector<const Sign*> signs;  // that belong to it, its consequences included
};

// Every way, in the order in which equal ones win.
std::vector<ArguedAttack> argue_attacks(const Case& the_case, const Answers& answers);

}  // namespace iwamtrace
