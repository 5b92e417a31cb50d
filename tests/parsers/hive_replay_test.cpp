// Dirty hives with their transaction logs: against what Windows made of real ones, and made ones of
// which every byte is known.
#include <gtest/gtest.h>

#include "make/hive_log_writer.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/replay.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using namespace hive_layout;

// ---- real hives ----

struct RealReplay {
  explicit RealReplay(const std::vector<std::string>& files) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& file : files) {
      paths.push_back(data_folder() / "hives/yarp" / file);
    }
    sources = std::make_unique<TestSources>(TestSources::of_files(paths));
    const std::vector<OpenSource>& open = sources->sources();
    std::vector<LogFile> logs;
    for (std::size_t i = 1; i + 1 < open.size(); ++i) {
      logs.push_back(LogFile{open[i], read_transaction_log(open[i].bytes)});
    }
    result.emplace(replay(HiveFile{open.front(), read_base_block(open.front().bytes)}, logs));
  }

  [[nodiscard]] Bytes by_windows() const { return sources->sources().back().bytes; }
  // Offsets in the bins at which Windows has another byte.
  [[nodiscard]] std::vector<std::uint64_t> differences() const {
    std::vector<std::uint64_t> offsets;
    const Bytes ours = result->image.bytes;
    for (std::uint64_t at = kBaseBlockSize; at < ours.size(); ++at) {
      if (ours[at] != by_windows()[at]) {
        offsets.push_back(at);
      }
    }
    return offsets;
  }
  // Whether every byte is cited where it really stands.
  void expect_citations() const {
    std::uint64_t cited_in_logs = 0;
    for (std::uint64_t at = kBaseBlockSize; at < result->image.bytes.size(); ++at) {
      const auto [source, offset] = result->image.origins.of(at);
      cited_in_logs += source != SourceId{0} ? 1 : 0;
      ASSERT_EQ(sources->sources()[static_cast<std::size_t>(source)].bytes[offset],
                result->image.bytes[at])
          << at;
    }
    EXPECT_GT(cited_in_logs, 0U);
  }

  std::unique_ptr<TestSources> sources;
  std::optional<Replay> result;
};

TEST(OldTransactionLog, MakesOfARealHiveWhatWindows7Made) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/OldDirtyHive/OldDirtyHive");
  const RealReplay real({"OldDirtyHive/OldDirtyHive", "OldDirtyHive/OldDirtyHive.LOG1",
                         "OldDirtyHive/RecoveredHive_Windows7"});
  ASSERT_FALSE(real.result->logs.empty());
  ASSERT_EQ(real.result->image.bytes.size(), real.by_windows().size());
  // Windows notes when it wrote the first bin, and in a key that it has read it.
  const std::vector<std::uint64_t> differences = real.differences();
  ASSERT_LE(differences.size(), 9U);
  for (std::size_t i = 0; i + 1 < differences.size(); ++i) {
    EXPECT_GE(differences[i], kBaseBlockSize + 0x14);
    EXPECT_LT(differences[i], kBaseBlockSize + 0x1C);
  }
  real.expect_citations();
}

TEST(NewTransactionLog, TwoOfThemMakeOfARealHiveWhatWindows10Made) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/NewDirtyHive1/NewDirtyHive");
  for (const bool in_order : {true, false}) {
    const std::string first = in_order ? "LOG1" : "LOG2";
    const std::string second = in_order ? "LOG2" : "LOG1";
    const RealReplay real({"NewDirtyHive1/NewDirtyHive", "NewDirtyHive1/NewDirtyHive." + first,
                           "NewDirtyHive1/NewDirtyHive." + second,
                           "NewDirtyHive1/RecoveredHive_Windows10"});
    ASSERT_FALSE(real.result->logs.empty());
    EXPECT_TRUE(real.differences().empty());
    real.expect_citations();
    ASSERT_EQ(real.result->logs.size(), 2U);
    EXPECT_EQ(real.result->logs[0].entries, 1U);
    EXPECT_EQ(real.result->logs[1].entries, 3U);
  }
}

TEST(NewTransactionLog, TheSecondOneAloneContinuesTheHiveToo) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/NewDirtyHive1/NewDirtyHive");
  const RealReplay real({"NewDirtyHive1/NewDirtyHive", "NewDirtyHive1/NewDirtyHive.LOG2",
                         "NewDirtyHive1/RecoveredHive_Windows10"});
  ASSERT_FALSE(real.result->logs.empty());
  EXPECT_TRUE(real.differences().empty());
}

