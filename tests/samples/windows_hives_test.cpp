#include "make/windows_hives.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "make/bytes.h"
#include "make/hive_writer.h"
#include "make/windows_crypto.h"
#include "strict_hive.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

using namespace std::string_literals;

template <typename Description>
StrictKey root_of(const Description& description) {
  return read_hive_strictly(HiveWriter(hive_of(description)).bytes()).root;
}

std::string unnamed_of(const StrictKey& root, std::string_view path) {
  return root.at(path).value("").data;
}

// --- Descriptors --------------------------------------------------------------------------------

TEST(SecurityDescriptors, HaveTheBytesLsaGivesThemOnARealXp) {
  EXPECT_EQ(shown_in_hex(unnamed_of(root_of(example_security()),
                                    "Policy\\Secrets\\DefaultPassword\\SecDesc")),
            "01000480480000005800000000000000140000000200340002000000"
            "000018000300"
            "0f00"
            "01020000000000052000000020020000"
            "0000140000000200"
            "010100000000000100000000"
            "01020000000000052000000020020000"
            "010100000000000512000000");
}

TEST(SecurityDescriptors, WithoutADaclHasNoOffsetOfOne) {
  EXPECT_EQ(shown_in_hex(descriptor_bytes(
                SecurityDescriptor{.owner = well_known::kSystem, .group = {}, .dacl = {}})),
            "0100008014000000000000000000000000000000"
            "010100000000000512000000");
}

// --- The hives as descriptions ------------------------------------------------------------------

TEST(MadeSystem, HoldsWhatWasDescribed) {
  const StrictKey root = root_of(example_system());
  EXPECT_EQ(root.at("Select").value("Current").data, "\x01\0\0\0"s);
  const StrictKey& set = root.at("ControlSet001");
  const StrictKey& lsa = set.at("Control\\Lsa");
  EXPECT_EQ(lsa.at("JD").class_name, utf16_bytes(class_names_of_boot_key(kBootKey)[0]));
  EXPECT_EQ(lsa.value("SecureBoot").data, "\x01\0\0\0"s);
  EXPECT_EQ(set.at("Control\\ComputerName\\ComputerName").value("ComputerName").data,
            utf16_bytes("WEB1\0"s));
  EXPECT_EQ(set.at("Control\\TimeZoneInformation").value("ActiveTimeBias").data, "\xA4\x01\0\0"s);
  EXPECT_EQ(set.at("Control\\TimeZoneInformation").value("DaylightBias").data, "\xC4\xFF\xFF\xFF");
  EXPECT_EQ(set.at("Control\\Windows").value("ShutdownTime").data.size(), 8U);
  EXPECT_EQ(set.at("Services\\IISADMIN").value("Start").data, "\x04\0\0\0"s);
  EXPECT_EQ(set.at("Services\\IISADMIN").written, filetime_of(moment_at("2004-06-14T09:00:00Z")));
  EXPECT_EQ(set.at("Services\\Eventlog\\Security").value("Retention").data, "\x80\x3A\x09\0"s);
}

TEST(MadeSystem, WithoutBootKeyHasNoTraceOfSyskey) {
  MadeSystemHive nt4 = example_system();
  nt4.boot_key.reset();
  const StrictKey lsa = root_of(nt4).at("ControlSet001\\Control\\Lsa");
  EXPECT_TRUE(lsa.keys.empty());
  EXPECT_THROW((void)lsa.value("SecureBoot"), std::out_of_range);
}

std::uint64_t number_at(std::string_view bytes, std::size_t where, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(bytes.at(where + i));
  }
  return value;
}

TEST(MadeSoftware, HasNoPlaceOfAnotherHive) {
  MadeSoftwareHive made = example_software();
  made.autostart = {MadeAutostart{.place = AutostartEntry::Place::kAppCertDll, .name = "x"}};
  EXPECT_THROW((void)hive_of(made), std::invalid_argument);
}

TEST(MadeSam, FixedPartOfAUserIsAsPublished) {
  MadeSamHive made = example_sam();
  made.users[2].fixed_rid = 500;
  made.users[2].expires = moment_at("2005-01-01T00:00:00Z");
  const StrictKey users = root_of(made).at("SAM\\Domains\\Account\\Users");
  const std::string f = users.at("000003EB").value("F").data;
  ASSERT_EQ(f.size(), 80U);
  EXPECT_EQ(number_at(f, 0x08, 8), filetime_of(moment_at("2004-06-13T22:10:00.1Z")));
  EXPECT_EQ(number_at(f, 0x18, 8), filetime_of(moment_at("2004-06-14T09:31:22.4370001Z")));
  EXPECT_EQ(number_at(f, 0x20, 8), filetime_of(moment_at("2005-01-01T00:00:00Z")));
  EXPECT_EQ(number_at(f, 0x28, 8), filetime_of(moment_at("2004-06-14T09:40:00Z")));
  EXPECT_EQ(number_at(f, 0x30, 4), 500U);
  EXPECT_EQ(number_at(f, 0x34, 4), 513U);
  EXPECT_EQ(number_at(f, 0x38, 4), 0x210U);
  EXPECT_EQ(number_at(f, 0x40, 2), 3U);
  EXPECT_EQ(number_at(f, 0x42, 2), 17U);
  EXPECT_EQ(users.at("000003EB").written, filetime_of(moment_at("2004-06-14T09:40:01Z")));
  EXPECT_EQ(users.at("Names\\IWAM_WEB1").written, filetime_of(moment_at("2003-10-03T13:05:00Z")));
  EXPECT_EQ(users.at("Names\\IWAM_WEB1").value("").type, 1003U);
  EXPECT_EQ(users.at("000001F4").value("F").data.substr(0x20, 8), raw_bytes("ffffffffffffff7f"));
}

