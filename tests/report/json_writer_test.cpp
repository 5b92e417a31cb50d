#include "report/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace iwamtrace {
namespace {

std::string json_of(std::string_view theirs) {
  JsonWriter json(JsonWriter::Style::kCompact);
  json.value(UntrustedView{theirs});
  return json.take();
}

TEST(JsonWriter, WritesNestedMembersInTheOrderOfTheCalls) {
  JsonWriter json(JsonWriter::Style::kCompact);
  json.object([&] {
    json.member("b", 1);
    json.array("list", [&] {
      json.value(true);
      json.value(nullptr);
      json.object([] {});
    });
    json.member("a", std::optional<int>{});
    json.array("none", [] {});
  });
  EXPECT_EQ(json.text(), R"({"b":1,"list":[true,null,{}],"a":null,"none":[]})");
}

TEST(JsonWriter, IndentsForReadersWhoAreNoPrograms) {
  JsonWriter json(JsonWriter::Style::kIndented);
  json.object([&] {
    json.array("list", [&] { json.value(1); });
    json.object("empty", [] {});
  });
  EXPECT_EQ(json.text(), "{\n  \"list\": [\n    1\n  ],\n  \"empty\": {}\n}");
}

TEST(JsonWriter, KeepsEveryCharacterOfEvidence) {
  EXPECT_EQ(json_of("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_of(std::string_view("\0\x1b\n", 3)), R"("\u0000\u001b\u000a")");
  EXPECT_EQ(json_of("\x7f"), R"("\u007f")");
  EXPECT_EQ(json_of("Grüße, 世界 😀"), "\"Grüße, 世界 😀\"");
  for (const std::string text : {"\u202e\u0085", "a\tb", "\\u0041", "</script>"}) {
    EXPECT_EQ(nlohmann::json::parse(json_of(text)).get<std::string>(), text);
  }
}

// Windows paths and names may hold half of a pair: it is not lost, and the JSON stays valid.
TEST(JsonWriter, ALoneSurrogateBecomesItsEscape) {
  EXPECT_EQ(json_of("a\xED\xA0\xBD"
                    "b"),
            R"("a\ud83db")");
  EXPECT_EQ(json_of("\xED\xBF\xBF"), R"("\udfff")");
}

TEST(JsonWriter, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(json_of("a\xff"
                    "b\xc0\x80"),
            R"("a\ufffdb\ufffd\ufffd")");
  EXPECT_EQ(json_of("\xe2\x82"), R"("\ufffd\ufffd")");         // cut in the middle
  EXPECT_EQ(json_of("\xf4\x90\x80\x80").find("\\ufffd"), 1U);  // beyond U+10FFFF
}

TEST(JsonWriter, LinesOfAStreamAreDocumentsOfTheirOwn) {
  JsonWriter json(JsonWriter::Style::kCompact);
  for (int i = 0; i < 2; ++i) {
    json.object([&] { json.member("i", i); });
    json.end_line();
  }
  EXPECT_EQ(json.text(), "{\"i\":0}\n{\"i\":1}\n");
}

TEST(JsonWriter, NumbersAreExact) {
  JsonWriter json(JsonWriter::Style::kCompact);
  json.array([&] {
    json.value(UINT64_MAX);
    json.value(INT64_MIN);
    json.value(std::uint16_t{36});
  });
  EXPECT_EQ(json.text(), "[18446744073709551615,-9223372036854775808,36]");
}

}  // namespace
}  // namespace iwamtrace
