#include <algorithm>
#include <array>

#include "parsers/dpapi/dpapi_parser.h"
#include "parsers/evt/evt_parser.h"
#include "parsers/evtx/evtx_parser.h"
#include "parsers/metabase/metabase_parser.h"
#include "parsers/parser.h"
#include "parsers/registry/registry_parser.h"

namespace iwamtrace {

std::span<const Parser> all_parsers() {
  using Reads = Parser::Reads;
  static constexpr std::array kParsers{
      Parser{"evt", Reads::kOneByOne, SourceKind::kEvt, false, recognises_evt, read_evt},
      Parser{"evtx", Reads::kOneByOne, SourceKind::kEvtx, false, recognises_evtx, read_evtx},
      Parser{"registry", Reads::kTogether, SourceKind::kHiveOther, true, recognises_hive,
             read_hives},
      Parser{"dpapi master key", Reads::kTogether, SourceKind::kDpapiMasterKey, false,
             recognises_master_key, read_master_keys},
      Parser{"rsa container", Reads::kTogether, SourceKind::kRsaContainer, false,
             recognises_rsa_container, read_rsa_containers},
      Parser{"metabase", Reads::kTogether, SourceKind::kMetabaseXml, false, recognises_metabase,
             read_metabases},
      Parser{"metabase schema", Reads::kNever, SourceKind::kMetabaseSchema, false,
             recognises_metabase_schema, nullptr},
      Parser{"adsutil.vbs", Reads::kTogether, SourceKind::kMetabaseText, false,
             recognises_adsutil_output, read_adsutil_outputs},
  };
  return kParsers;
}

const Parser* parser_for(Bytes first_bytes) {
  const auto parsers = all_parsers();
  const auto found = std::ranges::find_if(
      parsers, [&](const Parser& parser) { return parser.recognises(first_bytes); });
  return found == parsers.end() ? nullptr : &*found;
}

}  // namespace iwamtrace
