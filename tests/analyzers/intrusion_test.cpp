// Was the server broken into, and how? Each sign, each chain, and beside it the innocent who does
// nearly the same.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <set>

#include "analyzers/intrusion/techniques.h"
#include "tests/support/made_case.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kAdministratorsSid = "%{S-1-5-32-544}";
constexpr std::string_view kBobSid = "%{S-1-5-21-1-2-3-1010}";

EventRecord& created(MadeCase& made, std::string_view time, std::string_view name,
                     std::string_view by, std::string_view logon_id) {
  return made.event(kSecurityLog, time, events::kAccountCreated, 624,
                    {{"TargetUserName", name},
                     {"TargetDomainName", "SHOP1"},
                     {"TargetSid", kBobSid},
                     {"SubjectUserName", by},
                     {"SubjectDomainName", "SHOP1"},
                     {"SubjectLogonId", logon_id}});
}

EventRecord& raised(MadeCase& made, std::string_view time, std::string_view by,
                    std::string_view logon_id, std::string_view member = kBobSid) {
  return made.event(kSecurityLog, time, events::kGroupMemberAdded, 636,
                    {{"MemberName", "-"},
                     {"MemberSid", member},
                     {"TargetUserName", "Administrators"},
                     {"TargetSid", kAdministratorsSid},
                     {"SubjectUserName", by},
                     {"SubjectDomainName", "SHOP1"},
                     {"SubjectLogonId", logon_id}});
}

const Sign* sign(const Answers& answers, std::string_view id) {
  const auto found =
      std::ranges::find_if(answers.signs, [&](const Sign& one) { return one.finding.id == id; });
  return found == answers.signs.end() ? nullptr : &*found;
}

Standing way_in(const Answers& answers, std::string_view id) {
  const auto& ways = answers.compromise.hypotheses;
  return std::ranges::find_if(ways,
                              [&](const WeighedHypothesis& way) { return way.hypothesis.id == id; })
      ->standing;
}

std::optional<Severity> severity_of(const Answers& answers, std::string_view id) {
  const auto found = std::ranges::find(answers.findings, id, &Finding::id);
  return found == answers.findings.end() ? std::nullopt : std::optional(found->severity);
}

std::string_view verdict(const Answers& answers) { return name_of(answers.compromise.verdict); }

bool convicts(const Answers& answers) {
  return answers.compromise.verdict <= CompromiseVerdict::kSuspected;
}

Account somebody(std::string_view name, std::uint32_t rid) {
  Account account;
  account.where.source = kSamHive;
  account.where.offset = 0x1000 + rid;
  account.name = say(name);
  account.rid = account.fixed_rid = rid;
  account.flags = kNormalAccount;
  account.last_logon = at("2004-06-01T10:00:00Z");
  account.password_last_set = at("2004-01-01T10:00:00Z");
  account.logon_count = static_cast<std::uint16_t>(rid);
  return account;
}

// In both of SAM's lists.
void make_administrator(MadeCase& made, std::uint32_t rid) {
  GroupMembership membership;
  membership.where.source = kSamHive;
  membership.where.offset = 0x3000 + rid;
  membership.member = Sid{1, 5, 5, {21, 1, 2, 3, rid}};
  membership.builtin = true;
  membership.groups = {544};
  made.more.push_back(membership);
  LocalGroup group;
  group.where.source = kSamHive;
  group.name = say("Administrators");
  group.rid = 544;
  group.builtin = true;
  group.members = {membership.member};
  made.more.push_back(group);
}

// ---- accounts ----

TEST(AccountSigns, AnAccountThatThePersonsSessionMadeIsOrdinary) {
  MadeCase made;
  created(made, "2004-06-14T10:00:00Z", "bob", "mlang", "(0x0,0x1F3A2)");
  raised(made, "2004-06-14T10:01:00Z", "mlang", "(0x0,0x1F3A2)");
  const Answers& answers = made.judge();
  EXPECT_TRUE(sign(answers, "account_created")->ordinary);
  EXPECT_TRUE(sign(answers, "account_made_administrator")->ordinary);
  EXPECT_FALSE(convicts(answers));
  EXPECT_EQ(severity_of(answers, "account_created"), Severity::kInfo);
}

