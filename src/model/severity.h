// How much a finding matters.
#pragma once

#include <cstdint>
#include <string_view>

namespace iwamtrace {

enum class Severity : std::uint8_t { kCritical, kHigh, kMedium, kLow, kInfo };
inline constexpr std::size_t kSeverities = 5;
std::string_view name_of(Severity severity);

}  // namespace iwamtrace
