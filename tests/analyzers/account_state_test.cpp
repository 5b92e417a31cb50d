// May the account log on? Each defect with its innocent twin beside it.
#include <gtest/gtest.h>

#include "tests/analyzers/server_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;
constexpr Sid kIwam{1, 5, 5, {21, 11, 22, 33, kIwamRid}};
constexpr Sid kWpg{1, 5, 5, {21, 11, 22, 33, kIisWpgRid}};

std::string said(const Observation& observation) { return plain(observation.statement); }

// What is told is cited; what is not told is named.
void expect_grounds(const Observation& observation) {
  EXPECT_FALSE(observation.statement.empty());
  EXPECT_TRUE(!observation.holds || !observation.citations.empty()) << said(observation);
}

TEST(AccountState, HealthyServerIsHealthyInEverythingAndEachWordIsCited) {
  const Judged judged{ServerExample{}};
  for (const AccountStateAnswer::Named& named : judged.state().observations()) {
    EXPECT_EQ(named.observation->holds, named.healthy) << named.name << said(*named.observation);
    expect_grounds(*named.observation);
  }
  for (const AccessCheck& check : judged.state().access) {
    expect_grounds(check.granted);
  }
  for (const ServiceState& service : judged.state().services) {
    EXPECT_EQ(service.can_start.holds, service.name != "DcomLaunch") << service.name;
    EXPECT_EQ(service.needed, service.name != "DcomLaunch");
    expect_grounds(service.can_start);
  }
  EXPECT_TRUE(judged.state().grants.missing.empty());
  for (const char* id : {"account_disabled", "account_locked", "account_expired",
                         "password_expired", "logon_right_missing"}) {
    EXPECT_EQ(judged.hypothesis(id).standing, Standing::kRefuted) << id;
  }
  EXPECT_EQ(judged.finding("group_index_disagreement"), nullptr);
}

// ---- the right to log on as a batch job ----

TEST(BatchLogon, HeldThroughAGroupAloneIsHeld) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights = kNetworkLogon;
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, true);
  EXPECT_EQ(said(judged.state().batch_logon),
            "IWAM_SHOP1 may log on as a batch job, by the right of IIS_WPG");
  EXPECT_EQ(judged.state().batch_logon.citations, std::vector{server.rights_of(kWpg).where});
  EXPECT_EQ(judged.hypothesis("logon_right_missing").standing, Standing::kRefuted);
}

TEST(BatchLogon, HeldByEverybodyIsHeld) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights = server.rights_of(kWpg).logon_rights = 0;
  server.give(well_known::kAuthenticatedUsers, kBatchLogon);
  EXPECT_EQ(Judged(server).state().batch_logon.holds, true);
}

TEST(BatchLogon, HeldByNobodyOfItsOwnIsMissing) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights = server.rights_of(kWpg).logon_rights = 0;
  server.give(well_known::kGuests, kBatchLogon);  // it is not a guest
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, false);
  EXPECT_EQ(said(judged.state().batch_logon),
            "neither IWAM_SHOP1 nor a group of it may log on as a batch job");
  EXPECT_EQ(judged.hypothesis("logon_right_missing").standing, Standing::kSupported);
}

TEST(BatchLogon, DeniedToAGroupIsDenied) {
  ServerExample server;
  server.rights_of(kWpg).logon_rights |= kDenyBatchLogon;
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, false);
  EXPECT_EQ(said(judged.state().batch_logon),
            "IWAM_SHOP1 is denied to log on as a batch job, by the right of IIS_WPG");
  ASSERT_NE(judged.state().grants.right("SeBatchLogonRight"), nullptr);  // what is granted stays
}

TEST(BatchLogon, DeniedToAGroupItIsNotInIsNotDenied) {
  ServerExample server;
  server.give(well_known::kGuests, kDenyBatchLogon);
  EXPECT_EQ(Judged(server).state().batch_logon.holds, true);
}

