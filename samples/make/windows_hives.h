// What the made SYSTEM, SAM, SECURITY and SOFTWARE hives have in common: values as Windows types
// them, and security descriptors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "make/made_hive.h"
#include "model/artefact.h"
#include "model/sid.h"

namespace iwamtrace {

MadeValue text_value(std::string_view name, std::string_view text);        // REG_SZ
MadeValue expandable_value(std::string_view name, std::string_view text);  // REG_EXPAND_SZ
MadeValue list_value(std::string_view name, const std::vector<std::string>& lines);
MadeValue number_value(std::string_view name, std::uint32_t number);  // REG_DWORD
MadeValue binary_value(std::string_view name, std::string_view data);
// The value without a name, in which SAM and SECURITY keep what they have to say. The type is
// theirs to use as a number.
MadeValue unnamed_value(std::string_view data, std::uint32_t type = kRegNone);

// The key of a path below `key`, written at `written`.
MadeKey& dated_key(MadeKey& key, std::string_view path, Timestamp written);

// --- Security descriptors (MS-DTYP 2.4.6) -------------------------------------------------------

inline constexpr std::uint8_t kInheritedByContainers = 0x02;
inline constexpr std::uint16_t kOwnerDefaulted = 0x0001, kGroupDefaulted = 0x0002;

AccessControlEntry allow_ace(const Sid& trustee, std::uint32_t mask, std::uint8_t flags = 0);
AccessControlEntry deny_ace(const Sid& trustee, std::uint32_t mask, std::uint8_t flags = 0);

// Self-relative, laid out as LSA and IIS do: the DACL first, then owner and group. `control` is set
// besides what follows from the parts.
std::string descriptor_bytes(const SecurityDescriptor& descriptor, std::uint16_t control = 0);

// Of the keys in SAM and SECURITY: all for SYSTEM; to read and change the descriptor for
// Administrators.
std::string security_of_secret_keys();
// Of the keys in SYSTEM and SOFTWARE: all for SYSTEM and Administrators, to read for Users.
std::string security_of_public_keys();

}  // namespace iwamtrace
