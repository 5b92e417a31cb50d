// The causes of the contract, a row each: what several questions need to know of a cause, so that
// none keeps a list of its own. The next cause is one row here, its hypothesis, its repair and its
// explanation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace iwamtrace {

struct Cause {
  // What it is about.
  enum class Of : std::uint8_t {
    kCopies,    // one or several copies were changed
    kIdentity,  // another account, and so other copies of its password
    kState,     // nothing of the copies: the account's state, permissions, services
  };
  // Which applications it breaks. High protection has another package than the pooled ones, and so
  // a copy of identity and password of its own in COM+.
  enum class Reach : std::uint8_t { kNone, kPool, kProcesses, kEverything };
  // Where it breaks a start: what comes after the logon says nothing of a logon that succeeds.
  enum class Breaks : std::uint8_t { kLogon, kAfterLogon };
  // What Windows audits of who did it, by category of the audit policy.
  enum class Audited : std::uint8_t { kNothing, kPolicyChange, kAccountManagement, kElsewhere };

  std::string_view id;
  Of of{};
  Reach reach{};
  Breaks breaks{};
  bool settles_passwords = false;  // its repair sets them, or they have no part in it
  Audited audited{};
  std::string_view deed;  // "Who …": what somebody did

  // Its change is what set the copies apart.
  [[nodiscard]] bool parts_copies() const;
};

// In the order in which they count where their standings are equal: what Windows or the copies
// themselves name, then the account's state, rights and groups, then permissions, then what lies
// beneath.
std::span<const Cause> all_causes();
const Cause* cause_of(std::string_view id);  // null for "none" and "unknown"
bool is_about_copies(std::string_view id);

}  // namespace iwamtrace
