// The made hives before tools that nobody of this project made.
#include <algorithm>
#include <gtest/gtest.h>

#include "make/bytes.h"
#include "make/hive_writer.h"
#include "strict_hive.h"
#include "strict_hivexml.h"
#include "tests/support/machine_examples.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

// --- What impacket opens ------------------------------------------------------------------------

// Not asked for the history of the accounts' passwords: impacket does not read a SAM's at all. Its
// -history is about the previous values of LSA's secrets.
std::vector<std::string> secretsdump(const MadeSamHive& made_sam,
                                     const MadeSecurityHive& made_security) {
  const TemporaryFile sam_file("SAM", HiveWriter(hive_of(made_sam)).bytes());
  const TemporaryFile security_file("SECURITY", HiveWriter(hive_of(made_security)).bytes());
  const TemporaryFile system_file("SYSTEM", HiveWriter(hive_of(example_system())).bytes());
  const ToolRun run = run_tool("env PATH=/usr/bin:/bin impacket-secretsdump",  // Debian's Python
                               {"-sam", sam_file.path().string(), "-security",
                                security_file.path().string(), "-history", "LOCAL", "-system"},
                               system_file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_EQ(run.out.find("rror"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("[-]"), std::string::npos) << run.out;
  return lines_of(run.out);
}

void expect_line(const std::vector<std::string>& lines, const std::string& line) {
  std::string all;
  for (const std::string& each : lines) {
    all += each + '\n';
  }
  EXPECT_TRUE(std::ranges::find(lines, line) != lines.end()) << line << "\nis not in\n" << all;
}

std::string account_line(const MadeUser& user) {
  const std::string empty_lm = "aad3b435b51404eeaad3b435b51404ee";
  return user.name + ':' + std::to_string(user.rid) + ':' +
         (user.lm_hashes ? shown_in_hex(lm_hash_of_password(*user.password)) : empty_lm) + ':' +
         shown_in_hex(nt_hash_of_password(user.password.value_or(""))) + ":::";
}

void expect_accounts_and_secrets(const MadeSamHive& made_sam,
                                 const MadeSecurityHive& made_security) {
  const std::vector<std::string> lines = secretsdump(made_sam, made_security);
  expect_line(lines, "[*] Target system bootKey: 0x" + shown_in_hex(kBootKey));
  for (const MadeUser& user : made_sam.users) {
    expect_line(lines, account_line(user));
  }
  const std::string& pooled = made_security.secrets[0].name;
  expect_line(lines, pooled + ':' + shown_in_hex(MadeSecretValue::text("n;x7u'8(H<8&4h").data));
  expect_line(lines,
              pooled + "_history:" + shown_in_hex(MadeSecretValue::text(")U\"yR4)y8982tD").data));
  expect_line(lines, "(Unknown User):admin");
}

TEST(WindowsHives, SecretsdumpOpensNt5) {
  IWAMTRACE_NEEDS_TOOL("impacket-secretsdump", "python3-impacket");
  expect_accounts_and_secrets(example_sam(), example_security());
}

TEST(WindowsHives, SecretsdumpOpensNt5OfX64) {
  IWAMTRACE_NEEDS_TOOL("impacket-secretsdump", "python3-impacket");
  MadeSecurityHive made = example_security(MadeSecurityHive::Form::kNt5X64);
  made.secrets[0].name = std::string(kPooledKey);
  expect_accounts_and_secrets(example_sam(), made);
}

// On NT 6 without LM hashes, as Windows itself keeps none there: impacket fails on them.
TEST(WindowsHives, SecretsdumpOpensNt6) {
  IWAMTRACE_NEEDS_TOOL("impacket-secretsdump", "python3-impacket");
  MadeSamHive made = example_sam(SamProtection::kAes);
  made.users[0].lm_hashes = false;
  expect_accounts_and_secrets(made, example_security(MadeSecurityHive::Form::kNt6));
}

TEST(WindowsHives, SecretsdumpOpensAesHivesWithOlderEntries) {
  IWAMTRACE_NEEDS_TOOL("impacket-secretsdump", "python3-impacket");
  MadeSamHive made = example_sam(SamProtection::kAes);
  made.users[0].nt_protection = SamProtection::kRc4;  // set before an upgrade
  made.users[0].lm_protection = SamProtection::kRc4;
  expect_accounts_and_secrets(made, example_security(MadeSecurityHive::Form::kNt6));
}

TEST(WindowsHives, SecretsdumpRefusesAForeignBootKey) {
  IWAMTRACE_NEEDS_TOOL("impacket-secretsdump", "python3-impacket");
  MadeSamHive foreign = example_sam();
  foreign.boot_key = std::string(16, 'x');
  const TemporaryFile sam_file("SAM", HiveWriter(hive_of(foreign)).bytes());
  const TemporaryFile system_file("SYSTEM", HiveWriter(hive_of(example_system())).bytes());
  const ToolRun run = run_tool("env PATH=/usr/bin:/bin impacket-secretsdump",
                               {"-sam", sam_file.path().string(), "LOCAL", "-system"}, system_file);
  EXPECT_NE(run.out.find("CheckSum failed"), std::string::npos) << run.out;
}

// The four hash entries of each account, by the published algorithms and another library. Reads
// lines "boot key", "F of the domain", then "RID V"; writes "RID kind hash hash …".
constexpr std::string_view kSamReader = R"(
import sys
from hashlib import md5, sha256
from Cryptodome.Cipher import AES, ARC4, DES
A = b'!@#$%^&*()qwertyUIOPAzxcvbnmQQQQQQQQQQQQ)(*@&%\0'
N = b'0123456789012345678901234567890123456789\0'
def u(b, at): return int.from_bytes(b[at:at + 4], 'little')
def des(k):
    n = int.from_bytes(k, 'big')
    return DES.new(bytes((n >> 49 - 7 * i & 127) << 1 for i in range(8)), DES.MODE_ECB)
def unwrapped(data, rid):
    r = rid.to_bytes(4, 'little') * 4
    return b''.join(des(r[:7]).decrypt(data[i:i + 8]) + des(r[7:14]).decrypt(data[i + 8:i + 16])
                    for i in range(0, len(data), 16))
lines = [line.strip() for line in open(sys.argv[1])]
boot, f = bytes.fromhex(lines[0]), bytes.fromhex(lines[1])
sam_key = b''
if u(f, 0x68) == 1:
    k = ARC4.new(md5(f[0x70:0x80] + A + boot + N).digest()).decrypt(f[0x80:0xa0])
    sam_key = k[:16]
    assert k[16:] == md5(sam_key + N + sam_key + A).digest()
elif u(f, 0x68) == 2:
    check, size = u(f, 0x70), u(f, 0x74)
    data = f[0x88:0x88 + size]
    sam_key = AES.new(boot, AES.MODE_CBC, f[0x78:0x88]).decrypt(data)[:16]
    assert AES.new(boot, AES.MODE_CBC, f[0x78:0x88]).decrypt(
        f[0x88 + size:0x88 + size + check])[:32] == sha256(sam_key).digest()
for line in lines[2:]:
    rid, v = int(line.split()[0]), bytes.fromhex(line.split()[1])
    for entry, kind, constant in ((13, 'LM', b'LMPASSWORD\0'), (14, 'NT', b'NTPASSWORD\0'),
                                  (15, 'NT-history', b'NTPASSWORDHISTORY\0'),
                                  (16, 'LM-history', b'LMPASSWORDHISTORY\0')):
        at, size = u(v, 12 * entry) + 0xcc, u(v, 12 * entry + 4)
        blob = v[at:at + size]
        if not sam_key:
            data = blob
        elif blob[2] == 1:
            data = ARC4.new(md5(sam_key + rid.to_bytes(4, 'little') + constant).digest()).decrypt(blob[4:])
        elif u(blob, 4):
            data = AES.new(sam_key, AES.MODE_CBC, blob[8:24]).decrypt(blob[24:])
            data = data[:-data[-1]]
        else:
            assert len(blob) == 24
            data = b''
        found = unwrapped(data, rid).hex()
        print(rid, kind, *[found[i:i + 32] for i in range(0, len(found), 32)])
)";

std::string hash_line(const MadeUser& user, const std::string& kind,
                      std::string (*hash)(std::string_view),
                      const std::vector<std::string>& passwords) {
  std::string line = std::to_string(user.rid) + ' ' + kind;
  for (const std::string& password : passwords) {
    line += ' ' + shown_in_hex(hash(password));
  }
  return line;
}

void expect_hash_entries(const MadeSamHive& made) {
  const StrictKey account =
      read_hive_strictly(HiveWriter(hive_of(made)).bytes()).root.at("SAM\\Domains\\Account");
  std::string input =
      shown_in_hex(made.boot_key) + '\n' + shown_in_hex(account.value("F").data) + '\n';
  std::vector<std::string> expected;
  for (const MadeUser& user : made.users) {
    const StrictKey& key = *std::ranges::find_if(account.at("Users").keys, [&](const StrictKey& k) {
      return account.at("Users\\Names\\" + user.name).value("").type ==
             std::strtoul(k.name.c_str(), nullptr, 16);
    });
    input += std::to_string(user.rid) + ' ' + shown_in_hex(key.value("V").data) + '\n';
    std::vector<std::string> passwords;
    if (user.password) {
      passwords.push_back(*user.password);
    }
    std::vector<std::string> history = passwords;
    history.insert(history.end(), user.earlier_passwords.begin(), user.earlier_passwords.end());
    const std::vector<std::string> none;
    expected.push_back(
        hash_line(user, "LM", lm_hash_of_password, user.lm_hashes ? passwords : none));
    expected.push_back(hash_line(user, "NT", nt_hash_of_password, passwords));
    expected.push_back(hash_line(user, "NT-history", nt_hash_of_password, history));
    expected.push_back(
        hash_line(user, "LM-history", lm_hash_of_password, user.lm_hashes ? history : none));
  }
  const TemporaryFile script("sam.py", kSamReader);
  const TemporaryFile file("sam.txt", input);
  const ToolRun run = run_tool("/usr/bin/python3", {script.path().string()}, file);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(lines_of(run.out), expected);
}

bool has_cryptodome() {
  const TemporaryFile script("import.py", "import Cryptodome\n");
  return run_tool("/usr/bin/python3", {}, script).exit_code == 0;
}

MadeSamHive sam_with_histories(SamProtection protection) {
  MadeSamHive made = example_sam(protection);
  made.users[0].earlier_passwords = {"Summer2004", "Spring2004", ""};
  return made;
}

TEST(MadeSam, AnotherLibraryOpensEveryHashAndHistory) {
  if (!has_cryptodome()) {
    GTEST_SKIP() << "NOT TESTED: Cryptodome is not installed. It is in the package "
                    "python3-pycryptodome";
  }
  for (const SamProtection protection :
       {SamProtection::kNone, SamProtection::kRc4, SamProtection::kAes}) {
    expect_hash_entries(sam_with_histories(protection));
  }
  MadeSamHive mixed = sam_with_histories(SamProtection::kAes);
  mixed.users[0].history_protection = SamProtection::kRc4;
  mixed.users[2].nt_protection = SamProtection::kRc4;
  expect_hash_entries(mixed);
}

// --- What hivex and reglookup read ---------------------------------------------------------------

TEST(WindowsHives, HivexmlReadsEveryHiveAsDescribed) {
  IWAMTRACE_NEEDS_TOOL("hivexml", "libhivex-bin");
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  expect_hivexml_reads(hive_of(example_system()));
  expect_hivexml_reads(hive_of(example_software()));
  for (const SamProtection protection :
       {SamProtection::kNone, SamProtection::kRc4, SamProtection::kAes}) {
    expect_hivexml_reads(hive_of(example_sam(protection)));
  }
  for (const MadeSecurityHive::Form form :
       {MadeSecurityHive::Form::kNt5X86, MadeSecurityHive::Form::kNt5X64,
        MadeSecurityHive::Form::kNt6}) {
    expect_hivexml_reads(hive_of(example_security(form)));
  }
}

TEST(MadeSoftware, HivexshReadsTheNamesOfTheCounters) {
  IWAMTRACE_NEEDS_TOOL("hivexsh", "libhivex-bin");
  const MadeHive hive = hive_of(example_software());
  const TemporaryFile file("hive", HiveWriter(hive).bytes());
  const TemporaryFile commands("commands",
                               "cd \\Microsoft\\Windows NT\\CurrentVersion\\Perflib\\009\nlsval\n");
  const std::string out = run_tool("hivexsh", {"-f", commands.path().string()}, file).out;
  MadeHive copy = hive;
  const std::string& data =
      copy.root.at("Microsoft\\Windows NT\\CurrentVersion\\Perflib\\009").value("Counter").data;
  EXPECT_GT(data.size(), 16384U);
  std::string expected = "\"Counter\"=hex(7):";
  for (const char byte : data) {
    expected += shown_in_hex({&byte, 1}) + ',';
  }
  expected.back() = '\n';
  EXPECT_EQ(out, expected);
}

TEST(MadeSystem, ReglookupReadsClassNamesAndServices) {
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const TemporaryFile file("hive", HiveWriter(hive_of(example_system())).bytes());
  const std::string out = run_tool("reglookup", {"-s"}, file).out;
  for (const std::string part :
       {"Lsa/JD,KEY,,2003-10-03 13:04:13", "Services/IISADMIN,KEY,,2004-06-14 09:00:00",
        "IISADMIN/DependOnService,MULTI_SZ,RPCSS|SamSs,", "ProductType,SZ,ServerNT,",
        "TimeZoneInformation/Bias,DWORD,0x000001E0,", "IISADMIN/Start,DWORD,0x00000004,"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part;
  }
  for (const std::string& name : class_names_of_boot_key(kBootKey)) {
    EXPECT_NE(out.find(',' + name + '\n'), std::string::npos) << name;
  }
}

TEST(MadeSam, ReglookupReadsRidsAsTypes) {
  IWAMTRACE_NEEDS_TOOL("reglookup", "reglookup");
  const TemporaryFile file("hive", HiveWriter(hive_of(example_sam())).bytes());
  const std::string out = run_tool("reglookup", {}, file).out;
  EXPECT_NE(out.find("/Users/Names/IWAM_WEB1/,0x000003EB,(null),\n"), std::string::npos);
  EXPECT_NE(out.find("/Users/Names/IWAM_WEB1,KEY,,2003-10-03 13:05:00\n"), std::string::npos);
  EXPECT_NE(out.find("/Aliases/Names/IIS_WPG/,0x000003ED,(null),\n"), std::string::npos);
}

}  // namespace
}  // namespace iwamtrace
