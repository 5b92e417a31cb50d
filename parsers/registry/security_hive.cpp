#include "parsers/registry/security_hive.h"

#include <algorithm>
#include <array>

#include "parsers/registry/lsa_crypto.h"
#include "parsers/windows_types.h"

namespace iwamtrace {
namespace {

// Windows knows 35, by LUIDs from 2 to 36.
constexpr std::uint32_t kMostPrivileges = 64;

// Secrets that hold passwords as text. Of others only what is plain Latin text is taken for one:
// random key material would pass any looser test.
bool is_password_name(UntrustedView name) {
  constexpr std::array kPrefixes{"SCM:", "_SC_", "DefaultPassword", "aspnet_", "0083343a-f925-"};
  return std::ranges::any_of(kPrefixes,
                             [&](const char* prefix) { return name.starts_with(prefix); });
}

// A password's UTF-16 without the one NUL that COM+ stores with it; nothing where it is no text.
std::optional<Bytes> password_text(UntrustedView name, Bytes cleartext) {
  if (cleartext.size() % 2 != 0) {
    return std::nullopt;
  }
  const auto unit = [&](std::size_t at) { return u16_at(cleartext, at, "character"); };
  std::size_t size = cleartext.size();
  if (size != 0 && unit(size - 2) == 0) {
    size -= 2;
  }
  constexpr std::uint16_t kFirstPrintable = 0x20;
  constexpr std::uint16_t kLatinEnd = 0x250;
  const std::uint16_t end = is_password_name(name) ? 0xFFFF : kLatinEnd;
  for (std::size_t at = 0; at < size; at += 2) {
    if (unit(at) < kFirstPrintable || unit(at) >= end) {
      return std::nullopt;
    }
  }
  return cleartext.first(size);
}

class SecurityReading {
 public:
  SecurityReading(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink)
      : hive_(hive), keys_(keys), reveal_(reveal), sink_(sink) {}

  void run() {
    const auto policy = hive_.root().child("Policy");
    if (!policy) {
      throw ParseError(0, "SECURITY without Policy");
    }
    read_names(*policy);
    read_audit_policy(*policy);
    guarded(*policy, [&] { unlock(*policy); });
    guarded(*policy, [&] { read_secrets(*policy); });
    guarded(*policy, [&] { read_accounts(*policy); });
  }

 private:
  // A key that cannot be read costs itself, and says so.
  template <typename Read>
  bool guarded(const HiveKey& key, Read read) {
    try {
      read();
      return true;
    } catch (const ParseError& error) {
      const Citation where = key.where();
      sink_.take(Damage{where.source, where.offset, 0, say(where.path, ": ", error.what())});
      return false;
    }
  }

  // Policy items are keys whose unnamed value holds the data.
  static std::optional<HiveValue> item(const HiveKey& policy, std::string_view path) {
    const auto key = policy.child(path);
    return key ? key->value("") : std::nullopt;
  }

  void read_names(const HiveKey& policy) {
    using Kind = HostFact::Kind;
    guarded(policy, [&] {
      const auto value = item(policy, "PolRevision");
      if (const auto revision = value ? value->dword() : std::nullopt) {
        sink_.take(HostFact{Kind::kPolicyRevision, say(*revision >> 16, ".", *revision & 0xFFFF),
                            value->where});
      }
    });
    take_sid(policy, "PolAcDmS", Kind::kMachineSid);
    take_sid(policy, "PolPrDmS", Kind::kPrimaryDomainSid);
    take_counted_text(policy, "PolAcDmN", Kind::kAccountDomain);
    take_counted_text(policy, "PolPrDmN", Kind::kPrimaryDomain);
  }

  void take_sid(const HiveKey& policy, std::string_view path, HostFact::Kind kind) {
    guarded(policy, [&] {
      const auto value = item(policy, path);
      if (value && !value->data.empty()) {
        Cursor cursor(value->data);
        sink_.take(
            HostFact{kind, say(std::string_view{to_string(read_sid(cursor))}), value->where});
      }
    });
  }

  // u16 length, u16 room, u32 offset, then the text.
  void take_counted_text(const HiveKey& policy, std::string_view path, HostFact::Kind kind) {
    guarded(policy, [&] {
      const auto value = item(policy, path);
      constexpr std::size_t kHead = 8;
      if (value && value->data.size() > kHead) {
        const Bytes bytes = value->data;
        const Bytes text = slice(bytes, u32_at(bytes, 4, "text offset"),
                                 u16_at(bytes, 0, "text length"), "domain name");
        sink_.take(HostFact{kind, Untrusted{utf8_of(text)}, value->where});
      }
    });
  }

