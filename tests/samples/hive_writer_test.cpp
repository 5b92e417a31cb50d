#include "make/hive_writer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

#include "make/bytes.h"
#include "make/hive_names.h"
#include "make/windows_hives.h"
#include "strict_hive.h"
#include "strict_hivexml.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

using namespace std::string_literals;

const Timestamp kWritten = Timestamp::from_iso("2004-06-14T09:31:22.437Z").value();
const Timestamp kLater = Timestamp::from_iso("2005-01-02T03:04:05Z").value();
const std::string kSecretName = "SCM:{3D14228D-FBE1-11D0-995D-00C04FD919C1}\0"s;
const std::string kCyrillic = "\xD0\x96\xD1\x83\xD0\xBA";

MadeHive small_hive(std::uint32_t minor = 5) {
  return MadeHive{.root = MadeKey{.name = "$$$PROTO.HIV",
                                  .written = kWritten,
                                  .security = security_of_public_keys()},
                  .path = "\\SystemRoot\\System32\\Config\\SOFTWARE",
                  .minor = minor};
}

// All that the format has: values of every size, class names, other descriptors, wide names, a list
// of lists.
MadeHive rich_hive(std::uint32_t minor = 5) {
  MadeHive hive = small_hive(minor);
  MadeKey& values = hive.root.make("Values");
  values.written = kLater;
  values.set(unnamed_value({}, 1003)).set(binary_value("one", "\x81"));
  values.set(binary_value("four", "\x01\x02\x03\x04")).set(binary_value("five", "abcde"));
  values.set(text_value("text", "caf\xC3\xA9")).set(number_value("number", 0x80000001));
  values.set(list_value("list", {"RPCSS", "W3SVC"})).set(binary_value(kCyrillic, "wide"));
  values.set(binary_value("16344", std::string(16344, 'm')));
  values.set(binary_value("40000", std::string(39999, 'x') + 'y'));
  hive.root.make("Class").class_name = "95f34087";
  hive.root.make(kSecretName);
  hive.root.make(kCyrillic + "\\below");
  hive.root.make("Stored wide").wide_name = true;
  hive.root.make("Own\\Inherits");
  hive.root.at("Own").security = descriptor_bytes(SecurityDescriptor{
      .owner = well_known::kSystem,
      .group = well_known::kSystem,
      .has_dacl = true,
      .dacl = {deny_ace(well_known::kGuests, 0x20019), allow_ace(well_known::kEveryone, 0x20019)}});
  hive.root.make("Third").security =
      descriptor_bytes(SecurityDescriptor{.owner = well_known::kSystem, .group = {}, .dacl = {}});
  MadeKey& many = hive.root.make("Many");
  for (int i = 0; i < 1203; ++i) {
    many.make((i % 2 == 0 ? "key " : "KEY ") + std::to_string(i));
  }
  return hive;
}

// --- What the format says ---------------------------------------------------------------------

TEST(HiveWriter, BaseBlockHasTheBytesThePublishedLayoutGives) {
  MadeHive hive = small_hive();
  hive.sequence = 191;
  hive.flushed = kLater;
  const std::string file = HiveWriter(hive).bytes();
  ByteWriter expected;
  expected.bytes("regf").u32(191).u32(191).u64(filetime_of(kLater)).u32(1).u32(5).u32(0).u32(1);
  expected.u32(0x20).u32(0x1000).u32(1).utf16("emRoot\\System32\\Config\\SOFTWARE").u16(0);
  EXPECT_EQ(hex(as_bytes(file.substr(0, 112))), hex(as_bytes(expected.view())));
  EXPECT_EQ(file.size(), 0x2000U);
  read_hive_strictly(file);
}

TEST(HiveWriter, DirtyHeaderHasALaggingSequenceNumberAndAValidCheckSum) {
  MadeHive hive = small_hive();
  hive.sequence = 20;
  hive.dirty = true;
  const std::string file = HiveWriter(hive).bytes();
  EXPECT_EQ(hex(as_bytes(file.substr(4, 8))), "1400000013000000");
  read_hive_strictly(file);
}

TEST(HiveWriter, NameHashIsThatOfARealHive) {
  EXPECT_EQ(hash_of_key_name("ControlSet001"), 0x8F3BA9A2U);
  EXPECT_EQ(hash_of_key_name("MountedDevices"), 0xFC7A072BU);
}