TEST(MadeSam, PolicyOfTheDomainIsAsPublished) {
  const std::string f = root_of(example_sam()).at("SAM\\Domains\\Account").value("F").data;
  ASSERT_EQ(f.size(), 240U);
  EXPECT_EQ(number_at(f, 0x18, 8), 0xFFFFDEFF0AA68000);
  EXPECT_EQ(number_at(f, 0x28, 8), 0x8000000000000000);
  EXPECT_EQ(shown_in_hex(f.substr(0x30, 8)), "00cc1dcffbffffff");
  EXPECT_EQ(number_at(f, 0x48, 4), 1010U);
  EXPECT_EQ(number_at(f, 0x4C, 4), 1U);
  EXPECT_EQ(number_at(f, 0x50, 2), 7U);
  EXPECT_EQ(number_at(f, 0x52, 2), 3U);
  EXPECT_EQ(number_at(f, 0x54, 2), 5U);
  EXPECT_EQ(number_at(f, 0xE8, 4), 2U);  // which key: stands at the front of every hash as well
  const std::string v = root_of(example_sam()).at("SAM\\Domains\\Account").value("V").data;
  EXPECT_EQ(v.substr(v.size() - 24), sid_bytes(kMachine));
  EXPECT_EQ(
      root_of(example_sam(SamProtection::kAes)).at("SAM\\Domains\\Account").value("F").data.size(),
      368U);
  EXPECT_EQ(
      root_of(example_sam(SamProtection::kNone)).at("SAM\\Domains\\Account").value("F").data.size(),
      168U);
}

TEST(MadeSam, MembersOfGroupsAreIndexedBothWays) {
  const StrictKey builtin = root_of(example_sam()).at("SAM\\Domains\\Builtin\\Aliases");
  const std::string guests = builtin.at("00000222").value("C").data;
  const std::size_t members_at = 0x34 + number_at(guests, 0x28, 4);
  EXPECT_EQ(number_at(guests, 0x30, 4), 2U);
  EXPECT_EQ(guests.substr(members_at, number_at(guests, 0x2C, 4)),
            sid_bytes(kMachine.with(501)) + sid_bytes(kMachine.with(1003)));
  EXPECT_EQ(guests.substr(0x34 + number_at(guests, 0x10, 4), number_at(guests, 0x14, 4)),
            utf16_bytes("Guests"));

  const StrictKey& members = builtin.at("Members");
  const StrictValue& iwam_in = members.at(to_string(kMachine) + "\\000003EB").value("");
  EXPECT_EQ(iwam_in.type, 1U);
  EXPECT_EQ(iwam_in.data, "\x22\x02\0\0"s);
  EXPECT_EQ(members.at(to_string(kMachine)).value("").type, 3U);
  EXPECT_EQ(members.at("S-1-5\\0000000B").value("").data, "\x21\x02\0\0"s);
  EXPECT_EQ(builtin.at("Names\\Guests").value("").type, 0x222U);
}

TEST(MadeSecurity, SecretsStandInTheFourStates) {
  const StrictKey secrets = root_of(example_security()).at("Policy\\Secrets");
  const StrictKey& pooled = secrets.at(kPooledSecret);
  EXPECT_EQ(pooled.written, filetime_of(kInstalled));
  EXPECT_EQ(pooled.at("CurrVal").written, filetime_of(moment_at("2004-06-14T09:31:23.4Z")));
  EXPECT_EQ(number_at(unnamed_of(pooled, "CupdTime"), 0, 8),
            filetime_of(moment_at("2004-06-14T09:31:23Z")));
  EXPECT_EQ(number_at(unnamed_of(pooled, "OupdTime"), 0, 8),
            filetime_of(moment_at("2003-10-03T13:06:00Z")));
  EXPECT_EQ(unnamed_of(pooled, "CurrVal").size(), 12U + 40U);
  EXPECT_EQ(unnamed_of(secrets, "_SC_W3SVC\\CurrVal").size(), 12U + 8U);  // empty
  EXPECT_EQ(unnamed_of(secrets, "L$Deleted\\CurrVal").size(), 0U);        // NULL
  EXPECT_THROW((void)secrets.at("DefaultPassword\\OldVal"), std::out_of_range);
  EXPECT_EQ(
      unnamed_of(root_of(example_security(MadeSecurityHive::Form::kNt5X64)).at("Policy\\Secrets"),
                 std::string(kPooledSecret) + "\\CurrVal")
          .size(),
      16U + 40U);
}

