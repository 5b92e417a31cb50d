#include "make/evtx_writer.h"

#include <array>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

#include "evtx_examples.h"
#include "make/bytes.h"
#include "strict_evtx.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

using Node = EvtxNode;
using Value = EvtxValue;

std::vector<std::uint64_t> ids_of(const StrictFile& file) {
  std::vector<std::uint64_t> ids;
  for (const StrictChunk& chunk : file.chunks) {
    for (const StrictRecord& record : chunk.records) {
      ids.push_back(record.id);
    }
  }
  return ids;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = first; number <= last; ++number) {
    numbers.push_back(number);
  }
  return numbers;
}

// Many events of few shapes.
EvtxEvent numbered(std::uint64_t number) {
  EvtxEvent event = example_dcom();
  event.event_id = static_cast<std::uint16_t>(10000 + number % 7);
  event.time = Timestamp{event.time.ticks + static_cast<std::int64_t>(number) * 10'000'000};
  event.provider = number % 3 == 0 ? "Provider A" : event.provider;
  event.payload = EvtxEventData{
      .fields = {{"number", Value::uint64(number)},
                 {"text", "text of " + std::to_string(number) + std::string(number % 50, '.')}}};
  return event;
}

EvtxWriter& fill(EvtxWriter& log, std::uint64_t first, std::uint64_t last) {
  for (const std::uint64_t number : from_to(first, last)) {
    log.record(numbered(number));
  }
  return log;
}

std::string numbered_payload(std::uint64_t number) {
  return "<EventData><Data Name=\"number\">" + std::to_string(number) +
         "</Data><Data Name=\"text\">text of " + std::to_string(number) +
         std::string(number % 50, '.') + "</Data></EventData>";
}

TEST(EvtxWriter, FileHeaderHasTheBytesThePublishedLayoutGives) {
  const std::string file = EvtxWriter().bytes();
  ASSERT_EQ(file.size(), 0x11000U);
  EXPECT_EQ(hex(as_bytes(file.substr(0, 44))),
            "456c6646696c6500"
            "0000000000000000"
            "0000000000000000"
            "0100000000000000"
            "80000000"
            "0100030000100100");
}

TEST(EvtxWriter, RecordBeginsAsTheRecordsOfWindowsDo) {
  const std::string record = EvtxWriter().record(example_dcom()).bytes().substr(0x1200, 0x90);
  EXPECT_EQ(hex(as_bytes(record.substr(0, 4))), "2a2a0000");
  EXPECT_EQ(hex(as_bytes(record.substr(8, 8))), "0100000000000000");
  // Fragment, template instance with its definition inline at 0x226 and the chain's end.
  EXPECT_EQ(hex(as_bytes(record.substr(24, 6))), "0f0101000c01");
  EXPECT_EQ(hex(as_bytes(record.substr(34, 8))), "2602000000000000");
  // The Event element, that depends on value 17, and its name at 0x24d with Windows' hash.
  EXPECT_EQ(hex(as_bytes(record.substr(62, 7))), "0f010100411100");
  EXPECT_EQ(hex(as_bytes(record.substr(73, 22))), "4d02000000000000ba0c05004500760065006e007400");
}

// Level, opcode, task, event id, qualifiers, keywords, time, activity, process, thread, record id,
// version, user, related activity and three unused, as logs of Windows 7 have them; then the
// payload.
TEST(EvtxWriter, ValuesStandInTheOrderOfWindows) {
  EvtxEvent event = example_dcom();
  event.qualifiers = std::nullopt;  // Windows keeps two bytes of room for it
  const std::string second = EvtxWriter().record(event).record(event).bytes_of(2);
  EXPECT_EQ(hex(as_bytes(second.substr(38, 72))),
            "12000000"
            "01000400010004000200060002000600"
            "02000000080015000800110000000000"
            "040008000400080008000a0001000400"
            "0c001300"
            "00000000000000000000000000000000");
}

