// What the signatures of a metabase prove, with the public key at hand and without it.
#include <gtest/gtest.h>

#include "make/bytes.h"
#include "parsers/metabase/secure_value.h"
#include "parsers/metabase/signature.h"
#include "tests/support/metabases.h"

namespace iwamtrace {
namespace {

using By = SecretMatch::By;

constexpr std::string_view kService = "/LM/W3SVC";

KeyRing with_public_key(MetabaseMachine machine = MetabaseMachine::kFirst) {
  KeyRing keys;
  const std::string modulus = metabase_signature_modulus(machine);
  SigningModulus known;
  known.modulus.assign(as_bytes(modulus).begin(), as_bytes(modulus).end());
  keys.signing_moduli.push_back(std::move(known));
  return keys;
}

MadeMetabase made() { return metabase_of(made_web_server()); }

// Nothing is left that everybody knows the content of.
MadeMetabase without_known_values() {
  MadeMetabase metabase = made();
  for (MadeLocation& location : metabase.locations) {
    location.remove("AdminACL").remove("UNCPassword").remove("LogOdbcPassword");
  }
  return metabase;
}

MetabaseTestReading read(const std::string& xml) {
  KeyRing keys = with_public_key();
  return read_metabase_files({xml}, keys);
}

// A made file in which one byte of WAMUserPass's blob is another.
std::string with_edited_byte(std::size_t byte_of_blob) {
  std::string xml = metabase_xml(made());
  const std::size_t at = read_metabase_file(xml).version().password_where.offset + 2 * byte_of_blob;
  xml[at] = xml[at] == '0' ? '1' : '0';
  return xml;
}

TEST(MetabaseSignature, HoldsForEveryValueThatWasRead) {
  KeyRing keys = with_public_key();
  keys.principals.push_back(KnownPrincipal{say("IIS_WPG"), made_web_server().iis_wpg, {}});
  const MetabaseTestReading reading = read_metabase_files({metabase_xml(made())}, keys);
  EXPECT_EQ(reading.version().password_method, SecretMethod::kKeystream);
  EXPECT_EQ(reading.version().password_signature, SignatureCheck::kHolds);
  for (const SecureProperty& property : reading.sink.all<SecureProperty>()) {
    EXPECT_EQ(property.signature, SignatureCheck::kHolds) << plain(property.where.path);
    EXPECT_EQ(property.method, SecretMethod::kKeystream) << plain(property.where.path);
  }
  EXPECT_EQ(reading.remarks(), "");
}

TEST(MetabaseSignature, WithoutTheKeyNothingIsSaid) {
  const MetabaseTestReading reading = read_metabase_file(metabase_xml(made()));
  EXPECT_EQ(reading.version().password_signature, SignatureCheck::kNotMade);
}

TEST(MetabaseSignature, EditedBytesAreRefused) {
  constexpr std::size_t kLastCharacter = 16 + 30;
  const std::string xml = with_edited_byte(kLastCharacter);
  EXPECT_TRUE(read_metabase_file(xml).version().fingerprint);  // the stream alone cannot tell
  const MetabaseTestReading reading = read(xml);
  const MetabaseSnapshot version = reading.version();
  EXPECT_EQ(version.password_signature, SignatureCheck::kOfOtherValue);
  EXPECT_EQ(version.password_method, SecretMethod::kCiphertextOnly);
  EXPECT_EQ(version.fingerprint, std::nullopt);
  const std::string because =
      "its signature is genuine and of another value: the encrypted bytes were edited";
  EXPECT_EQ(plain(version.password_unknown_because), because);
  EXPECT_EQ(reading.remarks(), "/LM/W3SVC/WAMUserPass: " + because + "\n");
  EXPECT_EQ(reading.fingerprint(kService, "AnonymousUserPass"), "52996f88d84adc11");
}

TEST(MetabaseSignature, EditedSignatureIsRefused) {
  constexpr std::size_t kInSignature = 16 + 0x22 + 6 + 10;
  const MetabaseTestReading reading = read(with_edited_byte(kInSignature));
  const MetabaseSnapshot version = reading.version();
  EXPECT_EQ(version.password_signature, SignatureCheck::kForeign);
  EXPECT_EQ(version.fingerprint, std::nullopt);
  EXPECT_NE(plain(version.password_unknown_because).find("is not of the key that signed the rest"),
            std::string::npos);
  EXPECT_EQ(reading.property(kService, "AnonymousUserPass").signature, SignatureCheck::kHolds);
}

TEST(MetabaseSignature, SecretIsNotMatchedAgainstEditedBytes) {
  KeyRing keys = with_public_key();
  add_com_plus_secret(keys, kMadeWamPassword);
  const auto matches =
      read_metabase_files({with_edited_byte(16 + 30)}, keys).version().password_matches;
  EXPECT_EQ(matches.at(0).result, Equality::kUnknown);
}

TEST(MetabaseSignature, BlobOfAnotherServerIsForeign) {
  MadeMetabase metabase = made();
  MetabaseKeys other = metabase.keys;
  other.machine = MetabaseMachine::kSecond;
  const std::string text = utf16_bytes("from elsewhere") + std::string(2, '\0');
  metabase.at(kService).set(
      MadeProperty::text("WAMUserPass", hex(as_bytes(encrypted_metabase_blob(text, other)))));
  const MetabaseSnapshot version = read(metabase_xml(metabase)).version();
  EXPECT_EQ(version.password_signature, SignatureCheck::kForeign);
  EXPECT_EQ(version.fingerprint, std::nullopt);
}

TEST(MetabaseSignature, EachFileIsCheckedWithTheKeyOfItsServer) {
  MadeMetabase second = made();
  second.keys.machine = MetabaseMachine::kSecond;
  second.keys.session_key = "other";
  KeyRing keys = with_public_key();
  keys.signing_moduli.push_back(
      std::move(with_public_key(MetabaseMachine::kSecond).signing_moduli.front()));
  const MetabaseTestReading reading =
      read_metabase_files({metabase_xml(made()), metabase_xml(second)}, keys);
  EXPECT_EQ(reading.version(0).password_signature, SignatureCheck::kHolds);
  EXPECT_EQ(reading.version(1).password_signature, SignatureCheck::kHolds);
  EXPECT_EQ(reading.remarks(), "");
}

// ---- values that nothing else tells ----------------------------------------------------------

TEST(MetabaseSignature, ProvesEqualityWithASecretThoughNothingIsDecrypted) {
  KeyRing keys = with_public_key();
  add_com_plus_secret(keys, kMadeWamPassword);
  add_com_plus_secret(keys, ")U\"yR4)y8982tE", true);  // all but the last character
  const MetabaseSnapshot version =
      read_metabase_files({metabase_xml(without_known_values())}, keys).version();
  EXPECT_EQ(version.password_method, SecretMethod::kSignature);
  EXPECT_EQ(version.fingerprint, std::nullopt);
  ASSERT_EQ(version.password_matches.size(), 2U);
  EXPECT_EQ(version.password_matches[0].result, Equality::kEqual);
  EXPECT_EQ(version.password_matches[0].by, By::kSignature);
  EXPECT_EQ(version.password_matches[1].result, Equality::kDifferent);
  EXPECT_EQ(version.password_matches[1].by, By::kSignature);
}

// The second character, which the access lists tell by custom only.
TEST(MetabaseSignature, ConfirmsWhatWasOnlyAssumed) {
  MadeMetabase metabase = made();
  metabase.at(kService).set(MadeProperty::secret("LogOdbcPassword", "other1"));
  const MetabaseTestReading reading = read(metabase_xml(metabase));
  EXPECT_EQ(reading.version().password_signature, SignatureCheck::kHolds);
  EXPECT_EQ(to_string(*reading.version().fingerprint), kMadeWamFingerprint);
  EXPECT_EQ(reading.fingerprint(kService, "LogOdbcPassword"), fingerprint_of_text("other1"));
}

// The same where the custom is another: the byte is found by trying.
TEST(MetabaseSignature, FindsWhatWasAssumedWrongly) {
  MadeMetabase metabase = made();
  metabase.at(kService).set(MadeProperty::secret("LogOdbcPassword", "other1"));
  for (MadeLocation& location : metabase.locations) {
    for (MadeProperty& property : location.properties) {
      if (property.name == "AdminACL") {
        property.value[2] = '\x04';  // neither owner nor group by default
      }
    }
  }
  const MetabaseTestReading reading = read(metabase_xml(metabase));
  EXPECT_EQ(reading.version().password_signature, SignatureCheck::kHolds);
  EXPECT_EQ(to_string(*reading.version().fingerprint), kMadeWamFingerprint);
  EXPECT_EQ(reading.fingerprint(kService, "AnonymousUserPass"), "52996f88d84adc11");
}

TEST(MetabaseSignature, ConfirmsALongPassword) {
  const std::string text(79, 'x');
  MadeMetabase metabase = made();
  metabase.at(kService).set(MadeProperty::secret("WAMUserPass", text));
  KeyRing keys = with_public_key();
  keys.principals.push_back(KnownPrincipal{say("IIS_WPG"), made_web_server().iis_wpg, {}});
  EXPECT_EQ(
      read_metabase_files({metabase_xml(metabase)}, keys).fingerprint(kService, "WAMUserPass"),
      fingerprint_of_text(text));
}

// ---- the key itself --------------------------------------------------------------------------

SecureValue value_in(const std::string& xml, std::string_view attribute) {
  const std::size_t at = xml.find(std::string(attribute) + "=\"") + attribute.size() + 2;
  return read_secure_value(std::string_view{xml}.substr(at, xml.find('"', at) - at));
}

SignedMessage message_of(std::string_view zeros_and_cleartext, const SecureValue& value) {
  return {SecretBytes(as_bytes(zeros_and_cleartext)), value.signature};
}

// Two searches of some 10 s: the first guess is wrong.
TEST(MetabaseSignature, KeyOfARealServerIsComputedFromWhatItSigned) {
  IWAMTRACE_NEEDS_DATA("metabase/modSIC/metabaseSample.xml");
  const std::string xml = file_bytes(data_folder() / "metabase/modSIC/metabaseSample.xml");
  const SecureValue session_key = value_in(xml, "SessionKey");
  const SecureValue odbc = value_in(xml, "LogOdbcPassword");
  const SecureValue unc = value_in(xml, "UNCPassword");
  std::vector<SignedMessage> messages;
  messages.push_back({SecretBytes(session_key.data.view()), session_key.signature});
  messages.push_back(message_of("a wrong guess", odbc));
  messages.push_back(message_of(std::string(6, '\0'), unc));
  const SecureValue wam = value_in(xml, "WAMUserPass");
  std::vector<std::string> steps;
  const KeySearch search = find_signature_key(
      messages, std::vector<Bytes>{wam.signature}, ProofBudget(std::chrono::seconds{240}),
      [&](std::string_view step) { steps.emplace_back(step); });
  ASSERT_EQ(search.result, KeySearch::Result::kFound);
  EXPECT_EQ(hex(search.key->modulus()),
            "c2a0d7946f170e0b62f6715acb04505ce049f3f94a5209a5be8484f95d72bc09"
            "4f8796880403cdfc11a2af4da4f68500cf8e531f64a8014dd244542cb9658c45");
  EXPECT_EQ(steps.size(), 5U);

  KeyRing keys;
  SigningModulus known;
  known.modulus = search.key->modulus();
  keys.signing_moduli.push_back(std::move(known));
  const MetabaseTestReading reading = read_metabase_files({xml}, keys);
  EXPECT_EQ(reading.version().password_signature, SignatureCheck::kHolds);
  for (const SecureProperty& property : reading.sink.all<SecureProperty>()) {
    // Of the longer lists the server's SID is not known.
    EXPECT_EQ(property.signature,
              property.size == 160 ? SignatureCheck::kNotMade : SignatureCheck::kHolds)
        << plain(property.where.path);
    EXPECT_EQ(property.method,
              property.size == 160 ? SecretMethod::kSignature : SecretMethod::kKeystream);
  }
}

TEST(MetabaseSignature, NoStepIsBegunThatTheBudgetDoesNotAllow) {
  const std::string xml = metabase_xml(made());
  const SecureValue odbc = value_in(xml, "LogOdbcPassword");
  const SecureValue unc = value_in(xml, "UNCPassword");
  std::vector<SignedMessage> messages;
  messages.push_back(message_of("anything", odbc));
  messages.push_back(message_of(std::string(6, '\0'), unc));
  std::size_t steps = 0;
  const auto count = [&](std::string_view) { ++steps; };
  using std::chrono::seconds;
  EXPECT_EQ(find_signature_key(messages, {}, ProofBudget(seconds{0}), count).result,
            KeySearch::Result::kBudgetOver);
  EXPECT_EQ(steps, 0U);
  EXPECT_EQ(find_signature_key(messages, {}, ProofBudget(seconds{1}), count).result,
            KeySearch::Result::kBudgetOver);
  EXPECT_EQ(steps, 1U);
  messages.pop_back();
  EXPECT_EQ(find_signature_key(messages, {}, ProofBudget(seconds{100}), count).result,
            KeySearch::Result::kTooFewMessages);
}

TEST(MetabaseSignature, ImpossibleKeysAndSignaturesAreNone) {
  EXPECT_FALSE(SignatureKey::of_modulus({}));
  const std::vector<std::byte> even(64, std::byte{0x80});
  EXPECT_FALSE(SignatureKey::of_modulus(even));
  const std::string modulus = metabase_signature_modulus(MetabaseMachine::kFirst);
  const auto key = SignatureKey::of_modulus(as_bytes(modulus));
  ASSERT_TRUE(key);
  EXPECT_FALSE(key->signed_digest({}));
  EXPECT_FALSE(key->signed_digest(std::vector<std::byte>(64)));
  EXPECT_FALSE(key->signed_digest(std::vector<std::byte>(64, std::byte{0xFF})));
  const SecureValue unc = value_in(metabase_xml(made()), "UNCPassword");
  const auto digest = key->signed_digest(unc.signature);
  ASSERT_TRUE(digest);
  EXPECT_EQ(hex(digest->view()), hex(md5({std::vector<std::byte>(6)}).view()));
}

}  // namespace
}  // namespace iwamtrace
