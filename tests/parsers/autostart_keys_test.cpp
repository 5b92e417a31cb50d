// What starts by itself, from SOFTWARE and SYSTEM: made hives, and a real one beside reglookup's
// reading.
#include <gtest/gtest.h>
#include <map>

#include "make/bytes.h"
#include "make/hive_log_writer.h"
#include "make/hive_writer.h"
#include "make/windows_hives.h"
#include "parsers/registry/hive_layout.h"
#include "parsers/registry/key_walk.h"
#include "tests/parsers/hive_examples.h"
#include "tests/support/evidence.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

using Place = AutostartEntry::Place;
using Which = KeyReadInFull::Which;

bool read_in_full(const CollectingSink& sink, Which which) {
  const auto keys = sink.all<KeyReadInFull>();
  return std::ranges::find(keys, which, &KeyReadInFull::which) != keys.end();
}

std::vector<AutostartEntry> entries(const CollectingSink& sink, Place place) {
  std::vector<AutostartEntry> all = sink.all<AutostartEntry>();
  std::erase_if(all, [&](const AutostartEntry& entry) { return entry.place != place; });
  return all;
}

// "name = command" of each.
std::vector<std::string> shown(const CollectingSink& sink, Place place) {
  std::vector<std::string> lines;
  for (const AutostartEntry& entry : entries(sink, place)) {
    lines.push_back(plain(entry.name) + " = " + plain(entry.command));
  }
  return lines;
}

MadeHive software_with(std::vector<MadeAutostart> autostart) {
  MadeSoftwareHive made = example_software();
  made.autostart = std::move(autostart);
  return hive_of(made);
}

// ---- SOFTWARE ----

TEST(SoftwareAutostart, EveryPlaceIsReadAndCitedByItsCommand) {
  const auto written = moment_at("2003-08-18T03:11:00Z");
  for (std::size_t number = 0; number <= static_cast<std::size_t>(Place::kSfcDisable); ++number) {
    const auto place = static_cast<Place>(number);
    const std::string bytes =
        clean(software_with({MadeAutostart{.place = place,
                                           .name = "windows auto update",
                                           .command = R"(C:\WINNT\system32\msblast.exe)",
                                           .written = written}}));
    const CollectingSink sink = read_files({bytes});
    ASSERT_EQ(sink.all<AutostartEntry>().size(), 1U) << name_of(place);
    const AutostartEntry entry = sink.all<AutostartEntry>().front();
    EXPECT_EQ(entry.place, place);
    EXPECT_EQ(plain(entry.command), R"(C:\WINNT\system32\msblast.exe)");
    EXPECT_EQ(entry.key_written, written) << name_of(place);
    const std::string command = utf16_bytes(plain(entry.command));
    EXPECT_EQ(bytes.substr(entry.where.offset, command.size()), command) << name_of(place);
    EXPECT_TRUE(read_in_full(sink, Which::kAutostart));
    EXPECT_TRUE(sink.damage.empty());
  }
}