TEST(RealReplay, ReplayedImageIsACleanHive) {
  IWAMTRACE_NEEDS_DATA("hives/yarp/OldDirtyHive/OldDirtyHive");
  const RealReplay real({"OldDirtyHive/OldDirtyHive", "OldDirtyHive/OldDirtyHive.LOG1",
                         "OldDirtyHive/RecoveredHive_Windows7"});
  const BaseBlock base = read_base_block(real.result->image.bytes);
  EXPECT_FALSE(base.dirty());
  EXPECT_EQ(base.file_type, 0U);
}

TEST(MadeReplay, ImageIsTheStateThatTheLogWasMadeOf) {
  const std::string hive = dirty(made_sam(1));
  const std::string after = dirty(made_sam(2));
  for (const std::string& log : {old_hive_log(hive, after), old_hive_log(hive, after, 2),
                                 new_hive_log({hive, dirty(made_sam(3)), after}, 20)}) {
    const TestSources sources({hive, log});
    const std::vector<OpenSource>& open = sources.sources();
    const std::vector<LogFile> logs{LogFile{open[1], read_transaction_log(open[1].bytes)}};
    const Replay result = replay(HiveFile{open[0], read_base_block(open[0].bytes)}, logs);
    EXPECT_EQ(hex(result.image.bytes.subspan(kBaseBlockSize)),
              hex(as_bytes(after).subspan(kBaseBlockSize)));
    EXPECT_EQ(file_bytes(result.image.path).size(), result.image.bytes.size());
    EXPECT_EQ(hex(open[0].bytes), hex(as_bytes(hive)));  // the original is not touched
  }
}

// ---- what the logs change ----

TEST(ReplayedSam, PasswordChangeThatIsOnlyInTheLogIsRead) {
  for (const bool old : {true, false}) {
    const std::string hive = dirty(made_sam(1));
    const std::string after = dirty(made_sam(2));
    const std::string log = old ? old_hive_log(hive, after) : new_hive_log({hive, after}, 20);
    const CollectingSink sink = read_files({made_system(), hive, log});
    const Account iwam = iwam_of(sink);
    EXPECT_EQ(iwam.password_last_set, set_on(2));
    EXPECT_EQ(iwam.nt_state, HashState::kKnown);
    EXPECT_TRUE(sink.losses().empty());

    const ReplayedChange change = change_of(sink, "account IWAM_SHOP1, password last set");
    EXPECT_EQ(plain(change.before), "2004-06-01T08:00:00Z");
    EXPECT_EQ(plain(change.after), "2004-06-02T08:00:00Z");
    EXPECT_EQ(change.where.source, SourceId{2});
    EXPECT_EQ(change.where_before.source, SourceId{1});
    const auto time_at = [](const std::string& bytes, std::uint64_t at) {
      return Timestamp{static_cast<std::int64_t>(u64_at(as_bytes(bytes), at, "time"))};
    };
    EXPECT_EQ(time_at(log, change.where.offset), set_on(2));
    EXPECT_EQ(time_at(hive, change.where_before.offset), set_on(1));

    const ReplayedChange password = change_of(sink, "account IWAM_SHOP1, password");
    EXPECT_EQ(plain(password.after), "fingerprint " + to_string(*iwam.fingerprint));
    EXPECT_NE(password.before, password.after);
    EXPECT_EQ(sink.all<Account>().size(), 2U);  // the state before is told as a change only
    EXPECT_NE(said_of(sink, 1).find("read with its transaction logs applied in memory (1 entry"),
              std::string::npos);
    EXPECT_EQ(said_of(sink, 2),
              "a transaction log of source 1: its changes are applied in memory\n");
  }
}

TEST(ReplayedSecurity, SecretOfComPlusHasItsTimeFromTheLog) {
  const std::string hive = dirty(made_security(1));
  const std::string after = dirty(made_security(3));
  const CollectingSink sink = read_files({hive, new_hive_log({hive, after}, 20), made_system()});
  const auto secrets = sink.all<Secret>();
  ASSERT_EQ(secrets.size(), 1U);
  EXPECT_EQ(secrets.front().current.set, set_on(3));
  EXPECT_EQ(secrets.front().current.set_where.source, SourceId{1});
  EXPECT_EQ(plain(change_of(sink, "current value set").before), "2004-06-01T08:00:00Z");
}

