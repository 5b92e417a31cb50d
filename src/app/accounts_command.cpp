#include "app/accounts_command.h"

#include <array>

#include "app/listing.h"
#include "report/accounts_json.h"
#include "report/accounts_text.h"

namespace iwamtrace {

int print_accounts(const Options& options) {
  constexpr std::array kNeeds{SourceKind::kHiveSam, SourceKind::kHiveSecurity};
  return print_listing({kNeeds, "no SAM or SECURITY hive in what was given", render_accounts_json,
                        render_accounts_text},
                       options);
}

}  // namespace iwamtrace
