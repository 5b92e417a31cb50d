// The SAM hive of a made machine: its local accounts with the hashes of their passwords, its groups
// and its password policy. Layouts after libyal's winreg-kb and MS-SAMR.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "make/made_hive.h"
#include "model/artefact.h"
#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

// What the hashes are wrapped in besides their DES layer.
enum class SamProtection : std::uint8_t {
  kNone,  // NT 4 without SYSKEY
  kRc4,   // NT 5, and NT 6 until Windows 10 1607
  kAes,
};

struct MadeUser {
  std::uint32_t rid = 0;
  std::string name{}, full_name{}, comment{};
  std::optional<std::string> password{};         // UTF-8; nothing: an empty one
  std::vector<std::string> earlier_passwords{};  // newest first, without the present one
  bool history_begins_with_current = true;       // as MS-SAMR 3.1.1.9.1 has it
  bool lm_hashes = false;                        // also kept, of the present and the earlier ones
  // Of single entries, in hives where others have another.
  std::optional<SamProtection> nt_protection{}, lm_protection{}, history_protection{};
  std::optional<Timestamp> last_logon{}, last_logoff{}, password_last_set{}, last_bad_password{};
  std::optional<Timestamp> expires{};                            // nothing: never
  std::uint32_t flags = kNormalAccount | kPasswordNeverExpires;  // AccountFlag
  std::uint32_t primary_group = 513;
  std::uint16_t bad_password_count = 0, logon_count = 0;
  std::optional<std::uint32_t> fixed_rid{};  // in the value F, where it differs
  std::optional<std::uint32_t> name_rid{};   // in the list of names, where it differs
  std::optional<Timestamp> created{};        // key of the name; else the hive's time
  std::optional<Timestamp> written{};        // key of the RID; else the hive's time
};

// An entry of the list of names without a user of its own.
struct MadeAccountName {
  std::string name{};
  std::uint32_t rid = 0;
  std::optional<Timestamp> created{};  // of its key; else the hive's time
};

struct MadeAlias {
  std::uint32_t rid = 0;
  std::string name{}, comment{};
  std::vector<Sid> members{};
  std::optional<Timestamp> created{};  // key of the name; else the hive's time
  std::optional<Timestamp> written{};  // key of the RID; else the hive's time
};

struct MadeSamPolicy {
  Timestamp created{};                                                 // of the domain
  std::optional<std::int64_t> max_age = 42 * Timestamp::kTicksPerDay;  // nothing: never
  std::int64_t min_age = 0;
  std::int64_t lockout_duration = 1800 * Timestamp::kTicksPerSecond;
  std::int64_t lockout_window = 1800 * Timestamp::kTicksPerSecond;
  std::uint16_t min_length = 0, history_length = 0, lockout_threshold = 0;
  bool complexity = false;
  std::uint32_t next_rid = 1010;
};

struct MadeSamHive {
  Sid machine_sid{};
  SamProtection protection = SamProtection::kRc4;
  std::string boot_key{};     // 16 bytes; not needed without protection
  std::uint16_t key_id = 1;   // of the SAM key; 1, 2 and 3 are seen
  std::uint32_t version = 7;  // 6 = Windows 2000
  MadeSamPolicy policy{};
  std::vector<MadeUser> users{};
  std::vector<MadeAccountName> further_names{};
  std::vector<MadeAlias> builtin_aliases{}, account_aliases{};
  Timestamp written{};  // of all keys without a time of their own
};

// Administrators (500), Users (INTERACTIVE, Authenticated Users) and Guests (501), as a new machine
// has them.
std::vector<MadeAlias> usual_builtin_aliases(const Sid& machine_sid);

// The SAM key that hive_of() puts under the boot key, for tests.
std::string sam_key_of(const MadeSamHive& sam);

// Throws std::invalid_argument for protection without a boot key, and for an LM hash of a password
// that has none.
MadeHive hive_of(const MadeSamHive& sam);

}  // namespace iwamtrace
