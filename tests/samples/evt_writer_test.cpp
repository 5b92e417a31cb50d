#include "make/evt_writer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>

#include "model/text.h"
#include "strict_evt.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kHeader = 48;
constexpr std::uint32_t kRecord = 128;  // of dcom()

std::vector<std::uint32_t> numbers_of(const StrictEvtLog& log) {
  std::vector<std::uint32_t> numbers;
  for (const StrictEvtRecord& record : log.records) {
    numbers.push_back(record.number);
  }
  return numbers;
}

std::vector<std::uint32_t> from_to(std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = first; number <= last; ++number) {
    numbers.push_back(number);
  }
  return numbers;
}

// evtexport's records, each as its lines by what stands before the colon.
std::vector<std::map<std::string, std::string>> exported(std::string_view output) {
  std::vector<std::map<std::string, std::string>> records;
  for (const std::string& line : lines_of(output)) {
    const std::size_t colon = line.find("\t: ");
    if (colon == std::string::npos) {
      continue;
    }
    const std::string name = line.substr(0, line.find('\t'));
    if (name == "Event number") {
      records.emplace_back();
    }
    if (!records.empty()) {
      records.back()[name] = line.substr(colon + 3);
    }
  }
  return records;
}

std::vector<std::uint32_t> exported_numbers(const TemporaryFile& file) {
  const ToolRun run = run_tool("evtexport", {"-m", "all"}, file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  std::vector<std::uint32_t> numbers;
  for (auto& record : exported(run.out)) {
    numbers.push_back(static_cast<std::uint32_t>(std::stoul(record["Event number"])));
  }
  return numbers;
}

Timestamp at(std::string_view iso) { return Timestamp::from_iso(iso).value(); }

// All of one size but for the length of the last string.
EvtEvent dcom(std::size_t length = 8) {
  return EvtEvent{.time_generated = at("2004-06-14T09:31:22Z"),
                  .event_id = 0xC0002714,
                  .type = kEvtError,
                  .source = "DCOM",
                  .computer = "WEB1",
                  .user = well_known::kSystem,
                  .strings = {"1326", ".", std::string(length, 'x')}};
}

EvtWriter& fill(EvtWriter& log, std::uint32_t records, std::size_t length = 8) {
  for (std::uint32_t i = 0; i < records; ++i) {
    log.record(dcom(length));
  }
  return log;
}

TEST(EvtWriter, EmptyLogHasTheBytesThePublishedLayoutGives) {
  const std::string file = EvtWriter(1024, 7).bytes();
  ASSERT_EQ(file.size(), 1024U);
  EXPECT_EQ(hex(as_bytes(file.substr(0, 48))),
            "300000004c664c650100000001000000"
            "30000000300000000700000000000000"
            "00040000000000000000000030000000");
  EXPECT_EQ(hex(as_bytes(file.substr(48, 40))),
            "2800000011111111222222223333333344444444"
            "3000000030000000070000000000000028000000");
}

TEST(EvtWriter, RecordHasTheBytesThePublishedLayoutGives) {
  EvtWriter log;
  log.record(EvtEvent{.time_generated = Timestamp::from_unix(0x40CD6F5A),
                      .time_written = Timestamp::from_unix(0x40CD6F5B),
                      .event_id = 0xC0002714,
                      .type = kEvtError,
                      .category = 3,
                      .source = "A",
                      .computer = "B",
                      .user = well_known::kSystem,
                      .strings = {"c", ""},
                      .data = std::string("\xDE\xAD\x00", 3)});
  EXPECT_EQ(hex(as_bytes(std::string_view(log.bytes()).substr(48, log.size_of(1)))),
            "5c0000004c664c65010000005a6fcd405b6fcd40142700c00100020003000000"
            "000000004c0000000c000000400000000300000052000000"
            "4100000042000000010100000000000512000000630000000000"
            "dead00"
            "000000"
            "5c000000");
}

TEST(EvtWriter, EvtexportReadsEveryField) {
  IWAMTRACE_NEEDS_TOOL("evtexport", "libevt-utils");
  EvtWriter log(8 * EvtWriter::kStep, 4711);
  log.record(EvtEvent{.time_generated = at("2004-06-14T09:31:22Z"),
                      .time_written = at("2004-06-14T09:31:23Z"),
                      .event_id = 0xC0002714,
                      .type = kEvtError,
                      .category = 3,
                      .source = "DCOM",
                      .computer = "WEB1",
                      .user = Sid::from_text("S-1-5-21-1-2-3-1003"),
                      .strings = {"1326", "", "Zürich 漢字"}});
  log.record(EvtEvent{.time_generated = at("2037-12-31T23:59:59Z"),
                      .event_id = 517,
                      .type = kEvtAuditFailure,
                      .category = 65535,
                      .source = "Security",
                      .computer = "W2",
                      .data = "12345"});
  const TemporaryFile file("fields.evt", log.bytes());
  const ToolRun run = run_tool("evtexport", {}, file);
  ASSERT_EQ(run.exit_code, 0) << run.out;
  auto records = exported(run.out);
  ASSERT_EQ(records.size(), 2U) << run.out;

  auto& first = records[0];
  EXPECT_EQ(first["Event number"], "4711");
  EXPECT_EQ(first["Creation time"], "Jun 14, 2004 09:31:22 UTC");
  EXPECT_EQ(first["Written time"], "Jun 14, 2004 09:31:23 UTC");
  EXPECT_EQ(first["Event type"], "Error event (1)");
  EXPECT_EQ(first["User security identifier"], "S-1-5-21-1-2-3-1003");
  EXPECT_EQ(first["Computer name"], "WEB1");
  EXPECT_EQ(first["Source name"], "DCOM");
  EXPECT_EQ(first["Event category"], "3");
  EXPECT_EQ(first["Event identifier"], "0xc0002714 (3221235476)");
  EXPECT_EQ(first["Number of strings"], "3");
  EXPECT_EQ(first["String: 1"], "1326");
  EXPECT_EQ(first["String: 2"], "");
  EXPECT_EQ(first["String: 3"], "Zürich 漢字");

  auto& second = records[1];
  EXPECT_EQ(second["Event number"], "4712");
  EXPECT_EQ(second["Creation time"], "Dec 31, 2037 23:59:59 UTC");
  EXPECT_EQ(second["Written time"], "Dec 31, 2037 23:59:59 UTC");
  EXPECT_EQ(second["Event type"], "Failure Audit event (16)");
  EXPECT_EQ(second.count("User security identifier"), 0U);
  EXPECT_EQ(second["Event category"], "65535");
  EXPECT_EQ(second["Number of strings"], "0");
}

TEST(EvtWriter, EvtinfoSeesAnEmptyLogAsOne) {
  IWAMTRACE_NEEDS_TOOL("evtinfo", "libevt-utils");
  const TemporaryFile file("empty.evt", EvtWriter().bytes());
  const ToolRun run = run_tool("evtinfo", {}, file);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.out.find("Number of records\t\t: 0"), std::string::npos) << run.out;
}

