// The SECURITY hive of a made machine: LSA's policy, its secrets and the rights of accounts.
// Layouts after libyal's winreg-kb and MS-LSAD.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "make/made_hive.h"
#include "make/windows_crypto.h"
#include "model/sid.h"
#include "model/timestamp.h"

namespace iwamtrace {

// One of the two values of a secret.
struct MadeSecretValue {
  enum class State : std::uint8_t {
    kSet,         // encrypted; an empty value too
    kNull,        // the value has no bytes: never set, or deleted
    kKeyMissing,  // not even the key CurrVal or OldVal
  };
  State state = State::kNull;
  std::string data{};

  // As COM and DCOM keep a password: UTF-16LE with a NUL behind it.
  static MadeSecretValue text(std::string_view utf8);
  static MadeSecretValue bytes(std::string_view raw);
  static MadeSecretValue empty() { return bytes({}); }
  static MadeSecretValue missing() { return {.state = State::kKeyMissing}; }
};

struct MadeSecret {
  std::string name{};  // on NT 5 x64 and XP some end in a NUL: give it
  MadeSecretValue current{}, previous{};
  Timestamp created{};
  std::optional<Timestamp> set{}, previous_set{};  // CupdTime, OupdTime; `created` by default
  std::int64_t key_lag = 0;  // ticks by which the keys were written later than the times they hold
};

struct MadeAccountRights {
  Sid sid{};
  std::uint32_t logon_rights = 0;           // LogonRight; 0: no key ActSysAc
  std::vector<std::uint32_t> privileges{};  // LUIDs; none: no key Privilgs
  std::optional<Timestamp> written{};       // else the hive's time
};

struct MadeAuditPolicy {
  bool enabled = false;                       // NT 5 only
  std::array<std::uint32_t, 9> categories{};  // NT 5: bit 0 success, bit 1 failure
  // NT 6: the sub-categories one after the other, and how many each category has; by default as
  // Server 2008 has them.
  std::vector<std::uint16_t> subcategories{};
  std::array<std::uint16_t, 9> subcategory_counts{5, 9, 11, 3, 4, 6, 6, 4, 4};
};

struct MadeSecurityHive {
  enum class Form : std::uint8_t {
    kNt5X86,
    kNt5X64,  // pointers in the headers of secrets are longer
    kNt6,
  };
  Form form = Form::kNt5X86;
  std::string boot_key{};          // 16 bytes
  std::uint16_t policy_minor = 7;  // of PolRevision 1: 7 = XP and 2003, 10 = 2008, 18 = 2022
  std::string account_domain = "WEB1";
  Sid account_domain_sid{};
  std::string primary_domain = "WORKGROUP";
  std::optional<Sid> primary_domain_sid{};  // nothing in a workgroup
  MadeAuditPolicy audit{};
  std::vector<MadeSecret> secrets{};
  std::vector<MadeAccountRights> accounts{};
  Timestamp written{};  // of all keys without a time of their own
};

// The LSA keys that hive_of() puts under the boot key, for tests.
std::string lsa_key_nt5_of(const MadeSecurityHive& security);
LsaKey lsa_key_nt6_of(const MadeSecurityHive& security);

MadeHive hive_of(const MadeSecurityHive& security);

}  // namespace iwamtrace