// The same elements with text in place have no dependency, as in the logs of event collectors.
TEST(EvtxWriter, TextInPlaceBeginsAsForwardedRecordsDo) {
  const std::string record = EvtxWriter()
                                 .record(in_form(example_dcom(), EvtxForm::kNoTemplate))
                                 .bytes()
                                 .substr(0x1200, 0x90);
  EXPECT_EQ(hex(as_bytes(record.substr(24, 5))), "0f01010041");
  EXPECT_EQ(hex(as_bytes(record.substr(33, 22))), "2502000000000000ba0c05004500760065006e007400");
}

TEST(EvtxWriter, HashOfNamesIsTheOneOfWindows) {
  // As they stand in logs of Windows 7.
  EXPECT_EQ(binxml_hash(utf16_bytes("Event")), 0x0CBA);
  EXPECT_EQ(binxml_hash(utf16_bytes("Qualifiers")), 0xDA29);
  EXPECT_EQ(binxml_hash(utf16_bytes("EventData")), 0x8244);
}

TEST(EvtxWriter, SecondRecordOfAShapeRefersToTheFirstOnesTemplates) {
  EvtxWriter log;
  log.record(numbered(1)).record(numbered(2));
  const std::string first = log.bytes_of(1), second = log.bytes_of(2);
  EXPECT_LT(second.size() * 2, first.size());
  EXPECT_EQ(second.substr(24, 14), first.substr(24, 14));  // instance, id, offset
  const StrictFile file = read_evtx_strictly(log.bytes());
  EXPECT_EQ(file.chunks.at(0).templates, 2U);
}

TEST(EvtxWriter, TemplateIsNamedAfterItsContent) {
  const auto id_of = [](const EvtxEvent& event) {
    return EvtxWriter().record(event).bytes().substr(0x1226, 20);
  };
  EvtxEvent other = example_dcom();
  other.channel = "Application";
  EXPECT_EQ(id_of(example_dcom()), id_of(with_fields(example_dcom(), {{"a", "b"}})));
  EXPECT_NE(id_of(example_dcom()), id_of(other));
}

TEST(EvtxWriter, RecordsGoOnInTheNextChunk) {
  EvtxWriter log;
  const std::string bytes = fill(log, 1, 600).bytes();
  ASSERT_GE(log.chunk_count(), 3U);
  const StrictFile file = read_evtx_strictly(bytes);
  EXPECT_EQ(ids_of(file), from_to(1, 600));
  EXPECT_EQ(file.first_chunk, 0U);
  EXPECT_EQ(file.last_chunk, log.chunk_count() - 1);
  EXPECT_EQ(file.chunk_count, log.chunk_count());
  EXPECT_EQ(file.next_id, 601U);
  EXPECT_EQ(file.flags, 0U);
  for (const StrictChunk& chunk : file.chunks) {
    EXPECT_EQ(chunk.templates, 3U);  // one for each provider and one for the payload
    for (const StrictRecord& record : chunk.records) {
      EXPECT_EQ(evtx_payload_of(record.xml), numbered_payload(record.id));
    }
  }
  const std::size_t offset = log.offset_of(400);
  EXPECT_EQ(bytes.substr(offset, log.bytes_of(400).size()), log.bytes_of(400));
  EXPECT_THROW(static_cast<void>(log.offset_of(601)), std::out_of_range);
}

TEST(EvtxWriter, EvtxexportReadsEveryRecordOfEveryChunk) {
  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  EvtxWriter log;
  const TemporaryFile file("chunks.evtx", fill(log, 1, 600).bytes());
  ASSERT_GE(log.chunk_count(), 3U);
  const std::vector<std::string> records = evtx_exported(file);
  ASSERT_EQ(records.size(), 600U);
  for (std::uint64_t number = 1; number <= 600; ++number) {
    const std::string& record = records[number - 1];
    EXPECT_NE(record.find("<EventRecordID>" + std::to_string(number) + "<"), std::string::npos);
    EXPECT_EQ(evtx_payload_of(record), numbered_payload(number));
  }
  const ToolRun info = run_tool("evtxinfo", {}, file);
  EXPECT_NE(info.out.find("Number of records\t\t: 600"), std::string::npos) << info.out;
  EXPECT_NE(info.out.find("Number of recovered records\t: 0"), std::string::npos) << info.out;
}

