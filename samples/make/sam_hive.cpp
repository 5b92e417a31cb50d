#include "make/sam_hive.h"

#include <algorithm>
#include <limits>
#include <map>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "make/windows_hives.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

constexpr std::uint64_t kForever = 0x8000000000000000;  // as a length of time
constexpr std::uint32_t kDescriptorFormat = 0x00010002;
constexpr std::uint32_t kNormalAttributes = 7;  // of a group: mandatory, by default, enabled
constexpr std::uint32_t kNoneGroup = 513;
constexpr std::uint32_t kAccountAccess = 0x000F07FF, kReadAccess = 0x0002031B;

std::string eight_digits(std::uint32_t rid) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string digits;
  for (int shift = 28; shift >= 0; shift -= 4) {
    digits += kDigits[rid >> shift & 0xF];
  }
  return digits;
}

std::uint64_t time_or(const std::optional<Timestamp>& time, std::uint64_t otherwise = 0) {
  return time ? filetime_of(*time) : otherwise;
}

// Windows counts a length of time below zero.
std::uint64_t duration(std::int64_t ticks) { return 0 - static_cast<std::uint64_t>(ticks); }

// Behind fixed fields, SAM's values have a table of {offset, length, extra}, and the entries behind
// the table, from which the offsets count.
struct Entry {
  std::string data;
  std::uint32_t extra = 0;
};

std::string with_entries(std::string_view fixed, const std::vector<Entry>& entries) {
  ByteWriter table;
  ByteWriter data;
  for (const Entry& entry : entries) {
    table.u32(data.size()).u32(entry.data.size()).u32(entry.extra);
    data.bytes(entry.data).pad_to(4);
  }
  return std::string(fixed) + std::string(table.view()) + std::string(data.view());
}

Entry text_entry(std::string_view text) { return {utf16_bytes(text)}; }

Entry descriptor_entry(std::vector<AccessControlEntry> dacl) {
  return {descriptor_bytes(SecurityDescriptor{.owner = well_known::kAdministrators,
                                              .group = well_known::kAdministrators,
                                              .has_dacl = true,
                                              .dacl = std::move(dacl)}),
          kDescriptorFormat};
}

Entry group_descriptor() {
  return descriptor_entry({allow_ace(well_known::kEveryone, 0x0002000C),
                           allow_ace(well_known::kAdministrators, 0x000F001F)});
}

bool is_lm(PasswordHash kind) {
  return kind == PasswordHash::kLm || kind == PasswordHash::kLmHistory;
}

bool is_history(PasswordHash kind) {
  return kind == PasswordHash::kNtHistory || kind == PasswordHash::kLmHistory;
}

class SamBuilder {
 public:
  explicit SamBuilder(const MadeSamHive& sam) : sam_(sam), sam_key_(sam_key_of(sam)) {}

  void add_domain(MadeKey& domains, const std::string& name, const std::vector<MadeUser>& users,
                  const std::vector<MadeAlias>& aliases);

 private:
  [[nodiscard]] std::string domain_fixed(bool has_key) const;
  [[nodiscard]] std::string domain_key() const;
  void add_user(MadeKey& all, const MadeUser& user) const;
  void add_alias(MadeKey& all, const MadeAlias& alias) const;
  static void add_none_group(MadeKey& groups, const std::vector<MadeUser>& users);
  void add_members(MadeKey& aliases, const std::vector<MadeAlias>& all) const;
  [[nodiscard]] std::string user_fixed(const MadeUser& user) const;
  [[nodiscard]] std::string user_variable(const MadeUser& user) const;
  [[nodiscard]] std::string hashes_of(PasswordHash kind, const MadeUser& user) const;
  [[nodiscard]] Entry hash_entry(PasswordHash kind, const MadeUser& user) const;

  const MadeSamHive& sam_;
  std::string sam_key_;
};

