#include <gtest/gtest.h>

#include "make/metabase_writer.h"
#include "parsers/key_ring.h"
#include "parsers/metabase/metabase_parser.h"
#include "parsers/metabase/secure_value.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

MetabaseSnapshot read(const std::string& xml, bool reveal = false) {
  CollectingSink sink;
  ReadOptions options;
  options.reveal_secrets = reveal;
  read_all(TestSources({xml}), sink, options);
  const auto versions = sink.all<MetabaseSnapshot>();
  EXPECT_EQ(versions.size(), 1U);
  return versions.empty() ? MetabaseSnapshot{} : versions.front();
}

MadeWebServer web_server() {
  MadeWebServer server;
  server.wam_user = "IWAM_SHOP1";
  server.wam_password = ")U\"yR4)y8982tD";
  server.anonymous_password = "n;x7u'8(H<8&4h";
  server.iis_wpg = *Sid::from_text("S-1-5-21-1-2-3-1005");
  server.applications = {MadeWebApplication{"/LM/W3SVC/1/ROOT", "Default Application", 2},
                         MadeWebApplication{"/LM/W3SVC/1/ROOT/shop", "Shop", 1},
                         MadeWebApplication{"/LM/W3SVC/1/ROOT/old", "Old", 0}};
  return server;
}

std::string xml_of(const MadeWebServer& server) { return metabase_xml(metabase_of(server)); }