TEST(BatchLogon, DeniedAsAnotherKindOfLogonIsNotDenied) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights |= kDenyInteractiveLogon | kDenyNetworkLogon;
  EXPECT_EQ(Judged(server).state().batch_logon.holds, true);
}

TEST(BatchLogon, WithoutAllRightsNothingIsSaid) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights = server.rights_of(kWpg).logon_rights = 0;
  server.forget(Which::kAccountRights);
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, std::nullopt);
  EXPECT_EQ(said(judged.state().batch_logon), "the rights of every account in SECURITY");
  EXPECT_EQ(judged.hypothesis("logon_right_missing").standing, Standing::kUndetermined);
  EXPECT_EQ(judged.hypothesis("logon_right_missing").hypothesis.missing.size(), 1U);
}

// Rights of another machine's SECURITY say nothing of this account.
TEST(BatchLogon, RightsOfAnotherMachineDoNotCount) {
  ServerExample server;
  server.unlockings.clear();  // no key that tells
  server.facts[1].value = say("S-1-5-21-7-7-7");
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, std::nullopt);
  EXPECT_FALSE(judged.state().grants.rights_known);
  EXPECT_EQ(judged.state().sids_agree.holds, false);
}

TEST(BatchLogon, GroupThatIsDisputedGrantsNothingAndIsNamed) {
  ServerExample server;
  server.rights_of(kIwam).logon_rights = kNetworkLogon;
  server.iis_wpg.members.clear();  // the list by member still has it
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, std::nullopt);
  EXPECT_EQ(said(judged.state().batch_logon),
            "whether IWAM_SHOP1 is in IIS_WPG: SAM's two lists disagree");
}

TEST(BatchLogon, GroupThatIsDisputedDoesNotMatterWhereItHasNoSuchRight) {
  ServerExample server;
  server.guests.members.push_back(kIwam);  // in one list only
  const Judged judged(server);
  EXPECT_EQ(judged.state().batch_logon.holds, true);
  EXPECT_EQ(judged.state().grants.missing.size(), 1U);
  EXPECT_EQ(judged.hypothesis("logon_right_missing").standing, Standing::kRefuted);
}

TEST(Grants, EveryRightHasItsHolders) {
  const Judged judged{ServerExample{}};
  const AccountGrants& grants = judged.state().grants;
  EXPECT_EQ(grants.sid, kIwam);
  const RightHeld* batch = grants.right("SeBatchLogonRight");
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->holders, (std::vector{say("IWAM_SHOP1"), say("IIS_WPG")}));
  EXPECT_EQ(grants.right("SeAssignPrimaryTokenPrivilege")->holders, std::vector{say("IWAM_SHOP1")});
  EXPECT_EQ(grants.right("SeChangeNotifyPrivilege")->holders, std::vector{say("Everyone")});
  EXPECT_EQ(grants.right("SeDebugPrivilege"), nullptr);
  ASSERT_EQ(grants.groups.size(), 2U);
  EXPECT_TRUE(grants.groups[0].itself && grants.groups[0].name.is("IIS_WPG"));
  EXPECT_TRUE(!grants.groups[1].itself && grants.groups[1].through.is("Authenticated Users"));
}

// Groups that everybody is in are repeated for each account: a hive that has thousands of them is
// cut short, and says so.
TEST(Grants, GroupsOfEverybodyAreCutShortAndNamed) {
  ServerExample server;
  GroupMembership everyone;
  everyone.where = in(File::kSam, 0x7000, "Members");
  everyone.member = well_known::kEveryone;
  everyone.builtin = true;
  for (std::uint32_t rid = 2000; rid < 3000; ++rid) {
    everyone.groups.push_back(rid);
  }
  server.memberships.push_back(everyone);
  const Judged judged(server);
  EXPECT_LT(judged.state().grants.groups.size(), 20U);
  EXPECT_TRUE(std::ranges::any_of(judged.state().grants.missing, [](const Untrusted& what) {
    return plain(what) == "the groups of Everyone beyond 16: it is in 1000";
  }));
  EXPECT_EQ(judged.state().batch_logon.holds, std::nullopt);
}

