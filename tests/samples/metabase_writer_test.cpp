#include "make/metabase_writer.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>

#include "make/bytes.h"
#include "make/windows_crypto.h"
#include "model/text.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {
namespace {

using namespace std::string_literals;

std::string raw(std::string_view digits) { return bytes_of_hex(digits).value(); }
std::string digits_of(std::string_view bytes) { return hex(as_bytes(bytes)); }

std::string with_nul(std::string_view utf8) { return utf16_bytes(utf8) + std::string(2, '\0'); }

const Sid kIisWpg = Sid::from_text("S-1-5-21-842925246-1214440339-725345543-1005").value();
const std::string kWamPassword = ")U\"yR4)y8982tD";

MadeWebServer server() {
  return MadeWebServer{.wam_password = kWamPassword,
                       .anonymous_password = "n;x7u'8(H<8&4h",
                       .iis5_isolation_mode = true,
                       .applications = {MadeWebApplication{},
                                        MadeWebApplication{.path = "/LM/W3SVC/1/ROOT/shop",
                                                           .friendly_name = "Shop <&> \"old\"",
                                                           .isolated = 0},
                                        MadeWebApplication{.path = "/LM/W3SVC/1/ROOT/static",
                                                           .isolated = std::nullopt}},
                       .iis_wpg = kIisWpg};
}

// --- What the format says ---------------------------------------------------------------------

TEST(MetabaseWriter, TextIsLaidOutAsTheServerDoes) {
  MadeMetabase metabase{
      .major = 70,
      .change_number = 769,
      .schema_written = Timestamp::from_iso("2011-02-16T19:18:55.765625Z").value()};
  metabase.make("IIsLogModules", "/LM/Logging");
  metabase.make("IIsWebService", "/LM/W3SVC")
      .set(MadeProperty::text("CacheISAPI", "TRUE"))
      .set(MadeProperty::text("CGITimeout", "300"))
      .set(MadeProperty::text("ApplicationDependencies", "ASP & more\nHTTPODBC"));
  metabase.make("IIsFilter", "/LM/W3SVC/Filters/a");
  metabase.make("IIsFilters", "/LM/W3SVC/Filters/B");
  metabase.at("/LM/W3SVC")
      .customs.push_back(MadeCustom{.property = MadeProperty::text("MD_ISM_ACCESS_CHECK", "65535"),
                                    .id = 6269,
                                    .user_type = "IIS_MD_UT_FILE"});
  const std::string digits = digits_of(session_key_metabase_blob(metabase.keys));
  EXPECT_EQ(digits.size(), 320U);
  EXPECT_EQ(metabase_xml(metabase),
            "\xEF\xBB\xBF<?xml version =\"1.0\"?>\n"
            "<configuration xmlns=\"urn:microsoft-catalog:XML_Metabase_V54_0\">\n"
            "<MBProperty>\n"
            "<IIS_Global\tLocation =\".\"\n"
            "\t\tBINSchemaTimeStamp=\"ba0cc15a0ececb01\"\n"
            "\t\tChangeNumber=\"769\"\n"
            "\t\tHistoryMajorVersionNumber=\"70\"\n"
            "\t\tSessionKey=\"" +
                digits +
                "\"\n"
                "\t\tXMLSchemaTimeStamp=\"ba0cc15a0ececb01\"\n"
                "\t>\n"
                "</IIS_Global>\n"
                "<IIsLogModules\tLocation =\"/LM/Logging\"\n"
                "\t>\n"
                "</IIsLogModules>\n"
                "<IIsWebService\tLocation =\"/LM/W3SVC\"\n"
                "\t\tApplicationDependencies=\"ASP &amp; more\n"
                "\t\t\tHTTPODBC\"\n"
                "\t\tCGITimeout=\"300\"\n"
                "\t\tCacheISAPI=\"TRUE\"\n"
                "\t>\n"
                "\t<Custom\n"
                "\t\tName=\"MD_ISM_ACCESS_CHECK\"\n"
                "\t\tID=\"6269\"\n"
                "\t\tValue=\"65535\"\n"
                "\t\tType=\"DWORD\"\n"
                "\t\tUserType=\"IIS_MD_UT_FILE\"\n"
                "\t\tAttributes=\"NO_ATTRIBUTES\"\n"
                "\t/>\n"
                "</IIsWebService>\n"
                "<IIsFilter\tLocation =\"/LM/W3SVC/Filters/a\"\n"
                "\t>\n"
                "</IIsFilter>\n"
                "<IIsFilters\tLocation =\"/LM/W3SVC/Filters/B\"\n"
                "\t>\n"
                "</IIsFilters>\n"
                "</MBProperty>\n"
                "</configuration>\n");
  metabase.with_namespace = false;
  EXPECT_NE(metabase_xml(metabase).find("\n<configuration>\n"), std::string::npos);
}

TEST(MetabaseBlobs, HaveThePublishedFrame) {
  const std::string blob = encrypted_metabase_blob(with_nul(kWamPassword), MetabaseKeys{});
  EXPECT_EQ(digits_of(blob.substr(0, 16)),
            "49634462"
            "70000000"
            "22000000"
            "40000000");
  ASSERT_EQ(blob.size(), 16U + 0x22 + 6 + 64);
  EXPECT_NE(blob.substr(16 + 0x22, 6), std::string(6, '\0'));
  EXPECT_EQ(digits_of(cleartext_metabase_blob("ab")),
            "49634362"
            "02000000"
            "6162");
}

// The first bytes of all values give the key's stream away: the same under one key.
TEST(MetabaseBlobs, ShareOneStreamOfTheKey) {
  const MetabaseKeys keys;
  const std::string stream =
      rc4_encrypted(keys.session_key + std::string(11, '\0'), std::string(88, '\0'));
  for (const std::string& text : {with_nul(""), with_nul("sqllog"), with_nul(kWamPassword)}) {
    EXPECT_EQ(encrypted_metabase_blob(text, keys).substr(16, 4), stream.substr(0, 4));
  }
  EXPECT_NE(encrypted_metabase_blob("", MetabaseKeys{.session_key = "other"}).substr(16, 4),
            stream.substr(0, 4));
  EXPECT_THROW(encrypted_metabase_blob("", MetabaseKeys{.session_key = std::string(17, 'k')}),
               std::invalid_argument);
}

TEST(MetabaseBlobs, AdminAclsAreThoseOfACleanServer) {
  const std::string administrators = "01020000000000052000000020020000";
  EXPECT_EQ(digits_of(admin_acl_for_administrators()),
            "01000780340000004400000000000000140000000200200001000000"
            "00001800ab000400" +
                administrators + administrators + administrators);
  const std::string services = digits_of(admin_acl_for_services(kIisWpg, 0x89));
  EXPECT_EQ(services.size(), 2U * 160);
  EXPECT_EQ(services.substr(0, 56),
            "01000780800000009000000000000000140000000200"
            "6c0004000000");
  EXPECT_EQ(services.substr(56, 40),
            "0000140089000000"
            "010100000000000513000000");
  EXPECT_NE(services.find("0000240089000000" + digits_of(sid_bytes(kIisWpg))), std::string::npos);
}

// The WAMUserPass of a real server: key stream, signature and modulus as they were found there.
TEST(MetabaseBlobs, SignatureAndLayoutAreThoseOfARealServer) {
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  const std::string blob =
      raw("4963446270000000220000004000000031b103f76860a1451cd2cfdef5544bbc9061f6a6e982754096f36b28"
          "6cbd9cb5ec4649004e00440072bd81a63193fc87475cd0af9455ed2df08a5697190201c5099de9e2076bfb48"
          "b4bfb8e50c4e69cac8223b1f5fa79ad4e9352133086ef8992d67d933ee406e6f");
  const std::string stream =
      raw("31b103f74160f4453ed2b6dea7547fbcb9618fa6d1824c40aef3592818bdd8b5ec46e2af");
  const std::string modulus =
      "c2a0d7946f170e0b62f6715acb04505ce049f3f94a5209a5be8484f95d72bc09"
      "4f8796880403cdfc11a2af4da4f68500cf8e531f64a8014dd244542cb9658c45";
  const std::string message = std::string(4, '\0') + with_nul(kWamPassword);
  for (std::size_t i = 0; i < message.size(); ++i) {
    EXPECT_EQ(blob[16 + i], static_cast<char>(message[i] ^ stream[i])) << i;
  }
  std::string signature = blob.substr(blob.size() - 64);
  std::ranges::reverse(signature);
  const TemporaryFile script("power.py",
                             "import sys\n"
                             "s, n = (int(a, 16) for a in sys.argv[1:3])\n"
                             "print('%0128x' % pow(s, 65537, n))\n");
  const TemporaryFile nothing("nothing", "");
  EXPECT_EQ(
      run_tool("python3", {script.path().string(), digits_of(signature), modulus}, nothing).out,
      digits_of(metabase_signature_block(message)) + '\n');
}

// --- What another reader finds ------------------------------------------------------------------

// Reads the XML, opens the session key, every blob, and checks each signature. Writes lines
// "location|name|value", a blob as "location|name|form:cleartext in hexadecimal".
constexpr std::string_view kMetabaseReader = R"(
import hashlib, sys, xml.etree.ElementTree as tree
sign_n, wrap_n, wrap_d = (int(a, 16) for a in sys.argv[1:4])
def rc4(key, text):
    s, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    i = j = 0
    for c in text:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        out.append(c ^ s[(s[i] + s[j]) & 255])
    return bytes(out)
def parts(blob):
    u = lambda at: int.from_bytes(blob[at:at + 4], 'little')
    assert u(4) == len(blob) - 8 and u(12) == 64
    size = u(8)
    assert len(blob) == 16 + (size + 7) // 8 * 8 + 64
    return blob[16:16 + size], blob[-64:]
def verify(message, signature):
    block = pow(int.from_bytes(signature, 'little'), 65537, sign_n).to_bytes(64, 'big')
    info = bytes.fromhex('3020300c06082a864886f70d020505000410')
    digest = info + hashlib.md5(message).digest()
    assert block == b'\0\1' + b'\xff' * (61 - len(digest)) + b'\0' + digest, 'signature'
def shown(value, key):
    if value.startswith('49634462'):
        data, signature = parts(bytes.fromhex(value))
        message = rc4(key, data)
        verify(message, signature)
        assert message[:4] == b'\0\0\0\0'
        return 'IcDb:' + message[4:].hex()
    if value.startswith('49634362'):
        return 'IcCb:' + value[16:]
    return value.replace('\n', '~')
def session_key(value):
    data, signature = parts(bytes.fromhex(value))
    verify(data, signature)
    assert len(data) == 76 and data[:12] == bytes.fromhex('010200000168000000a40000')
    block = pow(int.from_bytes(data[12:], 'little'), wrap_d, wrap_n).to_bytes(64, 'big')
    assert block[:2] == b'\0\2' and 0 not in block[2:10]
    return block[block.index(b'\0', 2) + 1:][::-1]
root = tree.parse(sys.argv[4]).getroot()
name = lambda element: element.tag.split('}')[-1]
assert name(root) == 'configuration' and name(root[0]) == 'MBProperty'
key = b''
for element in root[0]:
    location = element.get('Location')
    if name(element) == 'IIS_Global':
        found = session_key(element.get('SessionKey'))
        print('session key', found.hex())
        key = found + bytes(16 - len(found))
    print(location + '|' + name(element))
    for n, v in element.attrib.items():
        if n not in ('Location', 'SessionKey'):
            print('%s|%s|%s' % (location, n, shown(v, key)))
    for custom in element:
        print('%s|%s|%s|%s' % (location, custom.get('Name'), custom.get('ID'), shown(custom.get('Value'), key)))
)";

