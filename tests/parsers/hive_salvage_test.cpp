// Hives that hivex refuses: what is read of them all the same, and what is said to be lost.
#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "parsers/registry/hive.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/salvage.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using namespace hive_layout;

CollectingSink read_real(const std::string& file) {
  CollectingSink sink;
  read_all(TestSources::of_files({data_folder() / "hives" / file}), sink);
  return sink;
}

std::vector<std::string> account_names(const CollectingSink& sink) {
  std::vector<std::string> names;
  for (const Account& account : sink.all<Account>()) {
    names.push_back(plain(account.name));
  }
  return names;
}

// Overwrites the cell of a key, so that nothing of it is left.
void destroy(std::string& hive, std::uint32_t cell) {
  const std::uint32_t size = 0U - get_u32(hive, cell);
  hive.replace(cell + 4, size - 4, size - 4, 'X');
}

// ---- real hives ----

TEST(SalvagedHive, WithABrokenBinGivesAllThatTheSoundOneGives) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SAMBadHBinHeader");
  const CollectingSink broken = read_real("ez-registry/SAMBadHBinHeader");
  const CollectingSink sound = read_real("ez-registry/SAM");
  EXPECT_EQ(account_names(broken), account_names(sound));
  EXPECT_EQ(account_names(broken), (std::vector<std::string>{"Administrator", "Guest"}));
  EXPECT_EQ(broken.all<LocalGroup>().size(), sound.all<LocalGroup>().size());
  EXPECT_EQ(broken.summaries.front().records, sound.summaries.front().records);
  EXPECT_EQ(broken.summaries.front().kind, SourceKind::kHiveSam);
  EXPECT_NE(said_of(broken, 0).find("lost: hivex cannot read the hive"), std::string::npos);
  EXPECT_NE(said_of(broken, 0).find("68 keys are read by their own cells"), std::string::npos);
}

TEST(SalvagedHive, WithAWrongChecksumLosesNothing) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SAN(OTHER)");
  const CollectingSink sink = read_real("ez-registry/SAN(OTHER)");
  EXPECT_EQ(account_names(sink), (std::vector<std::string>{"Administrator", "Guest"}));
  EXPECT_TRUE(sink.losses().empty());
  EXPECT_NE(said_of(sink, 0).find("wrong checksum of the base block"), std::string::npos);
}

TEST(SalvagedHive, OfWhichTwoThirdsAreGoneStillNamesItsComputer) {
  IWAMTRACE_NEEDS_DATA("hives/regipy/corrupted_system_hive");
  const CollectingSink sink = read_real("regipy/corrupted_system_hive");
  const auto facts = sink.all<HostFact>();
  const auto name = std::ranges::find(facts, HostFact::Kind::kComputerName, &HostFact::kind);
  ASSERT_NE(name, facts.end());
  EXPECT_EQ(plain(name->value), "GINEVRA");
  EXPECT_GT(sink.all<Service>().size(), 50U);
  EXPECT_EQ(sink.summaries.front().records, 2021U);
  EXPECT_NE(said_of(sink, 0).find("2021 keys are read by their own cells, 52 keys above them are "
                                  "lost"),
            std::string::npos);
}

TEST(SalvagedHive, CutInTheMiddleOfARealOneKeepsWhatIsThere) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  const std::string whole = file_bytes(data_folder() / "hives/bitcurator/SAM");
  const CollectingSink sink = read_files({whole.substr(0, 0x4000)});
  EXPECT_EQ(sink.summaries.front().kind, SourceKind::kHiveSam);
  EXPECT_NE(said_of(sink, 0).find("lost: the hive is cut"), std::string::npos);
  EXPECT_EQ(account_names(sink), (std::vector<std::string>{"Guest"}));
  EXPECT_NE(said_of(sink, 0).find("lost: \\SAM\\Domains\\Account\\Users: 4 of 6 subkeys are found"),
            std::string::npos);
  EXPECT_NE(said_of(sink, 0).find("lost: \\SAM\\Domains\\Account\\Users\\000001F4: data"),
            std::string::npos);
}

// ---- made hives, of which every byte is known ----

TEST(SalvagedHive, WithoutItsBaseBlockIsReadLikeTheSoundOne) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  hive.replace(0, kBaseBlockSize, kBaseBlockSize, '\0');
  EXPECT_TRUE(parser_for(as_bytes(hive).first(kFirstBytes)) != nullptr);
  const CollectingSink sink = read_files({made_system(), hive});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_EQ(iwam_of(sink).nt_state, HashState::kKnown);
  EXPECT_NE(said_of(sink, 1).find("lost: the base block is lost"), std::string::npos);
}

