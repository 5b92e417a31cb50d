// What the parsers find besides events: the facts of hives and metabases, each where it stands.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/autostart.h"
#include "model/citation.h"
#include "model/detection.h"
#include "model/fingerprint.h"
#include "model/metabase.h"
#include "model/server_settings.h"
#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

// One plain value about the machine.
struct HostFact {
  enum class Kind : std::uint8_t {
    kComputerName,
    kTimeZone,          // name of the zone
    kTimeZoneBias,      // minutes from local time to UTC, signed
    kProductType,       // WinNT, ServerNT, LanmanNT
    kControlSet,        // number of the set that was read
    kWindowsVersion,    // "Microsoft Windows 2000 5.0.2195 Service Pack 4"
    kWindowsInstalled,  // ISO 8601
    kIisVersion,        // "6.0"
    kMachineSid,        // of the local account domain
    kAccountDomain,     // its name
    kPrimaryDomain,     // the domain or workgroup the machine has joined
    kPrimaryDomainSid,
    kPolicyRevision,  // of the SECURITY hive
    kShutdownTime,    // ISO 8601
    kCrashOnAuditFail,
    kDcomEnabled,  // Y or N
    kActivationFailureLogging,
    kLegacyAuthenticationLevel,  // of DCOM: 1 none, 2 connect …
    kLegacyImpersonationLevel,   // 2 identify, 3 impersonate …
    kKnownAs,                    // a name of the machine beside its computer name: see the citation
    kWebRoot,                    // where IIS was set up: "C:\\Inetpub\\wwwroot"
    kRemoteDesktopDenied,        // fDenyTSConnections: 0 lets people in
  };
  static constexpr std::size_t kKinds = 22;

  Kind kind{};
  Untrusted value;
  Citation where;
};

// How the secrets of a hive were opened, or why not.
struct Unlocking {
  enum class Result : std::uint8_t {
    kOpened,     // a key was found and every validity check holds
    kNotNeeded,  // stored without a boot key (NT4 without SYSKEY)
    kNoKey,      // no SYSTEM hive, or one without a boot key
    kForeign,    // there are keys, and each fails the check: the hives do not belong together
    kUnknownForm,
  };
  static constexpr std::size_t kResults = 5;

  Result result{};
  std::optional<SourceId> key_from;  // the SYSTEM hive whose boot key opened it
  Untrusted because;
  Citation where;
};

// A key that a key file holds under another key, and whether it was opened.
struct StoredKey {
  enum class Kind : std::uint8_t { kMasterKey, kSignatureKey, kExchangeKey };
  static constexpr std::size_t kKinds = 3;
  enum class Result : std::uint8_t {
    kOpened,   // and every check holds
    kNoKey,    // what opens it is not in the case
    kForeign,  // there are keys, and each fails the check
    kDamaged,  // see the damage of its file
  };
  static constexpr std::size_t kResults = 4;

  Kind kind{};
  Untrusted name;  // GUID of a master key; the container of an RSA key
  Result result{};
  std::optional<Citation> key_from;  // the LSA secret or the master key that opened it
  Untrusted because;
  Citation where;
};

// MS-SAMR 2.2.1.12.
enum AccountFlag : std::uint32_t {
  kAccountDisabled = 0x1,
  kPasswordNotRequired = 0x4,
  kNormalAccount = 0x10,
  kPasswordNeverExpires = 0x200,
  kAccountLocked = 0x400,
  kPasswordExpired = 0x20000,
};

// Names of the bits that are set, in the order of the bits: "disabled", "password-never-expires" …
std::vector<std::string> names_of_account_flags(std::uint32_t flags);

enum class HashState : std::uint8_t {
  kKnown,
  kEmpty,   // no hash is stored: the password is empty or was never set
  kLocked,  // stored, but the hive could not be opened: see its Unlocking
  kDamaged,
};
inline constexpr std::size_t kHashStates = 4;

