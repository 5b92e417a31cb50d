// Is each log whole, and if not, why? Each finding has its innocent twins beside it.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

NumberedPlace place(std::uint64_t number, std::string_view time) {
  return NumberedPlace{number, 0x100 * number, at(time)};
}

NumberedPair pair(const NumberedPlace& before, const NumberedPlace& after) {
  return NumberedPair{before, after};
}

// A log that holds records 1 to 900 of a year.
LogNumbering whole() {
  LogNumbering numbering;
  numbering.lowest = place(1, "2003-11-02T14:06:00Z");
  numbering.highest = place(900, "2004-06-14T20:00:00Z");
  return numbering;
}

LogNumbering with_gap() {
  LogNumbering numbering = whole();
  numbering.gaps = {pair(place(400, "2004-03-01T10:00:00Z"), place(458, "2004-03-01T11:00:00Z"))};
  numbering.missing = 57;
  numbering.gap_count = 1;
  return numbering;
}

MadeCase made_with(const LogNumbering& system) {
  MadeCase made;
  made.source(kSystemLog).summary.numbering = system;
  made.source(kSecurityLog).summary.numbering = whole();
  return made;
}

std::vector<Finding> findings_of(MadeCase& made, std::string_view id) {
  std::vector<Finding> found;
  std::ranges::copy_if(made.judge().findings, std::back_inserter(found),
                       [&](const Finding& finding) { return finding.id == id; });
  return found;
}

bool silent(MadeCase& made) {
  return std::ranges::none_of(made.judge().findings, [](const Finding& finding) {
    return finding.id == "log_record_gap" || finding.id == "log_cleared" ||
           finding.id == "log_restarted" || finding.id == "events_dropped";
  });
}

bool says(const Finding& finding, std::string_view part) {
  return plain(finding.statement).find(part) != std::string::npos;
}

TEST(LogIntegrity, AWholeLogIsSilent) {
  MadeCase made = made_with(whole());
  EXPECT_TRUE(silent(made));
}

TEST(LogIntegrity, WhatRotationTookIsNoGap) {
  LogNumbering rotated = whole();
  rotated.lowest = place(300, "2004-02-01T10:00:00Z");
  rotated.announced_oldest = 300;
  rotated.announced_next = 901;
  rotated.wrapped = rotated.open = true;
  MadeCase made = made_with(rotated);
  EXPECT_TRUE(silent(made));
}

TEST(LogIntegrity, AGapThatNothingExplainsIsOne) {
  MadeCase made = made_with(with_gap());
  const auto found = findings_of(made, "log_record_gap");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_EQ(plain(found[0].statement),
            "SysEvent.Evt: 57 record numbers are missing between record 400 of 2004-03-01 10:00:00 "
            "UTC and record 458 of 2004-03-01 11:00:00 UTC. Rotation takes the oldest records "
            "only, and no damage was found there: nothing explains it");
  ASSERT_EQ(found[0].citations.size(), 2U);
  EXPECT_EQ(found[0].citations[0].record, 400U);
  EXPECT_EQ(found[0].citations[1].offset, 0x100U * 458);
}

TEST(LogIntegrity, AGapWhereTheFileIsDamagedOnlyInforms) {
  MadeCase made = made_with(with_gap());
  Source& log = made.source(kSystemLog);
  log.damage = {Damage{kSystemLog, 0x100 * 401, 0x1000, say("no record"), true}};
  auto found = findings_of(made, "log_record_gap");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kInfo);
  EXPECT_TRUE(says(found[0], "Damage found in the same file lies there and explains it"));
  // Damage elsewhere, and a remark that cost nothing, explain none.
  log.damage = {Damage{kSystemLog, 0x100 * 500, 0x1000, say("no record"), true},
                Damage{kSystemLog, 0x100 * 300, 0x100, say("no record"), true},
                Damage{kSystemLog, 0x100 * 401, 0x1000, say("a checksum"), false}};
  found = findings_of(made, "log_record_gap");
  EXPECT_EQ(found.at(0).severity, Severity::kMedium);
}

