// `accounts` and `secrets`, as a user starts them, on real hives and on hives that break.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "make/hive_writer.h"
#include "tests/support/case_folder.h"
#include "tests/support/evidence.h"
#include "tests/support/machine_examples.h"

namespace iwamtrace {
namespace {

using Json = nlohmann::json;

std::string quoted(const std::filesystem::path& path) { return " '" + path.string() + "'"; }

Json json_of(const std::string& command, const std::filesystem::path& evidence, int exit_code = 0) {
  const ProgramRun run = run_program(command + " --json" + quoted(evidence));
  EXPECT_EQ(run.exit_code, exit_code) << run.err;
  return Json::parse(run.out);
}

const Json& named(const Json& list, const std::string& name) {
  for (const Json& item : list) {
    if (item["name"] == name) {
      return item;
    }
  }
  throw std::out_of_range(name);
}

// ---- real hives ----

TEST(Accounts, OfARealXp) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  const Json document = json_of("accounts", data_folder() / "hives/bitcurator");
  ASSERT_EQ(document["accounts"].size(), 5U);
  const Json& helper = named(document["accounts"], "HelpAssistant");
  EXPECT_EQ(helper["fingerprint"], "8cc140c80207e079");
  EXPECT_EQ(helper["sid"], "S-1-5-21-1292428093-1645522239-1547161642-1000");
  EXPECT_EQ(helper["groups"], Json::array());
  const Json& pat = named(document["accounts"], "Pat");
  EXPECT_EQ(pat["groups"], Json::array({"Administrators", "Users"}));
  EXPECT_TRUE(std::ranges::find(pat["rights"], "SeDebugPrivilege") != pat["rights"].end());
  const Json& vendor = named(document["accounts"], "SUPPORT_388945a0");
  EXPECT_TRUE(std::ranges::find(vendor["rights"], "SeBatchLogonRight") != vendor["rights"].end());
  EXPECT_EQ(document["password_policy"]["lockout_threshold"], 0);
  EXPECT_EQ(document["audit_policy"]["enabled"], false);
  EXPECT_EQ(document["iwam"]["user_name"], nullptr);
  EXPECT_EQ(document["iwam"]["state"]["users_complete"]["holds"], true);
  EXPECT_EQ(named(document["iwam"]["services"], "DcomLaunch")["start"], 2);
}

TEST(Secrets, OfARealXpAreFoundInItsSam) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  const Json document = json_of("secrets", data_folder() / "hives/bitcurator");
  ASSERT_EQ(document["secrets"].size(), 22U);
  const Json& helper =
      named(document["secrets"],
            "0083343a-f925-4ed7-b1d6-d95d17a0b57b-RemoteDesktopHelpAssistantAccount");
  EXPECT_EQ(helper["matches"], Json::array({"sam:HelpAssistant"}));
  EXPECT_EQ(helper["state"], "value");
  EXPECT_EQ(helper["length"], 30);
  EXPECT_EQ(helper["set"], "2009-11-09T00:23:21.4371250Z");
  EXPECT_EQ(named(document["secrets"], "DefaultPassword")["matches"], Json::array());
  EXPECT_EQ(named(document["secrets"], "SAC")["name"], "SAC");
  EXPECT_EQ(document["locked_because"], nullptr);
}

TEST(Accounts, OfARealServerThatHadIis) {
  IWAMTRACE_NEEDS_DATA("hives/ez-registry/SAM_DUPENAME");
  const Json document = json_of("accounts", data_folder() / "hives/ez-registry/SAM_DUPENAME");
  ASSERT_EQ(document["accounts"].size(), 15U);
  const Json& iwam = named(document["accounts"], "IWAM_FINN");
  EXPECT_EQ(iwam["rid"], 1014);
  EXPECT_EQ(iwam["created"], "2003-10-03T13:04:13.3281250Z");
  EXPECT_EQ(iwam["password_last_set"], "2004-02-15T19:53:51.8906250Z");
  EXPECT_EQ(iwam["logon_count"], 10);
  EXPECT_EQ(iwam["rights"], nullptr);  // no SECURITY hive: not known, not none
  EXPECT_EQ(iwam["fingerprint"], nullptr);
  EXPECT_EQ(named(document["accounts"], "IUSR_FINN")["groups"], Json::array({"Guests"}));
  const Json& state = document["iwam"]["state"];
  EXPECT_EQ(document["iwam"]["user_name"], "IWAM_FINN");
  EXPECT_EQ(state["disabled"]["holds"], true);
  EXPECT_EQ(state["locked"]["holds"], false);
  EXPECT_EQ(state["batch_logon"]["holds"], nullptr);
}

