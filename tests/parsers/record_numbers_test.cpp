// What the readers tell of the numbers of a log's records, wanted or not.
#include "parsers/record_numbers.h"

#include <gtest/gtest.h>

#include "make/evt_writer.h"
#include "make/evtx_writer.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

constexpr std::int64_t kFirstSecond = 1087205482;  // 2004-06-14 09:31:22

NumberedPlace place(std::uint64_t number, std::int64_t seconds) {
  return NumberedPlace{number, 0x100 * number, Timestamp::from_unix(kFirstSecond + seconds)};
}

// A record a second.
LogNumbering numbering_of(const std::vector<std::uint64_t>& numbers) {
  RecordNumbers reader;
  std::int64_t second = 0;
  for (const std::uint64_t number : numbers) {
    reader.add(place(number, second++));
  }
  return reader.finish();
}

LogNumbering read(const std::string& bytes) {
  CollectingSink sink;
  sink.want_events = false;
  read_all(TestSources({bytes}), sink);
  return sink.summaries.at(0).numbering;
}

TEST(RecordNumbers, AWholeLogLacksNothing) {
  const LogNumbering numbering = numbering_of({7, 8, 9});
  ASSERT_TRUE(numbering.lowest);
  EXPECT_EQ(numbering.lowest->number, 7U);
  EXPECT_EQ(numbering.highest->number, 9U);
  EXPECT_EQ(numbering.highest->offset, 0x900U);
  EXPECT_EQ(numbering.missing + numbering.gap_count + numbering.restarts + numbering.steps_back,
            0U);
  EXPECT_FALSE(numbering_of({}).lowest);
}

TEST(RecordNumbers, AGapHasTheRecordsAroundIt) {
  const LogNumbering numbering = numbering_of({1, 2, 6, 7, 9});
  EXPECT_EQ(numbering.missing, 4U);
  EXPECT_EQ(numbering.gap_count, 2U);
  ASSERT_EQ(numbering.gaps.size(), 2U);
  EXPECT_EQ(numbering.gaps[0].before.number, 2U);
  EXPECT_EQ(numbering.gaps[0].after.offset, 0x600U);
  EXPECT_EQ(numbering.gaps[0].after.time, Timestamp::from_unix(kFirstSecond + 2));
  EXPECT_EQ(numbering.gaps[0].missing(), 3U);
  EXPECT_EQ(numbering.gaps[1].missing(), 1U);
}

TEST(RecordNumbers, OfManyGapsTheLargestAreKeptInTheirOrder) {
  std::vector<std::uint64_t> numbers{1};
  for (std::uint64_t i = 1; i <= 40; ++i) {
    numbers.push_back(numbers.back() + 1 + i);
  }
  const LogNumbering numbering = numbering_of(numbers);
  EXPECT_EQ(numbering.gap_count, 40U);
  EXPECT_EQ(numbering.missing, 820U);
  ASSERT_EQ(numbering.gaps.size(), LogNumbering::kMostGaps);
  EXPECT_EQ(numbering.gaps.front().missing(), 25U);
  EXPECT_EQ(numbering.gaps.back().missing(), 40U);
}

TEST(RecordNumbers, NumbersOfAnySizeAreCountedWithinBounds) {
  const LogNumbering numbering = numbering_of({0, UINT64_MAX, 1, UINT64_MAX - 1});
  EXPECT_EQ(numbering.missing, UINT64_MAX);
  EXPECT_EQ(numbering.gap_count, 2U);
  EXPECT_EQ(numbering.restarts, 1U);
}

TEST(RecordNumbers, ALowerNumberIsARestart) {
  const LogNumbering numbering = numbering_of({500, 501, 1, 2, 1});
  EXPECT_EQ(numbering.restarts, 2U);
  ASSERT_TRUE(numbering.first_restart);
  EXPECT_EQ(numbering.first_restart->before.number, 501U);
  EXPECT_EQ(numbering.first_restart->after.number, 1U);
  EXPECT_EQ(numbering.gap_count, 0U);
}

// A ring's file begins with its newer part. A log that began anew may have such numbers too, but
// its times go on.
TEST(RecordNumbers, ARingIsNoRestart) {
  RecordNumbers ring;
  for (const int number : {6, 7, 2, 3, 4}) {
    ring.add(place(static_cast<std::uint64_t>(number), number));
  }
  const LogNumbering numbering = ring.finish();
  EXPECT_EQ(numbering.restarts, 0U);
  EXPECT_FALSE(numbering.first_restart);
  EXPECT_EQ(numbering.steps_back, 0U);
  ASSERT_EQ(numbering.gaps.size(), 1U);  // 5, where the file's end leads on to its front
  EXPECT_EQ(numbering.gaps[0].before.number, 4U);
  EXPECT_EQ(numbering.gaps[0].after.number, 6U);
  EXPECT_EQ(numbering_of({6, 7, 2, 3, 4}).restarts, 1U);
}

