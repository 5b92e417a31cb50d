#include "parsers/registry/sam_hive.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "parsers/registry/key_walk.h"
#include "parsers/registry/sam_crypto.h"
#include "parsers/windows_types.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kAccountDomain = "SAM\\Domains\\Account";
constexpr std::string_view kBuiltinDomain = "SAM\\Domains\\Builtin";

// A user's value V: 17 entries of offset, length and a third number; offsets count from behind
// them.
constexpr std::size_t kUserEntriesEnd = 0xCC;
enum UserEntry : std::size_t {
  kUserName = 1,
  kFullName = 2,
  kComment = 3,
  kNtHash = 14,
  kNtHistory = 15,
  kLmHistory = 16,
};
constexpr std::size_t kEntrySize = 12;

// An alias' value C, in the same manner.
constexpr std::size_t kAliasName = 0x10;
constexpr std::size_t kAliasMembers = 0x28;
constexpr std::size_t kAliasDataStart = 0x34;

// Windows logs nobody on whose token would name more (Microsoft's KB328889).
constexpr std::size_t kMostGroups = 1024;

// More than twice the accounts that Microsoft advised to put into one SAM of NT 4 (40,000).
constexpr std::size_t kMostNames = 100'000;

// A user's value F.
constexpr std::size_t kLastLogon = 0x08;
constexpr std::size_t kPasswordLastSet = 0x18;
constexpr std::size_t kAccountExpires = 0x20;
constexpr std::size_t kLastBadPassword = 0x28;
constexpr std::size_t kFixedRid = 0x30;
constexpr std::size_t kPrimaryGroup = 0x34;
constexpr std::size_t kAccountFlags = 0x38;
constexpr std::size_t kBadPasswordCount = 0x40;
constexpr std::size_t kLogonCount = 0x42;

std::optional<Timestamp> time_at(Bytes bytes, std::size_t at, std::string_view field) {
  return Timestamp::from_filetime(u64_at(bytes, at, field));
}

// Negative ticks for a duration; the smallest number means never.
std::optional<std::int64_t> duration_at(Bytes bytes, std::size_t at, std::string_view field) {
  const auto value = static_cast<std::int64_t>(u64_at(bytes, at, field));
  return value == INT64_MIN ? std::nullopt : std::optional{-value};
}

std::optional<std::uint32_t> rid_of(const std::string& key_name) {
  std::uint32_t rid = 0;
  const char* end = key_name.data() + key_name.size();
  const auto parsed = std::from_chars(key_name.data(), end, rid, 16);
  return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional{rid} : std::nullopt;
}

class SamReading {
 public:
  SamReading(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink)
      : hive_(hive), keys_(keys), reveal_(reveal), sink_(sink) {}

