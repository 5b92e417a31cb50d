// How records travel from a worker to the broker: every type's members are named once, for writing
// and for reading alike. The reader trusts nothing: the worker has been fed with hostile bytes.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "model/artefact.h"
#include "model/event_record.h"
#include "model/source.h"

namespace iwamtrace {

// The frame is not what a sound worker writes.
class WireError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How many enumerators an enumeration has, for all that travel.
template <typename Enum>
inline constexpr std::size_t kEnumerators = 0;
template <>
inline constexpr std::size_t kEnumerators<SourceKind> = kSourceKinds;
template <>
inline constexpr std::size_t kEnumerators<Origin> = kOrigins;
template <>
inline constexpr std::size_t kEnumerators<Level> = kLevels;
template <>
inline constexpr std::size_t kEnumerators<EventSource> = kEventSources;
template <>
inline constexpr std::size_t kEnumerators<Channel> = kChannels;
template <>
inline constexpr std::size_t kEnumerators<EventRecord::FieldKind> = 3;
template <>
inline constexpr std::size_t kEnumerators<HostFact::Kind> = HostFact::kKinds;
template <>
inline constexpr std::size_t kEnumerators<Unlocking::Result> = Unlocking::kResults;
template <>
inline constexpr std::size_t kEnumerators<StoredKey::Kind> = StoredKey::kKinds;
template <>
inline constexpr std::size_t kEnumerators<StoredKey::Result> = StoredKey::kResults;
template <>
inline constexpr std::size_t kEnumerators<HashState> = kHashStates;
template <>
inline constexpr std::size_t kEnumerators<SecretState> = kSecretStates;
template <>
inline constexpr std::size_t kEnumerators<PasswordForm> = kPasswordForms;
template <>
inline constexpr std::size_t kEnumerators<SecretMethod> = kSecretMethods;
template <>
inline constexpr std::size_t kEnumerators<SignatureCheck> = kSignatureChecks;
template <>
inline constexpr std::size_t kEnumerators<Equality> = kEqualities;
template <>
inline constexpr std::size_t kEnumerators<SecretMatch::By> = SecretMatch::kBys;
template <>
inline constexpr std::size_t kEnumerators<AccessPermission::Of> = AccessPermission::kObjects;
template <>
inline constexpr std::size_t kEnumerators<KeyReadInFull::Which> = KeyReadInFull::kKeys;
template <>
inline constexpr std::size_t kEnumerators<AutostartEntry::Place> = AutostartEntry::kPlaces;
template <>
inline constexpr std::size_t kEnumerators<SourceId> = SIZE_MAX;  // checked against the job instead

class WireWriter {
 public:
  template <typename... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::string& bytes() { return bytes_; }

  template <typename Value>
  requires std::is_arithmetic_v<Value> || std::is_enum_v<Value>
  void put(Value value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void put(const std::string& text) { put(std::string_view{text}); }
  void put(UntrustedView text) { put(text.bytes(SinkKey{})); }
  void put(const Untrusted& text) { put(text.view()); }
  void put(const Timestamp& time) { put(time.ticks); }
  template <std::size_t Size>
  void put(const std::array<std::byte, Size>& bytes) {
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), Size);
  }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) {
      put(*value);
    }
  }
  template <typename Value>
  void put(const std::vector<Value>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const Value& value : values) {
      put(value);
    }
  }
  void put(const EventRecord& record);
  template <typename Value>
  requires std::is_class_v<Value>
  void put(const Value& value) { describe(*this, value); }

 private:
  std::string bytes_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }
  void expect_end() const {
    if (!bytes_.empty()) {
      throw WireError("a frame longer than its content");
    }
  }

  template <typename Value>
  requires std::is_arithmetic_v<Value>
  void get(Value& value) { std::memcpy(&value, take(sizeof value).data(), sizeof value); }
  void get(bool& value) { value = take(1).front() != 0; }
  template <typename Value>
  requires std::is_enum_v<Value>
  void get(Value& value) {
    static_assert(kEnumerators<Value> != 0, "its number of enumerators must be known");
    std::underlying_type_t<Value> number{};
    get(number);
    if (number >= kEnumerators<Value>) {
      throw WireError("a value outside its enumeration");
    }
    value = static_cast<Value>(number);
  }
  void get(std::string& text) { text = std::string(take_text()); }
  void get(Untrusted& text) { text = Untrusted{std::string(take_text())}; }
  void get(Timestamp& time) { get(time.ticks); }
  template <std::size_t Size>
  void get(std::array<std::byte, Size>& bytes) {
    std::memcpy(bytes.data(), take(Size).data(), Size);
  }
  template <typename Value>
  void get(std::optional<Value>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (present) {
      get(value.emplace());
    }
  }
  template <typename Value>
  void get(std::vector<Value>& values) {
    std::uint32_t count = 0;
    get(count);
    if (count > bytes_.size()) {  // every item has at least a byte
      throw WireError("a list longer than its frame");
    }
    values.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      get(values.emplace_back());
    }
  }
  void get(EventRecord& record);
  template <typename Value>
  requires std::is_class_v<Value>
  void get(Value& value) { describe(*this, value); }
  std::string_view take_text() {
    std::uint32_t size = 0;
    get(size);
    return take(size);
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) {
      throw WireError("a frame shorter than its content");
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
};

