// Permissions, services, SIDs and names around the account.
#include <gtest/gtest.h>

#include "analyzers/access_check.h"
#include "tests/analyzers/server_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Of = AccessPermission::Of;
using Which = KeyReadInFull::Which;
constexpr Sid kIwam{1, 5, 5, {21, 11, 22, 33, kIwamRid}};
constexpr Sid kSomebody{1, 5, 5, {21, 11, 22, 33, 2000}};

std::string said(const Observation& observation) { return plain(observation.statement); }

SecurityDescriptor with(std::vector<AccessControlEntry> dacl) {
  SecurityDescriptor descriptor;
  descriptor.has_dacl = true;
  descriptor.dacl = std::move(dacl);
  return descriptor;
}

// ---- the check itself ----

TEST(AccessCheck, TheFirstEntryThatSpeaksOfARightDecidesIt) {
  using Result = AccessDecision::Result;
  const std::vector<Sid> token{kIwam, well_known::kEveryone};
  const auto check = [&](std::vector<AccessControlEntry> dacl, std::uint32_t wanted = 0x3) {
    return check_access(with(std::move(dacl)), token, wanted).result;
  };
  EXPECT_EQ(check({deny(kIwam, 1), allow(well_known::kEveryone, 3)}), Result::kDenied);
  EXPECT_EQ(check({deny(kSomebody, 1), allow(well_known::kEveryone, 3)}), Result::kGranted);
  EXPECT_EQ(check({deny(kIwam, 4), allow(well_known::kEveryone, 3)}), Result::kGranted);
  EXPECT_EQ(check({allow(well_known::kEveryone, 3), deny(kIwam, 1)}), Result::kGranted);
  EXPECT_EQ(check({allow(kIwam, 1), allow(well_known::kEveryone, 2)}), Result::kGranted);
  EXPECT_EQ(check({allow(kIwam, 1), deny(kIwam, 2)}), Result::kDenied);
  EXPECT_EQ(check({allow(kIwam, 1)}), Result::kNotGranted);
  EXPECT_EQ(check({}), Result::kNotGranted);
  EXPECT_EQ(check_access(SecurityDescriptor{}, token, 3).result, Result::kGranted);  // no DACL
}

TEST(AccessCheck, EntriesForWhatIsBelowTheKeyDoNotCount) {
  AccessControlEntry below = deny(kIwam, kKeyRead);
  below.flags = 0x08 | 0x02;  // inherit only
  const std::vector<Sid> token{kIwam};
  EXPECT_EQ(check_access(with({below, allow(kIwam, kKeyRead)}), token, kKeyRead).result,
            AccessDecision::Result::kGranted);
}

TEST(AccessCheck, GenericRightsAreThoseOfAKey) {
  const std::vector<Sid> token{kIwam};
  for (const std::uint32_t generic : {0x80000000U, 0x20000000U, 0x10000000U}) {
    EXPECT_EQ(check_access(with({allow(kIwam, generic)}), token, kKeyRead).result,
              AccessDecision::Result::kGranted);
  }
  EXPECT_EQ(check_access(with({allow(kIwam, 0x40000000)}), token, kKeyRead).result,
            AccessDecision::Result::kNotGranted);
}

TEST(AccessCheck, TheOneOldRightOfDcomStandsForAll) {
  const std::vector<Sid> token{kIwam};
  const auto launch = [&](std::vector<AccessControlEntry> dacl) {
    return check_local_launch(with(std::move(dacl)), token).result;
  };
  EXPECT_EQ(launch({allow(kIwam, kComExecute)}), AccessDecision::Result::kGranted);
  EXPECT_EQ(launch({allow(kIwam, 0xB)}), AccessDecision::Result::kGranted);
  EXPECT_EQ(launch({allow(kIwam, 0x1F)}), AccessDecision::Result::kGranted);
  EXPECT_EQ(launch({allow(kIwam, 0x5)}), AccessDecision::Result::kNotGranted);  // from afar only
  EXPECT_EQ(launch({deny(kIwam, 0x15), allow(kIwam, 0x1F)}), AccessDecision::Result::kGranted);
  EXPECT_EQ(launch({deny(kIwam, 0x1), allow(kIwam, 0x1F)}), AccessDecision::Result::kDenied);
}

