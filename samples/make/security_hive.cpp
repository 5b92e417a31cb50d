#include "make/security_hive.h"

#include <numeric>

#include "make/bytes.h"
#include "make/windows_hives.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kAccessOfSecrets = 0x000F0003, kAccessOfAccounts = 0x000F000F;
constexpr std::uint32_t kReadOnly = 0x00020000;

std::string descriptor_for_administrators(std::uint32_t access) {
  return descriptor_bytes(
      SecurityDescriptor{.owner = well_known::kAdministrators,
                         .group = well_known::kSystem,
                         .has_dacl = true,
                         .dacl = {allow_ace(well_known::kAdministrators, access),
                                  allow_ace(well_known::kEveryone, kReadOnly)}});
}

MadeKey& item(MadeKey& policy, std::string_view path, std::string_view data) {
  return policy.make(path).set(unnamed_value(data));
}

std::string time_bytes(Timestamp time) {
  ByteWriter out;
  out.u64(filetime_of(time));
  return out.take();
}

// UNICODE_STRING with an offset for a pointer; nothing where there is no name.
std::string name_bytes(std::string_view name) {
  constexpr std::uint32_t kTextAt = 8;
  const std::string text = utf16_bytes(name);
  ByteWriter out;
  if (!name.empty()) {
    out.u16(text.size()).u16(text.size() + 2).u32(kTextAt).utf16_z(name);
  }
  return out.take();
}

std::string audit_nt5(const MadeAuditPolicy& audit) {
  ByteWriter out;
  out.u8(audit.enabled ? 1 : 0).bytes(bytes_of_seed("behind the flag of PolAdtEv", 3));
  for (const std::uint32_t category : audit.categories) {
    out.u32(category);
  }
  out.u32(audit.categories.size());
  return out.take();
}

std::string audit_nt6(const MadeAuditPolicy& audit) {
  constexpr std::size_t kFirst = 12;
  const std::size_t slots =
      std::accumulate(audit.subcategory_counts.begin(), audit.subcategory_counts.end(), 1U);
  const std::size_t counts_at = kFirst + 2 * slots;
  ByteWriter out;
  out.u16(0x0100).u16(0).u16(audit.subcategory_counts.size()).u16(0).u16(counts_at).u16(0);
  for (const std::uint16_t subcategory : audit.subcategories) {
    out.u16(subcategory);
  }
  out.fill_to(counts_at);
  for (const std::uint16_t count : audit.subcategory_counts) {
    out.u16(count);
  }
  return out.take();
}

std::string privileges_bytes(const std::vector<std::uint32_t>& luids) {
  ByteWriter out;
  out.u32(luids.size()).u32(0);
  for (const std::uint32_t luid : luids) {
    out.u32(luid).u32(0).u32(0);
  }
  return out.take();
}

void add_account(MadeKey& accounts, const MadeAccountRights& rights, Timestamp otherwise) {
  const Timestamp written = rights.written.value_or(otherwise);
  MadeKey& account = dated_key(accounts, to_string(rights.sid), written);
  account.set(unnamed_value({}, 3));
  if (rights.logon_rights != 0) {
    ByteWriter access;
    access.u32(rights.logon_rights);
    item(account, "ActSysAc", access.view());
  }
  if (!rights.privileges.empty()) {
    item(account, "Privilgs", privileges_bytes(rights.privileges));
  }
  item(account, "SecDesc", descriptor_for_administrators(kAccessOfAccounts));
  item(account, "Sid", sid_bytes(rights.sid));
}

class SecretsBuilder {
 public:
  explicit SecretsBuilder(const MadeSecurityHive& security) : security_(security) {}

  void add(MadeKey& secrets, const MadeSecret& secret) const {
    MadeKey& key = dated_key(secrets, secret.name, secret.created);
    key.set(unnamed_value({}, 4));
    add_value(key, secret, secret.current, "CurrVal", "CupdTime",
              secret.set.value_or(secret.created));
    add_value(key, secret, secret.previous, "OldVal", "OupdTime",
              secret.previous_set.value_or(secret.created));
    item(key, "SecDesc", descriptor_for_administrators(kAccessOfSecrets));
  }

 private:
  void add_value(MadeKey& key, const MadeSecret& secret, const MadeSecretValue& value,
                 const std::string& value_key, const std::string& time_key, Timestamp set) const {
    // LSA writes both values and both times whenever the secret is set.
    const Timestamp written{secret.set.value_or(secret.created).ticks + secret.key_lag};
    if (value.state != MadeSecretValue::State::kKeyMissing) {
      const bool is_set = value.state == MadeSecretValue::State::kSet;
      dated_key(key, value_key, written)
          .set(unnamed_value(is_set ? encrypted(value.data, secret.name + value_key)
                                    : std::string{}));
    }
    dated_key(key, time_key, written).set(unnamed_value(time_bytes(set)));
  }

