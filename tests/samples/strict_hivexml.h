// Another reader of hives as a judge of whole trees.
#pragma once

#include "make/made_hive.h"

namespace iwamtrace {

// hivexml (libhivex-bin, and python3 to read its XML) finds every key with its time and every value
// with its data, at the offsets the writer names; nothing more. Values that use their type as a
// number are judged without their data, which hivexml shows as the type would have them.
void expect_hivexml_reads(const MadeHive& hive);

}  // namespace iwamtrace
