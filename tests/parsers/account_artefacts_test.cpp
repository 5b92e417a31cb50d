// What hives hold about accounts besides passwords: both lists of group members, rights,
// permissions, services and names. Made hives, and real ones beside reglookup's reading.
#include <gtest/gtest.h>
#include <set>

#include "make/bytes.h"
#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "tests/support/evidence.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;
using Of = AccessPermission::Of;
using Kind = HostFact::Kind;

CollectingSink read(const std::vector<MadeHive>& hives) {
  std::vector<std::string> contents;
  for (const MadeHive& hive : hives) {
    contents.push_back(HiveWriter(hive).bytes());
  }
  CollectingSink sink;
  read_all(TestSources(contents), sink);
  return sink;
}

CollectingSink read_real(const std::string& file) {
  CollectingSink sink;
  read_all(TestSources::of_files({data_folder() / file}), sink);
  return sink;
}

bool read_in_full(const CollectingSink& sink, Which which) {
  const auto keys = sink.all<KeyReadInFull>();
  return std::ranges::find(keys, which, &KeyReadInFull::which) != keys.end();
}

std::optional<AccessPermission> permission(const CollectingSink& sink, Of of) {
  const auto all = sink.all<AccessPermission>();
  const auto found = std::ranges::find(all, of, &AccessPermission::of);
  return found == all.end() ? std::nullopt : std::optional{*found};
}

std::vector<std::string> facts(const CollectingSink& sink, Kind kind) {
  std::vector<std::string> values;
  for (const HostFact& fact : sink.all<HostFact>()) {
    if (fact.kind == kind) {
      values.push_back(plain(fact.value));
    }
  }
  return values;
}

using Membership = std::tuple<bool, std::string, std::uint32_t>;  // built-in, member, group

std::set<Membership> by_member(const CollectingSink& sink) {
  std::set<Membership> all;
  for (const GroupMembership& membership : sink.all<GroupMembership>()) {
    for (const std::uint32_t group : membership.groups) {
      all.emplace(membership.builtin, to_string(membership.member), group);
    }
  }
  return all;
}

std::set<Membership> by_group(const CollectingSink& sink) {
  std::set<Membership> all;
  for (const LocalGroup& group : sink.all<LocalGroup>()) {
    for (const Sid& member : group.members) {
      all.emplace(group.builtin, to_string(member), group.rid);
    }
  }
  return all;
}

// ---- both lists of members ----

TEST(SamGroups, BothListsAreReadAndAgree) {
  const CollectingSink sink = read({hive_of(example_sam())});
  EXPECT_EQ(by_member(sink), by_group(sink));
  EXPECT_TRUE(by_member(sink).contains({true, "S-1-5-11", 0x221}));
  EXPECT_TRUE(by_member(sink).contains({true, to_string(kMachine.with(1003)), 0x222}));
  EXPECT_TRUE(by_member(sink).contains({false, to_string(kMachine.with(1003)), 1005}));
  EXPECT_TRUE(read_in_full(sink, Which::kBuiltinGroups));
  EXPECT_TRUE(read_in_full(sink, Which::kMachineGroups));
  EXPECT_TRUE(read_in_full(sink, Which::kUsers));
  EXPECT_TRUE(sink.damage.empty());
}

TEST(SamGroups, ListByMemberIsCitedByItsRids) {
  const std::string bytes = HiveWriter(hive_of(example_sam())).bytes();
  CollectingSink sink;
  read_all(TestSources({bytes}), sink);
  for (const GroupMembership& membership : sink.all<GroupMembership>()) {
    std::string rids;
    for (const std::uint32_t group : membership.groups) {
      rids += ByteWriter().u32(group).take();
    }
    EXPECT_EQ(bytes.substr(membership.where.offset, rids.size()), rids);
  }
  const auto memberships = sink.all<GroupMembership>();
  const auto interactive =
      std::ranges::find(memberships, well_known::kInteractive, &GroupMembership::member);
  ASSERT_NE(interactive, memberships.end());
  EXPECT_EQ(plain(interactive->where.path),
            "\\SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\00000004\\(Default)");
}

