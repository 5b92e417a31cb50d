// `explain --json`; its schema is explain.schema.json beside this file.
#pragma once

#include <string>
#include <vector>

#include "model/explanation.h"

namespace iwamtrace {

std::string render_explanations_json(const std::vector<ExplainedTopic>& topics);

}  // namespace iwamtrace
