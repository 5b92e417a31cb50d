// Each modifier of the Sigma specification 2.1.0: a record that matches, and one that nearly does.
#include <gtest/gtest.h>

#include "tests/analyzers/sigma_examples.h"

namespace iwamtrace {
namespace {

// A detection of one line.
std::string line(std::string_view item) {
  return "  selection:\n    " + std::string(item) + "\n  condition: selection";
}

bool command_matches(std::string_view item, std::string_view command) {
  return matches(line(item), process_record({{"CommandLine", command}, {"Image", "C:\\a.exe"}}));
}

TEST(SigmaValues, PlainTextIsTheWholeValueInAnyCase) {
  EXPECT_TRUE(command_matches("CommandLine: 'NET.exe user'", "net.EXE USER"));
  EXPECT_FALSE(command_matches("CommandLine: 'net.exe user'", "net.exe user x"));
}

TEST(SigmaValues, StarAndQuestionMarkStandForText) {
  EXPECT_TRUE(command_matches("CommandLine: 'net* us?r'", "net.exe user"));
  EXPECT_FALSE(command_matches("CommandLine: 'net* us?r'", "net.exe usr"));
  EXPECT_TRUE(command_matches("CommandLine: 'a*b*c'", "axxbxxbyyc"));
  EXPECT_FALSE(command_matches("CommandLine: 'a*b*c'", "axxbxxbyy"));
}

TEST(SigmaValues, QuestionMarkIsOneCharacterNotOneByte) {
  EXPECT_TRUE(command_matches("CommandLine: 'caf?'", "caf\u00e9"));
  EXPECT_FALSE(
      command_matches("CommandLine: 'caf?"
                      "?'",
                      "caf\u00e9"));
}

TEST(SigmaValues, BackslashTakesTheMeaningFromAWildcard) {
  EXPECT_TRUE(command_matches("CommandLine: 'dir \\*'", "dir *"));
  EXPECT_FALSE(command_matches("CommandLine: 'dir \\*'", "dir x"));
  EXPECT_TRUE(command_matches("CommandLine: 'C:\\\\*'", "C:\\windows"));
  EXPECT_TRUE(command_matches("CommandLine: 'C:\\win'", "c:\\WIN"));
  EXPECT_FALSE(command_matches("CommandLine: 'C:\\\\*'", "C:/windows"));
}

TEST(SigmaValues, AListIsOneOfThem) {
  EXPECT_TRUE(command_matches("CommandLine: [one, two]", "two"));
  EXPECT_FALSE(command_matches("CommandLine: [one, two]", "three"));
}

TEST(SigmaValues, NumbersAreText) {
  EXPECT_TRUE(command_matches("CommandLine: 10", "10"));
  EXPECT_FALSE(command_matches("CommandLine: 10", "010"));
}

TEST(SigmaValues, NullIsAMissingOrEmptyField) {
  EXPECT_TRUE(matches(line("ParentImage: null"), process_record({{"Image", "x"}})));
  EXPECT_TRUE(matches(line("ParentImage:"), process_record({{"ParentImage", ""}})));
  EXPECT_FALSE(matches(line("ParentImage: null"), process_record({{"ParentImage", "y"}})));
  EXPECT_FALSE(matches(line("ParentImage: 'null'"), process_record({{"Image", "x"}})));
}

TEST(SigmaValues, EmptyTextIsAnEmptyFieldThatIsThere) {
  EXPECT_TRUE(matches(line("User: ''"), process_record({{"User", ""}})));
  EXPECT_FALSE(matches(line("User: ''"), process_record({{"User", "-"}})));
  EXPECT_FALSE(matches(line("User: ''"), process_record({{"Image", "x"}})));
}

TEST(SigmaValues, StarAloneAsksForAnyValue) {
  EXPECT_TRUE(matches(line("User: '*'"), process_record({{"User", "bob"}})));
  EXPECT_FALSE(matches(line("User: '*'"), process_record({{"Image", "x"}})));
}

TEST(SigmaModifiers, Contains) {
  EXPECT_TRUE(command_matches("CommandLine|contains: 'XP_cmd'", "exec xp_CMDshell"));
  EXPECT_FALSE(command_matches("CommandLine|contains: 'xp_cmd'", "exec xp cmdshell"));
  EXPECT_TRUE(command_matches("CommandLine|contains: 'a*c'", "--abc--"));
}

TEST(SigmaModifiers, StartsWith) {
  EXPECT_TRUE(command_matches("CommandLine|startswith: 'net '", "NET user"));
  EXPECT_FALSE(command_matches("CommandLine|startswith: 'net '", "a net user"));
}

TEST(SigmaModifiers, EndsWith) {
  EXPECT_TRUE(command_matches("CommandLine|endswith: '\\cmd.exe'", "C:\\WINNT\\CMD.EXE"));
  EXPECT_FALSE(command_matches("CommandLine|endswith: '\\cmd.exe'", "C:\\WINNT\\cmd.exe /c"));
}

TEST(SigmaModifiers, AllAsksForEveryValue) {
  EXPECT_TRUE(command_matches("CommandLine|contains|all: [user, add]", "net user x /add"));
  EXPECT_FALSE(command_matches("CommandLine|contains|all: [user, add]", "net user x"));
}

TEST(SigmaModifiers, CasedMindsTheCase) {
  EXPECT_TRUE(command_matches("CommandLine|contains|cased: 'Net'", "x Net y"));
  EXPECT_FALSE(command_matches("CommandLine|contains|cased: 'Net'", "x net y"));
}

TEST(SigmaModifiers, NeqIsTheOpposite) {
  EXPECT_TRUE(command_matches("CommandLine|neq: 'net'", "cmd"));
  EXPECT_FALSE(command_matches("CommandLine|neq: 'net'", "NET"));
}

TEST(SigmaModifiers, WindashTakesEveryDash) {
  for (const char* command :
       {"tftp -i x", "tftp /i x", "tftp \u2013i x", "tftp \u2014i x", "tftp \u2015i x"}) {
    EXPECT_TRUE(command_matches("CommandLine|windash|contains: ' -i '", command)) << command;
  }
  EXPECT_FALSE(command_matches("CommandLine|windash|contains: ' -i '", "tftp +i x"));
  // A dash within a word begins no option.
  EXPECT_FALSE(command_matches("CommandLine|windash|contains: 'a-b'", "a/b"));
}

TEST(SigmaModifiers, RegularExpressionMindsTheCaseUnlessToldOtherwise) {
  EXPECT_TRUE(command_matches("CommandLine|re: 'net\\s+user'", "net   user"));
  EXPECT_FALSE(command_matches("CommandLine|re: 'net\\s+user'", "NET user"));
  EXPECT_TRUE(command_matches("CommandLine|re|i: 'net\\s+user'", "NET user"));
}

TEST(SigmaModifiers, RegularExpressionOfSeveralLines) {
  EXPECT_TRUE(command_matches("CommandLine|re|m: '^two$'", "one\ntwo\nthree"));
  EXPECT_FALSE(command_matches("CommandLine|re: '^two$'", "one\ntwo\nthree"));
  EXPECT_TRUE(command_matches("CommandLine|re|s: 'one.two'", "one\ntwo"));
  EXPECT_FALSE(command_matches("CommandLine|re: 'one.two'", "one\ntwo"));
}

TEST(SigmaModifiers, RegularExpressionThatNeedsNoText) {
  EXPECT_TRUE(command_matches("CommandLine|re: '[0-9]{3}'", "a 123"));
  EXPECT_FALSE(command_matches("CommandLine|re: '[0-9]{3}'", "a 12"));
}

TEST(SigmaModifiers, Base64) {
  EXPECT_TRUE(command_matches("CommandLine|base64|contains: 'foobar'", "-e Zm9vYmFy"));
  EXPECT_FALSE(command_matches("CommandLine|base64|contains: 'foobar'", "-e Zm9vYmF6"));
}

TEST(SigmaModifiers, Base64AtAnyOffset) {
  // "http://x", "ahttp://x" and "aahttp://x" in base64.
  for (const char* command : {"aHR0cDovL3g=", "YWh0dHA6Ly94", "YWFodHRwOi8veA=="}) {
    EXPECT_TRUE(command_matches("CommandLine|base64offset|contains: 'http://'", command));
  }
  EXPECT_FALSE(command_matches("CommandLine|base64offset|contains: 'http://'", "aHR0cHM6Ly94"));
}

TEST(SigmaModifiers, WideTextInBase64) {
  // "ab" as UTF-16LE.
  EXPECT_TRUE(command_matches("CommandLine|wide|base64|contains: 'ab'", "x YQBiAA== y"));
  EXPECT_TRUE(command_matches("CommandLine|utf16le|base64: 'ab'", "YQBiAA=="));
  EXPECT_TRUE(command_matches("CommandLine|utf16be|base64: 'ab'", "AGEAYg=="));
  EXPECT_TRUE(command_matches("CommandLine|utf16|base64: 'ab'", "//5hAGIA"));
  EXPECT_FALSE(command_matches("CommandLine|utf16|base64: 'ab'", "YQBiAA=="));
}

TEST(SigmaModifiers, NumbersAreCompared) {
  EXPECT_TRUE(command_matches("CommandLine|lt: 10", "9"));
  EXPECT_FALSE(command_matches("CommandLine|lt: 10", "10"));
  EXPECT_TRUE(command_matches("CommandLine|lte: 10", "10"));
  EXPECT_FALSE(command_matches("CommandLine|lte: 10", "10.5"));
  EXPECT_TRUE(command_matches("CommandLine|gt: 10", "0xb"));
  EXPECT_FALSE(command_matches("CommandLine|gt: 10", "0xa"));
  EXPECT_TRUE(command_matches("CommandLine|gte: 10", "10"));
  EXPECT_FALSE(command_matches("CommandLine|gte: 10", "ten"));
}

TEST(SigmaModifiers, PartsOfATime) {
  const EventRecord record = process_record({{"UtcTime", "2004-06-14 23:31:22.437"}});
  for (const char* item :
       {"UtcTime|minute: 31", "UtcTime|hour: 23", "UtcTime|day: 14", "UtcTime|week: 25",
        "UtcTime|month: 6", "UtcTime|year: 2004", "UtcTime|hour|gte: 22"}) {
    EXPECT_TRUE(matches(line(item), record)) << item;
  }
  EXPECT_FALSE(matches(line("UtcTime|hour: 22"), record));
  EXPECT_FALSE(matches(line("UtcTime|week: 24"), record));
  EXPECT_FALSE(matches(line("UtcTime|hour: 23"), process_record({{"UtcTime", "at 23:00"}})));
}

TEST(SigmaModifiers, Networks) {
  const auto from = [](std::string_view address) {
    return process_record({{"IpAddress", address}});
  };
  EXPECT_TRUE(matches(line("IpAddress|cidr: 10.0.0.0/8"), from("10.2.0.15")));
  EXPECT_FALSE(matches(line("IpAddress|cidr: 10.0.0.0/8"), from("11.2.0.15")));
  EXPECT_TRUE(matches(line("IpAddress|cidr: 10.0.0.0/8"), from("::ffff:10.2.0.15")));
  EXPECT_TRUE(matches(line("IpAddress|cidr: 192.168.4.0/23"), from("192.168.5.9")));
  EXPECT_FALSE(matches(line("IpAddress|cidr: 192.168.4.0/23"), from("192.168.6.9")));
  EXPECT_TRUE(matches(line("IpAddress|cidr: fe80::/10"), from("fe80::1")));
  EXPECT_FALSE(matches(line("IpAddress|cidr: fe80::/10"), from("-")));
}

TEST(SigmaModifiers, Exists) {
  const EventRecord record = process_record({{"User", ""}});
  EXPECT_TRUE(matches(line("User|exists: true"), record));
  EXPECT_FALSE(matches(line("User|exists: false"), record));
  EXPECT_TRUE(matches(line("Company|exists: false"), record));
  EXPECT_FALSE(matches(line("Company|exists: true"), record));
}

TEST(SigmaModifiers, FieldReference) {
  EXPECT_TRUE(
      matches(line("User|fieldref: Owner"), process_record({{"User", "Bob"}, {"Owner", "bob"}})));
  EXPECT_FALSE(
      matches(line("User|fieldref: Owner"), process_record({{"User", "Bob"}, {"Owner", "alice"}})));
  EXPECT_TRUE(matches(line("User|fieldref|endswith: Owner"),
                      process_record({{"User", "WEB01\\bob"}, {"Owner", "bob"}})));
  EXPECT_FALSE(matches(line("User|fieldref|startswith: Owner"),
                       process_record({{"User", "WEB01\\bob"}, {"Owner", "bob"}})));
}

TEST(SigmaKeywords, AreSearchedInTheWholeEvent) {
  const std::string any = "  keywords:\n    - mimikatz\n    - 'sekurlsa::'\n  condition: keywords";
  EXPECT_TRUE(matches(any, process_record({{"CommandLine", "run MIMIKATZ now"}})));
  EXPECT_FALSE(matches(any, process_record({{"CommandLine", "mimicat"}})));
  const std::string all =
      "  keywords:\n    '|all':\n      - one\n      - two\n  condition: keywords";
  EXPECT_TRUE(matches(all, process_record({{"A", "one"}, {"B", "two"}})));
  EXPECT_FALSE(matches(all, process_record({{"A", "one"}, {"B", "three"}})));
}

TEST(SigmaRefusals, SayWhatIsNotSupported) {
  const auto why = [](std::string_view item) { return refusal_of(process_rule(line(item))); };
  EXPECT_NE(why("A|expand: '%admins%'").find("modifier expand"), std::string::npos);
  EXPECT_NE(why("A|frobnicate: x").find("\"frobnicate\" is not known"), std::string::npos);
  EXPECT_NE(why("A|re: '(?<=x)y'").find("regular expression"), std::string::npos);
  EXPECT_NE(why("A|cidr: 10.0.0.0/40").find("is no network"), std::string::npos);
  EXPECT_NE(why("A|lt: ten").find("is no number"), std::string::npos);
  EXPECT_NE(why("A|base64: 'a*'").find("wildcards"), std::string::npos);
  EXPECT_NE(why("A|re|cidr: x").find("exclude each other"), std::string::npos);
  EXPECT_NE(why("A|contains|i: x").find("belong to re"), std::string::npos);
  EXPECT_NE(why("A: []").find("without a value"), std::string::npos);
  EXPECT_NE(why("A: {b: c}").find("neither text nor number"), std::string::npos);
}

}  // namespace
}  // namespace iwamtrace
