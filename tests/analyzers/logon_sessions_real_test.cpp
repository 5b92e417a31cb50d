// Sessions in a log that Windows wrote.
#include <gtest/gtest.h>

#include "analyzers/logon_sessions.h"
#include "tests/analyzers/session_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

// A real log of 40 starts of Windows, as a workstation wrote it.
class RealSecurityLog : public testing::Test {
 protected:
  static constexpr std::string_view kFile = "evtx/omerbenamram-evtx/security.evtx";

  void SetUp() override {
    IWAMTRACE_NEEDS_DATA(kFile);
    CollectingSink sink;
    read_all(TestSources::of_files({data_folder() / kFile}), sink);
    Source source;
    source.status = SourceStatus::kRead;
    source.summary = sink.summaries.at(0);
    case_.sources = {source};
    case_.events = std::move(sink.events);
    case_.sort();
    for (const EventRecord& record : case_.events) {
      answers_.events.push_back(&record);
    }
  }

  std::optional<Actor> actor_of_record(std::uint64_t number) {
    const auto record = std::ranges::find_if(case_.events, [&](const EventRecord& one) {
      return one.head.record == number && one.origin == Origin::kAllocated;
    });
    return actor_behind(case_, answers_, *record);
  }

  Case case_;
  Answers answers_;
};

TEST_F(RealSecurityLog, ThePasswordWasChangedInTheSessionThatBeganWithTheStart) {
  const auto actor = actor_of_record(753);
  ASSERT_TRUE(actor && actor->linked) << (actor ? plain(actor->unlinked_because) : "nobody");
  EXPECT_EQ(actor->logon_type, 2U);
  EXPECT_EQ(records_of(*actor), (std::vector<std::uint64_t>{753, 740, 742}));
  EXPECT_NE(
      told_of(*actor).front().find(
          "logged on interactively from 127.0.0.1 (WIN-03DLIIOFRRA), with special privileges"),
      std::string::npos);
}

TEST_F(RealSecurityLog, APasswordThatSetUpGaveIsTheSystems) {
  const auto actor = actor_of_record(57);
  ASSERT_TRUE(actor);
  EXPECT_NE(plain(actor->unlinked_because).find("the system itself (SYSTEM)"), std::string::npos);
}

// Whatever has a subject: its logon stands before it, has its id, and no start lies between.
TEST_F(RealSecurityLog, NoLinkCrossesAStart) {
  std::size_t linked = 0;
  for (const EventRecord& record : case_.events) {
    const auto actor =
        record.origin == Origin::kAllocated ? actor_behind(case_, answers_, record) : std::nullopt;
    if (!actor || !actor->linked) {
      continue;
    }
    ++linked;
    const std::uint64_t logon = records_of(*actor).at(1);
    EXPECT_LT(logon, record.head.record);
    for (const EventRecord& between : case_.events) {
      const bool inside = between.head.record > logon && between.head.record < record.head.record;
      EXPECT_FALSE(inside && between.head.key == events::kWindowsStarted) << logon;
      if (between.head.record == logon) {
        EXPECT_EQ(between.field("TargetLogonId").logon_id(), actor->logon_id);
      }
    }
  }
  EXPECT_GT(linked, 10U);
}

}  // namespace
}  // namespace iwamtrace
