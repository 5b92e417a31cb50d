// The second witness: equal readings agree, and each changed field is named, and only that one.
#include "parsers/witness/cross_check.h"

#include <gtest/gtest.h>

#include "make/evt_writer.h"
#include "make/evtx_writer.h"
#include "parsers/cursor.h"
#include "parsers/evt/evt_layout.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

// Our reading of `ours` against the library's reading of `theirs`.
CrossCheck check(const std::string& ours, const std::string& theirs) {
  const TestSources left({ours});
  const TestSources right({theirs});
  const Parser* parser =
      parser_for(left.sources().front().bytes.first(std::min(ours.size(), kFirstBytes)));
  return cross_check(*parser, left.sources().front(),
                     second_reading(*parser, right.sources().front()));
}

CrossCheck check(const std::string& log) { return check(log, log); }

void expect_one_difference(const CrossCheck& check, std::string_view field, std::uint64_t record) {
  EXPECT_EQ(check.differ, 1U);
  ASSERT_EQ(check.differences.size(), 1U) << "expected one difference in " << field;
  EXPECT_EQ(check.differences.front().field, field);
  EXPECT_EQ(check.differences.front().record, record);
  EXPECT_EQ(check.differences.front().because, "");
}

EvtEvent evt_event(std::uint32_t number) {
  EvtEvent event;
  event.time_generated = Timestamp::from_unix(1087205482 + number);
  event.event_id = 0xC0002714;
  event.type = kEvtError;
  event.source = "DCOM";
  event.computer = "SHOP1";
  event.user = well_known::kSystem;
  event.strings = {"1326", ".", "IWAM_SHOP1", "{3D14228D-FBE1-11D0-995D-00C04FD919C1}"};
  return event;
}

EvtWriter evt_log() {
  EvtWriter writer;
  for (std::uint32_t i = 1; i <= 5; ++i) {
    writer.record(evt_event(i));
  }
  return writer;
}

TEST(CrossCheckEvt, EqualReadingsAgree) {
  const CrossCheck result = check(evt_log().bytes());
  EXPECT_TRUE(result.reader.starts_with("libevt "));
  EXPECT_EQ(result.agree, 5U);
  EXPECT_EQ(result.differ + result.only_ours + result.only_theirs, 0U);
  EXPECT_TRUE(result.differences.empty());
}

TEST(CrossCheckEvt, OneChangedByteInEachFieldIsNamed) {
  using namespace evt_layout;
  const EvtWriter writer = evt_log();
  const std::size_t at = writer.offset_of(3);
  const std::string log = writer.bytes();
  const std::size_t computer = kSourceName + 2 * (4 + 1);
  const auto dword = [&](std::size_t field) { return u32_at(as_bytes(log), at + field, "field"); };
  const std::vector<std::pair<std::string, std::size_t>> fields{
      {"time", at + kTimeGenerated},
      {"event_id", at + kEventId},
      {"computer", at + computer},
      {"user_sid", at + dword(kUserSidOffset) + 8},  // its first subauthority
      {"strings", at + dword(kStringOffset)},
  };
  for (const auto& [field, offset] : fields) {
    std::string changed = log;
    changed[offset] = static_cast<char>(changed[offset] ^ 1);
    SCOPED_TRACE(field);
    expect_one_difference(check(log, changed), field, 3);
  }
}

TEST(CrossCheckEvt, RecordThatOneReaderLacksIsAFinding) {
  const EvtWriter writer = evt_log();
  std::string without = writer.bytes();
  without[writer.offset_of(3) + 4] = 'X';
  const CrossCheck result = check(writer.bytes(), without);
  EXPECT_EQ(result.only_ours, 1U);
  ASSERT_FALSE(result.differences.empty());
  EXPECT_EQ(result.differences.front().field, "presence");
  EXPECT_EQ(result.differences.front().record, 3U);
  EXPECT_EQ(result.differences.front().because, "");
}

TEST(CrossCheckEvt, CopiesThatTheLibraryListsAsRecoveredAreExplained) {
  IWAMTRACE_NEEDS_DATA("evt/plaso/SysEvent.Evt");
  const CrossCheck result = check(file_bytes(data_folder() / "evt/plaso/SysEvent.Evt"));
  EXPECT_EQ(result.agree, 6320U);
  EXPECT_EQ(result.differ + result.only_ours, 0U);
  EXPECT_EQ(result.only_theirs, 181U);
  EXPECT_EQ(result.omitted, 81U);
  for (const CrossDifference& difference : result.differences) {
    EXPECT_TRUE(difference.because.starts_with("a leftover with the bytes of record "));
  }
}