TEST(EvtxWriter, RecordIdsMayJumpWhileNumbersCount) {
  EvtxEvent event = example_dcom();
  event.record_id = 5000;
  EvtxWriter log;
  const StrictFile file = read_evtx_strictly(log.record(event).record(example_dcom()).bytes());
  EXPECT_EQ(ids_of(file), from_to(5000, 5001));
  EXPECT_EQ(file.chunks[0].first_number, 1U);
  EXPECT_EQ(file.chunks[0].last_number, 2U);
  EXPECT_EQ(file.next_id, 5002U);
}

TEST(EvtxWriter, DirtyHeaderStaysWhileChunksAreAdded) {
  EvtxWriter log;
  fill(log, 1, 10).dirty().full();
  const std::string bytes = fill(log, 11, 600).bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  EXPECT_EQ(file.flags, 3U);
  EXPECT_EQ(file.next_id, 11U);
  EXPECT_EQ(file.last_chunk, 0U);
  EXPECT_EQ(file.chunk_count, 1U);
  EXPECT_EQ(ids_of(file), from_to(1, 600));

  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  const TemporaryFile on_disk("dirty.evtx", bytes);
  EXPECT_EQ(evtx_exported(on_disk).size(), 600U);
  EXPECT_NE(run_tool("evtxinfo", {}, on_disk).out.find("Is dirty"), std::string::npos);
}

TEST(EvtxWriter, FullLogOverwritesItsOldestChunk) {
  EvtxWriter log(3);
  fill(log, 1, 200);
  while (log.chunk_count() < 3) {
    fill(log, 1, 1);
  }
  log.next_chunk();
  const std::string bytes = fill(log, 1, 5).bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  ASSERT_EQ(file.chunks.size(), 3U);
  EXPECT_EQ(file.first_chunk, 1U);
  EXPECT_EQ(file.last_chunk, 0U);
  EXPECT_EQ(file.chunks[0].records.size(), 5U);
  EXPECT_EQ(file.chunks[0].last_id + 1, file.next_id);
  EXPECT_EQ(file.chunks[2].last_id + 1, file.chunks[0].first_id);
  EXPECT_THROW(static_cast<void>(log.offset_of(1)), std::out_of_range);
  EXPECT_EQ(log.offset_of(file.chunks[0].first_id), EvtxWriter::chunk_offset(0) + 512);

  IWAMTRACE_NEEDS_TOOL("evtxexport", "libevtx-utils");
  const TemporaryFile on_disk("full.evtx", bytes);
  EXPECT_EQ(evtx_exported(on_disk).size(), ids_of(file).size());
}

// What a carver finds behind the free offset.
struct Leftovers {
  std::set<std::uint64_t> readable, lost;
};

Leftovers leftovers_of(std::string_view chunk, std::size_t free) {
  Leftovers found;
  for (std::size_t at = chunk.find("**", free);
       at != std::string_view::npos && at + 24 < chunk.size(); at = chunk.find("**", at + 2)) {
    const auto id = static_cast<std::uint8_t>(chunk[at + 8]);
    try {
      found.readable.insert(read_record_strictly(chunk, at).id);
    } catch (const std::runtime_error&) {
      found.lost.insert(id);
    }
  }
  return found;
}

