// The causes around the account: each wins in one test, and loses where only its decisive fact is
// another. A state alone convicts nobody, and neither does a failure alone.
#include <gtest/gtest.h>

#include "tests/analyzers/server_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using enum Standing;
using Of = AccessPermission::Of;

const Timestamp kFailed = at("2004-06-14T22:11:02Z");

// Applications are not loaded, for a reason that says little.
ServerExample failing(std::string_view error = "80080005") {
  ServerExample server;
  server.iwam.created = at("2003-11-02T14:05:40Z");
  server.iwam.password_last_set = at("2003-11-02T14:05:49Z");
  Secret secret;
  secret.where = secret.current.where = secret.current.set_where =
      in(File::kSecurity, 0x3000, "Secrets");
  secret.name = say(kPooledSecret);
  secret.current.state = SecretState::kValue;
  secret.current.set = at("2003-11-02T14:05:51Z");
  server.secrets = {secret};
  server.log(events::kApplicationNotLoaded, kFailed,
             {{"Application", "/LM/W3SVC/1/Root"}, {"Error", error}});
  return server;
}

std::string cause(const ServerExample& server) { return Judged(server).answers.desync.cause; }

Standing standing(const ServerExample& server, std::string_view id) {
  return Judged(server).hypothesis(id).standing;
}

void logon_failed(ServerExample& server) {
  server.log(events::kDcomLogonFailed, kFailed,
             {{"Error", "1326"},
              {"Domain", "."},
              {"User", "IWAM_SHOP1"},
              {"ServerId", kPooledApplications}});
}

TEST(SurroundingCause, AFailureAloneConvictsNobody) { EXPECT_EQ(cause(failing()), "unknown"); }

TEST(UsersGroupIncomplete, ExplainsAFailureBeforeTheLogon) {
  ServerExample server = failing();
  std::erase(server.users.members, well_known::kInteractive);
  server.membership_of(well_known::kInteractive).groups.clear();
  EXPECT_EQ(cause(server), "users_group_incomplete");
  EXPECT_EQ(standing(server, "users_group_incomplete"), kSupported);
  // With the group as it should be, and with a logon that was reached, it is no reason.
  EXPECT_EQ(standing(failing(), "users_group_incomplete"), kRefuted);
  logon_failed(server);
  EXPECT_EQ(standing(server, "users_group_incomplete"), kUndetermined);
}

// Hardened servers live well with it.
TEST(UsersGroupIncomplete, WithoutAFailureIsNoCause) {
  ServerExample server = failing();
  server.events.clear();
  std::erase(server.users.members, well_known::kInteractive);
  server.membership_of(well_known::kInteractive).groups.clear();
  EXPECT_EQ(cause(server), "none");
}

TEST(LaunchPermissionDenied, ByAPermissionThatLeavesSystemOut) {
  ServerExample server = failing();
  AccessPermission launch = server.permission(Of::kPooledKey);
  launch.of = Of::kPooledLaunch;
  launch.descriptor.dacl = {allow(well_known::kInteractive, 1)};
  server.permissions.push_back(launch);
  EXPECT_EQ(cause(server), "launch_permission_denied");
  server.permission(Of::kPooledLaunch).descriptor.dacl.push_back(allow(well_known::kSystem, 1));
  EXPECT_EQ(standing(server, "launch_permission_denied"), kRefuted);
}

TEST(LaunchPermissionDenied, ByDcomsOwnWordAboutThePooledApplicationsOnly) {
  ServerExample server = failing();
  server.forget(KeyReadInFull::Which::kDcom);
  server.log(events::kDcomLaunchDenied, kFailed,
             {{"ServerId", kPooledApplications}, {"User", "SYSTEM"}});
  EXPECT_EQ(cause(server), "launch_permission_denied");
  ServerExample other = failing();
  other.forget(KeyReadInFull::Which::kDcom);
  other.log(events::kDcomLaunchDenied, kFailed,
            {{"ServerId", "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"}, {"User", "SYSTEM"}});
  EXPECT_EQ(cause(other), "unknown");
}