  [[nodiscard]] std::string encrypted(std::string_view data, const std::string& seed) const {
    constexpr std::size_t kX86Pointer = 4, kX64Pointer = 8, kNt6Salt = 32;
    if (security_.form == MadeSecurityHive::Form::kNt6) {
      return secret_nt6(data, lsa_key_nt6_of(security_), bytes_of_seed("salt " + seed, kNt6Salt));
    }
    const bool x64 = security_.form == MadeSecurityHive::Form::kNt5X64;
    return secret_nt5(data, lsa_key_nt5_of(security_),
                      bytes_of_seed("pointer " + seed, x64 ? kX64Pointer : kX86Pointer), 0x20000000,
                      bytes_of_seed("leftover " + seed, 8));
  }

  const MadeSecurityHive& security_;
};

void add_lsa_key(MadeKey& policy, const MadeSecurityHive& security) {
  const std::string& boot_key = security.boot_key;
  if (security.form == MadeSecurityHive::Form::kNt6) {
    item(policy, "PolEKList",
         lsa_keys_nt6({lsa_key_nt6_of(security)}, boot_key,
                      bytes_of_seed("salt of PolEKList " + boot_key, 32)));
  } else {
    item(policy, "PolSecretEncryptionKey",
         lsa_key_nt5(lsa_key_nt5_of(security), bytes_of_seed("third block " + boot_key, 16),
                     boot_key, bytes_of_seed("salt of the LSA key " + boot_key, 16)));
  }
}

void add_names(MadeKey& policy, const MadeSecurityHive& security) {
  item(policy, "PolAcDmN", name_bytes(security.account_domain));
  item(policy, "PolAcDmS", sid_bytes(security.account_domain_sid));
  item(policy, "PolPrDmN", name_bytes(security.primary_domain));
  item(policy, "PolPrDmS",
       security.primary_domain_sid ? sid_bytes(*security.primary_domain_sid) : std::string{});
}

void add_policy(MadeKey& policy, const MadeSecurityHive& security) {
  const bool nt6 = security.form == MadeSecurityHive::Form::kNt6;
  ByteWriter revision;
  revision.u16(security.policy_minor).u16(1);
  ByteWriter modified;
  modified.u64(1).u64(filetime_of(security.written));
  policy.set(unnamed_value({}, 1));
  item(policy, "PolRevision", revision.view());
  item(policy, "PolMod", modified.view());
  item(policy, "PolState", std::string(4, '\0'));
  item(policy, "PolAdtEv", nt6 ? audit_nt6(security.audit) : audit_nt5(security.audit));
  item(policy, "SecDesc", descriptor_for_administrators(0x000F1FFF));
  add_names(policy, security);
  add_lsa_key(policy, security);
}

}  // namespace

MadeSecretValue MadeSecretValue::text(std::string_view utf8) {
  return bytes(utf16_bytes(utf8) + std::string(2, '\0'));
}

MadeSecretValue MadeSecretValue::bytes(std::string_view raw) {
  return {.state = State::kSet, .data = std::string(raw)};
}

std::string lsa_key_nt5_of(const MadeSecurityHive& security) {
  return bytes_of_seed("LSA key " + security.boot_key, 16);
}

LsaKey lsa_key_nt6_of(const MadeSecurityHive& security) {
  return {.id = bytes_of_seed("id of the LSA key " + security.boot_key, 16),
          .key = bytes_of_seed("LSA key " + security.boot_key, 32)};
}

MadeHive hive_of(const MadeSecurityHive& security) {
  MadeHive hive{.root = MadeKey{.name = "SECURITY",
                                .written = security.written,
                                .security = security_of_secret_keys()},
                .path = R"(\SystemRoot\System32\Config\SECURITY)"};
  MadeKey& policy = hive.root.make("Policy");
  add_policy(policy, security);
  MadeKey& accounts = policy.make("Accounts");
  accounts.set(unnamed_value({}));
  for (const MadeAccountRights& rights : security.accounts) {
    add_account(accounts, rights, security.written);
  }
  MadeKey& secrets = policy.make("Secrets");
  secrets.set(unnamed_value({}));
  for (const MadeSecret& secret : security.secrets) {
    SecretsBuilder(security).add(secrets, secret);
  }
  item(hive.root, "RXACT", std::string("\x01\0\0\0\0\0\0\0\0\0\0\0", 12));
  return hive;
}

}  // namespace iwamtrace
