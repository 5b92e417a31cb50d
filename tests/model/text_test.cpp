#include "model/text.h"

#include <gtest/gtest.h>

namespace iwamtrace {
namespace {

std::string from_units(std::u16string_view units) {
  return utf8_of(std::as_bytes(std::span{units.data(), units.size()}));
}

TEST(Text, AsciiInAllLengthsAroundTheFastPath) {
  const std::u16string units = u"abcdefghijklmnopq";
  for (std::size_t size = 0; size <= units.size(); ++size) {
    EXPECT_EQ(from_units(std::u16string_view{units}.substr(0, size)),
              std::string("abcdefghijklmnopq").substr(0, size));
  }
}

TEST(Text, CharactersOfTwoThreeAndFourBytes) {
  EXPECT_EQ(from_units(u"aé€\U0001F511z"), "aé€\U0001F511z");
  EXPECT_EQ(from_units(u"abcdé"), "abcdé");
}

TEST(Text, LoneSurrogatesSurviveBothWays) {
  const std::u16string lone{u'a', char16_t{0xD800}, u'b', char16_t{0xDC00}};
  const std::string text = from_units(lone);
  EXPECT_EQ(text,
            "a\xED\xA0\x80"
            "b\xED\xB0\x80");
  EXPECT_EQ(utf16_of(text), lone);
}

TEST(Text, HighSurrogateAtTheVeryEnd) {
  const std::u16string end{char16_t{0xDBFF}};
  EXPECT_EQ(utf16_of(from_units(end)), end);
}

TEST(Text, OddByteIsLeftOut) { EXPECT_EQ(utf8_of(as_bytes(std::string_view{"a\0b", 3})), "a"); }

TEST(Text, IllFormedUtf8IsRecognised) {
  EXPECT_EQ(utf8_sequence("é"), 2U);
  EXPECT_EQ(utf8_sequence("\xC0\x80"), 0U);          // overlong
  EXPECT_EQ(utf8_sequence("\xED\xA0\x80"), 0U);      // surrogate
  EXPECT_EQ(utf8_sequence("\xF4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(utf8_sequence("\xE2\x82"), 0U);          // cut
  EXPECT_EQ(utf8_sequence("\x80"), 0U);
  EXPECT_EQ(utf8_sequence(""), 0U);
}

TEST(Text, HexBothWays) {
  EXPECT_EQ(hex(as_bytes(std::string_view{"\x00\xff\x1b", 3})), "00ff1b");
  EXPECT_EQ(bytes_of_hex("00FF1b"), std::string("\x00\xff\x1b", 3));
  EXPECT_EQ(bytes_of_hex("0"), std::nullopt);
  EXPECT_EQ(bytes_of_hex("0g"), std::nullopt);
}

TEST(Text, SearchesIgnoreTheCaseOfAsciiOnly) {
  EXPECT_EQ(find_ignoring_case("né", "É"), std::string_view::npos);
  EXPECT_EQ(find_ignoring_case("Server EXECUTION failed", "execution"), 7U);
  EXPECT_EQ(find_ignoring_case("abc", ""), 0U);
  EXPECT_EQ(find_ignoring_case("abc", "abcd"), std::string_view::npos);
}

TEST(Text, NamesAreComparedAsWindowsDoes) {
  EXPECT_TRUE(equal_ignoring_case("IWAM_SHOP1", "iwam_shop1"));
  EXPECT_TRUE(equal_ignoring_case("IWAM_München1", "IWAM_MÜNCHEN1"));
  EXPECT_TRUE(equal_ignoring_case("łódź", "ŁÓDŹ"));
  EXPECT_TRUE(equal_ignoring_case("αβγω", "ΑΒΓΩ"));
  EXPECT_TRUE(equal_ignoring_case("сервер ё", "СЕРВЕР Ё"));
  EXPECT_FALSE(equal_ignoring_case("IWAM_Munchen1", "IWAM_MÜNCHEN1"));
  EXPECT_FALSE(equal_ignoring_case("ä", "ö"));
  EXPECT_FALSE(equal_ignoring_case("÷", "×"));
  EXPECT_FALSE(equal_ignoring_case("aä", "a"));
}

}  // namespace
}  // namespace iwamtrace
