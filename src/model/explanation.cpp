#include "model/explanation.h"

#include <array>

namespace iwamtrace {

std::string_view name_of(Explanation::Kind kind) {
  constexpr std::array<std::string_view, 10> kNames{
      "cause",    "finding",      "event",       "win32-error", "hresult",
      "ntstatus", "script-error", "http-status", "attack",      "technique"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace iwamtrace
