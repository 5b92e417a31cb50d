#include "model/artefact.h"

#include <span>
#include <utility>

namespace iwamtrace {
namespace {

using BitName = std::pair<std::uint32_t, std::string_view>;

std::vector<std::string> names_of_bits(std::uint32_t bits, std::span<const BitName> names) {
  std::vector<std::string> set;
  for (const auto& [bit, name] : names) {
    if ((bits & bit) != 0) {
      set.emplace_back(name);
    }
  }
  return set;
}

}  // namespace

std::vector<std::string> names_of_account_flags(std::uint32_t flags) {
  static constexpr std::array<BitName, 17> kNames{{
      {0x1, "disabled"},
      {0x2, "home-directory-required"},
      {0x4, "password-not-required"},
      {0x8, "temporary-duplicate"},
      {0x10, "normal"},
      {0x20, "mns-logon"},
      {0x40, "interdomain-trust"},
      {0x80, "workstation-trust"},
      {0x100, "server-trust"},
      {0x200, "password-never-expires"},
      {0x400, "locked"},
      {0x800, "reversible-encryption"},
      {0x1000, "smartcard-required"},
      {0x2000, "trusted-for-delegation"},
      {0x4000, "not-delegated"},
      {0x8000, "des-only"},
      {0x20000, "password-expired"},
  }};
  return names_of_bits(flags, kNames);
}

std::vector<std::string> names_of_logon_rights(std::uint32_t rights) {
  static constexpr std::array<BitName, 10> kNames{{
      {kInteractiveLogon, "SeInteractiveLogonRight"},
      {kNetworkLogon, "SeNetworkLogonRight"},
      {kBatchLogon, "SeBatchLogonRight"},
      {kServiceLogon, "SeServiceLogonRight"},
      {kDenyInteractiveLogon, "SeDenyInteractiveLogonRight"},
      {kDenyNetworkLogon, "SeDenyNetworkLogonRight"},
      {kDenyBatchLogon, "SeDenyBatchLogonRight"},
      {kDenyServiceLogon, "SeDenyServiceLogonRight"},
      {kRemoteInteractiveLogon, "SeRemoteInteractiveLogonRight"},
      {kDenyRemoteInteractiveLogon, "SeDenyRemoteInteractiveLogonRight"},
  }};
  return names_of_bits(rights, kNames);
}

std::string_view name_of(AccessPermission::Of of) {
  constexpr std::array<std::string_view, AccessPermission::kObjects> kNames{
      "dcom-key",   "default-launch", "default-access", "machine-launch",   "machine-access",
      "pooled-key", "pooled-launch",  "pooled-access",  "pooled-secret-key"};
  return kNames.at(static_cast<std::size_t>(of));
}

std::string_view name_of(SecretState state) {
  constexpr std::array<std::string_view, kSecretStates> kNames{"value", "empty", "absent", "locked",
                                                               "damaged"};
  return kNames.at(static_cast<std::size_t>(state));
}

}  // namespace iwamtrace