TEST(EvtWriter, EveryLengthOfDataIsPaddedByOneToFourBytes) {
  for (std::size_t length = 0; length < 9; ++length) {
    EvtWriter log;
    EvtEvent event = dcom();
    event.data = std::string(length, 'd');
    const std::string file = log.record(event).bytes();
    const std::string record = file.substr(log.offset_of(1), log.size_of(1));
    ASSERT_EQ(record.size() % 4, 0U);
    EXPECT_EQ(record.substr(evt_u32(record, 52), evt_u32(record, 48)), event.data);
    const std::size_t padding = record.size() - 4 - evt_u32(record, 52) - length;
    EXPECT_TRUE(padding >= 1 && padding <= 4) << length;
  }
}

TEST(EvtWriter, SurrogatesSurviveInPairsAndAlone) {
  EvtEvent event = dcom();
  event.computer = "W\xED\xA0\x80X";
  event.strings = {"\xED\xB0\x80", "\xF0\x9F\x98\x80\xED\xA0\x80"};
  EvtWriter log;
  const std::string file = log.record(event).bytes();
  const std::string record = file.substr(log.offset_of(1), log.size_of(1));
  EXPECT_EQ(evt_text(record, 56), "DCOM");
  EXPECT_EQ(evt_text(record, 66), event.computer);
  EXPECT_EQ(evt_text(record, evt_u32(record, 36)), event.strings[0]);
  EXPECT_EQ(evt_text(record, evt_u32(record, 36) + 4), event.strings[1]);
}

