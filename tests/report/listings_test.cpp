// `accounts` and `secrets` for a person, from literal answers.
#include <gtest/gtest.h>

#include "report/accounts_text.h"
#include "report/secrets_text.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

Citation cited(std::uint64_t offset) { return {SourceId{0}, offset, std::nullopt, {}}; }

Observation observation(std::optional<bool> holds, std::string_view text) {
  Observation made;
  made.holds = holds;
  made.statement = Untrusted{std::string(text)};
  if (holds) {
    made.citations = {cited(0x1000)};
  }
  return made;
}

class Listing : public testing::Test {
 protected:
  Listing() {
    Source sam;
    sam.path = Untrusted{std::string("SAM")};
    sam.kind = SourceKind::kHiveSam;
    case_.sources = {sam};
    case_.name = Untrusted{std::string("shop1")};
    account_.name = Untrusted{std::string("IWAM_SHOP1")};
    account_.rid = 1004;
    report_.tool_version = "0.0";
    report_.evidence_of = &case_;
    AccountGrants grants;
    grants.account = &account_;
    report_.answers.grants = {grants};
  }

  AccountGrants& grants() { return report_.answers.grants.front(); }
  [[nodiscard]] std::string accounts() const { return render_accounts_text(report_, {}); }
  [[nodiscard]] std::string secrets() const { return render_secrets_text(report_, {}); }

  static void expect_in(const std::string& page, const std::string& part) {
    EXPECT_NE(page.find(part), std::string::npos) << page;
  }

  Account account_;
  Case case_;
  Report report_;
};

TEST_F(Listing, ObservationsAreMarkedByWhatAHealthyServerHas) {
  AccountStateAnswer& state = report_.answers.account_state;
  state.disabled = observation(true, "it is disabled");
  state.exists = observation(true, "it is there");
  state.locked = state.expired = observation(std::nullopt, "the SAM hive");
  ServiceState optional_service;
  optional_service.can_start = observation(false, "there is no service DcomLaunch");
  state.services = {optional_service};
  const std::string page = accounts();
  expect_in(page, "\n  + it is there [");
  expect_in(page, "\n  ! it is disabled [");
  expect_in(page, "\n    there is no service DcomLaunch [");
  // What two answers lack is said once.
  expect_in(page, "\n  ? not observable: the SAM hive\n");
  EXPECT_EQ(page.find("the SAM hive"), page.rfind("the SAM hive"));
}

TEST_F(Listing, RightsStandWithTheirHolders) {
  const Untrusted itself{std::string("IWAM_SHOP1")}, group{std::string("IIS_WPG")};
  RightHeld batch, quota;
  batch.name = "SeBatchLogonRight";
  batch.holders = {itself, group};
  quota.name = "SeIncreaseQuotaPrivilege";
  quota.holders = {itself};
  grants().rights = {batch, quota};
  expect_in(accounts(),
            "    rights     IWAM_SHOP1: SeBatchLogonRight, SeIncreaseQuotaPrivilege\n"
            "               IIS_WPG: SeBatchLogonRight\n");
}

TEST_F(Listing, MembershipsSayThroughWhomAndWhetherTheyAreDisputed) {
  GroupHeld users, guests;
  users.name = Untrusted{std::string("Users")};
  users.through = Untrusted{std::string("Authenticated Users")};
  guests.name = Untrusted{std::string("Guests")};
  guests.itself = guests.disputed = true;
  grants().groups = {users, guests};
  expect_in(accounts(),
            "    groups     Users as Authenticated Users, Guests (in one of SAM's two lists\n"
            "               only)\n");
}

TEST_F(Listing, PoliciesAreWrittenOut) {
  PasswordPolicy policy;
  policy.max_age = 37'108'517'437'440;  // Windows' default, which it calls 42 days
  policy.min_length = 7;
  policy.history_length = 1;
  policy.lockout_threshold = 3;
  policy.lockout_window = 30 * 60 * Timestamp::kTicksPerSecond;
  policy.lockout_duration = 0;
  AuditPolicy audit;
  audit.enabled = true;
  audit.categories = {0, 3, 0, 0, 0, 0, 2};
  report_.answers.policies = {&policy, &audit};
  const std::string page = accounts();
  expect_in(page,
            "  Passwords expire after 42 days, have at least 7 characters; 1 password is\n"
            "  remembered. Accounts are locked after 3 bad passwords within 30 minutes, until\n"
            "  an administrator lifts it. [");
  expect_in(page, "  Audited: logon success and failure, account management failure. [");
}

TEST_F(Listing, WithoutAccountsItSaysSo) {
  report_.answers.grants.clear();
  expect_in(accounts(), "No account: the case has no SAM hive that could be read");
}

TEST_F(Listing, SecretsSayTheirStateTheirTimesAndWhoseTheyAre) {
  HeldSecret held;
  held.name = Untrusted{std::string("SCM:{3D14228D}")};
  held.current.state = SecretState::kValue;
  held.current.length = 30;
  held.current.set = Timestamp::from_unix(1087205482);
  held.current.fingerprint = Fingerprint{};
  held.previous = SecretValue{};
  held.previous->set = Timestamp::from_unix(1);  // a value that is not there has no time
  held.matches = {Untrusted{std::string("sam-history:IWAM_SHOP1:1")}};
  held.citations = {cited(0x2000)};
  report_.answers.secrets.held = {held};
  expect_in(secrets(),
            "  SCM:{3D14228D} [1]\n"
            "    now     value, 30 bytes, set 2004-06-14 09:31:22, fingerprint\n"
            "            0000000000000000 [2]\n"
            "    equals  sam-history:IWAM_SHOP1:1\n"
            "    before  absent [2]\n");
  HeldSecret list = held;
  list.password = false;
  report_.answers.secrets.held = {list, list, held};
  expect_in(secrets(), "SAM\n  2 access lists, which --json lists\n\n  SCM:{3D14228D} [1]\n");
  report_.answers.secrets.locked_because = Untrusted{std::string("no boot key")};
  expect_in(secrets(), "\n  Locked: no boot key.\n");
}

TEST_F(Listing, ColoursTakeNoColumns) {
  account_.flags = kAccountDisabled;
  AccountStateAnswer& state = report_.answers.account_state;
  state.exists = observation(true, "it is there");
  std::string painted = render_accounts_text(report_, {80, true, false});
  EXPECT_NE(painted, accounts());
  for (std::size_t at = 0; (at = painted.find('\x1b')) != std::string::npos;) {
    painted.erase(at, painted.find('m', at) + 1 - at);
  }
  EXPECT_EQ(painted, accounts());
}

}  // namespace
}  // namespace iwamtrace