TEST(LogIntegrity, AmongSeveralGapsTheUnexplainedOneLeads) {
  LogNumbering numbering = with_gap();
  numbering.gaps.push_back(
      pair(place(600, "2004-04-01T10:00:00Z"), place(700, "2004-04-02T11:00:00Z")));
  numbering.missing = 57 + 99;
  numbering.gap_count = 2;
  MadeCase made = made_with(numbering);
  made.source(kSystemLog).damage = {
      Damage{kSystemLog, 0x100 * 601, 0x1000, say("no record"), true}};
  const auto found = findings_of(made, "log_record_gap");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_EQ(found[0].citations.at(0).record, 400U);
  EXPECT_EQ(found[0].citations.size(), 4U);
  EXPECT_TRUE(says(found[0], "in 1 other place damage of the file does"))
      << plain(found[0].statement);
}

// Where a ring's end leads on to its front.
TEST(LogIntegrity, DamageBehindTheSeamOfARingExplainsItsGap) {
  LogNumbering ring = whole();
  ring.gaps = {pair(NumberedPlace{500, 0xF000, at("2004-03-01T10:00:00Z")},
                    NumberedPlace{510, 0x800, at("2004-03-01T11:00:00Z")})};
  ring.missing = 9;
  ring.gap_count = 1;
  for (const auto& [offset, severity] :
       {std::pair{0x400, Severity::kInfo}, std::pair{0xF800, Severity::kInfo},
        std::pair{0x2000, Severity::kMedium}}) {
    MadeCase made = made_with(ring);
    made.source(kSystemLog).damage = {
        Damage{kSystemLog, static_cast<std::uint64_t>(offset), 0x100, say("no record"), true}};
    EXPECT_EQ(findings_of(made, "log_record_gap").at(0).severity, severity) << offset;
  }
}

TEST(LogIntegrity, AnExportAndForwardedEventsOnlyInform) {
  LogNumbering exported = with_gap();
  exported.numbered_anew = true;
  exported.restarts = 3;  // sorted otherwise
  MadeCase made = made_with(exported);
  auto found = findings_of(made, "log_record_gap");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kInfo);
  EXPECT_TRUE(says(found[0], "it is an export"));
  EXPECT_TRUE(findings_of(made, "log_restarted").empty());

  LogNumbering forwarded = with_gap();
  forwarded.computers = 3;
  forwarded.computers_return = true;
  made = made_with(forwarded);
  found = findings_of(made, "log_record_gap");
  EXPECT_EQ(found.at(0).severity, Severity::kInfo);
  EXPECT_TRUE(says(found[0], "events of several computers"));

  LogNumbering renamed = with_gap();
  renamed.computers = 3;
  made = made_with(renamed);
  EXPECT_EQ(findings_of(made, "log_record_gap").at(0).severity, Severity::kMedium);
}

TEST(LogIntegrity, AnOpenEvtxMayHavePartsOfSeveralMoments) {
  LogNumbering open = with_gap();
  open.open = true;
  open.restarts = 1;
  open.first_restart = pair(place(900, "2004-06-14T20:00:00Z"), place(100, "2004-02-01T20:00:00Z"));
  MadeCase made = made_with(open);
  made.source(kSystemLog).kind = SourceKind::kEvtx;
  EXPECT_EQ(findings_of(made, "log_record_gap").at(0).severity, Severity::kLow);
  EXPECT_EQ(findings_of(made, "log_restarted").at(0).severity, Severity::kInfo);
  open.open = false;
  made = made_with(open);
  made.source(kSystemLog).kind = SourceKind::kEvtx;
  EXPECT_EQ(findings_of(made, "log_record_gap").at(0).severity, Severity::kMedium);
  EXPECT_EQ(findings_of(made, "log_restarted").at(0).severity, Severity::kMedium);
}