std::vector<std::string> read_back(const MadeMetabase& metabase) {
  const MetabaseRsaKey exchange = metabase_exchange_key(metabase.keys.machine);
  const TemporaryFile script("metabase.py", kMetabaseReader);
  const TemporaryFile file("MetaBase.xml", metabase_xml(metabase));
  const ToolRun run = run_tool(
      "python3",
      {script.path().string(), digits_of(metabase_signature_modulus(metabase.keys.machine)),
       digits_of(exchange.modulus), digits_of(exchange.exponent)},
      file);
  EXPECT_EQ(run.exit_code, 0) << run.out;
  return lines_of(run.out);
}

std::string shown(const MadeProperty& property) {
  switch (property.form) {
    case MadeProperty::Form::kEncrypted:
      return "IcDb:" + digits_of(property.value);
    case MadeProperty::Form::kCleartextBlob:
      return "IcCb:" + digits_of(property.value);
    case MadeProperty::Form::kText:
      break;
  }
  std::string text;  // XML makes a blank of each white space in an attribute
  for (const char c : property.value) {
    text += c == '\n' ? "    " : std::string(1, c);
  }
  return text;
}

void expect_read_back(const MadeMetabase& metabase) {
  std::vector<std::string> expected{
      "session key " + digits_of(metabase.keys.session_key),
      ".|IIS_Global",
      ".|BINSchemaTimeStamp|0000000000000000",
      ".|XMLSchemaTimeStamp|0000000000000000",
      ".|ChangeNumber|" + std::to_string(metabase.change_number),
      ".|HistoryMajorVersionNumber|" + std::to_string(metabase.major)};
  for (const MadeLocation& location : metabase.locations) {
    expected.push_back(location.path + '|' + location.type);
    for (const MadeProperty& property : location.properties) {
      expected.push_back(location.path + '|' + property.name + '|' + shown(property));
    }
    for (const MadeCustom& custom : location.customs) {
      expected.push_back(location.path + '|' + custom.property.name + '|' +
                         std::to_string(custom.id) + '|' + shown(custom.property));
    }
  }
  std::vector<std::string> found = read_back(metabase);
  std::ranges::sort(expected);
  std::ranges::sort(found);
  EXPECT_EQ(found, expected);
}

