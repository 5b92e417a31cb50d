// What SYSTEM and SOFTWARE say of services, logs, published folders, shares and SQL Server: made
// hives, and real ones beside reglookup's reading.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "make/bytes.h"
#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/key_walk.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

using Which = KeyReadInFull::Which;

CollectingSink read_real(const std::string& file) {
  return read_files({file_bytes(data_folder() / file)});
}

std::optional<KeyReadInFull> read_in_full(const CollectingSink& sink, Which which) {
  const auto keys = sink.all<KeyReadInFull>();
  const auto found = std::ranges::find(keys, which, &KeyReadInFull::which);
  return found == keys.end() ? std::nullopt : std::optional{*found};
}

Service service(const CollectingSink& sink, std::string_view name) {
  for (const Service& service : sink.all<Service>()) {
    if (service.name.is(name)) {
      return service;
    }
  }
  ADD_FAILURE() << "no service " << name;
  return {};
}

LogSettings settings_of(const CollectingSink& sink, std::string_view log) {
  for (const LogSettings& settings : sink.all<LogSettings>()) {
    if (settings.log.is(log)) {
      return settings;
    }
  }
  ADD_FAILURE() << "no settings of " << log;
  return {};
}

// ---- services ----

TEST(SystemServices, HaveTheirDllTheirDisplayNameAndWhatIsRunWhenTheyFail) {
  MadeSystemHive made = example_system();
  made.services.push_back(MadeService{.name = "BITS",
                                      .image_path = R"(%SystemRoot%\System32\svchost.exe -k x)",
                                      .display_name = "Background Service",
                                      .service_dll = R"(C:\WINNT\system32\qmgr.dll)",
                                      .failure_command = R"(C:\RECYCLER\run.cmd)"});
  const CollectingSink sink = read_files({clean(hive_of(made))});
  EXPECT_EQ(plain(service(sink, "BITS").display_name), "Background Service");
  EXPECT_EQ(plain(service(sink, "BITS").service_dll), R"(C:\WINNT\system32\qmgr.dll)");
  EXPECT_EQ(plain(service(sink, "BITS").failure_command), R"(C:\RECYCLER\run.cmd)");
  EXPECT_EQ(plain(service(sink, "IISADMIN").display_name), "IIS Admin Service");
  EXPECT_TRUE(service(sink, "IISADMIN").service_dll.empty());
  EXPECT_TRUE(service(sink, "IISADMIN").failure_command.empty());
  EXPECT_TRUE(read_in_full(sink, Which::kServices));
}

TEST(SystemServices, DllThatCannotBeReadDoesNotCostTheService) {
  MadeSystemHive made = example_system();
  made.services.push_back(
      MadeService{.name = "BITS", .start = 3, .service_dll = R"(C:\WINNT\system32\qmgr.dll)"});
  const HiveWriter writer(hive_of(made));
  std::string bytes = writer.bytes();
  const std::size_t value =
      writer.offset_of_value("ControlSet001\\Services\\BITS\\Parameters", "ServiceDll") +
      hive_layout::kCellContent;
  put_u32(bytes, value + hive_layout::kValueData, 0x7FFFFFF0);
  const CollectingSink sink = read_files({bytes});
  EXPECT_EQ(service(sink, "BITS").start, 3U);
  EXPECT_TRUE(service(sink, "BITS").service_dll.empty());
  EXPECT_EQ(sink.losses().size(), 1U);
  EXPECT_FALSE(read_in_full(sink, Which::kServices));
}