TEST(Secrets, OfNt4AreLockedAndSayWhy) {
  IWAMTRACE_NEEDS_DATA("hives/aiowinreg/nt/security.reg");
  const Json document = json_of("secrets", data_folder() / "hives/aiowinreg/nt");
  EXPECT_EQ(named(document["secrets"], "$MACHINE.ACC")["state"], "locked");
  EXPECT_EQ(named(document["secrets"], "$MACHINE.ACC")["set"], "2023-02-07T20:49:37.2031250Z");
  EXPECT_NE(document["locked_because"].get<std::string>().find("NT4"), std::string::npos);
  const Json accounts = json_of("accounts", data_folder() / "hives/aiowinreg/nt");
  EXPECT_EQ(named(accounts["accounts"], "test")["fingerprint"],
            named(accounts["accounts"], "Administrator")["fingerprint"]);
  EXPECT_EQ(accounts["iwam"]["state"]["sam_decides"]["holds"], true);
}

TEST(Secrets, OfHivesThatDoNotBelongTogetherAreRefused) {
  IWAMTRACE_NEEDS_DATA("hives/regipy/SAM");
  const std::string three = (data_folder() / "hives/regipy/SAM").string() + "' '" +
                            (data_folder() / "hives/regipy/SECURITY").string() + "' '" +
                            (data_folder() / "hives/regipy/SYSTEM_2").string();
  const Json document = json_of("secrets --reveal-secrets", three);
  EXPECT_NE(document["locked_because"].get<std::string>().find("do not belong together"),
            std::string::npos);
  for (const Json& secret : document["secrets"]) {
    EXPECT_EQ(secret["state"], "locked");
    EXPECT_FALSE(secret.contains("value"));
    EXPECT_EQ(secret["fingerprint"], nullptr);
  }
  const Json accounts = json_of("accounts --reveal-secrets", three);
  for (const Json& account : accounts["accounts"]) {
    EXPECT_FALSE(account.contains("nt_hash"));
    EXPECT_EQ(account["rights"], nullptr);  // SECURITY is another machine's
  }
  EXPECT_EQ(accounts["iwam"]["state"]["sids_agree"]["holds"], false);
}

TEST(Secrets, MetabaseAloneIsEnough) {
  IWAMTRACE_NEEDS_DATA("metabase/modSIC/metabaseSample.xml");
  const Json document = json_of("secrets", data_folder() / "metabase/modSIC/metabaseSample.xml");
  ASSERT_FALSE(document["secrets"].empty());
  EXPECT_EQ(named(document["secrets"], "/LM/W3SVC/WAMUserPass")["length"], 30);
}

// Both documents of all real hives, by a validator that is not ours.
TEST(Listings, OfRealEvidenceFollowTheirSchemas) {
  IWAMTRACE_NEEDS_DATA("hives/bitcurator/SAM");
  IWAMTRACE_NEEDS_TOOL("python3", "python3-jsonschema");
  const CaseFolder folder;
  for (const std::string command : {"accounts", "secrets", "metabase"}) {
    for (const std::string data :
         {"hives/bitcurator", "hives/ez-registry", "hives/aiowinreg/nt",
          "hives/aiowinreg/win2008_32", "hives/regipy", "hives/yarp", "metabase/modSIC"}) {
      for (const std::string reveal : {"", " --reveal-secrets"}) {
        const ProgramRun run =
            run_program(command + reveal + " --json" + quoted(data_folder() / data));
        const auto file = folder.add(command + ".json", run.out);
        const std::string check =
            "import json, jsonschema; schema = json.load(open('" +
            std::string(IWAMTRACE_SOURCE_DIR) + "/src/report/" + command +
            ".schema.json')); jsonschema.Draft202012Validator.check_schema(schema); "
            "jsonschema.validate(json.load(open('" +
            file.string() + "')), schema)";
        // NOLINTNEXTLINE(cert-env33-c): the judge is a program of its own
        EXPECT_EQ(std::system(("python3 -c \"" + check + "\"").c_str()), 0) << command << data;
      }
    }
  }
}

