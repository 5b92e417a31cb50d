// What is told of a session: its client, its processes, who stood behind it, or that it is the
// system itself.

#include <gtest/gtest.h>

#include "tests/analyzers/session_examples.h"

namespace iwamtrace {
namespace {

TEST(SessionStory, TakenUpAgainHasAnotherClient) {
  MadeCase made = changed_by_mlang();
  client(made, "2004-06-14T09:29:40Z", 683);
  client(made, "2004-06-14T09:30:00Z", 682);
  client(made, "2004-06-14T09:30:10Z", 682, "10.7.7.7", "(0x0,0x20000)");  // another session
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  client(made, "2004-06-14T09:50:00Z", 682, "10.8.8.8");
  const Actor& actor = actor_in(made);
  ASSERT_TRUE(actor.linked);
  EXPECT_EQ(plain(actor.address), "10.9.9.9");
  EXPECT_EQ(plain(actor.workstation), "OTHER-PC");
  EXPECT_EQ(told_of(actor),
            (std::vector<std::string>{
                "SHOP1\\mlang logged on by remote desktop from 10.2.0.15 (MLANG-PC)",
                "SHOP1\\mlang takes up the session again from 10.9.9.9 (OTHER-PC)"}));
}

TEST(SessionStory, WithoutAClientHasNoAddress) {
  MadeCase made = changed_by_mlang();
  client(made, "2004-06-14T09:30:00Z", 683);
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked);
  EXPECT_TRUE(actor.address.empty() && actor.workstation.empty());
  EXPECT_EQ(told_of(actor).back(), "the client of SHOP1\\mlang leaves; the session stays");
}

TEST(SessionStory, OfTheSystemIsNobodys) {
  MadeCase made = changed_by_mlang();
  security(made, kAct, 628,
           {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "SHOP1$", "WORKGROUP", "(0x0,0x3E7)"});
  const Actor& actor = actor_in(made);
  expect_unlinked(actor, "that is the system itself (SYSTEM), a session that nobody logs on to");
  EXPECT_EQ(plain(actor.account), "WORKGROUP\\SHOP1$");
}

TEST(SessionStory, OfTheSystemIsToldByWhatItHadStarted) {
  MadeCase made = changed_by_mlang();
  const std::string_view system = "(0x0,0x3E7)";
  started(made, "2004-06-14T05:00:10Z", "412", "C:\\WINNT\\system32\\services.exe", "388", system);
  started(made, "2004-06-14T09:31:00Z", "900", "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe", "412",
          system);
  security(made, kAct, 628,
           {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "SHOP1$", "WORKGROUP", system});
  const Actor& actor = actor_in(made);
  EXPECT_FALSE(actor.linked);
  EXPECT_EQ(plain(actor.process), "C:\\WINNT\\system32\\inetsrv\\inetinfo.exe");
  EXPECT_EQ(
      plain(actor.unlinked_because),
      "that is the system itself (SYSTEM), a session that nobody logs on to; the last process "
      "that it started within a minute before is C:\\WINNT\\system32\\inetsrv\\inetinfo.exe "
      "(by services.exe)");
  EXPECT_EQ(records_of(actor), (std::vector<std::uint64_t>{5, 4, 3}));
}

TEST(SessionStory, OfTheSystemIsNotToldByWhatItStartedLongBefore) {
  MadeCase made = changed_by_mlang();
  const std::string_view system = "(0x0,0x3E7)";
  started(made, "2004-06-14T05:00:10Z", "412", "C:\\WINNT\\system32\\services.exe", "388", system);
  security(made, kAct, 628,
           {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "SHOP1$", "WORKGROUP", system});
  const Actor& actor = actor_in(made);
  expect_unlinked(actor, "the system itself");
  EXPECT_EQ(plain(actor.unlinked_because).find("services.exe"), std::string::npos);
}

TEST(SessionStory, OfTheComputerItselfIsTheSystemsOnlyHere) {
  const auto set_by = [](std::string_view user, std::string_view id) {
    MadeCase made = changed_by_mlang();
    security(made, kAct, 628, {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", user, "SHOP1", id});
    return plain(actor_in(made).unlinked_because);
  };
  EXPECT_NE(set_by("SHOP1$", "-").find("the system itself (SYSTEM)"), std::string::npos);
  EXPECT_NE(set_by("SHOP1$", "(0x0,0x3E4)").find("(NETWORK SERVICE)"), std::string::npos);
  EXPECT_NE(set_by("OTHER$", "-").find("has no logon id"), std::string::npos);
  EXPECT_NE(set_by("ANONYMOUS LOGON", "(0x0,0x3E6)").find("all anonymous sessions"),
            std::string::npos);
}

TEST(SessionStory, NamesTheProcessThatItStartedLast) {
  MadeCase made = reset_in_sam();
  started(made, "2004-06-13T08:00:00Z", "700", "C:\\evil.exe", "4");  // of a former start
  security(made, kBoot, 512, {});
  logon_528(made, kLogonTime, "mlang", kId);
  started(made, "2004-06-14T09:30:00Z", "800", "C:\\WINNT\\system32\\cmd.exe", "700");
  started(made, "2004-06-14T09:31:21Z", "820", "C:\\WINNT\\system32\\net.exe", "800");
  started(made, "2004-06-14T09:31:22Z", "830", "C:\\WINNT\\system32\\net1.exe", "820");
  started(made, "2004-06-14T09:31:22Z", "840", "C:\\done.exe", "800");
  security(made, "2004-06-14T09:31:22Z", 593,
           {"840", "C:\\done.exe", "mlang", "SHOP1", "(0x0,0x1F3A2)"});
  started(made, "2004-06-14T09:31:22Z", "850", "C:\\of_somebody_else.exe", "4", "(0x0,0x20000)");
  made.password_set(kAct, "IWAM_SHOP1", "mlang");
  started(made, "2004-06-14T09:32:00Z", "860", "C:\\later.exe", "800");
  const Actor& actor = actor_in(made);
  ASSERT_TRUE(actor.linked);
  EXPECT_EQ(plain(actor.process), "C:\\WINNT\\system32\\net1.exe");
  EXPECT_EQ(told_of(actor).back(),
            "SHOP1\\mlang starts C:\\WINNT\\system32\\net1.exe (by net.exe, cmd.exe), its last "
            "process before the act");
}

// Later Windows names the parent itself, and whose the new process is where it is not its
// creator's.
TEST(SessionStory, NamesTheProcessOfLaterWindowsToo) {
  MadeCase made = changed_by_mlang();
  security(
      made, "2004-06-14T09:30:00Z", 4688,
      {"S-1-5-18", "SHOP1$", "WORKGROUP", "0x3e7", "0x334", "C:\\mmc.exe", "%%1936", "0x190", "",
       kMlangSid, "mlang", "SHOP1", "0x1f3a2", "C:\\Windows\\svchost.exe", "S-1-16-12288"});
  security(made, "2004-06-14T09:31:00Z", 4688,
           {kMlangSid, "mlang", "SHOP1", "0x1f3a2", "0x338", "C:\\other.exe", "%%1936", "0x190", "",
            kMlangSid, "alice", "SHOP1", "0x20000", "C:\\Windows\\svchost.exe", "S-1-16-12288"});
  EXPECT_EQ(told_of(act(made)).back(),
            "SHOP1\\mlang starts C:\\mmc.exe (by svchost.exe), its last process before the act");
}

TEST(SessionStory, TellsOfSpecialPrivileges) {
  MadeCase made = changed_by_mlang();
  security(made, kLogonTime, 576, {"alice", "SHOP1", "(0x0,0x20000)", "SeSecurityPrivilege"});
  security(made, kLogonTime, 576, {"mlang", "SHOP1", kId, "SeSecurityPrivilege"});
  const Actor& actor = act(made);
  EXPECT_EQ(told_of(actor).front(),
            "SHOP1\\mlang logged on by remote desktop from 10.2.0.15 (MLANG-PC), with special "
            "privileges");
  EXPECT_EQ(records_of(actor), (std::vector<std::uint64_t>{5, 2, 4}));
}

// alice is logged on and gives mlang's password to runas.
MadeCase run_as_mlang(std::string_view process, std::string_view server = "localhost") {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  logon_528(made, "2004-06-14T09:00:00Z", "alice", "(0x0,0x20000)", "10", "ALICE-PC", "10.2.0.99");
  security(made, kLogonTime, 552,
           {"alice", "SHOP1", "(0x0,0x20000)", "{0}", "mlang", "SHOP1", "{0}", server, server,
            "812", "-", "-"});
  logon_528(made, kLogonTime, "mlang", kId, "2", "SHOP1", "-", process);
  return made;
}

TEST(SessionStory, OfRunasHasAnotherBehindIt) {
  MadeCase made = run_as_mlang("seclogon");
  const Actor& actor = act(made);
  ASSERT_TRUE(actor.linked) << plain(actor.unlinked_because);
  EXPECT_EQ(told_of(actor),
            (std::vector<std::string>{
                "SHOP1\\alice logged on by remote desktop from 10.2.0.99 (ALICE-PC)",
                "SHOP1\\mlang logged on interactively, requested by SHOP1\\alice"}));
  EXPECT_TRUE(actor.address.empty());  // the session's own has none
}

// Who merely used mlang's password for another server, and who could be one of two.
TEST(SessionStory, HasNobodyBehindItWithoutProof) {
  MadeCase elsewhere = run_as_mlang("seclogon", "FILES7");
  EXPECT_EQ(told_of(act(elsewhere)),
            (std::vector<std::string>{"SHOP1\\mlang logged on interactively"}));
  MadeCase at_the_console = run_as_mlang("User32  ");
  EXPECT_EQ(told_of(act(at_the_console)),
            (std::vector<std::string>{"SHOP1\\mlang logged on interactively"}));
  MadeCase two = run_as_mlang("seclogon");
  security(two, kLogonTime, 552,
           {"carol", "SHOP1", "(0x0,0x30000)", "{0}", "mlang", "SHOP1", "{0}", "localhost",
            "localhost", "812", "-", "-"});
  EXPECT_EQ(told_of(act(two)), (std::vector<std::string>{"SHOP1\\mlang logged on interactively"}));
}

}  // namespace
}  // namespace iwamtrace
