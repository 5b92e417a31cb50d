#include "model/source.h"

#include <algorithm>

namespace iwamtrace {

std::string_view name_of(SourceKind kind) {
  constexpr std::array<std::string_view, kSourceKinds> kNames{
      "unknown",         "evt",           "evtx",         "hive-sam",        "hive-security",
      "hive-system",     "hive-software", "hive-other",   "hive-log",        "metabase-xml",
      "metabase-schema", "metabase-text", "metabase-bin", "dpapi-masterkey", "rsa-container",
      "archive"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(SourceStatus status) {
  constexpr std::array<std::string_view, kSourceStatuses> kNames{"read", "partial", "unreadable",
                                                                 "ignored"};
  return kNames.at(static_cast<std::size_t>(status));
}

bool is_damaged(const Source& source) { return std::ranges::any_of(source.damage, &Damage::lost); }

}  // namespace iwamtrace
