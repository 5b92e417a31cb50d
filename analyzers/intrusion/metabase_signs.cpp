// A web server that was made to serve an intruder: folders that take and run programs, roots of
// drives, script maps and filters of foreign programs. Of each the version that shows it first.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analyzers/intrusion/signs.h"
#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

// Of AccessFlags, MD_ACCESS_PERM of iiscnfg.h; MetaBase.xml has names in their place.
constexpr std::uint64_t kWrite = 0x2, kExecute = 0x4, kScript = 0x200;

bool has_flag(UntrustedView flags, std::string_view name, std::uint64_t bit) {
  const auto number = flags.number();
  return number ? (*number & bit) != 0 : flags.contains(name);
}

bool is_drive_root(UntrustedView path) {
  const UntrustedView rest = path.without_prefix(1);
  return (rest.is(":\\") || rest.is(":") || rest.is(":/"));
}

// Where next to no server has it otherwise. Another drive may be one for visitors' files.
bool is_drive_of_windows(UntrustedView path) { return path.starts_with("C:"); }

// Windows itself and its programs, not the many folders below that IIS and others publish.
bool is_folder_of_windows(UntrustedView path) {
  const UntrustedView rest = path.without_prefix(1);
  constexpr std::array<std::string_view, 4> kFolders{":\\WINNT", ":\\WINDOWS", ":\\WINNT\\system32",
                                                     ":\\WINDOWS\\system32"};
  return path.is("%SystemRoot%") || path.is("%SystemRoot%\\system32") ||
         path.contains("\\RECYCLER") || path.contains("\\System Volume Information") ||
         std::ranges::any_of(kFolders, [&](std::string_view folder) { return rest.is(folder); });
}

// What lies where programs are put that nobody is to see.
constexpr std::array<std::string_view, 4> kForeignPrograms{"\\root.exe", "\\temp\\", "\\recycler\\",
                                                           "System Volume Information"};
// What runs any command, or is published itself: batch files and PHP were set up so too.
constexpr std::array<std::string_view, 2> kOddPrograms{"\\cmd.exe", "\\Inetpub\\wwwroot\\"};

bool contains_any(UntrustedView program, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return program.contains(part); });
}

// How strange it is that the web server runs it; nothing where it is not.
std::optional<Force> strangeness_of(UntrustedView program) {
  if (contains_any(program, kForeignPrograms)) {
    return Force::kStrong;
  }
  return contains_any(program, kOddPrograms) ? std::optional(Force::kWeak) : std::nullopt;
}

// One key of one version.
struct WebKey {
  const MetabaseValue *path = nullptr, *flags = nullptr;
};

struct Seen {
  Sign sign;
  const MetabaseSnapshot* version = nullptr;
};

class Tampering {
 public:
  Tampering(const Case& the_case, const Answers& answers) : case_(the_case), answers_(answers) {
    for (const AccountGrants& grants : answers.grants) {
      if (grants.account != nullptr && is_administrator(grants)) {
        administrators_.emplace(grants.account->name.folded(), grants.account);
      }
    }
  }

  // By what it says: the same in a later version is no news.
  std::map<Untrusted, Seen> run() {
    for (const MetabaseSnapshot* version : answers_.copies.metabases) {
      version_ = version;
      read_version();
    }
    return std::move(seen_);
  }

 private:
  void read_version() {
    std::map<Untrusted, WebKey> keys;
    for (const MetabaseValue& value : case_.all<MetabaseValue>()) {
      if (value.where.source != version_->where.source) {
        continue;
      }
      if (value.name.is("Path")) {
        keys[value.location].path = &value;
      } else if (value.name.is("AccessFlags")) {
        keys[value.location].flags = &value;
      } else if (value.name.is("ScriptMaps")) {
        read_script_maps(value);
      } else if (value.name.is("FilterPath") && strangeness_of(value.value)) {
        tell(*strangeness_of(value.value),
             say("the filter ", value.location, " loads ", value.value), {value.where},
             kIisComponent);
      } else if (value.name.is("AnonymousUserName")) {
        read_anonymous_user(value);
      }
    }
    for (const auto& [location, key] : keys) {
      read_folder(location, key);
    }
  }

