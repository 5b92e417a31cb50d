// The change that a cause names: when the copies parted, or when the state began that breaks the
// applications.
#pragma once

#include <optional>
#include <string_view>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Equal bounds where the evidence dates it, none where it does not.
struct CauseChange {
  std::optional<Bound> earliest, latest;
  const EventRecord* record = nullptr;  // that tells of it, and may name who did it
};

Bound bound_at(Timestamp time, Untrusted because, std::vector<Citation> citations);
// Takes the other bound where it is the later one, or the earlier one.
void tighten(std::optional<Bound>& bound, const std::optional<Bound>& other, bool later);

// For the causes of the copies and another server's metabase; nothing for another.
CauseChange change_of_copies(std::string_view cause, const Case& the_case, const Answers& answers);

// For all others: the account's state, its rights and groups, services, permissions.
CauseChange change_of_state(std::string_view cause, const Case& the_case, const Answers& answers);

}  // namespace iwamtrace
