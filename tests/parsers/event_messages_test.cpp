// What events say: the classic wording, for the layouts of all generations.
#include "parsers/catalog/event_messages.h"

#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "parsers/catalog/catalog.h"
#include "parsers/catalog/message_tables.h"
#include "parsers/catalog/tables.h"
#include "tests/parsers/catalog_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Strings = std::vector<std::string>;
using enum EventSource;

std::string message(EventSource source, std::uint16_t id, const Strings& strings,
                    const Strings& names = {}) {
  EventRecord record = record_of(source, id, strings, names);
  name_fields(record);
  return plain(message_of(record));
}

// No event of the catalogue is without a message, in any of its layouts.
TEST(EventMessages, EveryCataloguedEventHasOne) {
  for (const auto& table : {security_events(), system_events()}) {
    for (const EventDefinition& definition : table) {
      EXPECT_NE(message(definition.source, definition.id, strings_for(definition)), "")
          << definition.id;
    }
  }
}

// A name in a template that no layout has would stay empty for ever.
TEST(EventMessages, TemplatesUseNamesOfTheirEvents) {
  const std::regex braces("\\{([A-Za-z]+)\\}");
  for (const MessageTemplate& row : message_templates()) {
    std::set<std::string> names;
    for (const EventDefinition& definition : event_definitions(row.key.source)) {
      if (definition.id == row.key.id) {
        for_each_name(definition, [&](std::size_t, std::string_view name) { names.emplace(name); });
      }
    }
    const std::string text(row.text);
    for (std::sregex_iterator it(text.begin(), text.end(), braces), end; it != end; ++it) {
      EXPECT_TRUE(names.contains((*it)[1])) << row.key.id << " " << (*it)[1];
    }
  }
}

TEST(EventMessages, DcomAndTheServicesGiveTheCodeAndItsMeaning) {
  const std::string expected =
      "DCOM got error \"1326 (unknown user name or bad password)\" and was unable to logon "
      ".\\IWAM_SHOP1 in order to run the server: {3D14228D-FBE1-11D0-995D-00C04FD919C1}";
  for (const char* error : {"1326", "%%1326"}) {
    EXPECT_EQ(
        message(kDcom, 10004, {error, ".", "IWAM_SHOP1", "{3D14228D-FBE1-11D0-995D-00C04FD919C1}"}),
        expected);
  }
  EXPECT_EQ(message(kDcom, 10010, {"{3D14228D-FBE1-11D0-995D-00C04FD919C1}"}),
            "The server {3D14228D-FBE1-11D0-995D-00C04FD919C1} did not register with DCOM within "
            "the required timeout.");
  EXPECT_TRUE(message(kDcom, 10006, {"2147944122", "WEB7", "{A}"})
                  .starts_with("DCOM got error \"2147944122 (800706BA, "));
  EXPECT_EQ(message(kServiceControlManager, 7036, {"IIS Admin Service", "running"}),
            "The IIS Admin Service service entered the running state.");
  EXPECT_EQ(message(kServiceControlManager, 7040, {"IIS Admin Service", "auto start", "disabled"}),
            "The start type of the IIS Admin Service service was changed from auto start to "
            "disabled.");
  EXPECT_EQ(message(kW3svc, 36, {"/LM/W3SVC/1/Root", "8000401A"}),
            "The server failed to load application '/LM/W3SVC/1/Root'. The error was '8000401A'.");
  EXPECT_EQ(message(kEventLog, 6008, {"7:09:19 PM", "8/5/2004"}),
            "The previous system shutdown at 7:09:19 PM on 8/5/2004 was unexpected.");
}

// 7 strings on 2000, 8 on XP, 15 on 2003: the later ones only add.
TEST(EventMessages, LogonsOfAllGenerations) {
  const Strings on_2000{"mlang",    "SHOP1",     "(0x0,0x1F3A2)", "10",
                        "User32  ", "Negotiate", "MLANG-PC"};
  const std::string expected =
      "Successful Logon: User Name: mlang, Domain: SHOP1, Logon ID: (0x0,0x1F3A2), Logon Type: 10, "
      "Logon Process: User32, Authentication Package: Negotiate, Workstation Name: MLANG-PC";
  EXPECT_EQ(message(kSecurity, 528, on_2000), expected);
  Strings on_2003 = on_2000;
  on_2003.insert(on_2003.end(),
                 {"-", "SHOP1$", "WORKGROUP", "(0x0,0x3E7)", "604", "-", "10.2.0.15", "0"});
  EXPECT_EQ(message(kSecurity, 528, on_2003),
            expected +
                ", Caller User Name: SHOP1$, Caller Domain: WORKGROUP, Caller Logon ID: "
                "(0x0,0x3E7), Process Id: 604, Source Network Address: 10.2.0.15, Source "
                "Port: 0");
  EXPECT_TRUE(message(kSecurity, 540, on_2000).starts_with("Successful Network Logon: User Name"));
}

TEST(EventMessages, FailedLogonsGiveTheirReason) {
  EXPECT_EQ(message(kSecurity, 534, {"IWAM_SHOP1", "SHOP1", "4", "Advapi  ", "Negotiate", "SHOP1"}),
            "Logon Failure: Reason: The user has not been granted the requested logon type at this "
            "machine, User Name: IWAM_SHOP1, Domain: SHOP1, Logon Type: 4, Logon Process: Advapi, "
            "Authentication Package: Negotiate, Workstation Name: SHOP1");
  const Strings names{"TargetUserName", "Status", "FailureReason", "SubStatus"};
  Strings values{"IWAM_SHOP1", "0xc000006d", "%%2313", "0xc000006a"};
  values.resize(21, "-");
  const std::string nt6 = message(kSecurity, 4625, values, names);
  EXPECT_NE(nt6.find("Reason: Unknown user name or bad password"), std::string::npos) << nt6;
  EXPECT_NE(nt6.find("Substatus code: 0xC000006A ("), std::string::npos) << nt6;
}