TEST(ReplayedSam, WhatTheLogAddsAndTakesAwayIsNamed) {
  MadeHive small = made_sam(1);
  MadeHive large = made_sam(1);
  MadeKey& users = large.root.at("SAM\\Domains\\Account\\Users");
  users.keys.push_back(users.at("000001F4"));
  users.keys.back().name = "000003F0";
  const std::string without = dirty(small);
  const std::string with = dirty(large);

  const CollectingSink added = read_files({without, old_hive_log(without, with)});
  const ReplayedChange plus = added.all<ReplayedChange>().front();
  EXPECT_EQ(plain(plus.what), "account Administrator");
  EXPECT_EQ(plain(plus.before), "");
  EXPECT_EQ(plain(plus.after), "there");
  EXPECT_EQ(plus.where_before.source, SourceId{0});

  const CollectingSink removed = read_files({with, old_hive_log(with, without)});
  const ReplayedChange minus = removed.all<ReplayedChange>().front();
  EXPECT_EQ(plain(minus.before), "there");
  EXPECT_EQ(plain(minus.after), "");
}

TEST(ReplayedSam, HiveGrowsByWhatItsLogHolds) {
  const std::string hive = dirty(made_sam(1));
  MadeHive larger = made_sam(2);
  larger.root.at("SAM").values.push_back(
      MadeValue{.name = "large", .type = kRegBinary, .data = std::string(20'000, 'x')});
  const std::string after = dirty(larger);
  ASSERT_GT(after.size(), hive.size());
  const CollectingSink sink = read_files({hive, old_hive_log(hive, after)});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_TRUE(sink.losses().empty());
}

TEST(ReplayedSam, BaseBlockThatIsBrokenIsTakenFromTheLog) {
  std::string hive = dirty(made_sam(1));
  const std::string log = old_hive_log(hive, dirty(made_sam(2)));
  put_u32(hive, kChecksum, 1);
  const CollectingSink sink = read_files({hive, log});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_NE(said_of(sink, 0).find("wrong checksum"), std::string::npos);
}

// ---- which log belongs to which hive ----

TEST(TransactionLog, OfACleanHiveIsNotApplied) {
  const std::string hive = clean(made_sam(2));
  const std::string earlier = dirty(made_sam(1));
  const CollectingSink sink = read_files({hive, old_hive_log(earlier, dirty(made_sam(3)))});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_TRUE(sink.all<ReplayedChange>().empty());
  EXPECT_NE(said_of(sink, 1).find("the hive is clean and the log holds what was left of earlier"),
            std::string::npos);
  EXPECT_TRUE(sink.losses().empty());
}

TEST(TransactionLog, OfAnotherHiveIsNotApplied) {
  const std::string security = dirty(made_security(1));
  const CollectingSink sink =
      read_files({dirty(made_sam(1)), old_hive_log(security, dirty(made_security(2)))});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
  EXPECT_EQ(said_of(sink, 1), "a transaction log of no hive that is here\n");
  EXPECT_NE(said_of(sink, 0).find("the hive is dirty"), std::string::npos);
  EXPECT_NE(said_of(sink, 0).find("no log here continues it"), std::string::npos);
}

TEST(TransactionLog, OfAnotherMachineIsNotApplied) {
  MadeHive foreign_before = made_sam(1);
  foreign_before.flushed = set_on(5);
  MadeHive foreign_after = made_sam(6);
  foreign_after.flushed = set_on(5);
  const CollectingSink sink =
      read_files({dirty(made_sam(1)), old_hive_log(dirty(foreign_before), dirty(foreign_after))});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
  EXPECT_NE(said_of(sink, 1).find("it continues another state of the hive"), std::string::npos);
}

TEST(TransactionLog, IsOfTheOneHiveOfItsNameThatItContinues) {
  const std::string hive = dirty(made_sam(1));
  const std::string log = new_hive_log({hive, dirty(made_sam(2))}, 20);
  const CollectingSink sink = read_files({clean(made_sam(4, 11)), hive, log});
  EXPECT_NE(said_of(sink, 2).find("a transaction log of source 0: the hive is clean"),
            std::string::npos);
  EXPECT_NE(said_of(sink, 2).find("; of source 1: its changes are applied in memory"),
            std::string::npos);
  std::vector<Timestamp> times;
  for (const Account& account : sink.all<Account>()) {
    if (account.rid == kIwamRid) {
      times.push_back(*account.password_last_set);
    }
  }
  EXPECT_EQ(times, (std::vector<Timestamp>{set_on(4), set_on(2)}));
}

TEST(TransactionLog, OfTwoHivesByTheirGuidsIsOfOne) {
  const auto with_guid = [](std::string hive, char first) {
    hive[kResourceManager] = first;
    put_u32(hive, kGuidMark, kRmtm);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < kChecksum; at += 4) {
      sum ^= get_u32(hive, at);
    }
    put_u32(hive, kChecksum, sum);
    return hive;
  };
  const std::string hive = with_guid(dirty(made_sam(1)), 'a');
  const std::string other = with_guid(dirty(made_sam(1)), 'b');
  const std::string log = new_hive_log({hive, dirty(made_sam(2))}, 20);
  const CollectingSink sink = read_files({other, hive, log});
  EXPECT_EQ(said_of(sink, 2), "a transaction log of source 1: its changes are applied in memory\n");
}

TEST(OldTransactionLog, WhoseOwnWriteWasCutShortIsNotApplied) {
  const std::string hive = dirty(made_sam(1));
  std::string log = old_hive_log(hive, dirty(made_sam(2)));
  put_u32(log, kChecksum, get_u32(log, kChecksum) ^ 21 ^ 20);
  put_u32(log, kPrimarySequence, 21);
  const CollectingSink sink = read_files({hive, log});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
  EXPECT_NE(said_of(sink, 1).find("its own base block is not sound"), std::string::npos);
}

TEST(OldTransactionLog, OfTwoTheLaterOneIsApplied) {
  const std::string hive = dirty(made_sam(1));
  const std::string earlier = old_hive_log(hive, dirty(made_sam(2)));
  const std::string later = old_hive_log(dirty(made_sam(1, 21)), dirty(made_sam(3, 21)));
  const CollectingSink sink = read_files({earlier, hive, later});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(3));
  EXPECT_NE(said_of(sink, 0).find("another log holds what it holds"), std::string::npos);
}

// ---- order and hashes of the new form ----

std::vector<std::string> states() {
  std::vector<std::string> states;
  for (int day = 1; day <= 4; ++day) {
    states.push_back(dirty(made_sam(day)));
  }
  return states;
}
std::size_t second_entry(const std::string& log) {
  return kSector + get_u32(log, kSector + kEntrySize);
}

TEST(NewTransactionLog, EntriesAreAppliedInTheirOrder) {
  const CollectingSink sink = read_files({states()[0], new_hive_log(states(), 20)});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(4));
  EXPECT_EQ(sink.summaries.back().records, 3U);
}

