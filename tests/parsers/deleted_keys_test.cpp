// What is left in a hive's free space: against reglookup-recover on real hives, and made ones.
#include "parsers/registry/deleted_keys.h"

#include <algorithm>
#include <charconv>
#include <gtest/gtest.h>

#include "make/hive_log_writer.h"
#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "parsers/registry/hive.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

// ---- real hives ----

// Offsets that reglookup-recover gives for one type of record.
std::vector<std::uint64_t> recovered(const std::vector<std::string>& lines, std::string_view type) {
  std::vector<std::uint64_t> offsets;
  for (const std::string& line : lines) {
    constexpr std::size_t kOffset = 8;
    constexpr std::size_t kType = 18;
    std::uint64_t offset = 0;
    if (line.size() > kType && line.substr(kType).starts_with(type) &&
        std::from_chars(line.data(), line.data() + kOffset, offset, 16).ec == std::errc{}) {
      offsets.push_back(offset);
    }
  }
  std::ranges::sort(offsets);
  return offsets;
}

class RealHive : public testing::TestWithParam<const char*> {};

TEST_P(RealHive, HasTheDeletedKeysAndValuesThatReglookupRecovers) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  IWAMTRACE_NEEDS_TOOL("reglookup-recover", "reglookup");
  const std::string bytes = file_bytes(data_folder() / "hives" / GetParam());
  const TemporaryFile copy("hive", bytes);
  const ToolRun run = run_tool("reglookup-recover", {}, copy);
  const std::vector<std::string> lines = lines_of(run.out);
  const TestSources sources({bytes});
  CollectingSink sink;
  const Hive hive(HiveImage(sources.sources().front()), sink);
  EXPECT_EQ(hive.scan().left_keys, recovered(lines, "KEY,"));
  EXPECT_EQ(hive.scan().left_values, recovered(lines, "VALUE,"));
}

