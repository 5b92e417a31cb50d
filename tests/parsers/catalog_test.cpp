// The names that the catalogue gives to the strings of an event.
#include "parsers/catalog/catalog.h"

#include <cstdio>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "tests/parsers/catalog_examples.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

using Strings = std::vector<std::string>;
using enum EventSource;

EventRecord named(EventSource source, std::uint16_t id, const Strings& strings,
                  const Strings& names = {}) {
  EventRecord record = record_of(source, id, strings, names);
  name_fields(record);
  return record;
}

std::string value(const EventRecord& record, std::string_view name) {
  return plain(record.field(name));
}

Strings names_of(const EventDefinition& definition) {
  Strings names;
  for_each_name(definition, [&](std::size_t position, std::string_view name) {
    names.resize(position, "-");
    names.emplace_back(name);
  });
  return names;
}

TEST(Catalogue, EveryDefinitionIsUsedByTheRecordItDescribes) {
  for (std::size_t source = 1; source < kEventSources; ++source) {
    for (const EventDefinition& definition : event_definitions(EventSource(source))) {
      const Strings strings = strings_for(definition);
      EventRecord record = record_of(definition.source, definition.id, strings);
      ASSERT_EQ(definition_of(record), &definition)
          << "event " << definition.id << " with " << strings.size() << " strings";
      name_fields(record);
      const Strings names = names_of(definition);
      for (std::size_t i = 0; i < std::min(names.size(), strings.size()); ++i) {
        EXPECT_EQ(plain(record.name(record.fields()[i])), names[i] == "-" ? "" : names[i]);
        EXPECT_EQ(plain(record.value(record.fields()[i])), strings[i]);
      }
      EXPECT_EQ(record.nt6_id.value_or(definition.id), definition.nt6_id);
    }
  }
}

// Two strings under one name would hide one of them.
TEST(Catalogue, NoDefinitionUsesANameTwice) {
  for (std::size_t source = 1; source < kEventSources; ++source) {
    for (const EventDefinition& definition : event_definitions(EventSource(source))) {
      std::set<std::string_view> seen;
      for_each_name(definition, [&](std::size_t /*position*/, std::string_view name) {
        EXPECT_TRUE(seen.insert(name).second) << definition.id << " " << name;
      });
    }
  }
}

TEST(Catalogue, KnowsAWriterByEachOfItsNames) {
  EXPECT_EQ(event_source_of("SECURITY"), kSecurity);  // so in the boot records of 2003
  EXPECT_EQ(event_source_of("Microsoft-Windows-Security-Auditing"), kSecurity);
  EXPECT_EQ(event_source_of("eventlog"), kEventLog);
  EXPECT_EQ(event_source_of("dcom"), kDcom);
  EXPECT_EQ(event_source_of("Service Control Manager"), kServiceControlManager);
  EXPECT_EQ(event_source_of("COM+"), kComPlus);
  EXPECT_EQ(event_source_of("W3SVC-WP"), kOther);
  EXPECT_EQ(event_source_of(""), kOther);
}

TEST(Catalogue, OneKeyServesBothGenerations) {
  const auto key = [](std::uint16_t id) { return event_key_of(kSecurity, id); };
  EXPECT_EQ(key(628), events::kPasswordReset);
  EXPECT_EQ(key(4724), events::kPasswordReset);
  EXPECT_EQ(key(627), events::kPasswordChangeAttempted);
  EXPECT_EQ(key(540), events::kLogon);
  EXPECT_EQ(key(528), events::kLogon);
  EXPECT_EQ(key(539), events::kLogonFailed);
  EXPECT_EQ(key(517), events::kAuditLogCleared);
  EXPECT_EQ(event_key_of(kEventLog, 1102), events::kAuditLogCleared);
  EXPECT_EQ(key(612), (EventKey{kSecurity, 4719}));  // not 612 + 4096
  EXPECT_EQ(key(7), (EventKey{kSecurity, 7}));       // unknown: its own key
  EXPECT_EQ(event_key_of(kOther, 628), (EventKey{kOther, 628}));
}

TEST(Catalogue, DcomNamesTheReasonAndTheServer) {
  const EventRecord failed =
      named(kDcom, 10004, {"1326", ".", "IWAM_WEB1", "{3D14228D-FBE1-11D0-995D-00C04FD919C1}"});
  EXPECT_EQ(value(failed, "Error"), "1326");
  EXPECT_EQ(value(failed, "Domain"), ".");
  EXPECT_EQ(value(failed, "User"), "IWAM_WEB1");
  EXPECT_EQ(value(failed, "ServerId"), "{3D14228D-FBE1-11D0-995D-00C04FD919C1}");
  EXPECT_FALSE(failed.nt6_id);

  const EventRecord not_created =
      named(kDcom, 10001, {"dllhost.exe", "5", "{3D14228D}", "WEB1", "IWAM_WEB1"});
  EXPECT_EQ(value(not_created, "CommandLine"), "dllhost.exe");
  EXPECT_EQ(value(not_created, "Error"), "5");
  EXPECT_EQ(value(not_created, "Domain"), "WEB1");
  EXPECT_EQ(value(not_created, "User"), "IWAM_WEB1");
}

