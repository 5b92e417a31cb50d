#include "analyzers/access_check.h"

#include <algorithm>

namespace iwamtrace {
namespace {

constexpr std::uint8_t kAllowed = 0x00;  // MS-DTYP 2.4.4.1
constexpr std::uint8_t kDenied = 0x01;
constexpr std::uint8_t kInheritOnly = 0x08;

// MS-DTYP 2.4.3 and the mapping of registry keys.
std::uint32_t without_generic(std::uint32_t mask) {
  constexpr std::uint32_t kRead = 0x80000000, kWrite = 0x40000000, kExecute = 0x20000000,
                          kAll = 0x10000000;
  constexpr std::uint32_t kKeyWrite = 0x20006, kKeyAll = 0xF003F;
  return mask | ((mask & (kRead | kExecute)) != 0 ? kKeyRead : 0) |
         ((mask & kWrite) != 0 ? kKeyWrite : 0) | ((mask & kAll) != 0 ? kKeyAll : 0);
}

std::uint32_t with_local_and_remote(std::uint32_t mask) {
  constexpr std::uint32_t kComRights = 0x1F;
  return (mask & kComRights) == kComExecute ? mask | kComRights : mask;
}

template <typename Meaning>
AccessDecision check(const SecurityDescriptor& descriptor, std::span<const Sid> token,
                     std::uint32_t wanted, Meaning meaning) {
  using Result = AccessDecision::Result;
  if (!descriptor.has_dacl) {
    return {Result::kGranted, nullptr};
  }
  std::uint32_t open = wanted;
  for (const AccessControlEntry& entry : descriptor.dacl) {
    const bool speaks = (entry.flags & kInheritOnly) == 0 && (meaning(entry.mask) & open) != 0 &&
                        std::ranges::find(token, entry.trustee) != token.end();
    if (speaks && entry.type == kDenied) {
      return {Result::kDenied, &entry};
    }
    if (speaks && entry.type == kAllowed) {
      open &= ~meaning(entry.mask);
      if (open == 0) {
        return {Result::kGranted, &entry};
      }
    }
  }
  return {Result::kNotGranted, nullptr};
}

}  // namespace

AccessDecision check_access(const SecurityDescriptor& descriptor, std::span<const Sid> token,
                            std::uint32_t wanted) {
  return check(descriptor, token, wanted, without_generic);
}

AccessDecision check_local_launch(const SecurityDescriptor& descriptor,
                                  std::span<const Sid> token) {
  return check(descriptor, token, kComExecuteLocal | kComActivateLocal, with_local_and_remote);
}

SecurityDescriptor built_in_launch_permission() {
  SecurityDescriptor descriptor;
  descriptor.has_dacl = true;
  for (const Sid& who :
       {well_known::kAdministrators, well_known::kSystem, well_known::kInteractive}) {
    descriptor.dacl.push_back(AccessControlEntry{kAllowed, 0, kComExecute, who});
  }
  return descriptor;
}

}  // namespace iwamtrace