TEST(Metabase, NameBlobAndApplications) {
  const std::string xml = xml_of(web_server());
  const MetabaseSnapshot version = read(xml);
  EXPECT_EQ(plain(version.wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(version.password_form, PasswordForm::kEncrypted);
  EXPECT_EQ(version.password_length, 14U);
  EXPECT_EQ(version.password_cipher.size(), 2 * 0x22U);
  EXPECT_EQ(version.session_key_digest.size(), 16U);
  ASSERT_EQ(version.applications.size(), 3U);
  EXPECT_EQ(plain(version.applications[1].where.path), "/LM/W3SVC/1/ROOT/old/AppIsolated");
  EXPECT_EQ(version.applications[1].isolated, 0U);
  EXPECT_EQ(plain(version.applications[2].where.path), "/LM/W3SVC/1/ROOT/shop/AppIsolated");
  EXPECT_EQ(version.applications[2].isolated, 1U);
}

TEST(Metabase, CitationsLeadToTheBytes) {
  const std::string xml = xml_of(web_server());
  const MetabaseSnapshot version = read(xml);
  EXPECT_EQ(xml.substr(version.wam_user_name_where.offset, 10), "IWAM_SHOP1");
  EXPECT_EQ(xml.substr(version.password_where.offset, 8), "49634462");
  EXPECT_EQ(plain(version.password_where.path), "/LM/W3SVC/WAMUserPass");
}

TEST(Metabase, IsolationModeThatIsAbsentMeansTrue) {
  MadeWebServer server = web_server();
  EXPECT_EQ(read(xml_of(server)).iis5_isolation_mode, std::nullopt);
  server.iis5_isolation_mode = true;
  EXPECT_EQ(read(xml_of(server)).iis5_isolation_mode, true);
  server.iis5_isolation_mode = false;
  EXPECT_EQ(read(xml_of(server)).iis5_isolation_mode, false);
}

TEST(Metabase, NamespaceMakesNoDifference) {
  MadeMetabase metabase = metabase_of(web_server());
  metabase.with_namespace = true;
  const MetabaseSnapshot with = read(metabase_xml(metabase));
  metabase.with_namespace = false;
  const MetabaseSnapshot without = read(metabase_xml(metabase));
  EXPECT_EQ(with.password_cipher, without.password_cipher);
  EXPECT_EQ(plain(with.wam_user_name), plain(without.wam_user_name));
}

TEST(Metabase, EqualPasswordsHaveEqualCiphersUnderOneSessionKey) {
  MadeWebServer server = web_server();
  const MetabaseSnapshot first = read(xml_of(server));
  server.wam_password = "another, of 14";
  const MetabaseSnapshot second = read(xml_of(server));
  EXPECT_EQ(first.session_key_digest, second.session_key_digest);
  EXPECT_NE(first.password_cipher, second.password_cipher);
  EXPECT_EQ(second.password_length, 14U);
  server.wam_password = ")U\"yR4)y8982tD";
  EXPECT_EQ(read(xml_of(server)).password_cipher, first.password_cipher);
}

TEST(Metabase, CleartextGivesTheFingerprint) {
  MadeWebServer server = web_server();
  for (const auto form : {MadeProperty::Form::kText, MadeProperty::Form::kCleartextBlob}) {
    server.password_form = form;
    const MetabaseSnapshot version = read(xml_of(server), true);
    EXPECT_EQ(version.password_form, PasswordForm::kCleartext);
    ASSERT_TRUE(version.fingerprint);
    EXPECT_EQ(to_string(*version.fingerprint), "c08fa34b6d1c5780");
    EXPECT_EQ(plain(version.revealed_password), ")U\"yR4)y8982tD");
    EXPECT_TRUE(read(xml_of(server), false).revealed_password.empty());
  }
}

TEST(Metabase, HistoryNumber) {
  MadeMetabase metabase = metabase_of(web_server());
  metabase.major = 70;
  EXPECT_EQ(read(metabase_xml(metabase)).major, 70U);
}

TEST(Metabase, Utf16FileHasTheSameContentAndOffsetsOfTheOriginal) {
  const std::string xml = xml_of(web_server());
  const std::u16string units = utf16_of(xml.substr(3));  // without its UTF-8 mark
  std::string wide = "\xFF\xFE";
  wide.append(reinterpret_cast<const char*>(units.data()), units.size() * 2);
  const MetabaseSnapshot version = read(wide);
  EXPECT_EQ(plain(version.wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(wide.substr(version.wam_user_name_where.offset, 8), std::string("I\0W\0A\0M\0", 8));
}

TEST(Metabase, HalfAFileIsReadAsFarAsItGoes) {
  const std::string xml = xml_of(web_server());
  const std::size_t half = xml.find("AppIsolated");
  CollectingSink sink;
  read_all(TestSources({xml.substr(0, half)}), sink);
  const auto versions = sink.all<MetabaseSnapshot>();
  ASSERT_EQ(versions.size(), 1U);
  EXPECT_EQ(plain(versions.front().wam_user_name), "IWAM_SHOP1");
  EXPECT_TRUE(versions.front().applications.empty());
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses().front().what).find("not well-formed"), std::string::npos);
  const Coverage& coverage = sink.summaries.front().coverage;
  EXPECT_EQ(coverage.read + coverage.damaged, half);
}

TEST(Metabase, BlobOfImpossibleLengthIsDamageAndNotAPassword) {
  std::string xml = xml_of(web_server());
  const std::size_t at = read(xml).password_where.offset;
  xml.replace(at + 16, 8, "ffffffff");  // the data's length
  CollectingSink sink;
  read_all(TestSources({xml}), sink);
  EXPECT_EQ(sink.all<MetabaseSnapshot>().front().password_form, PasswordForm::kUnreadable);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_EQ(sink.losses().front().offset, at);
}

TEST(Metabase, CustomElementsAreFoundByTheirId) {
  MadeMetabase metabase = metabase_of(web_server());
  MadeLocation& service = metabase.at("/LM/W3SVC");
  service.remove("WAMUserName");
  service.customs.push_back(
      MadeCustom{MadeProperty::text("UnknownName_7501", "IWAM_OTHER"), 7501, "STRING"});
  EXPECT_EQ(plain(read(metabase_xml(metabase)).wam_user_name), "IWAM_OTHER");
}

// A hoster's, or a hostile one: the time is linear, and the one password that matters is read
// wherever it stands.
TEST(Metabase, HundredThousandSecurePropertiesDoNotHideTheOne) {
  MadeWebServer server = web_server();
  server.password_form = MadeProperty::Form::kText;
  std::string xml = xml_of(server);
  std::string many;
  for (int i = 0; i < 100'001; ++i) {
    many += "<IIsWebVirtualDir Location=\"/LM/W3SVC/9/ROOT/" + std::to_string(i) +
            "\" UNCPassword=\"x\"/>";
  }
  const std::string_view kList = "<MBProperty>";
  xml.insert(xml.find(kList) + kList.size(), many);
  CollectingSink sink;
  read_all(TestSources({xml}), sink);
  EXPECT_EQ(sink.all<MetabaseSnapshot>().at(0).password_form, PasswordForm::kCleartext);
  EXPECT_EQ(sink.all<MetabaseSnapshot>().at(0).password_length, 14U);
  ASSERT_EQ(sink.losses().size(), 1U);
  EXPECT_NE(plain(sink.losses()[0].what).find("100000 secure properties"), std::string::npos);
}

TEST(Metabase, AllPropertiesAreToldWhereTheyAreAskedForAndNoSecretIsAmongThem) {
  CollectingSink sink;
  ReadOptions options;
  options.all_properties = true;
  const std::string xml = xml_of(web_server());
  read_all(TestSources({xml}), sink, options);
  const auto values = sink.all<MetabaseValue>();
  const auto name = std::ranges::find_if(
      values, [](const MetabaseValue& value) { return value.name.is("WAMUserName"); });
  ASSERT_NE(name, values.end());
  EXPECT_EQ(plain(name->location), "/LM/W3SVC");
  EXPECT_EQ(plain(name->value), "IWAM_SHOP1");
  EXPECT_EQ(xml.substr(name->where.offset, 10), "IWAM_SHOP1");
  for (const MetabaseValue& value : values) {
    EXPECT_FALSE(value.value.view().starts_with("49634462")) << plain(value.where.path);
  }
  EXPECT_GT(values.size(), 20U);
}

TEST(Metabase, EditsByHandAreCountedInTheNameOfTheFile) {
  const std::string xml = xml_of(web_server());
  const auto minor = [&](std::string_view name) {
    CollectingSink sink;
    KeyRing keys;
    const OpenSource source{SourceId{0}, as_bytes(xml), "", say(name)};
    read_metabases(std::span{&source, 1}, {}, keys, sink);
    return sink.all<MetabaseSnapshot>().at(0).minor;
  };
  EXPECT_EQ(minor("case/History/MetaBase_0000000041_0000000003.xml"), 3U);
  EXPECT_EQ(minor("MetaBase_0000000041_0000000000.xml"), 0U);
  for (const std::string_view other :
       {"MetaBase.xml", "History/MetaBase_41.xml", "MetaBase_x_0000000003.xml",
        "MetaBase_0000000041_99999999999999.xml",
        "MetaBase_0000000041_0000000003.xml/MetaBase.xml"}) {
    EXPECT_FALSE(minor(other)) << other;
  }
}

TEST(Metabase, RealFileAndItsDamagedCopy) {
  IWAMTRACE_NEEDS_DATA("metabase/modSIC/metabaseSample.xml");
  for (const char* name : {"metabaseSample.xml", "metabaseSampleWithIncompleteSessions.xml"}) {
    const std::string xml = file_bytes(data_folder() / "metabase/modSIC" / name);
    const MetabaseSnapshot version = read(xml);
    EXPECT_EQ(plain(version.wam_user_name), "IWAM_OVAL-IIS6-A");
    EXPECT_EQ(version.major, 70U);
    EXPECT_EQ(version.password_length, 14U);
    EXPECT_EQ(version.password_cipher,
              "31b103f76860a1451cd2cfdef5544bbc9061f6a6e982754096f36b286cbd9cb5ec46");
    EXPECT_EQ(version.iis5_isolation_mode, false);
    ASSERT_EQ(version.applications.size(), 1U);
    EXPECT_EQ(version.applications.front().isolated, 2U);
    EXPECT_EQ(xml.substr(version.password_where.offset, 8), "49634462");
  }
}

TEST(Metabase, SchemaIsRecognisedAndNotTakenForAMetabase) {
  IWAMTRACE_NEEDS_DATA("metabase/modSIC/mbSchemaSample.xml");
  const std::string xml = file_bytes(data_folder() / "metabase/modSIC/mbSchemaSample.xml");
  const Parser* parser = parser_for(as_bytes(xml).first(kFirstBytes));
  ASSERT_NE(parser, nullptr);
  EXPECT_EQ(parser->kind, SourceKind::kMetabaseSchema);
}

}  // namespace
}  // namespace iwamtrace
