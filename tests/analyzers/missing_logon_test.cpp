// Why is no session shown?

#include <gtest/gtest.h>

#include "tests/analyzers/session_examples.h"

namespace iwamtrace {
namespace {

TEST(MissingLogon, IsNotObservableWithoutASecurityLog) {
  MadeCase made = reset_in_sam();
  made.source(kSecurityLog).summary.records = 0;
  EXPECT_FALSE(made.judge().desync.actor);
  const std::vector<std::string> limits = limits_of(made.judge());
  EXPECT_TRUE(std::ranges::any_of(limits, [](const std::string& limit) {
    return limit.starts_with("No Security log: who set a password");
  }));
  // A forwarder kept the record of the act alone.
  made.password_set(kAct, "IWAM_SHOP1", "mlang").head.source = kSystemLog;
  expect_unlinked(actor_in(made), "the case has no Security log");
}

TEST(MissingLogon, IsNotObservableWhereLogonsAreNotAudited) {
  MadeCase made = reset_in_sam();
  security(made, kBoot, 512, {});
  AuditPolicy policy;
  policy.where = Citation{kSecurityHive, 0x2600, std::nullopt, {}};
  policy.enabled = true;
  policy.categories = {3, 2, 0, 0, 0, 3, 3, 0, 3};
  made.more = {policy, HostFact{HostFact::Kind::kMachineSid, say("S-1-5-21-1-2-3"),
                                Citation{kSecurityHive, 0x3000, std::nullopt, {}}}};
  const Actor& actor = act(made);
  expect_unlinked(actor, "logons were not audited when the hive was copied");
  EXPECT_EQ(actor.citations.back(), policy.where);
  // The policy is of another day than the log, where somebody's logon shows that they were.
  MadeCase audited = reset_in_sam();
  audited.more = made.more;
  security(audited, kBoot, 512, {});
  logon_528(audited, kLogonTime, "alice", "(0x0,0x20000)");
  expect_unlinked(act(audited), "since Windows was started on 2004-06-14 05:00:00 UTC");
}

TEST(MissingLogon, IsNotObservableBeforeTheLogBegins) {
  MadeCase made = reset_in_sam();
  made.event(kSystemLog, kBoot, events::kLogStarted, 6005, {});
  made.source(kSecurityLog).summary.first = at("2004-06-14T09:00:00Z");
  const Actor& actor = act(made);
  expect_unlinked(actor, "the Security log begins on 2004-06-14 09:00:00 UTC");
  EXPECT_EQ(actor.citations.back(), (Citation{kSecurityLog, 0, std::nullopt, {}}));
  made.source(kSecurityLog).summary.first = at("2004-06-13T09:00:00Z");
  expect_unlinked(actor_in(made), "since Windows was started on 2004-06-14 05:00:00 UTC");

  MadeCase foreign = reset_in_sam();
  foreign.source(kSecurityLog).summary.first = at("2004-06-14T09:00:00Z");
  foreign.source(kSystemLog).summary.log = say("Security");
  foreign.source(kSystemLog).summary.computer = say("SHOP2");
  foreign.source(kSystemLog).summary.first = at("2004-06-01T00:00:00Z");
  expect_unlinked(act(foreign), "the Security log begins on 2004-06-14 09:00:00 UTC");
}

TEST(MissingLogon, IsNotObservableInALogThatWasCleared) {
  MadeCase made = reset_in_sam();
  made.event(kSystemLog, kBoot, events::kLogStarted, 6005, {});
  security(made, "2004-06-14T09:30:00Z", 517,
           {"SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "mlang", "SHOP1", kId});
  expect_unlinked(act(made), "the Security log was cleared on 2004-06-14 09:30:00 UTC");

  MadeCase before = reset_in_sam();  // a clearing that took nothing of this start
  security(before, "2004-06-13T09:30:00Z", 517,
           {"SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "mlang", "SHOP1", kId});
  security(before, kBoot, 512, {});
  expect_unlinked(act(before), "since Windows was started on 2004-06-14 05:00:00 UTC");
}

}  // namespace
}  // namespace iwamtrace
