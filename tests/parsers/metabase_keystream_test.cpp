// Passwords out of a metabase without any key, and what is not taken for known.
#include <gtest/gtest.h>
#include <regex>

#include "tests/support/metabases.h"

namespace iwamtrace {
namespace {

using By = SecretMatch::By;

constexpr std::string_view kService = "/LM/W3SVC";

MadeMetabase made() { return metabase_of(made_web_server()); }

MadeMetabase with_odbc_password(std::string_view utf8) {
  MadeMetabase metabase = made();
  metabase.at(kService).set(MadeProperty::secret("LogOdbcPassword", utf8));
  return metabase;
}

std::string why_unknown(const MadeMetabase& metabase) {
  return plain(read_metabase_file(metabase_xml(metabase)).version().password_unknown_because);
}

void set_password(MadeMetabase& metabase, std::string_view utf8) {
  metabase.at(kService).set(MadeProperty::secret("WAMUserPass", utf8));
}

void remove_access_lists(MadeMetabase& metabase) {
  for (MadeLocation& location : metabase.locations) {
    location.remove("AdminACL");
  }
}

// What everybody knows the content of.
void remove_known_values(MadeMetabase& metabase) {
  remove_access_lists(metabase);
  for (MadeLocation& location : metabase.locations) {
    location.remove("UNCPassword").remove("LogOdbcPassword");
  }
}

KeyRing with_sam_of_the_server() {
  KeyRing keys;
  keys.principals.push_back(KnownPrincipal{say("IIS_WPG"), made_web_server().iis_wpg, {}});
  return keys;
}

MetabaseTestReading read_with_secret(const MadeMetabase& metabase, std::string_view utf8) {
  KeyRing keys;
  add_com_plus_secret(keys, utf8);
  return read_metabase_files({metabase_xml(metabase)}, keys);
}

// ---- what is read ----------------------------------------------------------------------------

TEST(MetabaseKeystream, PasswordsOfACleanServerAreReadWithoutAnyKey) {
  const MetabaseTestReading reading = read_metabase_file(metabase_xml(made()));
  const MetabaseSnapshot version = reading.version();
  EXPECT_EQ(version.password_method, SecretMethod::kKeystream);
  ASSERT_TRUE(version.fingerprint);
  EXPECT_EQ(to_string(*version.fingerprint), kMadeWamFingerprint);
  EXPECT_TRUE(version.password_unknown_because.empty());
  EXPECT_TRUE(version.revealed_password.empty());
  EXPECT_EQ(reading.fingerprint(kService, "AnonymousUserPass"), "52996f88d84adc11");
  EXPECT_EQ(reading.fingerprint(kService, "LogOdbcPassword"), fingerprint_of_text("sqllog"));
  EXPECT_EQ(reading.remarks(), "");

  const SecureProperty list = reading.property("/", "AdminACL");
  EXPECT_EQ(list.method, SecretMethod::kCiphertextOnly);  // the machine's SID is not known
  EXPECT_EQ(list.size, 160U);
  EXPECT_EQ(list.characters, std::nullopt);
  EXPECT_EQ(list.fingerprint, std::nullopt);
}

TEST(MetabaseKeystream, WhatItRestsOnIsNamed) {
  const std::string xml = metabase_xml(made());
  const MetabaseSnapshot version = read_metabase_file(xml).version();
  std::vector<std::string> names;
  for (const Citation& where : version.opened_by) {
    names.push_back(plain(where.path));
    EXPECT_EQ(xml.substr(where.offset, 8), "49634462");
  }
  EXPECT_EQ(names, (std::vector<std::string>{"/AdminACL", "/LM/Logging/AdminACL",
                                             "/LM/W3SVC/LogOdbcPassword"}));
}

TEST(MetabaseKeystream, ValueIsShownWhereItIsAskedFor) {
  KeyRing keys;
  ReadOptions options = without_proof();
  options.reveal_secrets = true;
  const MetabaseTestReading reading = read_metabase_files({metabase_xml(made())}, keys, options);
  EXPECT_EQ(plain(reading.version().revealed_password), kMadeWamPassword);
  EXPECT_TRUE(reading.property("/LM/Logging", "AdminACL").revealed.empty());
}

TEST(MetabaseKeystream, RealServer) {
  const std::string folder = "metabase/modSIC/";
  IWAMTRACE_NEEDS_DATA(folder + "metabaseSample.xml");
  const std::string oracle =
      file_bytes(data_folder() / folder / "metabaseSample.secure-properties.oracle.txt");
  const MetabaseTestReading reading =
      read_metabase_file(file_bytes(data_folder() / folder / "metabaseSample.xml"));
  for (const char* name : {"WAMUserPass", "AnonymousUserPass", "LogOdbcPassword"}) {
    std::smatch told;
    ASSERT_TRUE(std::regex_search(oracle, told, std::regex(std::string(name) + " +(\\S+)")))
        << name;
    EXPECT_EQ(reading.fingerprint(kService, name), fingerprint_of_text(told.str(1))) << name;
  }
  EXPECT_EQ(reading.fingerprint(kService, "WAMUserPass"), kMadeWamFingerprint);
  EXPECT_EQ(reading.fingerprint("/LM/W3SVC/1/ROOT", "UNCPassword"), fingerprint_of_text(""));
  EXPECT_EQ(reading.property("/LM/W3SVC/1/ROOT", "UNCPassword").characters, 0U);
  EXPECT_EQ(reading.version().password_method, SecretMethod::kKeystream);
  EXPECT_EQ(reading.sink.all<SecureProperty>().size(), 10U);
  EXPECT_EQ(reading.remarks(), "");
}

TEST(MetabaseKeystream, VersionsUnderOneSessionKeyOpenEachOther) {
  MadeMetabase older = made();
  MadeMetabase newer = made();
  set_password(newer, "changed:2004!!");
  remove_access_lists(newer);
  newer.at(kService).remove("LogOdbcPassword");
  EXPECT_EQ(read_metabase_file(metabase_xml(newer)).version().fingerprint, std::nullopt);
  KeyRing keys;
  const MetabaseTestReading both =
      read_metabase_files({metabase_xml(older), metabase_xml(newer)}, keys);
  EXPECT_EQ(to_string(*both.version(1).fingerprint), fingerprint_of_text("changed:2004!!"));
}

// What a hundred sites in Cyrillic say of their zeros, they say once.
TEST(MetabaseKeystream, PasswordsBeyondLatinAreReadAndOutvoteNobody) {
  MadeMetabase metabase = made();
  set_password(metabase, "пароль-сервера");
  for (int i = 0; i < 30; ++i) {
    metabase.make("IIsWebServer", "/LM/W3SVC/" + std::to_string(100 + i))
        .set(MadeProperty::secret("AnonymousUserPass", "ещё пароль " + std::to_string(i)));
  }
  const MetabaseTestReading reading = read_metabase_file(metabase_xml(metabase));
  EXPECT_EQ(reading.fingerprint(kService, "WAMUserPass"), fingerprint_of_text("пароль-сервера"));
  EXPECT_EQ(reading.fingerprint("/LM/W3SVC/129", "AnonymousUserPass"),
            fingerprint_of_text("ещё пароль 29"));
  EXPECT_EQ(reading.remarks(), "");
}

// ---- what is not known -----------------------------------------------------------------------

// The second character stands where a descriptor has its control bits, which only custom tells.
TEST(MetabaseKeystream, CustomAloneIsNotKnowledge) {
  const MetabaseSnapshot version =
      read_metabase_file(metabase_xml(with_odbc_password("other1"))).version();
  EXPECT_EQ(version.password_method, SecretMethod::kCiphertextOnly);
  EXPECT_EQ(version.fingerprint, std::nullopt);
  EXPECT_EQ(plain(version.password_unknown_because),
            "the other secure properties do not tell its character 2");
}

TEST(MetabaseKeystream, ListsOfOneFormSayTheSameTwice) {
  MadeMetabase metabase = with_odbc_password("other1");
  const MadeProperty list = MadeProperty::secret_bytes("AdminACL", admin_acl_for_administrators());
  remove_known_values(metabase);
  metabase.at("/LM/Logging").set(list);
  metabase.at("/LM/W3SVC/Info").set(list);
  EXPECT_EQ(why_unknown(metabase),
            "the other secure properties do not tell any of its 14 characters");
}

TEST(MetabaseKeystream, WithoutKnownValuesNothingIsTold) {
  MadeMetabase metabase = made();
  remove_known_values(metabase);
  EXPECT_EQ(why_unknown(metabase),
            "the other secure properties do not tell any of its 14 characters");
}

TEST(MetabaseKeystream, UnusualAccessListIsOutvotedAndNamed) {
  MadeMetabase metabase = made();
  std::string other = admin_acl_for_administrators();
  std::swap(other[4], other[8]);  // owner and group change places
  metabase.at("/LM/Logging").set(MadeProperty::secret_bytes("AdminACL", other));
  const MetabaseTestReading reading = read_metabase_file(metabase_xml(metabase));
  EXPECT_EQ(reading.fingerprint(kService, "WAMUserPass"), kMadeWamFingerprint);
  EXPECT_EQ(reading.remarks(),
            "/LM/Logging/AdminACL: not the access list of a clean server; the keystream does not "
            "rest on it\n");
  EXPECT_TRUE(reading.sink.losses().empty());
}

TEST(MetabaseKeystream, UnusualRightsCostTheirOwnBytesOnly) {
  MadeMetabase metabase = made();
  set_password(metabase, "twenty characters...");
  std::string other = admin_acl_for_administrators();
  other[32] = '\xA9';  // of the mask
  metabase.at("/LM/Logging").set(MadeProperty::secret_bytes("AdminACL", other));
  EXPECT_EQ(read_metabase_file(metabase_xml(metabase)).fingerprint(kService, "WAMUserPass"),
            fingerprint_of_text("twenty characters..."));
}

// The NUL behind an empty password and behind the six letters of another.
TEST(MetabaseKeystream, WhatFollowsFromLengthsIsKnown) {
  MadeMetabase metabase = made();
  remove_access_lists(metabase);
  EXPECT_EQ(why_unknown(metabase),
            "the other secure properties do not tell its characters 2-6 and 8-14");
}

// One against one: neither is believed where they differ.
TEST(MetabaseKeystream, EvenVotesTellNothing) {
  MadeMetabase metabase = made();
  remove_access_lists(metabase);
  std::string other = admin_acl_for_administrators();
  other[16] = '\x18';  // where the list begins
  metabase.at("/LM/Logging")
      .set(MadeProperty::secret_bytes("AdminACL", admin_acl_for_administrators()));
  metabase.at("/LM/W3SVC/Info").set(MadeProperty::secret_bytes("AdminACL", other));
  EXPECT_EQ(why_unknown(metabase), "the other secure properties do not tell its character 9");
}

TEST(MetabaseKeystream, LongPasswordNeedsTheServersSid) {
  MadeMetabase metabase = made();
  const std::string text = "fifty characters are more than the short list says";
  ASSERT_EQ(text.size(), 50U);
  set_password(metabase, text);
  const MetabaseTestReading without = read_metabase_file(metabase_xml(metabase));
  EXPECT_EQ(without.version().password_length, 50U);
  EXPECT_EQ(plain(without.version().password_unknown_because),
            "the other secure properties do not tell its characters 45-50");
  KeyRing keys = with_sam_of_the_server();
  EXPECT_EQ(
      read_metabase_files({metabase_xml(metabase)}, keys).fingerprint(kService, "WAMUserPass"),
      fingerprint_of_text(text));
  // The SAM of another server is seen through.
  KeyRing foreign;
  foreign.principals.push_back(
      KnownPrincipal{say("IIS_WPG"), *Sid::from_text("S-1-5-21-1-2-3-1005"), {}});
  EXPECT_EQ(
      read_metabase_files({metabase_xml(metabase)}, foreign).fingerprint(kService, "WAMUserPass"),
      "");
}

TEST(MetabaseKeystream, TheRightSamOfSeveralIsFound) {
  MadeMetabase metabase = made();
  const std::string text = "fifty characters are more than the short list says";
  set_password(metabase, text);
  KeyRing keys;
  keys.principals.push_back(
      KnownPrincipal{say("IIS_WPG"), *Sid::from_text("S-1-5-21-1-2-3-1005"), {}});
  keys.principals.push_back(KnownPrincipal{say("IIS_WPG"), made_web_server().iis_wpg, {}});
  const MetabaseTestReading reading = read_metabase_files({metabase_xml(metabase)}, keys);
  EXPECT_EQ(reading.fingerprint(kService, "WAMUserPass"), fingerprint_of_text(text));
  EXPECT_EQ(reading.remarks(), "");
}

TEST(MetabaseKeystream, BlobFromAnotherFileIsNamed) {
  MadeMetabase metabase = made();
  MadeMetabase other = made();
  other.keys.session_key = "other";
  set_password(other, "from the other");
  const std::string theirs = metabase_xml(other);
  const std::size_t at = read_metabase_file(theirs).version().password_where.offset;
  metabase.at(kService).set(
      MadeProperty::text("WAMUserPass", theirs.substr(at, theirs.find('"', at) - at)));
  const MetabaseTestReading alone = read_metabase_file(metabase_xml(metabase));
  EXPECT_EQ(alone.version().fingerprint, std::nullopt);
  EXPECT_EQ(alone.remarks(),
            "/LM/W3SVC/WAMUserPass: encrypted under another session key than the rest of the file, "
            "as if pasted from another metabase\n");
  EXPECT_EQ(alone.fingerprint(kService, "AnonymousUserPass"), "52996f88d84adc11");
  // The file it comes from opens it.
  KeyRing keys;
  const MetabaseTestReading both = read_metabase_files({metabase_xml(metabase), theirs}, keys);
  EXPECT_EQ(to_string(*both.version(0).fingerprint), fingerprint_of_text("from the other"));
}

// ---- a known password, tried -----------------------------------------------------------------

TEST(MetabaseKeystream, KnownPasswordIsProvedByWhatItMakesOfTheOthers) {
  // Without it the second character is open.
  const MetabaseTestReading reading =
      read_with_secret(with_odbc_password("other1"), kMadeWamPassword);
  const MetabaseSnapshot version = reading.version();
  ASSERT_EQ(version.password_matches.size(), 1U);
  EXPECT_EQ(version.password_matches[0].result, Equality::kEqual);
  EXPECT_EQ(version.password_matches[0].by, By::kKeystream);
  EXPECT_FALSE(version.password_matches[0].previous);
  EXPECT_EQ(version.password_matches[0].secret.source, SourceId{9});
  EXPECT_EQ(to_string(*version.fingerprint), kMadeWamFingerprint);
  EXPECT_EQ(reading.fingerprint(kService, "AnonymousUserPass"), "52996f88d84adc11");
  EXPECT_EQ(reading.fingerprint(kService, "LogOdbcPassword"), fingerprint_of_text("other1"));
}

TEST(MetabaseKeystream, OneWrongCharacterIsADifference) {
  for (std::size_t i = 0; i < kMadeWamPassword.size(); ++i) {
    std::string wrong = kMadeWamPassword;
    wrong[i] = static_cast<char>(wrong[i] + 1);
    const SecretMatch match = read_with_secret(made(), wrong).version().password_matches.at(0);
    EXPECT_EQ(match.result, Equality::kDifferent) << i;
    EXPECT_EQ(match.by, By::kKeystream) << i;
  }
}

TEST(MetabaseKeystream, OtherLengthIsADifferenceByItself) {
  MadeMetabase metabase = made();
  remove_known_values(metabase);
  const SecretMatch match = read_with_secret(metabase, "short").version().password_matches.at(0);
  EXPECT_EQ(match.result, Equality::kDifferent);
  EXPECT_EQ(match.by, By::kLength);
}

TEST(MetabaseKeystream, WhereNothingContradictsAndNothingConfirmsItIsNotKnown) {
  MadeMetabase bare = made();
  remove_known_values(bare);
  for (const std::string& candidate : {kMadeWamPassword, std::string("another, of 14")}) {
    const SecretMatch match = read_with_secret(bare, candidate).version().password_matches.at(0);
    EXPECT_EQ(match.result, Equality::kUnknown);
    EXPECT_EQ(match.by, By::kNothing);
  }
  // Wrong only where custom alone speaks.
  std::string wrong = kMadeWamPassword;
  wrong[1] = 'V';
  const SecretMatch match =
      read_with_secret(with_odbc_password("other1"), wrong).version().password_matches.at(0);
  EXPECT_EQ(match.result, Equality::kUnknown);
}

TEST(MetabaseKeystream, FormerSecretIsTestedToo) {
  KeyRing keys;
  add_com_plus_secret(keys, "new in COM+ 14");
  add_com_plus_secret(keys, kMadeWamPassword, true);
  const auto matches = read_metabase_files({metabase_xml(made())}, keys).version().password_matches;
  ASSERT_EQ(matches.size(), 2U);
  EXPECT_EQ(matches[0].result, Equality::kDifferent);
  EXPECT_EQ(matches[1].result, Equality::kEqual);
  EXPECT_TRUE(matches[1].previous);
}

TEST(MetabaseKeystream, CleartextIsComparedAsItStands) {
  MadeWebServer server = made_web_server();
  for (const auto form : {MadeProperty::Form::kText, MadeProperty::Form::kCleartextBlob}) {
    server.password_form = form;
    const MetabaseTestReading reading = read_with_secret(metabase_of(server), kMadeWamPassword);
    EXPECT_EQ(reading.version().password_method, SecretMethod::kPlaintext);
    EXPECT_EQ(reading.version().password_matches.at(0).result, Equality::kEqual);
    EXPECT_EQ(reading.version().password_matches.at(0).by, By::kValue);
  }
}

// ---- the key itself --------------------------------------------------------------------------

KeyRing with_session_key(const std::string& xml, std::string_view key) {
  KeyRing keys;
  SessionKey session;
  const std::size_t at = xml.find("49634b62");
  const std::string blob = bytes_of_hex(xml.substr(at, xml.find('"', at) - at)).value();
  const Bytes wrapped = as_bytes(blob).subspan(16, 76);
  session.where = {SourceId{9}, 0x40, std::nullopt, {}};
  session.wrapped.assign(wrapped.begin(), wrapped.end());
  std::ranges::copy(as_bytes(key), session.key.bytes.begin());
  keys.session_keys.push_back(std::move(session));
  return keys;
}

TEST(MetabaseKeystream, SessionKeyOpensEverything) {
  MadeMetabase metabase = made();
  remove_known_values(metabase);
  set_password(metabase, std::string(200, 'x'));
  const std::string xml = metabase_xml(metabase);
  KeyRing keys = with_session_key(xml, metabase.keys.session_key);
  const MetabaseTestReading reading = read_metabase_files({xml}, keys);
  EXPECT_EQ(reading.version().password_method, SecretMethod::kRsaKey);
  EXPECT_EQ(to_string(*reading.version().fingerprint), fingerprint_of_text(std::string(200, 'x')));
  EXPECT_EQ(reading.version().opened_by, std::vector{keys.session_keys.front().where});
}

TEST(MetabaseKeystream, SessionKeyThatFitsNothingIsNamedAndNotUsed) {
  const std::string xml = metabase_xml(made());
  KeyRing keys = with_session_key(xml, "wrong");
  const MetabaseTestReading reading = read_metabase_files({xml}, keys);
  EXPECT_EQ(reading.version().password_method, SecretMethod::kKeystream);
  EXPECT_EQ(to_string(*reading.version().fingerprint), kMadeWamFingerprint);
  EXPECT_EQ(reading.remarks(),
            "./SessionKey: opened with the server's RSA key, but no property is under that key\n");
}

}  // namespace
}  // namespace iwamtrace