TEST(EvtWriter, LogGrowsByStepsBeforeItOverwrites) {
  EvtWriter log(2 * EvtWriter::kStep);
  fill(log, 400);
  EXPECT_EQ(log.bytes().size(), EvtWriter::kStep);
  EXPECT_EQ(log.oldest_number(), 1U);
  fill(log, 400);
  const std::string file = log.bytes();
  EXPECT_EQ(file.size(), 2 * EvtWriter::kStep);
  EXPECT_EQ(evt_u32(file, 32), 2 * EvtWriter::kStep);
  EXPECT_EQ(evt_u32(file, 36), 0U);
  EXPECT_EQ(numbers_of(follow_evt(file, kHeader)), from_to(1, 800));
  fill(log, 400);
  EXPECT_EQ(log.bytes().size(), 2 * EvtWriter::kStep);
  EXPECT_GT(log.oldest_number(), 1U);
}

TEST(EvtWriter, RecordCutByTheEndOfTheFileContinuesBehindTheHeader) {
  EvtWriter log(kHeader + 10 * kRecord + 80);
  fill(log, 11);
  ASSERT_EQ(log.size_of(11), kRecord);
  const std::string file = log.bytes();

  EXPECT_EQ(log.offset_of(11), kHeader + 10 * kRecord);
  EXPECT_EQ(file.size() - log.offset_of(11), 80U);
  EXPECT_EQ(evt_u32(file, kHeader + kRecord - 80 - 4),
            kRecord);  // the copy of the size ends the tail
  EXPECT_EQ(log.offset_of_end(), kHeader + kRecord - 80);
  EXPECT_EQ(log.oldest_number(), 2U);
  EXPECT_EQ(evt_u32(file, 36), std::uint32_t{kEvtWrapped});
  EXPECT_EQ(evt_u32(file, 16), log.offset_of(2));
  EXPECT_EQ(evt_u32(file, 20), log.offset_of_end());
  EXPECT_EQ(evt_u32(file, 24), 12U);
  EXPECT_EQ(evt_u32(file, 28), 2U);
  const StrictEvtLog read = follow_evt(file, evt_u32(file, 16));
  EXPECT_EQ(numbers_of(read), from_to(2, 11));
  EXPECT_EQ(read.end, log.offset_of_end());
}

TEST(EvtWriter, EvtexportReadsALogThatHasComeRoundManyTimes) {
  IWAMTRACE_NEEDS_TOOL("evtexport", "libevt-utils");
  EvtWriter log(kHeader + 10 * kRecord + 80);
  for (std::uint32_t records = 1; records <= 60; ++records) {
    fill(log, 1);
    const std::string bytes = log.bytes();
    const StrictEvtLog read = follow_evt(bytes, evt_u32(bytes, 16));
    ASSERT_EQ(numbers_of(read), from_to(log.oldest_number(), records));
    // libevt takes the filling at the end of the file for a record and loses its way.
    if (read.skipped == 0) {
      const TemporaryFile file("round.evt", bytes);
      ASSERT_EQ(exported_numbers(file), from_to(log.oldest_number(), records)) << records;
    }
  }
}