// Two tricks of the time show here. A *hijacked* account is known by its numbers: `fixed_rid` or
// `name_rid` is another's. A *cloned* one has the whole value F of another: beside `fixed_rid`, its
// times, flags and counts agree. They are kept apart, not as a digest of F: a digest says neither
// which of them agree nor that they are all never, as in any two accounts that nobody has used, and
// it differs as soon as one of the two logs on.
struct Account {
  Citation where;  // the key of the RID
  Untrusted name;
  std::uint32_t rid = 0;
  // The RID that Users\Names has for this name, where it is another. Where it has none there is no
  // AccountName.
  std::optional<std::uint32_t> name_rid;
  Untrusted full_name, comment;
  std::optional<Timestamp> created;  // the key of the name: creation or rename
  std::optional<Timestamp> key_written;
  std::optional<Timestamp> last_logon, password_last_set, expires, last_bad_password;
  bool password_must_change = false;  // at the next logon: the time of the last set is 0
  std::uint32_t flags = 0;
  std::uint32_t fixed_rid = 0;  // as the value F repeats it
  std::uint32_t primary_group = 0;
  std::uint16_t bad_password_count = 0, logon_count = 0;
  HashState nt_state = HashState::kLocked;
  std::optional<Fingerprint> fingerprint;
  // Newest first. Entry 0 is the current password where `history_begins_with_current`.
  std::vector<Fingerprint> history;
  bool history_begins_with_current = false;
  Untrusted revealed_nt_hash;  // only under --reveal-secrets
  Citation last_logon_where, password_set_where, expires_where, last_bad_password_where,
      fixed_rid_where, flags_where, hash_where, history_where;
};

// An entry of Users\Names, the list by which Windows finds an account. Two may lead to one RID, and
// one to a RID that is not there.
struct AccountName {
  Citation where;  // the key of the name
  Untrusted name;
  std::uint32_t rid = 0;             // the type of its unnamed value
  std::optional<Timestamp> created;  // creation or rename
};

struct LocalGroup {
  Citation where;
  Untrusted name;
  std::uint32_t rid = 0;
  bool builtin = false;
  std::vector<Sid> members;
};

// SAM's second list of the same memberships, kept by member. Whoever edits a hive by hand forgets
// one of the two.
struct GroupMembership {
  Citation where;
  Sid member;
  bool builtin = false;               // in groups of the domain Builtin, else of the machine's own
  std::vector<std::uint32_t> groups;  // their RIDs
};

struct PasswordPolicy {
  Citation where;
  std::optional<std::int64_t> max_age, min_age;  // ticks; nothing = never
  std::optional<std::int64_t> lockout_duration, lockout_window;
  std::uint16_t min_length = 0, history_length = 0, lockout_threshold = 0;
  bool complexity = false;
  std::uint32_t next_rid = 0;
};

enum class SecretState : std::uint8_t {
  kValue,
  kEmpty,   // an empty value is stored
  kAbsent,  // the value is NULL: deleted or never set
  kLocked,
  kDamaged,
};
inline constexpr std::size_t kSecretStates = 5;
std::string_view name_of(SecretState state);

// One of the two values of an LSA secret.
struct SecretValue {
  SecretState state = SecretState::kAbsent;
  std::optional<Timestamp> set;
  std::optional<Timestamp> key_written;
  std::optional<std::uint32_t> length;           // bytes of cleartext
  std::optional<std::uint32_t> password_length;  // UTF-16 units without the closing NUL, if text
  std::optional<Fingerprint> fingerprint;
  Untrusted revealed;  // only under --reveal-secrets
  Citation where, set_where;
};

struct Secret {
  Citation where;
  Untrusted name;  // without trailing NULs; the citation keeps the raw key
  std::optional<Timestamp> created;
  SecretValue current, previous;
};

// LSA's account rights (MS-LSAD); privileges are LUIDs.
enum LogonRight : std::uint32_t {
  kInteractiveLogon = 0x1,
  kNetworkLogon = 0x2,
  kBatchLogon = 0x4,
  kServiceLogon = 0x10,
  kDenyInteractiveLogon = 0x40,
  kDenyNetworkLogon = 0x80,
  kDenyBatchLogon = 0x100,
  kDenyServiceLogon = 0x200,
  kRemoteInteractiveLogon = 0x400,
  kDenyRemoteInteractiveLogon = 0x800,
};

struct AccountRights {
  Citation where;
  Sid sid;
  std::uint32_t logon_rights = 0;
  std::vector<std::uint32_t> privileges;  // LUIDs
  Citation privileges_where;
};

// "SeBatchLogonRight" …, in the order of the bits.
std::vector<std::string> names_of_logon_rights(std::uint32_t rights);

struct AuditPolicy {
  Citation where;
  bool enabled = false;
  // Success is bit 0, failure bit 1. Empty on NT6, whose subcategories have another form.
  std::vector<std::uint32_t> categories;
  std::vector<std::uint16_t> subcategories;
};
// Of `AuditPolicy::categories`, in order.
inline constexpr std::array<std::string_view, 9> kAuditCategories{
    "system",           "logon",         "object access",      "privilege use",
    "process tracking", "policy change", "account management", "directory service",
    "account logon"};