TEST(SoftwareAutostart, EntryIsCalledByItsValueImagePackageComponentOrUser) {
  const CollectingSink sink = read_files({clean(
      software_with({{.place = Place::kRun, .name = "avserve", .command = "avserve.exe"},
                     {.place = Place::kDebugger, .name = "sethc.exe", .command = "cmd.exe"},
                     {.place = Place::kWinlogonNotify, .name = "mine", .command = "mine.dll"},
                     {.place = Place::kActiveSetup, .name = "{1}", .command = "stub.exe"},
                     {.place = Place::kWinlogonGina, .command = "fgina.dll"},
                     {.place = Place::kExeFileCommand, .command = R"(x.exe "%1" %*)"}}))});
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"avserve = avserve.exe"});
  EXPECT_EQ(shown(sink, Place::kDebugger), std::vector<std::string>{"sethc.exe = cmd.exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonNotify), std::vector<std::string>{"mine = mine.dll"});
  EXPECT_EQ(shown(sink, Place::kActiveSetup), std::vector<std::string>{"{1} = stub.exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonGina), std::vector<std::string>{"GinaDLL = fgina.dll"});
  EXPECT_EQ(shown(sink, Place::kExeFileCommand), std::vector<std::string>{R"( = x.exe "%1" %*)"});
  EXPECT_EQ(plain(entries(sink, Place::kDebugger).front().where.path),
            "\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\"
            "Debugger");
}

TEST(SoftwareAutostart, NumbersAreGivenAsNumbers) {
  const CollectingSink sink = read_files(
      {clean(software_with({{.place = Place::kSfcDisable, .number = 0xFFFFFF9D},
                            {.place = Place::kHiddenUser, .name = "support$", .number = 0},
                            {.place = Place::kHiddenUser, .name = "IWAM_", .number = 0x10000}}))});
  EXPECT_EQ(shown(sink, Place::kSfcDisable), std::vector<std::string>{"SFCDisable = 0xffffff9d"});
  EXPECT_EQ(shown(sink, Place::kHiddenUser),
            (std::vector<std::string>{"support$ = 0x0", "IWAM_ = 0x10000"}));
  EXPECT_EQ(entries(sink, Place::kSfcDisable).front().command.view().number(), 0xFFFFFF9D);
}

// What the key has is yielded, also what Windows itself put there, or nothing.
TEST(SoftwareAutostart, WhatIsWindowsOwnIsYieldedLikeTheRest) {
  std::vector<MadeAutostart> usual = usual_autostart();
  usual.push_back({.place = Place::kAppInitDlls, .command = ""});
  const CollectingSink sink = read_files({clean(software_with(usual))});
  EXPECT_EQ(shown(sink, Place::kWinlogonShell), std::vector<std::string>{"Shell = Explorer.exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonUserinit),
            std::vector<std::string>{R"(Userinit = C:\WINDOWS\system32\userinit.exe,)"});
  EXPECT_EQ(shown(sink, Place::kAppInitDlls), std::vector<std::string>{"AppInit_DLLs = "});
  EXPECT_EQ(sink.all<AutostartEntry>().size(), 3U);
}

TEST(SoftwareAutostart, SectionsOfRunOnceExAreReadWithWhatTheyDependOn) {
  MadeHive software = software_with({});
  MadeKey& key = software.root.make("Microsoft\\Windows\\CurrentVersion\\RunOnceEx");
  key.set(text_value("Title", "Setup"));
  key.make("0001").set(text_value("1", "||setup.exe"));
  key.make("0001\\Depend").set(text_value("1", "evil.dll"));
  key.make("0001\\Other").set(text_value("1", "not loaded"));
  const CollectingSink sink = read_files({clean(software)});
  EXPECT_EQ(shown(sink, Place::kRunOnceEx),
            (std::vector<std::string>{"Title = Setup", "1 = ||setup.exe", "1 = evil.dll"}));
}

TEST(SoftwareAutostart, PlacesOf32BitProgramsAreReadToo) {
  MadeHive software = software_with({});
  software.root.make("Wow6432Node\\Microsoft\\Windows\\CurrentVersion\\Run")
      .set(text_value("x", "y.exe"));
  const CollectingSink sink = read_files({clean(software)});
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"x = y.exe"});
  EXPECT_TRUE(entries(sink, Place::kRun).front().where.path.view().starts_with("\\Wow6432Node\\"));
}

TEST(SoftwareAutostart, WithoutASingleKeyAllPlacesWereReadAllTheSame) {
  const CollectingSink sink = read_files({clean(software_with({}))});
  EXPECT_TRUE(sink.all<AutostartEntry>().empty());
  EXPECT_TRUE(read_in_full(sink, Which::kAutostart));
  EXPECT_TRUE(sink.damage.empty());
}

// ---- damage ----

TEST(SoftwareAutostart, ValueThatCannotBeReadCostsItself) {
  const HiveWriter made(
      software_with({{.place = Place::kRun, .name = "bad", .command = "long enough"},
                     {.place = Place::kRun, .name = "good", .command = "good.exe"}}));
  std::string bytes = made.bytes();
  const std::size_t value = made.offset_of_value("Microsoft\\Windows\\CurrentVersion\\Run", "bad") +
                            hive_layout::kCellContent;
  put_u32(bytes, value + hive_layout::kValueData, 0x7FFFFFF0);
  const CollectingSink sink = read_files({bytes});
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"good = good.exe"});
  EXPECT_EQ(sink.losses().size(), 1U);
  EXPECT_FALSE(read_in_full(sink, Which::kAutostart));
}

