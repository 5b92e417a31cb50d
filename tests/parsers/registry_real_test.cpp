// Real hives of NT4, XP and Windows 10 against their published answers.
#include <cstring>
#include <gtest/gtest.h>

#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Kind = HostFact::Kind;

CollectingSink read(const std::string& folder, const std::vector<std::string>& files,
                    bool reveal = false) {
  std::vector<std::filesystem::path> paths;
  for (const std::string& file : files) {
    paths.push_back(data_folder() / folder / file);
  }
  CollectingSink sink;
  ReadOptions options;
  options.reveal_secrets = reveal;
  read_all(TestSources::of_files(paths), sink, options);
  return sink;
}

std::string fact(const CollectingSink& sink, Kind kind) {
  for (const HostFact& fact : sink.all<HostFact>()) {
    if (fact.kind == kind) {
      return plain(fact.value);
    }
  }
  return "";
}

Account account(const CollectingSink& sink, std::string_view name) {
  for (const Account& account : sink.all<Account>()) {
    if (account.name.is(name)) {
      return account;
    }
  }
  ADD_FAILURE() << "no account " << name;
  return {};
}

Secret secret(const CollectingSink& sink, std::string_view name) {
  for (const Secret& secret : sink.all<Secret>()) {
    if (secret.name.view().starts_with(name)) {
      return secret;
    }
  }
  ADD_FAILURE() << "no secret " << name;
  return {};
}

std::string iso(const std::optional<Timestamp>& time) { return time ? to_iso(*time) : "none"; }

class WindowsXp : public testing::Test {
 protected:
  void SetUp() override {
    IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
    // In this order on purpose: SYSTEM is needed first and comes last.
    sink_ = std::make_unique<CollectingSink>(
        read("hives/bitcurator", {"SAM", "SECURITY", "SYSTEM"}, true));
  }
  [[nodiscard]] const CollectingSink& sink() const { return *sink_; }

 private:
  std::unique_ptr<CollectingSink> sink_;
};

TEST_F(WindowsXp, HivesBelongTogetherByTheirChecks) {
  const auto unlockings = sink().all<Unlocking>();
  ASSERT_EQ(unlockings.size(), 3U);
  for (const Unlocking& unlocking : unlockings) {
    EXPECT_EQ(unlocking.result, Unlocking::Result::kOpened);
    EXPECT_EQ(unlocking.key_from, SourceId{2});
  }
  EXPECT_TRUE(sink().losses().empty());
}

TEST_F(WindowsXp, MachineFacts) {
  EXPECT_EQ(fact(sink(), Kind::kComputerName), "M57-PAT");
  EXPECT_EQ(fact(sink(), Kind::kTimeZone), "Pacific Standard Time");
  EXPECT_EQ(fact(sink(), Kind::kTimeZoneBias), "480");
  EXPECT_EQ(fact(sink(), Kind::kProductType), "WinNT");
  EXPECT_EQ(fact(sink(), Kind::kPolicyRevision), "1.7");
  EXPECT_EQ(fact(sink(), Kind::kPrimaryDomain), "WORKGROUP");
  std::size_t sids = 0;
  for (const HostFact& host : sink().all<HostFact>()) {  // SAM and SECURITY say the same
    if (host.kind == Kind::kMachineSid) {
      ++sids;
      EXPECT_EQ(plain(host.value), "S-1-5-21-1292428093-1645522239-1547161642");
    }
  }
  EXPECT_EQ(sids, 2U);
}

TEST_F(WindowsXp, AccountsAndTheirHashes) {
  const Account helper = account(sink(), "HelpAssistant");
  EXPECT_EQ(helper.rid, 1000U);
  EXPECT_EQ(helper.fixed_rid, 1000U);
  EXPECT_EQ(plain(helper.revealed_nt_hash), "dd05fb57f28c70c193198bb1dfed2f37");
  EXPECT_EQ(to_string(*helper.fingerprint), "8cc140c80207e079");
  EXPECT_EQ(iso(helper.password_last_set), "2009-11-09T00:23:19.1715000Z");
  EXPECT_EQ(helper.flags, kNormalAccount | kPasswordNeverExpires | kAccountDisabled);

  const Account administrator = account(sink(), "Administrator");
  EXPECT_EQ(plain(administrator.revealed_nt_hash), "e76f3e0e6fa6cbb0cd98360225f6b955");
  EXPECT_EQ(iso(administrator.last_logon), "2009-11-10T01:21:04.9375000Z");
  EXPECT_EQ(iso(administrator.last_bad_password), "2009-11-10T19:18:30.5937500Z");
  EXPECT_EQ(administrator.bad_password_count, 1);
  EXPECT_EQ(administrator.logon_count, 4);

  EXPECT_EQ(account(sink(), "Pat").nt_state, HashState::kEmpty);
  EXPECT_EQ(sink().all<Account>().size(), 5U);
}