TEST(HiveWriter, EveryCellIsUsedOnceAndDescriptorsAreShared) {
  const StrictHive hive = read_hive_strictly(HiveWriter(rich_hive()).bytes());
  EXPECT_EQ(hive.securities, 3U);
  EXPECT_EQ(hive.root.at("Own\\Inherits").security, hive.root.at("Own").security);
  EXPECT_EQ(hive.root.at("Class").security, hive.root.security);
  EXPECT_GT(std::ranges::count(hive.bin_sizes, 0x1000U), 3);
  EXPECT_GT(std::ranges::count_if(hive.bin_sizes, [](std::uint32_t s) { return s > 0x1000; }), 3);
}

TEST(HiveWriter, ManyKeysMakeAListOfLists) {
  EXPECT_EQ(read_hive_strictly(HiveWriter(rich_hive(5)).bytes()).root.at("Many").list,
            "ri lh lh lh");
  EXPECT_EQ(read_hive_strictly(HiveWriter(rich_hive(3)).bytes()).root.at("Many").list,
            "ri lf lf lf");
  MadeHive plain = rich_hive();
  plain.offset_lists = true;
  EXPECT_EQ(read_hive_strictly(HiveWriter(plain).bytes()).root.at("Many").list, "ri li li li");
  EXPECT_EQ(read_hive_strictly(HiveWriter(plain).bytes()).root.list, "li");
}

TEST(HiveWriter, LongDataAreInPiecesSinceVersion14) {
  const StrictKey now = read_hive_strictly(HiveWriter(rich_hive(5)).bytes()).root.at("Values");
  EXPECT_TRUE(now.value("40000").in_pieces);
  EXPECT_FALSE(now.value("16344").in_pieces);
  const StrictKey before = read_hive_strictly(HiveWriter(rich_hive(3)).bytes()).root.at("Values");
  EXPECT_FALSE(before.value("40000").in_pieces);
  EXPECT_EQ(now.value("40000").data, before.value("40000").data);
}

TEST(HiveWriter, NamesAreStoredAsGiven) {
  const StrictKey root = read_hive_strictly(HiveWriter(rich_hive()).bytes()).root;
  EXPECT_EQ(root.at(kSecretName).name.size(), 43U);
  EXPECT_TRUE(root.at(kSecretName).latin1);
  EXPECT_FALSE(root.at(utf16_bytes(kCyrillic)).latin1);
  EXPECT_FALSE(root.at(utf16_bytes("Stored wide")).latin1);
  EXPECT_FALSE(root.at("Values").value(utf16_bytes(kCyrillic)).latin1);
}

TEST(HiveWriter, SubKeysAreSortedInUpperCase) {
  MadeHive hive = small_hive();
  for (const char* name :
       {"b", "A", "_", "a1", "\xC3\xA4", "Z", "\xC3\x84 1", "\xD1\x8F", "\xD0\xAF 1"}) {
    hive.root.make(name);
  }
  std::vector<std::string> order;
  for (const StrictKey& key : read_hive_strictly(HiveWriter(hive).bytes()).root.keys) {
    order.push_back(key.latin1 ? key.name : utf8_of(as_bytes(key.name)));
  }
  EXPECT_EQ(order, (std::vector<std::string>{"A", "a1", "b", "Z", "_", "\xE4", "\xC4 1", "\xD1\x8F",
                                             "\xD0\xAF 1"}));
}

TEST(HiveWriter, SlackIsFilledAsAsked) {
  MadeHive hive = small_hive();
  hive.slack = "DEADBEEF";
  hive.root.make("Odd").set(binary_value("v", "12345"));
  const std::string file = HiveWriter(hive).bytes();
  const StrictHive strict = read_hive_strictly(file);
  ASSERT_EQ(strict.free_cells.size(), 1U);
  EXPECT_TRUE(strict.free_cells[0].starts_with("DEADBEEFDEADBEEF"));
  EXPECT_EQ(strict.free_cells[0].find('\0'), std::string::npos);
  EXPECT_NE(file.find("12345DEADBEE"), std::string::npos);  // 4 + 5 bytes in a cell of 16
}