TEST(RegistryAclDenied, ByAKeyThatTheAccountMayNotRead) {
  ServerExample server = failing();
  server.permission(Of::kDcomKey).descriptor.dacl = {allow(well_known::kAdministrators, 0xF003F),
                                                     allow(well_known::kSystem, 0xF003F)};
  EXPECT_EQ(cause(server), "registry_acl_denied");
  EXPECT_EQ(standing(server, "registry_acl_denied"), kSupported);
  EXPECT_EQ(standing(failing(), "registry_acl_denied"), kUndetermined);  // other keys are unseen
}

TEST(FileAclDenied, ByAStartThatWasDenied) {
  const auto denied = [](std::string_view error) {
    ServerExample server = failing();
    server.log(events::kDcomCannotStartServerAs, kFailed,
               {{"CommandLine", "C:\\WINNT\\system32\\dllhost.exe"},
                {"Error", error},
                {"ServerId", kPooledApplications}});
    return server;
  };
  EXPECT_EQ(cause(denied("5")), "file_acl_denied");
  EXPECT_EQ(standing(denied("5"), "file_acl_denied"), kSupported);  // files are never seen
  EXPECT_EQ(cause(denied("2")), "unknown");
}

// Each of three causes may be behind it: none is convicted, and the words are Windows' own.
TEST(AccessDenied, AloneDecidesBetweenNoCauses) {
  const ServerExample server = failing("Access is denied");
  EXPECT_EQ(cause(server), "unknown");
  const Judged judged(server);
  for (const std::string id : {"file_acl_denied", "registry_acl_denied"}) {
    EXPECT_EQ(statements(judged.hypothesis(id).hypothesis.in_favour),
              std::vector<std::string>{"weak: W3SVC could not load /LM/W3SVC/1/Root on 2004-06-14 "
                                       "22:11:02 UTC: access is denied"})
        << id;
  }
}

TEST(ComPlusCatalogDamaged, ByAClassThatIsNotRegistered) {
  EXPECT_EQ(cause(failing("80040154")), "com_plus_catalog_damaged");
  ServerExample server = failing("80040154");
  logon_failed(server);
  EXPECT_EQ(standing(server, "com_plus_catalog_damaged"), kUndetermined);
}

TEST(MsdtcMissing, BreaksWindows2000AndNotLater) {
  ServerExample server = failing();
  server.facts.push_back(
      HostFact{HostFact::Kind::kIisVersion, say("5.0"), in(File::kSoftware, 0x1020)});
  server.service("MSDTC").start = 4;
  EXPECT_EQ(cause(server), "msdtc_missing");
  server.service("MSDTC").start = 3;
  EXPECT_EQ(standing(server, "msdtc_missing"), kRefuted);
  ServerExample later = failing();
  later.service("MSDTC").start = 4;
  EXPECT_EQ(cause(later), "unknown");
}

// An SQL setup took it away, and nothing failed.
// One code is the coordinator's, its neighbours are the catalogue's.
TEST(MsdtcMissing, IsToldFromTheCatalogueByItsCode) {
  ServerExample server = failing("8004E00F");
  server.facts.push_back(
      HostFact{HostFact::Kind::kIisVersion, say("5.0"), in(File::kSoftware, 0x1020)});
  server.service("MSDTC").start = 4;
  EXPECT_EQ(cause(server), "msdtc_missing");
  EXPECT_EQ(standing(server, "com_plus_catalog_damaged"), kUndetermined);
  EXPECT_EQ(cause(failing("8004E023")), "com_plus_catalog_damaged");
}

// Its logon goes on succeeding while its process fails after it.
TEST(FileAclDenied, ALogonBeforeTheLastFailureProvesNothing) {
  ServerExample server = failing("General access denied error");
  server.log(events::kDcomCannotStartServerAs, at("2004-06-14T08:00:00Z"),
             {{"Error", "5"}, {"ServerId", kPooledApplications}});
  server.log(events::kLogon, at("2004-06-14T21:00:00Z"),
             {{"TargetUserName", "IWAM_SHOP1"}, {"LogonType", "4"}});
  EXPECT_EQ(cause(server), "file_acl_denied");
  server.log(events::kLogon, at("2004-06-14T23:00:00Z"),
             {{"TargetUserName", "IWAM_SHOP1"}, {"LogonType", "4"}});
  EXPECT_NE(cause(server), "file_acl_denied");
}

