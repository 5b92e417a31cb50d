// The report for a person, from a literal report.
#include "report/text.h"

#include <gtest/gtest.h>

#include "report/json.h"
#include "report/terminal_text.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

Source log_source(std::uint32_t id, std::string_view path) {
  Source source;
  source.id = SourceId{id};
  source.path = say(path);
  source.size = 65'536;
  source.sha256 = std::string(64, 'a');
  source.kind = SourceKind::kEvt;
  source.status = SourceStatus::kRead;
  source.summary.log = say("System");
  source.summary.records = 811;
  return source;
}

class TextReport : public testing::Test {
 protected:
  TextReport() {
    case_.name = say("shop1");
    case_.sources = {log_source(0, "SysEvent.Evt")};
    report_.tool_version = "0.0";
    report_.evidence_of = &case_;
    report_.answers.copies.comparisons = {Comparison{}, Comparison{}, Comparison{}};
    report_.answers.copies.comparisons[0] = {Copy::kComPlus,     Copy::kSam, Equality::kUnknown,
                                             say("no SAM hive"), {},         {}};
    report_.answers.copies.comparisons[1] = {Copy::kMetabase,    Copy::kSam, Equality::kUnknown,
                                             say("no metabase"), {},         {}};
    report_.answers.copies.comparisons[2] = {
        Copy::kMetabase, Copy::kComPlus, Equality::kUnknown, say("no metabase"), {}, {}};
  }

  WeighedHypothesis& hypothesis(std::string_view id, Standing standing) {
    WeighedHypothesis weighed;
    weighed.hypothesis.id = id;
    weighed.hypothesis.claim = say("the claim of ", id);
    weighed.standing = standing;
    report_.answers.hypotheses.push_back(std::move(weighed));
    return report_.answers.hypotheses.back();
  }

  static Citation at(std::uint64_t offset) { return {SourceId{0}, offset, offset / 16, {}}; }

  std::string text(std::size_t width = 80, bool verbose = false) {
    return render_text(report_, {width, false, verbose});
  }

  // What stands under a heading.
  std::string section(std::string_view heading, bool verbose = false) {
    const std::string whole = text(80, verbose);
    const std::size_t begin = whole.find("\n" + std::string(heading)) + 1;
    const std::size_t end = whole.find("\n\n", begin);
    return whole.substr(begin, end == std::string::npos ? end : end + 1 - begin);
  }

  Case case_;
  Report report_;
};

TEST_F(TextReport, TheTitleHasTheCaseAndItsSize) {
  hypothesis("a", Standing::kUndetermined);
  EXPECT_TRUE(text().starts_with(
      "iwamtrace 0.0  case shop1                              1 file, 66 KB, 811 events\n"))
      << text();
}

TEST_F(TextReport, WithoutHivesTheVerdictIsOpenAndSaysWhy) {
  hypothesis("a", Standing::kUndetermined);
  EXPECT_NE(text().find("  PASSWORDS   UNDETERMINED\n"
                        "              COM+ against the SAM: no SAM hive.\n"
                        "  OUTAGE      not observable: no System log of this server was read\n"),
            std::string::npos)
      << text();
}