TEST(SoftwareAutostart, LostSubkeyMayHaveBeenAnyPlace) {
  const HiveWriter made(
      software_with({{.place = Place::kPoliciesRun, .name = "x", .command = "x.exe"},
                     {.place = Place::kRun, .name = "y", .command = "y.exe"}}));
  std::string bytes = made.bytes();
  const std::size_t lost = made.offset_of("Microsoft\\Windows\\CurrentVersion\\Policies");
  bytes.replace(lost + hive_layout::kCellContent, 2, "XX");  // no key any more
  const CollectingSink sink = read_files({bytes});
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"y = y.exe"});
  EXPECT_TRUE(entries(sink, Place::kPoliciesRun).empty());
  EXPECT_FALSE(sink.losses().empty());
  EXPECT_FALSE(read_in_full(sink, Which::kAutostart));
}

TEST(SoftwareAutostart, MoreValuesThanAnyMachineHasAreToldAndNotRead) {
  MadeHive software = software_with({});
  MadeKey& run = software.root.make("Microsoft\\Windows\\CurrentVersion\\Run");
  for (std::size_t number = 0; number <= kMostOfAKey; ++number) {
    run.values.push_back(text_value(std::to_string(number), "x"));
  }
  const CollectingSink sink = read_files({clean(software)});
  EXPECT_EQ(entries(sink, Place::kRun).size(), kMostOfAKey);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_EQ(plain(sink.losses().front().what),
            "\\Microsoft\\Windows\\CurrentVersion\\Run: 10001 values, of which the first 10000 are "
            "read");
  EXPECT_FALSE(read_in_full(sink, Which::kAutostart));
}

TEST(SoftwareAutostart, MoreSubkeysThanAnyMachineHasAreToldAndNotRead) {
  MadeHive software = software_with({});
  MadeKey& images =
      software.root.make("Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options");
  for (std::size_t number = 0; number <= kMostOfAKey; ++number) {
    images.keys.push_back(MadeKey{.name = std::to_string(number),
                                  .written = kInstalled,
                                  .values = {text_value("Debugger", "x")}});
  }
  const CollectingSink sink = read_files({clean(software)});
  EXPECT_EQ(entries(sink, Place::kDebugger).size(), kMostOfAKey);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("10001 subkeys, of which the first 10000"),
            std::string::npos);
  EXPECT_FALSE(read_in_full(sink, Which::kAutostart));
}

TEST(SoftwareAutostart, WhatATransactionLogChangesIsTold) {
  const auto hive_with = [](const std::string& command) {
    MadeHive hive =
        software_with({{.place = Place::kRun, .name = "windows update", .command = command}});
    hive.sequence = 20;
    hive.flushed = kInstalled;
    return dirty(hive);
  };
  const std::string hive = hive_with("wuauclt.exe");
  const CollectingSink sink = read_files({hive, old_hive_log(hive, hive_with("msblast.exe"))});
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"windows update = msblast.exe"});
  const ReplayedChange change = change_of(sink, "run windows update, command");
  EXPECT_EQ(plain(change.before), "wuauclt.exe");
  EXPECT_EQ(plain(change.after), "msblast.exe");
}

TEST(SoftwareAutostart, SectionsTogetherHaveNoMoreEntriesThanAKey) {
  MadeHive software = software_with({});
  MadeKey& key = software.root.make("Microsoft\\Windows\\CurrentVersion\\RunOnceEx");
  for (std::size_t section = 0; section < 3; ++section) {
    MadeKey& made = key.make(std::to_string(section));
    for (std::size_t number = 0; number < kMostOfAKey / 2; ++number) {
      made.values.push_back(text_value(std::to_string(number), "x"));
    }
  }
  const CollectingSink sink = read_files({clean(software)});
  EXPECT_EQ(entries(sink, Place::kRunOnceEx).size(), kMostOfAKey);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_FALSE(read_in_full(sink, Which::kAutostart));
}

