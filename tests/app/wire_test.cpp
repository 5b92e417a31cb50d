#include "app/wire.h"

#include <gtest/gtest.h>

#include "app/frames.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

template <typename Item>
Item round_trip(const Item& item) {
  WireWriter writer;
  writer.put(item);
  WireReader reader(writer.bytes());
  Item copy;
  reader.get(copy);
  reader.expect_end();
  return copy;
}

TEST(Wire, EventRecordArrivesWhole) {
  EventRecord record;
  record.head = {SourceId{7}, 0x1eff10, 1572, Timestamp::from_unix(1), events::kDcomLogonFailed,
                 10004};
  record.origin = Origin::kRecovered;
  record.qualifiers = 0xC000;
  record.level = Level::kError;
  record.written = Timestamp::from_unix(2);
  record.user = *Sid::from_text("S-1-5-21-1-2-3-1004");
  record.nt6_id = 4724;
  record.copies = {16, 32};
  record.keywords = 0x8020000000000000;
  record.version = 1;
  record.task = 13824;
  record.process_id = 492;
  record.set_source(record.add_text("DCOM"));
  record.set_computer(record.add_text("SHOP1"));
  record.set_log(record.add_text("System"));
  record.add_field(record.add_text("Error"), record.add_text("1326"));
  record.add_field({}, record.add_text("00ff"), EventRecord::FieldKind::kData);

  const EventRecord copy = round_trip(record);
  EXPECT_EQ(copy.head.offset, record.head.offset);
  EXPECT_EQ(copy.head.record, record.head.record);
  EXPECT_EQ(copy.head.key, record.head.key);
  EXPECT_EQ(copy.origin, record.origin);
  EXPECT_EQ(copy.qualifiers, record.qualifiers);
  EXPECT_EQ(copy.level, record.level);
  EXPECT_EQ(copy.written, record.written);
  EXPECT_EQ(copy.user, record.user);
  EXPECT_EQ(copy.nt6_id, record.nt6_id);
  EXPECT_EQ(copy.copies, record.copies);
  EXPECT_EQ(copy.keywords, record.keywords);
  EXPECT_EQ(copy.opcode, std::nullopt);
  EXPECT_EQ(copy.process_id, record.process_id);
  EXPECT_EQ(plain(copy.source()), "DCOM");
  EXPECT_EQ(plain(copy.log()), "System");
  ASSERT_EQ(copy.fields().size(), 2U);
  EXPECT_EQ(plain(copy.field("Error")), "1326");
  EXPECT_EQ(copy.fields()[1].kind, EventRecord::FieldKind::kData);
}