// As agents and panels do; alone it is told and convicts nobody.
TEST(AccountSigns, AnAccountMadeAndRaisedBySystemIsTold) {
  MadeCase made;
  created(made, "2004-06-14T10:00:00Z", "bob", "SHOP1$", "(0x0,0x3E7)");
  raised(made, "2004-06-14T10:01:00Z", "SHOP1$", "(0x0,0x3E7)");
  const Answers& answers = made.judge();
  EXPECT_FALSE(sign(answers, "account_made_administrator")->ordinary);
  EXPECT_FALSE(convicts(answers));
  EXPECT_EQ(plain(answers.compromise.because),
            "2 findings are of kinds that few servers show and that alone proves nothing");
  EXPECT_TRUE(has_finding(answers, "account_created"));
}

// An agent's administrator and an odd name are no way in, and a log does not confirm itself.
TEST(AccountSigns, WhereNoWayInIsSeenWeakSignsAddUpToNothing) {
  MadeCase several;
  raised(several, "2004-06-14T10:01:00Z", "SHOP1$", "(0x0,0x3E7)");
  Account hidden = somebody("help$", 1011);
  hidden.created = at("2004-06-13T10:00:00Z");
  several.more.push_back(hidden);
  EXPECT_FALSE(convicts(several.judge()));
  EXPECT_EQ(severity_of(several.judge(), "hidden_account"), Severity::kMedium);

  MadeCase made;
  raised(made, "2004-06-14T10:01:00Z", "SHOP1$", "(0x0,0x3E7)");
  raised(made, "2004-06-14T10:02:00Z", "SHOP1$", "(0x0,0x3E7)").head.source = kSystemLog;
  made.source(kSystemLog).summary.log = say("Security");  // as an archive of it
  EXPECT_FALSE(convicts(made.judge()));
}

TEST(AccountSigns, WhereANewAccountCameFromIsTold) {
  MadeCase made;
  created(made, "2004-06-14T10:00:00Z", "bob", "SHOP1$", "(0x0,0x3E7)");
  made.event(kSecurityLog, "2004-06-14T10:20:00Z", events::kLogon, 528,
             {{"TargetUserName", "bob"},
              {"LogonType", "10"},
              {"IpAddress", "203.0.113.77"},
              {"WorkstationName", "KALLE"}});
  const Answers& answers = made.judge();
  ASSERT_NE(sign(answers, "new_account_used"), nullptr);
  EXPECT_NE(plain(sign(answers, "new_account_used")->finding.statement).find("203.0.113.77"),
            std::string::npos);
}

TEST(AccountSigns, ADomainThatIsJoinedAddsItsAdministrators) {
  MadeCase made;
  raised(made, "2004-06-14T10:01:00Z", "SHOP1$", "(0x0,0x3E7)", "%{S-1-5-21-9-9-9-512}");
  EXPECT_TRUE(sign(made.judge(), "account_made_administrator")->ordinary);
}

TEST(AccountSigns, TheFirstAccountOfAMachineIsItsSetUps) {
  MadeCase made;
  raised(made, "2004-06-14T10:01:00Z", "WIN-7$", "(0x0,0x3E7)", "%{S-1-5-21-1-2-3-1000}");
  EXPECT_TRUE(sign(made.judge(), "account_made_administrator")->ordinary);
}

TEST(AccountSigns, TheSetUpOfWindowsMakesAccountsItself) {
  MadeCase made;
  made.more.push_back(HostFact{
      HostFact::Kind::kWindowsInstalled, say("2004-06-14T08:00:00Z"), {kSystemHive, 1, {}, {}}});
  created(made, "2004-06-14T10:00:00Z", "bob", "SHOP1$", "(0x0,0x3E7)");
  raised(made, "2004-06-14T10:01:00Z", "SHOP1$", "(0x0,0x3E7)");
  EXPECT_FALSE(convicts(made.judge()));
}