TEST(MadeSecurity, SecretNamesMayEndInANul) {
  MadeSecurityHive made = example_security(MadeSecurityHive::Form::kNt5X64);
  made.secrets[0].name = std::string(kPooledKey);
  const StrictKey secrets = root_of(made).at("Policy\\Secrets");
  EXPECT_EQ(secrets.at(kPooledKey).name.size(), 43U);
  EXPECT_THROW((void)secrets.at(kPooledSecret), std::out_of_range);
}

TEST(MadeSecurity, PolicyIsAsPublished) {
  const StrictKey policy = root_of(example_security()).at("Policy");
  const std::string audit = unnamed_of(policy, "PolAdtEv");
  ASSERT_EQ(audit.size(), 44U);
  EXPECT_EQ(audit[0], 1);
  EXPECT_EQ(number_at(audit, 8, 4), 3U);
  EXPECT_EQ(number_at(audit, 40, 4), 9U);
  EXPECT_EQ(unnamed_of(policy, "PolAcDmS"), sid_bytes(kMachine));
  EXPECT_EQ(unnamed_of(policy, "PolPrDmS"), "");
  EXPECT_EQ(shown_in_hex(unnamed_of(policy, "PolPrDmN")),
            "1200140008000000" + shown_in_hex(utf16_bytes("WORKGROUP\0"s)));
  EXPECT_EQ(shown_in_hex(unnamed_of(policy, "PolRevision")), "07000100");
  const std::string account = "Accounts\\" + to_string(kMachine.with(1003));
  EXPECT_EQ(shown_in_hex(unnamed_of(policy, account + "\\ActSysAc")), "06000000");
  EXPECT_EQ(shown_in_hex(unnamed_of(policy, account + "\\Privilgs")),
            "0200000000000000"
            "030000000000000000000000"
            "050000000000000000000000");
  EXPECT_THROW((void)policy.at("Accounts\\S-1-1-0\\ActSysAc"), std::out_of_range);
  EXPECT_EQ(unnamed_of(policy, "Accounts\\S-1-1-0\\Sid"), sid_bytes(well_known::kEveryone));
}

TEST(MadeSecurity, Nt6HasTheLengthsOfServer2008) {
  const StrictKey policy = root_of(example_security(MadeSecurityHive::Form::kNt6)).at("Policy");
  const std::string audit = unnamed_of(policy, "PolAdtEv");
  ASSERT_EQ(audit.size(), 136U);
  EXPECT_EQ(shown_in_hex(audit.substr(0, 16)), "00010000090000007600000003000100");
  EXPECT_EQ(shown_in_hex(audit.substr(0x76)),
            "050009000b0003000400060006000400"
            "0400");
  EXPECT_EQ(unnamed_of(policy, "PolEKList").size(), 172U);
  EXPECT_EQ(unnamed_of(policy, "Secrets\\DefaultPassword\\CurrVal").size(), 92U);
}

TEST(MadeSoftware, HoldsWhatWasDescribed) {
  const StrictKey root = root_of(example_software());
  const StrictKey& current = root.at("Microsoft\\Windows NT\\CurrentVersion");
  EXPECT_EQ(current.value("CSDVersion").data, utf16_bytes("Service Pack 1\0"s));
  EXPECT_EQ(number_at(current.value("InstallDate").data, 0, 4), 1065186253U);
  EXPECT_TRUE(current.at("Perflib\\009").value("Counter").in_pieces);
  EXPECT_EQ(root.at("Microsoft\\InetStp").value("MajorVersion").data, "\x06\0\0\0"s);
  const StrictKey& app = root.at("Classes\\AppID\\" + std::string(kPooledApplications));
  EXPECT_EQ(app.value("RunAs").data, utf16_bytes("WEB1\\IWAM_WEB1\0"s));
  EXPECT_EQ(app.written, filetime_of(moment_at("2004-06-14T09:31:23Z")));
  EXPECT_NE(app.security, root.security);
  EXPECT_EQ(root.at("Microsoft\\Ole").values.size(), 2U);
}

TEST(WindowsHives, SameDescriptionGivesSameBytes) {
  EXPECT_EQ(HiveWriter(hive_of(example_sam())).bytes(), HiveWriter(hive_of(example_sam())).bytes());
  EXPECT_EQ(HiveWriter(hive_of(example_security())).bytes(),
            HiveWriter(hive_of(example_security())).bytes());
  EXPECT_EQ(HiveWriter(hive_of(example_system())).bytes(),
            HiveWriter(hive_of(example_system())).bytes());
}

}  // namespace
}  // namespace iwamtrace
