#include "app/metabase_command.h"

#include <array>

#include "app/listing.h"
#include "report/metabase_json.h"
#include "report/metabase_text.h"

namespace iwamtrace {

int print_metabase(const Options& options) {
  constexpr std::array kNeeds{SourceKind::kMetabaseXml, SourceKind::kMetabaseText};
  return print_listing(
      {kNeeds, "no metabase in what was given", render_metabase_json, render_metabase_text},
      options);
}

}  // namespace iwamtrace