TEST(MetabaseWriter, AnotherReaderFindsEveryPropertyAndSignature) {
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  MadeMetabase metabase = metabase_of(server());
  metabase.at("/LM/W3SVC")
      .customs.push_back(
          MadeCustom{.property = MadeProperty::secret("UnknownName_7502", "in a Custom"),
                     .id = 7502,
                     .type = "STRING",
                     .attributes = "INHERIT | SECURE"});
  expect_read_back(metabase);
  metabase.with_namespace = false;
  metabase.keys = {.session_key = raw("00112233445566778899aabbccddeeff"),
                   .machine = MetabaseMachine::kSecond};
  expect_read_back(metabase);
}

TEST(MetabaseWriter, PasswordsMayStandInClear) {
  IWAMTRACE_NEEDS_TOOL("python3", "python3");
  MadeWebServer plain = server();
  plain.password_form = MadeProperty::Form::kText;
  plain.wam_password = "a<b>&\"c";
  expect_read_back(metabase_of(plain));
  const auto has = [](const std::vector<std::string>& lines, const std::string& line) {
    return std::ranges::find(lines, line) != lines.end();
  };
  EXPECT_TRUE(has(read_back(metabase_of(plain)), "/LM/W3SVC|WAMUserPass|a<b>&\"c"));
  plain.password_form = MadeProperty::Form::kCleartextBlob;
  EXPECT_TRUE(has(read_back(metabase_of(plain)),
                  "/LM/W3SVC|WAMUserPass|IcCb:" + digits_of(with_nul("a<b>&\"c"))));
}