TEST(SalvagedHive, KeyIsFoundWithoutTheListThatLedToIt) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  const std::size_t users = made.offset_of("SAM\\Domains\\Account\\Users") + kCellContent;
  const std::uint32_t list = get_u32(hive, users + kKeySubkeys + 8);
  put_u32(hive, kBaseBlockSize + list + kCellContent, 0x58585858);
  const CollectingSink sink = read_files({hive});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_EQ(sink.all<Account>().size(), 2U);
  EXPECT_EQ(said_of(sink, 0),
            "\\SAM\\Domains\\Account\\Users: the list of its subkeys is broken, all are found "
            "without it\n");
}

TEST(SalvagedHive, LostKeysOfWindowsAreRecognisedByWhatIsBelowThem) {
  for (const char* path :
       {"SAM", "SAM\\Domains", "SAM\\Domains\\Account", "SAM\\Domains\\Account\\Users"}) {
    const HiveWriter made(made_sam(2));
    std::string hive = made.bytes();
    destroy(hive, made.offset_of(path));
    const CollectingSink sink = read_files({hive});
    EXPECT_EQ(sink.summaries.front().kind, SourceKind::kHiveSam) << path;
    EXPECT_EQ(plain(iwam_of(sink).where.path), "\\SAM\\Domains\\Account\\Users\\000003EC") << path;
    EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2)) << path;
    EXPECT_FALSE(sink.losses().empty()) << path;
  }
  for (const char* path : {"Policy", "Policy\\Secrets"}) {
    const HiveWriter made(made_security(2));
    std::string hive = made.bytes();
    destroy(hive, made.offset_of(path));
    const CollectingSink sink = read_files({made_system(), hive});
    ASSERT_EQ(sink.all<Secret>().size(), 1U) << path;
    EXPECT_EQ(sink.all<Secret>().front().current.set, set_on(2)) << path;
    EXPECT_EQ(sink.all<Secret>().front().current.state, SecretState::kValue) << path;
    EXPECT_FALSE(sink.losses().empty()) << path;
  }
}

TEST(SalvagedHive, WithoutItsRootKeyIsReadFromTheKeysBelow) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  destroy(hive, made.offset_of(""));
  const CollectingSink sink = read_files({hive});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
}

TEST(SalvagedHive, LongDataAreReadPieceByPiece) {
  MadeHive made = made_sam(2);
  made.minor = 5;
  std::string data;
  for (int i = 0; i < 40'000; ++i) {
    data += static_cast<char>(i % 251);
  }
  made.root.set(binary_value("long", data)).set(binary_value("four", "abcd"));
  std::string hive = clean(made);
  put_u32(hive, kBaseBlockSize, 0);  // no bin where the first should begin: hivex refuses
  const TestSources sources({hive});
  CollectingSink sink;
  const Hive salvaged(HiveImage(sources.sources().front()), sink);
  const auto value = salvaged.root().value("long");
  ASSERT_TRUE(value);
  EXPECT_EQ(hex(value->data), hex(as_bytes(data)));
  EXPECT_EQ(salvaged.root().value("four")->data.size(), 4U);
  EXPECT_FALSE(sink.losses().empty());
}

TEST(SalvagedHive, ValuesOutOfABrokenListAreCounted) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  const std::uint32_t key = made.offset_of("SAM\\Domains\\Account\\Users\\000003EC") + kCellContent;
  const std::uint32_t list = get_u32(hive, key + kKeyValueList);
  put_u32(hive, kBaseBlockSize + list + kCellContent, 0x7FFFFFF8);
  const CollectingSink sink = read_files({hive});
  EXPECT_NE(said_of(sink, 0).find("000003EC: 1 of its values are lost"), std::string::npos);
  EXPECT_NE(said_of(sink, 0).find("a user without its values F and V"), std::string::npos);
  EXPECT_EQ(sink.all<Account>().size(), 1U);
}

// ---- hostile hives ----

TEST(HostileHive, KeysThatAreEachOthersParentsEndNowhere) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  const std::uint32_t domains = made.offset_of("SAM\\Domains");
  const std::uint32_t account = made.offset_of("SAM\\Domains\\Account");
  put_u32(hive, domains + kCellContent + kKeyParent, account - 0x1000);
  put_u32(hive, kBaseBlockSize, 0);  // hivex refuses, so that the parents are asked
  const CollectingSink sink = read_files({hive});
  EXPECT_TRUE(sink.all<Account>().empty());
  EXPECT_NE(said_of(sink, 0).find("hang below nothing that is known"), std::string::npos);
}

TEST(HostileHive, ListThatHoldsItsOwnKeyIsNotFollowedForEver) {
  const HiveWriter made(made_sam(2));
  std::string hive = made.bytes();
  const std::uint32_t users = made.offset_of("SAM\\Domains\\Account\\Users");
  const std::uint32_t list =
      kBaseBlockSize + get_u32(hive, users + kCellContent + kKeySubkeys + 8) + kCellContent;
  put_u32(hive, list + 4, users - 0x1000);
  const CollectingSink sink = read_files({hive});
  EXPECT_EQ(sink.summaries.size(), 1U);
}