TEST(RealServices, OfXpHaveTheDllsThatReglookupReads) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SYSTEM");
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const CollectingSink sink = read_real("hives/bitcurator/SYSTEM");
  const TemporaryFile file("SYSTEM", file_bytes(data_folder() / "hives/bitcurator/SYSTEM"));
  const ToolRun run = run_tool("reglookup", {"-p", "/ControlSet001/Services"}, file);
  std::vector<std::string> theirs;
  for (const std::string& line : lines_of(run.out)) {
    if (find_ignoring_case(line, "/Parameters/ServiceDll,") != std::string::npos) {
      theirs.push_back(line);
    }
  }
  std::size_t ours = 0;
  for (const Service& each : sink.all<Service>()) {
    if (!each.service_dll.empty()) {
      ++ours;
      const std::string start = "/ControlSet001/Services/" + plain(each.name) + "/Parameters/";
      EXPECT_TRUE(std::ranges::any_of(theirs, [&](const std::string& line) {
        return starts_ignoring_case(line, start);
      })) << start;
    }
  }
  EXPECT_EQ(ours, theirs.size());
  EXPECT_GT(ours, 30U);
  EXPECT_EQ(plain(service(sink, "Dhcp").service_dll), R"(%SystemRoot%\System32\dhcpcsvc.dll)");
  EXPECT_EQ(plain(service(sink, "Dhcp").display_name), "DHCP Client");
}

// ---- logs ----