// Whoever edits one list by hand leaves the other as it was; the reader reports both as they stand.
TEST(SamGroups, ListsThatDisagreeAreReadAsTheyStand) {
  MadeHive sam = hive_of(example_sam());
  sam.root.at("SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\0000000B")
      .set(unnamed_value(ByteWriter().u32(0x220).take(), 1));
  const CollectingSink sink = read({sam});
  EXPECT_TRUE(by_member(sink).contains({true, "S-1-5-11", 0x220}));
  EXPECT_FALSE(by_member(sink).contains({true, "S-1-5-11", 0x221}));
  EXPECT_TRUE(by_group(sink).contains({true, "S-1-5-11", 0x221}));
  EXPECT_TRUE(read_in_full(sink, Which::kBuiltinGroups));
}

TEST(SamGroups, NumberOfGroupsThatLiesIsARemarkAndCostsNothing) {
  MadeHive sam = hive_of(example_sam());
  sam.root.at("SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\0000000B")
      .set(unnamed_value(ByteWriter().u32(0x221).take(), 0xFFFFFFFF));
  const CollectingSink sink = read({sam});
  EXPECT_TRUE(by_member(sink).contains({true, "S-1-5-11", 0x221}));
  ASSERT_EQ(sink.damage.size(), 1U);
  EXPECT_FALSE(sink.damage.front().lost);
  EXPECT_NE(plain(sink.damage.front().what).find("1 groups, and 4294967295 by its type"),
            std::string::npos);
}

TEST(SamGroups, MemberOfMoreGroupsThanATokenHoldsIsDamage) {
  MadeHive sam = hive_of(example_sam());
  ByteWriter rids;
  for (std::uint32_t rid = 0; rid < 1025; ++rid) {
    rids.u32(rid);
  }
  sam.root.at("SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\0000000B")
      .set(unnamed_value(rids.view(), 1025));
  const CollectingSink sink = read({sam});
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("a member of 1025 groups"), std::string::npos);
  EXPECT_FALSE(read_in_full(sink, Which::kBuiltinGroups));
}

TEST(SamGroups, MemberThatIsNoneCostsItselfAndTheListIsNotWhole) {
  MadeHive sam = hive_of(example_sam());
  sam.root.make("SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\notarid");
  sam.root.make("SAM\\Domains\\Account\\Aliases\\Members\\nosid");
  const CollectingSink sink = read({sam});
  EXPECT_EQ(by_member(sink), by_group(sink));  // the others are there
  EXPECT_EQ(sink.losses().size(), 2U);
  EXPECT_FALSE(read_in_full(sink, Which::kBuiltinGroups));
  EXPECT_FALSE(read_in_full(sink, Which::kMachineGroups));
}

TEST(SamGroups, WithoutAListByMemberNothingIsSaidToBeWhole) {
  MadeHive sam = hive_of(example_sam());
  std::erase_if(sam.root.at("SAM\\Domains\\Builtin\\Aliases").keys,
                [](const MadeKey& key) { return key.name == "Members"; });
  const CollectingSink sink = read({sam});
  EXPECT_FALSE(read_in_full(sink, Which::kBuiltinGroups));
  EXPECT_TRUE(read_in_full(sink, Which::kMachineGroups));
  EXPECT_TRUE(sink.losses().empty());
}

class RealSam : public testing::TestWithParam<const char*> {};

// Real hives of NT4, 2000, XP, 2008, 8 and 10 agree with themselves, and with reglookup.
TEST_P(RealSam, BothListsAgree) {
  IWAMTRACE_NEEDS_DATA(GetParam());
  const CollectingSink sink = read_real(GetParam());
  EXPECT_FALSE(by_member(sink).empty());
  EXPECT_EQ(by_member(sink), by_group(sink));
  EXPECT_TRUE(read_in_full(sink, Which::kBuiltinGroups));
  EXPECT_TRUE(read_in_full(sink, Which::kMachineGroups));
  EXPECT_TRUE(read_in_full(sink, Which::kUsers));
}