TEST_F(WindowsXp, SecretEqualsTheSamAndAnotherEqualsNothing) {
  const Secret helper = secret(sink(),
                               "0083343a-f925-4ed7-b1d6-d95d17a0b57b-RemoteDesktop"
                               "HelpAssistantAccount");
  EXPECT_EQ(plain(helper.current.revealed), "vF=1NyDkZvzdeK");
  EXPECT_EQ(helper.current.length, 30U);
  EXPECT_EQ(helper.current.password_length, 14U);
  EXPECT_EQ(helper.current.fingerprint, account(sink(), "HelpAssistant").fingerprint);
  EXPECT_EQ(iso(helper.current.set), "2009-11-09T00:23:21.4371250Z");
  EXPECT_EQ(helper.previous.state, SecretState::kEmpty);

  const Secret automatic = secret(sink(), "DefaultPassword");
  EXPECT_EQ(plain(automatic.current.revealed), "admin");
  EXPECT_EQ(automatic.previous.state, SecretState::kAbsent);
  for (const Account& any : sink().all<Account>()) {
    EXPECT_NE(automatic.current.fingerprint, any.fingerprint);
  }
}

TEST_F(WindowsXp, BinarySecretsHaveNoFingerprint) {
  for (const char* name : {"DPAPI_SYSTEM", "NL$KM", "L$HYDRAENCKEY", "SAC"}) {
    const Secret binary = secret(sink(), name);
    EXPECT_EQ(binary.current.state, SecretState::kValue) << name;
    EXPECT_EQ(binary.current.fingerprint, std::nullopt) << name;
  }
  EXPECT_EQ(
      plain(secret(sink(), "DPAPI_SYSTEM").current.revealed),
      "0x01000000695cd3e6ca3e49c22fcc6fe55b039984e5ee5b6212e1624f517e768e9cc2a698a27f176007126304");
}

TEST_F(WindowsXp, NameThatEndsInANulIsShownWithoutAndCitedWithIt) {
  const Secret sac = secret(sink(), "SAC");
  EXPECT_EQ(plain(sac.name), "SAC");
  EXPECT_EQ(plain(sac.where.path), std::string("\\Policy\\Secrets\\SAC\0", 20));
}

TEST_F(WindowsXp, GroupsRightsAndAuditPolicy) {
  const auto groups = sink().all<LocalGroup>();
  const auto users = std::ranges::find(groups, 0x221U, &LocalGroup::rid);
  ASSERT_NE(users, groups.end());
  EXPECT_EQ(plain(users->name), "Users");
  EXPECT_TRUE(users->builtin);
  EXPECT_NE(std::ranges::find(users->members, well_known::kAuthenticatedUsers),
            users->members.end());
  EXPECT_NE(std::ranges::find(users->members, well_known::kInteractive), users->members.end());

  const auto rights = sink().all<AccountRights>();
  const auto administrators =
      std::ranges::find(rights, well_known::kAdministrators, &AccountRights::sid);
  ASSERT_NE(administrators, rights.end());
  EXPECT_NE(administrators->logon_rights & kInteractiveLogon, 0U);
  EXPECT_FALSE(administrators->privileges.empty());

  const auto audit = sink().all<AuditPolicy>();
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_FALSE(audit.front().enabled);
  EXPECT_EQ(audit.front().categories.size(), 9U);
}

TEST_F(WindowsXp, CitationsLeadToTheBytes) {
  const std::string sam = file_bytes(data_folder() / "hives/bitcurator/SAM");
  const Account helper = account(sink(), "HelpAssistant");
  EXPECT_EQ(plain(helper.password_set_where.path),
            "\\SAM\\Domains\\Account\\Users\\000003E8\\F+0x18");
  std::int64_t ticks = 0;
  std::memcpy(&ticks, sam.data() + helper.password_set_where.offset, sizeof ticks);
  EXPECT_EQ(Timestamp{ticks}, *helper.password_last_set);
  const std::string blob = hex(as_bytes(sam).subspan(helper.hash_where.offset, 20));
  EXPECT_EQ(blob, "010001006b5ac60483fcf1beae3e14990744146f");

  const std::string security = file_bytes(data_folder() / "hives/bitcurator/SECURITY");
  const Secret secret_of_helper =
      secret(sink(), "0083343a-f925-4ed7-b1d6-d95d17a0b57b-RemoteDesktopHelpAssistantAccount");
  EXPECT_EQ(hex(as_bytes(security).subspan(secret_of_helper.current.where.offset, 12)),
            "2800000028000020bcf60a00");
}

TEST_F(WindowsXp, NothingSecretWithoutTheWish) {
  const CollectingSink quiet = read("hives/bitcurator", {"SAM", "SECURITY", "SYSTEM"});
  for (const Account& any : quiet.all<Account>()) {
    EXPECT_TRUE(any.revealed_nt_hash.empty());
  }
  for (const Secret& any : quiet.all<Secret>()) {
    EXPECT_TRUE(any.current.revealed.empty());
    EXPECT_TRUE(any.previous.revealed.empty());
  }
}

