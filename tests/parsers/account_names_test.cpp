// The list of names in SAM beside the accounts: what it says of hijacked, cloned and hidden ones.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "make/bytes.h"
#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

bool names_read_in_full(const CollectingSink& sink) {
  const auto keys = sink.all<KeyReadInFull>();
  return std::ranges::find(keys, KeyReadInFull::Which::kAccountNames, &KeyReadInFull::which) !=
         keys.end();
}

// "Administrator 500" of each.
std::vector<std::string> names(const CollectingSink& sink) {
  std::vector<std::string> all;
  for (const AccountName& name : sink.all<AccountName>()) {
    all.push_back(plain(name.name) + " " + std::to_string(name.rid));
  }
  return all;
}

Account account(const CollectingSink& sink, std::uint32_t rid) {
  for (const Account& account : sink.all<Account>()) {
    if (account.rid == rid) {
      return account;
    }
  }
  ADD_FAILURE() << "no account " << rid;
  return {};
}

TEST(SamNames, OfSoundAccountsAgreeWithThem) {
  const CollectingSink sink = read_files({clean(hive_of(example_sam()))});
  EXPECT_EQ(names(sink),
            (std::vector<std::string>{"Administrator 500", "Guest 501", "IWAM_WEB1 1003"}));
  const AccountName iwam = sink.all<AccountName>().back();
  EXPECT_EQ(iwam.created, moment_at("2003-10-03T13:05:00Z"));
  EXPECT_EQ(plain(iwam.where.path), "\\SAM\\Domains\\Account\\Users\\Names\\IWAM_WEB1");
  for (const Account& each : sink.all<Account>()) {
    EXPECT_EQ(each.name_rid, std::nullopt);
    EXPECT_EQ(each.fixed_rid, each.rid);
  }
  EXPECT_TRUE(names_read_in_full(sink));
  EXPECT_TRUE(sink.damage.empty());
}

TEST(SamNames, TwoOfOneRidAreBothThereAndKeepTheirTimes) {
  MadeSamHive made = example_sam();
  made.further_names = {MadeAccountName{
      .name = "support$", .rid = 500, .created = moment_at("2004-06-14T02:00:00Z")}};
  const CollectingSink sink = read_files({clean(hive_of(made))});
  EXPECT_EQ(names(sink), (std::vector<std::string>{"Administrator 500", "Guest 501",
                                                   "IWAM_WEB1 1003", "support$ 500"}));
  EXPECT_EQ(sink.all<AccountName>().back().created, moment_at("2004-06-14T02:00:00Z"));
  EXPECT_EQ(account(sink, 500).created, kInstalled);  // of its own name
  EXPECT_EQ(account(sink, 500).name_rid, std::nullopt);
}

TEST(SamNames, AccountWhoseNameLeadsElsewhereSaysWhere) {
  MadeSamHive made = example_sam();
  made.users[1].name_rid = 500;
  const CollectingSink sink = read_files({clean(hive_of(made))});
  EXPECT_EQ(account(sink, 501).name_rid, 500U);
  EXPECT_EQ(account(sink, 500).name_rid, std::nullopt);
}

TEST(SamNames, AccountWithoutANameHasNoEntryAndNoTime) {
  MadeHive sam = hive_of(example_sam());
  std::erase_if(sam.root.at("SAM\\Domains\\Account\\Users\\Names").keys,
                [](const MadeKey& key) { return key.name == "IWAM_WEB1"; });
  const CollectingSink sink = read_files({clean(sam)});
  EXPECT_EQ(names(sink), (std::vector<std::string>{"Administrator 500", "Guest 501"}));
  EXPECT_EQ(account(sink, 1003).created, std::nullopt);
  EXPECT_EQ(account(sink, 1003).name_rid, std::nullopt);
  EXPECT_TRUE(names_read_in_full(sink));
}

// The whole value F of the administrator put into Guest: the trick of the clone.
TEST(SamNames, CloneHasTheNumbersAndTimesOfWhomItWasCopiedFrom) {
  MadeSamHive made = example_sam();
  made.users[0].last_logon = moment_at("2004-06-13T08:00:00Z");
  made.users[0].logon_count = 12;
  MadeHive sam = hive_of(made);
  MadeKey& users = sam.root.at("SAM\\Domains\\Account\\Users");
  users.at("000001F5").set(users.at("000001F4").value("F"));
  const std::string bytes = clean(sam);
  const CollectingSink sink = read_files({bytes});
  const Account guest = account(sink, 501);
  const Account administrator = account(sink, 500);
  EXPECT_EQ(guest.fixed_rid, 500U);
  EXPECT_EQ(guest.last_logon, administrator.last_logon);
  EXPECT_EQ(guest.logon_count, administrator.logon_count);
  EXPECT_EQ(guest.flags, administrator.flags);
  EXPECT_EQ(bytes.substr(guest.fixed_rid_where.offset, 4), ByteWriter().u32(500).take());
  EXPECT_TRUE(plain(guest.fixed_rid_where.path).ends_with("000001F5\\F+0x30"));
  EXPECT_EQ(bytes.substr(guest.last_logon_where.offset, 8),
            ByteWriter().u64(filetime_of(*guest.last_logon)).take());
  EXPECT_EQ(guest.name_rid, std::nullopt);  // its name is its own
}

TEST(SamNames, NameWithoutARidCostsItselfAndTheListIsNotWhole) {
  MadeHive sam = hive_of(example_sam());
  sam.root.make("SAM\\Domains\\Account\\Users\\Names\\nobody");
  const CollectingSink sink = read_files({clean(sam)});
  EXPECT_EQ(names(sink).size(), 3U);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("the name of a user without its RID"),
            std::string::npos);
  EXPECT_FALSE(names_read_in_full(sink));
}

class RealNames : public testing::TestWithParam<const char*> {};

// ".../Names/IWAM_FINN/,0x000003F6,(null)," for each.
TEST_P(RealNames, AreThoseOfReglookupAndAgreeWithTheAccounts) {
  IWAMTRACE_NEEDS_DATA(GetParam());
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const std::string bytes = file_bytes(data_folder() / GetParam());
  const CollectingSink sink = read_files({bytes});
  const TemporaryFile file("SAM", bytes);
  const std::string theirs =
      run_tool("reglookup", {"-p", "/SAM/Domains/Account/Users/Names"}, file).out;
  std::size_t of_reglookup = 0;
  for (const std::string& line : lines_of(theirs)) {
    of_reglookup += line.find("/,0x") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(sink.all<AccountName>().size(), of_reglookup);
  EXPECT_EQ(sink.all<AccountName>().size(), sink.all<Account>().size());
  for (const AccountName& name : sink.all<AccountName>()) {
    const std::string line = fmt::format("/Names/{}/,0x{:08X},", plain(name.name), name.rid);
    EXPECT_NE(theirs.find(line), std::string::npos) << line;
  }
  for (const Account& each : sink.all<Account>()) {
    EXPECT_EQ(each.name_rid, std::nullopt) << plain(each.name);
    EXPECT_EQ(each.fixed_rid, each.rid) << plain(each.name);
  }
  EXPECT_TRUE(names_read_in_full(sink));
}

INSTANTIATE_TEST_SUITE_P(Hives, RealNames,
                         testing::Values("hives/bitcurator/SAM", "hives/ez-registry/SAM_DUPENAME",
                                         "hives/ez-registry/SAM", "hives/aiowinreg/nt/sam.reg",
                                         "hives/regipy/SAM"));

}  // namespace
}  // namespace iwamtrace