// The members of each type that travels, in order. `Type` may be const (writing) or not (reading).
template <typename Type, typename Of>
concept MaybeConst = std::is_same_v<std::remove_const_t<Type>, Of>;

template <typename Wire, MaybeConst<Sid> Type>
void describe(Wire& wire, Type& sid) {
  wire(sid.revision, sid.count, sid.authority);
  if (sid.count > Sid::kMaxSubauthorities) {
    throw WireError("a SID with too many subauthorities");
  }
  for (std::size_t i = 0; i < sid.count; ++i) {
    wire(sid.subauthorities[i]);
  }
}
template <typename Wire, MaybeConst<Citation> Type>
void describe(Wire& wire, Type& where) {
  wire(where.source, where.offset, where.record, where.path);
}
template <typename Wire, MaybeConst<Damage> Type>
void describe(Wire& wire, Type& damage) {
  wire(damage.source, damage.offset, damage.length, damage.what, damage.lost);
}
template <typename Wire, MaybeConst<Coverage> Type>
void describe(Wire& wire, Type& coverage) {
  wire(coverage.read, coverage.slack, coverage.damaged);
}
template <typename Wire, MaybeConst<NumberedPlace> Type>
void describe(Wire& wire, Type& place) {
  wire(place.number, place.offset, place.time);
}
template <typename Wire, MaybeConst<NumberedPair> Type>
void describe(Wire& wire, Type& pair) {
  wire(pair.before, pair.after);
}
template <typename Wire, MaybeConst<LogNumbering> Type>
void describe(Wire& wire, Type& numbering) {
  wire(numbering.lowest, numbering.highest, numbering.missing, numbering.gap_count, numbering.gaps,
       numbering.restarts, numbering.first_restart, numbering.steps_back,
       numbering.longest_step_back, numbering.channels, numbering.computers,
       numbering.computers_return, numbering.numbered_anew, numbering.open, numbering.wrapped,
       numbering.announced_oldest, numbering.announced_next, numbering.of_former_life);
}
template <typename Wire, MaybeConst<SourceSummary> Type>
void describe(Wire& wire, Type& summary) {
  wire(summary.source, summary.kind, summary.log, summary.records, summary.recovered,
       summary.unreadable_leftovers, summary.coverage, summary.first, summary.last,
       summary.computer, summary.computer_where, summary.numbering);
}
template <typename Wire, MaybeConst<CrossDifference> Type>
void describe(Wire& wire, Type& difference) {
  wire(difference.record, difference.offset, difference.field, difference.ours, difference.theirs,
       difference.because);
}
template <typename Wire, MaybeConst<CrossCheck> Type>
void describe(Wire& wire, Type& check) {
  wire(check.source, check.reader, check.agree, check.differ, check.only_ours, check.only_theirs,
       check.omitted, check.differences);
}
template <typename Wire, MaybeConst<EventKey> Type>
void describe(Wire& wire, Type& key) {
  wire(key.source, key.id);
}
template <typename Wire, MaybeConst<EventHead> Type>
void describe(Wire& wire, Type& head) {
  wire(head.source, head.offset, head.record, head.time, head.key, head.event_id, head.channel);
}
template <typename Wire, MaybeConst<Fingerprint> Type>
void describe(Wire& wire, Type& fingerprint) {
  wire(fingerprint.bytes);
}
template <typename Wire, MaybeConst<HostFact> Type>
void describe(Wire& wire, Type& fact) {
  wire(fact.kind, fact.value, fact.where);
}
template <typename Wire, MaybeConst<Unlocking> Type>
void describe(Wire& wire, Type& unlocking) {
  wire(unlocking.result, unlocking.key_from, unlocking.because, unlocking.where);
}
template <typename Wire, MaybeConst<StoredKey> Type>
void describe(Wire& wire, Type& key) {
  wire(key.kind, key.name, key.result, key.key_from, key.because, key.where);
}
template <typename Wire, MaybeConst<Account> Type>
void describe(Wire& wire, Type& account) {
  wire(account.where, account.name, account.rid, account.name_rid, account.full_name,
       account.comment, account.created, account.key_written, account.last_logon,
       account.password_last_set, account.expires, account.last_bad_password,
       account.password_must_change, account.flags, account.fixed_rid, account.primary_group,
       account.bad_password_count, account.logon_count, account.nt_state, account.fingerprint,
       account.history, account.history_begins_with_current, account.revealed_nt_hash,
       account.last_logon_where, account.password_set_where, account.expires_where,
       account.last_bad_password_where, account.fixed_rid_where, account.flags_where,
       account.hash_where, account.history_where);
}
template <typename Wire, MaybeConst<AccountName> Type>
void describe(Wire& wire, Type& name) {
  wire(name.where, name.name, name.rid, name.created);
}
template <typename Wire, MaybeConst<LocalGroup> Type>
void describe(Wire& wire, Type& group) {
  wire(group.where, group.name, group.rid, group.builtin, group.members);
}
template <typename Wire, MaybeConst<GroupMembership> Type>
void describe(Wire& wire, Type& membership) {
  wire(membership.where, membership.member, membership.builtin, membership.groups);
}
template <typename Wire, MaybeConst<PasswordPolicy> Type>
void describe(Wire& wire, Type& policy) {
  wire(policy.where, policy.max_age, policy.min_age, policy.lockout_duration, policy.lockout_window,
       policy.min_length, policy.history_length, policy.lockout_threshold, policy.complexity,
       policy.next_rid);
}
template <typename Wire, MaybeConst<SecretValue> Type>
void describe(Wire& wire, Type& value) {
  wire(value.state, value.set, value.key_written, value.length, value.password_length,
       value.fingerprint, value.revealed, value.where, value.set_where);
}
template <typename Wire, MaybeConst<Secret> Type>
void describe(Wire& wire, Type& secret) {
  wire(secret.where, secret.name, secret.created, secret.current, secret.previous);
}
template <typename Wire, MaybeConst<AccountRights> Type>
void describe(Wire& wire, Type& rights) {
  wire(rights.where, rights.sid, rights.logon_rights, rights.privileges, rights.privileges_where);
}
template <typename Wire, MaybeConst<AuditPolicy> Type>
void describe(Wire& wire, Type& policy) {
  wire(policy.where, policy.enabled, policy.categories, policy.subcategories);
}
template <typename Wire, MaybeConst<Service> Type>
void describe(Wire& wire, Type& service) {
  wire(service.where, service.name, service.start, service.type, service.image_path,
       service.account, service.display_name, service.service_dll, service.failure_command,
       service.key_written);
}
template <typename Wire, MaybeConst<AutostartEntry> Type>
void describe(Wire& wire, Type& entry) {
  wire(entry.where, entry.place, entry.name, entry.command, entry.key_written);
}
template <typename Wire, MaybeConst<LogSettings> Type>
void describe(Wire& wire, Type& settings) {
  wire(settings.where, settings.log, settings.file, settings.max_size, settings.retention,
       settings.key_written);
}
template <typename Wire, MaybeConst<VirtualRoot> Type>
void describe(Wire& wire, Type& root) {
  wire(root.where, root.name, root.target, root.key_written);
}
template <typename Wire, MaybeConst<NetworkShare> Type>
void describe(Wire& wire, Type& share) {
  wire(share.where, share.name, share.path, share.key_written);
}
template <typename Wire, MaybeConst<SqlServer> Type>
void describe(Wire& wire, Type& server) {
  wire(server.where, server.instance, server.login_mode, server.audit_level, server.key_written);
}
template <typename Wire, MaybeConst<AccessControlEntry> Type>
void describe(Wire& wire, Type& entry) {
  wire(entry.type, entry.flags, entry.mask, entry.trustee);
}
template <typename Wire, MaybeConst<SecurityDescriptor> Type>
void describe(Wire& wire, Type& descriptor) {
  wire(descriptor.owner, descriptor.group, descriptor.has_dacl, descriptor.dacl);
}
template <typename Wire, MaybeConst<AccessPermission> Type>
void describe(Wire& wire, Type& permission) {
  wire(permission.of, permission.where, permission.key_written, permission.descriptor);
}
template <typename Wire, MaybeConst<ApplicationIdentity> Type>
void describe(Wire& wire, Type& identity) {
  wire(identity.where, identity.app_id, identity.name, identity.run_as, identity.key_written);
}
template <typename Wire, MaybeConst<ReplayedChange> Type>
void describe(Wire& wire, Type& change) {
  wire(change.where, change.where_before, change.what, change.before, change.after);
}
template <typename Wire, MaybeConst<DeletedKey> Type>
void describe(Wire& wire, Type& key) {
  wire(key.where, key.path, key.name, key.last_written);
}
template <typename Wire, MaybeConst<DeletedValue> Type>
void describe(Wire& wire, Type& value) {
  wire(value.where, value.path, value.name, value.type, value.size);
}
template <typename Wire, MaybeConst<KeyReadInFull> Type>
void describe(Wire& wire, Type& key) {
  wire(key.which, key.where);
}
template <typename Wire, MaybeConst<MetabaseApplication> Type>
void describe(Wire& wire, Type& application) {
  wire(application.where, application.isolated);
}
template <typename Wire, MaybeConst<SecretMatch> Type>
void describe(Wire& wire, Type& match) {
  wire(match.secret, match.previous, match.result, match.by);
}
template <typename Wire, MaybeConst<MetabaseSnapshot> Type>
void describe(Wire& wire, Type& version) {
  wire(version.where, version.major, version.minor, version.session_key_digest,
       version.wam_user_name, version.wam_user_name_where, version.password_form,
       version.password_cipher, version.password_length, version.password_method,
       version.password_signature, version.fingerprint, version.password_unknown_because,
       version.password_matches, version.opened_by, version.revealed_password,
       version.password_where, version.iis5_isolation_mode, version.isolation_mode_where,
       version.applications);
}
template <typename Wire, MaybeConst<SecureProperty> Type>
void describe(Wire& wire, Type& property) {
  wire(property.where, property.location, property.name, property.form, property.method,
       property.size, property.cipher_digest, property.characters, property.signature,
       property.fingerprint, property.revealed, property.unknown_because);
}

template <typename Wire, MaybeConst<MetabaseValue> Type>
void describe(Wire& wire, Type& value) {
  wire(value.where, value.location, value.name, value.value);
}

template <typename Wire, MaybeConst<RuleHit> Type>
void describe(Wire& wire, Type& hit) {
  wire(hit.where, hit.time, hit.rule, hit.keys);
}
template <typename Wire, MaybeConst<RuleHitsOmitted> Type>
void describe(Wire& wire, Type& omitted) {
  wire(omitted.where, omitted.rule, omitted.count);
}

// An artefact with the number of its kind before it.
void write_artefact(WireWriter& wire, const Artefact& artefact);
Artefact read_artefact(WireReader& wire);

}  // namespace iwamtrace