// ---- SYSTEM ----

TEST(SystemAutostart, EachEntryOfAListIsCitedByItself) {
  MadeSystemHive made = example_system();
  made.authentication_packages = {"msv1_0", "kerberos"};
  made.notification_packages = {"scecli", "fpnwclnt"};
  made.preload_dlls = {"httpodbc.dll"};
  made.app_cert_dlls = {{.name = "AppSecDll", .path = R"(C:\WINNT\system32\x.dll)"}};
  MadeHive hive = hive_of(made);
  hive.root.at("ControlSet001\\Control")
      .make("Session Manager")
      .set(list_value("BootExecute", {"autocheck autochk *", "evil"}));
  const std::string bytes = clean(hive);
  const CollectingSink sink = read_files({bytes});
  EXPECT_EQ(shown(sink, Place::kAuthenticationPackage),
            (std::vector<std::string>{"Authentication Packages = msv1_0",
                                      "Authentication Packages = kerberos"}));
  EXPECT_EQ(shown(sink, Place::kNotificationPackage),
            (std::vector<std::string>{"Notification Packages = scecli",
                                      "Notification Packages = fpnwclnt"}));
  EXPECT_EQ(shown(sink, Place::kSecurityPackage),
            (std::vector<std::string>{"Security Packages = kerberos", "Security Packages = msv1_0",
                                      "Security Packages = schannel"}));
  EXPECT_EQ(shown(sink, Place::kBootExecute),
            (std::vector<std::string>{"BootExecute = autocheck autochk *", "BootExecute = evil"}));
  EXPECT_EQ(shown(sink, Place::kPreloadDll),
            std::vector<std::string>{"PreloadDlls = httpodbc.dll"});
  EXPECT_EQ(shown(sink, Place::kAppCertDll),
            std::vector<std::string>{R"(AppSecDll = C:\WINNT\system32\x.dll)"});
  for (const AutostartEntry& entry : sink.all<AutostartEntry>()) {
    const std::string command = utf16_bytes(plain(entry.command));
    EXPECT_EQ(bytes.substr(entry.where.offset, command.size()), command);
  }
  EXPECT_EQ(plain(entries(sink, Place::kNotificationPackage).back().where.path),
            "\\ControlSet001\\Control\\Lsa\\Notification Packages+0xe");
  EXPECT_TRUE(read_in_full(sink, Which::kSystemAutostart));
  EXPECT_TRUE(sink.damage.empty());
}

// A list need not end as it should, and an empty entry hides nothing behind it.
TEST(SystemAutostart, ListsAreReadHoweverTheyEnd) {
  for (const std::string& data : {utf16_bytes("ab") + std::string(2, '\0') + utf16_bytes("c"),
                                  utf16_bytes("ab") + std::string(6, '\0') + utf16_bytes("c") + "x",
                                  std::string(2, '\0') + utf16_bytes("ab") + std::string(2, '\0') +
                                      utf16_bytes("c") + std::string(3, '\0')}) {
    MadeHive system = hive_of(example_system());
    system.root.at("ControlSet001\\Control\\Lsa")
        .set(MadeValue{.name = "Notification Packages", .type = kRegMultiSz, .data = data});
    const CollectingSink sink = read_files({clean(system)});
    EXPECT_EQ(shown(sink, Place::kNotificationPackage),
              (std::vector<std::string>{"Notification Packages = ab", "Notification Packages = c"}))
        << shown_in_hex(data);
  }
}

TEST(SystemAutostart, MoreEntriesThanAnyListHasAreToldAndNotRead) {
  MadeSystemHive made = example_system();
  made.authentication_packages.assign(kMostOfAKey + 1, "x");
  const CollectingSink sink = read_files({clean(hive_of(made))});
  EXPECT_EQ(entries(sink, Place::kAuthenticationPackage).size(), kMostOfAKey);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("only the first 10000 entries of "),
            std::string::npos);
  EXPECT_FALSE(read_in_full(sink, Which::kSystemAutostart));
}