// 2003 has 7 strings, NT6 puts the application's id among them.
TEST(Catalogue, DcomPermissionHasTwoLayouts) {
  const EventRecord nt5 = named(
      kDcom, 10016, {"machine-default", "Local", "Launch", "{A9E6}", "WEB1", "bob", "S-1-5-7"});
  EXPECT_EQ(value(nt5, "User"), "bob");
  const EventRecord nt6 =
      named(kDcom, 10016,
            {"machine-default", "Local", "Launch", "{A9E6}", "{APPID}", "WEB1", "bob", "S-1-5-7"},
            {"param1", "param2", "param3", "param4", "param5", "param6", "param7", "param8"});
  EXPECT_EQ(value(nt6, "ApplicationId"), "{APPID}");
  EXPECT_EQ(value(nt6, "User"), "bob");
  EXPECT_EQ(value(nt6, "UserSid"), "S-1-5-7");
}

TEST(Catalogue, W3svcNamesTheApplicationAndTheError) {
  const EventRecord record = named(kW3svc, 36, {"/LM/W3SVC/1/Root/shop", "8000401A"});
  EXPECT_EQ(value(record, "Application"), "/LM/W3SVC/1/Root/shop");
  EXPECT_EQ(value(record, "Error"), "8000401A");
}

TEST(Catalogue, LogonsOfThreeGenerationsAgreeOnTheirNames) {
  const Strings nt50{"bob", "WEB1", "(0x0,0x59DF)", "4", "Advapi", "Negotiate", "WS1"};
  Strings nt52 = nt50;
  nt52.insert(nt52.end(),
              {"{00}", "WEB1$", "WORKGROUP", "(0x0,0x3E7)", "812", "-", "10.0.0.9", "1044"});
  EXPECT_EQ(value(named(kSecurity, 528, nt50), "LogonType"), "4");
  const EventRecord record = named(kSecurity, 528, nt52);
  EXPECT_EQ(value(record, "TargetUserName"), "bob");
  EXPECT_EQ(value(record, "WorkstationName"), "WS1");
  EXPECT_EQ(value(record, "SubjectUserName"), "WEB1$");
  EXPECT_EQ(value(record, "IpAddress"), "10.0.0.9");
  EXPECT_EQ(value(record, "IpPort"), "1044");
  EXPECT_EQ(record.nt6_id, 4624);
}

TEST(Catalogue, AFailedLogonOf2000Sp4EndsWithTheCallersProcess) {
  const Strings six{"bob", "WEB1", "3", "NtLmSsp", "NTLM", "WS1"};
  Strings seven = six;
  seven.emplace_back("1420");
  EXPECT_EQ(value(named(kSecurity, 529, six), "WorkstationName"), "WS1");
  EXPECT_EQ(value(named(kSecurity, 529, seven), "ProcessId"), "1420");
  EXPECT_EQ(value(named(kSecurity, 529, seven), "SubjectUserName"), "");
}

// What a session is followed by: its frame, its end, its client, its privileges and processes.
TEST(Catalogue, KnowsTheRecordsOfASession) {
  const auto key = [](std::uint16_t id) { return event_key_of(kSecurity, id); };
  EXPECT_EQ(key(512), events::kWindowsStarted);
  EXPECT_EQ(key(513), events::kWindowsStopped);
  EXPECT_EQ(key(538), events::kLogoff);
  EXPECT_EQ(key(551), events::kLogoffByUser);
  EXPECT_EQ(key(552), events::kExplicitCredentials);
  EXPECT_EQ(key(576), events::kSpecialPrivileges);
  EXPECT_EQ(key(592), events::kProcessStarted);
  EXPECT_EQ(key(593), events::kProcessEnded);
  EXPECT_EQ(key(682), events::kSessionReconnected);
  EXPECT_EQ(key(683), events::kSessionDisconnected);
  EXPECT_EQ(key(4778), events::kSessionReconnected);
  EXPECT_EQ(event_key_of(kEventLog, 6009), events::kWindowsVersion);
  const EventRecord client =
      named(kSecurity, 682, {"bob", "WEB1", "(0x0,0x59DF)", "RDP-Tcp#7", "WS1", "10.0.0.9"});
  EXPECT_EQ(value(client, "LogonID"), "(0x0,0x59DF)");
  EXPECT_EQ(value(client, "ClientName"), "WS1");
  EXPECT_EQ(value(client, "ClientAddress"), "10.0.0.9");
}

