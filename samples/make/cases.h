// The sample cases: stories of made servers.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "make/made_server.h"

namespace iwamtrace {

struct SampleCase {
  std::string_view name;   // of its folder
  std::string_view story;  // what happened, for whoever opens the folder
  std::vector<MadeFile> (*make)();
  // The case that looks like this one at first sight and is innocent; empty for such a case itself.
  std::string_view twin{};
  bool all_documents = false;  // accounts, secrets and metabase are kept beside the report
};

std::span<const SampleCase> all_sample_cases();

}  // namespace iwamtrace
