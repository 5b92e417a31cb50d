// The forms in which a secure property stands in the file.
#include "parsers/metabase/secure_value.h"

#include <gtest/gtest.h>

#include "make/bytes.h"
#include "make/metabase_blobs.h"

namespace iwamtrace {
namespace {

using Form = SecureValue::Form;

std::string with_nul(std::string_view utf8) { return utf16_bytes(utf8) + std::string(2, '\0'); }
SecureValue read(std::string_view blob) { return read_secure_value(hex(as_bytes(blob))); }

TEST(SecureValue, EncryptedBlobHasDataAndSignatureAtTheirOffsets) {
  const std::string blob = encrypted_metabase_blob(with_nul("fourteen chars"), {});
  const SecureValue value = read(blob);
  EXPECT_EQ(value.form, Form::kEncrypted);
  EXPECT_EQ(value.data_at, 16U);
  EXPECT_EQ(hex(value.data.view()), hex(as_bytes(blob.substr(16, 0x22))));
  EXPECT_EQ(value.signature_at, 16U + 0x28);
  EXPECT_EQ(hex(value.signature), hex(as_bytes(blob.substr(16 + 0x28))));
  EXPECT_EQ(value.because, "");
  EXPECT_EQ(characters_of(value), 14U);
}

TEST(SecureValue, SessionKeyIsASimpleBlob) {
  const SecureValue value = read(session_key_metabase_blob({}));
  EXPECT_EQ(value.form, Form::kSessionKey);
  EXPECT_EQ(value.data.size(), 76U);
  EXPECT_EQ(hex(value.data.view().first(8)), "0102000001680000");
  EXPECT_EQ(value.signature.size(), 64U);
  EXPECT_EQ(characters_of(value), std::nullopt);
}

TEST(SecureValue, CleartextBlobAndTypedText) {
  const SecureValue blob = read(cleartext_metabase_blob(with_nul("secret")));
  EXPECT_EQ(blob.form, Form::kCleartext);
  EXPECT_EQ(blob.data_at, 8U);
  EXPECT_EQ(hex(text_in(blob.data.view())), hex(as_bytes(utf16_bytes("secret"))));
  EXPECT_EQ(characters_of(blob), 6U);

  const SecureValue text = read_secure_value("4963-typed");
  EXPECT_EQ(text.form, Form::kText);
  EXPECT_EQ(characters_of(text), 10U);
  EXPECT_EQ(characters_of(read_secure_value("")), 0U);
}

TEST(SecureValue, FormsOfTheProtocolAreNamed) {
  EXPECT_EQ(read(std::string("IcHb\x02\0\0\0ab", 10)).form, Form::kHash);
  EXPECT_EQ(read(std::string("IcPb\x02\0\0\0ab", 10)).form, Form::kPublicKey);
}

// Cut data are damage; a cut signature costs the signature.
TEST(SecureValue, CutAtEveryByte) {
  const std::string blob = encrypted_metabase_blob(with_nul("fourteen chars"), {});
  for (std::size_t size = 4; size < blob.size(); ++size) {
    const SecureValue value = read(blob.substr(0, size));
    if (size < 16 + 0x22) {
      EXPECT_EQ(value.form, Form::kDamaged) << size;
      EXPECT_TRUE(value.data.empty()) << size;
    } else {
      EXPECT_EQ(value.form, Form::kEncrypted) << size;
      EXPECT_TRUE(value.signature.empty()) << size;
      EXPECT_EQ(value.because, "its signature is cut off") << size;
    }
  }
}

TEST(SecureValue, LyingLengthsAreDamage) {
  std::string blob = encrypted_metabase_blob(with_nul("x"), {});
  blob.replace(8, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(read(blob).form, Form::kDamaged);
  blob.replace(8, 4, std::string("\0\0\x02\0", 4));  // more than a property has
  EXPECT_EQ(read(blob + std::string(0x20000, 'x')).because, "data of 131072 bytes");
  std::string longer = encrypted_metabase_blob(with_nul("x"), {}) + "more";
  EXPECT_EQ(read(longer).because, "it announces 80 bytes and has 84");
  EXPECT_EQ(read_secure_value("49634462zz").because, "not all of it is hexadecimal");
}

TEST(SecureValue, SizesThatNoTextHasHaveNoCharacters) {
  EXPECT_EQ(characters_of(read(encrypted_metabase_blob("", {}))), std::nullopt);
  EXPECT_EQ(characters_of(read(encrypted_metabase_blob("odd", {}))), std::nullopt);
  EXPECT_EQ(characters_of(read(encrypted_metabase_blob(with_nul(""), {}))), 0U);
}

}  // namespace
}  // namespace iwamtrace