// ---- real ones ----

std::string unescaped(std::string_view text) {
  std::string plain_text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      plain_text += bytes_of_hex(text.substr(at + 1, 2)).value();
      at += 2;
    } else {
      plain_text += text[at];
    }
  }
  return plain_text;
}

// Every value of a hive by its path, as reglookup reads them ("PATH,TYPE,VALUE,MTIME").
std::map<std::string, std::string> values_by_reglookup(const std::string& hive) {
  const TemporaryFile file("hive", file_bytes(data_folder() / hive));
  std::map<std::string, std::string> values;
  for (const std::string& line : lines_of(run_tool("reglookup", {}, file).out)) {
    const std::size_t type = line.find(',');
    const std::size_t value = type == std::string::npos ? type : line.find(',', type + 1);
    const std::size_t end = value == std::string::npos ? value : line.find(',', value + 1);
    if (end != std::string::npos && line.substr(type, value - type) != ",KEY") {
      values[unescaped(line.substr(0, type))] = unescaped(line.substr(value + 1, end - value - 1));
    }
  }
  return values;
}

std::string slashed(std::string path) {
  std::ranges::replace(path, '\\', '/');
  if (const std::size_t unnamed = path.find("(Default)"); unnamed != std::string::npos) {
    path.resize(unnamed);
  }
  return path;
}

TEST(RealAutostart, OfNt4IsWhatReglookupReads) {
  const std::string hive = "hives/aiowinreg/nt/software.reg";
  IWAMTRACE_NEEDS_DATA(hive);
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const CollectingSink sink = read_files({file_bytes(data_folder() / hive)});
  const auto theirs = values_by_reglookup(hive);
  for (const AutostartEntry& entry : sink.all<AutostartEntry>()) {
    const auto same = theirs.find(slashed(plain(entry.where.path)));
    ASSERT_NE(same, theirs.end()) << plain(entry.where.path);
    EXPECT_EQ(plain(entry.command), same->second) << same->first;
  }
  EXPECT_EQ(shown(sink, Place::kRun), std::vector<std::string>{"SystemTray = SysTray.Exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonShell), std::vector<std::string>{"Shell = Explorer.exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonUserinit),
            std::vector<std::string>{"Userinit = userinit,nddeagnt.exe"});
  EXPECT_EQ(shown(sink, Place::kWinlogonSystem), std::vector<std::string>{"System = lsass.exe"});
  EXPECT_EQ(shown(sink, Place::kAppInitDlls), std::vector<std::string>{"AppInit_DLLs = "});
  EXPECT_EQ(shown(sink, Place::kDebugger),
            std::vector<std::string>{"Your Image File Name Here without a path = ntsd -d"});
  EXPECT_EQ(shown(sink, Place::kExeFileCommand), std::vector<std::string>{R"( = "%1" %*)"});
  EXPECT_TRUE(read_in_full(sink, Which::kAutostart));
  EXPECT_TRUE(sink.losses().empty());
}

TEST(RealAutostart, OfSystemsHasThePackagesOfTheirWindows) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SYSTEM");
  const CollectingSink xp = read_files({file_bytes(data_folder() / "hives/bitcurator/SYSTEM")});
  EXPECT_EQ(shown(xp, Place::kAuthenticationPackage),
            std::vector<std::string>{"Authentication Packages = msv1_0"});
  EXPECT_EQ(shown(xp, Place::kSecurityPackage).size(), 4U);
  EXPECT_EQ(shown(xp, Place::kBootExecute),
            std::vector<std::string>{"BootExecute = autocheck autochk *"});
  EXPECT_TRUE(read_in_full(xp, Which::kSystemAutostart));
  IWAMTRACE_NEEDS_DATA("hives/aiowinreg/nt/system.reg");
  const CollectingSink nt4 =
      read_files({file_bytes(data_folder() / "hives/aiowinreg/nt/system.reg")});
  EXPECT_EQ(shown(nt4, Place::kNotificationPackage),
            std::vector<std::string>{"Notification Packages = FPNWCLNT"});
}

}  // namespace
}  // namespace iwamtrace
