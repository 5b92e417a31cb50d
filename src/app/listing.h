// A command that prints one document about what the hives and metabases of a case hold.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/options.h"
#include "model/report.h"
#include "report/text.h"

namespace iwamtrace {

struct Listing {
  std::span<const SourceKind> needs;  // of these one at least, or there was nothing to read
  std::string_view without;           // what to say then
  std::string (*json)(const Report&);
  std::string (*text)(const Report&, const TextOptions&);
};

int print_listing(const Listing& listing, const Options& options);

}  // namespace iwamtrace