// ".../Members/S-1-5/0000000B,KEY,,…" for each member.
std::size_t members_by_reglookup(const std::filesystem::path& hive, const std::string& domain) {
  const TemporaryFile file("SAM", file_bytes(hive));
  const ToolRun run = run_tool(
      "reglookup", {"-t", "KEY", "-p", "/SAM/Domains/" + domain + "/Aliases/Members"}, file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  std::size_t members = 0;
  for (const std::string& line : lines_of(run.out)) {
    const std::string path = line.substr(0, line.find(','));
    members += path.starts_with("/SAM/") && std::ranges::count(path, '/') == 7 ? 1U : 0U;
  }
  return members;
}

TEST_P(RealSam, ReglookupCountsTheSameMembers) {
  IWAMTRACE_NEEDS_DATA(GetParam());
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const CollectingSink sink = read_real(GetParam());
  for (const bool builtin : {true, false}) {
    const auto memberships = sink.all<GroupMembership>();
    const auto ours = std::ranges::count(memberships, builtin, &GroupMembership::builtin);
    EXPECT_EQ(static_cast<std::size_t>(ours),
              members_by_reglookup(data_folder() / GetParam(), builtin ? "Builtin" : "Account"));
  }
}

INSTANTIATE_TEST_SUITE_P(Hives, RealSam,
                         testing::Values("hives/bitcurator/SAM", "hives/ez-registry/SAM_DUPENAME",
                                         "hives/ez-registry/SAM", "hives/ez-registry/SAM_RootValue",
                                         "hives/ez-registry/SAM_hasBigEndianDWord",
                                         "hives/aiowinreg/nt/sam.reg",
                                         "hives/aiowinreg/win2008_32/sam.reg", "hives/regipy/SAM"));

TEST(RealIwamGroups, IusrIsAGuestAndIwamIsNot) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SAM_DUPENAME");
  const CollectingSink sink = read_real("hives/ez-registry/SAM_DUPENAME");
  const std::string machine = "S-1-5-21-4271176276-4210259494-4108073714-";
  EXPECT_TRUE(by_member(sink).contains({true, machine + "1013", 546}));
  EXPECT_FALSE(by_member(sink).contains({true, machine + "1014", 546}));
}

// hivexsh takes the type, which is the number of groups, for that of text: RID 0x221 is the letter
// U+0221.
TEST(MadeSamGroups, HivexshSeesTheListByMember) {
  IWAMTRACE_NEEDS_TOOL("hivexsh", "libhivex-bin");
  const TemporaryFile sam("SAM", HiveWriter(hive_of(example_sam())).bytes());
  const TemporaryFile script(
      "script", "cd SAM\\Domains\\Builtin\\Aliases\\Members\\S-1-5\\0000000B\nlsval\n");
  const ToolRun run = run_tool("hivexsh", {"-f", script.path().string()}, sam);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_EQ(run.out, "\"@\"=\"\u0221\"\n");
}

// ---- accounts ----