TEST(NewTransactionLog, EntryThatFailsItsHashEndsTheReplay) {
  for (const std::size_t at : {std::size_t{0x10}, std::size_t{0x80}}) {  // head and content
    std::string log = new_hive_log(states(), 20);
    log[second_entry(log) + at] ^= 1;
    const CollectingSink sink = read_files({states()[0], log});
    EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2)) << at;
    ASSERT_EQ(sink.losses().size(), 1U);
    EXPECT_EQ(sink.losses()[0].source, SourceId{1});
    EXPECT_EQ(sink.losses()[0].offset, second_entry(log));
    EXPECT_NE(said_of(sink, 1).find("fails its hash"), std::string::npos);
  }
}

TEST(NewTransactionLog, WithNumbersThatStepOverOneEndsBeforeTheStep) {
  const auto all = states();
  const std::string first = new_hive_log({all[0], all[1]}, 20);
  const std::string third = new_hive_log({all[2], all[3]}, 22);
  const CollectingSink sink = read_files({all[0], third, first});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_NE(
      said_of(sink, 1).find("lost: entries from number 22 on, the last one before them is 20"),
      std::string::npos);
}

TEST(NewTransactionLog, TwoInTurnAreOne) {
  const auto all = states();
  const std::string first = new_hive_log({all[0], all[1]}, 20);
  const std::string second = new_hive_log({all[1], all[2], all[3]}, 21);
  const CollectingSink sink = read_files({second, first, all[0]});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(4));
  EXPECT_EQ(iwam_of(sink).password_set_where.source, SourceId{0});
}

TEST(NewTransactionLog, OfBeforeTheLastFlushIsNotApplied) {
  const CollectingSink sink =
      read_files({states()[0], new_hive_log({states()[0], states()[1]}, 12)});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
  EXPECT_NE(said_of(sink, 1).find("it continues another state of the hive"), std::string::npos);
}

TEST(NewTransactionLog, LeftoversBehindTheNewestEntryAreSlack) {
  std::string log = new_hive_log({states()[0], states()[1]}, 20);
  const std::size_t end = log.size();
  log += new_hive_log({states()[0], states()[3]}, 7).substr(kSector);
  const CollectingSink sink = read_files({states()[0], log});
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(2));
  EXPECT_TRUE(sink.losses().empty());
  EXPECT_EQ(sink.summaries.back().coverage.slack, log.size() - end);
}

// ---- hostile logs ----