// ---- the group Users ----

TEST(UsersGroup, WithoutAuthenticatedUsersIsIncomplete) {
  ServerExample server;
  server.users.members.pop_back();
  server.membership_of(well_known::kAuthenticatedUsers).groups.clear();
  const Judged judged(server);
  EXPECT_EQ(judged.state().users_complete.holds, false);
  EXPECT_EQ(said(judged.state().users_complete), "the group Users lacks Authenticated Users");
}

TEST(UsersGroup, WithoutEitherNamesBoth) {
  ServerExample server;
  server.users.members = {kServer.with(1010)};  // somebody else is in it
  std::erase_if(server.memberships, [](const GroupMembership& membership) {
    return membership.builtin && membership.member.count == 1;
  });
  EXPECT_EQ(said(Judged(server).state().users_complete),
            "the group Users lacks INTERACTIVE and Authenticated Users");
}

TEST(UsersGroup, ListsThatDisagreeSayNothingButAreAFinding) {
  ServerExample server;
  server.users.members.pop_back();
  const Judged judged(server);
  EXPECT_EQ(judged.state().users_complete.holds, std::nullopt);
  EXPECT_NE(said(judged.state().users_complete).find("two lists disagree"), std::string::npos);
  const Finding* finding = judged.finding("group_index_disagreement");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::kHigh);
  EXPECT_NE(plain(finding->statement)
                .find("Authenticated Users lists the group Users and is not listed by it"),
            std::string::npos)
      << plain(finding->statement);
  EXPECT_EQ(finding->citations,
            (std::vector{server.users.where,
                         server.membership_of(well_known::kAuthenticatedUsers).where}));
}

TEST(UsersGroup, GroupsThatWereNotReadInFullDisputeNothing) {
  ServerExample server;
  server.users.members.pop_back();
  server.forget(Which::kBuiltinGroups);
  const Judged judged(server);
  EXPECT_EQ(judged.finding("group_index_disagreement"), nullptr);
  EXPECT_EQ(judged.state().users_complete.holds, std::nullopt);
}

TEST(GroupLists, MemberThatOnlyTheGroupListsIsCitedWithTheListThatLacksIt) {
  ServerExample server;
  server.guests.members.push_back(kServer.with(1010));
  const Judged judged(server);
  const Finding* finding = judged.finding("group_index_disagreement");
  ASSERT_NE(finding, nullptr);
  EXPECT_NE(plain(finding->statement)
                .find("S-1-5-21-11-22-33-1010 is listed by the group Guests and does not list it"),
            std::string::npos);
  ASSERT_EQ(finding->citations.size(), 2U);
  EXPECT_EQ(finding->citations[0], server.guests.where);
  EXPECT_EQ(finding->citations[1], server.read_in_full[1].where);
}

TEST(GroupLists, ManyDisputesAreCountedAndAFewNamed) {
  ServerExample server;
  for (std::uint32_t rid = 2000; rid < 2100; ++rid) {
    server.guests.members.push_back(kServer.with(rid));
  }
  const Judged judged(server);
  const Finding* finding = judged.finding("group_index_disagreement");
  ASSERT_NE(finding, nullptr);
  EXPECT_NE(plain(finding->statement).find("; and 94 more."), std::string::npos);
  EXPECT_EQ(finding->citations.size(), 12U);
}

// ---- locked ----

ServerExample locked_server() {
  ServerExample server;
  server.iwam.flags |= kAccountLocked;
  server.iwam.bad_password_count = 5;
  server.iwam.last_bad_password = at("2004-06-15T14:10:00Z");
  return server;
}

TEST(Locked, IsLockedWhileThePolicySaysSo) {
  const Judged judged(locked_server());
  EXPECT_EQ(judged.state().locked.holds, true);
  EXPECT_FALSE(judged.state().lock_ran_out);
  EXPECT_EQ(judged.hypothesis("account_locked").standing, Standing::kSupported);
}

