#include "analyzers/metabase_history.h"

#include <algorithm>
#include <set>
#include <string>

namespace iwamtrace {
namespace {

// The last moment that a log of this server or an account of the case knows of.
std::optional<Timestamp> last_recorded(const Case& the_case, const Answers& answers) {
  std::optional<Timestamp> last;
  const auto note = [&](const std::optional<Timestamp>& time) {
    if (time && (!last || *time > *last)) {
      last = time;
    }
  };
  for (const Source& source : the_case.sources) {
    const bool left_out = std::ranges::any_of(answers.left_out, [&](const LeftOut& one) {
      return one.source == source.id && one.why == LeftOut::Why::kOtherComputer;
    });
    note(left_out ? std::nullopt : source.summary.last);
  }
  for (const Account& account : the_case.all<Account>()) {
    note(account.key_written);
  }
  return last;
}

// IIS waits a minute after a change before it saves: files that all were written at once, or
// against the order of their numbers, have the times of a copy.
bool file_times_hold(const Case& the_case, const Answers& answers) {
  constexpr std::int64_t kLeastApart = 20 * Timestamp::kTicksPerSecond;
  constexpr std::int64_t kGrace = 7 * Timestamp::kTicksPerDay;
  const std::optional<Timestamp> last = last_recorded(the_case, answers);
  const MetabaseSnapshot* before = nullptr;
  std::optional<Timestamp> written_before;
  for (const MetabaseSnapshot* version : answers.copies.metabases) {
    const auto written = the_case.source(version->where.source).modified;
    if (!written || !last || *written - *last > kGrace) {
      return false;
    }
    const bool another =
        before != nullptr && (before->major != version->major ||
                              before->minor.value_or(0) != version->minor.value_or(0));
    if (another && *written - *written_before < kLeastApart) {
      return false;
    }
    before = version;
    written_before = written;
  }
  return true;
}

}  // namespace

bool is_history_copy(const Case& the_case, const MetabaseSnapshot& version) {
  return the_case.source(version.where.source).path.view().contains("MetaBase_0");
}

bool is_export(const Case& the_case, const MetabaseSnapshot& version) {
  return the_case.source(version.where.source).kind == SourceKind::kMetabaseText;
}

void sort_metabases(const Case& the_case, Answers& answers) {
  CopiesAnswer& copies = answers.copies;
  const auto& versions = the_case.all<MetabaseSnapshot>();
  const auto names_iwam = [&](const MetabaseSnapshot& version) {
    const auto parts = version.wam_user_name.view().split('\\');
    return version.wam_user_name.empty() ||
           (parts ? parts->second : version.wam_user_name.view()).is(answers.iwam.user_name.view());
  };
  std::set<std::string> own_keys;
  for (const MetabaseSnapshot& version : versions) {
    if (names_iwam(version) && !version.session_key_digest.empty()) {
      own_keys.insert(version.session_key_digest);
    }
  }
  const bool any_own = std::ranges::any_of(versions, names_iwam);
  for (const MetabaseSnapshot& version : versions) {
    const bool own = names_iwam(version) || own_keys.contains(version.session_key_digest) ||
                     (!any_own && !is_export(the_case, version));
    (!own                           ? copies.other_metabases
     : is_export(the_case, version) ? copies.exports
                                    : copies.metabases)
        .push_back(&version);
  }
  // A restored metabase may have a lower number than its history: the live one is none of it.
  std::stable_partition(
      copies.metabases.begin(), copies.metabases.end(),
      [&](const MetabaseSnapshot* version) { return is_history_copy(the_case, *version); });
  copies.file_times_hold = file_times_hold(the_case, answers);
}

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

std::optional<Timestamp> saved_at(const Case& the_case, const CopiesAnswer& copies,
                                  const MetabaseSnapshot& version) {
  return copies.file_times_hold ? the_case.source(version.where.source).modified : std::nullopt;
}

Untrusted name_of_version(const Case& the_case, const MetabaseSnapshot& version) {
  const Untrusted& path = the_case.source(version.where.source).path;
  if (!version.major) {
    return path;
  }
  return is_history_copy(the_case, version) ? say("version ", *version.major, " of the history")
                                            : say("version ", *version.major, " (", path, ")");
}

Untrusted names_of_versions(const Case& the_case, const MetabaseSnapshot& one,
                            const MetabaseSnapshot& other) {
  const bool short_form = one.major && other.major && is_history_copy(the_case, one) &&
                          is_history_copy(the_case, other);
  return short_form
             ? say("versions ", *one.major, " and ", *other.major, " of the history")
             : say(name_of_version(the_case, one), " and ", name_of_version(the_case, other));
}

}  // namespace iwamtrace