std::string test_name(const testing::TestParamInfo<const char*>& hive) {
  std::string name = hive.param;
  std::ranges::replace_if(
      name, [](char letter) { return letter == '/' || letter == '.' || letter == '-'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Registry, RealHive,
                         testing::Values("bitcurator/SAM", "bitcurator/SECURITY",
                                         "bitcurator/SYSTEM", "aiowinreg/win2008_32/sam.reg",
                                         "ez-registry/SAM", "ez-registry/SECURITY",
                                         "ez-registry/SAM_RootValue", "regipy/SAM"),
                         test_name);

TEST(DeletedKeys, OfARealXpAreAUserAndAMemoryDumpersService) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  CollectingSink sink;
  read_all(TestSources::of_files(
               {data_folder() / "hives/bitcurator/SAM", data_folder() / "hives/bitcurator/SYSTEM"}),
           sink);
  const auto keys = sink.all<DeletedKey>();
  const auto named = [&](std::string_view name) {
    return std::ranges::find_if(keys, [&](const DeletedKey& key) { return key.name.is(name); });
  };
  ASSERT_NE(named("Terry"), keys.end());
  EXPECT_EQ(plain(named("Terry")->path), "\\SAM\\Domains\\Account\\Users\\Names\\Terry");
  EXPECT_EQ(to_iso(*named("Terry")->last_written), "2009-12-06T16:25:12.6562500Z");
  EXPECT_EQ(named("Terry")->where.offset, 0x1c90U);
  ASSERT_NE(named("win32dd2"), keys.end());
  EXPECT_EQ(plain(named("win32dd2")->path), "\\ControlSet001\\Services\\win32dd2");
  EXPECT_EQ(sink.all<Account>().size(), 5U);  // Terry is not among them
}

// ---- made hives ----

MadeHive sam_with_deleted_user() {
  MadeHive hive = made_sam(2);
  MadeKey& users = hive.root.at("SAM\\Domains\\Account\\Users");
  MadeKey gone = users.at("000001F4");
  gone.name = "000003ED";
  gone.deleted = true;
  gone.written = set_on(9);
  users.keys.push_back(gone);
  MadeKey& names = users.at("Names");
  names.keys.push_back(MadeKey{.name = "IWAM_OLD", .written = set_on(8), .deleted = true});
  hive.root.at("SAM").keys.push_back(
      MadeKey{.name = "Unimportant", .written = set_on(8), .deleted = true});
  return hive;
}

TEST(DeletedKeys, ThatMatterAreToldAndAllAreCounted) {
  const HiveWriter made(sam_with_deleted_user());
  const CollectingSink sink = read_files({made.bytes()});
  const auto keys = sink.all<DeletedKey>();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(plain(keys[0].path), "\\SAM\\Domains\\Account\\Users\\Names\\IWAM_OLD");
  EXPECT_EQ(plain(keys[1].path), "\\SAM\\Domains\\Account\\Users\\000003ED");
  EXPECT_EQ(keys[1].last_written, set_on(9));
  EXPECT_EQ(keys[1].where.offset, made.offset_of("SAM\\Domains\\Account\\Users\\000003ED"));
  const auto values = sink.all<DeletedValue>();
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(plain(values[0].path), "\\SAM\\Domains\\Account\\Users\\000003ED");
  EXPECT_EQ(plain(values[0].name), "F");
  EXPECT_EQ(values[0].size, 80U);
  EXPECT_EQ(sink.all<Account>().size(), 2U);
  EXPECT_EQ(sink.summaries.front().recovered, 3U);
  EXPECT_NE(said_of(sink, 0).find("left in free space: 3 keys, 2 values"), std::string::npos);
  EXPECT_TRUE(sink.losses().empty());
}

TEST(DeletedValues, OfALivingKeyAreFoundBehindTheEndOfItsList) {
  MadeHive made = made_sam(2);
  MadeKey& user = made.root.at("SAM\\Domains\\Account\\Users\\000003EC");
  user.set(binary_value("Hidden", "twelve bytes"));
  const HiveWriter writer(made);
  std::string hive = writer.bytes();
  const std::uint32_t key = writer.offset_of("SAM\\Domains\\Account\\Users\\000003EC");
  const std::uint32_t value =
      writer.offset_of_value("SAM\\Domains\\Account\\Users\\000003EC", "Hidden");
  put_u32(hive, value, 0U - get_u32(hive, value));  // freed, and one less in the list
  put_u32(hive, key + 0x28, get_u32(hive, key + 0x28) - 1);
  const CollectingSink sink = read_files({hive});
  const auto values = sink.all<DeletedValue>();
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(plain(values[0].path), "\\SAM\\Domains\\Account\\Users\\000003EC");
  EXPECT_EQ(plain(values[0].name), "Hidden");
  EXPECT_EQ(values[0].size, 12U);
  EXPECT_EQ(values[0].where.offset, value);
}

TEST(DeletedKeys, OfAReplayedHiveAreCitedInTheLog) {
  const std::string before = dirty(made_sam(2));
  const std::string after = dirty(sam_with_deleted_user());
  const std::string log = old_hive_log(before, after);
  const CollectingSink sink = read_files({before, log});
  const auto keys = sink.all<DeletedKey>();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].where.source, SourceId{1});
  EXPECT_EQ(log.substr(keys[0].where.offset + 4, 2), "nk");
}

TEST(DeletedKeys, MoreThanAReportCanHoldAreCounted) {
  MadeHive made = made_sam(2);
  MadeKey& names = made.root.at("SAM\\Domains\\Account\\Users\\Names");
  for (std::size_t i = 0; i < kMostDeleted + 25; ++i) {
    names.keys.push_back(
        MadeKey{.name = "gone " + std::to_string(i), .written = set_on(2), .deleted = true});
  }
  const CollectingSink sink = read_files({clean(made)});
  EXPECT_EQ(sink.all<DeletedKey>().size(), kMostDeleted);
  EXPECT_NE(said_of(sink, 0).find("25 of those that matter are not listed"), std::string::npos);
}

TEST(DeletedKeys, ThatAreEachOthersParentsHaveNoPath) {
  const HiveWriter writer(sam_with_deleted_user());
  std::string hive = writer.bytes();
  const std::uint32_t one = writer.offset_of("SAM\\Domains\\Account\\Users\\000003ED");
  const std::uint32_t other = writer.offset_of("SAM\\Unimportant");
  put_u32(hive, one + 4 + 16, other - 0x1000);
  put_u32(hive, other + 4 + 16, one - 0x1000);
  const CollectingSink sink = read_files({hive});
  const auto keys = sink.all<DeletedKey>();
  ASSERT_EQ(keys.size(), 2U);  // a RID is told for its name's sake
  EXPECT_EQ(plain(keys[1].name), "000003ED");
  EXPECT_TRUE(keys[1].path.empty());
}

}  // namespace
}  // namespace iwamtrace