TEST(SamAccounts, TimeOfZeroMeansThePasswordMustBeChanged) {
  MadeSamHive made = example_sam();
  made.users[2].password_last_set.reset();
  made.users[2].expires = moment_at("2005-01-01T00:00:00Z");
  const std::string bytes = HiveWriter(hive_of(made)).bytes();
  CollectingSink sink;
  read_all(TestSources({bytes}), sink);
  const auto accounts = sink.all<Account>();
  const auto iwam = std::ranges::find(accounts, 1003U, &Account::rid);
  ASSERT_NE(iwam, accounts.end());
  EXPECT_TRUE(iwam->password_must_change);
  EXPECT_EQ(bytes.substr(iwam->expires_where.offset, 8),
            ByteWriter().u64(filetime_of(*iwam->expires)).take());
  EXPECT_EQ(bytes.substr(iwam->last_bad_password_where.offset, 8),
            ByteWriter().u64(filetime_of(*iwam->last_bad_password)).take());

  // A time that is none is not zero.
  MadeHive never = hive_of(example_sam());
  MadeKey& user = never.root.at("SAM\\Domains\\Account\\Users\\000003EB");
  std::string f = user.value("F").data;
  f.replace(0x18, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
  user.set(binary_value("F", f));
  const CollectingSink odd = read({never});
  const auto others = odd.all<Account>();
  const auto same = std::ranges::find(others, 1003U, &Account::rid);
  ASSERT_NE(same, others.end());
  EXPECT_EQ(same->password_last_set, std::nullopt);
  EXPECT_FALSE(same->password_must_change);
}

// ---- SECURITY ----

TEST(SecurityRights, AreReadInFullWithTheirPrivilegesCited) {
  const CollectingSink sink = read({hive_of(example_system()), hive_of(example_security())});
  EXPECT_TRUE(read_in_full(sink, Which::kAccountRights));
  const auto all = sink.all<AccountRights>();
  const auto iwam = std::ranges::find(all, kMachine.with(1003), &AccountRights::sid);
  ASSERT_NE(iwam, all.end());
  EXPECT_TRUE(plain(iwam->where.path).ends_with("\\ActSysAc\\(Default)"));
  EXPECT_TRUE(plain(iwam->privileges_where.path).ends_with("\\Privilgs\\(Default)"));
}

TEST(SecurityRights, KeyThatIsNoSidCostsItselfAndTheListIsNotWhole) {
  MadeHive security = hive_of(example_security());
  security.root.make("Policy\\Accounts\\somebody");
  const CollectingSink sink = read({hive_of(example_system()), security});
  EXPECT_FALSE(read_in_full(sink, Which::kAccountRights));
  EXPECT_EQ(sink.all<AccountRights>().size(), 2U);
  EXPECT_EQ(sink.losses().size(), 1U);
}

TEST(SecurityRights, PrivilegesThatWindowsDoesNotKnowAreDamage) {
  for (const std::string& privileges :
       {ByteWriter().u32(65).u32(0).fill_to(8 + 65 * 12).take(),
        ByteWriter().u32(1).u32(0).u32(64).u32(0).u32(0).take(),
        ByteWriter().u32(2).u32(0).u32(3).u32(0).u32(0).take()}) {  // one less than announced
    MadeHive security = hive_of(example_security());
    security.root.at("Policy\\Accounts\\" + to_string(kMachine.with(1003)) + "\\Privilgs")
        .set(unnamed_value(privileges));
    const CollectingSink sink = read({hive_of(example_system()), security});
    EXPECT_EQ(sink.losses().size(), 1U);
    EXPECT_FALSE(read_in_full(sink, Which::kAccountRights));
    EXPECT_EQ(sink.all<AccountRights>().size(), 1U);
  }
}

TEST(SecuritySecrets, KeyOfThePooledApplicationsSecretHasItsPermissions) {
  const CollectingSink sink = read({hive_of(example_system()), hive_of(example_security())});
  const auto key = permission(sink, Of::kPooledSecretKey);
  ASSERT_TRUE(key);
  ASSERT_FALSE(key->descriptor.dacl.empty());
  EXPECT_EQ(key->descriptor.dacl.front().trustee, well_known::kSystem);
  EXPECT_EQ(plain(key->where.path), "\\Policy\\Secrets\\" + std::string(kPooledSecret));
}

// ---- SYSTEM ----

TEST(SystemServices, AllKeysAreTakenAlsoOneWithoutAStartType) {
  MadeHive system = hive_of(example_system());
  system.root.make("ControlSet001\\Services\\W3SVC\\Performance");
  const CollectingSink sink = read({system});
  EXPECT_TRUE(read_in_full(sink, Which::kServices));
  const auto services = sink.all<Service>();
  const auto named = [&](std::string_view name) {
    return std::ranges::find_if(services,
                                [&](const Service& service) { return service.name.is(name); });
  };
  ASSERT_NE(named("IISADMIN"), services.end());
  EXPECT_EQ(named("IISADMIN")->start, 4U);
  EXPECT_EQ(plain(named("IISADMIN")->where.path), "\\ControlSet001\\Services\\IISADMIN\\Start");
  ASSERT_NE(named("W3SVC"), services.end());
  EXPECT_EQ(named("W3SVC")->start, std::nullopt);
}

// Garbage where the data of a value should be costs that service, and the list is not whole.
TEST(SystemServices, OneThatCannotBeReadCostsItself) {
  std::string bytes = HiveWriter(hive_of(example_system())).bytes();
  const std::size_t value = bytes.find("ImagePath") - 20;  // the vk cell's signature
  ASSERT_EQ(bytes.substr(value, 2), "vk");
  bytes.replace(value + 8, 4, "\xF0\xFF\xFF\x7F");  // offset of its data
  CollectingSink sink;
  read_all(TestSources({bytes}), sink);
  EXPECT_FALSE(read_in_full(sink, Which::kServices));
  EXPECT_FALSE(sink.losses().empty());
  EXPECT_EQ(facts(sink, Kind::kComputerName), std::vector<std::string>{"WEB1"});
}

TEST(SystemNames, OtherNamesAreTakenFromWhereARenameLeavesThem) {
  MadeHive system = hive_of(example_system());
  const auto name = [&](const std::string& key, const std::string& value, const std::string& text) {
    system.root.make(key).set(text_value(value, text));
  };
  name("ControlSet001\\Control\\ComputerName\\ActiveComputerName", "ComputerName", "ACTIVE");
  name("ControlSet001\\Services\\Eventlog", "ComputerName", "LOGGED");
  name("ControlSet001\\Services\\Tcpip\\Parameters", "NV Hostname", "tcp-next");
  name("ControlSet001\\Services\\Tcpip\\Parameters", "Hostname", "tcp");
  name("ControlSet002\\Control\\ComputerName\\ComputerName", "ComputerName", "OLDNAME");
  const CollectingSink sink = read({system});
  EXPECT_EQ(facts(sink, Kind::kComputerName), std::vector<std::string>{"WEB1"});
  EXPECT_EQ(facts(sink, Kind::kKnownAs),
            (std::vector<std::string>{"ACTIVE", "LOGGED", "tcp-next", "tcp", "OLDNAME"}));
}

// A broken list in a spare set costs nothing: its keys are found by their parent, and that is told.
TEST(SystemNames, ControlSetWithABrokenListIsMended) {
  MadeHive system = hive_of(example_system());
  system.root.make("ControlSet002\\Control\\ComputerName\\ComputerName")
      .set(text_value("ComputerName", "OLDNAME"));
  std::string bytes = HiveWriter(system).bytes();
  const std::size_t key = bytes.find("ControlSet002") - 76;  // its nk cell's signature
  ASSERT_EQ(bytes.substr(key, 2), "nk");
  bytes.replace(key + 28, 4, "\xF0\xFF\xFF\x7F");  // list of its sub-keys
  CollectingSink sink;
  read_all(TestSources({bytes, HiveWriter(hive_of(example_sam())).bytes()}), sink);
  EXPECT_EQ(facts(sink, Kind::kKnownAs), std::vector<std::string>{"OLDNAME"});
  EXPECT_FALSE(sink.damage.empty());
  EXPECT_EQ(sink.all<Account>().front().nt_state, HashState::kKnown);
}

TEST(SystemNames, RealXpHasKeptNoOtherName) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SYSTEM");
  const CollectingSink sink = read_real("hives/bitcurator/SYSTEM");
  const auto names = facts(sink, Kind::kKnownAs);
  EXPECT_EQ(names, (std::vector<std::string>{"M57-PAT", "m57-pat", "m57-pat", "M57-PAT"}));
  EXPECT_TRUE(read_in_full(sink, Which::kServices));
  EXPECT_TRUE(sink.losses().empty());
}