TEST(EvtWriter, EndTooShortForTheFixedPartOfARecordIsFilled) {
  for (const std::uint32_t left : {4U, 24U, 40U, 52U}) {
    EvtWriter log(kHeader + 10 * kRecord + left);
    fill(log, 11);
    const std::string file = log.bytes();
    EXPECT_EQ(log.offset_of(11), kHeader);
    std::string filling;
    for (std::uint32_t i = 0; i < left / 4; ++i) {
      filling += std::string("\x27\0\0\0", 4);
    }
    EXPECT_EQ(file.substr(file.size() - left), filling);
    const StrictEvtLog read = follow_evt(file, evt_u32(file, 16));
    EXPECT_EQ(numbers_of(read), from_to(3, 11));
    EXPECT_EQ(read.skipped, left);
  }
}

TEST(EvtWriter, RecordBeginsWhereItsFixedPartJustFits) {
  EvtWriter log(kHeader + 10 * kRecord + 56);
  fill(log, 11);
  EXPECT_EQ(log.offset_of(11), kHeader + 10 * kRecord);
  const std::string file = log.bytes();
  EXPECT_EQ(numbers_of(follow_evt(file, evt_u32(file, 16))), from_to(2, 11));
}

TEST(EvtWriter, EndRecordMayRunOverTheEndOfTheFile) {
  EvtWriter log(kHeader + 10 * kRecord + 12);
  fill(log, 10);
  const std::string file = log.bytes();
  EXPECT_EQ(log.oldest_number(), 2U);
  EXPECT_EQ(log.offset_of_end(), file.size() - 12);
  EXPECT_EQ(evt_u32(file, kHeader + 24), 40U);
  const StrictEvtLog read = follow_evt(file, evt_u32(file, 16));
  EXPECT_EQ(numbers_of(read), from_to(2, 10));
  EXPECT_EQ(read.end, log.offset_of_end());
}

TEST(EvtWriter, LogThatEndsWithTheFileBeginsAtTheHeaderAgain) {
  EvtWriter log(kHeader + 10 * kRecord);
  fill(log, 10);
  const std::string file = log.bytes();
  EXPECT_EQ(log.offset_of_end(), kHeader);
  const StrictEvtLog read = follow_evt(file, evt_u32(file, 16));
  EXPECT_EQ(numbers_of(read), from_to(2, 10));
  EXPECT_EQ(read.end, kHeader);
}

TEST(EvtWriter, DirtyHeaderStaysWhileTheEndRecordMovesOn) {
  EvtWriter log(EvtWriter::kStep);
  const std::uint32_t end_then = fill(log, 5).offset_of_end();
  log.dirty().flags(kEvtArchive);
  const std::string file = fill(log, 7).bytes();
  EXPECT_EQ(evt_u32(file, 20), end_then);
  EXPECT_EQ(evt_u32(file, 24), 6U);
  EXPECT_EQ(evt_u32(file, 28), 1U);
  EXPECT_EQ(evt_u32(file, 36), kEvtDirty | kEvtArchive);
  const std::uint32_t end = log.offset_of_end();
  EXPECT_EQ(follow_evt(file, kHeader).end, end);
  EXPECT_EQ(evt_u32(file, end + 20), kHeader);
  EXPECT_EQ(evt_u32(file, end + 24), end);
  EXPECT_EQ(evt_u32(file, end + 28), 13U);
  EXPECT_EQ(evt_u32(file, end + 32), 1U);
}

TEST(EvtWriter, DirtyFromItsBeginningHasTheHeaderOfAClearedLog) {
  EvtWriter log;
  fill(log.dirty(), 5);
  const std::string file = log.bytes();
  EXPECT_EQ(evt_u32(file, 16), kHeader);
  EXPECT_EQ(evt_u32(file, 20), kHeader);
  EXPECT_EQ(evt_u32(file, 24), 1U);
  EXPECT_EQ(evt_u32(file, 28), 0U);
  EXPECT_EQ(evt_u32(file, 36), std::uint32_t{kEvtDirty});
  EXPECT_EQ(numbers_of(follow_evt(file, kHeader)), from_to(1, 5));
}