TEST_F(TextReport, TheWinnerIsArguedInFullAndTheOthersInALine) {
  Hypothesis& winner = hypothesis("winner", Standing::kSupported).hypothesis;
  winner.in_favour.emplace_back(Force::kStrong, say("a fact"), std::vector{at(0x100)});
  winner.against.emplace_back(Force::kWeak, say("a doubt"), std::vector{at(0x200)});
  winner.missing.push_back({say("the SECURITY hive"), true});
  Hypothesis& rival = hypothesis("rival", Standing::kRefuted).hypothesis;
  rival.against.emplace_back(Force::kProof, say("its end"), std::vector{at(0x100)});
  hypothesis("open", Standing::kUndetermined);
  hypothesis("unseen", Standing::kUndetermined)
      .hypothesis.missing.push_back({say("the SAM hive"), true});
  Hypothesis& loser = hypothesis("loser", Standing::kRefuted).hypothesis;
  loser.in_favour.emplace_back(Force::kWeak, say("a hint"), std::vector{at(0x300)});
  loser.against.emplace_back(Force::kWeak, say("a doubt"), std::vector{at(0x300)});
  loser.against.emplace_back(Force::kProof,
                             say("what decides it, and is said at such length that it is cut"),
                             std::vector{at(0x400)});
  EXPECT_EQ(section("Why we think so"),
            "Why we think so                                            for against missing\n"
            "  supported       the claim of winner                          1       1       1\n"
            "                + a fact [1]\n"
            "                - a doubt [2]\n"
            "                ? not observable: the SECURITY hive\n"
            "  refuted         the claim of rival                           0       1       0\n"
            "                - its end [1]\n"
            "  undetermined  open: nothing speaks for it\n"
            "                unseen: not observable: the SAM hive\n"
            "  refuted       loser: what decides it, and is said at such length that it … [3]\n");
  const std::string all = section("Why we think so", true);
  EXPECT_NE(all.find("length that it is cut [4]"), std::string::npos) << all;
  EXPECT_NE(all.find("a hint [3]"), std::string::npos) << all;
}

TEST_F(TextReport, WithoutAWinnerEachCauseHasItsLine) {
  Hypothesis& first = hypothesis("first", Standing::kRefuted).hypothesis;
  first.against.emplace_back(Force::kProof, say("its end"), std::vector{at(0x100)});
  EXPECT_EQ(section("Why we think so"), "Why we think so\n  refuted       first: its end [1]\n");
}

// What does not fit on a hundred lines goes to -v, the least needed first, and nothing is silent.
TEST_F(TextReport, ALongReportIsBrieferWhereItMayBe) {
  hypothesis("winner", Standing::kSupported)
      .hypothesis.in_favour.emplace_back(Force::kStrong, say("a fact"), std::vector{at(0x100)});
  hypothesis("rival", Standing::kUndetermined);
  for (const char* id : {"first", "second"}) {
    hypothesis(id, Standing::kRefuted)
        .hypothesis.against.emplace_back(Force::kProof, say("its end: ", std::string_view{id}),
                                         std::vector{at(0x100)});
  }
  report_.answers.wanted = {{say("config\\SAM"), {"a"}, say("the password")}};
  const auto lengthen = [&](int lines) {
    for (int i = 0; i < lines; ++i) {
      report_.answers.story.push_back({Timestamp{}, say("it happens"), {at(0x100)}});
    }
  };
  ASSERT_NE(text().find("  config\\SAM\n"), std::string::npos);
  for (int i = 0; i < 100 && text().find("  config\\SAM\n") != std::string::npos; ++i) {
    EXPECT_LE(lines_of(text()).size(), 100U);
    lengthen(1);
  }
  const std::string shorter = text();
  EXPECT_EQ(lines_of(shorter).size(), 100U) << shorter;
  EXPECT_NE(shorter.find("What to collect next: 1 thing, see -v\n"), std::string::npos) << shorter;
  EXPECT_NE(shorter.find("second: its end"), std::string::npos) << shorter;
  lengthen(1);
  EXPECT_NE(text().find("  refuted       first, second (facts: -v)\n"), std::string::npos)
      << text();
  EXPECT_NE(text(80, true).find("its end: second"), std::string::npos);
}

TEST_F(TextReport, StepsAreCommandsAndWithVAlsoTheirReasons) {
  hypothesis("a", Standing::kSupported);
  report_.answers.desync.verdict = SyncVerdict::kDesynced;
  report_.answers.host.computer_name = say("SHOP1");
  report_.answers.remediation = {
      RepairStep{say("Stop IIS."), say("It runs."), say("iisreset.exe /stop")},
      RepairStep{say("Look at it."), say("It may be."), {}}};
  EXPECT_EQ(section("What to do"),
            "What to do on SHOP1 (the cause is not established)\n"
            "  1  iisreset.exe /stop\n"
            "  2  Look at it.\n");
  EXPECT_EQ(section("What to do", true),
            "What to do on SHOP1 (the cause is not established)\n"
            "  1  Stop IIS.\n"
            "     iisreset.exe /stop\n"
            "     It runs.\n"
            "  2  Look at it.\n"
            "     It may be.\n");
  report_.answers.hypotheses.front().standing = Standing::kEstablished;
  EXPECT_TRUE(section("What to do").starts_with("What to do on SHOP1\n"));
  // Where nothing is at fault no cause is looked for.
  report_.answers.hypotheses.front().standing = Standing::kUndetermined;
  report_.answers.desync.verdict = SyncVerdict::kInSync;
  EXPECT_TRUE(section("What to do").starts_with("What to do on SHOP1\n"));
}