TEST(HiveWriter, DeletedKeysAndValuesStayInFreeSpace) {
  MadeHive hive = small_hive();
  hive.slack = "\xAA";
  hive.root.make("Kept").set(binary_value("alive", "still there"));
  hive.root.at("Kept").values.push_back(
      MadeValue{.name = "gone", .type = kRegBinary, .data = "old password", .deleted = true});
  MadeKey& gone = hive.root.make("Gone");
  gone.deleted = true;
  gone.security =
      descriptor_bytes(SecurityDescriptor{.owner = well_known::kGuests, .group = {}, .dacl = {}});
  gone.make("Below").set(binary_value("under it", "a second secret"));
  const HiveWriter writer(hive);
  const std::string& file = writer.bytes();

  const StrictHive strict = read_hive_strictly(file);
  EXPECT_EQ(strict.securities, 1U);
  ASSERT_EQ(strict.root.keys.size(), 1U);
  ASSERT_EQ(strict.root.at("Kept").values.size(), 1U);
  for (const std::uint32_t offset : {writer.offset_of("Gone"), writer.offset_of("Gone\\Below")}) {
    EXPECT_EQ(file.substr(offset + 4, 2), "nk");
  }
  EXPECT_EQ(file.substr(writer.offset_of_value("Gone\\Below", "under it") + 4, 2), "vk");
  for (const std::string remains : {"old password", "a second secret", "Below", "gone"}) {
    EXPECT_TRUE(std::ranges::any_of(strict.free_cells, [&](const std::string& cell) {
      return cell.find(remains) != std::string::npos;
    })) << remains;
  }
  ByteWriter parent;
  parent.u32(writer.offset_of("Gone") - 0x1000);
  EXPECT_EQ(file.substr(writer.offset_of("Gone\\Below") + 4 + 16, 4), parent.view());
}

TEST(HiveWriter, OffsetOfALiveKeyComesBeforeThatOfADeletedOne) {
  MadeHive hive = small_hive();
  MadeKey deleted{.name = "IWAM_WEB1", .written = kWritten, .deleted = true};
  MadeKey live{.name = "IWAM_WEB1", .written = kLater};
  hive.root.keys = {deleted, live};
  const HiveWriter first(hive);
  hive.root.keys = {live, deleted};
  const HiveWriter second(hive);
  for (const HiveWriter& writer : {first, second}) {
    EXPECT_EQ(read_hive_strictly(writer.bytes()).root.at("IWAM_WEB1").offset,
              writer.offset_of("IWAM_WEB1"));
  }
  EXPECT_THROW((void)first.offset_of("IUSR_WEB1"), std::out_of_range);
}

TEST(HiveWriter, SameDescriptionGivesSameBytes) {
  EXPECT_EQ(HiveWriter(rich_hive()).bytes(), HiveWriter(rich_hive()).bytes());
}

TEST(HiveWriter, RefusesWhatMakesNoHive) {
  EXPECT_THROW(HiveWriter(MadeHive{.root = MadeKey{.name = "SAM"}}), std::invalid_argument);
  MadeHive hive = small_hive();
  hive.bin_size = 0x800;
  EXPECT_THROW(HiveWriter{hive}, std::invalid_argument);
  hive = small_hive();
  hive.keys_in_list = 0;
  EXPECT_THROW(HiveWriter{hive}, std::invalid_argument);
  hive = small_hive();
  hive.slack.clear();
  EXPECT_THROW(HiveWriter{hive}, std::invalid_argument);
}

TEST(MadeKey, SetReplacesTheValueOfTheName) {
  MadeKey key{.name = "k"};
  key.set(number_value("Start", 2)).set(number_value("Start", 4));
  ASSERT_EQ(key.values.size(), 1U);
  EXPECT_EQ(key.value("Start").data, "\x04\0\0\0"s);
  EXPECT_THROW((void)key.value("Type"), std::out_of_range);
  EXPECT_THROW((void)key.at("missing\\key"), std::out_of_range);
}

// --- What others read --------------------------------------------------------------------------

TEST(HiveWriter, HivexmlReadsTheWholeTree) {
  IWAMTRACE_NEEDS_TOOL("hivexml", "libhivex-bin");
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  expect_hivexml_reads(rich_hive(5));
}

TEST(HiveWriter, HivexmlReadsTheWholeTreeOfVersion13) {
  IWAMTRACE_NEEDS_TOOL("hivexml", "libhivex-bin");
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  expect_hivexml_reads(rich_hive(3));
}