void SamBuilder::add_domain(MadeKey& domains, const std::string& name,
                            const std::vector<MadeUser>& users,
                            const std::vector<MadeAlias>& aliases) {
  const bool is_account = name == "Account";
  MadeKey& domain = domains.make(name);
  domain.set(binary_value("F", domain_fixed(is_account)));
  const Sid builtin{.count = 1, .authority = 5, .subauthorities = {32}};
  domain.set(binary_value(
      "V", with_entries({}, {descriptor_entry({allow_ace(well_known::kEveryone, 0x00020385),
                                               allow_ace(well_known::kAdministrators, 0x000F07FF)}),
                             {sid_bytes(is_account ? sam_.machine_sid : builtin)},
                             {},
                             {}})));

  MadeKey& all_aliases = domain.make("Aliases");
  all_aliases.set(unnamed_value({}, static_cast<std::uint32_t>(aliases.size())));
  for (const MadeAlias& alias : aliases) {
    add_alias(all_aliases, alias);
  }
  add_members(all_aliases, aliases);
  all_aliases.make("Names").set(unnamed_value({}));

  MadeKey& groups = domain.make("Groups");
  groups.set(unnamed_value({}, is_account ? 1 : 0)).make("Names").set(unnamed_value({}));
  if (is_account) {
    add_none_group(groups, users);
  }
  MadeKey& all_users = domain.make("Users");
  all_users.set(unnamed_value({}, static_cast<std::uint32_t>(users.size())));
  for (const MadeUser& user : users) {
    add_user(all_users, user);
  }
  all_users.make("Names").set(unnamed_value({}));
}

// The value F of a domain: its policy and, in the account domain, the SAM key.
std::string SamBuilder::domain_fixed(bool has_key) const {
  constexpr std::uint32_t kComplexity = 1, kEnabled = 1, kPrimary = 3;
  const MadeSamPolicy& policy = sam_.policy;
  ByteWriter out;
  out.u16(sam_.protection == SamProtection::kAes ? 3 : 2).u16(1).u32(0);
  out.u64(filetime_of(policy.created)).u64(1);  // modified count
  out.u64(policy.max_age ? duration(*policy.max_age) : kForever).u64(duration(policy.min_age));
  out.u64(kForever);  // forced logoff
  out.u64(duration(policy.lockout_duration)).u64(duration(policy.lockout_window));
  out.u64(0).u32(policy.next_rid).u32(policy.complexity ? kComplexity : 0);
  out.u16(policy.min_length).u16(policy.history_length).u16(policy.lockout_threshold).u16(0);
  out.u32(kEnabled).u16(kPrimary).u16(1).u64(0);
  if (has_key) {
    out.bytes(domain_key());
  }
  switch (sam_.protection) {
    case SamProtection::kNone:
      out.fill_to(168);
      break;
    case SamProtection::kRc4:
      out.fill_to(0xE8).u32(has_key ? sam_.key_id : 0).fill_to(240);
      break;
    case SamProtection::kAes:
      out.fill_to(368);
      break;
  }
  return out.take();
}

std::string SamBuilder::domain_key() const {
  const std::string salt = bytes_of_seed("salt of the SAM key " + sam_.boot_key, 16);
  switch (sam_.protection) {
    case SamProtection::kNone:
      return {};
    case SamProtection::kRc4:
      return sam_key_rc4(sam_key_, sam_.boot_key, salt);
    case SamProtection::kAes:
      return sam_key_aes(sam_key_, sam_.boot_key, salt);
  }
  return {};
}

void SamBuilder::add_user(MadeKey& all, const MadeUser& user) const {
  dated_key(all, eight_digits(user.rid), user.written.value_or(sam_.written))
      .set(binary_value("F", user_fixed(user)))
      .set(binary_value("V", user_variable(user)));
  dated_key(all, "Names\\" + user.name, user.created.value_or(sam_.written))
      .set(unnamed_value({}, user.name_rid.value_or(user.rid)));
}

std::string SamBuilder::user_fixed(const MadeUser& user) const {
  constexpr std::uint64_t kNoExpiry = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint32_t kAdministrator = 500;
  ByteWriter out;
  out.u16(sam_.protection == SamProtection::kAes ? 3 : 2).u16(1).u32(0);
  out.u64(time_or(user.last_logon)).u64(time_or(user.last_logoff));
  out.u64(time_or(user.password_last_set)).u64(time_or(user.expires, kNoExpiry));
  out.u64(time_or(user.last_bad_password));
  out.u32(user.fixed_rid.value_or(user.rid)).u32(user.primary_group).u32(user.flags);
  out.u16(0).u16(0).u16(user.bad_password_count).u16(user.logon_count);
  out.u32(user.rid == kAdministrator ? 1 : 0);
  out.bytes(bytes_of_seed("behind the fields of " + user.name, 8));
  return out.take();
}