TEST(EventMessages, ResetsAndChangesOfAccounts) {
  const std::string expected =
      "User Account password set: Target Account Name: IWAM_SHOP1, Target Domain: SHOP1, Target "
      "Account ID: S-1-5-21-1-2-3-1004, Caller User Name: mlang, Caller Domain: SHOP1, Caller "
      "Logon ID: (0x0,0x1F3A2)";
  EXPECT_EQ(
      message(kSecurity, 628,
              {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "mlang", "SHOP1", "(0x0,0x1F3A2)"}),
      expected);
  EXPECT_TRUE(message(kSecurity, 627,
                      {"IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "mlang", "SHOP1",
                       "(0x0,0x1F3A2)", "-"})
                  .starts_with("Change Password Attempt: Target Account Name: IWAM_SHOP1"));
  const std::string changed =
      message(kSecurity, 642,
              {"Account Disabled.", "IWAM_SHOP1", "SHOP1", "%{S-1-5-21-1-2-3-1004}", "mlang",
               "SHOP1", "(0x0,0x1F3A2)", "-"});
  EXPECT_TRUE(
      changed.starts_with("User Account Changed: Change Text: Account Disabled., Target "
                          "Account Name: IWAM_SHOP1"))
      << changed;
  // The KB's order of 644 and the real one.
  for (const Strings& strings : {Strings{"IWAM_SHOP1", "%{S-1-5-21-1-2-3-1004}", "WEB7", "SHOP1$",
                                         "WORKGROUP", "(0x0,0x3E7)"},
                                 Strings{"IWAM_SHOP1", "WEB7", "%{S-1-5-21-1-2-3-1004}", "SHOP1$",
                                         "WORKGROUP", "(0x0,0x3E7)"}}) {
    const std::string locked = message(kSecurity, 644, strings);
    EXPECT_NE(locked.find("Target Domain: WEB7"), std::string::npos) << locked;
    EXPECT_NE(locked.find("Target Account ID: S-1-5-21-1-2-3-1004"), std::string::npos) << locked;
  }
}

TEST(EventMessages, GroupsWithEightAndNineStrings) {
  const std::string nine = message(kSecurity, 636,
                                   {"-", "%{S-1-5-21-1-2-3-1006}", "Administrators", "Builtin",
                                    "%{S-1-5-32-544}", "mlang", "SHOP1", "(0x0,0x1F3A2)", "-"});
  EXPECT_EQ(nine,
            "Security Enabled Local Group Member Added: Member ID: S-1-5-21-1-2-3-1006, Target "
            "Account Name: Administrators, Target Domain: Builtin, Target Account ID: "
            "S-1-5-32-544, Caller User Name: mlang, Caller Domain: SHOP1, Caller Logon ID: "
            "(0x0,0x1F3A2)");
  EXPECT_EQ(message(kSecurity, 636,
                    {"%{S-1-5-21-1-2-3-1006}", "Administrators", "Builtin", "%{S-1-5-32-544}",
                     "mlang", "SHOP1", "(0x0,0x1F3A2)", "-"}),
            nine);
}

// As Windows 2000 writes it, in decimal.
TEST(EventMessages, StatusCodesAreToldInHexadecimal) {
  const std::string refused =
      message(kSecurity, 681,
              {"MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "Administrator", "WS7", "3221225578"});
  EXPECT_NE(refused.find("Status code: 0xC000006A ("), std::string::npos) << refused;
}

TEST(EventMessages, TheClearingIsToldByBothWriters) {
  EXPECT_TRUE(message(kSecurity, 517,
                      {"SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "mlang", "SHOP1", "(0x0,0x1F3A2)"})
                  .starts_with("The audit log was cleared: Primary User Name: SYSTEM"));
  EXPECT_TRUE(message(kEventLog, 1102, {"S-1-5-21-1-2-3-1006", "mlang", "SHOP1", "0x1f3a2"},
                      {"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId"})
                  .starts_with("The audit log was cleared: User ID: S-1-5-21-1-2-3-1006"));
}

TEST(EventMessages, UnknownEventsAndShapesHaveNone) {
  EXPECT_EQ(message(kOther, 10004, {"1326"}), "");
  EXPECT_EQ(message(kDcom, 65000, {"a"}), "");
  EXPECT_EQ(message(kSecurity, 628, {"too few"}), "");
}

// Megabytes of text and braces within it: bounded, and taken for text.
TEST(EventMessages, HostileStringsStayShortAndPlain) {
  const std::string long_text(2 << 20, '{');
  EXPECT_LT(message(kDcom, 10004, {long_text, long_text, long_text, long_text}).size(), 6'000U);
  Strings strings(60'000, "x{Error}");
  EXPECT_LT(message(kSecurity, 528, strings).size(), 6'000U);
  EXPECT_EQ(message(kW3svc, 37, {"{Application}"}),
            "Out of process application '{Application}' terminated unexpectedly.");
}

}  // namespace
}  // namespace iwamtrace