struct Service {
  Citation where;
  Untrusted name;
  std::optional<std::uint32_t> start, type;
  Untrusted image_path, account, display_name;
  Untrusted service_dll;      // Parameters\ServiceDll: what svchost.exe loads for it
  Untrusted failure_command;  // what is run when it fails
  std::optional<Timestamp> key_written;
};

struct AccessControlEntry {
  std::uint8_t type = 0, flags = 0;
  std::uint32_t mask = 0;
  Sid trustee;
};

struct SecurityDescriptor {
  std::optional<Sid> owner, group;
  bool has_dacl = false;  // none at all: everyone may do everything
  std::vector<AccessControlEntry> dacl;
};

// Who may do what: the security descriptor of a key, or one stored as a value (launch permission).
struct AccessPermission {
  // DCOM asks the application's own permission, and the default where it has none.
  enum class Of : std::uint8_t {
    kDcomKey,  // Microsoft\Ole, with the four values that follow
    kDefaultLaunch,
    kDefaultAccess,
    kMachineLaunch,
    kMachineAccess,
    kPooledKey,  // Classes\AppID\{3D14228D-…}, with its two values
    kPooledLaunch,
    kPooledAccess,
    kPooledSecretKey,
  };
  static constexpr std::size_t kObjects = 9;

  Of of{};
  Citation where;
  std::optional<Timestamp> key_written;
  SecurityDescriptor descriptor;
};
std::string_view name_of(AccessPermission::Of of);  // "pooled-launch" …

// The identity of the pooled applications in SOFTWARE: Classes\AppID\{3D14228D-…}.
struct ApplicationIdentity {
  Citation where;
  Untrusted app_id, name, run_as;
  std::optional<Timestamp> key_written;
};

// A key that was read to its end: what is not among its artefacts is not there. The citation of an
// absence.
struct KeyReadInFull {
  enum class Which : std::uint8_t {
    kServices,
    kDcom,            // Microsoft\Ole
    kApplicationIds,  // the list; of the pooled applications alone also what the key holds
    kAccountRights,
    kUsers,
    kBuiltinGroups,  // the groups and the list by member
    kMachineGroups,
    kAccountNames,
    kAutostart,        // all of SOFTWARE's places
    kSystemAutostart,  // all of SYSTEM's
    kLogSettings,
    kVirtualRoots,  // as the next two: where the key is not there, the one above it
    kNetworkShares,
    kSqlServers,
  };
  static constexpr std::size_t kKeys = 14;

  Which which{};
  Citation where;
};

// What the transaction logs of a hive change in what the file says. The state with the logs applied
// is the one Windows would have started with, and the one that all other artefacts tell.
struct ReplayedChange {
  Citation where;           // what holds with the logs; where they take it away, what they take
  Citation where_before;    // in the file as given; where it was not there, the same as `where`
  Untrusted what;           // "account IWAM_SHOP1, password last set"
  Untrusted before, after;  // in plain words, never a secret; empty: not there
};

// Left in the free space of a hive. The path is what can be known of it: a key above may have gone
// too, and its place may have been used again.
struct DeletedKey {
  Citation where;
  Untrusted path, name;
  std::optional<Timestamp> last_written;
};

struct DeletedValue {
  Citation where;
  Untrusted path, name;  // the path is its key's; the unnamed value has no name
  std::uint32_t type = 0, size = 0;
};

using Artefact =
    std::variant<HostFact, Unlocking, Account, LocalGroup, GroupMembership, PasswordPolicy, Secret,
                 AccountRights, AuditPolicy, Service, AccessPermission, ApplicationIdentity,
                 KeyReadInFull, MetabaseSnapshot, StoredKey, SecureProperty, ReplayedChange,
                 DeletedKey, DeletedValue, MetabaseValue, AccountName, AutostartEntry, LogSettings,
                 VirtualRoot, NetworkShare, SqlServer, RuleHit, RuleHitsOmitted>;

// The application id under which IIS 5 and 6 run pooled applications, and the LSA secret of its
// password.
inline constexpr std::string_view kPooledApplications = "{3D14228D-FBE1-11D0-995D-00C04FD919C1}";
inline constexpr std::string_view kPooledSecret = "SCM:{3D14228D-FBE1-11D0-995D-00C04FD919C1}";

}  // namespace iwamtrace