TEST(AccountSigns, AHiddenAccountIsNamedLikeAComputersAndIsNone) {
  MadeCase made;
  made.more.push_back(somebody("help$", 1010));
  make_administrator(made, 1010);
  const Answers& answers = made.judge();
  ASSERT_NE(sign(answers, "hidden_account"), nullptr);
  EXPECT_EQ(sign(answers, "hidden_account")->force, Force::kStrong);

  MadeCase computer;
  Account machine = somebody("PC7$", 1010);
  machine.flags = 0x80;  // a workstation's
  computer.more.push_back(machine);
  EXPECT_EQ(sign(computer.judge(), "hidden_account"), nullptr);

  MadeCase windows_7;
  windows_7.more.push_back(somebody("HomeGroupUser$", 1003));
  EXPECT_EQ(sign(windows_7.judge(), "hidden_account"), nullptr);

  MadeCase windows_2003;  // which has no such account: somebody took the name
  windows_2003.more.push_back(somebody("HomeGroupUser$", 1003));
  windows_2003.more.push_back(HostFact{HostFact::Kind::kWindowsVersion,
                                       say("Microsoft Windows Server 2003 5.2.3790"),
                                       {kSamHive, 0, {}, {}}});
  EXPECT_NE(sign(windows_2003.judge(), "hidden_account"), nullptr);
}

TEST(AccountSigns, ARidThatIsTheAdministratorsIsProof) {
  MadeCase made;
  Account guest = somebody("Guest", 501);
  guest.fixed_rid = 500;
  made.more.push_back(guest);
  const Answers& answers = made.judge();
  EXPECT_EQ(sign(answers, "rid_hijack")->force, Force::kProof);
  EXPECT_EQ(verdict(answers), "established");
  EXPECT_EQ(answers.compromise.kind, "unknown_way");

  MadeCase twin;
  twin.more.push_back(somebody("Guest", 501));
  EXPECT_EQ(sign(twin.judge(), "rid_hijack"), nullptr);
}

TEST(AccountSigns, TwoNamesOfOneNumberAndOneNameTwice) {
  const auto named = [](std::string_view name, std::uint64_t offset) {
    AccountName made;
    made.where = {kSamHive, offset, {}, {}};
    made.name = say(name);
    made.rid = 500;
    return made;
  };
  MadeCase made;
  made.more.push_back(named("Administrator", 1));
  made.more.push_back(named("backup", 2));
  EXPECT_NE(sign(made.judge(), "rid_hijack"), nullptr);
  MadeCase twin;
  twin.more.push_back(named("Administrator", 1));
  twin.more.push_back(named("ADMINISTRATOR", 2));
  EXPECT_EQ(sign(twin.judge(), "rid_hijack"), nullptr);
}

TEST(AccountSigns, AClonedAccountHasTheAdministratorsTimesToTheTick) {
  MadeCase made;
  const Account administrator = somebody("Administrator", 500);
  Account clone = administrator;
  clone.name = say("Guest");
  clone.rid = clone.fixed_rid = 501;
  clone.where.offset = 0x2000;
  made.more.push_back(administrator);
  made.more.push_back(clone);
  EXPECT_NE(sign(made.judge(), "cloned_account"), nullptr);

  // Two that never logged on are equal too.
  MadeCase twin;
  for (Account account : {administrator, clone}) {
    account.last_logon.reset();
    twin.more.push_back(account);
  }
  EXPECT_EQ(sign(twin.judge(), "cloned_account"), nullptr);
}

TEST(AccountSigns, IwamHasNoBusinessAmongTheAdministrators) {
  MadeCase made;
  make_administrator(made, 1004);
  // Once a common cure: told, and no conviction.
  EXPECT_TRUE(sign(made.judge(), "account_made_administrator")->ordinary);
  EXPECT_EQ(name_of(sign(made.judge(), "account_made_administrator")->finding.severity), "high");

  MadeCase twin;
  twin.more.push_back(somebody("bob", 1010));
  make_administrator(twin, 1010);
  EXPECT_EQ(sign(twin.judge(), "account_made_administrator"), nullptr);
}

