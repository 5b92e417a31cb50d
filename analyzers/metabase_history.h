// The metabase through its versions: where WAMUserPass changed, compared as it stands.
#pragma once

#include <optional>
#include <vector>

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

// Two versions that follow each other and can be compared: by their values, or as they stand under
// one session key, where an equal ciphertext is an equal password.
struct MetabaseStep {
  const MetabaseSnapshot* before = nullptr;
  const MetabaseSnapshot* after = nullptr;
  bool changed = false;
};

// A version of the history has its number in its name, and the live file beside it has the same.
bool is_history_copy(const Case& the_case, const MetabaseSnapshot& version);

// Printed by adsutil.vbs: it says what the metabase held, not when.
bool is_export(const Case& the_case, const MetabaseSnapshot& version);

// The versions that may be this server's: those that name its account, and those under the session
// key of one that does. Oldest first; the last is the live one.
void sort_metabases(const Case& the_case, Answers& answers);

// With or without a domain; a version without WAMUserName contradicts nobody.
bool names_account(const MetabaseSnapshot& version, UntrustedView account);

std::vector<MetabaseStep> metabase_steps(const CopiesAnswer& copies);

// When a version was saved, by the time of its file; nothing where the files have the times of a
// copy.
std::optional<Timestamp> saved_at(const Case& the_case, const CopiesAnswer& copies,
                                  const MetabaseSnapshot& version);

// "version 41 of the history", "version 41 (MetaBase.xml)".
Untrusted name_of_version(const Case& the_case, const MetabaseSnapshot& version);

// "versions 41 and 42 of the history", "version 41 of the history and version 42 (MetaBase.xml)".
Untrusted names_of_versions(const Case& the_case, const MetabaseSnapshot& one,
                            const MetabaseSnapshot& other);

}  // namespace iwamtrace
