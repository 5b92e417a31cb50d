#include "parsers/evt/evt_file.h"

#include <gtest/gtest.h>

#include "make/evt_writer.h"
#include "parsers/evt/evt_layout.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

EvtEvent event(std::uint32_t id, std::vector<std::string> strings = {}) {
  EvtEvent event;
  event.time_generated = Timestamp::from_unix(1087205482 + id);
  event.event_id = id;
  event.source = "DCOM";
  event.computer = "SHOP1";
  event.strings = std::move(strings);
  return event;
}

EvtWriter log_of(std::uint32_t records, std::uint32_t max_size = EvtWriter::kStep) {
  EvtWriter writer(max_size);
  for (std::uint32_t i = 1; i <= records; ++i) {
    writer.record(event(i, {"string of record " + std::to_string(i)}));
  }
  return writer;
}

CollectingSink read(const std::string& bytes) {
  CollectingSink sink;
  read_all(TestSources({bytes}), sink);
  return sink;
}

std::vector<std::uint64_t> numbers(const std::vector<RecordSlot>& slots) {
  std::vector<std::uint64_t> numbers;
  for (const RecordSlot& slot : slots) {
    numbers.push_back(slot.number);
  }
  return numbers;
}

std::uint64_t total(const Coverage& coverage) {
  return coverage.read + coverage.slack + coverage.damaged;
}

// As "save as" leaves it. A bug once: the end-of-file record was taken for padding because no whole
// record fits behind it.
TEST(EvtFile, AFileMayEndWithItsEndOfFileRecord) {
  std::string bytes = log_of(3).bytes();
  const std::size_t end = bytes.find("\x11\x11\x11\x11\x22\x22\x22\x22") - 4;
  bytes.resize(end + 40);
  const CollectingSink sink = read(bytes);
  ASSERT_EQ(sink.events.size(), 3U);
  EXPECT_EQ(sink.events.back().head.record, 3U);
  EXPECT_TRUE(sink.damage.empty());
  EXPECT_EQ(sink.summaries.front().coverage.slack, 0U);
}

TEST(EvtFile, EveryFieldOfARecord) {
  EvtEvent made = event(0xC0002714, {"1326", ".", "IWAM_SHOP1", "{3D14228D}"});
  made.time_written = Timestamp::from_unix(1087205499);
  made.type = kEvtError;
  made.user = well_known::kSystem;
  made.data = std::string("\x69\x05\x07\x80", 4);
  EvtWriter writer(EvtWriter::kStep, 41);
  writer.record(made);
  const CollectingSink sink = read(writer.bytes());

  ASSERT_EQ(sink.events.size(), 1U);
  const EventRecord& record = sink.events.front();
  EXPECT_EQ(record.head.record, 41U);
  EXPECT_EQ(record.head.offset, writer.offset_of(41));
  EXPECT_EQ(record.head.time, made.time_generated);
  EXPECT_EQ(record.head.event_id, 10004);
  EXPECT_EQ(record.head.key, events::kDcomLogonFailed);
  EXPECT_EQ(record.qualifiers, 0xC000);
  EXPECT_EQ(record.written, made.time_written);
  EXPECT_EQ(record.level, Level::kError);
  EXPECT_EQ(record.user, well_known::kSystem);
  EXPECT_EQ(plain(record.source()), "DCOM");
  EXPECT_EQ(plain(record.computer()), "SHOP1");
  EXPECT_EQ(plain(record.log()), "System");
  EXPECT_EQ(plain(record.field("Error")), "1326");
  EXPECT_EQ(plain(record.field("User")), "IWAM_SHOP1");
  EXPECT_EQ(record.string_count(), 4U);
  ASSERT_EQ(record.fields().size(), 5U);
  EXPECT_EQ(plain(record.value(record.fields()[4])), "69050780");
  EXPECT_EQ(record.fields()[4].kind, EventRecord::FieldKind::kData);
  EXPECT_TRUE(sink.damage.empty());
}

TEST(EvtFile, TypesBecomeLevels) {
  const std::vector<std::pair<std::uint16_t, std::optional<Level>>> table{
      {0, Level::kInformation}, {1, Level::kError},        {2, Level::kWarning},
      {4, Level::kInformation}, {8, Level::kAuditSuccess}, {16, Level::kAuditFailure},
      {0x40, std::nullopt}};
  EvtWriter writer;
  for (const auto& [type, level] : table) {
    EvtEvent made = event(1);
    made.type = type;
    writer.record(made);
  }
  const CollectingSink sink = read(writer.bytes());
  ASSERT_EQ(sink.events.size(), table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(sink.events[i].level, table[i].second) << table[i].first;
  }
}