  void run() {
    const HiveKey root = hive_.root();
    if (const auto domain = root.child(kAccountDomain)) {
      read_domain(*domain);
      read_names(*domain);
      guarded(*domain, [&] { read_users(*domain); });
      guarded(*domain, [&] { read_groups(*domain, false); });
    }
    if (const auto builtin = root.child(kBuiltinDomain)) {
      guarded(*builtin, [&] { read_groups(*builtin, true); });
    }
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

  void read_domain(const HiveKey& domain) {
    guarded(domain, [&] {
      if (const auto value = domain.value("F")) {
        read_policy(*value);
        unlock(*value);
      } else {
        sink_.take(Damage{hive_.source(), domain.where().offset, 0,
                          say(domain.where().path, " has no value F: its passwords stay locked")});
      }
    });
    guarded(domain, [&] {
      constexpr std::size_t kSidSize = 24;
      constexpr std::uint64_t kDomainSid = 0x0500000000000401;  // S-1-5 with four subauthorities
      const auto value = domain.value("V");
      const std::size_t at =
          value && value->data.size() >= kSidSize ? value->data.size() - kSidSize : 0;
      if (at != 0 && u64_at(value->data, at, "machine SID") == kDomainSid) {  // not so on NT4
        Cursor cursor(value->data, at);
        machine_ = read_sid(cursor);
        sink_.take(HostFact{HostFact::Kind::kMachineSid,
                            say(std::string_view{to_string(*machine_)}), value->at(at)});
      }
    });
  }

  void read_policy(const HiveValue& value) {
    const Bytes f = value.data;
    PasswordPolicy policy;
    policy.where = value.where;
    policy.max_age = duration_at(f, 0x18, "maximum password age");
    policy.min_age = duration_at(f, 0x20, "minimum password age");
    policy.lockout_duration = duration_at(f, 0x30, "lockout duration");
    policy.lockout_window = duration_at(f, 0x38, "lockout window");
    policy.next_rid = u32_at(f, 0x48, "next RID");
    policy.complexity = (u32_at(f, 0x4C, "password properties") & 1) != 0;
    policy.min_length = u16_at(f, 0x50, "minimum password length");
    policy.history_length = u16_at(f, 0x52, "password history length");
    policy.lockout_threshold = u16_at(f, 0x54, "lockout threshold");
    sink_.take(std::move(policy));
  }

  void unlock(const HiveValue& value) {
    const SamKeyForm form = sam_key_form(value.data);
    Unlocking unlocking;
    unlocking.where = value.where;
    if (form.kind == SamKeyForm::Kind::kNone) {
      bare_ = true;
      unlocking.result = Unlocking::Result::kNotNeeded;
      unlocking.because = say("SAM has no key structure (NT4 without SYSKEY)");
    } else if (form.kind == SamKeyForm::Kind::kUnknown) {
      unlocking.result = Unlocking::Result::kUnknownForm;
      unlocking.because = say("SAM's key structure has an unknown revision");
    } else if (keys_.boot_keys.empty()) {
      unlocking.result = Unlocking::Result::kNoKey;
      unlocking.because = say("no boot key: the case has no SYSTEM hive that holds one");
    } else {
      unlocking.result = Unlocking::Result::kForeign;
      unlocking.because =
          say("no boot key of the case opens this SAM: its checksum fails, so the "
              "hives do not belong together, or SYSKEY asks for a password");
      for (const BootKey& boot : keys_.boot_keys) {
        if (const auto key = open_sam_key(form, boot.key)) {
          sam_key_ = key;
          unlocking.result = Unlocking::Result::kOpened;
          unlocking.key_from = boot.source;
          unlocking.because = say("SAM's checksum agrees with the boot key");
          break;
        }
      }
    }
    sink_.take(std::move(unlocking));
  }

  // Users\Names: the type of a name's unnamed value is its RID.
  void read_names(const HiveKey& domain) {
    guarded(domain, [&] {
      const Reached names = reach(domain, "Users\\Names");
      bool whole = names.there;
      if (names.there) {
        const auto keys = names.key.first_children(kMostNames);
        whole = keys.whole;
        for (const HiveKey& key : keys.items) {
          whole &= guarded(key, [&] { read_name(key); });
        }
      }
      if (whole) {
        sink_.take(KeyReadInFull{KeyReadInFull::Which::kAccountNames, names.key.where()});
      }
    });
  }

  void read_name(const HiveKey& key) {
    const auto value = key.value("");
    if (!value) {
      throw ParseError(key.where().offset, "the name of a user without its RID");
    }
    AccountName name;
    name.where = key.where();
    name.name = Untrusted{key.name()};
    name.rid = value->type;
    name.created = key.last_written();
    names_.try_emplace(name.name.folded(), name);
    by_rid_.try_emplace(name.rid, name.name.folded());
    sink_.take(std::move(name));
  }

  // By its name; where the list has none such, by its RID.
  void add_name(Account& account) const {
    const auto named = names_.find(account.name.folded());
    if (named != names_.end()) {
      account.created = named->second.created;
      if (named->second.rid != account.rid) {
        account.name_rid = named->second.rid;
      }
    } else if (const auto same = by_rid_.find(account.rid); same != by_rid_.end()) {
      account.created = names_.at(same->second).created;
    }
  }

  void read_users(const HiveKey& domain) {
    const auto users = domain.child("Users");
    if (!users) {
      return;
    }
    bool whole = true;
    for (const HiveKey& key : users->children()) {
      if (const auto rid = rid_of(key.name())) {
        whole &= guarded(key, [&] { read_user(key, *rid); });
      }
    }
    if (whole) {
      sink_.take(KeyReadInFull{KeyReadInFull::Which::kUsers, users->where()});
    }
  }

  void read_user(const HiveKey& key, std::uint32_t rid) {
    const auto f = key.value("F");
    const auto v = key.value("V");
    if (!f || !v) {
      throw ParseError(key.where().offset, "a user without its values F and V");
    }
    Account account;
    account.where = key.where();
    account.rid = rid;
    account.key_written = key.last_written();
    read_fixed(*f, account);
    account.name = text(*v, kUserName);
    add_name(account);
    account.full_name = text(*v, kFullName);
    account.comment = text(*v, kComment);
    read_password(*v, account);
    sink_.take(std::move(account));
  }

  static void read_fixed(const HiveValue& value, Account& account) {
    const Bytes f = value.data;
    account.last_logon = time_at(f, kLastLogon, "last logon");
    account.password_last_set = time_at(f, kPasswordLastSet, "password last set");
    account.password_must_change = u64_at(f, kPasswordLastSet, "password last set") == 0;
    account.expires = time_at(f, kAccountExpires, "account expires");
    account.last_bad_password = time_at(f, kLastBadPassword, "last bad password");
    account.fixed_rid = u32_at(f, kFixedRid, "RID");
    account.primary_group = u32_at(f, kPrimaryGroup, "primary group");
    account.flags = u32_at(f, kAccountFlags, "account flags");
    account.bad_password_count = u16_at(f, kBadPasswordCount, "bad password count");
    account.logon_count = u16_at(f, kLogonCount, "logon count");
    account.last_logon_where = value.at(kLastLogon);
    account.password_set_where = value.at(kPasswordLastSet);
    account.expires_where = value.at(kAccountExpires);
    account.last_bad_password_where = value.at(kLastBadPassword);
    account.fixed_rid_where = value.at(kFixedRid);
    account.flags_where = value.at(kAccountFlags);
  }

  struct Entry {
    std::size_t offset = 0;  // in V
    Bytes bytes;
  };
  static Entry entry(const HiveValue& v, UserEntry number) {
    const std::size_t at = number * kEntrySize;
    const std::size_t offset = kUserEntriesEnd + u32_at(v.data, at, "entry offset");
    return {offset, slice(v.data, offset, u32_at(v.data, at + 4, "entry length"), "entry")};
  }
  static Untrusted text(const HiveValue& v, UserEntry number) {
    return Untrusted{utf8_of(entry(v, number).bytes)};
  }

  void read_password(const HiveValue& v, Account& account) {
    const Entry current = entry(v, kNtHash);
    account.hash_where = v.at(current.offset);
    if (!has_hashes(current.bytes, bare_)) {
      account.nt_state = HashState::kEmpty;
      account.fingerprint = fingerprint_of(nt_hash({}));
    } else if (!bare_ && !sam_key_) {
      account.nt_state = HashState::kLocked;
      return;
    }
    const Key16* key = bare_ ? nullptr : &*sam_key_;
    std::optional<Key16> hash;
    if (account.nt_state != HashState::kEmpty) {
      const std::vector<Key16> hashes =
          open_hashes(current.bytes, key, account.rid, SamHashKind::kNt);
      if (hashes.empty()) {
        throw ParseError(v.where.offset, "an NT hash of no length");
      }
      hash = hashes.front();
      account.nt_state = HashState::kKnown;
      account.fingerprint = fingerprint_of(*hash);
      if (reveal_) {
        account.revealed_nt_hash = say(std::string_view{hex(*hash)});
      }
    }
    if (bare_ || sam_key_) {
      read_history(v, key, hash, account);
    }
  }

  // Which of the two last entries is the NT history is known from public tools only. The history
  // tells by itself: its first entry is the current hash.
  static void read_history(const HiveValue& v, const Key16* key,
                           const std::optional<Key16>& current, Account& account) {
    const auto history = [&](UserEntry number) {
      const Entry place = entry(v, number);
      return open_hashes(place.bytes, key, account.rid, SamHashKind::kNtHistory);
    };
    const auto begins_with_current = [&](const std::vector<Key16>& hashes) {
      return current && !hashes.empty() && std::ranges::equal(hashes.front().bytes, current->bytes);
    };
    std::vector<Key16> hashes = history(kNtHistory);
    account.history_where = v.at(entry(v, kNtHistory).offset);
    if (!hashes.empty() && !begins_with_current(hashes)) {
      std::vector<Key16> other = history(kLmHistory);
      if (begins_with_current(other)) {
        hashes = std::move(other);
        account.history_where = v.at(entry(v, kLmHistory).offset);
      }
    }
    account.history_begins_with_current = begins_with_current(hashes);
    for (const Key16& hash : hashes) {
      account.history.push_back(fingerprint_of(hash));
    }
  }

  void read_groups(const HiveKey& domain, bool builtin) {
    const auto aliases = domain.child("Aliases");
    if (!aliases) {
      return;
    }
    bool whole = true;
    for (const HiveKey& key : aliases->children()) {
      if (const auto rid = rid_of(key.name())) {
        whole &= guarded(key, [&] { read_group(key, *rid, builtin); });
      }
    }
    const auto members = aliases->child("Members");
    if (members) {
      whole &= guarded(*members, [&] { whole &= read_members(*members, builtin); });
    }
    if (whole && members) {
      using Which = KeyReadInFull::Which;
      sink_.take(
          KeyReadInFull{builtin ? Which::kBuiltinGroups : Which::kMachineGroups, members->where()});
    }
  }

  void read_group(const HiveKey& key, std::uint32_t rid, bool builtin) {
    const auto value = key.value("C");
    if (!value) {
      throw ParseError(key.where().offset, "a group without its value C");
    }
    LocalGroup group = read_alias(*value, rid, builtin);
    if (!builtin && machine_) {
      keys_.principals.push_back(KnownPrincipal{group.name, machine_->with(rid), group.where});
    }
    sink_.take(std::move(group));
  }

  // A key for the domain of the members, in it one for each: its unnamed value lists the groups,
  // and the value's type says how many they are.
  bool read_members(const HiveKey& members, bool builtin) {
    bool whole = true;
    for (const HiveKey& domain : members.children()) {
      whole &= guarded(domain, [&] {
        const auto sid = Sid::from_text(domain.name());
        if (!sid) {
          throw ParseError(domain.where().offset, "the name of a domain of members is no SID");
        }
        for (const HiveKey& key : domain.children()) {
          whole &= guarded(key, [&] { read_member(key, *sid, builtin); });
        }
      });
    }
    return whole;
  }

  void read_member(const HiveKey& key, const Sid& domain, bool builtin) {
    const auto rid = rid_of(key.name());
    const auto value = key.value("");
    if (!rid || !value) {
      throw ParseError(key.where().offset, "a member without its RID or its groups");
    }
    const std::size_t count = value->data.size() / sizeof(std::uint32_t);
    if (count > kMostGroups) {
      throw ParseError(value->where.offset, "a member of " + std::to_string(count) + " groups");
    }
    if (count != value->type) {  // a remark: what stands there is read
      sink_.take(
          Damage{value->where.source, value->where.offset, value->data.size(),
                 say(value->where.path, ": ", count, " groups, and ", value->type, " by its type"),
                 false});
    }
    GroupMembership membership;
    membership.where = value->where;
    membership.member = domain.with(*rid);
    membership.builtin = builtin;
    Cursor cursor(value->data);
    for (std::size_t i = 0; i < count; ++i) {
      membership.groups.push_back(cursor.u32("RID of a group"));
    }
    sink_.take(std::move(membership));
  }

  static LocalGroup read_alias(const HiveValue& value, std::uint32_t rid, bool builtin) {
    const Bytes c = value.data;
    LocalGroup group;
    group.where = value.where;
    group.rid = rid;
    group.builtin = builtin;
    const std::size_t name = kAliasDataStart + u32_at(c, kAliasName, "group name offset");
    group.name = Untrusted{
        utf8_of(slice(c, name, u32_at(c, kAliasName + 4, "group name length"), "group name"))};
    Cursor members(c, kAliasDataStart + u32_at(c, kAliasMembers, "members offset"));
    const std::uint32_t count = u32_at(c, kAliasMembers + 8, "number of members");
    for (std::uint32_t i = 0; i < count; ++i) {
      group.members.push_back(read_sid(members));
    }
    return group;
  }

  const Hive& hive_;
  KeyRing& keys_;
  bool reveal_;
  EvidenceSink& sink_;
  bool bare_ = false;  // hashes without SYSKEY
  std::optional<Key16> sam_key_;
  std::optional<Sid> machine_;
  std::map<Untrusted, AccountName> names_;     // by the name in lower case
  std::map<std::uint32_t, Untrusted> by_rid_;  // the name, so written
};

}  // namespace

bool is_sam_hive(const HiveKey& root) { return root.child("SAM\\Domains").has_value(); }

void read_sam_hive(const Hive& hive, KeyRing& keys, bool reveal, EvidenceSink& sink) {
  SamReading(hive, keys, reveal, sink).run();
}

}  // namespace iwamtrace