TEST(SystemLogs, HaveTheirFileSizeAndRetention) {
  MadeSystemHive made = example_system();
  made.event_logs[1].max_size = 0x10000;
  made.event_logs[1].retention = 0;
  made.event_logs[1].written = moment_at("2004-06-14T03:00:00Z");
  made.event_logs[2].retention = LogSettings::kNeverOverwritten;
  const CollectingSink sink = read_files({clean(hive_of(made))});
  ASSERT_EQ(sink.all<LogSettings>().size(), 3U);
  const LogSettings security = settings_of(sink, "Security");
  EXPECT_EQ(plain(security.file), R"(%SystemRoot%\system32\config\SecEvent.Evt)");
  EXPECT_EQ(security.max_size, 0x10000U);
  EXPECT_EQ(security.retention, 0U);
  EXPECT_EQ(security.key_written, moment_at("2004-06-14T03:00:00Z"));
  EXPECT_EQ(plain(security.where.path), "\\ControlSet001\\Services\\Eventlog\\Security");
  EXPECT_EQ(settings_of(sink, "System").retention, LogSettings::kNeverOverwritten);
  EXPECT_EQ(settings_of(sink, "Application").retention, 7U * 86'400);
  EXPECT_TRUE(read_in_full(sink, Which::kLogSettings));
}

TEST(SystemLogs, LogThatIsNotThereIsCitedByTheKeyThatLacksIt) {
  MadeSystemHive made = example_system();
  made.event_logs.erase(made.event_logs.begin() + 1);
  const CollectingSink sink = read_files({clean(hive_of(made))});
  EXPECT_EQ(sink.all<LogSettings>().size(), 2U);
  ASSERT_TRUE(read_in_full(sink, Which::kLogSettings));
  EXPECT_EQ(plain(read_in_full(sink, Which::kLogSettings)->where.path),
            "\\ControlSet001\\Services\\Eventlog");
}

TEST(RealLogSettings, OfXpAndNt4AreWhatReglookupReads) {
  for (const char* file : {"hives/bitcurator/SYSTEM", "hives/aiowinreg/nt/system.reg"}) {
    IWAMTRACE_NEEDS_DATA(file);
    IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
    const CollectingSink sink = read_real(file);
    const TemporaryFile hive("SYSTEM", file_bytes(data_folder() / file));
    for (const char* log : {"Application", "Security", "System"}) {
      const LogSettings ours = settings_of(sink, log);
      std::string path = plain(ours.where.path);
      std::ranges::replace(path, '\\', '/');
      const std::string theirs = run_tool("reglookup", {"-p", path}, hive).out;
      const auto dword = [](std::optional<std::uint32_t> number) {
        return fmt::format("DWORD,0x{:08X}", number.value());
      };
      const auto has = [&](const std::string& line) {
        return find_ignoring_case(theirs, line) != std::string::npos;
      };
      EXPECT_TRUE(has(path + "/MaxSize," + dword(ours.max_size))) << theirs;
      EXPECT_TRUE(has(path + "/Retention," + dword(ours.retention))) << theirs;
      EXPECT_TRUE(plain(ours.file).ends_with("Event.Evt")) << plain(ours.file);
    }
  }
}

// ---- what is published ----

TEST(SystemVirtualRoots, AreThoseOfCodeRed) {
  MadeSystemHive made = example_system();
  made.virtual_roots = {{"/scripts", R"(c:\inetpub\scripts,,204)"}, {"/c", R"(c:\,,217)"}};
  const std::string bytes = clean(hive_of(made));
  const CollectingSink sink = read_files({bytes});
  const auto roots = sink.all<VirtualRoot>();
  ASSERT_EQ(roots.size(), 2U);
  EXPECT_EQ(plain(roots[1].name), "/c");
  EXPECT_EQ(plain(roots[1].target), R"(c:\,,217)");
  EXPECT_EQ(roots[1].key_written, kInstalled);
  const std::string target = utf16_bytes(R"(c:\,,217)");
  EXPECT_EQ(bytes.substr(roots[1].where.offset, target.size()), target);
  EXPECT_EQ(plain(read_in_full(sink, Which::kVirtualRoots)->where.path),
            "\\ControlSet001\\Services\\W3SVC\\Parameters\\Virtual Roots");
}

TEST(SystemShares, HaveThePathOutOfTheirList) {
  MadeSystemHive made = example_system();
  made.shares = {{"C$", "C:\\"}};
  MadeHive system = hive_of(made);
  system.root.at("ControlSet001\\Services\\lanmanserver\\Shares")
      .set(list_value("odd", {"Type=0", "Remark=Path=no"}))
      .set(list_value("upper", {"PATH=D:\\x"}));
  system.root.make("ControlSet001\\Services\\lanmanserver\\Shares\\Security")
      .set(binary_value("C$", "\x01"));
  const CollectingSink sink = read_files({clean(system)});
  const auto shares = sink.all<NetworkShare>();
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_EQ(plain(shares[0].name), "C$");
  EXPECT_EQ(plain(shares[0].path), "C:\\");
  EXPECT_EQ(shares[0].key_written, kInstalled);
  EXPECT_TRUE(shares[1].path.empty());
  EXPECT_EQ(plain(shares[2].path), "D:\\x");
  EXPECT_TRUE(read_in_full(sink, Which::kNetworkShares));
}

TEST(SystemShares, WhereTheKeyIsNotThereTheOneAboveItIsCited) {
  const CollectingSink sink = read_files({clean(hive_of(example_system()))});
  EXPECT_TRUE(sink.all<NetworkShare>().empty());
  EXPECT_TRUE(sink.all<VirtualRoot>().empty());
  ASSERT_TRUE(read_in_full(sink, Which::kNetworkShares));
  EXPECT_EQ(plain(read_in_full(sink, Which::kNetworkShares)->where.path),
            "\\ControlSet001\\Services");
  EXPECT_TRUE(read_in_full(sink, Which::kVirtualRoots));
}

TEST(SystemShares, MoreThanAnyServerHasAreToldAndNotRead) {
  MadeHive system = hive_of(example_system());
  MadeKey& shares = system.root.make("ControlSet001\\Services\\lanmanserver\\Shares");
  for (std::size_t number = 0; number <= kMostOfAKey; ++number) {
    shares.values.push_back(list_value(std::to_string(number), {"Path=x"}));
  }
  const CollectingSink sink = read_files({clean(system)});
  EXPECT_EQ(sink.all<NetworkShare>().size(), kMostOfAKey);
  EXPECT_EQ(sink.losses().size(), 1U);
  EXPECT_FALSE(read_in_full(sink, Which::kNetworkShares));
}

TEST(RealShares, OfNt4IsNetlogon) {
  IWAMTRACE_NEEDS_DATA("hives/aiowinreg/nt/system.reg");
  const CollectingSink sink = read_real("hives/aiowinreg/nt/system.reg");
  const auto shares = sink.all<NetworkShare>();
  ASSERT_EQ(shares.size(), 1U);
  EXPECT_EQ(plain(shares.front().name), "NETLOGON");
  EXPECT_EQ(plain(shares.front().path), R"(C:\WINNT\system32\Repl\Import\Scripts)");
  EXPECT_TRUE(read_in_full(sink, Which::kNetworkShares));
}

TEST(SystemRemoteDesktop, IsDeniedOrNotByANumber) {
  const auto denied = [](const CollectingSink& sink) {
    for (const HostFact& fact : sink.all<HostFact>()) {
      if (fact.kind == HostFact::Kind::kRemoteDesktopDenied) {
        return plain(fact.value);
      }
    }
    return std::string("not there");
  };
  MadeSystemHive made = example_system();
  EXPECT_EQ(denied(read_files({clean(hive_of(made))})), "not there");
  made.deny_remote_desktop = 0;
  EXPECT_EQ(denied(read_files({clean(hive_of(made))})), "0");
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SYSTEM");
  EXPECT_EQ(denied(read_real("hives/bitcurator/SYSTEM")), "1");
}

// ---- SQL Server ----

TEST(SoftwareSqlServer, InstancesHaveTheirLoginModeAndAuditLevel) {
  MadeSoftwareHive made = example_software();
  made.sql_servers = {MadeSqlServer{.login_mode = 2, .written = moment_at("2004-01-02T03:04:05Z")},
                      MadeSqlServer{.instance = "SHOP", .login_mode = 1, .audit_level = {}}};
  const CollectingSink sink = read_files({clean(hive_of(made))});
  const auto servers = sink.all<SqlServer>();
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(plain(servers[0].instance), "MSSQLSERVER");
  EXPECT_EQ(servers[0].login_mode, 2U);
  EXPECT_EQ(servers[0].audit_level, 0U);
  EXPECT_EQ(servers[0].key_written, moment_at("2004-01-02T03:04:05Z"));
  EXPECT_EQ(plain(servers[0].where.path), "\\Microsoft\\MSSQLServer\\MSSQLServer");
  EXPECT_EQ(plain(servers[1].instance), "SHOP");
  EXPECT_EQ(servers[1].login_mode, 1U);
  EXPECT_EQ(servers[1].audit_level, std::nullopt);
  EXPECT_TRUE(read_in_full(sink, Which::kSqlServers));
}

TEST(SoftwareSqlServer, Of2005IsCalledByTheListOfNames) {
  MadeHive software = hive_of(example_software());
  software.root.make(R"(Microsoft\Microsoft SQL Server\Instance Names\SQL)")
      .set(text_value("SHOP", "MSSQL.1"));
  software.root.make(R"(Microsoft\Microsoft SQL Server\MSSQL.1\MSSQLServer)")
      .set(number_value("LoginMode", 2));
  software.root.make(R"(Microsoft\Microsoft SQL Server\90\Tools)");
  const CollectingSink sink = read_files({clean(software)});
  ASSERT_EQ(sink.all<SqlServer>().size(), 1U);
  EXPECT_EQ(plain(sink.all<SqlServer>().front().instance), "SHOP");
}

TEST(SoftwareSqlServer, WithoutOneTheKeyThatWouldHoldItWasRead) {
  const CollectingSink sink = read_files({clean(hive_of(example_software()))});
  EXPECT_TRUE(sink.all<SqlServer>().empty());
  ASSERT_TRUE(read_in_full(sink, Which::kSqlServers));
  EXPECT_EQ(plain(read_in_full(sink, Which::kSqlServers)->where.path), "\\Microsoft");
}

}  // namespace
}  // namespace iwamtrace