// ---- the metabase ----

// The known answers of the one public metabase, opened by its keystream or checked by its
// signatures.
TEST(MetabaseListing, OfTheRealServer) {
  IWAMTRACE_NEEDS_DATA("metabase/modSIC/metabaseSample.xml");
  const Json document =
      json_of("metabase --prove", data_folder() / "metabase/modSIC/metabaseSample.xml");
  ASSERT_EQ(document["versions"].size(), 1U);
  EXPECT_EQ(document["versions"][0]["major"], 70);
  EXPECT_EQ(document["changes"], Json::array());
  std::size_t wam = 0;
  for (const Json& property : document["properties"]) {
    EXPECT_EQ(property["secure"] == true && property["value"] != nullptr, false);
    if (property["location"] == "/LM/W3SVC" && property["name"] == "WAMUserPass") {
      ++wam;
      EXPECT_EQ(property["length"], 14);
      EXPECT_EQ(property["fingerprint"], "c08fa34b6d1c5780");
    }
    if (property["location"] == "/LM/W3SVC" && property["name"] == "WAMUserName") {
      EXPECT_EQ(property["value"], "IWAM_OVAL-IIS6-A");
      EXPECT_EQ(property["method"], "plaintext");
    }
  }
  EXPECT_EQ(wam, 1U);
}

TEST(MetabaseListing, PrintedBeforeAndAfterIsComparedInTheOrderOfTheFiles) {
  const CaseFolder folder;
  const auto printed = [](std::string_view limit, std::string_view password) {
    return "[/w3svc]\nWAMUserName : (STRING) \"IWAM_SHOP1\"\nMaxConnections : (INTEGER) " +
           std::string(limit) + "\nWAMUserPass : (STRING) \"" + std::string(password) + "\"\n";
  };
  const auto before = folder.add("z-before.txt", printed("10", "Winter2004!"));
  const auto after = folder.add("a-after.txt", printed("20", "Summer2004!"));
  using namespace std::chrono_literals;
  std::filesystem::last_write_time(before, std::filesystem::last_write_time(after) - 1h);
  const Json document = json_of("metabase", folder.path());
  ASSERT_EQ(document["changes"].size(), 2U);
  EXPECT_EQ(document["changes"][0]["name"], "MaxConnections");
  EXPECT_EQ(document["changes"][0]["before"], "10");
  EXPECT_EQ(document["changes"][0]["after"], "20");
  EXPECT_EQ(document["changes"][1]["name"], "WAMUserPass");
  EXPECT_EQ(document["changes"][1]["before"].get<std::string>().size(), 28U);
  EXPECT_NE(document["changes"][1]["before"], document["changes"][1]["after"]);
  for (const std::string command : {"metabase", "metabase --json", "analyze", "secrets"}) {
    EXPECT_EQ(run_program(command + quoted(folder.path())).out.find("2004!"), std::string::npos);
    EXPECT_NE(run_program(command + " --reveal-secrets" + quoted(folder.path())).out.find("2004!"),
              std::string::npos)
        << command;
  }
}

TEST(MetabaseListing, NothingToListIsExitCodeThree) {
  const CaseFolder folder;
  folder.add("MetaBase.bin", "who knows");
  const ProgramRun run = run_program("metabase" + quoted(folder.path()));
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("no metabase in what was given"), std::string::npos);
}

TEST(MetabaseListing, FitsThePageAndShowsHostileValues) {
  const CaseFolder folder;
  folder.add("enum.txt", "[/w3svc/\x1b[2J]\nPath : (STRING) \"" + std::string(300, 'x') +
                             "\x1b]0;owned\x07\"\n");
  const ProgramRun run = run_program("metabase" + quoted(folder.path()));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
  EXPECT_NE(run.out.find("owned"), std::string::npos);
  for (const std::string& line : lines_of(run.out)) {
    EXPECT_LE(line.size(), 80U) << line;
  }
}

// ---- the commands ----

CaseFolder& example(CaseFolder& folder) {
  folder.add("SAM", HiveWriter(hive_of(example_sam())).bytes());
  folder.add("SECURITY", HiveWriter(hive_of(example_security())).bytes());
  folder.add("SYSTEM", HiveWriter(hive_of(example_system())).bytes());
  return folder;
}

