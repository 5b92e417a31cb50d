// The small types of Windows in their binary forms: SID, GUID, security descriptor.
#pragma once

#include "model/artefact.h"
#include "model/sid.h"
#include "parsers/cursor.h"

namespace iwamtrace {

// MS-DTYP 2.4.2.2; moves the cursor behind it.
Sid read_sid(Cursor& cursor);

// Size of a SID with `count` subauthorities.
constexpr std::size_t sid_size(std::size_t count) { return 8 + 4 * count; }

// MS-DTYP 2.3.4.2, written as Windows does: "{3d14228d-fbe1-11d0-995d-00c04fd919c1}".
inline constexpr std::size_t kGuidSize = 16;
inline constexpr std::size_t kGuidText = 38;
char* guid_to_text(Bytes guid, char* out);

// A self-relative security descriptor (MS-DTYP 2.4.6). ACEs of object types are kept with the SID
// behind their GUIDs; an ACE of unknown form keeps an empty SID.
SecurityDescriptor read_security_descriptor(Bytes bytes);

}  // namespace iwamtrace