TEST_F(TextReport, WhatToCollectIsAskedForWhereTheCauseIsOpen) {
  hypothesis("a", Standing::kUndetermined);
  report_.answers.desync.cause = "unknown";
  report_.answers.wanted = {{say("config\\SAM"), {"a", "b"}, say("the password")}};
  EXPECT_EQ(section("What to collect"), "What to collect next (why: -v)\n  config\\SAM\n");
  EXPECT_EQ(section("What to collect", true),
            "What to collect next\n  config\\SAM: the password. Decides a, b\n");
  report_.answers.desync.cause = "none";  // nothing failed, and nothing could be compared
  EXPECT_NE(section("What to collect").find("config"), std::string::npos);
  report_.answers.desync.verdict = SyncVerdict::kInSync;
  EXPECT_EQ(section("What to collect").find("config"), std::string::npos);
  report_.answers.desync.cause = "unknown";
  for (const char* log : {"a", "b", "c", "d", "d"}) {
    report_.answers.wanted.push_back({say(log), {"c"}, say("its records")});
  }
  EXPECT_EQ(section("What to collect"),
            "What to collect next (why: -v)\n  config\\SAM; a; b; c; 1 more\n");
  report_.answers.hypotheses.front().standing = Standing::kEstablished;
  EXPECT_EQ(section("What to collect").find("config"), std::string::npos);
}

TEST_F(TextReport, InBriefCitationsStandWithTheirFileByTheEndsOfTheirPaths) {
  case_.sources.push_back(log_source(1, "config/SAM"));
  case_.sources.back().kind = SourceKind::kHiveSam;
  case_.sources.back().summary.log = {};
  const auto in_sam = [](std::string_view path) {
    return Citation{SourceId{1}, 0x20, {}, say(path)};
  };
  Hypothesis& winner = hypothesis("winner", Standing::kSupported).hypothesis;
  winner.in_favour.emplace_back(
      Force::kStrong, say("a fact"),
      std::vector{
          at(0x100), in_sam("\\SAM\\Users\\000003EC\\V+0x240"),
          in_sam("\\SAM\\Users\\000003EC\\F+0x18"),
          in_sam("\\Secrets\\SCM:{3D14228D-FBE1-11D0-995D-00C04FD919C1}\\CurrVal\\(Default)")});
  EXPECT_EQ(
      section("Evidence, with"),
      "Evidence, with citations: [n] #record or key (-v: offsets, digests, all facts)\n"
      "  SysEvent.Evt: evt, System, 811 records [1] #16\n"
      "  config/SAM: [3] 000003EC\\F+0x18 [2] …\\V+0x240 [4] SCM:{3D14228D-…19C1}\\CurrVal\n");
  EXPECT_NE(
      section("Citations", true).find("config/SAM  offset 0x20  \\SAM\\Users\\000003EC\\F+0x18"),
      std::string::npos);
}

TEST_F(TextReport, AnActorWithoutASessionIsNoPerson) {
  hypothesis("a", Standing::kUndetermined);
  report_.answers.story = {{Timestamp{}, say("it happens"), {at(0x100)}}};
  Actor actor;
  actor.account = say("SHOP1\\mlang");
  actor.unlinked_because = say("not observable: the log begins later");
  actor.citations = {at(0x100), at(0x200)};
  report_.answers.desync.actor = actor;
  EXPECT_EQ(section("What happened"),
            "What happened (UTC)\n"
            "  1601-01-01 00:00:00  it happens [1]\n"
            "                       The record names the account SHOP1\\mlang, not who sat at\n"
            "                       it. Not observable: the log begins later. [1,2]\n");
  EXPECT_NE(
      render_json(report_).find("\"unlinked_because\": \"not observable: the log begins later\""),
      std::string::npos);
  report_.answers.desync.actor->linked = true;  // then the story has it
  EXPECT_EQ(section("What happened").find("The record names"), std::string::npos);
}

