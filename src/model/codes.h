// What Windows' numbers mean, as far as a failed web server meets them.
#pragma once

#include <cstdint>
#include <string_view>

namespace iwamtrace {

// Of winerror.h, by decimal value: "logon failure: unknown user name or bad password". Empty where
// the number is not in the table.
std::string_view win32_error(std::uint32_t code);

// Of ntsecapi.h: "interactive", "network", "batch" …; empty where unknown.
std::string_view logon_type_name(std::uint32_t type);

// The name of a privilege by the low part of its LUID: "SeAssignPrimaryTokenPrivilege"; empty where
// unknown.
std::string_view privilege_name(std::uint32_t luid);

// How the service control manager starts a service: "automatic", "disabled" …; empty where unknown.
std::string_view service_start_name(std::uint32_t start);
inline constexpr std::uint32_t kServiceDisabled = 4;

namespace win32 {
inline constexpr std::uint32_t kLogonFailure = 1326;
inline constexpr std::uint32_t kPasswordExpired = 1330;
inline constexpr std::uint32_t kAccountDisabled = 1331;
inline constexpr std::uint32_t kLogonTypeNotGranted = 1385;
inline constexpr std::uint32_t kAccountExpired = 1793;
inline constexpr std::uint32_t kPasswordMustChange = 1907;
inline constexpr std::uint32_t kAccountLockedOut = 1909;
}  // namespace win32

inline constexpr std::uint32_t kBatchLogonType = 4;

}  // namespace iwamtrace