TEST(MsdtcMissing, WithoutAFailureIsNoCause) {
  ServerExample server = failing();
  server.events.clear();
  std::erase_if(server.services, [](const Service& one) { return one.name.is("MSDTC"); });
  EXPECT_EQ(cause(server), "none");
}

TEST(ServiceDisabled, ByTheServiceControlManagersWord) {
  const auto not_started = [](std::string_view service, std::string_view error) {
    ServerExample server = failing();
    server.events.clear();
    server.service("IISADMIN").start = 4;
    server.log(events::kServiceNotStarted, kFailed, {{"ServiceName", service}, {"Error", error}});
    return server;
  };
  EXPECT_EQ(cause(not_started("IIS Admin Service", "%%1058")), "service_disabled");
  EXPECT_EQ(cause(not_started("Print Spooler", "%%1058")), "none");
  // Something failed, and Windows gives another reason than that.
  EXPECT_EQ(cause(not_started("IIS Admin Service", "%%1053")), "unknown");
  EXPECT_EQ(standing(failing(), "service_disabled"), kRefuted);
}

// A workstation has no IIS, and some servers have it switched off on purpose.
TEST(ServiceDisabled, WhatIsNotThereOrNotUsedIsNoCause) {
  ServerExample workstation = failing();
  workstation.events.clear();
  std::erase_if(workstation.services,
                [](const Service& one) { return one.name.is("IISADMIN") || one.name.is("W3SVC"); });
  EXPECT_EQ(cause(workstation), "none");
  ServerExample off = failing();
  off.events.clear();
  off.service("IISADMIN").start = off.service("W3SVC").start = 4;
  off.service("W3SVC").where.source = SourceId{4};  // even if two files say so
  EXPECT_EQ(cause(off), "none");
  EXPECT_EQ(standing(off, "service_disabled"), kUndetermined);
}

TEST(RpcServiceCrash, ByItsEnd) {
  ServerExample server = failing();
  server.log(events::kServiceCrashed, kFailed, {{"ServiceName", "Remote Procedure Call (RPC)"}});
  EXPECT_EQ(cause(server), "rpc_service_crash");
  ServerExample other = failing();
  other.log(events::kServiceCrashed, kFailed, {{"ServiceName", "Print Spooler"}});
  EXPECT_EQ(cause(other), "unknown");
}

TEST(AuditLogFull, ByTheValueThatLetsInAdministratorsOnly) {
  const auto with = [](std::string_view value) {
    ServerExample server = failing();
    server.facts.push_back(
        HostFact{HostFact::Kind::kCrashOnAuditFail, say(value), in(File::kSystem, 0x1020)});
    return server;
  };
  EXPECT_EQ(cause(with("2")), "audit_log_full");
  EXPECT_EQ(standing(with("1"), "audit_log_full"), kRefuted);
  EXPECT_EQ(standing(failing(), "audit_log_full"), kUndetermined);
}

TEST(GroupMembershipChanged, ByTheGroupThatItLeft) {
  ServerExample server = failing();
  server.iis_wpg.members.clear();
  server.membership_of(kServer.with(kIwamRid)).groups.clear();
  EXPECT_EQ(cause(server), "group_membership_changed");
  EXPECT_EQ(standing(failing(), "group_membership_changed"), kRefuted);
}

MetabaseSnapshot naming(std::string_view account) {
  MetabaseSnapshot metabase;
  metabase.where = metabase.wam_user_name_where = metabase.password_where =
      in(File::kLog, 0x100, "/LM/W3SVC/WAMUserName");
  metabase.wam_user_name = say(account);
  metabase.session_key_digest = "00";
  return metabase;
}

TEST(ComPlusIdentityEdited, ByAnotherRunAs) {
  const auto running_as = [](std::string_view account) {
    ServerExample server = failing();
    server.metabases = {naming("IWAM_SHOP1")};
    server.identities = {ApplicationIdentity{in(File::kSoftware, 0x2000, "RunAs"),
                                             say(kPooledApplications), say("Pooled"), say(account),
                                             at("2004-06-01T00:00:00Z")}};
    return server;
  };
  EXPECT_EQ(cause(running_as("SHOP1\\mlang")), "com_plus_identity_edited");
  EXPECT_EQ(standing(running_as("SHOP1\\IWAM_SHOP1"), "com_plus_identity_edited"), kRefuted);
  EXPECT_EQ(standing(failing(), "com_plus_identity_edited"), kUndetermined);
}