// ---- SOFTWARE ----

TEST(SoftwarePermissions, EachIsNamedByWhatItIsOf) {
  MadeSoftwareHive made = example_software();
  made.app_ids[0].launch_permission = SecurityDescriptor{
      .owner = {},
      .group = {},
      .has_dacl = true,
      .dacl = {deny_ace(kMachine.with(1003), 1), allow_ace(well_known::kEveryone, 1)}};
  MadeHive software = hive_of(made);
  MadeKey& ole = software.root.at("Microsoft\\Ole");
  ole.set(number_value("LegacyAuthenticationLevel", 2));
  ole.set(number_value("LegacyImpersonationLevel", 3));
  ole.set(
      binary_value("MachineLaunchRestriction", descriptor_bytes(*made.default_launch_permission)));
  const CollectingSink sink = read({software});
  for (const Of of :
       {Of::kDcomKey, Of::kDefaultLaunch, Of::kMachineLaunch, Of::kPooledKey, Of::kPooledLaunch}) {
    EXPECT_TRUE(permission(sink, of)) << name_of(of);
  }
  EXPECT_FALSE(permission(sink, Of::kDefaultAccess));
  EXPECT_FALSE(permission(sink, Of::kPooledAccess));
  EXPECT_EQ(permission(sink, Of::kPooledLaunch)->descriptor.dacl.size(), 2U);
  EXPECT_EQ(facts(sink, Kind::kLegacyAuthenticationLevel), std::vector<std::string>{"2"});
  EXPECT_EQ(facts(sink, Kind::kLegacyImpersonationLevel), std::vector<std::string>{"3"});
  EXPECT_TRUE(read_in_full(sink, Which::kDcom));
  EXPECT_TRUE(read_in_full(sink, Which::kApplicationIds));
  EXPECT_TRUE(sink.damage.empty());
}

