// What is to be done on the server: for each cause its own steps, with the server's names, and none
// where nothing is wrong.
#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "analyzers/repair_steps.h"
#include "model/codes.h"
#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

std::vector<std::string> commands(const Answers& answers) {
  std::vector<std::string> all;
  for (const RepairStep& step : answers.remediation) {
    all.push_back(plain(step.command.empty() ? step.action : step.command));
  }
  return all;
}

HostFact web_root(std::string_view path) {
  return HostFact{HostFact::Kind::kWebRoot, say(path), Citation{kSystemHive, 0x100, {}, say("x")}};
}

TEST(Remediation, ARenewedPasswordGoesToAllThreePlacesInOrder) {
  MadeCase made = reset_in_sam();
  made.more.emplace_back(web_root("D:\\Inetpub\\wwwroot"));
  const std::vector<std::string> steps = commands(made.judge());
  EXPECT_EQ(steps,
            (std::vector<std::string>{
                "iisreset.exe /stop", "net user IWAM_SHOP1 *",
                "cscript.exe D:\\Inetpub\\AdminScripts\\adsutil.vbs set w3svc/wamuserpass "
                "\"<new password>\"",
                "cscript.exe D:\\Inetpub\\AdminScripts\\synciwam.vbs -v", "iisreset.exe /start",
                "Check: no new DCOM 10004 or W3SVC 36; iwamtrace on fresh copies: IN STEP."}));
}

TEST(Remediation, WithoutTheFolderOfTheScriptsTheDriveIsLeftOpen) {
  for (const char* root : {"", "E:\\sites\\main", "C:\\Inetpub\" & calc \\wwwroot", "\\wwwroot"}) {
    MadeCase made = reset_in_sam();
    made.more.emplace_back(web_root(root));
    EXPECT_EQ(commands(made.judge())[3],
              "cscript.exe <drive>:\\Inetpub\\AdminScripts\\synciwam.vbs -v")
        << root;
  }
}

TEST(Remediation, TwoMachinesFoldersAreNobodys) {
  MadeCase made = reset_in_sam();
  made.more.emplace_back(web_root("C:\\Inetpub\\wwwroot"));
  made.more.emplace_back(web_root("D:\\Inetpub\\wwwroot"));
  EXPECT_EQ(commands(made.judge())[3],
            "cscript.exe <drive>:\\Inetpub\\AdminScripts\\synciwam.vbs -v");
}

TEST(Remediation, AHostileNameIsNoPartOfACommand) {
  for (const char* name : {"a & format c:", "\"x", "%PATH%", "-x", "a b", "x\n"}) {
    EXPECT_EQ(plain(RepairSteps::in_command(UntrustedView{std::string_view{name}}, "<it>")), "<it>")
        << name;
  }
  EXPECT_EQ(plain(RepairSteps::in_command(UntrustedView{std::string_view{"IWAM_WEB-01$"}}, "<it>")),
            "IWAM_WEB-01$");
}

TEST(Remediation, NothingIsToBeDoneOnAHealthyServer) {
  MadeCase made;
  EXPECT_TRUE(made.judge().remediation.empty());
}

// A state that is odd and under which nothing fails is nobody's to mend in a hurry.
TEST(Remediation, NothingIsToBeDoneWhereNothingFailed) {
  MadeCase made;
  made.account.flags |= kAccountDisabled;
  EXPECT_TRUE(made.judge().remediation.empty());
}

TEST(Remediation, ADisabledAccountIsEnabledAndItsPasswordLeftAlone) {
  MadeCase made;
  made.account.flags |= kAccountDisabled;
  made.dcom_logon_failed("2004-06-14T10:00:00Z", "1331");
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "account_disabled");
  EXPECT_EQ(commands(answers),
            (std::vector<std::string>{
                "net user IWAM_SHOP1 /active:yes", "iisreset.exe",
                "Check: a page of a pooled application is delivered, and the System log gets no "
                "new DCOM 10004 or W3SVC 36."}));
}

// Refused in the evening, and enabled again before somebody copied the hives.
TEST(Remediation, WhatIsMendedInTheHivesIsNotMendedAgain) {
  MadeCase made;
  made.dcom_logon_failed("2004-06-14T10:00:00Z", "1331");
  const Answers& answers = made.judge();
  ASSERT_EQ(answers.desync.cause, "account_disabled");
  EXPECT_EQ(commands(answers).front(),
            "Restart IIS and look whether it still fails: IWAM_SHOP1 is not disabled in the SAM, "
            "by the time of the copy.");
}

// Two things are wrong, and mending one of them would not help.
TEST(Remediation, CopiesThatDifferBesidesAreMendedToo) {
  MadeCase made = reset_in_sam();
  made.account.flags |= kAccountDisabled;
  made.dcom_logon_failed("2004-06-14T23:00:00Z", "1331");
  const Answers& answers = made.judge();
  const std::vector<std::string> steps = commands(answers);
  const auto has = [&](std::string_view step) {
    return std::ranges::any_of(
        steps, [&](const std::string& one) { return one.find(step) != std::string::npos; });
  };
  EXPECT_TRUE(has("wamuserpass")) << answers.desync.cause;
  EXPECT_EQ(has("/active:yes"), answers.desync.cause == "account_disabled");
}

// The ids of the contract that a repair can be for, each with steps that differ from all others'
// unless it is the passwords that are renewed.
TEST(Remediation, EveryCauseHasItsOwnRepair) {
  MadeCase made = reset_in_sam();
  const Answers& answers = made.judge();
  std::set<std::string> different;
  for (const WeighedHypothesis& weighed : answers.hypotheses) {
    const CauseRepair* repair = repair_of(weighed.hypothesis.id);
    ASSERT_NE(repair, nullptr) << weighed.hypothesis.id;
    RepairSteps steps(made.the_case(), answers);
    repair->mend(steps);
    std::string all;
    for (const RepairStep& step : steps.take()) {
      EXPECT_FALSE(step.action.empty()) << weighed.hypothesis.id;
      EXPECT_FALSE(step.why.empty()) << weighed.hypothesis.id << plain(step.action);
      all += plain(step.action) + plain(step.command);
    }
    different.insert(all);
  }
  // Renewed everywhere: SAM, metabase and several. Taken over by COM+: password or identity.
  EXPECT_EQ(different.size(), answers.hypotheses.size() - 3);
  EXPECT_EQ(repair_of("none"), nullptr);
}

}  // namespace
}  // namespace iwamtrace