TEST(EvtWriter, EvtexportReadsDirtyLogs) {
  IWAMTRACE_NEEDS_TOOL("evtexport", "libevt-utils");
  EvtWriter fresh;
  fill(fresh.dirty(), 5);
  const TemporaryFile fresh_file("fresh.evt", fresh.bytes());
  EXPECT_EQ(exported_numbers(fresh_file), from_to(1, 5));
  EXPECT_NE(run_tool("evtinfo", {}, fresh_file).out.find("Is dirty"), std::string::npos);

  EvtWriter round(kHeader + 10 * kRecord + 80);
  fill(round, 15).dirty();
  ASSERT_EQ(evt_u32(round.bytes(), 36), kEvtDirty | kEvtWrapped);
  const TemporaryFile round_file("dirty_round.evt", round.bytes());
  EXPECT_EQ(exported_numbers(round_file), from_to(round.oldest_number(), 15));
}

// libevt reads such a log up to the end of the file only.
TEST(EvtWriter, EndRecordLeadsThroughALogThatCameRoundUnderAStaleHeader) {
  EvtWriter log(kHeader + 10 * kRecord + 80);
  fill(log, 15).dirty();
  const std::string file = fill(log, 3).bytes();
  const std::uint32_t end = log.offset_of_end();
  ASSERT_EQ(evt_u32(file, end + 4), 0x11111111U);
  ASSERT_NE(evt_u32(file, 20), end);
  EXPECT_EQ(numbers_of(follow_evt(file, evt_u32(file, end + 20))),
            from_to(log.oldest_number(), 18));
}

TEST(EvtWriter, ClearedLogKeepsTheOldBytesInItsFreeSpace) {
  EvtWriter log(EvtWriter::kStep);
  fill(log, 20, 8);
  const std::uint32_t old_end = log.offset_of_end();
  const std::uint32_t seventh = log.offset_of(7);
  const std::string before = log.bytes();
  log.clear();
  fill(log, 3, 10);
  const std::string file = log.bytes();

  EXPECT_EQ(numbers_of(follow_evt(file, kHeader)), from_to(1, 3));
  EXPECT_EQ(evt_u32(file, 24), 4U);
  EXPECT_EQ(evt_u32(file, 28), 1U);
  EXPECT_EQ(file.substr(seventh), before.substr(seventh));
  EXPECT_EQ(evt_u32(file, seventh + 8), 7U);
  EXPECT_EQ(evt_u32(file, old_end + 4), 0x11111111U);
  EXPECT_EQ(evt_u32(file, old_end + 28), 21U);  // larger than the one that counts
}

TEST(EvtWriter, EvtexportRecoversTheRecordsBeforeAClear) {
  IWAMTRACE_NEEDS_TOOL("evtexport", "libevt-utils");
  EvtWriter log(EvtWriter::kStep);
  fill(log, 20, 8).clear();
  fill(log, 3, 10);
  const TemporaryFile file("cleared.evt", log.bytes());
  std::vector<std::uint32_t> numbers = exported_numbers(file);
  ASSERT_GE(numbers.size(), 3U);
  EXPECT_EQ(std::vector(numbers.begin(), numbers.begin() + 3), from_to(1, 3));
  for (const std::uint32_t number : from_to(5, 20)) {
    EXPECT_TRUE(std::ranges::find(numbers, number) != numbers.end()) << number;
  }
}