TEST(SoftwarePermissions, DescriptorThatIsNoneIsDamageAndItsKeyIsNotWhole) {
  MadeHive software = hive_of(example_software());
  software.root.at("Microsoft\\Ole").set(binary_value("DefaultLaunchPermission", "\x01garbage"));
  const CollectingSink sink = read({software});
  EXPECT_FALSE(permission(sink, Of::kDefaultLaunch));
  EXPECT_FALSE(read_in_full(sink, Which::kDcom));
  EXPECT_TRUE(read_in_full(sink, Which::kApplicationIds));
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("DefaultLaunchPermission"), std::string::npos);
}

TEST(SoftwarePermissions, WithoutTheApplicationTheListWasReadAllTheSame) {
  MadeSoftwareHive made = example_software();
  made.app_ids.clear();
  const CollectingSink sink = read({hive_of(made)});
  EXPECT_TRUE(sink.all<ApplicationIdentity>().empty());
  ASSERT_TRUE(read_in_full(sink, Which::kApplicationIds));
}

TEST(SoftwarePermissions, RealNt4HasADefaultLaunchPermission) {
  IWAMTRACE_NEEDS_DATA("hives/aiowinreg/nt/software.reg");
  const CollectingSink sink = read_real("hives/aiowinreg/nt/software.reg");
  const auto launch = permission(sink, Of::kDefaultLaunch);
  ASSERT_TRUE(launch);
  ASSERT_EQ(launch->descriptor.dacl.size(), 3U);
  EXPECT_EQ(launch->descriptor.dacl[0].trustee, well_known::kSystem);
  EXPECT_EQ(launch->descriptor.dacl[1].trustee, well_known::kInteractive);
  EXPECT_EQ(launch->descriptor.dacl[2].trustee, well_known::kAdministrators);
  EXPECT_TRUE(read_in_full(sink, Which::kDcom));
}

}  // namespace
}  // namespace iwamtrace