std::string SamBuilder::user_variable(const MadeUser& user) const {
  constexpr std::size_t kHoursOfWeek = std::size_t{7} * 24;
  const Sid self = sam_.machine_sid.with(user.rid);
  ByteWriter groups;
  groups.u32(user.primary_group).u32(kNormalAttributes);
  std::vector<Entry> entries{
      descriptor_entry({allow_ace(well_known::kEveryone, kReadAccess),
                        allow_ace(well_known::kAdministrators, kAccountAccess),
                        allow_ace(self, 0x00020044)}),
      text_entry(user.name), text_entry(user.full_name), text_entry(user.comment)};
  entries.resize(11);  // no further comment, parameters, folders, script, profile, workstations
  entries.push_back({std::string(kHoursOfWeek / 8, '\xFF'), kHoursOfWeek});
  entries.push_back({groups.take(), 1});
  for (const PasswordHash kind :
       {PasswordHash::kLm, PasswordHash::kNt, PasswordHash::kNtHistory, PasswordHash::kLmHistory}) {
    entries.push_back(hash_entry(kind, user));
  }
  return with_entries({}, entries);
}

std::string SamBuilder::hashes_of(PasswordHash kind, const MadeUser& user) const {
  if (is_lm(kind) && !user.lm_hashes) {
    return {};
  }
  std::vector<std::string> passwords;
  if (is_history(kind)) {
    passwords = user.earlier_passwords;
  }
  const bool keeps_history = sam_.policy.history_length > 0 || !passwords.empty();
  const bool with_current =
      !is_history(kind) || (keeps_history && user.history_begins_with_current);
  if (user.password && with_current) {
    passwords.insert(passwords.begin(), *user.password);
  }
  std::string hashes;
  for (const std::string& password : passwords) {
    hashes += is_lm(kind) ? lm_hash_of_password(password) : nt_hash_of_password(password);
  }
  return hashes;
}

Entry SamBuilder::hash_entry(PasswordHash kind, const MadeUser& user) const {
  const std::string hashes = hashes_of(kind, user);
  const auto& own = is_history(kind) ? user.history_protection
                    : is_lm(kind)    ? user.lm_protection
                                     : user.nt_protection;
  const std::string seed = std::to_string(static_cast<int>(kind)) + " of " + user.name + hashes;
  switch (own.value_or(sam_.protection)) {
    case SamProtection::kNone:
      return {hashes_under_rid(hashes, user.rid)};
    case SamProtection::kRc4:
      return {hash_entry_rc4(kind, hashes, sam_key_, user.rid, sam_.key_id)};
    case SamProtection::kAes:
      return {hash_entry_aes(hashes, sam_key_, user.rid, bytes_of_seed("salt " + seed, 16),
                             sam_.key_id)};
  }
  return {};
}

void SamBuilder::add_alias(MadeKey& all, const MadeAlias& alias) const {
  ByteWriter fixed;
  fixed.u32(alias.rid);
  ByteWriter members;
  for (const Sid& member : alias.members) {
    members.bytes(sid_bytes(member));
  }
  dated_key(all, eight_digits(alias.rid), alias.written.value_or(sam_.written))
      .set(binary_value(
          "C", with_entries(fixed.view(),
                            {group_descriptor(),
                             text_entry(alias.name),
                             text_entry(alias.comment),
                             {members.take(), static_cast<std::uint32_t>(alias.members.size())}})));
  dated_key(all, "Names\\" + alias.name, alias.created.value_or(sam_.written))
      .set(unnamed_value({}, alias.rid));
}