TEST(EvtxWriter, OverwrittenChunkKeepsOlderRecordsWithAndWithoutTheirTemplates) {
  EvtxWriter log(1);
  log.record(example_dcom()).record(example_dcom()).record(example_dcom());
  log.record(example_log_cleared()).record(example_log_cleared());
  const std::size_t old_end = log.offset_of(5) + log.bytes_of(5).size();
  // The event's template at the chunk's beginning is stored again, the payload's is not: 2 and 3
  // need it, while 5 takes its own from 4.
  log.next_chunk().record(with_fields(example_dcom(), {{"x", "y"}}));
  EXPECT_EQ(log.leave_behind("behind all that was left"), old_end);
  const std::string bytes = log.bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  EXPECT_EQ(ids_of(file), from_to(6, 6));
  const Leftovers found = leftovers_of(std::string_view(bytes).substr(0x1000), file.chunks[0].free);
  EXPECT_EQ(found.readable, (std::set<std::uint64_t>{4, 5}));
  EXPECT_EQ(found.lost, (std::set<std::uint64_t>{2, 3}));
}

TEST(EvtxWriter, OverwrittenChunkOfAnotherProviderLosesAllOlderRecords) {
  EvtxWriter log(1);
  log.record(example_dcom()).record(example_dcom()).record(example_log_cleared()).next_chunk();
  EvtxEvent other = with_fields(example_dcom(), {{"x", "y"}});
  other.channel = "Another";
  const std::string bytes = log.record(other).bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  const Leftovers found = leftovers_of(std::string_view(bytes).substr(0x1000), file.chunks[0].free);
  EXPECT_EQ(found.readable, std::set<std::uint64_t>{});
  EXPECT_EQ(found.lost, (std::set<std::uint64_t>{2, 3}));
}

TEST(EvtxWriter, OverwrittenChunkKeepsOlderRecordsThatCanBeRead) {
  EvtxWriter log(1);
  log.record(example_dcom())
      .record(example_dcom())
      .record(in_form(example_log_cleared(), EvtxForm::kNoTemplate));
  log.record(example_dcom()).next_chunk();
  // The same shape at the same place: the template and the names are where they were.
  const std::string bytes = log.record(example_dcom()).bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  EXPECT_EQ(ids_of(file), from_to(5, 5));
  const Leftovers found = leftovers_of(std::string_view(bytes).substr(0x1000), file.chunks[0].free);
  EXPECT_EQ(found.readable, (std::set<std::uint64_t>{2, 3, 4}));
  EXPECT_EQ(found.lost, std::set<std::uint64_t>{});
}

TEST(EvtxWriter, CopiesOfLiveRecordsMayLieInTheFreeSpace) {
  EvtxWriter log;
  log.record(example_dcom()).record(example_dcom()).record(example_dcom());
  const std::size_t copy_of_3 = log.leave_behind(log.bytes_of(3));
  const std::size_t copy_of_2 = log.leave_behind(log.bytes_of(2));
  EXPECT_EQ(copy_of_3, log.offset_of(3) + log.bytes_of(3).size());
  EXPECT_EQ(copy_of_2, copy_of_3 + log.bytes_of(3).size());
  const std::string bytes = log.bytes();
  EXPECT_EQ(ids_of(read_evtx_strictly(bytes)), from_to(1, 3));
  const std::string_view chunk = std::string_view(bytes).substr(0x1000);
  EXPECT_EQ(read_record_strictly(chunk, copy_of_2 - 0x1000).xml,
            read_record_strictly(chunk, log.offset_of(2) - 0x1000).xml);
  EXPECT_THROW(log.leave_behind(std::string(0x10000, 'x')), std::length_error);

  // New records go over them.
  log.record(example_dcom());
  EXPECT_EQ(log.offset_of(4), copy_of_3);
  EXPECT_EQ(ids_of(read_evtx_strictly(log.bytes())), from_to(1, 4));
}