TEST(AccountSigns, ManyPasswordsWithinAMinuteAreAScripts) {
  const auto reset = [](MadeCase& made, int count, int seconds_apart) {
    for (int i = 0; i < count; ++i) {
      const int second = i * seconds_apart;
      const std::string time = "2004-06-14T10:0" + std::to_string(second / 60) + ":" +
                               (second % 60 < 10 ? "0" : "") + std::to_string(second % 60) + "Z";
      made.password_set(time, "user" + std::to_string(i), "mlang");
    }
  };
  MadeCase made;
  reset(made, 6, 2);
  ASSERT_NE(sign(made.judge(), "mass_password_reset"), nullptr);
  EXPECT_EQ(sign(made.judge(), "mass_password_reset")->finding.citations.size(), 6U);
  MadeCase at_last;  // the slow ones before do not count
  reset(at_last, 3, 40);
  for (int i = 0; i < 5; ++i) {
    at_last.password_set("2004-06-14T11:00:0" + std::to_string(i) + "Z", "user" + std::to_string(i),
                         "mlang");
  }
  ASSERT_NE(sign(at_last.judge(), "mass_password_reset"), nullptr);
  EXPECT_EQ(sign(at_last.judge(), "mass_password_reset")->finding.citations.size(), 5U);
  MadeCase one;  // a single account again and again
  for (int i = 0; i < 9; ++i) {
    one.password_set("2004-06-14T11:00:0" + std::to_string(i) + "Z", "user", "mlang");
  }
  EXPECT_EQ(sign(one.judge(), "mass_password_reset"), nullptr);
  MadeCase slow;
  reset(slow, 6, 40);
  EXPECT_EQ(sign(slow.judge(), "mass_password_reset"), nullptr);
}

// ---- techniques ----

// The tactics of the matrix, as MITRE ATT&CK 17 has them for the techniques that signs bear.
TEST(Techniques, EachSignIsInAPhaseThatAttackHasForIt) {
  using enum Phase;
  const std::map<std::string_view, std::set<Phase>> tactics{
      {"T1003", {kCredentialAccess}},
      {"T1053.005", {kExecution, kPersistence, kPrivilegeEscalation}},
      {"T1059.003", {kExecution}},
      {"T1070.001", {kDefenseEvasion}},
      {"T1078.001", {kDefenseEvasion, kPersistence, kPrivilegeEscalation, kInitialAccess}},
      {"T1078.003", {kDefenseEvasion, kPersistence, kPrivilegeEscalation, kInitialAccess}},
      {"T1098", {kPersistence, kPrivilegeEscalation}},
      {"T1105", {kCommandAndControl}},
      {"T1110.001", {kCredentialAccess}},
      {"T1136.001", {kPersistence}},
      {"T1190", {kInitialAccess}},
      {"T1210", {kLateralMovement}},
      {"T1219", {kCommandAndControl}},
      {"T1505.003", {kPersistence}},
      {"T1531", {kImpact}},
      {"T1543.003", {kPersistence, kPrivilegeEscalation}},
      {"T1547.001", {kPersistence, kPrivilegeEscalation}},
      {"T1562.002", {kDefenseEvasion}},
      {"T1564.002", {kDefenseEvasion}},
      {"T1571", {kCommandAndControl}}};
  for (const SignKind& kind : all_sign_kinds()) {
    const auto found = tactics.find(kind.technique);
    ASSERT_NE(found, tactics.end()) << kind.technique;
    EXPECT_TRUE(found->second.contains(kind.phase)) << kind.finding;
    EXPECT_NE(technique_named(kind.technique), nullptr) << kind.technique;
  }
}

// ---- SQL Server ----

void guess(MadeCase& made, int count, int seconds_apart, std::string_view client) {
  for (int i = 0; i < count; ++i) {
    const int second = i * seconds_apart;
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    made.event(kSystemLog, "2004-06-14T10:" + two(second / 60) + ":" + two(second % 60) + "Z",
               events::kSqlLogonFailed, 18456, {{"UserName", "sa"}, {"Client", client}});
  }
}

void sa_logs_on(MadeCase& made, std::string_view time, std::string_view client) {
  made.event(kSystemLog, time, events::kSqlLogon, 18454, {{"UserName", "sa"}, {"Client", client}});
}

constexpr std::string_view kClient = " [CLIENT: 203.0.113.77]";

TEST(SqlSigns, ASuccessBehindFastGuessesOfOneClientHasWeight) {
  MadeCase made;
  guess(made, 60, 1, kClient);
  sa_logs_on(made, "2004-06-14T10:01:30Z", kClient);
  const Answers& answers = made.judge();
  ASSERT_NE(sign(answers, "sql_login_guessed"), nullptr);
  EXPECT_EQ(sign(answers, "sql_login_guessed")->force, Force::kStrong);
  EXPECT_EQ(way_in(answers, "sql_server_attack"), Standing::kSupported);
}

