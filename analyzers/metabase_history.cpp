#include "analyzers/metabase_history.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

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

// "41", "41.2" where it was edited by hand.
Untrusted number_of(const MetabaseSnapshot& version) {
  const std::uint32_t minor = version.minor.value_or(0);
  return minor == 0 ? say(*version.major) : say(*version.major, ".", minor);
}

// IIS keeps its history in a folder beside the live file; a copy elsewhere is a backup.
bool beside_history(const Case& the_case, const MetabaseSnapshot& version) {
  constexpr std::string_view kName = "MetaBase.xml";
  const UntrustedView path = the_case.source(version.where.source).path;
  if (path.size() < kName.size() || !path.without_prefix(path.size() - kName.size()).is(kName)) {
    return false;
  }
  const Untrusted history = say(path.first(path.size() - kName.size()), "History");
  return std::ranges::any_of(the_case.sources, [&](const Source& source) {
    return source.path.view().starts_with(history.view());
  });
}

}  // namespace

bool is_history_copy(const Case& the_case, const MetabaseSnapshot& version) {
  return the_case.source(version.where.source).path.view().contains("MetaBase_0");
}

bool is_export(const Case& the_case, const MetabaseSnapshot& version) {
  return the_case.source(version.where.source).kind == SourceKind::kMetabaseText;
}

bool names_account(const MetabaseSnapshot& version, UntrustedView account) {
  return version.wam_user_name.empty() || version.wam_user_name.view().account().is(account);
}

void sort_metabases(const Case& the_case, Answers& answers) {
  CopiesAnswer& copies = answers.copies;
  const auto& versions = the_case.all<MetabaseSnapshot>();
  const auto names_iwam = [&](const MetabaseSnapshot& version) {
    return names_account(version, answers.iwam.user_name);
  };
  std::set<std::string> own_keys;
  for (const MetabaseSnapshot& version : versions) {
    if (names_iwam(version) && !version.session_key_digest.empty()) {
      own_keys.insert(version.session_key_digest);
    }
  }
  const bool any_own = std::ranges::any_of(versions, [&](const MetabaseSnapshot& version) {
    return names_iwam(version) && !is_export(the_case, version);
  });
  for (const MetabaseSnapshot& version : versions) {
    // A text that does not name the account may be of any server.
    const bool own =
        is_export(the_case, version)
            ? !version.wam_user_name.empty() && names_iwam(version)
            : names_iwam(version) || !any_own || own_keys.contains(version.session_key_digest);
    (!own                           ? copies.other_metabases
     : is_export(the_case, version) ? copies.exports
                                    : copies.metabases)
        .push_back(&version);
  }
  // A restored metabase may have a lower number than its history: the live one is none of it.
  const auto live =
      std::ranges::max_element(copies.metabases, {}, [&](const MetabaseSnapshot* version) {
        return std::pair{!is_history_copy(the_case, *version), beside_history(the_case, *version)};
      });
  if (live != copies.metabases.end()) {
    copies.live_metabase = !is_history_copy(the_case, **live);
    if (copies.live_metabase) {
      std::rotate(live, live + 1, copies.metabases.end());
    }
  }
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
  return is_history_copy(the_case, version) ? say("version ", number_of(version), " of the history")
                                            : say("version ", number_of(version), " (", path, ")");
}

Untrusted names_of_versions(const Case& the_case, const MetabaseSnapshot& one,
                            const MetabaseSnapshot& other) {
  const bool short_form = one.major && other.major && is_history_copy(the_case, one) &&
                          is_history_copy(the_case, other);
  return short_form
             ? say("versions ", number_of(one), " and ", number_of(other), " of the history")
             : say(name_of_version(the_case, one), " and ", name_of_version(the_case, other));
}

}  // namespace iwamtrace