TEST(Locked, LockThatRanOutBeforeTheCopyIsNone) {
  ServerExample server = locked_server();
  server.iwam.last_bad_password = at("2004-06-15T13:00:00Z");
  const Judged judged(server);
  EXPECT_EQ(judged.state().locked.holds, false);
  EXPECT_TRUE(judged.state().lock_ran_out);
  EXPECT_NE(said(judged.state().locked).find("for 30 minutes, which ran out before 2004-06-15"),
            std::string::npos)
      << said(judged.state().locked);
  EXPECT_EQ(judged.hypothesis("account_locked").standing, Standing::kUndetermined);
}

// A length of 0, or none, means that only an administrator lifts the lock.
TEST(Locked, WithoutALengthItNeverRunsOut) {
  for (const std::optional<std::int64_t> length :
       {std::optional<std::int64_t>{0}, std::optional<std::int64_t>{}}) {
    ServerExample server = locked_server();
    server.iwam.last_bad_password = at("2001-01-01T00:00:00Z");
    server.policy.lockout_duration = length;
    const Judged judged(server);
    EXPECT_EQ(judged.state().locked.holds, true);
    EXPECT_NE(said(judged.state().locked).find("until an administrator lifts it"),
              std::string::npos);
  }
}

TEST(Locked, LengthBeyondAllTimeNeverRunsOut) {
  ServerExample server = locked_server();
  server.policy.lockout_duration = INT64_MAX;
  EXPECT_EQ(Judged(server).state().locked.holds, true);
}

TEST(Locked, ManyBadPasswordsAloneLockNothing) {
  ServerExample server = locked_server();
  server.iwam.flags &= ~kAccountLocked;
  server.policy.lockout_threshold = 0;
  const Judged judged(server);
  EXPECT_EQ(judged.state().locked.holds, false);
  EXPECT_EQ(judged.hypothesis("account_locked").standing, Standing::kRefuted);
}

// The logs of this machine reach further than its hive, those of another do not count.
TEST(Locked, TheCopyIsAsOldAsTheNewestRecordOfThisMachine) {
  ServerExample server = locked_server();
  SourceSummary& log = server.source(File::kLog).summary;
  log.last = at("2004-06-15T16:00:00Z");
  log.computer = say("SHOP1");
  log.computer_where = in(File::kLog, 0x700);
  EXPECT_TRUE(Judged(server).state().lock_ran_out);
  log.computer = say("OTHER");
  EXPECT_FALSE(Judged(server).state().lock_ran_out);
}

// ---- disabled, expired ----

TEST(Disabled, IsDisabledByItsFlag) {
  ServerExample server;
  server.iwam.flags |= kAccountDisabled;
  const Judged judged(server);
  EXPECT_EQ(judged.state().disabled.holds, true);
  EXPECT_EQ(judged.hypothesis("account_disabled").standing, Standing::kSupported);
}

TEST(Expired, ByADayThatIsOver) {
  ServerExample server;
  server.iwam.expires = at("2004-06-01T00:00:00Z");
  const Judged judged(server);
  EXPECT_EQ(judged.state().expired.holds, true);
  EXPECT_EQ(judged.hypothesis("account_expired").standing, Standing::kSupported);
}

TEST(Expired, NotByADayThatIsToCome) {
  ServerExample server;
  server.iwam.expires = at("2005-06-01T00:00:00Z");
  const Judged judged(server);
  EXPECT_EQ(judged.state().expired.holds, false);
  EXPECT_EQ(judged.hypothesis("account_expired").standing, Standing::kRefuted);
}

TEST(Expired, AfterTheLastFailureItExplainsNone) {
  ServerExample server;
  server.iwam.expires = at("2004-06-14T00:00:00Z");
  server.log(events::kDcomTimeout, at("2004-06-10T08:00:00Z"), {{"ServerId", kPooledApplications}});
  EXPECT_EQ(Judged(server).hypothesis("account_expired").standing, Standing::kUndetermined);
  server.log(events::kDcomTimeout, at("2004-06-14T08:00:00Z"), {{"ServerId", kPooledApplications}});
  EXPECT_EQ(Judged(server).hypothesis("account_expired").standing, Standing::kSupported);
}