TEST(SqlSigns, AnotherClientsLoginIsAnothers) {
  MadeCase made;
  guess(made, 60, 1, kClient);
  sa_logs_on(made, "2004-06-14T10:01:30Z", " [CLIENT: 10.0.0.4]");
  EXPECT_EQ(sign(made.judge(), "sql_login_guessed"), nullptr);
}

TEST(SqlSigns, AProgramWithAnOldPasswordTriesSlowly) {
  MadeCase made;
  guess(made, 15, 30, kClient);
  sa_logs_on(made, "2004-06-14T10:20:00Z", kClient);
  const Answers& answers = made.judge();
  EXPECT_EQ(sign(answers, "sql_login_guessed")->force, Force::kWeak);
  EXPECT_LT(way_in(answers, "sql_server_attack"), Standing::kSupported);
}

TEST(SqlSigns, WithoutASuccessThereIsNoSign) {
  MadeCase made;
  guess(made, 60, 1, kClient);
  EXPECT_EQ(sign(made.judge(), "sql_login_guessed"), nullptr);
}

TEST(SqlSigns, SqlServer2000HasItsNumbersInTheText) {
  MadeCase made;
  for (int i = 10; i < 40; ++i) {
    made.event(kSystemLog, "2004-06-14T10:00:" + std::to_string(i) + "Z", events::kSqlMessageOf2000,
               17055, {{"Text", "18456 : Login failed for user 'sa'."}});
  }
  made.event(kSystemLog, "2004-06-14T10:01:00Z", events::kSqlMessageOf2000, 17055,
             {{"Text", "18454 : Login succeeded for user 'sa'. Connection: Non-Trusted."}});
  EXPECT_NE(sign(made.judge(), "sql_login_guessed"), nullptr);
}

// Without the message file a log may have the text alone, and the number in the data.
TEST(SqlSigns, TheNumberMayStandInTheData) {
  MadeCase made;
  const auto message = [&](std::string_view time, std::string_view text, std::string_view data) {
    EventRecord& record =
        made.event(kSystemLog, time, events::kSqlMessageOf2000, 17055, {{"Text", text}});
    record.add_field({}, record.add_text(data), EventRecord::FieldKind::kData);
  };
  for (int i = 10; i < 40; ++i) {
    message("2004-06-14T10:00:" + std::to_string(i) + "Z", "Login failed for user 'sa'.",
            "184800000E000000");
  }
  message("2004-06-14T10:01:00Z", "Login succeeded for user 'sa'.", "164800000A000000");
  EXPECT_NE(sign(made.judge(), "sql_login_guessed"), nullptr);
}

TEST(SqlSigns, WindowsLogonsAloneSpeakAgainstIt) {
  MadeCase made;
  guess(made, 60, 1, kClient);
  sa_logs_on(made, "2004-06-14T10:01:30Z", kClient);
  SqlServer server;
  server.where = {kSystemHive, 0x77, {}, {}};
  server.instance = say("MSSQLSERVER");
  server.login_mode = 1;
  made.more.push_back(server);
  EXPECT_LT(way_in(made.judge(), "sql_server_attack"), Standing::kSupported);
}

// ---- logons ----

void network_logon(MadeCase& made, std::string_view time, bool failed, std::string_view account,
                   std::string_view machine) {
  made.event(kSecurityLog, time, failed ? events::kLogonFailed : events::kLogon, failed ? 529 : 540,
             {{"TargetUserName", account}, {"LogonType", "3"}, {"WorkstationName", machine}});
}

TEST(LogonSigns, GuessesAtSeveralAccountsAndThenASuccess) {
  MadeCase made;
  const std::vector<std::string_view> accounts{"Administrator", "admin", "backup", "test", "sql"};
  for (int i = 10; i < 60; ++i) {
    network_logon(made, "2004-06-14T10:00:" + std::to_string(i) + "Z", true,
                  accounts[static_cast<std::size_t>(i) % accounts.size()], "KALLE");
  }
  network_logon(made, "2004-06-14T10:01:00Z", false, "backup", "KALLE");
  const Answers& answers = made.judge();
  EXPECT_EQ(sign(answers, "logon_guessed")->force, Force::kStrong);
  EXPECT_EQ(verdict(answers), "suspected");
  EXPECT_EQ(answers.compromise.kind, "stolen_password");
}

