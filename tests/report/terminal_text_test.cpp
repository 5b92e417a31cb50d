#include "report/terminal_text.h"

#include <gtest/gtest.h>

#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

std::string visible(std::string_view text) { return TerminalText::visible(UntrustedView{text}); }

// A user name that clears the screen, a path that reads backwards.
TEST(TerminalText, WhatCouldSteerATerminalIsShownInstead) {
  EXPECT_EQ(visible("bob\x1b[2J"), "bob\\x1b[2J");
  EXPECT_EQ(visible("\x9b"
                    "31m"),
            "\\x9b31m");                        // C1 as a byte
  EXPECT_EQ(visible("\u009b31m"), "\\x9b31m");  // and as a character
  EXPECT_EQ(visible("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(visible("gpj\u202etxt.exe"), "gpj\\u202etxt.exe");
  EXPECT_EQ(visible("a\u200bb\ufeff\u2066"), "a\\u200bb\\ufeff\\u2066");
  EXPECT_EQ(visible("\U000E0041"), "\\U000e0041");  // a tag, invisible
  EXPECT_EQ(visible(std::string_view("SCM:{3D}\0", 9)), "SCM:{3D}\\x00");
}

TEST(TerminalText, OrdinaryTextStaysAsItIs) {
  for (const std::string text : {"C:\\inetpub\\wwwroot", "Grüße", "世界", "😀", "<b>&amp;"}) {
    EXPECT_EQ(visible(text), text);
  }
}

TEST(TerminalText, BytesThatAreNoTextAreShownAsBytes) {
  EXPECT_EQ(visible("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(visible("\xED\xA0\xBD"), "\\xed\\xa0\\xbd");
}

TEST(TerminalText, ColumnsAreCountedAsATerminalTakesThem) {
  EXPECT_EQ(columns("Grüße"), 5U);
  EXPECT_EQ(columns("世界"), 4U);
  EXPECT_EQ(columns("e\u0301"), 1U);
}

TEST(TerminalText, WrapsAtBlanksAndCutsOnlyWhatCannotFit) {
  EXPECT_EQ(wrap("the quick brown fox", 10), (std::vector<std::string>{"the quick", "brown fox"}));
  EXPECT_EQ(wrap("abcdefghijkl mn", 5), (std::vector<std::string>{"abcde", "fghij", "kl mn"}));
  EXPECT_EQ(wrap("", 5), std::vector<std::string>{""});
  EXPECT_EQ(wrap("世界世界", 5), (std::vector<std::string>{"世界", "世界"}));
  EXPECT_EQ(wrap("ab  cdefgh", 5), (std::vector<std::string>{"ab", "cdefg", "h"}));
}

TEST(TerminalText, CutsWithAnEllipsis) {
  EXPECT_EQ(cut_to("short", 10), "short");
  EXPECT_EQ(columns(cut_to("a rather long name", 8)), 8U);
  EXPECT_TRUE(cut_to("a rather long name", 8).ends_with("…"));
  EXPECT_EQ(pad_to("ab", 4), "ab  ");
}

TEST(Page, NumbersCitationsAsTheyAreFirstUsed) {
  Page page(80, false);
  const Citation first{SourceId{0}, 100, {}, {}};
  const Citation second{SourceId{0}, 50, {}, {}};
  EXPECT_EQ(page.refs({first}), "[1]");
  EXPECT_EQ(page.refs({second, first}), "[1,2]");
  EXPECT_EQ(page.refs({second, second}), "[2]");
  EXPECT_EQ(page.refs({}), "");
  EXPECT_EQ(page.cited(), (std::vector<Citation>{first, second}));
}

TEST(Page, SetsAParagraphBesideItsLead) {
  Page page(20, false);
  page.paragraph(2, "LEAD", 8, "one two three four", "[1]");
  EXPECT_EQ(page.take(), "  LEAD  one two\n        three four\n        [1]\n");
}

TEST(Page, ALeadThatIsTooLongStandsAlone) {
  Page page(20, false);
  page.paragraph(0, "a/very/long/path", 8, "text");
  EXPECT_EQ(page.take(), "a/very/long/path\n        text\n");
}

TEST(Page, ColoursTakeNoColumns) {
  Page plain(40, false), coloured(40, true);
  plain.paragraph(2, "refuted", 18, "a claim", {}, Colour::kDim);
  coloured.paragraph(2, "refuted", 18, "a claim", {}, Colour::kDim);
  std::string text = coloured.take();
  EXPECT_NE(text.find("\x1b[2mrefuted\x1b[0m"), std::string::npos);
  text.erase(text.find("\x1b[2m"), 4);
  text.erase(text.find("\x1b[0m"), 4);
  EXPECT_EQ(text, plain.take());
}

TEST(Words, AreWhatAReaderExpects) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1 234 567");
  EXPECT_EQ(plural(1, "record", "records"), "1 record");
  EXPECT_EQ(plural(0, "record", "records"), "0 records");
  EXPECT_EQ(size_in_words(1), "1 byte");
  EXPECT_EQ(size_in_words(6259), "6 259 bytes");
  EXPECT_EQ(size_in_words(263'000), "263 KB");
  EXPECT_EQ(size_in_words(3'840'000), "3.8 MB");
  EXPECT_EQ(size_in_words(64'000'000'000), "64.0 GB");
  EXPECT_EQ(moment(*Timestamp::from_iso("2004-06-14T09:31:22.437Z")), "2004-06-14 09:31:22");
  EXPECT_EQ(moment_exactly(*Timestamp::from_iso("2004-06-14T09:31:22.437Z")),
            "2004-06-14 09:31:22.437");
  EXPECT_EQ(capitalised("the SAM"), "The SAM");
}

}  // namespace
}  // namespace iwamtrace