TEST(RecordNumbers, TimeThatGoesBackIsCountedBeyondAMinute) {
  RecordNumbers reader;
  std::uint64_t number = 0;
  for (const std::int64_t second : {0, 600, 540, 479, 900, 300, 1000}) {
    reader.add(place(++number, second));
  }
  reader.add(NumberedPlace{++number, 0x800, Timestamp{}});  // has no time
  const LogNumbering numbering = reader.finish();
  EXPECT_EQ(numbering.steps_back, 2U);
  ASSERT_TRUE(numbering.longest_step_back);
  EXPECT_EQ(numbering.longest_step_back->before.number, 5U);
  EXPECT_EQ(numbering.longest_step_back->back(), 600U * Timestamp::kTicksPerSecond);
}

// Events of one provider, handed over when the computer wakes up.
TEST(RecordNumbers, RecordsThatComeLateAreNoStepBack) {
  const auto steps = [](const std::vector<std::int64_t>& seconds) {
    RecordNumbers reader(3);
    std::uint64_t number = 0;
    for (const std::int64_t second : seconds) {
      reader.add(place(++number, second));
    }
    return reader.finish();
  };
  EXPECT_EQ(steps({0, 900, 10, 11, 12, 901}).steps_back, 0U);
  EXPECT_EQ(steps({0, 900, 10, 11, 12, 13, 901}).steps_back, 1U);
  EXPECT_EQ(steps({0, 900, 10, 901, 11, 902, 12, 903}).steps_back, 0U);
  const LogNumbering at_the_end = steps({0, 900, 10});  // nobody can tell
  ASSERT_TRUE(at_the_end.longest_step_back);
  EXPECT_EQ(at_the_end.longest_step_back->after.number, 3U);
}

EvtEvent evt_event(std::uint32_t number) {
  EvtEvent event;
  event.time_generated = Timestamp::from_unix(kFirstSecond + number);
  event.event_id = 6013;
  event.source = "EventLog";
  event.computer = "SHOP1";
  event.strings = {"string of record " + std::to_string(number)};
  return event;
}

EvtWriter evt_of(std::uint32_t records) {
  EvtWriter writer(EvtWriter::kStep);
  for (std::uint32_t i = 1; i <= records; ++i) {
    writer.record(evt_event(i));
  }
  return writer;
}

TEST(EvtNumbering, ARingThatHasComeRoundIsWhole) {
  EvtWriter writer = evt_of(900);
  const LogNumbering numbering = read(writer.bytes());
  ASSERT_GT(writer.oldest_number(), 1U);
  EXPECT_EQ(numbering.lowest->number, writer.oldest_number());
  EXPECT_EQ(numbering.lowest->offset, writer.offset_of(writer.oldest_number()));
  EXPECT_EQ(numbering.highest->number, 900U);
  EXPECT_EQ(numbering.announced_oldest, writer.oldest_number());
  EXPECT_EQ(numbering.announced_next, 901U);
  EXPECT_TRUE(numbering.wrapped);
  EXPECT_FALSE(numbering.open);
  EXPECT_EQ(numbering.gap_count + numbering.restarts + numbering.steps_back, 0U);
  EXPECT_FALSE(numbering.of_former_life);
}

// Two records were made one: the bytes are all there, a number is not.
TEST(EvtNumbering, ARecordThatWasTakenOutLeavesAGapWithoutDamage) {
  EvtWriter writer = evt_of(20);
  std::string bytes = writer.bytes();
  const std::uint32_t from = writer.offset_of(10);
  const std::uint32_t size = writer.size_of(10) + writer.size_of(11);
  const std::string_view number{reinterpret_cast<const char*>(&size), sizeof size};
  bytes.replace(from, 4, number);
  bytes.replace(from + size - 4, 4, number);
  CollectingSink sink;
  read_all(TestSources({bytes}), sink);
  EXPECT_TRUE(sink.losses().empty());
  const LogNumbering& numbering = sink.summaries.at(0).numbering;
  ASSERT_EQ(numbering.gaps.size(), 1U);
  EXPECT_EQ(numbering.gaps[0].before.number, 10U);
  EXPECT_EQ(numbering.gaps[0].after.number, 12U);
  EXPECT_EQ(numbering.gaps[0].after.offset, writer.offset_of(12));
}

TEST(EvtNumbering, ADamagedRecordIsAGap) {
  EvtWriter writer = evt_of(20);
  std::string bytes = writer.bytes();
  bytes[writer.offset_of(10) + 4] = 'X';  // its signature
  const LogNumbering numbering = read(bytes);
  EXPECT_EQ(numbering.missing, 1U);
  EXPECT_EQ(numbering.gaps.at(0).before.offset, writer.offset_of(9));
}

TEST(EvtNumbering, AClearedLogKeepsHigherNumbersInItsFreeSpace) {
  EvtWriter writer = evt_of(200);
  writer.clear();
  for (std::uint32_t i = 1; i <= 7; ++i) {
    writer.record(evt_event(1000 + i));
  }
  const LogNumbering numbering = read(writer.bytes());
  EXPECT_EQ(numbering.highest->number, 7U);
  EXPECT_EQ(numbering.gap_count + numbering.restarts, 0U);
  ASSERT_TRUE(numbering.of_former_life);
  EXPECT_EQ(numbering.of_former_life->number, 200U);
  EXPECT_EQ(numbering.of_former_life->time, Timestamp::from_unix(kFirstSecond + 200));
}