// ---- launch permissions ----

AccessPermission launch_permission(Of of, std::vector<AccessControlEntry> dacl) {
  AccessPermission permission;
  permission.of = of;
  permission.where = in(File::kSoftware, 0x9000 + 0x10 * static_cast<std::uint64_t>(of), "launch");
  permission.descriptor = with(std::move(dacl));
  return permission;
}

TEST(Launch, AbsentPermissionsMeanTheBuiltInDefault) {
  const Judged judged{ServerExample{}};
  const AccessCheck& system = judged.access(Of::kDefaultLaunch, "SYSTEM");
  EXPECT_EQ(system.granted.holds, true);
  EXPECT_TRUE(system.needed);
  EXPECT_NE(said(system.granted).find("DCOM's built-in default"), std::string::npos);
  EXPECT_EQ(system.granted.citations.size(), 2U);  // where it was looked for
  // The account itself starts nothing: a batch logon is not INTERACTIVE, on any healthy server.
  const AccessCheck& iwam = judged.access(Of::kDefaultLaunch, "IWAM_SHOP1");
  EXPECT_EQ(iwam.granted.holds, false);
  EXPECT_FALSE(iwam.needed);
}

TEST(Launch, AbsenceIsNotKnownOfAKeyThatWasNotRead) {
  ServerExample server;
  server.forget(Which::kDcom);
  EXPECT_EQ(Judged(server).access(Of::kPooledLaunch, "SYSTEM").granted.holds, std::nullopt);
}

TEST(Launch, OwnPermissionCountsBeforeTheDefault) {
  ServerExample server;
  server.permissions.push_back(
      launch_permission(Of::kDefaultLaunch, {allow(well_known::kSystem, kComExecute)}));
  EXPECT_EQ(Judged(server).access(Of::kDefaultLaunch, "SYSTEM").granted.holds, true);
  server.permissions.push_back(launch_permission(
      Of::kPooledLaunch,
      {deny(well_known::kEveryone, kComExecute), allow(well_known::kSystem, kComExecute)}));
  const Judged judged(server);
  const AccessCheck& system = judged.access(Of::kPooledLaunch, "SYSTEM");
  EXPECT_EQ(system.granted.holds, false);
  EXPECT_EQ(said(system.granted),
            "SYSTEM may not start the pooled applications by their own LaunchPermission: it denies "
            "Everyone");
}

TEST(Launch, DenialOfSomebodyElseIsNone) {
  ServerExample server;
  server.permissions.push_back(launch_permission(
      Of::kPooledLaunch,
      {deny(well_known::kGuests, kComExecute), allow(well_known::kAdministrators, kComExecute),
       allow(kIwam, kComExecute)}));
  const Judged judged(server);
  EXPECT_EQ(judged.access(Of::kPooledLaunch, "SYSTEM").granted.holds, true);
  EXPECT_EQ(said(judged.access(Of::kPooledLaunch, "IWAM_SHOP1").granted),
            "IWAM_SHOP1 may start the pooled applications by their own LaunchPermission: it allows "
            "IWAM_SHOP1");
}

TEST(Launch, DenialReachesTheAccountThroughItsGroup) {
  ServerExample server;
  server.permissions.push_back(launch_permission(
      Of::kPooledLaunch,
      {deny(kServer.with(kIisWpgRid), kComExecute), allow(well_known::kEveryone, kComExecute)}));
  const Judged judged(server);
  EXPECT_EQ(judged.access(Of::kPooledLaunch, "IWAM_SHOP1").granted.holds, false);
  EXPECT_EQ(judged.access(Of::kPooledLaunch, "SYSTEM").granted.holds, true);
}

TEST(Launch, MachineRestrictionIsASecondHurdleWhereItIsSet) {
  ServerExample server;
  EXPECT_THROW((void)Judged(server).access(Of::kMachineLaunch, "SYSTEM"), std::out_of_range);
  server.permissions.push_back(
      launch_permission(Of::kMachineLaunch, {allow(well_known::kInteractive, 0x1F)}));
  EXPECT_EQ(Judged(server).access(Of::kMachineLaunch, "SYSTEM").granted.holds, false);
}