// An entry of the new form that is all right but for what it says.
std::string lying_log(std::uint32_t pages, std::uint32_t offset, std::uint32_t size) {
  const std::string hive = states()[0];
  std::string log = new_hive_log({hive, states()[1]}, 20);
  const std::size_t end = log.size();
  put_u32(log, kSector + kEntryPages, pages);
  put_u32(log, kSector + kEntryHeadSize, offset);
  put_u32(log, kSector + kEntryHeadSize + 4, size);
  const auto put_hash = [&](std::size_t at, std::size_t from, std::size_t to) {
    const std::uint64_t hash = hive_log_hash(log.substr(from, to - from));
    put_u32(log, at, static_cast<std::uint32_t>(hash));
    put_u32(log, at + 4, static_cast<std::uint32_t>(hash >> 32));
  };
  put_hash(kSector + kEntryContentHash, kSector + kEntryHeadSize, end);
  put_hash(kSector + kEntryHeadHash, kSector, kSector + kEntryHeadHash);
  return log;
}

TEST(HostileLog, ThatWritesOutsideOfItsHiveIsNotApplied) {
  for (const std::uint32_t offset : {0x7FFFF000U, 0xFFFFF000U, 0x00400000U}) {
    const CollectingSink sink = read_files({states()[0], lying_log(1, offset, 0x200)});
    EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
    EXPECT_NE(said_of(sink, 1).find("lost: an entry that writes outside of source 0"),
              std::string::npos)
        << said_of(sink, 1);
  }
}

TEST(HostileLog, WithHugeCountsOrSizesIsDamaged) {
  for (const std::string& log :
       {lying_log(0xFFFFFFFF, 0, 0x200), lying_log(0x20000001, 0, 0x200),
        lying_log(1, 0, 0xFFFFFE00), lying_log(1, 0x100, 0x200), lying_log(1, 0, 0x1FF)}) {
    const CollectingSink sink = read_files({states()[0], log});
    EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
    EXPECT_NE(said_of(sink, 1).find("lost: an entry whose pages are not in it"), std::string::npos);
  }
}

TEST(HostileLog, MapOfAHugeHiveIsCut) {
  std::string log = old_hive_log(states()[0], states()[1]);
  put_u32(log, kBinsSize, 0xFFFFF000);
  const TransactionLog read = read_transaction_log(as_bytes(log));
  EXPECT_TRUE(read.entries.empty());
  ASSERT_EQ(read.damage.size(), 1U);
  EXPECT_NE(plain(read.damage[0].what).find("the map of changed sectors is cut"),
            std::string::npos);
}

// Whatever is cut off, the account is as it was before the log or as one of its entries left it.
TEST(HostileLog, CutAnywhereLeavesAStateThatWas) {
  const std::string hive = states()[0];
  const std::string old = old_hive_log(hive, states()[1]);
  for (std::size_t size = kSector; size < old.size(); size += kSector) {
    const CollectingSink sink = read_files({hive, old.substr(0, size)});
    EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1)) << size;
    EXPECT_EQ(sink.losses().empty(), size == kSector) << size;  // a log without changes is sound
  }
  const std::string whole = new_hive_log(states(), 20);
  std::optional<Timestamp> last;
  for (std::size_t size = kSector; size <= whole.size(); size += kSector) {
    const CollectingSink sink = read_files({hive, whole.substr(0, size)});
    const auto now = iwam_of(sink).password_last_set;
    EXPECT_TRUE(!last || *now >= *last) << size;
    last = now;
  }
  EXPECT_EQ(last, set_on(4));
}

TEST(HostileLog, EveryFlippedByteIsHarmless) {
  const std::string hive = states()[0];
  for (const std::string& sound :
       {old_hive_log(hive, states()[1]), new_hive_log({hive, states()[1]}, 20)}) {
    for (std::size_t at = 0; at < 1024; at += 3) {
      std::string log = sound;
      log[at] = static_cast<char>(~log[at]);
      CollectingSink sink;
      read_all(TestSources({hive, log}), sink);
      EXPECT_EQ(sink.all<Account>().size(), 2U) << at;
    }
  }
}

TEST(HiveThatCallsItselfALog, IsReadAsAHive) {
  std::string hive = clean(made_sam(1));
  put_u32(hive, kFileType, 1);
  put_u32(hive, kChecksum, get_u32(hive, kChecksum) ^ 1);
  const CollectingSink sink = read_files({hive});
  EXPECT_EQ(sink.summaries.front().kind, SourceKind::kHiveSam);
  EXPECT_EQ(iwam_of(sink).password_last_set, set_on(1));
}

}  // namespace
}  // namespace iwamtrace
