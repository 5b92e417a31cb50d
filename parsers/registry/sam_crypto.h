// How SAM keeps password hashes: under a key of its own, which is kept under the boot key. Public
// descriptions: MS-SAMR, the offline tools of the field; every form has its own validity check.
#pragma once

#include <optional>
#include <vector>

#include "parsers/crypto.h"
#include "parsers/cursor.h"

namespace iwamtrace {

// The key structure in SAM\Domains\Account, value F, at +0x68.
struct SamKeyForm {
  enum class Kind : std::uint8_t { kNone, kRc4, kAes, kUnknown };
  Kind kind{};
  Bytes structure;
};
SamKeyForm sam_key_form(Bytes account_f);

// SAM's own key; nothing when the boot key is not this hive's.
std::optional<Key16> open_sam_key(const SamKeyForm& form, const Key16& boot_key);

enum class SamHashKind : std::uint8_t { kNt, kNtHistory };

// The hashes in a blob of a user's V value: one, or a history, newest first; none where the blob is
// an empty form. Throws ParseError on a blob of no known form. `sam_key` is null for NT4 without
// SYSKEY, whose hashes are wrapped by the RID alone.
std::vector<Key16> open_hashes(Bytes blob, const Key16* sam_key, std::uint32_t rid,
                               SamHashKind kind);

// Whether the blob holds anything at all; `bare` where the hive has no SYSKEY.
bool has_hashes(Bytes blob, bool bare);

}  // namespace iwamtrace