TEST(WindowsNt4, HashesWithoutSyskeyAreReadAndTheBootKeyIsMissedByName) {
  IWAMTRACE_NEEDS_DATA("hives/aiowinreg/nt/sam.reg");
  const CollectingSink sink =
      read("hives/aiowinreg/nt", {"sam.reg", "security.reg", "software.reg", "system.reg"}, true);
  const Account administrator = account(sink, "Administrator");
  EXPECT_EQ(plain(administrator.revealed_nt_hash), "f8963568a1ec62a3161d9d6449baba93");
  EXPECT_EQ(account(sink, "test").fingerprint, administrator.fingerprint);
  std::string said;
  for (const Unlocking& unlocking : sink.all<Unlocking>()) {
    said += plain(unlocking.because) + "\n";
  }
  EXPECT_NE(said.find("no boot key: JD, Skew1, GBG and Data do not hold one"), std::string::npos);
  EXPECT_NE(said.find("SAM has no key structure (NT4 without SYSKEY)"), std::string::npos);
  EXPECT_NE(said.find("SECURITY has no key of NT5 or NT6"), std::string::npos);
  EXPECT_EQ(secret(sink, "$MACHINE.ACC").current.state, SecretState::kLocked);
  EXPECT_EQ(iso(secret(sink, "$MACHINE.ACC").current.set), "2023-02-07T20:49:37.2031250Z");
  EXPECT_EQ(fact(sink, Kind::kWindowsVersion), "Windows NT 4.0.1381 Service Pack 3");
  EXPECT_EQ(fact(sink, Kind::kProductType), "LanmanNT");
  EXPECT_EQ(sink.all<AuditPolicy>().front().categories.size(), 7U);
  EXPECT_TRUE(sink.losses().empty());
}

TEST(ForeignHives, AreRefusedByNameAndNeverDecryptedIntoGarbage) {
  IWAMTRACE_NEEDS_DATA("hives/regipy/SAM");
  const CollectingSink sink = read("hives/regipy", {"SAM", "SECURITY", "SYSTEM_2"}, true);
  std::size_t refused = 0;
  for (const Unlocking& unlocking : sink.all<Unlocking>()) {
    if (unlocking.result == Unlocking::Result::kForeign) {
      ++refused;
      EXPECT_NE(plain(unlocking.because).find("do not belong together"), std::string::npos);
    }
  }
  EXPECT_EQ(refused, 2U);
  for (const Account& any : sink.all<Account>()) {
    EXPECT_NE(any.nt_state, HashState::kKnown);
    if (any.nt_state == HashState::kLocked) {  // that none is stored is no secret
      EXPECT_EQ(any.fingerprint, std::nullopt);
    }
  }
  for (const Secret& any : sink.all<Secret>()) {
    EXPECT_EQ(any.current.state, SecretState::kLocked);
    EXPECT_EQ(any.current.length, std::nullopt);
  }
  EXPECT_EQ(fact(sink, Kind::kComputerName), "SENSEI");
}

TEST(RealIwam, AccountOfAServerThatHadIis) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SAM_DUPENAME");
  const CollectingSink sink = read("hives/ez-registry", {"SAM_DUPENAME"});
  const Account iwam = account(sink, "IWAM_FINN");
  EXPECT_EQ(iwam.rid, 1014U);
  EXPECT_EQ(iso(iwam.created), "2003-10-03T13:04:13.3281250Z");
  EXPECT_EQ(iso(iwam.password_last_set), "2004-02-15T19:53:51.8906250Z");
  EXPECT_EQ(iso(iwam.last_logon).substr(0, 19), "2006-07-01T17:32:39");
  EXPECT_EQ(iso(iwam.last_bad_password).substr(0, 19), "2005-10-17T18:33:28");
  EXPECT_EQ(iwam.logon_count, 10);
  EXPECT_NE(iwam.flags & kAccountDisabled, 0U);
  EXPECT_EQ(iwam.nt_state, HashState::kLocked);
  EXPECT_EQ(sink.all<Account>().size(), 15U);
}

TEST(DirtyHive, IsReadWithItsLogAndBothAreSaid) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/OldDirtyHive/OldDirtyHive");
  const CollectingSink sink =
      read("hives/yarp/OldDirtyHive", {"OldDirtyHive", "OldDirtyHive.LOG1"});
  EXPECT_NE(said_of(sink, 0).find("the hive is dirty: read with its transaction logs applied in "
                                  "memory (1 entry, 32768 bytes of source 1)"),
            std::string::npos);
  EXPECT_NE(said_of(sink, 1).find("a transaction log of source 0"), std::string::npos);
  EXPECT_EQ(sink.summaries[1].kind, SourceKind::kHiveLog);
  EXPECT_TRUE(sink.losses().empty());
}

TEST(DirtyHive, WithoutItsLogIsSaidToBeDirty) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SECURITY");
  const CollectingSink sink = read("hives/ez-registry", {"SECURITY"});
  EXPECT_NE(said_of(sink, 0).find("the hive is dirty"), std::string::npos);
  EXPECT_TRUE(sink.losses().empty());
}

}  // namespace
}  // namespace iwamtrace
