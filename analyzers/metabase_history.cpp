#include "analyzers/metabase_history.h"

#include <algorithm>

namespace iwamtrace {
namespace {

// The last moment that a log, a hive or an account of the case knows of.
std::optional<Timestamp> last_recorded(const Case& the_case) {
  std::optional<Timestamp> last;
  const auto note = [&](const std::optional<Timestamp>& time) {
    if (time && (!last || *time > *last)) {
      last = time;
    }
  };
  for (const Source& source : the_case.sources) {
    note(source.summary.last);
  }
  for (const Account& account : the_case.all<Account>()) {
    note(account.key_written);
  }
  return last;
}

}  // namespace

std::vector<MetabaseStep> metabase_steps(const CopiesAnswer& copies) {
  std::vector<MetabaseStep> steps;
  const MetabaseSnapshot* before = nullptr;
  for (const MetabaseSnapshot* version : copies.metabases) {
    if (!version->password_form || version->password_form == PasswordForm::kUnreadable) {
      continue;
    }
    if (before != nullptr) {
      if (const auto same = same_password(*before, *version)) {
        steps.push_back(MetabaseStep{before, version, !*same});
      }
    }
    before = version;
  }
  return steps;
}

std::optional<Timestamp> saved_at(const Case& the_case, const MetabaseSnapshot& version) {
  constexpr std::int64_t kGrace = 7 * Timestamp::kTicksPerDay;
  const std::optional<Timestamp> modified = the_case.source(version.where.source).modified;
  const std::optional<Timestamp> last = last_recorded(the_case);
  if (!modified || !last || *modified - *last > kGrace) {
    return std::nullopt;
  }
  return modified;
}

Untrusted name_of_version(const Case& the_case, const MetabaseSnapshot& version) {
  const Untrusted& path = the_case.source(version.where.source).path;
  return version.major ? say("version ", *version.major, " (", path, ")") : path;
}

}  // namespace iwamtrace
