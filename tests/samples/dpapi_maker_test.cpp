// The made key files before impacket, and before RSA as another library has it.
#include "make/dpapi_maker.h"

#include <gtest/gtest.h>

#include "make/windows_crypto.h"
#include "tests/support/machine_examples.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

// NOT TESTED where impacket is not there for Debian's own Python.
bool has_impacket() {
  const TemporaryFile script("import.py", "import impacket.dpapi\n");
  return run_tool("/usr/bin/python3", {}, script).exit_code == 0;
}

// Arguments: half of DPAPI_SYSTEM, master key file, RSA container. Prints the master key, then of
// each of the container's pairs its public and private numbers.
constexpr std::string_view kReader = R"(
import sys
from struct import unpack
from Cryptodome.PublicKey import RSA
from impacket.dpapi import DPAPI_BLOB, MasterKey, MasterKeyFile
half, data = bytes.fromhex(sys.argv[1]), open(sys.argv[2], 'rb').read()
head = MasterKeyFile(data)
print(head['Guid'].decode('utf-16le'))
assert len(data) == 128 + sum(head[n + 'Len'] for n in
                              ('MasterKey', 'BackupKey', 'CredHist', 'DomainKey'))
master = MasterKey(data[len(head):][:head['MasterKeyLen']]).decrypt(half)
print(master.hex() if master else 'refused')
data = open(sys.argv[3], 'rb').read()
name, sp, sx, ep, ex, hash, sf, ef = unpack('<8L', data[8:40])
assert len(data) == 40 + name + sp + sx + ep + ex + hash + sf + ef
print(data[40:39 + name].decode())
def number(b): return int.from_bytes(b, 'little')
at = 40 + name + hash
for public, private, flags in ((sp, sx, sf), (ep, ex, ef)):
    key = data[at:at + public]
    assert key[:4] == b'RSA1' and unpack('<LLL', key[4:16]) == (72, 512, 63)
    n, e = number(key[20:]), number(key[16:20])
    blob = DPAPI_BLOB(data[at + public:at + public + private])
    clear = master and blob.decrypt(master)
    if not clear:
        print('refused')
    else:
        assert clear[:4] == b'RSA2' and number(clear[20:92]) == n and number(clear[16:20]) == e
        p, q, dp, dq, u = (number(clear[92 + 36 * i:128 + 36 * i]) for i in range(5))
        d = number(clear[272:])
        RSA.construct((n, e, d, p, q), consistency_check=True)
        assert (dp, dq, u) == (d % (p - 1), d % (q - 1), pow(q, -1, p)) and len(clear) == 344
        print('%x %x' % (n, d))
    at += public + private + flags
)";

std::vector<std::string> impacket_reads(const MadeMasterKey& master, const std::string& half) {
  const TemporaryFile script("dpapi.py", kReader);
  const TemporaryFile key_file("master", master_key_file(master));
  const TemporaryFile container(
      "container", rsa_container_file({.machine = MetabaseMachine::kSecond, .under = master}));
  const ToolRun run =
      run_tool("/usr/bin/python3",
               {script.path().string(), shown_in_hex(half), key_file.path().string()}, container);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  return lines_of(run.out);
}

MadeMasterKey master_key(DpapiForm form) {
  return {.guid = "ea95eba8-0f2c-4bdd-9f0c-21d3f0b0a1b2",
          .key = bytes_of_seed("master", 64),
          .half = bytes_of_seed("half", 20),
          .form = form,
          .rounds = 40};
}

std::string numbers(const MetabaseRsaKey& key) {
  const auto stripped = [](std::string_view big_endian) {
    const std::string digits = shown_in_hex(big_endian);
    return digits.substr(digits.find_first_not_of('0'));
  };
  return stripped(key.modulus) + ' ' + stripped(key.exponent);
}

TEST(MadeKeyFiles, ImpacketOpensMasterKeyAndContainer) {
  if (!has_impacket()) {
    GTEST_SKIP() << "NOT TESTED: impacket is not installed. It is in the package python3-impacket";
  }
  for (const DpapiForm form : {DpapiForm::kTripleDesSha1, DpapiForm::kAes256Sha512}) {
    const MadeMasterKey master = master_key(form);
    EXPECT_EQ(impacket_reads(master, master.half),
              (std::vector<std::string>{master.guid, shown_in_hex(master.key),
                                        "Microsoft Internet Information Server",
                                        numbers(metabase_signature_key(MetabaseMachine::kSecond)),
                                        numbers(metabase_exchange_key(MetabaseMachine::kSecond))}));
  }
}

TEST(MadeKeyFiles, ImpacketRefusesAnotherHalf) {
  if (!has_impacket()) {
    GTEST_SKIP() << "NOT TESTED: impacket is not installed. It is in the package python3-impacket";
  }
  const MadeMasterKey master = master_key(DpapiForm::kTripleDesSha1);
  EXPECT_EQ(
      impacket_reads(master, std::string(20, 'x')),
      (std::vector<std::string>{master.guid, "refused", "Microsoft Internet Information Server",
                                "refused", "refused"}));
}

// The name that IIS's container has on every server.
TEST(MadeKeyFiles, ContainerIsNamedByTheHashOfItsName) {
  EXPECT_EQ(rsa_container_file_name("Microsoft Internet Information Server", "GUID"),
            "c2319c42033a5ca7f44e731bfd3fa2b5_GUID");
}

TEST(MadeKeyFiles, SecretHoldsTheMachinesHalfFirst) {
  const std::string secret =
      dpapi_system_secret({.machine = std::string(20, 'm'), .user = std::string(20, 'u')});
  EXPECT_EQ(secret, std::string("\x01\0\0\0", 4) + std::string(20, 'm') + std::string(20, 'u'));
  EXPECT_THROW(dpapi_system_secret({.machine = "short", .user = {}}), std::invalid_argument);
}

}  // namespace
}  // namespace iwamtrace