// ---- keys ----

TEST(Keys, DenialOfReadingIsSeen) {
  ServerExample server;
  auto& dacl = server.permission(Of::kPooledKey).descriptor.dacl;
  dacl.insert(dacl.begin(), deny(kServer.with(kIisWpgRid), kKeyRead));
  const Judged judged(server);
  EXPECT_EQ(judged.access(Of::kPooledKey, "IWAM_SHOP1").granted.holds, false);
  EXPECT_EQ(said(judged.access(Of::kPooledKey, "IWAM_SHOP1").granted),
            "IWAM_SHOP1 may not read the application id of the pooled applications: it denies "
            "IIS_WPG");
  EXPECT_EQ(judged.access(Of::kPooledKey, "SYSTEM").granted.holds, true);
  EXPECT_EQ(judged.access(Of::kDcomKey, "IWAM_SHOP1").granted.holds, true);
}

TEST(Keys, WithoutAuthenticatedUsersInUsersTheAccountCannotRead) {
  ServerExample server;
  server.users.members.pop_back();
  server.membership_of(well_known::kAuthenticatedUsers).groups.clear();
  EXPECT_EQ(Judged(server).access(Of::kPooledKey, "IWAM_SHOP1").granted.holds, false);
}

TEST(Keys, SecretKeyIsLsasAloneAndUnknownWithoutOne) {
  ServerExample server;
  EXPECT_EQ(Judged(server).access(Of::kPooledSecretKey, "SYSTEM").granted.holds, std::nullopt);
  AccessPermission secret =
      launch_permission(Of::kPooledSecretKey, {allow(well_known::kSystem, 0xF003F)});
  secret.where = in(File::kSecurity, 0x7000, "Secrets");
  server.permissions.push_back(secret);
  const Judged judged(server);
  EXPECT_EQ(judged.access(Of::kPooledSecretKey, "SYSTEM").granted.holds, true);
  EXPECT_THROW((void)judged.access(Of::kPooledSecretKey, "IWAM_SHOP1"), std::out_of_range);
}

// ---- services ----

TEST(Services, DisabledMissingAndUnknownAreThreeThings) {
  ServerExample server;
  server.service("IISADMIN").start = 4;
  std::erase_if(server.services, [](const Service& service) { return service.name.is("MSDTC"); });
  const Judged judged(server);
  EXPECT_EQ(judged.service("IISADMIN").can_start.holds, false);
  EXPECT_EQ(said(judged.service("IISADMIN").can_start), "the service IISADMIN is disabled");
  EXPECT_EQ(judged.service("MSDTC").present, false);
  EXPECT_EQ(said(judged.service("MSDTC").can_start), "there is no service MSDTC");
  EXPECT_EQ(said(judged.service("W3SVC").can_start), "the service W3SVC starts: automatic");

  server.forget(Which::kServices);
  const Judged torn(server);
  EXPECT_EQ(torn.service("MSDTC").present, std::nullopt);
  EXPECT_EQ(torn.service("MSDTC").can_start.holds, std::nullopt);
  EXPECT_EQ(torn.service("IISADMIN").can_start.holds, false);  // what was read stays said
}

// As performance counters leave one behind where IIS is not installed.
TEST(Services, KeyWithoutAStartTypeIsNoService) {
  ServerExample server;
  server.service("W3SVC").start.reset();
  const Judged judged(server);
  EXPECT_EQ(judged.service("W3SVC").present, false);
  EXPECT_EQ(judged.service("W3SVC").can_start.holds, false);
}

TEST(Services, DcomLaunchIsNeededOnlyWhereItIs) {
  ServerExample server;
  EXPECT_FALSE(Judged(server).service("DcomLaunch").needed);
  Service service;
  service.name = say("dcomlaunch");
  service.start = 4;
  service.where = in(File::kSystem, 0x8000);
  server.services.push_back(service);
  const Judged judged(server);
  EXPECT_TRUE(judged.service("DcomLaunch").needed);
  EXPECT_EQ(judged.service("DcomLaunch").can_start.holds, false);
}

// ---- SIDs ----