TEST_F(TextReport, DamageAndTheSecondWitnessStandWithTheirFile) {
  hypothesis("a", Standing::kUndetermined);
  Source& source = case_.sources.front();
  source.summary.recovered = 2;
  source.damage = {{SourceId{0}, 0x100, 16, say("record 7: torn")},
                   {SourceId{0}, 0x200, 0, say("a remark"), false}};
  CrossCheck check;
  check.reader = "libevt 1";
  check.agree = 810;
  check.differ = 1;
  check.differences = {{5, 0x50, "computer", say("A"), say("B"), ""}};
  source.cross_check = check;
  EXPECT_EQ(section("Evidence").substr(0, 166),
            "Evidence, with citations: [n] #record or key (-v: offsets, digests, all facts)\n"
            "  SysEvent.Evt: evt, System, 811 records and 2 recovered\n"
            "    damaged at 0x100, 16 bytes");
  EXPECT_EQ(section("Evidence", true),
            "Evidence\n"
            "  SysEvent.Evt          evt, System, 811 records and 2 recovered, 66 KB\n"
            "    sha256 " +
                std::string(64, 'a') +
                "\n"
                "    damaged at 0x100, 16 bytes: record 7: torn\n"
                "    remark at 0x200: a remark\n"
                "    second witness libevt 1: 810 records agree, 1 differ, 0 only ours, 0 only\n"
                "    theirs; 1 unexplained\n"
                "      record 5, computer: ours A, theirs B\n");
}

TEST_F(TextReport, LongListsOfDamageAreCutAndSaySo) {
  hypothesis("a", Standing::kUndetermined);
  for (std::uint64_t i = 0; i < 5; ++i) {
    case_.sources.front().damage.push_back({SourceId{0}, i * 16, 16, say("torn")});
  }
  EXPECT_NE(section("Evidence").find("… 2 more: -v lists them"), std::string::npos);
  EXPECT_EQ(section("Evidence", true).find("more: -v"), std::string::npos);
}

TEST_F(TextReport, FilesThatWereNotReadAreCountedAndListedOnDemand) {
  hypothesis("a", Standing::kUndetermined);
  Source other = log_source(1, "readme.txt");
  other.kind = SourceKind::kUnknown;
  other.status = SourceStatus::kIgnored;
  case_.sources.push_back(other);
  EXPECT_EQ(section("Evidence").find("readme.txt"), std::string::npos);
  EXPECT_NE(section("Evidence").find("1 not read: -v lists them"), std::string::npos);
  EXPECT_NE(section("Evidence", true).find("readme.txt"), std::string::npos);
}

// Nothing from the evidence reaches the terminal as a command.
TEST_F(TextReport, HostileNamesAreMadeVisible) {
  hypothesis("a", Standing::kUndetermined);
  case_.name = Untrusted{std::string("x\x1b]0;owned\x07")};
  case_.sources.front().path = Untrusted{std::string("a\nEvidence\x1b[2J\u202e.Evt")};
  const std::string page = text();
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find("\u202e"), std::string::npos);
  EXPECT_NE(page.find("a\\nEvidence\\x1b[2J\\u202e.Evt"), std::string::npos);
}

TEST_F(TextReport, NoLineIsWiderThanThePage) {
  Hypothesis& winner = hypothesis("winner", Standing::kSupported).hypothesis;
  winner.claim = say(std::string_view{
      "a claim that goes on and on because someone had a great deal to say about it, and said it"});
  winner.in_favour.emplace_back(Force::kStrong, say(std::string(300, 'x')), std::vector{at(1)});
  case_.sources.front().path = say(std::string(200, 'p'));
  for (const std::size_t width : {10U, 80U, 160U}) {
    for (const std::string& line : lines_of(text(width))) {
      EXPECT_LE(columns(line), std::max<std::size_t>(width, 80)) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

}  // namespace
}  // namespace iwamtrace
