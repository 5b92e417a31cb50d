// What a code, an event, a cause or a finding means, how it is decided, and its innocent twins.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/explanation.h"

namespace iwamtrace {

// A cause of the contract or a finding, by its id; case is ignored.
std::vector<Explanation> explain_id(std::string_view id);

// Of one kind of codes; nothing where neither its table nor ours has the number.
std::optional<Explanation> explain_code(Explanation::Kind kind, std::uint32_t code);

// `source` in short ("DCOM", "SCM"), `id` as the record has it, and its twin's on NT6, which may be
// the same. Nothing where no text has it.
std::optional<Explanation> explain_event(std::string_view source, std::uint16_t id,
                                         std::uint16_t nt6_id);

}  // namespace iwamtrace