TEST(HiveWriter, HivexmlReadsOffsetListsAndLargeBins) {
  IWAMTRACE_NEEDS_TOOL("hivexml", "libhivex-bin");
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  MadeHive hive = rich_hive();
  hive.offset_lists = true;
  hive.bin_size = 0x3000;
  hive.slack = "\xFF\x01";
  expect_hivexml_reads(hive);
}

TEST(HiveWriter, HivexshFindsKeysByNameAndShowsRawTypes) {
  IWAMTRACE_NEEDS_TOOL("hivexsh", "libhivex-bin");
  const TemporaryFile file("hive", HiveWriter(rich_hive()).bytes());
  const TemporaryFile commands("commands", "cd \\Many\\key 1202\ncd \\Values\nlsval\n");
  const ToolRun run = run_tool("hivexsh", {"-f", commands.path().string()}, file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  const std::vector<std::string> lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 10U) << run.out.substr(0, 1000);
  EXPECT_EQ(lines[0], "\"@\"=hex(1003):");
  EXPECT_EQ(lines[1], "\"one\"=hex(3):81");
  EXPECT_EQ(lines[5], "\"number\"=dword:80000001");
  EXPECT_TRUE(lines[9].starts_with("\"40000\"=hex(3):78,78,78"));
  EXPECT_TRUE(lines[9].ends_with(",78,79"));
}

// Without what reglookup would complain of between its lines: it shows ASCII only.
MadeHive rich_hive_in_ascii() {
  MadeHive hive = rich_hive();
  std::erase_if(hive.root.keys, [](const MadeKey& key) { return key.name == kCyrillic; });
  std::erase_if(hive.root.at("Values").values, [](const MadeValue& value) {
    return value.name == kCyrillic || value.name == "text";
  });
  return hive;
}

TEST(HiveWriter, ReglookupReadsTimesDescriptorsAndClassNames) {
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const TemporaryFile file("hive", HiveWriter(rich_hive_in_ascii()).bytes());
  const ToolRun run = run_tool("reglookup", {"-s"}, file);
  EXPECT_EQ(run.exit_code, 0);
  const std::vector<std::string> lines = lines_of(run.out);
  const auto line_of = [&lines](std::string_view start) {
    const auto found = std::ranges::find_if(
        lines, [start](const std::string& line) { return line.starts_with(start); });
    return found == lines.end() ? std::string("no line") : *found;
  };
  const std::string read = "QRY_VAL ENUM_KEYS NOTIFY R_CONT";
  const std::string all =
      "QRY_VAL SET_VAL CREATE_KEY ENUM_KEYS NOTIFY CREATE_LNK DELETE R_CONT W_DAC W_OWNER";
  const std::string usual = "S-1-5-32-544,S-1-5-18,,S-1-5-32-545:ALLOW:" + read +
                            ":CI|S-1-5-32-544:ALLOW:" + all + ":CI|S-1-5-18:ALLOW:" + all + ":CI,";
  EXPECT_EQ(line_of("/Values,"), "/Values,KEY,,2005-01-02 03:04:05," + usual);
  EXPECT_EQ(line_of("/Class,"), "/Class,KEY,,2004-06-14 09:31:22," + usual + "95f34087");
  EXPECT_EQ(line_of("/Own/Inherits,"),
            "/Own/Inherits,KEY,,2004-06-14 09:31:22,S-1-5-18,S-1-5-18,,"
            "S-1-5-32-546:DENY:" +
                read + ":|S-1-1-0:ALLOW:" + read + ":,");
  EXPECT_EQ(line_of("/Values/,"), "/Values/,0x000003EB,(null),,,,,");
  EXPECT_EQ(line_of("/Values/number,"), "/Values/number,DWORD,0x80000001,,,,,");
  EXPECT_EQ(line_of("/Values/list,"), "/Values/list,MULTI_SZ,RPCSS|W3SVC,,,,,");
  EXPECT_EQ(line_of("/Values/40000,"),
            "/Values/40000,BINARY," + std::string(39999, 'x') + "y,,,,,");
  EXPECT_EQ(std::ranges::count_if(
                lines, [](const std::string& line) { return line.starts_with("/Many/"); }),
            1203);
}

}  // namespace
}  // namespace iwamtrace