TEST(EvtFile, RecordCutByEndOfFileContinuesAfterTheHeader) {
  const EvtWriter writer = log_of(700, EvtWriter::kStep);
  const std::string bytes = writer.bytes();
  const EvtFile file(as_bytes(bytes));
  ASSERT_GT(writer.oldest_number(), 1U);
  ASSERT_EQ(file.allocated().front().number, writer.oldest_number());
  EXPECT_EQ(file.allocated().back().number, 700U);
  EXPECT_EQ(file.allocated().size(), 701U - writer.oldest_number());

  const auto wrapped = std::ranges::find_if(file.allocated(), [&](const RecordSlot& slot) {
    return slot.offset + slot.size > bytes.size();
  });
  ASSERT_NE(wrapped, file.allocated().end());
  std::vector<std::byte> scratch;
  EventRecord record;
  const Bytes whole = file.bytes_of(*wrapped, scratch);
  decode_evt(whole, evt_head(whole), &record);
  EXPECT_EQ(plain(record.value(record.fields()[0])),
            "string of record " + std::to_string(wrapped->number));
  EXPECT_TRUE(file.gaps().empty());
  EXPECT_EQ(total(file.coverage()), bytes.size());
  EXPECT_EQ(file.coverage().damaged, 0U);
}

TEST(EvtFile, DirtyHeaderIsOverruledByTheEndRecord) {
  EvtWriter writer;
  writer.dirty();  // as if just cleared: it says that there are no records
  for (std::uint32_t i = 1; i <= 5; ++i) {
    writer.record(event(i));
  }
  const std::string bytes = writer.bytes();
  const EvtFile file(as_bytes(bytes));
  EXPECT_TRUE(file.stale_header());
  EXPECT_EQ(numbers(file.allocated()), (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  const CollectingSink sink = read(bytes);
  ASSERT_EQ(sink.damage.size(), 1U);
  EXPECT_FALSE(sink.damage.front().lost);
}

TEST(EvtFile, OldEndRecordWithALargerNumberIsNotFollowedAfterAClear) {
  EvtWriter writer = log_of(200);
  writer.clear();
  writer.dirty();
  for (std::uint32_t i = 1; i <= 7; ++i) {
    writer.record(event(1000 + i));
  }
  const std::string bytes = writer.bytes();
  const EvtFile file(as_bytes(bytes));
  EXPECT_EQ(numbers(file.allocated()), (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7}));
  ASSERT_FALSE(file.recovered().empty());
  EXPECT_EQ(file.recovered().back().number, 200U);
  EXPECT_EQ(total(file.coverage()), bytes.size());
}

// A cut anywhere costs the records behind it, and no byte of the file is left unnamed.
TEST(EvtFile, ACutAtAnyByteKeepsWhatStandsBeforeIt) {
  EvtWriter writer;
  for (std::uint32_t number = 1; number <= 6; ++number) {
    writer.record(event(number, {std::string(2 * number, 'w')}));  // no two of one size
  }
  const std::string whole = writer.bytes();
  const EvtFile complete(as_bytes(whole));
  ASSERT_EQ(complete.allocated().size(), 6U);
  const RecordSlot& last = complete.allocated().back();
  for (std::size_t size = last.offset + last.size + 64; size > 48; --size) {
    const std::string cut = whole.substr(0, size);
    const EvtFile file(as_bytes(cut));
    const auto standing = std::ranges::count_if(complete.allocated(), [&](const RecordSlot& slot) {
      return slot.offset + slot.size <= size;
    });
    EXPECT_EQ(file.allocated().size(), static_cast<std::size_t>(standing)) << size;
    EXPECT_EQ(total(file.coverage()), size);
  }
}

TEST(EvtFile, LeftoversOfAGrownLogAreCopiesOfLiveRecords) {
  EvtWriter writer(2 * EvtWriter::kStep);
  std::uint32_t number = 0;
  while (writer.oldest_number() < 100) {  // well round the ring
    ++number;
    writer.record(event(number, {"some words to fill the record " + std::to_string(number)}));
  }
  writer.grow();
  writer.record(event(++number));
  const std::string bytes = writer.bytes();
  const EvtFile file(as_bytes(bytes));
  EXPECT_EQ(file.allocated().front().number, writer.oldest_number());
  EXPECT_EQ(file.allocated().back().number, number);
  EXPECT_GT(file.copies().size(), 100U);
  EXPECT_TRUE(std::ranges::all_of(file.recovered(), [&](const RecordSlot& slot) {
    return slot.number < writer.oldest_number();
  }));
  const auto copied = std::ranges::find_if(file.allocated(), [&](const RecordSlot& slot) {
    return !file.copies().of(slot.offset).empty();
  });
  ASSERT_NE(copied, file.allocated().end());
  EXPECT_EQ(file.copies().of(copied->offset).front() + EvtWriter::kStep, copied->offset);
}

TEST(EvtFile, DamagedRecordCostsOnlyItself) {
  const EvtWriter writer = log_of(20);
  std::string bytes = writer.bytes();
  bytes[writer.offset_of(10) + 4] = 'X';  // its signature
  const EvtFile file(as_bytes(bytes));
  EXPECT_EQ(file.allocated().size(), 19U);
  ASSERT_EQ(file.gaps().size(), 1U);
  EXPECT_EQ(file.gaps().front().offset, writer.offset_of(10));
  EXPECT_EQ(file.gaps().front().length, writer.size_of(10));
  EXPECT_EQ(file.coverage().damaged, writer.size_of(10));
  EXPECT_EQ(total(file.coverage()), bytes.size());
}

TEST(EvtFile, StringsThatRunOutOfTheirRecordAreReportedWithTheRecord) {
  const EvtWriter writer = log_of(3);
  std::string bytes = writer.bytes();
  bytes[writer.offset_of(2) + evt_layout::kStringCount] = 9;
  for (const bool wanted : {true, false}) {  // unwanted records must be sound all the same
    CollectingSink sink;
    sink.want_events = wanted;
    read_all(TestSources({bytes}), sink);
    ASSERT_EQ(sink.losses().size(), 1U);
    EXPECT_EQ(sink.losses().front().offset, writer.offset_of(2));
    EXPECT_EQ(sink.losses().front().length, writer.size_of(2));
    EXPECT_EQ(sink.events.size(), wanted ? 2U : 0U);
    EXPECT_EQ(sink.heads.size(), 3U);
    EXPECT_EQ(sink.summaries.front().coverage.damaged, writer.size_of(2));
  }
}

TEST(EvtFile, CutFileKeepsWhatIsThere) {
  EvtWriter writer = log_of(50);
  const std::uint32_t cut_at = writer.offset_of(30) + 20;
  writer.cut(static_cast<std::uint32_t>(writer.bytes().size()) - cut_at);
  const std::string bytes = writer.bytes();
  const EvtFile file(as_bytes(bytes));
  EXPECT_EQ(file.allocated().size(), 29U);
  ASSERT_FALSE(file.gaps().empty());
  EXPECT_EQ(file.gaps().front().offset, bytes.size());
  EXPECT_EQ(total(file.coverage()), bytes.size());
}

TEST(EvtFile, EmptyLogHasNoRecordsAndNoLog) {
  const CollectingSink sink = read(EvtWriter().bytes());
  EXPECT_TRUE(sink.events.empty());
  ASSERT_EQ(sink.summaries.size(), 1U);
  EXPECT_TRUE(sink.summaries.front().log.empty());
  EXPECT_TRUE(sink.damage.empty());
}

TEST(EvtFile, LogIsToldByItsWriters) {
  const auto log_with = [](const std::string& source, std::uint16_t type) {
    EvtEvent made = event(1);
    made.source = source;
    made.type = type;
    EvtWriter writer;
    writer.record(made);
    return plain(read(writer.bytes()).summaries.front().log);
  };
  EXPECT_EQ(log_with("SECURITY", kEvtAuditSuccess), "Security");
  EXPECT_EQ(log_with("Security", kEvtAuditFailure), "Security");
  EXPECT_EQ(log_with("eventlog", kEvtInformation), "System");
  EXPECT_EQ(log_with("W3SVC", kEvtWarning), "System");
  EXPECT_EQ(log_with("MSSQLSERVER", kEvtInformation), "Application");
}

TEST(EvtFile, TimeOfZeroIsNoTime) {
  EvtEvent made = event(1);
  made.time_generated = Timestamp::from_unix(0);
  EvtWriter writer;
  writer.record(made);
  const CollectingSink sink = read(writer.bytes());
  EXPECT_EQ(sink.events.front().head.time, Timestamp{});
  EXPECT_EQ(sink.events.front().written, std::nullopt);
  EXPECT_EQ(sink.summaries.front().first, std::nullopt);
}

TEST(EvtFile, RecordsComeInTheOrderOfTheirOffsets) {
  const CollectingSink sink = read(log_of(700).bytes());
  EXPECT_TRUE(std::ranges::is_sorted(sink.events, {},
                                     [](const EventRecord& record) { return record.head.offset; }));
}

TEST(EvtFile, HeaderOffsetsGoneWildDoNotMatterWhereTheEndRecordIsRight) {
  std::string bytes = log_of(40).bytes();
  for (const std::size_t at : {evt_layout::kHeaderStartOffset, evt_layout::kHeaderEndOffset,
                               evt_layout::kHeaderNextRecord, evt_layout::kHeaderOldestRecord}) {
    bytes.replace(at, 4, "\xFF\xFF\xFF\xF0");
  }
  EXPECT_EQ(EvtFile(as_bytes(bytes)).allocated().size(), 40U);
}

}  // namespace
}  // namespace iwamtrace
