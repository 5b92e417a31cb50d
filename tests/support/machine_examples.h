// A web server as the tests of the made hives describe it, with an IWAM account that has had three
// passwords.
#pragma once

#include <string>
#include <string_view>

#include "make/sam_hive.h"
#include "make/security_hive.h"
#include "make/software_hive.h"
#include "make/system_hive.h"

namespace iwamtrace {

std::string raw_bytes(std::string_view hexadecimal);
std::string shown_in_hex(std::string_view bytes);
Timestamp moment_at(std::string_view iso);

inline constexpr Sid kMachine{1, 4, 5, {21, 842925246, 1214440339, 725345543}};
inline constexpr std::string_view kBootKey{
    "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF", 16};
// The secret of pooled applications with a NUL behind its name.
inline constexpr std::string_view kPooledKey{"SCM:{3D14228D-FBE1-11D0-995D-00C04FD919C1}", 43};
inline constexpr Timestamp kInstalled = Timestamp::from_unix(1065186253);  // 2003-10-03 13:04:13

// In the order of their RIDs: Administrator with an LM hash, Guest, IWAM_WEB1.
MadeSamHive example_sam(SamProtection protection = SamProtection::kRc4);
MadeSystemHive example_system();
// The pooled applications' secret first; it is set, the others are empty, not text, and NULL.
MadeSecurityHive example_security(MadeSecurityHive::Form form = MadeSecurityHive::Form::kNt5X86);
MadeSoftwareHive example_software();

}  // namespace iwamtrace