  void read_audit_policy(const HiveKey& policy) {
    guarded(policy, [&] {
      const auto value = item(policy, "PolAdtEv");
      if (!value || value->data.empty()) {
        return;
      }
      const Bytes bytes = value->data;
      AuditPolicy audit;
      audit.where = value->where;
      // NT4 to 2003: a flag, one DWORD a category, and their number last (7 or 9).
      const std::size_t words = bytes.size() / 4;
      const bool nt5 = bytes.size() % 4 == 0 && words >= 3 &&
                       u32_at(bytes, bytes.size() - 4, "number of categories") == words - 2;
      if (nt5) {
        audit.enabled = bytes[0] != std::byte{};
        for (std::size_t i = 0; i < words - 2; ++i) {
          audit.categories.push_back(u32_at(bytes, 4 + 4 * i, "audit category"));
        }
      } else {
        // NT6: from 0x0C one u16 a subcategory, up to the offset that stands at 8.
        constexpr std::size_t kFirst = 0x0C;
        const std::uint16_t end = u16_at(bytes, 8, "end of audit subcategories");
        for (std::size_t at = kFirst; at + 2 <= end; at += 2) {
          audit.subcategories.push_back(u16_at(bytes, at, "audit subcategory"));
        }
        audit.enabled =
            std::ranges::any_of(audit.subcategories, [](std::uint16_t mode) { return mode != 0; });
      }
      sink_.take(std::move(audit));
    });
  }

  void unlock(const HiveKey& policy) {
    const auto nt6 = item(policy, "PolEKList");
    const auto nt5 = item(policy, "PolSecretEncryptionKey");
    const auto& value = nt6 ? nt6 : nt5;
    Unlocking unlocking;
    unlocking.where = value ? value->where : policy.where();
    if (!value) {
      unlocking.result = Unlocking::Result::kUnknownForm;
      unlocking.because =
          say("SECURITY has no key of NT5 or NT6: NT4 keeps its secrets under a "
              "fixed key that is not published");
    } else if (keys_.boot_keys.empty()) {
      unlocking.result = Unlocking::Result::kNoKey;
      unlocking.because = say("no boot key: the case has no SYSTEM hive that holds one");
    } else {
      try_keys(*value, nt6.has_value(), unlocking);
    }
    sink_.take(std::move(unlocking));
  }

  void try_keys(const HiveValue& value, bool nt6, Unlocking& unlocking) {
    unlocking.result = Unlocking::Result::kForeign;
    unlocking.because =
        say("no boot key of the case opens this SECURITY: its check fails, so the "
            "hives do not belong together, or SYSKEY asks for a password");
    try {
      for (const BootKey& boot : keys_.boot_keys) {
        auto opened =
            nt6 ? open_lsa_keys_nt6(value.data, boot.key) : open_lsa_keys_nt5(value.data, boot.key);
        if (opened) {
          lsa_ = std::move(opened);
          unlocking.result = Unlocking::Result::kOpened;
          unlocking.key_from = boot.source;
          unlocking.because = say("SECURITY's check agrees with the boot key");
          return;
        }
      }
    } catch (const ParseError& error) {
      unlocking.result = Unlocking::Result::kUnknownForm;
      unlocking.because = say(value.where.path, ": ", error.what());
    }
  }

  void read_secrets(const HiveKey& policy) {
    const auto secrets = policy.child("Secrets");
    if (!secrets) {
      return;
    }
    for (const HiveKey& key : secrets->children()) {
      guarded(key, [&] { read_secret(key); });
    }
  }

  void read_secret(const HiveKey& key) {
    Secret secret;
    secret.where = key.where();
    std::string name = key.name();
    while (name.ends_with('\0')) {  // COM+ stores the name with its NUL
      name.pop_back();
    }
    secret.name = Untrusted{std::move(name)};
    secret.created = key.last_written();
    secret.current = read_value(key, secret.name, false);
    secret.previous = read_value(key, secret.name, true);
    if (secret.name.is(kPooledSecret)) {
      guarded(key, [&] {
        sink_.take(AccessPermission{AccessPermission::Of::kPooledSecretKey, key.where(),
                                    key.last_written(), key.security()});
      });
    }
    sink_.take(std::move(secret));
  }