TEST(Wire, EveryKindOfArtefactArrivesAsItself) {
  Account account;
  account.where = {SourceId{1}, 16, std::nullopt, Untrusted{std::string("\\SAM")}};
  account.name = Untrusted{std::string("IWAM_SHOP1")};
  account.fingerprint = Fingerprint{};
  account.history = {Fingerprint{}, Fingerprint{}};
  Secret secret;
  secret.current.state = SecretState::kValue;
  secret.current.set = Timestamp::from_unix(3);
  AccessPermission permission;
  permission.of = AccessPermission::Of::kPooledLaunch;
  permission.descriptor.dacl = {AccessControlEntry{0, 0, 1, well_known::kSystem}};
  StoredKey key;
  key.kind = StoredKey::Kind::kExchangeKey;
  key.result = StoredKey::Result::kForeign;
  key.key_from = account.where;
  MetabaseSnapshot version;
  version.iis5_isolation_mode = false;
  version.applications = {MetabaseApplication{{}, 2}};
  version.password_method = SecretMethod::kKeystream;
  version.password_matches = {
      SecretMatch{account.where, true, Equality::kDifferent, SecretMatch::By::kSignature}};
  version.opened_by = {account.where};
  SecureProperty property;
  property.name = Untrusted{std::string("UNCPassword")};
  property.method = SecretMethod::kRsaKey;
  property.characters = 0;
  property.cipher_digest = "0011223344556677";
  property.signature = SignatureCheck::kForeign;
  ReplayedChange change;
  change.where_before = {SourceId{2}, 0x2c6c, std::nullopt, Untrusted{std::string("\\SAM+0x18")}};
  change.after = Untrusted{std::string("2004-06-02T08:00:00Z")};
  DeletedKey deleted;
  deleted.name = Untrusted{std::string("IWAM_OLD")};
  deleted.last_written = Timestamp::from_unix(4);
  DeletedValue value;
  value.path = Untrusted{std::string("\\SAM")};
  value.size = 80;
  MetabaseValue listed;
  listed.name = Untrusted{std::string("AppIsolated")};
  listed.value = Untrusted{std::string("2")};
  GroupMembership membership;
  membership.member = well_known::kInteractive;
  membership.groups = {545};
  account.name_rid = 500;
  Service service;
  service.service_dll = Untrusted{std::string("qmgr.dll")};
  AccountName account_name;
  account_name.rid = 1004;
  AutostartEntry autostart;
  autostart.place = AutostartEntry::Place::kAppCertDll;
  autostart.command = Untrusted{std::string("msblast.exe")};
  LogSettings settings;
  settings.retention = LogSettings::kNeverOverwritten;
  VirtualRoot root;
  root.target = Untrusted{std::string("c:\\,,217")};
  NetworkShare share;
  share.path = Untrusted{std::string("c:\\")};
  SqlServer sql_server;
  sql_server.audit_level = 0;
  RuleHit hit;
  hit.rule = 7;
  hit.keys = {say("sa"), Untrusted{}};
  RuleHitsOmitted omitted;
  omitted.count = 3;
  const std::vector<Artefact> artefacts{
      HostFact{},      Unlocking{},      account,    LocalGroup{},
      membership,      PasswordPolicy{}, secret,     AccountRights{},
      AuditPolicy{},   service,          permission, ApplicationIdentity{},
      KeyReadInFull{}, version,          key,        property,
      change,          deleted,          value,      listed,
      account_name,    autostart,        settings,   root,
      share,           sql_server,       hit,        omitted};
  ASSERT_EQ(artefacts.size(), std::variant_size_v<Artefact>);
  for (const Artefact& artefact : artefacts) {
    WireWriter writer;
    write_artefact(writer, artefact);
    WireReader reader(writer.bytes());
    const Artefact copy = read_artefact(reader);
    reader.expect_end();
    EXPECT_EQ(copy.index(), artefact.index());
    if (const auto* same = std::get_if<Account>(&copy)) {
      EXPECT_EQ(same->name, account.name);
      EXPECT_EQ(same->where, account.where);
      EXPECT_EQ(same->history.size(), 2U);
      EXPECT_EQ(same->name_rid, 500U);
    }
    if (const auto* same = std::get_if<Service>(&copy)) {
      EXPECT_EQ(same->service_dll, service.service_dll);
    }
    if (const auto* same = std::get_if<AccountName>(&copy)) {
      EXPECT_EQ(same->rid, 1004U);
    }
    if (const auto* same = std::get_if<AutostartEntry>(&copy)) {
      EXPECT_EQ(same->place, AutostartEntry::Place::kAppCertDll);
      EXPECT_EQ(same->command, autostart.command);
    }
    if (const auto* same = std::get_if<LogSettings>(&copy)) {
      EXPECT_EQ(same->retention, LogSettings::kNeverOverwritten);
    }
    if (const auto* same = std::get_if<VirtualRoot>(&copy)) {
      EXPECT_EQ(same->target, root.target);
    }
    if (const auto* same = std::get_if<NetworkShare>(&copy)) {
      EXPECT_EQ(same->path, share.path);
    }
    if (const auto* same = std::get_if<SqlServer>(&copy)) {
      EXPECT_EQ(same->audit_level, 0U);
      EXPECT_EQ(same->login_mode, std::nullopt);
    }
    if (const auto* same = std::get_if<GroupMembership>(&copy)) {
      EXPECT_EQ(same->member, well_known::kInteractive);
      EXPECT_EQ(same->groups, std::vector{545U});
    }
    if (const auto* same = std::get_if<AccessPermission>(&copy)) {
      EXPECT_EQ(same->of, AccessPermission::Of::kPooledLaunch);
      EXPECT_EQ(same->descriptor.dacl.front().trustee, well_known::kSystem);
    }
    if (const auto* same = std::get_if<StoredKey>(&copy)) {
      EXPECT_EQ(same->kind, key.kind);
      EXPECT_EQ(same->result, key.result);
      EXPECT_EQ(same->key_from, key.key_from);
    }
    if (const auto* same = std::get_if<MetabaseSnapshot>(&copy)) {
      EXPECT_EQ(same->iis5_isolation_mode, false);
      EXPECT_EQ(same->applications.front().isolated, 2U);
      EXPECT_EQ(same->password_method, SecretMethod::kKeystream);
      ASSERT_EQ(same->password_matches.size(), 1U);
      EXPECT_TRUE(same->password_matches.front().previous);
      EXPECT_EQ(same->password_matches.front().result, Equality::kDifferent);
      EXPECT_EQ(same->password_matches.front().by, SecretMatch::By::kSignature);
      EXPECT_EQ(same->opened_by, version.opened_by);
    }
    if (const auto* same = std::get_if<MetabaseValue>(&copy)) {
      EXPECT_EQ(same->name, listed.name);
      EXPECT_EQ(same->value, listed.value);
    }
    if (const auto* same = std::get_if<SecureProperty>(&copy)) {
      EXPECT_EQ(same->cipher_digest, property.cipher_digest);
      EXPECT_EQ(same->name, property.name);
      EXPECT_EQ(same->method, SecretMethod::kRsaKey);
      EXPECT_EQ(same->characters, 0U);
      EXPECT_EQ(same->signature, SignatureCheck::kForeign);
    }
    if (const auto* same = std::get_if<ReplayedChange>(&copy)) {
      EXPECT_EQ(same->where_before, change.where_before);
      EXPECT_EQ(same->after, change.after);
      EXPECT_TRUE(same->before.empty());
    }
    if (const auto* same = std::get_if<DeletedKey>(&copy)) {
      EXPECT_EQ(same->name, deleted.name);
      EXPECT_EQ(same->last_written, deleted.last_written);
    }
    if (const auto* same = std::get_if<DeletedValue>(&copy)) {
      EXPECT_EQ(same->path, value.path);
      EXPECT_EQ(same->size, 80U);
    }
  }
}