// Behind a proxy or on a terminal server others are at home, and had been before the first failure.
TEST(LogonSigns, WhereOthersAreAtHomeManyMistype) {
  const std::vector<std::string_view> accounts{"Administrator", "admin", "backup", "test", "sql"};
  const auto guesses = [&](MadeCase& made) {
    for (int i = 10; i < 60; ++i) {
      network_logon(made, "2004-06-14T10:00:" + std::to_string(i) + "Z", true,
                    accounts[static_cast<std::size_t>(i) % accounts.size()], "KALLE");
    }
    network_logon(made, "2004-06-14T10:01:00Z", false, "backup", "KALLE");
  };
  MadeCase shared;
  network_logon(shared, "2004-06-14T08:00:00Z", false, "mlang", "KALLE");
  guesses(shared);
  EXPECT_TRUE(sign(shared.judge(), "logon_guessed")->ordinary);

  MadeCase two;  // who gets in as a second account is not at home
  guesses(two);
  network_logon(two, "2004-06-14T10:02:00Z", false, "test", "KALLE");
  EXPECT_EQ(verdict(two.judge()), "suspected");
  MadeCase own;  // nor by what he has guessed already
  network_logon(own, "2004-06-14T08:00:00Z", false, "backup", "KALLE");
  guesses(own);
  EXPECT_EQ(verdict(own.judge()), "suspected");
}

TEST(LogonSigns, ADriveWithAnOldPasswordIsOneAccountAlone) {
  MadeCase made;
  for (int i = 10; i < 40; ++i) {
    network_logon(made, "2004-06-14T10:00:" + std::to_string(i) + "Z", true, "backup", "KALLE");
  }
  network_logon(made, "2004-06-14T10:01:00Z", false, "backup", "KALLE");
  const Answers& answers = made.judge();
  EXPECT_EQ(sign(answers, "logon_guessed")->force, Force::kWeak);
  EXPECT_FALSE(convicts(answers));
}

TEST(LogonSigns, FailuresFromAnotherMachineAreAnothers) {
  MadeCase made;
  for (int i = 10; i < 40; ++i) {
    network_logon(made, "2004-06-14T10:00:" + std::to_string(i) + "Z", true, "backup", "KALLE");
  }
  network_logon(made, "2004-06-14T10:01:00Z", false, "backup", "PC7");
  EXPECT_EQ(sign(made.judge(), "logon_guessed"), nullptr);
}

// ---- the metabase ----

MetabaseValue property(SourceId version, std::string_view name, std::string_view value,
                       std::string_view location = "/LM/W3SVC/1/ROOT/x") {
  MetabaseValue made;
  made.where = {version, 0x100 + value.size(), {}, {}};
  made.location = say(location);
  made.name = say(name);
  made.value = say(value);
  return made;
}

TEST(MetabaseSigns, AWholeDriveThatRunsPrograms) {
  MadeCase made;
  made.more.push_back(property(kLiveMetabase, "Path", "C:\\"));
  made.more.push_back(property(kLiveMetabase, "AccessFlags", "AccessWrite | AccessExecute"));
  const Answers& answers = made.judge();
  ASSERT_NE(sign(answers, "metabase_tampered"), nullptr);
  EXPECT_EQ(sign(answers, "metabase_tampered")->force, Force::kStrong);
  EXPECT_NE(
      plain(sign(answers, "metabase_tampered")->finding.statement).find("not in those before"),
      std::string::npos);
}

TEST(MetabaseSigns, AFolderForUploadsThatRunsScriptsIsCareless) {
  MadeCase made;
  for (const SourceId version : {kOldMetabase, kLiveMetabase}) {
    made.more.push_back(property(version, "Path", "D:\\upload"));
    made.more.push_back(property(version, "AccessFlags", "AccessScript | AccessWrite"));
  }
  const Answers& answers = made.judge();
  EXPECT_TRUE(sign(answers, "metabase_tampered")->ordinary);
  EXPECT_FALSE(convicts(answers));
}