TEST(LogIntegrity, WhatTheEndOfALogAnnouncesIsCompared) {
  LogNumbering short_at_both = whole();
  short_at_both.lowest = place(10, "2003-11-02T14:06:00Z");
  short_at_both.announced_oldest = 4;
  short_at_both.announced_next = 1000;
  MadeCase made = made_with(short_at_both);
  auto found = findings_of(made, "log_record_gap");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_TRUE(says(found[0], "announces records 4 to 999 and has 10 to 900"));
  made.source(kSystemLog).damage = {Damage{kSystemLog, 1, 2, say("the file is cut"), true}};
  EXPECT_EQ(findings_of(made, "log_record_gap").at(0).severity, Severity::kInfo);
}

TEST(LogIntegrity, LogsOfOthersAreNotJudged) {
  MadeCase made = made_with(with_gap());
  made.source(kSystemLog).summary.computer = say("OTHER");
  EXPECT_TRUE(silent(made));
}

TEST(LogClearings, EventsThatSaySoAreOneFindingALogAndOneForAllMinorOnes) {
  MadeCase made = made_with(whole());
  for (const auto& [time, log] : {std::pair{"2004-06-01T10:00:00Z", "Application"},
                                  {"2004-06-02T10:00:00Z", "Application"},
                                  {"2004-06-03T10:00:00Z", "Microsoft-Windows-Backup"},
                                  {"2004-06-03T10:00:01Z", "Setup"}}) {
    made.event(kSystemLog, time, events::kLogCleared, 104,
               {{"SubjectUserName", "bob"}, {"SubjectDomainName", "SHOP1"}, {"Channel", log}});
  }
  const auto found = findings_of(made, "log_cleared");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].severity, Severity::kHigh);
  EXPECT_EQ(plain(found[0].statement),
            "the Application log was cleared on 2004-06-02 10:00:00 UTC by SHOP1\\bob, the last of "
            "2 times that are recorded: what it held before is gone");
  EXPECT_EQ(found[1].severity, Severity::kLow);
  EXPECT_EQ(plain(found[1].statement),
            "minor logs were cleared 2 times, last Setup on 2004-06-03 10:00:01 UTC by SHOP1\\bob: "
            "what they held before is gone");
  EXPECT_EQ(found[1].citations.size(), 2U);
}

TEST(LogClearings, TheSecurityLogsOwnRecordIsToldOnce) {
  MadeCase made = made_with(whole());
  LogNumbering& security = made.source(kSecurityLog).summary.numbering;
  security.lowest = place(1, "2004-06-10T10:00:00Z");
  security.of_former_life = place(5000, "2004-06-10T09:59:00Z");
  made.event(kSecurityLog, "2004-06-10T10:00:00Z", events::kAuditLogCleared, 517, {});
  EXPECT_EQ(findings_of(made, "log_cleared").size(), 1U);
}

TEST(LogClearings, HigherNumbersInFreeSpaceTellOfOneWithoutARecord) {
  LogNumbering cleared = whole();
  cleared.lowest = place(1, "2004-06-10T10:00:00Z");
  cleared.of_former_life = place(5000, "2004-06-10T09:00:00Z");
  MadeCase made = made_with(cleared);
  const auto found = findings_of(made, "log_cleared");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_TRUE(says(found[0], "free space holds record 5000 of 2004-06-10 09:00:00 UTC"));
  EXPECT_EQ(found[0].citations.at(0).offset, 0x100U * 5000);
}

// A System log that begins in June, beside a Security log of November.
MadeCase late_beginning() {
  LogNumbering late = whole();
  late.lowest = place(1, "2004-06-10T10:00:00Z");
  MadeCase made = made_with(late);
  made.more = {HostFact{HostFact::Kind::kWindowsInstalled, say("2003-11-02T14:00:00Z"),
                        Citation{kSystemHive, 0x7000, std::nullopt, {}}}};
  return made;
}

TEST(LogClearings, ALogThatBeginsLongAfterItsNeighbourMayHaveBeenCleared) {
  MadeCase made = late_beginning();
  const auto found = findings_of(made, "log_cleared");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_TRUE(says(found[0], "It may have been cleared or made anew; no record says so"));
  EXPECT_EQ(found[0].citations.size(), 3U);
}