TEST(EvtxWriter, ChecksumsCanBeRepairedAfterDamage) {
  EvtxWriter log;
  std::string bytes = fill(log, 1, 600).bytes();
  const std::string whole = bytes;
  bytes[30] = 'x';                                // the file header's next record id
  bytes[EvtxWriter::chunk_offset(1) + 33] = 'x';  // a chunk header's last record id
  bytes[log.offset_of(400) + 17] = 'x';           // a record's time
  EXPECT_THROW(read_evtx_strictly(bytes), std::runtime_error);
  repair_evtx_checksums(bytes);
  bytes[EvtxWriter::chunk_offset(1) + 33] = whole[EvtxWriter::chunk_offset(1) + 33];
  EXPECT_THROW(read_evtx_strictly(bytes), std::runtime_error);
  repair_evtx_checksums(bytes);
  EXPECT_NO_THROW(read_evtx_strictly(bytes));
  EXPECT_NE(bytes, whole);

  std::string untouched = whole;
  repair_evtx_checksums(untouched);
  EXPECT_EQ(untouched, whole);
  std::string torn = whole.substr(0, EvtxWriter::chunk_offset(1) + 100);
  EXPECT_NO_THROW(repair_evtx_checksums(torn));
}

TEST(EvtxWriter, FileMayEndWithRoomOrBeCut) {
  EvtxWriter log;
  const std::string whole = log.record(example_dcom()).bytes();
  EXPECT_EQ(whole.size(), 0x11000U);
  const std::string roomy = log.reserve(17).bytes();
  EXPECT_EQ(roomy, whole + std::string(16 * 0x10000, '\0'));
  EXPECT_EQ(ids_of(read_evtx_strictly(roomy)), from_to(1, 1));
  EXPECT_EQ(log.cut(16 * 0x10000).cut(5).bytes(), whole.substr(0, whole.size() - 5));
  EXPECT_EQ(log.cut(whole.size()).bytes(), "");
}

TEST(EvtxWriter, EmptyLogHasOneEmptyChunk) {
  const std::string bytes = EvtxWriter().bytes();
  const StrictFile file = read_evtx_strictly(bytes);
  ASSERT_EQ(file.chunks.size(), 1U);
  EXPECT_EQ(file.chunks[0].free, 512U);
  EXPECT_EQ(file.chunks[0].last_number, UINT64_MAX);
  EXPECT_EQ(file.next_id, 1U);

  IWAMTRACE_NEEDS_TOOL("evtxinfo", "libevtx-utils");
  const TemporaryFile on_disk("empty.evtx", bytes);
  const ToolRun info = run_tool("evtxinfo", {}, on_disk);
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_NE(info.out.find("Number of records\t\t: 0"), std::string::npos) << info.out;
}

TEST(EvtxWriter, RecordThatDoesNotFitLeavesNoTraceInTheTables) {
  EvtxWriter log;
  EvtxEvent large = example_dcom();
  large.payload = Node::element("Large", {}, {Node::value(std::string(20000, 'x'))});
  log.record(example_dcom()).record(large);
  large.payload = Node::element("Larger", {}, {Node::value(std::string(20000, 'x'))});
  log.record(large);  // the second of the two begins a chunk
  const StrictFile file = read_evtx_strictly(log.bytes());
  ASSERT_EQ(file.chunks.size(), 2U);
  EXPECT_EQ(file.chunks[0].records.size(), 2U);
  EXPECT_EQ(file.chunks[1].records.size(), 1U);
}

TEST(EvtxWriter, RecordLargerThanItsFieldsOrAChunkIsRefused) {
  EvtxWriter log;
  EvtxEvent large = with_fields(example_dcom(), {{"x", std::string(40000, 'x')}});
  large.provider = "Another";
  EXPECT_THROW(log.record(large), std::length_error);
  log.record(example_dcom());
  const EvtxValue half{std::string(20000, 'x')};
  large = in_form(with_fields(large, {{"y", half}, {"z", half}}), EvtxForm::kOneTemplate);
  EXPECT_THROW(log.record(large), std::length_error);
  large = with_fields(large, {{"y", "small"}, {"z", "small"}});
  const StrictFile file = read_evtx_strictly(log.record(large).bytes());
  EXPECT_EQ(ids_of(file), from_to(1, 2));
}

TEST(EvtxWriter, SameEventsMakeTheSameBytes) {
  EvtxWriter one, other;
  EXPECT_EQ(fill(one, 1, 300).bytes(), fill(other, 1, 300).bytes());
}

}  // namespace
}  // namespace iwamtrace
