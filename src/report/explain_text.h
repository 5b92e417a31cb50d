// `explain` for a person: one paragraph a question, as an expert would answer it.
#pragma once

#include <string>
#include <vector>

#include "model/explanation.h"
#include "report/text.h"

namespace iwamtrace {

// What is not known is left out: its name belongs on standard error.
std::string render_explanations_text(const std::vector<ExplainedTopic>& topics,
                                     const TextOptions& options);

}  // namespace iwamtrace