TEST(LogClearings, ALateBeginningHasInnocentTwins) {
  MadeCase rotated = late_beginning();
  rotated.source(kSystemLog).summary.numbering.lowest->number = 300;
  EXPECT_TRUE(silent(rotated));

  MadeCase young_server = late_beginning();
  young_server.more = {HostFact{HostFact::Kind::kWindowsInstalled, say("2004-06-10T09:00:00Z"),
                                Citation{kSystemHive, 0x7000, std::nullopt, {}}}};
  EXPECT_TRUE(silent(young_server));

  MadeCase nothing_older = late_beginning();
  nothing_older.source(kSecurityLog).summary.numbering.lowest = place(1, "2004-06-10T10:00:00Z");
  EXPECT_TRUE(silent(nothing_older));

  MadeCase archived = late_beginning();  // saved, then cleared: both files are here
  archived.source(kSecurityLog).summary.log = say("System");
  EXPECT_TRUE(silent(archived));

  MadeCase of_a_role = late_beginning();  // was set up later
  of_a_role.source(kSystemLog).summary.log = say("DNS Server");
  EXPECT_TRUE(silent(of_a_role));

  MadeCase exported = late_beginning();
  exported.source(kSystemLog).summary.numbering.numbered_anew = true;
  EXPECT_TRUE(silent(exported));

  MadeCase auditing = late_beginning();
  std::swap(auditing.source(kSystemLog).summary.numbering,
            auditing.source(kSecurityLog).summary.numbering);
  const auto found = findings_of(auditing, "log_cleared");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kLow);
  EXPECT_TRUE(says(found[0], "nothing was audited before is the innocent reason"));
}

void log_started(MadeCase& made, std::string_view time) {
  made.event(kSystemLog, time, events::kLogStarted, 6005, {});
}
void log_stopped(MadeCase& made, std::string_view time) {
  made.event(kSystemLog, time, events::kLogStopped, 6006, {});
}

// Stopped in the afternoon and started again four minutes later.
MadeCase paused_service() {
  MadeCase made = made_with(whole());
  log_started(made, "2004-06-01T06:00:00Z");
  log_stopped(made, "2004-06-14T15:00:00Z");
  log_started(made, "2004-06-14T15:04:00Z");
  return made;
}

TEST(ServiceBreaks, ALogServiceThatPausedWhileWindowsRanIsOne) {
  MadeCase made = paused_service();
  const auto found = findings_of(made, "log_restarted");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kLow);
  EXPECT_TRUE(says(found[0],
                   "stopped on 2004-06-14 15:00:00 UTC and started again on 2004-06-14 "
                   "15:04:00 UTC"));
  EXPECT_EQ(found[0].citations.size(), 2U);
}

TEST(ServiceBreaks, ARestartOfWindowsIsNone) {
  MadeCase booted = paused_service();
  booted.event(kSystemLog, "2004-06-14T15:04:00Z", events::kWindowsVersion, 6009, {});
  EXPECT_TRUE(silent(booted));

  MadeCase audited = paused_service();
  audited.event(kSecurityLog, "2004-06-14T15:04:00Z", events::kWindowsStarted, 512, {});
  EXPECT_TRUE(silent(audited));

  for (const bool by_user32 : {true, false}) {
    MadeCase requested = paused_service();
    const EventKey key =
        by_user32 ? events::kShutdownRequested : EventKey{EventSource::kOther, 1074};
    requested.event(kSystemLog, "2004-06-14T14:59:00Z", key, 1074, {});
    EXPECT_EQ(silent(requested), by_user32);
  }

  MadeCase next_day = made_with(whole());
  log_started(next_day, "2004-06-01T06:00:00Z");
  log_stopped(next_day, "2004-06-13T22:00:00Z");
  log_started(next_day, "2004-06-14T06:00:00Z");
  EXPECT_TRUE(silent(next_day));
}