TEST(Sids, HivesThatOneKeyOpensAndTwoSidsDivideAreToldApart) {
  ServerExample server;
  server.facts[1].value = say("S-1-5-21-7-7-7");
  const Judged judged(server);
  EXPECT_EQ(judged.state().sids_agree.holds, false);
  EXPECT_NE(said(judged.state().sids_agree).find("SECURITY S-1-5-21-7-7-7"), std::string::npos);
  EXPECT_EQ(judged.state().sids_agree.citations.size(), 2U);
}

TEST(Sids, RightsOfAnAccountThatIsGoneOrOfAnotherMachineAreNamed) {
  ServerExample server;
  server.give(kServer.with(1017), kBatchLogon);
  server.give(*Sid::from_text("S-1-5-21-9-9-9-1004"), kBatchLogon);
  const Judged judged(server);
  EXPECT_EQ(judged.state().rights_are_ours.holds, false);
  EXPECT_EQ(
      said(judged.state().rights_are_ours),
      "2 accounts have rights and are neither of this machine nor of its domain, or are gone: "
      "S-1-5-21-11-22-33-1017, S-1-5-21-9-9-9-1004");
}

TEST(Sids, RightsOfTheDomainOfWellKnownsAndOfNoneAreOrdinary) {
  ServerExample server;
  server.facts.push_back(HostFact{HostFact::Kind::kPrimaryDomainSid, say("S-1-5-21-9-9-9"),
                                  in(File::kSecurity, 0x1200)});
  server.give(*Sid::from_text("S-1-5-21-9-9-9-1004"), kBatchLogon);
  server.give(kServer.with(513), kNetworkLogon);
  server.give(well_known::kAdministrators, kInteractiveLogon);
  server.give(*Sid::from_text("S-1-5-80-0"), kServiceLogon);
  EXPECT_EQ(Judged(server).state().rights_are_ours.holds, true);
}

// ---- names ----

HostFact known_as(std::string_view name, File file = File::kSystem) {
  return {HostFact::Kind::kKnownAs, say(name), in(file, 0x1f00)};
}

TEST(Names, AccountOfAFormerNameIsOrdinary) {
  ServerExample by_registry;
  by_registry.fact(HostFact::Kind::kComputerName).value = say("WEB9");
  by_registry.facts.push_back(known_as("shop1"));
  ServerExample by_log;
  by_log.fact(HostFact::Kind::kComputerName).value = say("WEB9");
  by_log.log(events::kComputerRenamed, at("2004-01-01T00:00:00Z"),
             {{"OldName", "SHOP1"}, {"NewName", "WEB9"}});
  for (const ServerExample* server : {&by_registry, &by_log}) {
    const Judged judged(*server);
    EXPECT_EQ(judged.state().named_after_computer.holds, true);
    EXPECT_EQ(said(judged.state().named_after_computer),
              "IWAM_SHOP1 is named after a former name of this computer, WEB9");
    EXPECT_EQ(judged.answers.host.previous_names.size(), 1U);
  }
}

TEST(Names, AccountOfAnUnknownNameIsToldAndConvictsNobody) {
  ServerExample server;
  server.fact(HostFact::Kind::kComputerName).value = say("WEB9");
  const Judged judged(server);
  EXPECT_EQ(judged.state().named_after_computer.holds, false);
  EXPECT_EQ(judged.state().exists.holds, true);
}

// A name of TCP/IP is as long as it likes, that of NetBIOS ends after 15 characters.
TEST(Names, TheSameNameInAnotherFormIsNoFormerOne) {
  ServerExample server;
  server.fact(HostFact::Kind::kComputerName).value = say("SHOP-IN-THE-NOR");
  server.facts.push_back(known_as("shop-in-the-north"));
  server.facts.push_back(known_as("shop-in-the-north.example.org"));
  EXPECT_TRUE(Judged(server).answers.host.previous_names.empty());
}

TEST(Names, OtherNamesOfAnotherMachinesHiveDoNotCount) {
  ServerExample server;
  server.facts.push_back(known_as("OTHER", File::kSoftware));
  EXPECT_TRUE(Judged(server).answers.host.previous_names.empty());
}

}  // namespace
}  // namespace iwamtrace