// 2003 has a fifth string, which may be empty.
TEST(Catalogue, PrivilegesOf2000AreTheFourthAndLastString) {
  Strings strings{"bob", "WEB1", "(0x0,0x59DF)", "SeBackupPrivilege"};
  EXPECT_EQ(value(named(kSecurity, 576, strings), "SubjectLogonId"), "(0x0,0x59DF)");
  EXPECT_EQ(value(named(kSecurity, 576, strings), "PrivilegeList"), "SeBackupPrivilege");
  strings.emplace_back("");
  EXPECT_EQ(value(named(kSecurity, 576, strings), "PrivilegeList"), "SeBackupPrivilege");
}

// On one and the same 2003 machine: 12 or 13 strings.
TEST(Catalogue, A552IsReadByItsBeginning) {
  Strings strings{"WEB1$", "WORKGROUP", "(0x0,0x3E7)", "{0}", "bob",       "WEB1",
                  "{0}",   "localhost", "localhost",   "812", "127.0.0.1", "0"};
  EXPECT_EQ(value(named(kSecurity, 552, strings), "TargetUserName"), "bob");
  strings.emplace_back("");
  const EventRecord record = named(kSecurity, 552, strings);
  EXPECT_EQ(value(record, "TargetUserName"), "bob");
  EXPECT_EQ(value(record, "IpAddress"), "127.0.0.1");
}

TEST(Catalogue, TheShapeDecidesWhereALockoutNamesTheMachine) {
  const EventRecord usual =
      named(kSecurity, 644, {"bob", "WS1", "%{S-1-5-21-1}", "WEB1$", "GROUP", "(0x0,0x3E7)"});
  EXPECT_EQ(value(usual, "TargetDomainName"), "WS1");
  EXPECT_EQ(value(usual, "TargetSid"), "%{S-1-5-21-1}");
  const EventRecord nt4 =
      named(kSecurity, 644, {"bob", "%{S-1-5-21-1}", "WS1", "WEB1$", "GROUP", "(0x0,0x3E7)"});
  EXPECT_EQ(value(nt4, "TargetDomainName"), "WS1");
  EXPECT_EQ(value(nt4, "TargetSid"), "%{S-1-5-21-1}");
}

TEST(Catalogue, TheTextBeforeAChangedAccountIsOptional) {
  const EventRecord with = named(
      kSecurity, 642,
      {"Account Disabled.", "bob", "WEB1", "%{S-1-5-21-1}", "alice", "WEB1", "(0x0,0x1)", "-"});
  EXPECT_EQ(value(with, "TargetUserName"), "bob");
  EXPECT_EQ(value(with, "SubjectUserName"), "alice");
  EXPECT_EQ(value(with, "ChangeText"), "Account Disabled.");
  const EventRecord without =
      named(kSecurity, 642, {"bob", "WEB1", "%{S-1-5-21-1}", "alice", "WEB1", "(0x0,0x1)", "-"});
  EXPECT_EQ(value(without, "TargetUserName"), "bob");
  EXPECT_EQ(value(without, "SubjectUserName"), "alice");
}

TEST(Catalogue, AGroupsMemberMayBeASidAlone) {
  const EventRecord nt5 = named(kSecurity, 637,
                                {"-", "%{S-1-5-11}", "Users", "Builtin", "%{S-1-5-32-545}", "alice",
                                 "WEB1", "(0x0,0x1)", "-"});
  EXPECT_EQ(value(nt5, "MemberSid"), "%{S-1-5-11}");
  EXPECT_EQ(value(nt5, "TargetUserName"), "Users");
  const EventRecord nt4 = named(
      kSecurity, 637,
      {"%{S-1-5-11}", "Users", "Builtin", "%{S-1-5-32-545}", "alice", "WEB1", "(0x0,0x1)", "-"});
  EXPECT_EQ(value(nt4, "MemberSid"), "%{S-1-5-11}");
  EXPECT_EQ(value(nt4, "TargetUserName"), "Users");
}

TEST(Catalogue, NamesThatTheLogGivesAreKept) {
  const EventRecord record = named(kServiceControlManager, 7040, {"IIS Admin", "auto", "disabled"},
                                   {"Service", "param2", ""});
  EXPECT_EQ(value(record, "Service"), "IIS Admin");
  EXPECT_EQ(value(record, "ServiceName"), "");
  EXPECT_EQ(value(record, "OldStartType"), "auto");
  EXPECT_EQ(value(record, "NewStartType"), "disabled");
}