TEST(Wire, NumbersOfALogArriveWithItsSummary) {
  const NumberedPlace before{7, 0x700, Timestamp::from_unix(7)};
  const NumberedPlace after{12, 0xC00, Timestamp::from_unix(6)};
  SourceSummary summary;
  LogNumbering& numbering = summary.numbering;
  numbering.lowest = before;
  numbering.highest = after;
  numbering.missing = 4;
  numbering.gap_count = 1;
  numbering.gaps = {NumberedPair{before, after}};
  numbering.restarts = 2;
  numbering.first_restart = NumberedPair{after, before};
  numbering.steps_back = 3;
  numbering.longest_step_back = NumberedPair{before, after};
  numbering.channels = 5;
  numbering.computers = 6;
  numbering.computers_return = numbering.open = true;
  numbering.announced_next = 13;
  numbering.of_former_life = after;

  const LogNumbering copy = round_trip(summary).numbering;
  EXPECT_EQ(copy.lowest->offset, 0x700U);
  EXPECT_EQ(copy.highest->time, after.time);
  EXPECT_EQ(copy.missing, 4U);
  EXPECT_EQ(copy.gap_count, 1U);
  ASSERT_EQ(copy.gaps.size(), 1U);
  EXPECT_EQ(copy.gaps.front().missing(), 4U);
  EXPECT_EQ(copy.restarts, 2U);
  EXPECT_EQ(copy.first_restart->before.number, 12U);
  EXPECT_EQ(copy.steps_back, 3U);
  EXPECT_EQ(copy.longest_step_back->after.number, 12U);
  EXPECT_EQ(copy.channels, 5U);
  EXPECT_EQ(copy.computers, 6U);
  EXPECT_TRUE(copy.computers_return);
  EXPECT_FALSE(copy.numbered_anew);
  EXPECT_TRUE(copy.open);
  EXPECT_FALSE(copy.wrapped);
  EXPECT_FALSE(copy.announced_oldest);
  EXPECT_EQ(copy.announced_next, 13U);
  EXPECT_EQ(copy.of_former_life->number, 12U);
}

TEST(Wire, CutFramesAreRefusedAtEveryLength) {
  WireWriter writer;
  Secret secret;
  secret.name = Untrusted{std::string("SCM:{3D14228D}")};
  writer.put(secret);
  const std::string whole = writer.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    WireReader reader(std::string_view{whole}.substr(0, size));
    Secret copy;
    EXPECT_THROW(reader.get(copy), WireError) << size;
  }
}

TEST(Wire, LiesAreRefused) {
  const auto refused = [](const std::string& bytes, auto value) {
    WireReader reader(bytes);
    EXPECT_THROW(reader.get(value), WireError);
  };
  refused("\x10", SourceKind{});  // no such kind
  refused("\x06", SecretMethod{});
  refused("\x05", SecretMatch::By{});
  refused("\x1A", AutostartEntry::Place{});
  refused("\xFF\xFF\xFF\xFF", std::vector<std::uint32_t>{});  // a list longer than the frame
  refused("\xFF\xFF\xFF\xFFx", std::string{});                // a text longer than the frame
  std::string sid(32, '\0');
  sid[1] = 16;  // more subauthorities than there can be
  refused(sid, Sid{});
  WireReader long_frame("ab");
  EXPECT_THROW(long_frame.expect_end(), WireError);
}

TEST(Frames, ArriveWholeHoweverThePipeCutsThem) {
  std::string stream;
  for (const char* text : {"first", "", "third"}) {
    const std::string content = std::string(1, '\x07') + text;
    const auto size = static_cast<std::uint32_t>(content.size());
    stream.append(reinterpret_cast<const char*>(&size), sizeof size);
    stream += content;
  }
  FrameReader frames;
  std::vector<std::string> seen;
  for (const char byte : stream) {
    frames.add({&byte, 1});
    for (Frame frame; frames.next(frame);) {
      seen.emplace_back(frame.content);
    }
    frames.compact();
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"first", "", "third"}));
  EXPECT_FALSE(frames.torn());
}

TEST(Frames, ImpossibleLengthsAndTypesAreRefused) {
  for (const std::string& bytes :
       {std::string("\xFF\xFF\xFF\xFF\x01", 5), std::string("\0\0\0\0\x01", 5),
        std::string("\x01\0\0\0\x63", 5)}) {
    FrameReader frames;
    frames.add(bytes);
    Frame frame;
    EXPECT_THROW(frames.next(frame), WireError);
  }
}

}  // namespace
}  // namespace iwamtrace