TEST(EvtWriter, GrowthInALogThatHasComeRoundLeavesCopiesAStepLower) {
  EvtWriter log(EvtWriter::kStep);
  fill(log, 700);
  while (log.offset_of(log.next_number() - 1) > 0x8000) {
    fill(log, 1);
  }
  const std::uint32_t oldest = log.oldest_number(), newest = log.next_number() - 1;
  std::map<std::uint32_t, std::uint32_t> before;
  std::uint32_t torn = 0;
  for (const std::uint32_t number : from_to(oldest, newest)) {
    before[number] = log.offset_of(number);
    if (log.offset_of(number) + log.size_of(number) > EvtWriter::kStep) {
      torn = number;
    }
  }
  ASSERT_NE(torn, 0U);
  const std::uint32_t seam = before[oldest];
  const std::string file = log.grow().bytes();

  ASSERT_EQ(file.size(), 2 * EvtWriter::kStep);
  EXPECT_EQ(evt_u32(file, 16), seam + EvtWriter::kStep);
  EXPECT_EQ(numbers_of(follow_evt(file, evt_u32(file, 16))), from_to(oldest, newest));
  int copies = 0;
  for (const std::uint32_t number : from_to(oldest, newest)) {
    const bool moved = before[number] >= seam;
    ASSERT_EQ(log.offset_of(number), before[number] + (moved ? EvtWriter::kStep : 0));
    if (moved && number != torn) {
      const std::uint32_t size = log.size_of(number);
      EXPECT_EQ(file.substr(before[number], size), file.substr(log.offset_of(number), size));
      ++copies;
    }
  }
  EXPECT_GT(copies, 100);
  // The copy of the record that ran over the end lacks its tail.
  EXPECT_EQ(evt_u32(file, before[torn] + 8), torn);
  EXPECT_NE(evt_u32(file, before[torn] + log.size_of(torn) - 4), log.size_of(torn));
}

TEST(EvtWriter, LogGoesOnAfterGrowth) {
  EvtWriter log(EvtWriter::kStep);
  fill(log, 700).grow();
  const std::uint32_t oldest = log.oldest_number();
  fill(log, 100);
  EXPECT_EQ(log.oldest_number(), oldest);  // the new room is used before anything is lost
  const std::string file = log.bytes();
  EXPECT_EQ(numbers_of(follow_evt(file, evt_u32(file, 16))), from_to(oldest, 800));
}

TEST(EvtWriter, GrowthOfALogThatHasNotComeRoundMovesNothing) {
  EvtWriter log(EvtWriter::kStep);
  const std::string before = fill(log, 10).bytes();
  const std::string file = log.grow().bytes();
  EXPECT_EQ(file.size(), 2 * EvtWriter::kStep);
  EXPECT_EQ(file.substr(kHeader, before.size() - kHeader), before.substr(kHeader));
}

TEST(EvtWriter, EvtexportReadsAGrownLog) {
  IWAMTRACE_NEEDS_TOOL("evtexport", "libevt-utils");
  EvtWriter log(kHeader + 10 * kRecord + 80);
  fill(log, 15);
  const std::uint32_t oldest = log.oldest_number();
  fill(log.grow(), 10);
  ASSERT_EQ(log.oldest_number(), oldest);
  const TemporaryFile file("grown.evt", log.bytes());
  const std::vector<std::uint32_t> numbers = exported_numbers(file);
  const std::vector<std::uint32_t> live = from_to(oldest, 25);
  ASSERT_GE(numbers.size(), live.size());
  EXPECT_EQ(
      std::vector(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(live.size())),
      live);
}

TEST(EvtWriter, CutTakesTheLastBytes) {
  EvtWriter log(EvtWriter::kStep);
  const std::string whole = fill(log, 3).bytes();
  EXPECT_EQ(log.cut(100).cut(1).bytes(), whole.substr(0, whole.size() - 101));
  EXPECT_EQ(log.cut(0x20000).bytes(), "");
}

TEST(EvtWriter, ImpossibleWishesAreRefused) {
  EXPECT_THROW(EvtWriter(1023), std::invalid_argument);
  EXPECT_THROW(EvtWriter(64), std::invalid_argument);
  EvtWriter log(kHeader + 10 * kRecord + 80);
  EXPECT_THROW(log.record(dcom(2000)), std::length_error);
  fill(log, 15);
  EXPECT_THROW(static_cast<void>(log.offset_of(1)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(log.offset_of(16)), std::out_of_range);
}

TEST(EvtWriter, SameEventsMakeTheSameBytes) {
  EvtWriter one(EvtWriter::kStep), other(EvtWriter::kStep);
  EXPECT_EQ(fill(one, 700).bytes(), fill(other, 700).bytes());
}

}  // namespace
}  // namespace iwamtrace
