#include "app/secrets_command.h"

#include <array>

#include "app/listing.h"
#include "report/secrets_json.h"
#include "report/secrets_text.h"

namespace iwamtrace {

int print_secrets(const Options& options) {
  constexpr std::array kNeeds{SourceKind::kHiveSecurity, SourceKind::kMetabaseXml,
                              SourceKind::kMetabaseText};
  return print_listing({kNeeds, "no SECURITY hive and no metabase in what was given",
                        render_secrets_json, render_secrets_text},
                       options);
}

}  // namespace iwamtrace