// The group of all users of a machine that is no domain controller.
void SamBuilder::add_none_group(MadeKey& groups, const std::vector<MadeUser>& users) {
  ByteWriter fixed;
  fixed.u32(kDescriptorFormat).u32(kNoneGroup).u32(kNormalAttributes).u32(0).u32(0);
  ByteWriter members;
  std::uint32_t count = 0;
  for (const MadeUser& user : users) {
    if (user.primary_group == kNoneGroup) {
      members.u32(user.rid);
      ++count;
    }
  }
  groups.make(eight_digits(kNoneGroup))
      .set(binary_value("C", with_entries(fixed.view(), {group_descriptor(),
                                                         text_entry("None"),
                                                         text_entry("Ordinary users"),
                                                         {members.take(), count}})));
  groups.make("Names\\None").set(unnamed_value({}, kNoneGroup));
}

// The same memberships by member: a key for the authority, one for the last number, and the RIDs of
// the aliases.
void SamBuilder::add_members(MadeKey& aliases, const std::vector<MadeAlias>& all) const {
  struct Membership {
    std::vector<std::uint32_t> aliases;
    Timestamp written{};
  };
  std::map<std::string, std::map<std::uint32_t, Membership>> index;
  for (const MadeAlias& alias : all) {
    for (const Sid& member : alias.members) {
      Sid authority = member;
      authority.count = static_cast<std::uint8_t>(member.count - 1);
      authority.subauthorities.at(authority.count) = 0;
      Membership& found = index[to_string(authority)][member.rid().value()];
      found.aliases.push_back(alias.rid);
      found.written = std::max(found.written, alias.written.value_or(sam_.written));
    }
  }
  MadeKey& members = aliases.make("Members");
  members.set(unnamed_value({}, static_cast<std::uint32_t>(index.size())));
  for (const auto& [authority, by_rid] : index) {
    MadeKey& key = members.make(authority);
    key.set(unnamed_value({}, static_cast<std::uint32_t>(by_rid.size())));
    for (const auto& [rid, membership] : by_rid) {
      ByteWriter rids;
      for (const std::uint32_t alias : membership.aliases) {
        rids.u32(alias);
      }
      dated_key(key, eight_digits(rid), membership.written)
          .set(unnamed_value(rids.view(), static_cast<std::uint32_t>(membership.aliases.size())));
    }
  }
}

}  // namespace

std::vector<MadeAlias> usual_builtin_aliases(const Sid& machine_sid) {
  return {
      MadeAlias{.rid = 0x220,
                .name = "Administrators",
                .comment = "Administrators have complete and unrestricted access to the "
                           "computer/domain",
                .members = {machine_sid.with(500)}},
      MadeAlias{.rid = 0x221,
                .name = "Users",
                .comment = "Users are prevented from making accidental or intentional system-wide "
                           "changes",
                .members = {well_known::kInteractive, well_known::kAuthenticatedUsers}},
      MadeAlias{.rid = 0x222,
                .name = "Guests",
                .comment = "Guests have the same access as members of the Users group by default",
                .members = {machine_sid.with(501)}},
  };
}

std::string sam_key_of(const MadeSamHive& sam) {
  return bytes_of_seed("SAM key " + sam.boot_key + to_string(sam.machine_sid), 16);
}

MadeHive hive_of(const MadeSamHive& sam) {
  MadeHive hive{
      .root = MadeKey{.name = "SAM", .written = sam.written, .security = security_of_secret_keys()},
      .path = R"(\SystemRoot\System32\Config\SAM)"};
  MadeKey& top = hive.root.make("SAM");
  ByteWriter version;
  version.u16(sam.version).u16(1).u32(0);
  top.set(binary_value("C", version.view()));
  MadeKey& domains = top.make("Domains");
  domains.set(unnamed_value({}));
  SamBuilder builder(sam);
  builder.add_domain(domains, "Account", sam.users, sam.account_aliases);
  for (const MadeAccountName& further : sam.further_names) {
    dated_key(domains, "Account\\Users\\Names\\" + further.name,
              further.created.value_or(sam.written))
        .set(unnamed_value({}, further.rid));
  }
  builder.add_domain(domains, "Builtin", {}, sam.builtin_aliases);
  return hive;
}

}  // namespace iwamtrace