// A record that no definition fits keeps its strings as they are, unnamed.
TEST(Catalogue, ARecordOfUnknownShapeStaysUnnamed) {
  const EventRecord record = named(kSecurity, 642, {"one", "two"});
  ASSERT_EQ(record.fields().size(), 2U);
  EXPECT_TRUE(record.name(record.fields()[0]).empty());
  EXPECT_EQ(plain(record.value(record.fields()[1])), "two");
  EXPECT_EQ(record.nt6_id, 4738);  // its id is known all the same
}

TEST(Catalogue, BinaryDataIsNoString) {
  EventRecord record = record_of(kW3svc, 37, {});
  record.add_field({}, record.add_text("00"), EventRecord::FieldKind::kData);
  record.add_field({}, record.add_text("/LM/W3SVC/1/Root"));
  name_fields(record);
  EXPECT_EQ(value(record, "Application"), "/LM/W3SVC/1/Root");
  EXPECT_TRUE(record.name(record.fields()[0]).empty());
}

// Every shared log, as the program reads it.
class RealLogs : public testing::Test {
 protected:
  struct Count {
    std::size_t hits = 0, unnamed = 0;
  };
  using Row = std::tuple<std::string, std::uint16_t, std::size_t>;  // source, id, strings

  class Counting : public CollectingSink {
   public:
    void take(const EventRecord& record) override {
      if (record.head.key.source == kOther) {
        return;
      }
      Count& count = rows[{plain(record.source()), record.head.event_id, record.string_count()}];
      ++count.hits;
      std::size_t string = 0;
      const EventDefinition* definition = definition_of(record);
      const Strings expected = definition != nullptr ? names_of(*definition) : Strings{};
      for (const EventRecord::Field& field : record.fields()) {
        if (field.kind != EventRecord::FieldKind::kString) {
          continue;
        }
        const std::string name = plain(record.name(field));
        count.unnamed += name.empty() ? 1U : 0U;
        if (string < expected.size() && expected[string] != "-" && name != expected[string]) {
          disagreements.insert(fmt::format("{} string {}: {} is {} in the log",
                                           record.head.event_id, string + 1, expected[string],
                                           name));
        }
        ++string;
      }
    }
    std::map<Row, Count> rows;
    std::set<std::string> disagreements;
  };

  void SetUp() override {
    IWAMTRACE_NEEDS_DATA("evtx");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data_folder())) {
      const std::string extension = entry.path().extension().string();
      if (entry.is_regular_file() && (extension == ".evtx" || extension == ".Evt")) {
        read_all(TestSources::of_files({entry.path()}), sink_);
      }
    }
  }

  Counting sink_;
};

TEST_F(RealLogs, EveryStringOfAKnownEventHasAName) {
  std::set<std::string> unnamed;
  for (const auto& [row, count] : sink_.rows) {
    const auto& [source, id, strings] = row;
    fmt::print("{:<36} {:>5} with {:>2} strings: {:>5} records, {} strings unnamed\n", source, id,
               strings, count.hits, count.unnamed);
    if (count.unnamed != 0) {
      unnamed.insert(fmt::format("{} {}", source, id));
    }
  }
  std::fflush(stdout);
  // Empty ones, and of the uptime its unit and the time zone.
  EXPECT_EQ(unnamed, (std::set<std::string>{"EventLog 6005", "EventLog 6006", "EventLog 6008",
                                            "EventLog 6009", "EventLog 6013"}));
}

// NT6 names the strings of its security events itself: each name of our rows is checked by them.
TEST_F(RealLogs, TheNamesInTheLogsAreOurs) {
  // Windows 2008 itself names two of this event's strings alike.
  EXPECT_EQ(sink_.disagreements,
            std::set<std::string>{"4648 string 8: TargetLogonGuid is LogonGuid in the log"});
  const auto hits = [&](const char* source, std::uint16_t id, std::size_t strings) -> std::size_t {
    const auto found = sink_.rows.find(Row{source, id, strings});
    return found == sink_.rows.end() ? 0 : found->second.hits;
  };
  EXPECT_EQ(hits("DCOM", 10005, 4), 100U);
  EXPECT_EQ(hits("Service Control Manager", 7035, 2), 1320U);
  EXPECT_EQ(hits("Microsoft-Windows-Security-Auditing", 4738, 27), 57U);
}

// A bug once: read through the template that had overwritten theirs, leftovers came out as events
// of the event log service, and process starts as changes of the audit policy.
TEST_F(RealLogs, NoLeftoverIsReadThroughAForeignTemplate) {
  for (const auto& [row, count] : sink_.rows) {
    const auto& [source, id, strings] = row;
    if (source == "Microsoft-Windows-Eventlog") {
      EXPECT_TRUE(id == 104 || (id >= 1100 && id <= 1108)) << id;
    }
    if (source == "Microsoft-Windows-Security-Auditing" && id == 4719) {
      EXPECT_EQ(strings, 8U);
    }
  }
}

}  // namespace
}  // namespace iwamtrace