// All subkeys share one list of all of them, and each has all values.
TEST(HostileHive, SharedListsAreHandedOutOnlySoOften) {
  MadeHive made = made_sam(2);
  MadeKey& services = made.root.make("ControlSet001\\Services");
  for (int i = 0; i < 3000; ++i) {
    services.make("service " + std::to_string(i)).set(binary_value("x", "y"));
  }
  MadeKey& many = made.root.make("Many");
  for (int i = 0; i < 20'000; ++i) {
    many.set(binary_value("value " + std::to_string(i), ""));
  }
  made.root.make("Select").set(number_value("Current", 1));
  made.root.keys.erase(made.root.keys.begin());  // no SAM
  const HiveWriter writer(made);
  std::string hive = writer.bytes();
  const std::size_t shared = writer.offset_of("Many") + kCellContent + kKeyValueCount;
  for (int i = 0; i < 3000; ++i) {
    const std::size_t key =
        writer.offset_of("ControlSet001\\Services\\service " + std::to_string(i)) + kCellContent +
        kKeyValueCount;
    hive.replace(key, 8, hive, shared, 8);
  }
  const CollectingSink sink = read_files({hive});
  EXPECT_EQ(sink.summaries.front().kind, SourceKind::kHiveSystem);
  EXPECT_NE(said_of(sink, 0).find("it hands out more than it holds"), std::string::npos);
}

// A hive that had spent all was still asked for every list that it then refused.
TEST(HostileHive, OnceAListIsRefusedAllThatFollowAre) {
  MadeHive made = made_sam(2);
  MadeKey& services = made.root.make("ControlSet001\\Services");
  MadeKey& many = made.root.make("Many");
  for (int i = 0; i < 3000; ++i) {
    services.keys.push_back(MadeKey{.name = "service " + std::to_string(i)});
  }
  for (int i = 0; i < 20'000; ++i) {
    many.keys.push_back(MadeKey{.name = std::to_string(i)});
  }
  made.root.make("Select").set(number_value("Current", 1));
  made.root.keys.erase(made.root.keys.begin());  // no SAM
  const HiveWriter writer(made);
  std::string hive = writer.bytes();
  const std::size_t shared = writer.offset_of("Many") + kCellContent + kKeySubkeys;
  for (int i = 0; i < 3000; ++i) {
    const std::size_t key =
        writer.offset_of("ControlSet001\\Services\\service " + std::to_string(i)) + kCellContent +
        kKeySubkeys;
    put_u32(hive, key, get_u32(hive, shared));
    put_u32(hive, key + 8, get_u32(hive, shared + 8));
  }
  const CollectingSink sink = read_files({hive});
  EXPECT_NE(said_of(sink, 0).find("it hands out more than it holds"), std::string::npos);
  EXPECT_LT(sink.all<Service>().size(), 1000U);
}

TEST(HostileHive, EveryFlippedByteIsHarmless) {
  const std::string sound = clean(made_sam(2));
  for (std::size_t at = 0; at < sound.size(); at += at < 0x200 ? 1 : 7) {
    std::string hive = sound;
    hive[at] = static_cast<char>(~hive[at]);
    CollectingSink sink;
    read_all(TestSources({hive}), sink);
    EXPECT_LE(sink.all<Account>().size(), 3U) << at;
  }
}

TEST(HostileHive, CutAnywhereNeverGivesAnAccountThatWasNot) {
  const std::string whole = clean(made_sam(2));
  std::size_t most = 0;
  for (std::size_t size = 512; size <= whole.size(); size += 512) {
    CollectingSink sink;
    read_all(TestSources({whole.substr(0, size)}), sink);
    for (const Account& account : sink.all<Account>()) {
      EXPECT_TRUE(account.rid == 500 || account.rid == kIwamRid) << size;
    }
    EXPECT_EQ(sink.losses().empty(), size == whole.size()) << size;
    most = std::max(most, sink.all<Account>().size());
  }
  EXPECT_EQ(most, 2U);
}

TEST(HostileHive, OfRandomPagesIsReadToItsEnd) {
  std::mt19937 random(7);
  const std::string sound = clean(made_security(2));
  for (int round = 0; round < 200; ++round) {
    std::string hive = sound;
    for (int i = 0; i < 20; ++i) {
      hive[0x1000 + random() % (hive.size() - 0x1000)] = static_cast<char>(random());
    }
    const std::size_t page = 0x1000 + random() % (hive.size() / 0x200 - 8) * 0x200;
    hive.replace(page, 0x200, 0x200, round % 2 == 0 ? '\0' : '\xFF');
    CollectingSink sink;
    read_all(TestSources({hive}), sink);
    EXPECT_EQ(sink.summaries.size(), 1U);
  }
}

}  // namespace
}  // namespace iwamtrace