EvtxEvent evtx_event(std::uint64_t number) {
  EvtxEvent event;
  event.provider = "Microsoft-Windows-Security-Auditing";
  event.provider_guid = "{54849625-5478-4994-A5BA-3E3B0328C30D}";
  event.event_id = 4724;
  event.keywords = 0x8020000000000000;
  event.time = Timestamp{Timestamp::from_unix(1087205482).ticks +
                         static_cast<std::int64_t>(number) * 10'000'001};
  event.channel = "Security";
  event.computer = "SHOP1";
  event.user = well_known::kSystem;
  EvtxEventData data;
  data.fields = {{"TargetUserName", EvtxValue::text("IWAM_SHOP1")},
                 {"TargetSid", EvtxValue::sid(*Sid::from_text("S-1-5-21-1-2-3-1004"))},
                 {"SubjectLogonId", EvtxValue::hex64(0x3E7)},
                 {"Empty", EvtxValue::text("")}};
  event.payload = data;
  return event;
}

EvtxWriter evtx_log() {
  EvtxWriter writer;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    writer.record(evtx_event(i));
  }
  return writer;
}

TEST(CrossCheckEvtx, EqualReadingsAgreeWhateverTheLibraryCallsThem) {
  const CrossCheck result = check(evtx_log().bytes());
  EXPECT_TRUE(result.reader.starts_with("libevtx "));
  EXPECT_EQ(result.agree, 5U);
  EXPECT_TRUE(result.differences.empty());
}

TEST(CrossCheckEvtx, OneChangedByteInEachFieldIsNamed) {
  const EvtxWriter writer = evtx_log();
  const std::string log = writer.bytes();
  // The same bytes of record 3 that hold each value, found by writing it with another one.
  const auto with = [&](auto change) {
    EvtxWriter other;
    for (std::uint64_t i = 1; i <= 5; ++i) {
      EvtxEvent event = evtx_event(i);
      if (i == 3) {
        change(event);
      }
      other.record(event);
    }
    std::string bytes = other.bytes();
    EXPECT_EQ(bytes.size(), log.size());
    return bytes;
  };
  const auto payload = [](EvtxEvent& event) -> EvtxEventData& {
    return std::get<EvtxEventData>(event.payload);
  };
  const std::vector<std::pair<std::string, std::string>> changed{
      {"time", with([](EvtxEvent& event) { event.time.ticks += 1; })},
      {"event_id", with([](EvtxEvent& event) { event.event_id = 4725; })},
      {"user_sid", with([](EvtxEvent& event) {
         event.user = Sid{1, 1, 5, {19}};
       })},
      {"strings", with([&](EvtxEvent& event) {
         payload(event).fields[0].value = EvtxValue::text("IWAM_SHOP2");
       })},
  };
  for (const auto& [field, theirs] : changed) {
    SCOPED_TRACE(field);
    expect_one_difference(check(log, theirs), field, 3);
  }
}

TEST(CrossCheckEvtx, ComputerIsCompared) {
  const std::string log = evtx_log().bytes();
  std::string changed = log;
  const std::string name("S\0H\0O\0P\0", 8);
  const std::size_t at = changed.find(name + std::string("1\0", 2), EvtxWriter::chunk_offset(0));
  ASSERT_NE(at, std::string::npos);
  changed.replace(at, 2, std::string("X\0", 2));
  repair_evtx_checksums(changed);
  const CrossCheck result = check(log, changed);
  ASSERT_FALSE(result.differences.empty());
  for (const CrossDifference& difference : result.differences) {
    EXPECT_EQ(difference.field, "computer");
  }
}

TEST(CrossCheckEvtx, RealLogsDifferOnlyWhereTheLibraryIsKnownTo) {
  IWAMTRACE_NEEDS_DATA("evtx");
  std::uint64_t agree = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_folder() / "evtx")) {
    if (entry.path().extension() != ".evtx" ||
        std::filesystem::file_size(entry.path()) > 1'200'000) {
      continue;  // the library needs a second for a megabyte
    }
    SCOPED_TRACE(entry.path().filename().string());
    const CrossCheck result = check(file_bytes(entry.path()));
    agree += result.agree;
    for (const CrossDifference& difference : result.differences) {
      EXPECT_NE(difference.because, "")
          << *difference.record << " " << difference.field << ": ours " << plain(difference.ours)
          << ", theirs " << plain(difference.theirs);
    }
  }
  EXPECT_GT(agree, 10000U);
}

TEST(CrossCheckEvtx, RefusalByTheLibraryLeavesOurRecordsStanding) {
  const std::string log = evtx_log().bytes();
  const CrossCheck result = check(log, "no log at all");
  EXPECT_EQ(result.only_ours, 5U);
}

}  // namespace
}  // namespace iwamtrace
