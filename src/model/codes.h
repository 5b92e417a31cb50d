// What Windows' numbers mean, as far as a failed web server meets them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace iwamtrace {

struct NamedCode {
  std::uint32_t code = 0;
  std::string_view symbol;   // of Microsoft's headers
  std::string_view meaning;  // as a part of a sentence: "the account is disabled"
};

// The tables of error_codes.cpp, each sorted by code. Win32 errors stand in events as decimal
// numbers, HRESULTs and NTSTATUS as eight hexadecimal digits (681 has decimal ones). Script errors
// are Err.Number of VBScript, which synciwam.vbs prints in hexadecimal.
std::span<const NamedCode> win32_errors();
std::span<const NamedCode> hresults();
std::span<const NamedCode> nt_statuses();
std::span<const NamedCode> script_errors();

// Null where the table has no such code.
const NamedCode* named_code(std::span<const NamedCode> table, std::uint32_t code);

// "8000401A", as HRESULTs and NTSTATUS are written.
std::string eight_digits(std::uint32_t code);

// The meaning of a Win32 error; empty where the number is not in the table.
std::string_view win32_error(std::uint32_t code);

// An HRESULT that wraps a Win32 error is 0x8007 and the error, one of a script 0x800A.
inline constexpr std::uint32_t kWin32Facility = 0x80070000;
inline constexpr std::uint32_t kScriptFacility = 0x800A0000;
inline constexpr std::uint32_t kFacilityMask = 0xFFFF0000;

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
