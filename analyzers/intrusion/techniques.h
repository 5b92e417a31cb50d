// What signs of an intrusion are called in MITRE ATT&CK. The one table of its numbers: version 18
// gave some behaviours others, and the rules of both ages are about.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/report.h"

namespace iwamtrace {

struct Technique {
  std::string_view id;     // of ATT&CK up to version 17, by which the reports speak
  std::string_view newer;  // of later versions, where it is another
  std::string_view name;
};
std::span<const Technique> all_techniques();            // by id
const Technique* technique_named(std::string_view id);  // by either number
// In the older numbering; what is not in the table stays as it is.
std::string_view older_number(std::string_view id);

// What a kind of sign belongs to, by the id of its finding.
struct SignKind {
  std::string_view finding;
  Phase phase{};
  std::string_view technique;
};
const SignKind* sign_kind(std::string_view finding);
std::span<const SignKind> all_sign_kinds();

}  // namespace iwamtrace
