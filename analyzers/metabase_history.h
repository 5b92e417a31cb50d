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

// The versions that may be this server's: those that name its account, and those under the session
// key of one that does. Oldest first; the last is the live one.
void sort_metabases(const Case& the_case, Answers& answers);

std::vector<MetabaseStep> metabase_steps(const CopiesAnswer& copies);

// When a version was saved, by the time of its file; nothing where the files have the times of a
// copy.
std::optional<Timestamp> saved_at(const Case& the_case, const CopiesAnswer& copies,
                                  const MetabaseSnapshot& version);

// "version 41 (MetaBase_0000000041.xml)".
Untrusted name_of_version(const Case& the_case, const MetabaseSnapshot& version);

}  // namespace iwamtrace