EvtxEvent evtx_event(std::uint64_t number, const std::string& computer = "SHOP1",
                     const std::string& channel = "System") {
  EvtxEvent event;
  event.provider = "EventLog";
  event.event_id = 6013;
  event.time = Timestamp::from_unix(kFirstSecond + static_cast<std::int64_t>(number));
  event.record_id = number;
  event.computer = computer;
  event.channel = channel;
  event.payload = EvtxEventData{.fields = {{"number", EvtxValue::uint64(number)},
                                           {"text", "text of " + std::to_string(number)}}};
  return event;
}

TEST(EvtxNumbering, ChunksThatAreUsedAnewAreARing) {
  EvtxWriter writer(3);
  std::uint64_t number = 0;
  while (writer.chunk_count() < 3 || number < 2000) {
    writer.record(evtx_event(++number));
  }
  const LogNumbering numbering = read(writer.bytes());
  EXPECT_GT(numbering.lowest->number, 1U);
  EXPECT_EQ(numbering.highest->number, number);
  EXPECT_EQ(numbering.gap_count + numbering.restarts + numbering.steps_back, 0U);
  EXPECT_EQ(numbering.channels, 1U);
  EXPECT_EQ(numbering.computers, 1U);
  EXPECT_FALSE(numbering.numbered_anew);
  EXPECT_FALSE(numbering.announced_next);
}

TEST(EvtxNumbering, GapsRestartsAndAnOpenFileAreSeen) {
  EvtxWriter writer;
  for (const std::uint64_t number : {40U, 41U, 45U, 46U, 3U, 4U, 50U}) {
    writer.record(evtx_event(number));
  }
  EXPECT_FALSE(read(writer.bytes()).open);
  writer.dirty();
  const LogNumbering numbering = read(writer.bytes());
  EXPECT_TRUE(numbering.open);
  EXPECT_EQ(numbering.gap_count, 2U);
  EXPECT_EQ(numbering.missing, 3U + 45U);
  EXPECT_EQ(numbering.gaps.at(0).before.offset, writer.offset_of(41));
  EXPECT_EQ(numbering.restarts, 1U);
  EXPECT_EQ(numbering.first_restart->after.number, 3U);
}

// Its records are numbered from 1, while each event keeps the number that it had in its log.
TEST(EvtxNumbering, AnExportNumbersItsRecordsAnew) {
  EvtxWriter writer;
  const std::vector<std::uint64_t> ids{17, 90, 91, 250};
  for (const std::uint64_t id : ids) {
    writer.record(evtx_event(id));
  }
  std::string bytes = writer.bytes();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    bytes[writer.offset_of(ids[i]) + 8] = static_cast<char>(i + 1);
  }
  repair_evtx_checksums(bytes);
  const LogNumbering numbering = read(bytes);
  EXPECT_TRUE(numbering.numbered_anew);
  EXPECT_EQ(numbering.lowest->number, 17U);
  EXPECT_EQ(numbering.highest->number, 250U);
  EXPECT_EQ(numbering.gap_count, 2U);
}

TEST(EvtxNumbering, NamesOfForwardedEventsReturnAndThoseOfARenamedComputerDoNot) {
  const auto numbering_with = [](const std::vector<std::string>& computers) {
    EvtxWriter writer;
    std::uint64_t number = 0;
    for (const std::string& computer : computers) {
      ++number;
      writer.record(evtx_event(number, computer, number == 1 ? "Security" : "System"));
    }
    return read(writer.bytes());
  };
  const LogNumbering renamed = numbering_with({"WIN-1", "WIN-1", "SHOP1", "SHOP1.example"});
  EXPECT_EQ(renamed.computers, 3U);
  EXPECT_EQ(renamed.channels, 2U);
  EXPECT_FALSE(renamed.computers_return);
  EXPECT_TRUE(numbering_with({"SHOP1", "SHOP2", "SHOP1"}).computers_return);
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i) {
    many.push_back("SHOP" + std::to_string(i));
  }
  EXPECT_EQ(numbering_with(many).computers, LogNumbering::kMostNames);
}

// Dirty, and come round; libevt counts the same records.
TEST(EvtNumbering, ARealLogOfXpIsWhole) {
  IWAMTRACE_NEEDS_DATA("evt/plaso/SysEvent.Evt");
  const LogNumbering numbering = read(file_bytes(data_folder() / "evt/plaso/SysEvent.Evt"));
  EXPECT_EQ(numbering.lowest->number, 1392U);
  EXPECT_EQ(numbering.highest->number, 7454U);
  EXPECT_EQ(numbering.announced_oldest, 1392U);
  EXPECT_EQ(numbering.announced_next, 7455U);
  EXPECT_TRUE(numbering.open);
  EXPECT_TRUE(numbering.wrapped);
  EXPECT_EQ(numbering.gap_count + numbering.restarts, 0U);
  EXPECT_EQ(numbering.steps_back, 2U);
  EXPECT_FALSE(numbering.of_former_life);
}

}  // namespace
}  // namespace iwamtrace
