// The techniques of a report as a layer of MITRE's ATT&CK Navigator, layer format 4.5.
#pragma once

#include <string>

#include "model/report.h"

namespace iwamtrace {

// Techniques of all findings, scored by how many there are; those of the intrusion's storyline are
// marked. Numbers are those of ATT&CK 17.
std::string render_navigator(const Report& report);

}  // namespace iwamtrace
