#include "model/report.h"

#include <algorithm>
#include <array>

namespace iwamtrace {

std::string_view name_of(Copy copy) {
  constexpr std::array<std::string_view, 3> kNames{"sam", "com_plus", "metabase"};
  return kNames.at(static_cast<std::size_t>(copy));
}

std::string_view name_of(SyncVerdict verdict) {
  constexpr std::array<std::string_view, 3> kNames{"desynced", "in_sync", "undetermined"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view name_of(Severity severity) {
  constexpr std::array<std::string_view, 5> kNames{"critical", "high", "medium", "low", "info"};
  return kNames.at(static_cast<std::size_t>(severity));
}

const RightHeld* AccountGrants::right(std::string_view name) const {
  const auto found = std::ranges::find(rights, name, &RightHeld::name);
  return found == rights.end() ? nullptr : &*found;
}

std::vector<AccountStateAnswer::Named> AccountStateAnswer::observations() const {
  return {{"exists", &exists, true},
          {"sam_decides", &sam_decides, true},
          {"disabled", &disabled, false},
          {"locked", &locked, false},
          {"expired", &expired, false},
          {"password_expired", &password_expired, false},
          {"batch_logon", &batch_logon, true},
          {"users_complete", &users_complete, true},
          {"sids_agree", &sids_agree, true},
          {"rights_are_ours", &rights_are_ours, true},
          {"named_after_computer", &named_after_computer, true}};
}

const Comparison* CopiesAnswer::comparison(Copy left, Copy right) const {
  const auto found = std::ranges::find_if(comparisons, [&](const Comparison& comparison) {
    return comparison.left == left && comparison.right == right;
  });
  return found == comparisons.end() ? nullptr : &*found;
}

}  // namespace iwamtrace