  void read_folder(const Untrusted& location, const WebKey& key) {
    if (key.path == nullptr || !location.view().starts_with("/LM/W3SVC/")) {
      return;
    }
    const UntrustedView path = key.path->value;
    const UntrustedView flags = key.flags == nullptr ? UntrustedView{} : key.flags->value.view();
    const bool writes = has_flag(flags, "AccessWrite", kWrite);
    const bool runs =
        has_flag(flags, "AccessExecute", kExecute) || has_flag(flags, "AccessScript", kScript);
    std::vector<Citation> where{key.path->where};
    if (key.flags != nullptr) {
      where.push_back(key.flags->where);
    }
    if (is_drive_root(path)) {
      tell(writes && runs && is_drive_of_windows(path) ? Force::kStrong : Force::kWeak,
           say(location, " publishes the whole drive ", path,
               runs ? ", and runs programs there" : "", writes ? ", and takes files" : ""),
           where);
    } else if (writes && runs) {
      tell(Force::kWeak, say(location, " (", path, ") takes files from visitors and runs them"),
           where);
    } else if (runs && is_folder_of_windows(path)) {
      tell(Force::kStrong, say(location, " runs the programs of ", path), where);
    }
  }

  // ".ext,program,flags[,verbs]", several of them.
  void read_script_maps(const MetabaseValue& maps) {
    UntrustedView rest = maps.value;
    for (bool more = true; more;) {
      const auto line = rest.split('\n');
      more = line.has_value();
      const UntrustedView map = line ? line->first : rest;
      rest = line ? line->second : rest;
      const auto extension = map.trimmed().split(',');
      if (!extension) {
        continue;
      }
      const auto program = extension->second.split(',');
      const UntrustedView path = program ? program->first : extension->second;
      if (const auto force = strangeness_of(path)) {
        tell(*force, say(maps.location, " gives ", extension->first.trimmed(), " to ", path),
             {maps.where}, kIisComponent);
      }
    }
  }

  void read_anonymous_user(const MetabaseValue& user) {
    const auto administrator =
        administrators_.find(Untrusted{user.value.view().account()}.folded());
    if (administrator != administrators_.end()) {
      tell(Force::kWeak,
           say("visitors of ", user.location, " act as ", user.value, ", an administrator"),
           {user.where, administrator->second->where});
    }
  }

  static constexpr std::string_view kIisComponent = "T1505.004", kWebShell = "T1505.003";

  void tell(Force force, const Untrusted& what, std::vector<Citation> where,
            std::string_view technique = kWebShell) {
    if (seen_.contains(what)) {
      return;
    }
    Sign sign =
        sign_of("metabase_tampered", force == Force::kWeak ? Severity::kMedium : Severity::kHigh,
                say("the web server is set up as intruders do"), what, std::move(where));
    sign.finding.techniques = {std::string(technique)};
    sign.force = force;
    // Carelessness is as common; and each version is a file of its own, which makes it no stronger.
    sign.ordinary = force == Force::kWeak;
    seen_[what] = Seen{std::move(sign), version_};
  }

  const Case& case_;
  const Answers& answers_;
  std::map<Untrusted, const Account*> administrators_;  // by name, folded
  const MetabaseSnapshot* version_ = nullptr;
  std::map<Untrusted, Seen> seen_;
};

}  // namespace

void find_metabase_signs(const Case& the_case, Answers& answers) {
  const auto& versions = answers.copies.metabases;
  for (auto& [what, seen] : Tampering(the_case, answers).run()) {
    Sign& sign = seen.sign;
    const auto saved = saved_at(the_case, answers.copies, *seen.version);
    const bool oldest = seen.version == versions.front();
    if (!oldest || versions.size() == 1) {
      sign.finding.time = oldest ? std::nullopt : saved;
      sign.finding.statement.append(say(", in ", name_of_version(the_case, *seen.version),
                                        oldest ? "" : " and not in those before")
                                        .view());
    } else {
      // It may have been so since the server was set up.
      sign.force = Force::kWeak;
      sign.ordinary = true;
      sign.finding.statement.append(", in every version");
    }
    answers.signs.push_back(std::move(sign));
  }
}

}  // namespace iwamtrace
