// What does the metabase hold, and what changed between its versions?
#include <algorithm>
#include <map>
#include <utility>

#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Name = std::pair<Untrusted, Untrusted>;  // location and name, without regard to case
using Table = std::map<Name, MetabaseRow>;

Name name_of(const MetabaseRow& row) { return {row.location().folded(), row.name().folded()}; }

class VersionChanges {
 public:
  VersionChanges(const Case& the_case, MetabaseAnswer& answer)
      : the_case_(the_case), answer_(answer) {
    for (const MetabaseRow& row : answer.rows) {
      tables_[row.where().source].emplace(name_of(row), row);
    }
  }

  // Versions that follow each other.
  void follow(const std::vector<const MetabaseSnapshot*>& versions) {
    for (std::size_t i = 0; i + 1 < versions.size(); ++i) {
      compare(*versions[i], *versions[i + 1]);
    }
  }

 private:
  void compare(const MetabaseSnapshot& from, const MetabaseSnapshot& to) {
    // Two listings seldom tell of the same keys: what one leaves out says nothing.
    // Nor does a file of which a part is lost.
    const bool whole = !is_export(the_case_, from) && !is_export(the_case_, to) &&
                       !is_damaged(the_case_.source(from.where.source)) &&
                       !is_damaged(the_case_.source(to.where.source));
    const Table& before = tables_[from.where.source];
    const Table& after = tables_[to.where.source];
    for (const auto& [name, row] : before) {
      const auto found = after.find(name);
      if (found != after.end()) {
        compare(from, row, to, found->second);
      } else if (whole) {
        answer_.changes.push_back(MetabaseChange{&from, &to, row, {}});
      }
    }
    for (const auto& [name, row] : after) {
      if (whole && !before.contains(name)) {
        answer_.changes.push_back(MetabaseChange{&from, &to, {}, row});
      }
    }
  }

  void compare(const MetabaseSnapshot& from, const MetabaseRow& before, const MetabaseSnapshot& to,
               const MetabaseRow& after) {
    std::optional<bool> same = false;
    if (before.secure != nullptr && after.secure != nullptr) {
      same = same_value(from, *before.secure, to, *after.secure);
    } else if (before.value != nullptr && after.value != nullptr) {
      same = before.value->value == after.value->value;
    }
    if (!same) {
      ++answer_.not_comparable;
    } else if (!*same) {
      answer_.changes.push_back(MetabaseChange{&from, &to, before, after});
    }
  }

  const Case& the_case_;
  MetabaseAnswer& answer_;
  std::map<SourceId, Table> tables_;
};

// Of other servers: those under one session key are versions of one metabase.
std::map<std::string, std::vector<const MetabaseSnapshot*>> by_session_key(
    const std::vector<const MetabaseSnapshot*>& versions) {
  std::map<std::string, std::vector<const MetabaseSnapshot*>> chains;
  for (const MetabaseSnapshot* version : versions) {
    if (!version->session_key_digest.empty()) {
      chains[version->session_key_digest].push_back(version);
    }
  }
  return chains;
}

// The time at which a text was saved is the best guess at the order in which they were printed.
std::vector<const MetabaseSnapshot*> by_file_time(const Case& the_case,
                                                  std::vector<const MetabaseSnapshot*> texts) {
  std::ranges::stable_sort(texts, {}, [&](const MetabaseSnapshot* text) {
    return the_case.source(text->where.source).modified;
  });
  return texts;
}

}  // namespace

void compare_metabases(const Case& the_case, Answers& answers) {
  MetabaseAnswer& metabase = answers.metabase;
  const CopiesAnswer& copies = answers.copies;
  const auto exports = by_file_time(the_case, copies.exports);
  for (const auto* versions : {&copies.metabases, &copies.other_metabases, &exports}) {
    metabase.versions.insert(metabase.versions.end(), versions->begin(), versions->end());
  }
  for (const MetabaseValue& value : the_case.all<MetabaseValue>()) {
    metabase.rows.push_back(MetabaseRow{&value, nullptr});
  }
  for (const SecureProperty& property : the_case.all<SecureProperty>()) {
    metabase.rows.push_back(MetabaseRow{nullptr, &property});
  }
  std::ranges::stable_sort(metabase.rows, {},
                           [](const MetabaseRow& row) -> const Citation& { return row.where(); });
  VersionChanges changes(the_case, metabase);
  changes.follow(copies.metabases);
  for (const auto& [key, versions] : by_session_key(copies.other_metabases)) {
    changes.follow(versions);
  }
  changes.follow(exports);
}

}  // namespace iwamtrace
