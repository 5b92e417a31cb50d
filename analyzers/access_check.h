// What a security descriptor lets somebody do, as Windows checks it.
#pragma once

#include <cstdint>
#include <span>

#include "model/artefact.h"

namespace iwamtrace {

// Of registry keys (winnt.h) and of DCOM permissions (objbase.h).
inline constexpr std::uint32_t kKeyRead = 0x20019;
inline constexpr std::uint32_t kComExecute = 0x1;
inline constexpr std::uint32_t kComExecuteLocal = 0x2;
inline constexpr std::uint32_t kComActivateLocal = 0x8;

struct AccessDecision {
  enum class Result : std::uint8_t {
    kGranted,
    kDenied,      // an entry forbids it
    kNotGranted,  // no entry allows it
  };
  Result result{};
  // That decided; null where there is none to point to.
  const AccessControlEntry* entry = nullptr;
};

// Entry by entry in the order in which they stand: the first that speaks of a bit decides it. In
// the order that Windows' own tools write, what is denied stands before what is allowed. Without a
// DACL everybody may do everything; an empty one lets nobody in.
AccessDecision check_access(const SecurityDescriptor& descriptor, std::span<const Sid> token,
                            std::uint32_t wanted);

// To have a server started on the same machine. Entries from before XP SP2 and 2003 SP1 have the
// one bit kComExecute, which then stands for all.
AccessDecision check_local_launch(const SecurityDescriptor& descriptor, std::span<const Sid> token);

// What DCOM uses where a machine has no DefaultLaunchPermission.
SecurityDescriptor built_in_launch_permission();

}  // namespace iwamtrace