ServerExample server_whose_passwords_expire() {
  ServerExample server;
  server.iwam.flags &= ~kPasswordNeverExpires;
  return server;
}

TEST(PasswordExpired, ByThePolicy) {
  const Judged judged(server_whose_passwords_expire());
  EXPECT_EQ(judged.state().password_expired.holds, true);
  EXPECT_EQ(said(judged.state().password_expired),
            "the password of IWAM_SHOP1 expired on 2003-12-14 14:05:49 UTC, 42 days after it was "
            "set");
  EXPECT_EQ(judged.state().password_expired.since, at("2003-12-14T14:05:49Z"));
  EXPECT_EQ(judged.hypothesis("password_expired").standing, Standing::kSupported);
}

TEST(PasswordExpired, NotYet) {
  ServerExample server = server_whose_passwords_expire();
  server.iwam.password_last_set = at("2004-06-01T00:00:00Z");
  EXPECT_EQ(Judged(server).hypothesis("password_expired").standing, Standing::kRefuted);
}

TEST(PasswordExpired, NeverWhereThePolicyHasNoAge) {
  ServerExample server = server_whose_passwords_expire();
  server.policy.max_age.reset();
  EXPECT_EQ(said(Judged(server).state().password_expired), "by the policy no password expires");
}

TEST(PasswordExpired, MustBeChangedWhereTheTimeIsZero) {
  ServerExample server = server_whose_passwords_expire();
  server.iwam.password_last_set.reset();
  server.iwam.password_must_change = true;
  EXPECT_EQ(Judged(server).state().password_expired.holds, true);
  server.iwam.flags |= kPasswordNeverExpires;  // which is then what counts
  EXPECT_EQ(Judged(server).state().password_expired.holds, false);
}

TEST(PasswordExpired, TimeThatIsNoneIsNotZero) {
  ServerExample server = server_whose_passwords_expire();
  server.iwam.password_last_set.reset();
  EXPECT_EQ(Judged(server).state().password_expired.holds, std::nullopt);
}

// ---- whose account it is ----

TEST(AccountDatabase, OnADomainControllerTheSamSaysNothing) {
  ServerExample server;
  server.fact(HostFact::Kind::kProductType).value = say("LanmanNT");
  server.iwam.flags |= kAccountDisabled;
  const Judged judged(server);
  EXPECT_EQ(judged.state().sam_decides.holds, false);
  EXPECT_EQ(judged.state().disabled.holds, std::nullopt);
  EXPECT_EQ(judged.hypothesis("account_disabled").standing, Standing::kUndetermined);
}

TEST(AccountDatabase, OnNt4TheSamOfADomainControllerDecides) {
  ServerExample server;
  server.fact(HostFact::Kind::kProductType).value = say("LanmanNT");
  server.fact(HostFact::Kind::kWindowsVersion).value = say("Windows NT 4.0.1381");
  const Judged judged(server);
  EXPECT_EQ(judged.state().sam_decides.holds, true);
  EXPECT_EQ(judged.state().disabled.holds, false);
}

TEST(AccountDatabase, AccountThatIsInNoSamIsMissedByItsName) {
  ServerExample server;
  server.iwam.name = say("somebody");
  MetabaseSnapshot metabase;
  metabase.wam_user_name = say("IWAM_SHOP1");
  server.metabases = {metabase};
  const Judged judged(server);
  EXPECT_EQ(judged.state().exists.holds, false);
  EXPECT_EQ(said(judged.state().exists), "no SAM hive of the case has an account IWAM_SHOP1");
  EXPECT_EQ(judged.state().users_complete.holds, true);  // of the only SAM there is
  server.forget(Which::kUsers);
  EXPECT_EQ(Judged(server).state().exists.holds, std::nullopt);
}

}  // namespace
}  // namespace iwamtrace
