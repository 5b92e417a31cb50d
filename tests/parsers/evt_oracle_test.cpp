// A real log of Windows XP, wrapped and copied while it was open, against what evtexport says of
// it.
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "parsers/evt/evt_file.h"
#include "tests/support/evidence.h"
#include "tests/support/gunzip.h"

namespace iwamtrace {
namespace {

struct OracleRecord {
  std::map<std::string, std::string> fields;
  std::vector<std::string> strings;
};

// "Event number\t\t\t: 1392"; a string may go on over several lines.
std::vector<OracleRecord> oracle_records(const std::string& text) {
  static const std::set<std::string> kNames{"Event number",      "Creation time",
                                            "Written time",      "Event type",
                                            "Computer name",     "Source name",
                                            "Event category",    "Event identifier",
                                            "Number of strings", "User security identifier"};
  std::vector<OracleRecord> records;
  std::string* value = nullptr;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find("\t: ");
    const std::string name =
        colon == std::string::npos ? "" : line.substr(0, line.find_first_of('\t'));
    const std::string rest = colon == std::string::npos ? "" : line.substr(colon + 3);
    if (name == "Event number") {
      records.emplace_back();
    }
    if (kNames.contains(name)) {
      value = &(records.back().fields[name] = rest);
    } else if (name.starts_with("String: ")) {
      records.back().strings.push_back(rest);
      value = &records.back().strings.back();
    } else if (value != nullptr) {
      *value += "\n" + line;
    }
  }
  return records;
}

std::string without_line_ends(std::string text) {
  std::erase(text, '\r');
  while (text.ends_with('\n') || text.ends_with(' ')) {
    text.pop_back();
  }
  return text;
}

// "Jul 27, 2011 06:41:47 UTC".
Timestamp time_of(const std::string& text) {
  static const std::string kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t month = kMonths.find(text.substr(0, 3)) / 3 + 1;
  std::string iso = text.substr(8, 4) + (month < 10 ? "-0" : "-") + std::to_string(month) + "-" +
                    text.substr(4, 2) + "T" + text.substr(13, 8) + "Z";
  return *Timestamp::from_iso(iso);
}

std::uint32_t number_of(const std::string& text) {
  return static_cast<std::uint32_t>(std::stoul(text, nullptr, 0));
}

void expect_equal(const EventRecord& ours, const OracleRecord& theirs) {
  const auto field = [&](const char* name) { return without_line_ends(theirs.fields.at(name)); };
  SCOPED_TRACE("record " + field("Event number"));
  EXPECT_EQ(ours.head.time, time_of(field("Creation time")));
  EXPECT_EQ(ours.written, time_of(field("Written time")));
  EXPECT_EQ(plain(ours.computer()), field("Computer name"));
  EXPECT_EQ(plain(ours.source()), field("Source name"));
  const std::uint32_t id = number_of(field("Event identifier"));
  EXPECT_EQ(ours.head.event_id, id & 0xFFFF);
  EXPECT_EQ(ours.qualifiers, id >> 16);
  const std::string user =
      theirs.fields.contains("User security identifier") ? field("User security identifier") : "";
  EXPECT_EQ(ours.user ? to_string(*ours.user) : "", user);
  const std::map<Level, std::string> types{
      {Level::kError, "(1)"}, {Level::kWarning, "(2)"}, {Level::kInformation, "(4)"}};
  ASSERT_TRUE(ours.level);
  EXPECT_TRUE(field("Event type").ends_with(types.at(*ours.level)));
  EXPECT_EQ(ours.string_count(), number_of(field("Number of strings")));
  ASSERT_EQ(ours.string_count(), theirs.strings.size());
  for (std::size_t i = 0; i < theirs.strings.size(); ++i) {
    EXPECT_EQ(without_line_ends(plain(ours.value(ours.fields()[i]))),
              without_line_ends(theirs.strings[i]));
  }
}

class RealSystemLog : public testing::Test {
 protected:
  void SetUp() override {
    IWAMTRACE_NEEDS_DATA("evt/plaso/SysEvent.Evt");
    bytes_ = file_bytes(data_folder() / "evt/plaso/SysEvent.Evt");
    read_all(TestSources({bytes_}), sink_);
    for (const EventRecord& record : sink_.events) {
      (record.origin == Origin::kAllocated ? live_ : recovered_)[*record.head.record] = &record;
    }
  }