TEST(Listings, RevealOnlyWhenTold) {
  CaseFolder folder;
  example(folder);
  const std::string hash = shown_in_hex(nt_hash_of_password("n;x7u'8(H<8&4h"));
  for (const std::string command : {"accounts", "secrets"}) {
    const std::string secret = command == "accounts" ? hash : "n;x7u'8(H<8&4h";
    for (const std::string format : {"text", "json"}) {
      const std::string quiet = command + " --format " + format + quoted(folder.path());
      EXPECT_EQ(run_program(quiet).out.find(secret), std::string::npos) << quiet;
      EXPECT_NE(run_program(quiet + " --reveal-secrets").out.find(secret), std::string::npos)
          << quiet;
    }
  }
}

TEST(Listings, SameInputGivesTheSameBytesWhateverTheJobs) {
  CaseFolder folder;
  example(folder);
  for (const std::string command : {"accounts", "secrets --json"}) {
    EXPECT_EQ(run_program(command + " -j 1" + quoted(folder.path())).out,
              run_program(command + " -j 4" + quoted(folder.path())).out);
  }
}

TEST(Listings, WithoutHivesThereIsNothingToRead) {
  const CaseFolder folder;
  folder.add("readme.txt", "nothing");
  for (const std::string command : {"accounts", "secrets"}) {
    const ProgramRun run = run_program(command + " --json" + quoted(folder.path()));
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_NE(run.err.find("in what was given"), std::string::npos);
    EXPECT_TRUE(Json::parse(run.out)[command].empty());
    EXPECT_EQ(run_program(command + " -q" + quoted(folder.path())).err, "");
  }
}

TEST(Listings, DamageIsExitCodeFourAndTheRestIsListed) {
  CaseFolder folder;
  MadeHive sam = hive_of(example_sam());
  std::erase_if(sam.root.at("SAM\\Domains\\Account\\Users\\000001F5").values,
                [](const MadeValue& value) { return value.name == "V"; });
  folder.add("SAM", HiveWriter(sam).bytes());
  const Json document = json_of("accounts", folder.path(), 4);
  EXPECT_EQ(document["accounts"].size(), 2U);
}

TEST(Listings, FileIsWrittenOnceAndReplacedByForceOnly) {
  CaseFolder folder;
  example(folder);
  const CaseFolder results;
  const std::string out = results / "accounts.txt";
  const std::string command = "accounts -o '" + out + "'" + quoted(folder.path());
  EXPECT_EQ(run_program(command).exit_code, 0);
  EXPECT_EQ(file_bytes(out), run_program("accounts" + quoted(folder.path())).out);
  EXPECT_EQ(run_program(command).exit_code, 2);
  EXPECT_EQ(run_program(command + " --force").exit_code, 0);
}

TEST(Listings, FitThePageWhateverItsWidth) {
  CaseFolder folder;
  example(folder);
  for (const std::string command : {"accounts", "secrets"}) {
    for (const std::size_t width : {80U, 120U}) {
      const ProgramRun run =
          run_program(command + quoted(folder.path()), "COLUMNS=" + std::to_string(width));
      for (const std::string& line : lines_of(run.out)) {
        const auto columns = std::ranges::count_if(
            line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        EXPECT_LE(static_cast<std::size_t>(columns), width) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
      }
    }
  }
}

// What an intruder calls himself reaches no terminal as a command.
TEST(Listings, HostileNamesAreMadeVisible) {
  const CaseFolder folder;
  MadeSamHive sam = example_sam();
  sam.users[2].name = "IWAM_\x1b[2J\u202e";
  sam.users[2].comment = "\x1b]0;owned\x07";
  sam.account_aliases[0].name = "a\nb\x1b";
  folder.add("SAM", HiveWriter(hive_of(sam)).bytes());
  const ProgramRun text = run_program("accounts" + quoted(folder.path()));
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_EQ(text.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.out.find("\u202e"), std::string::npos);
  EXPECT_NE(text.out.find("IWAM_\\x1b[2J\\u202e"), std::string::npos);
  const Json document = json_of("accounts", folder.path());
  EXPECT_EQ(named(document["accounts"], "IWAM_\x1b[2J\u202e")["comment"], "\x1b]0;owned\x07");
}

}  // namespace
}  // namespace iwamtrace
