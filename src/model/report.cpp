#include "model/report.h"

#include <algorithm>
#include <array>
#include <utility>

namespace iwamtrace {

std::string_view name_of(Copy copy) {
  constexpr std::array<std::string_view, 3> kNames{"sam", "com_plus", "metabase"};
  return kNames.at(static_cast<std::size_t>(copy));
}

std::string_view name_of(SyncVerdict verdict) {
  constexpr std::array<std::string_view, 3> kNames{"desynced", "in_sync", "undetermined"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view name_of(ApplicationAnswer::Protection protection) {
  constexpr std::array<std::string_view, 5> kNames{"low", "high", "pooled", "worker-process",
                                                   "unknown"};
  return kNames.at(static_cast<std::size_t>(protection));
}

std::string_view name_of(Severity severity) {
  constexpr std::array<std::string_view, kSeverities> kNames{"critical", "high", "medium", "low",
                                                             "info"};
  return kNames.at(static_cast<std::size_t>(severity));
}

std::string_view name_of(Phase phase) {
  constexpr std::array<std::string_view, kPhases> kNames{
      "initial-access",       "execution",           "persistence",
      "privilege-escalation", "defense-evasion",     "credential-access",
      "lateral-movement",     "command-and-control", "impact"};
  return kNames.at(static_cast<std::size_t>(phase));
}

std::string_view name_of(CompromiseVerdict verdict) {
  constexpr std::array<std::string_view, 4> kNames{"established", "suspected", "no_sign",
                                                   "not_observable"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view name_of(DesyncLink link) {
  constexpr std::array<std::string_view, 4> kNames{"same_logon_id", "same_minute", "same_day",
                                                   "none"};
  return kNames.at(static_cast<std::size_t>(link));
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

const Citation& MetabaseRow::where() const {
  return value != nullptr ? value->where : secure->where;
}
const Untrusted& MetabaseRow::location() const {
  return value != nullptr ? value->location : secure->location;
}
const Untrusted& MetabaseRow::name() const { return value != nullptr ? value->name : secure->name; }

const MetabaseRow& MetabaseChange::known() const {
  return after.secure != nullptr || after.value != nullptr ? after : before;
}

std::vector<Citation> MetabaseChange::citations() const {
  std::vector<Citation> where;
  for (const MetabaseRow* row : {&before, &after}) {
    if (row->secure != nullptr || row->value != nullptr) {
      where.push_back(row->where());
    }
  }
  return where;
}

const MetabaseSnapshot* CopiesAnswer::metabase() const {
  if (!metabases.empty()) {
    return metabases.back();
  }
  // Of several the one that says most.
  const auto most = std::ranges::max_element(exports, {}, [](const MetabaseSnapshot* version) {
    return std::pair{version->fingerprint.has_value(), version->password_form.has_value()};
  });
  return most == exports.end() ? nullptr : *most;
}

const Comparison* CopiesAnswer::comparison(Copy left, Copy right) const {
  const auto found = std::ranges::find_if(comparisons, [&](const Comparison& comparison) {
    return comparison.left == left && comparison.right == right;
  });
  return found == comparisons.end() ? nullptr : &*found;
}

}  // namespace iwamtrace