TEST(MetabaseWriter, IsolationModeMayBeAbsent) {
  MadeWebServer described = server();
  EXPECT_NE(metabase_xml(metabase_of(described)).find("IIs5IsolationModeEnabled=\"TRUE\""),
            std::string::npos);
  described.iis5_isolation_mode = false;
  EXPECT_NE(metabase_xml(metabase_of(described)).find("IIs5IsolationModeEnabled=\"FALSE\""),
            std::string::npos);
  described.iis5_isolation_mode.reset();
  EXPECT_EQ(metabase_xml(metabase_of(described)).find("IIs5IsolationModeEnabled"),
            std::string::npos);
}

TEST(MetabaseWriter, ApplicationsSayHowTheyAreIsolated) {
  MadeMetabase metabase = metabase_of(server());
  const auto isolated = [&metabase](const std::string& path) {
    const auto& properties = metabase.at(path).properties;
    const auto found = std::ranges::find(properties, "AppIsolated", &MadeProperty::name);
    return found == properties.end() ? "nothing" : found->value;
  };
  EXPECT_EQ(isolated("/LM/W3SVC/1/ROOT"), "2");
  EXPECT_EQ(isolated("/LM/W3SVC/1/ROOT/shop"), "0");
  EXPECT_EQ(isolated("/LM/W3SVC/1/ROOT/static"), "nothing");
  EXPECT_THROW(metabase.at("/LM/SMTPSVC"), std::out_of_range);
}

