// What leaves the worker of a password: equality, and nothing to log on with.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/text.h"

namespace iwamtrace {

// HMAC-SHA-256 over the 16-byte NT hash. Copies are compared by all 32 bytes; reports print eight.
struct Fingerprint {
  std::array<std::byte, 32> bytes{};

  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

// What a comparison of two passwords came to.
enum class Equality : std::uint8_t { kEqual, kDifferent, kUnknown };
inline constexpr std::size_t kEqualities = 3;
std::string_view name_of(Equality equality);

inline std::string to_string(const Fingerprint& fingerprint) {
  constexpr std::size_t kPrinted = 8;
  return hex(Bytes{fingerprint.bytes}.first(kPrinted));
}

}  // namespace iwamtrace