  std::string bytes_;
  CollectingSink sink_;
  std::map<std::uint64_t, const EventRecord*> live_, recovered_;
};

TEST_F(RealSystemLog, LiveRecordsInOrderAndEqualInEveryField) {
  const EvtFile file(as_bytes(bytes_));
  ASSERT_EQ(file.allocated().size(), 6063U);
  EXPECT_EQ(file.allocated().front().number, 1392U);
  EXPECT_EQ(file.allocated().back().number, 7454U);
  for (std::size_t i = 0; i < file.allocated().size(); ++i) {
    ASSERT_EQ(file.allocated()[i].number, 1392 + i);
  }
  const auto oracle =
      oracle_records(gunzip(data_folder() / "evt/plaso/SysEvent.Evt.evtexport.oracle.txt.gz"));
  ASSERT_EQ(oracle.size(), live_.size());
  for (const OracleRecord& theirs : oracle) {
    expect_equal(*live_.at(number_of(theirs.fields.at("Event number"))), theirs);
  }
}

TEST_F(RealSystemLog, RecoveredRecordsAreTheOraclesWithoutItsCopies) {
  ASSERT_EQ(recovered_.size(), 257U);
  EXPECT_EQ(recovered_.begin()->first, 1135U);
  EXPECT_EQ(recovered_.rbegin()->first, 1391U);
  const auto oracle =
      oracle_records(gunzip(data_folder() / "evt/plaso/SysEvent.Evt.recovered.oracle.txt.gz"));
  EXPECT_EQ(oracle.size(), 438U);
  std::size_t compared = 0;
  std::size_t copies = 0;
  for (const OracleRecord& theirs : oracle) {
    const std::uint32_t number = number_of(theirs.fields.at("Event number"));
    if (recovered_.contains(number)) {
      expect_equal(*recovered_.at(number), theirs);
      ++compared;
    } else {
      ASSERT_TRUE(live_.contains(number)) << number;
      EXPECT_EQ(live_.at(number)->copies.size(), 1U) << number;
      ++copies;
    }
  }
  EXPECT_EQ(compared, 257U);
  EXPECT_EQ(copies, 181U);
}

TEST_F(RealSystemLog, CopiesStandOneStepLowerAndOneOfThemIsTorn) {
  constexpr std::uint64_t kStep = 0x10000;
  std::size_t identical = 0;
  std::vector<std::uint64_t> torn;
  for (const auto& [number, record] : live_) {
    for (const std::uint64_t copy : record->copies) {
      EXPECT_EQ(copy + kStep, record->head.offset);
      const std::uint32_t size = static_cast<std::uint32_t>(
          *reinterpret_cast<const std::uint32_t*>(bytes_.data() + record->head.offset));
      const bool same = record->head.offset + size <= bytes_.size() &&
                        bytes_.compare(copy, size, bytes_, record->head.offset, size) == 0;
      same ? static_cast<void>(++identical) : torn.push_back(number);
    }
  }
  EXPECT_EQ(identical, 180U);
  EXPECT_EQ(torn, std::vector<std::uint64_t>{1572});
}

TEST_F(RealSystemLog, SummaryAndCoverage) {
  ASSERT_EQ(sink_.summaries.size(), 1U);
  const SourceSummary& summary = sink_.summaries.front();
  EXPECT_EQ(plain(summary.log), "System");
  EXPECT_EQ(to_iso(*summary.first), "2011-07-27T06:41:47Z");
  EXPECT_EQ(to_iso(*summary.last), "2012-04-07T04:58:01Z");
  EXPECT_EQ(summary.coverage.damaged, 0U);
  EXPECT_EQ(summary.coverage.read + summary.coverage.slack, bytes_.size());
  EXPECT_TRUE(sink_.losses().empty());
}

}  // namespace
}  // namespace iwamtrace