TEST(MetabaseWriter, TwoMachinesDoNotShareTheirKeys) {
  EXPECT_NE(metabase_signature_modulus(MetabaseMachine::kFirst),
            metabase_signature_modulus(MetabaseMachine::kSecond));
  const MetabaseKeys here;
  const MetabaseKeys there{.machine = MetabaseMachine::kSecond};
  const std::string text = with_nul(kWamPassword);
  EXPECT_EQ(encrypted_metabase_blob(text, here).substr(0, 56),
            encrypted_metabase_blob(text, there).substr(0, 56));
  EXPECT_NE(encrypted_metabase_blob(text, here), encrypted_metabase_blob(text, there));
  EXPECT_NE(session_key_metabase_blob(here), session_key_metabase_blob(there));
}

TEST(MetabaseWriter, HistoryNumbersSavesAndEditsByHand) {
  MadeMetabase first = metabase_of(server());
  first.major = 41;
  const auto versions = made_metabase_versions(
      first,
      {{.what = [](MadeMetabase& m) { m.at("/LM").set(MadeProperty::text("MaxBandwidth", "1")); }},
       {.what =
            [](MadeMetabase& m) {
              m.at("/LM/W3SVC").set(MadeProperty::secret("WAMUserPass", "by hand"));
            },
        .by_hand = true},
       {.what = [](MadeMetabase& m) { m.at("/LM/W3SVC").remove("WAMUserPass"); }}});
  ASSERT_EQ(versions.size(), 4U);
  EXPECT_EQ(versions[0].name, "MetaBase_0000000041_0000000000.xml");
  EXPECT_EQ(versions[1].name, "MetaBase_0000000042_0000000000.xml");
  EXPECT_EQ(versions[2].name, "MetaBase_0000000042_0000000001.xml");
  EXPECT_EQ(versions[3].name, "MetaBase_0000000043_0000000000.xml");
  EXPECT_NE(versions[2].xml.find("HistoryMajorVersionNumber=\"42\""), std::string::npos);
  EXPECT_EQ(versions[1].metabase.change_number, versions[2].metabase.change_number);
  const auto password = [](const MetabaseVersion& version) {
    const std::size_t at = version.xml.find("WAMUserPass=");
    return at == std::string::npos ? "" : version.xml.substr(at, version.xml.find('\n', at) - at);
  };
  EXPECT_EQ(password(versions[0]), password(versions[1]));
  EXPECT_NE(password(versions[1]), password(versions[2]));
  EXPECT_EQ(password(versions[3]), "");
}

TEST(MetabaseWriter, SameDescriptionGivesSameBytes) {
  EXPECT_EQ(metabase_xml(metabase_of(server())), metabase_xml(metabase_of(server())));
}

}  // namespace
}  // namespace iwamtrace
