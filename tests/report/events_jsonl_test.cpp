#include "report/events_jsonl.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace iwamtrace {
namespace {

std::string line_of(const EventRecord& record) {
  JsonWriter json(JsonWriter::Style::kCompact);
  append_jsonl(record, {}, json);
  return json.take();
}

TEST(EventsJsonl, TheMessageStandsBesideTheStrings) {
  EventRecord record;
  record.add_field({}, record.add_text("raw"));
  JsonWriter json(JsonWriter::Style::kCompact);
  append_jsonl(record, say("what \"it\" says"), json);
  const nlohmann::json line = nlohmann::json::parse(json.take());
  EXPECT_EQ(line["message"], "what \"it\" says");
  EXPECT_EQ(line["strings"], nlohmann::json::array({"raw"}));
}

TEST(EventsJsonl, ARecordIsOneLineWithWhatIsKnown) {
  EventRecord record;
  record.head.source = SourceId{3};
  record.head.offset = 0x5ac;
  record.head.record = 10;
  record.head.time = *Timestamp::from_iso("2004-06-14T22:11:02Z");
  record.head.event_id = 10004;
  record.qualifiers = 0xC000;
  record.level = Level::kError;
  record.written = record.head.time;
  record.user = Sid::from_text("S-1-5-18");
  record.set_source(record.add_text("DCOM"));
  record.set_computer(record.add_text("SHOP1"));
  record.set_log(record.add_text("System"));
  record.add_field(record.add_text("Error"), record.add_text("1326"));
  record.add_field({}, record.add_text("raw"));
  record.add_field({}, record.add_text("00ff"), EventRecord::FieldKind::kData);
  record.copies = {77};
  EXPECT_EQ(line_of(record),
            R"({"evidence":3,"offset":1452,"record":10,"origin":"allocated",)"
            R"("time":"2004-06-14T22:11:02Z","written":"2004-06-14T22:11:02Z","log":"System",)"
            R"("source":"DCOM","event_id":10004,"qualifiers":49152,"level":"error",)"
            R"("computer":"SHOP1","user_sid":"S-1-5-18","strings":["1326","raw"],"data":"00ff",)"
            R"("fields":{"Error":"1326"},"copies":[77]})"
            "\n");
}

TEST(EventsJsonl, WhatIsUnknownIsLeftOutAndATimeOfZeroIsNull) {
  EXPECT_EQ(line_of(EventRecord{}),
            "{\"evidence\":0,\"offset\":0,\"origin\":\"allocated\",\"time\":null,"
            "\"written\":null,\"event_id\":0,\"strings\":[]}\n");
}

TEST(EventsJsonl, TheTwinOfAnNt5Event) {
  EventRecord record;
  record.head.event_id = 628;
  record.nt6_id = 4724;
  EXPECT_EQ(nlohmann::json::parse(line_of(record))["nt6"]["event_id"], 4724);
}

TEST(EventsJsonl, ANameThatRepeatsHasTheListOfItsValues) {
  EventRecord record;
  for (const auto& [name, value] : {std::pair{"b", "1"}, {"a", "2"}, {"b", "3"}}) {
    record.add_field(record.add_text(name), record.add_text(value));
  }
  record.add_field({}, record.add_text("01"), EventRecord::FieldKind::kData);
  record.add_field({}, record.add_text("02"), EventRecord::FieldKind::kData);
  const std::string line = line_of(record);
  EXPECT_NE(line.find(R"("data":["01","02"],"fields":{"b":["1","3"],"a":"2"})"), std::string::npos)
      << line;
}

// An array of 60,000 bytes is 60,000 values of one name: comparing each with each took minutes.
TEST(EventsJsonl, ManyValuesOfOneNameTakeNoLonger) {
  EventRecord record;
  const EventRecord::Piece name = record.add_text("Data");
  for (int i = 0; i < 60'000; ++i) {
    record.add_field(name, record.add_text(std::to_string(i)));
  }
  const nlohmann::json parsed = nlohmann::json::parse(line_of(record));
  ASSERT_EQ(parsed["fields"]["Data"].size(), 60'000U);
  EXPECT_EQ(parsed["fields"]["Data"][59'999], "59999");
}

}  // namespace
}  // namespace iwamtrace