TEST(MetabaseSigns, AnOrdinaryFolderIsSilent) {
  MadeCase made;
  made.more.push_back(property(kLiveMetabase, "Path", "C:\\Inetpub\\scripts"));
  made.more.push_back(property(kLiveMetabase, "AccessFlags", "516"));
  made.more.push_back(property(kLiveMetabase, "ScriptMaps",
                               ".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET,HEAD\n"
                               ".idc,C:\\WINDOWS\\system32\\inetsrv\\httpodbc.dll,5"));
  EXPECT_EQ(sign(made.judge(), "metabase_tampered"), nullptr);
}

TEST(MetabaseSigns, AScriptMapToAProgramOutOfSight) {
  MadeCase made;
  made.more.push_back(property(kLiveMetabase, "ScriptMaps",
                               ".asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5\n"
                               ".gif,C:\\WINDOWS\\Temp\\gif.dll,1"));
  EXPECT_EQ(sign(made.judge(), "metabase_tampered")->force, Force::kStrong);
  EXPECT_EQ(sign(made.judge(), "metabase_tampered")->finding.techniques.front(), "T1505.004");

  MadeCase batch_files;  // as many a site was set up
  batch_files.more.push_back(
      property(kLiveMetabase, "ScriptMaps", ".bat,C:\\WINDOWS\\system32\\cmd.exe /c %s %s,1"));
  EXPECT_TRUE(sign(batch_files.judge(), "metabase_tampered")->ordinary);
}

// ---- what starts by itself ----

AutostartEntry entry(AutostartEntry::Place place, std::string_view name, std::string_view command) {
  AutostartEntry made;
  made.where = {kSystemHive, 0x500, {}, {}};
  made.place = place;
  made.name = say(name);
  made.command = say(command);
  made.key_written = at("2004-06-14T10:00:00Z");
  return made;
}

TEST(PersistenceSigns, ADebuggerOfTheLogonScreenHasWeightAndOthersHaveNone) {
  using enum AutostartEntry::Place;
  MadeCase made;
  made.more.push_back(entry(kDebugger, "sethc.exe", "C:\\WINDOWS\\system32\\cmd.exe"));
  EXPECT_EQ(sign(made.judge(), "persistence_key")->force, Force::kStrong);
  MadeCase keyboard;  // a bought one in Windows' place
  keyboard.more.push_back(entry(kDebugger, "osk.exe", "C:\\Program Files\\Keys\\keys.exe"));
  EXPECT_TRUE(sign(keyboard.judge(), "persistence_key")->ordinary);
  MadeCase twin;
  twin.more.push_back(entry(kDebugger, "sethc.exe", ""));
  twin.more.push_back(entry(kSecurityPackage, "Security Packages", "wdigest"));
  twin.more.push_back(entry(kBootExecute, "BootExecute", "autocheck autochk *"));
  twin.more.push_back(entry(kDebugger, "taskmgr.exe", "C:\\tools\\procexp.exe"));
  twin.more.push_back(entry(kWinlogonShell, "Shell", "Explorer.exe"));
  twin.more.push_back(entry(kWinlogonUserinit, "Userinit", "C:\\WINDOWS\\system32\\userinit.exe,"));
  twin.more.push_back(entry(kExeFileCommand, "", "\"%1\" %*"));
  twin.more.push_back(entry(kNotificationPackage, "", "scecli"));
  EXPECT_EQ(sign(twin.judge(), "persistence_key"), nullptr);
}

TEST(PersistenceSigns, WhatFewServersHaveIsNoSignAlone) {
  using enum AutostartEntry::Place;
  MadeCase made;
  made.more.push_back(entry(kAppInitDlls, "AppInit_DLLs", "C:\\vpn\\hook.dll"));
  made.more.push_back(entry(kNotificationPackage, "", "passfilt"));
  const Answers& answers = made.judge();
  EXPECT_TRUE(sign(answers, "persistence_key")->ordinary);
  EXPECT_FALSE(convicts(answers));
}

Service service(std::string_view name, std::string_view image) {
  Service made;
  made.where = {kSystemHive, 0x900 + name.size(), {}, {}};
  made.name = say(name);
  made.image_path = say(image);
  made.start = 2;
  return made;
}