  SecretValue read_value(const HiveKey& key, UntrustedView name, bool previous) {
    SecretValue result;
    result.where = key.where();
    result.set_where = key.where();
    if (const auto time_key = key.child(previous ? "OupdTime" : "CupdTime")) {
      if (const auto time = time_key->value("")) {
        result.set = time->filetime();
        result.set_where = time->where;
      }
    }
    const auto value_key = key.child(previous ? "OldVal" : "CurrVal");
    const auto value = value_key ? value_key->value("") : std::nullopt;
    if (!value) {
      return result;
    }
    result.key_written = value_key->last_written();
    result.where = value->where;
    if (value->data.empty()) {
      return result;  // NULL: deleted or never set
    }
    if (!lsa_) {
      result.state = SecretState::kLocked;
      return result;
    }
    try {
      const SecretBytes cleartext = open_secret(value->data, *lsa_);
      describe(name, cleartext.view(), result);
      keys_.secrets.push_back(
          OpenedSecret{Untrusted{name}, previous, SecretBytes{cleartext.view()}, value->where});
    } catch (const ParseError& error) {
      result.state = SecretState::kDamaged;
      sink_.take(Damage{value->where.source, value->where.offset, value->data.size(),
                        say(value->where.path, ": ", error.what())});
    }
    return result;
  }

  void describe(UntrustedView name, Bytes cleartext, SecretValue& result) const {
    result.length = static_cast<std::uint32_t>(cleartext.size());
    if (cleartext.empty()) {
      result.state = SecretState::kEmpty;
      if (is_password_name(name)) {
        result.password_length = 0;
        result.fingerprint = fingerprint_of(nt_hash({}));
      }
      return;
    }
    result.state = SecretState::kValue;
    const auto password = password_text(name, cleartext);
    if (password) {
      result.password_length = static_cast<std::uint32_t>(password->size() / 2);
      result.fingerprint = fingerprint_of(nt_hash(*password));
    }
    if (reveal_) {
      result.revealed =
          password ? Untrusted{utf8_of(*password)} : say("0x", std::string_view{hex(cleartext)});
    }
  }

  void read_accounts(const HiveKey& policy) {
    const auto accounts = policy.child("Accounts");
    if (!accounts) {
      return;
    }
    bool whole = true;
    for (const HiveKey& key : accounts->children()) {
      whole &= guarded(key, [&] { read_rights(key); });
    }
    if (whole) {
      sink_.take(KeyReadInFull{KeyReadInFull::Which::kAccountRights, accounts->where()});
    }
  }

  void read_rights(const HiveKey& key) {
    const auto sid = Sid::from_text(key.name());
    if (!sid) {
      throw ParseError(key.where().offset, "the name of an account key is no SID");
    }
    AccountRights rights;
    rights.where = rights.privileges_where = key.where();
    rights.sid = *sid;
    if (const auto value = item(key, "ActSysAc")) {
      const auto bits = value->dword();
      if (!bits) {
        throw ParseError(value->where.offset,
                         "logon rights of " + std::to_string(value->data.size()) + " bytes");
      }
      rights.logon_rights = *bits;
      rights.where = value->where;
    }
    if (const auto value = item(key, "Privilgs"); value && !value->data.empty()) {
      rights.privileges_where = value->where;
      Cursor cursor(value->data);
      const std::uint32_t count = cursor.u32("number of privileges");
      if (count > kMostPrivileges) {
        throw ParseError(value->where.offset, std::to_string(count) + " privileges");
      }
      cursor.skip(4, "privilege control");
      for (std::uint32_t i = 0; i < count; ++i) {
        rights.privileges.push_back(cursor.u32("privilege"));
        if (rights.privileges.back() >= kMostPrivileges) {
          throw ParseError(value->where.offset,
                           "privilege " + std::to_string(rights.privileges.back()));
        }
        cursor.skip(8, "privilege attributes");
      }
    }
    sink_.take(std::move(rights));
  }

  const Hive& hive_;
  KeyRing& keys_;
  bool reveal_;
  EvidenceSink& sink_;
  std::optional<LsaKeys> lsa_;
};

}  // namespace

bool is_security_hive(const HiveKey& root) {
  const auto policy = root.child("Policy");
  return policy && (policy->child("Accounts") || policy->child("Secrets"));
}

void read_security_hive(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink) {
  SecurityReading(hive, keys, reveal, sink).run();
}

}  // namespace iwamtrace