TEST(MetabaseFromOtherServer, NamesAnAccountThatIsNotHere) {
  ServerExample server = failing();
  server.metabases = {naming("IWAM_OTHER")};
  server.iwam.name = say("somebody");
  EXPECT_EQ(cause(server), "metabase_from_other_server");
  server.events.clear();  // a metabase that was copied beside the hives, and nothing failed
  EXPECT_NE(cause(server), "metabase_from_other_server");
  server.metabases = {naming("IWAM_SHOP1")};
  EXPECT_EQ(standing(server, "metabase_from_other_server"), kRefuted);
}

TEST(DomainControllerPromotion, TookTheLocalAccountWithIt) {
  ServerExample server = failing();
  server.metabases = {naming("IWAM_SHOP1")};
  server.iwam.name = say("somebody");
  server.fact(HostFact::Kind::kProductType).value = say("LanmanNT");
  EXPECT_EQ(cause(server), "domain_controller_promotion");
  EXPECT_EQ(standing(failing(), "domain_controller_promotion"), kRefuted);
  server.events.clear();  // a healthy controller has no such account either
  EXPECT_EQ(cause(server), "none");
}

TEST(DomainControllerDemotion, MadeTheAccountAnewAndLeftOldRightsBehind) {
  ServerExample server = failing();
  server.iwam.created = server.iwam.password_last_set = at("2004-06-01T00:00:00Z");
  server.give(Sid{1, 5, 5, {21, 7, 8, 9, 1004}}, kBatchLogon);
  EXPECT_GE(standing(server, "domain_controller_demotion"), kSupported);
  server.iwam.created = at("2003-11-02T14:05:40Z");
  EXPECT_EQ(standing(server, "domain_controller_demotion"), kRefuted);
}

TEST(ApplicationPoolIdentity, HasNoPartInIis5) {
  ServerExample server = failing();
  server.facts.push_back(
      HostFact{HostFact::Kind::kIisVersion, say("5.0"), in(File::kSoftware, 0x1020)});
  EXPECT_EQ(standing(server, "application_pool_identity"), kRefuted);
}

TEST(ApplicationPoolIdentity, IsWorkerProcessesConcern) {
  ServerExample server = failing();
  server.events.clear();
  server.log(events::kPoolIdentityInvalid, kFailed, {{"Pool", "DefaultAppPool"}});
  EXPECT_EQ(cause(server), "application_pool_identity");
  EXPECT_EQ(standing(failing(), "application_pool_identity"), kUndetermined);
}

// All causes of the contract are weighed in every case, once each.
TEST(Causes, AreAllWeighedInEveryCase) {
  std::vector<std::string> ids;
  const Judged judged{failing()};
  for (const WeighedHypothesis& weighed : judged.answers.hypotheses) {
    ids.push_back(weighed.hypothesis.id);
  }
  std::ranges::sort(ids);
  EXPECT_EQ(ids, (std::vector<std::string>{"account_disabled",
                                           "account_expired",
                                           "account_locked",
                                           "application_pool_identity",
                                           "audit_log_full",
                                           "com_plus_catalog_damaged",
                                           "com_plus_changed_alone",
                                           "com_plus_identity_edited",
                                           "domain_controller_demotion",
                                           "domain_controller_promotion",
                                           "file_acl_denied",
                                           "group_membership_changed",
                                           "launch_permission_denied",
                                           "logon_right_missing",
                                           "metabase_changed_alone",
                                           "metabase_from_other_server",
                                           "msdtc_missing",
                                           "multiple_changes",
                                           "password_expired",
                                           "registry_acl_denied",
                                           "rpc_service_crash",
                                           "sam_changed_alone",
                                           "service_disabled",
                                           "users_group_incomplete"}));
}

}  // namespace
}  // namespace iwamtrace