TEST(ServiceBreaks, AStartWithoutAnEndBeforeOnlyInforms) {
  MadeCase made = made_with(whole());
  log_started(made, "2004-06-01T06:00:00Z");
  log_started(made, "2004-06-14T06:00:00Z");
  const auto found = findings_of(made, "log_restarted");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kInfo);
  made.event(kSystemLog, "2004-06-14T06:00:00Z", events::kUnexpectedShutdown, 6008, {});
  EXPECT_TRUE(silent(made));
}

TEST(ServiceBreaks, AnExportMayLackAnyRecord) {
  MadeCase made = paused_service();
  made.source(kSystemLog).summary.numbering.numbered_anew = true;
  EXPECT_TRUE(silent(made));
}

TEST(ServiceBreaks, DroppedEventsAreOneFindingALog) {
  MadeCase made = made_with(whole());
  made.event(kSecurityLog, "2004-06-14T15:00:00Z", events::kAuditsDiscarded, 516,
             {{"AuditsDiscarded", "212"}});
  made.event(kSecurityLog, "2004-06-14T15:20:00Z", events::kAuditsDiscarded, 516,
             {{"AuditsDiscarded", "3"}});
  auto found = findings_of(made, "events_dropped");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kLow);
  EXPECT_TRUE(says(found[0], "on 2004-06-14 15:00:00 UTC (event 516, 212 of them) and once more"));
  // Power was lost.
  made = made_with(whole());
  made.event(kSecurityLog, "2004-06-14T15:00:00Z", events::kAuditEventsDropped, 1101, {});
  made.event(kSystemLog, "2004-06-14T14:58:00Z", events::kUnexpectedShutdown, 6008, {});
  found = findings_of(made, "events_dropped");
  EXPECT_EQ(found.at(0).severity, Severity::kInfo);
}

// Among records that nobody asked for.
TEST(Clock, TheLongestStepThatTheReaderSawIsTold) {
  LogNumbering numbering = whole();
  numbering.steps_back = 1;
  numbering.longest_step_back =
      pair(place(500, "2004-05-01T10:00:00Z"), place(501, "2004-05-01T08:00:00Z"));
  MadeCase made = made_with(numbering);
  auto found = findings_of(made, "log_time_reversal");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kMedium);
  EXPECT_EQ(found[0].citations.at(0).record, 500U);
  // The time service says that it did it.
  EventRecord& setting = made.event(kSystemLog, "2004-05-01T08:00:01Z",
                                    events::kTimeServiceSetClock, 52, {{"", "-7200"}});
  setting.set_source(setting.add_text("W32Time"));
  found = findings_of(made, "log_time_reversal");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::kInfo);
  EXPECT_TRUE(says(found[0], "the clock was set by the time service (event 52)"));
  // No log is there that would tell who set it.
  made = made_with(numbering);
  made.source(kSystemLog).summary.log = say("Application");
  made.source(kSecurityLog).summary.records = 0;
  EXPECT_EQ(findings_of(made, "log_time_reversal").at(0).severity, Severity::kLow);
  // In an export the order is another's.
  numbering.numbered_anew = true;
  made = made_with(numbering);
  EXPECT_TRUE(findings_of(made, "log_time_reversal").empty());
}

// Several logs in one file: their numbers have nothing to do with each other.
TEST(Clock, RecordsOfSeveralLogsInOneFileAreNotCompared) {
  MadeCase made = made_with(whole());
  made.event(kSystemLog, "2004-06-14T15:00:00Z", events::kLogStarted, 6005, {});
  made.event(kSystemLog, "2004-06-14T12:00:00Z", events::kLogStopped, 6006, {});
  EXPECT_FALSE(findings_of(made, "log_time_reversal").empty());
  made.source(kSystemLog).summary.numbering.channels = 2;
  EXPECT_TRUE(findings_of(made, "log_time_reversal").empty());
}

}  // namespace
}  // namespace iwamtrace