TEST(WormSigns, NachisServicesAreProofAndWindowsOwnAreNot) {
  MadeCase made;
  made.more.push_back(service("RpcPatch", "C:\\WINDOWS\\system32\\wins\\DLLHOST.EXE"));
  const Answers& answers = made.judge();
  EXPECT_EQ(verdict(answers), "established");
  EXPECT_EQ(answers.compromise.kind, "rpc_worm");
  MadeCase twin;
  twin.more.push_back(service("RpcSs", "%SystemRoot%\\system32\\svchost.exe -k rpcss"));
  twin.more.push_back(service("wins", "%SystemRoot%\\System32\\wins.exe"));
  EXPECT_FALSE(convicts(twin.judge()));
}

TEST(WormSigns, CodeRedPublishesTheDrivesAndStopsTheProtection) {
  VirtualRoot root;
  root.where = {kSystemHive, 0x700, {}, {}};
  root.name = say("/c");
  root.target = say("c:\\,,217");
  MadeCase made;
  made.more.push_back(root);
  made.more.push_back(entry(AutostartEntry::Place::kSfcDisable, "SFCDisable", "0xffffff9d"));
  const Answers& answers = made.judge();
  EXPECT_EQ(verdict(answers), "established");
  EXPECT_EQ(answers.compromise.kind, "iis_worm");
  MadeCase twin;
  root.name = say("/scripts");
  root.target = say("c:\\inetpub\\scripts,,204");
  twin.more.push_back(root);
  EXPECT_FALSE(convicts(twin.judge()));
}

TEST(WormSigns, AWholeDriveThatIsSharedConvictsNobody) {
  NetworkShare share;
  share.where = {kSystemHive, 0x800, {}, {}};
  share.name = say("C$");
  share.path = say("C:\\");
  MadeCase made;
  made.more.push_back(share);
  const Answers& answers = made.judge();
  ASSERT_NE(sign(answers, "worm_iis"), nullptr);
  EXPECT_TRUE(sign(answers, "worm_iis")->ordinary);
  EXPECT_FALSE(convicts(answers));
  MadeCase twin;
  share.path = say("D:\\data");
  twin.more.push_back(share);
  EXPECT_EQ(sign(twin.judge(), "worm_iis"), nullptr);
}

// ---- the verdict ----

TEST(Compromise, WithoutARecordNothingIsObservable) {
  MadeCase made;
  const Answers& answers = made.judge();
  EXPECT_EQ(verdict(answers), "not_observable");
  EXPECT_FALSE(answers.compromise.because.empty());
}

TEST(Compromise, AClearedLogIsNoSignAndHidesOthers) {
  MadeCase made;
  made.event(kSecurityLog, "2004-06-14T10:00:00Z", events::kAuditLogCleared, 517,
             {{"SubjectUserName", "mlang"}, {"SubjectLogonId", "(0x0,0x1F3A2)"}});
  const Answers& answers = made.judge();
  EXPECT_EQ(verdict(answers), "not_observable");
  EXPECT_TRUE(has_finding(answers, "log_cleared"));
}

TEST(Compromise, TheFaultIsLinkedByItsDay) {
  MadeCase made = reset_in_sam();
  Account hidden = somebody("help$", 1010);
  const Timestamp set = made.account.password_last_set.value();
  hidden.created = Timestamp{set.ticks + 2 * 3600 * Timestamp::kTicksPerSecond};
  made.more.push_back(hidden);
  make_administrator(made, 1010);
  const Answers& answers = made.judge();
  ASSERT_TRUE(convicts(answers));
  EXPECT_EQ(answers.compromise.desync_link, DesyncLink::kSameDay);
}

TEST(Techniques, BothNumbersLeadToOne) {
  EXPECT_EQ(older_number("T1685.005"), "T1070.001");
  EXPECT_EQ(older_number("T1070.001"), "T1070.001");
  EXPECT_EQ(older_number("T9999"), "T9999");
  for (const SignKind& kind : all_sign_kinds()) {
    EXPECT_NE(technique_named(kind.technique), nullptr) << kind.technique;
  }
}

}  // namespace
}  // namespace iwamtrace
