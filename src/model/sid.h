// A Windows security identifier.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwamtrace {

struct Sid {
  static constexpr std::size_t kMaxSubauthorities = 15;  // SID_MAX_SUB_AUTHORITIES in winnt.h

  std::uint8_t revision = 1;
  std::uint8_t count = 0;  // of the subauthorities in use
  std::uint64_t authority = 0;
  std::array<std::uint32_t, kMaxSubauthorities> subauthorities{};

  friend auto operator<=>(const Sid&, const Sid&) = default;

  // "S-1-5-21-…", also inside "%{…}" as NT5 records quote it.
  static std::optional<Sid> from_text(std::string_view text);

  // The last subauthority; nothing for a SID without one.
  [[nodiscard]] std::optional<std::uint32_t> rid() const;
  [[nodiscard]] bool is_in(const Sid& domain) const;  // domain SID + one RID
  [[nodiscard]] Sid with(std::uint32_t rid) const;    // this as domain; unchanged when full
};

// Writes "S-1-5-21-…" and returns its end; kMaxSidText bytes are enough.
inline constexpr std::size_t kMaxSidText = 4 + 3 + 1 + 15 + 15 * 11;
char* sid_to_text(const Sid& sid, char* out);
std::string to_string(const Sid& sid);

namespace well_known {
inline constexpr Sid kEveryone{1, 1, 1, {0}};
inline constexpr Sid kBatch{1, 1, 5, {3}};
inline constexpr Sid kInteractive{1, 1, 5, {4}};
inline constexpr Sid kAuthenticatedUsers{1, 1, 5, {11}};
inline constexpr Sid kSystem{1, 1, 5, {18}};
inline constexpr Sid kBuiltin{1, 1, 5, {32}};  // the domain of the groups that every machine has
inline constexpr Sid kAdministrators{1, 2, 5, {32, 544}};
inline constexpr Sid kUsers{1, 2, 5, {32, 545}};
inline constexpr Sid kGuests{1, 2, 5, {32, 546}};
}  // namespace well_known

// "Everyone", "INTERACTIVE" …; empty for a SID that is not the same on every machine, and for the
// built-in groups, whose names are in the SAM.
std::string_view well_known_name(const Sid& sid);

}  // namespace iwamtrace
