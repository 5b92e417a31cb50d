// What adsutil.vbs prints, as responders save and send it.
#include <gtest/gtest.h>

#include "parsers/metabase/metabase_parser.h"
#include "tests/support/evidence.h"
#include "tests/support/metabases.h"

namespace iwamtrace {
namespace {

const std::string kEnum =
    "C:\\Inetpub\\AdminScripts>cscript adsutil.vbs enum w3svc\r\n"
    "Microsoft (R) Windows Script Host Version 5.6\r\n"
    "Copyright (C) Microsoft Corporation 1996-2001. All rights reserved.\r\n"
    "\r\n"
    "KeyType                         : (STRING) \"IIsWebService\"\r\n"
    "MaxConnections                  : (INTEGER) 4294967295\r\n"
    "AnonymousUserName               : (STRING) \"IUSR_SHOP1\"\r\n"
    "AnonymousUserPass               : (STRING) \"**********\"\r\n"
    "WAMUserName                     : (STRING) \"IWAM_SHOP1\"\r\n"
    "WAMUserPass                     : (STRING) \"Kq7!rT2#mX9&pa\"\r\n"
    "HttpErrors                      : (LIST) (2 Items)\r\n"
    "  \"400,*,FILE,C:\\WINNT\\help\\400.htm\"\r\n"
    "  \"401,1,FILE,C:\\WINNT\\help\\401-1.htm\"\r\n"
    "\r\n"
    "[/w3svc/1]\r\n"
    "[/w3svc/Filters]\r\n";

struct Reading {
  CollectingSink sink;

  [[nodiscard]] MetabaseSnapshot version() const { return sink.all<MetabaseSnapshot>().at(0); }
  // "/LM/w3svc/KeyType=IIsWebService", one a property that is not secure.
  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> texts;
    for (const MetabaseValue& value : sink.all<MetabaseValue>()) {
      texts.push_back(plain(value.where.path) + "=" + plain(value.value));
    }
    return texts;
  }
};

Reading read(const std::string& text) {
  Reading reading;
  ReadOptions options;
  options.all_properties = options.reveal_secrets = true;
  read_all(TestSources({text}), reading.sink, options);
  return reading;
}

std::string wam_password(const Reading& reading) {
  return plain(reading.version().revealed_password);
}

std::string in_utf16(std::string_view utf8) {
  const std::u16string text = utf16_of(utf8);
  return "\xFF\xFE" + std::string(reinterpret_cast<const char*>(text.data()), 2 * text.size());
}

bool recognised(const std::string& text) { return recognises_adsutil_output(as_bytes(text)); }

TEST(Adsutil, EnumListsAKeyAndNamesItsChildren) {
  const Reading reading = read(kEnum);
  const MetabaseSnapshot version = reading.version();
  EXPECT_EQ(plain(version.wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(version.password_form, PasswordForm::kCleartext);
  EXPECT_EQ(version.password_method, SecretMethod::kPlaintext);
  EXPECT_EQ(version.password_length, 14U);
  EXPECT_EQ(to_string(*version.fingerprint), fingerprint_of_text("Kq7!rT2#mX9&pa"));
  EXPECT_EQ(wam_password(reading), "Kq7!rT2#mX9&pa");
  EXPECT_EQ(reading.values(),
            (std::vector<std::string>{
                "/LM/w3svc/KeyType=IIsWebService", "/LM/w3svc/MaxConnections=4294967295",
                "/LM/w3svc/AnonymousUserName=IUSR_SHOP1", "/LM/w3svc/WAMUserName=IWAM_SHOP1",
                "/LM/w3svc/HttpErrors=400,*,FILE,C:\\WINNT\\help\\400.htm\n"
                "401,1,FILE,C:\\WINNT\\help\\401-1.htm"}));
  const SourceSummary summary = reading.sink.summaries.at(0);
  EXPECT_EQ(summary.kind, SourceKind::kMetabaseText);
  EXPECT_EQ(summary.records, 1U);
  EXPECT_EQ(summary.coverage.read + summary.coverage.slack, kEnum.size());
  EXPECT_EQ(summary.coverage.slack, kEnum.find("KeyType") - kEnum.find("Microsoft") + 2);
  EXPECT_TRUE(reading.sink.losses().empty());
}

TEST(Adsutil, CitationsLeadToTheBytes) {
  const MetabaseSnapshot version = read(kEnum).version();
  EXPECT_EQ(kEnum.substr(version.wam_user_name_where.offset, 10), "IWAM_SHOP1");
  EXPECT_EQ(kEnum.substr(version.password_where.offset, 14), "Kq7!rT2#mX9&pa");
  EXPECT_EQ(plain(version.password_where.path), "/LM/w3svc/WAMUserPass");
}

TEST(Adsutil, EnumAllHasASectionForEachKey) {
  const Reading reading = read(
      "KeyType : (STRING) \"IIsWebService\"\n"
      "WAMUserName : (STRING) \"IWAM_SHOP1\"\n"
      "WAMUserPass : (STRING) \"secret\"\n"
      "[/W3SVC/1]\n"
      "KeyType : (STRING) \"IIsWebServer\"\n"
      "AppIsolated : (INTEGER) 2\n"
      "[/W3SVC/1/ROOT/shop]\n"
      "AppIsolated : (INTEGER) 0\n"
      "WAMUserPass : (STRING) \"of another key\"\n");
  const MetabaseSnapshot version = reading.version();
  EXPECT_EQ(plain(version.password_where.path), "/LM/W3SVC/WAMUserPass");
  EXPECT_EQ(wam_password(reading), "secret");
  ASSERT_EQ(version.applications.size(), 2U);
  EXPECT_EQ(plain(version.applications[0].where.path), "/LM/W3SVC/1/AppIsolated");
  EXPECT_EQ(version.applications[0].isolated, 2U);
  EXPECT_EQ(plain(version.applications[1].where.path), "/LM/W3SVC/1/ROOT/shop/AppIsolated");
  EXPECT_EQ(version.applications[1].isolated, 0U);
}

TEST(Adsutil, AsterisksAreNoPassword) {
  std::string text = kEnum;
  text.replace(text.find("Kq7!rT2#mX9&pa"), 14, "**********");
  const MetabaseSnapshot version = read(text).version();
  EXPECT_EQ(version.password_form, PasswordForm::kMasked);
  EXPECT_EQ(version.password_method, SecretMethod::kNone);
  EXPECT_FALSE(version.fingerprint);
  EXPECT_FALSE(version.password_length);  // their number says nothing
}

TEST(Adsutil, OtherHostsNameIsReadAsItStands) {
  EXPECT_EQ(
      plain(read("[/w3svc]\nWAMUserName : (STRING) \"IWAM_OTHER\"\n").version().wam_user_name),
      "IWAM_OTHER");
}

TEST(Adsutil, CaseAndSpacingVary) {
  const Reading reading = read(
      "  [ /lm/W3Svc ]  \n"
      "\twamusername:(string)\"IWAM_SHOP1\"  \n"
      "   WAMUSERPASS   :  ( String )   \"secret\"\n");
  EXPECT_EQ(plain(reading.version().wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(wam_password(reading), "secret");
}

TEST(Adsutil, CopyOutOfAMailIsQuotedAndWrapped) {
  const Reading reading = read(
      "Hello,\n"
      "here is what you asked for. It worked until Monday [sic].\n"
      "\n"
      "> > C:\\>cscript c:\\inetpub\\adminscripts\\adsutil.vbs ENUM W3SVC\n"
      "> > WAMUserName                     : (STRING)\n"
      "> > \"IWAM_SHOP1\"\n"
      "> > WAMUserPass\n"
      "> > : (STRING) \"secret\"\n"
      "> > AppIsolated                     : (INTEGER)\n"
      "> > 2\n"
      "> > DefaultDoc                      : (STRING) \"Default.htm, Default.asp,\n"
      "> > index.htm\"\n"
      "> > AnonymousUserName               : (STRING) \"IUSR_\n"
      "> > SHOP1\"\n"
      "Thank you: (see above)\n");
  EXPECT_EQ(plain(reading.version().wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(wam_password(reading), "secret");
  ASSERT_EQ(reading.version().applications.size(), 1U);
  EXPECT_EQ(reading.version().applications[0].isolated, 2U);
  EXPECT_EQ(reading.values(),
            (std::vector<std::string>{"/LM/W3SVC/WAMUserName=IWAM_SHOP1", "/LM/W3SVC/AppIsolated=2",
                                      "/LM/W3SVC/DefaultDoc=Default.htm, Default.asp, index.htm",
                                      "/LM/W3SVC/AnonymousUserName=IUSR_SHOP1"}));
  EXPECT_TRUE(reading.sink.losses().empty());
}

// Whether the break took a space away cannot be told, and a password is right or wrong.
TEST(Adsutil, PasswordThatWasWrappedIsNotBelieved) {
  const Reading reading = read(
      "[/w3svc]\n"
      "WAMUserName : (STRING) \"IWAM_SHOP1\"\n"
      "WAMUserPass : (STRING) \"a long\n"
      "password\"\n");
  EXPECT_EQ(reading.version().password_form, PasswordForm::kUnreadable);
  EXPECT_FALSE(reading.version().fingerprint);
  ASSERT_EQ(reading.sink.losses().size(), 1U);
  EXPECT_NE(plain(reading.sink.losses()[0].what).find("wrapped"), std::string::npos);
}

TEST(Adsutil, QuotesInAPasswordAreItsOwn) {
  EXPECT_EQ(wam_password(read("[/w3svc]\nWAMUserPass : (STRING) \")U\"yR4)y8982tD\"\n")),
            ")U\"yR4)y8982tD");
  EXPECT_EQ(wam_password(read("[/w3svc]\nWAMUserPass : (STRING) \"\"\n")), "");
  EXPECT_EQ(read("[/w3svc]\nWAMUserPass : (STRING) \"\"\n").version().password_length, 0U);
}

TEST(Adsutil, ValueWithoutAnEndIsALoss) {
  const Reading reading = read(
      "[/w3svc]\n"
      "WAMUserPass : (STRING) \"cut of\n"
      "WAMUserName : (STRING) \"IWAM_SHOP1\"\n");
  EXPECT_FALSE(reading.version().password_form);
  EXPECT_EQ(plain(reading.version().wam_user_name), "IWAM_SHOP1");
  ASSERT_EQ(reading.sink.losses().size(), 1U);
  EXPECT_EQ(reading.sink.losses()[0].offset, 9U);
  EXPECT_EQ(plain(reading.sink.losses()[0].what), "WAMUserPass: the end of its value is missing");
}

TEST(Adsutil, ItemWithoutAnEndCostsItsList) {
  const Reading reading = read("[/w3svc]\nHttpErrors : (LIST) (2 Items)\n\"400,*\"\n\"401,1\n");
  EXPECT_TRUE(reading.values().empty());
  EXPECT_EQ(reading.sink.losses().size(), 1U);
}

// Nobody reads a million remarks, and their number is not lost.
TEST(Adsutil, RemarksAreBounded) {
  std::string changing = "[/w3svc]\n";
  std::string open = "[/w3svc]\n";
  for (int i = 0; i < 300; ++i) {
    changing += "MaxConnections : (INTEGER) " + std::to_string(i) + "\n";
    open += "DefaultDoc : (STRING) \"x\n";
  }
  const Reading changed = read(changing);
  EXPECT_EQ(changed.values(), std::vector<std::string>{"/LM/w3svc/MaxConnections=299"});
  EXPECT_EQ(changed.sink.damage.size(), 101U);
  EXPECT_EQ(plain(changed.sink.damage.back().what), "and 199 more of the kind");
  EXPECT_TRUE(changed.sink.losses().empty());
  EXPECT_EQ(read(open).sink.losses().size(), 101U);
}

TEST(Adsutil, GetNamesTheKeyInItsCommandOnly) {
  const Reading reading = read(
      "D:\\>cscript adsutil.vbs get w3svc/AppPools/Shop/WAMUserName\n"
      "WAMUserName                     : (STRING) \"somebody\"\n"
      "D:\\>cscript adsutil.vbs get w3svc/WAMUserName\n"
      "WAMUserName                     : (STRING) \"IWAM_SHOP1\"\n");
  EXPECT_EQ(plain(reading.version().wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(reading.values(),
            (std::vector<std::string>{"/LM/w3svc/AppPools/Shop/WAMUserName=somebody",
                                      "/LM/w3svc/WAMUserName=IWAM_SHOP1"}));
}

TEST(Adsutil, WithoutAnyPathTheAccountIsTakenForTheWebServices) {
  const Reading reading = read("WAMUserName                     : (STRING) \"IWAM_SHOP1\"\n");
  EXPECT_EQ(plain(reading.version().wam_user_name), "IWAM_SHOP1");
  ASSERT_EQ(reading.sink.damage.size(), 1U);
  EXPECT_FALSE(reading.sink.damage[0].lost);
  EXPECT_NE(plain(reading.sink.damage[0].what).find("taken for /LM/W3SVC"), std::string::npos);
  // The same lines of an application pool are not the web service's.
  EXPECT_TRUE(read("KeyType : (STRING) \"IIsApplicationPool\"\nWAMUserName : (STRING) \"x\"\n")
                  .version()
                  .wam_user_name.empty());
}

// The text may be of two days or two servers, and a reply may stand above what it answers.
TEST(Adsutil, PasswordThatIsToldTwiceIsNotBelieved) {
  const Reading changed = read(
      "[/w3svc]\nWAMUserName : (STRING) \"IWAM_SHOP1\"\nWAMUserPass : (STRING) \"before\"\n"
      "[/w3svc]\nWAMUserName : (STRING) \"IWAM_SHOP1\"\nWAMUserPass : (STRING) \"after\"\n");
  EXPECT_EQ(changed.version().password_form, PasswordForm::kUnreadable);
  EXPECT_EQ(plain(changed.version().wam_user_name), "IWAM_SHOP1");
  EXPECT_NE(plain(changed.sink.damage.at(0).what).find("told twice"), std::string::npos);
  const Reading masked = read(
      "[/w3svc]\nWAMUserPass : (STRING) \"before\"\n"
      "[/w3svc]\nWAMUserPass : (STRING) \"*****\"\n");
  EXPECT_EQ(wam_password(masked), "before");
  EXPECT_TRUE(masked.sink.damage.empty());
}

TEST(Adsutil, TwoListingsInOneMailAreNotMixed) {
  const std::string listing =
      "KeyType : (STRING) \"IIsWebService\"\n"
      "WAMUserName : (STRING) \"IWAM_SHOP1\"\n"
      "WAMUserPass : (STRING) \"secret\"\n"
      "[/w3svc/1]\n";
  const Reading same = read(listing + "And here again:\n" + listing);
  EXPECT_EQ(plain(same.version().password_where.path), "/LM/W3SVC/WAMUserPass");
  EXPECT_EQ(wam_password(same), "secret");
  std::string other = listing;
  other.replace(other.find("SHOP1"), 5, "OTHER");
  for (const std::string& text :
       {listing + other, listing + "Microsoft (R) Windows Script Host Version 5.6\n" + other}) {
    const Reading two = read(text);
    EXPECT_TRUE(two.version().wam_user_name.empty()) << text;
    EXPECT_FALSE(two.sink.damage.empty());
  }
}

// What somebody put there before sending the text on is no password.
TEST(Adsutil, RemovedPasswordsAreMasked) {
  for (const std::string value : {"*****", "xxxxxxxx", "<removed>", "(hidden)", "[...]"}) {
    EXPECT_EQ(read("[/w3svc]\nWAMUserPass : (STRING) \"" + value + "\"\n").version().password_form,
              PasswordForm::kMasked)
        << value;
  }
  EXPECT_EQ(wam_password(read("[/w3svc]\nWAMUserPass : (STRING) \"xxyx\"\n")), "xxyx");
}

// A quote that was lost must not draw the next lines, and what they tell, into a name.
TEST(Adsutil, LostQuoteTakesNothingWithIt) {
  const Reading reading = read(
      "[/w3svc]\nWAMUserName : (STRING) \"IWAM_SHOP1\n"
      "-> WAMUserPass : (STRING) \"secret\"\n");
  EXPECT_TRUE(reading.version().wam_user_name.empty());
  for (const std::string& value : reading.values()) {
    EXPECT_EQ(value.find("secret"), std::string::npos) << value;
  }
  EXPECT_EQ(reading.sink.losses().size(), 1U);
}

TEST(Adsutil, WhatCannotBeReadOfTheAccountIsTold) {
  const Reading reading =
      read("[/w3svc]\nMaxConnections : (INTEGER) 1\n* WAMUserPass: \"secret\"\n");
  ASSERT_EQ(reading.sink.damage.size(), 1U);
  EXPECT_EQ(plain(reading.sink.damage[0].what),
            "a line names WAMUserPass and is not read as a property");
}

TEST(Adsutil, PropertiesKnownByTheirNumberStaySecret) {
  const Reading reading = read("[/w3svc]\nUnknownName_7502 : (STRING) \"secret\"\n");
  EXPECT_TRUE(reading.values().empty());
  EXPECT_EQ(wam_password(reading), "secret");
}

TEST(Adsutil, TextOutOfAWebPageIsNotBelieved) {
  for (const std::string value : {"\"a&quot;b\"", "plain", "\xE2\x80\x9Cquoted\xE2\x80\x9D"}) {
    EXPECT_EQ(read("[/w3svc]\nWAMUserPass : (STRING) " + value + "\n").version().password_form,
              PasswordForm::kUnreadable)
        << value;
  }
}

TEST(Adsutil, Utf16IsReadAndCitedByItsBytes) {
  const std::string text = in_utf16(kEnum);
  const MetabaseSnapshot version = read(text).version();
  EXPECT_EQ(plain(version.wam_user_name), "IWAM_SHOP1");
  EXPECT_EQ(version.wam_user_name_where.offset, 2 + 2 * kEnum.find("IWAM_SHOP1"));
  EXPECT_EQ(to_string(*version.fingerprint), fingerprint_of_text("Kq7!rT2#mX9&pa"));
  const std::string unmarked = text.substr(2);
  EXPECT_EQ(plain(read(unmarked).version().wam_user_name), "IWAM_SHOP1");
}

// A window's code page is not written down: 0x81 may be u-umlaut, or nothing.
TEST(Adsutil, PasswordInAnUnknownCodePageIsNotBelieved) {
  const std::string before = "[/w3svc]\nWAMUserPass : (STRING) \"M";
  EXPECT_EQ(read(before + "\x81ller\"\n").version().password_form, PasswordForm::kUnreadable);
  EXPECT_EQ(wam_password(read(before + "\xC3\xBCller\"\n")), "M\xC3\xBCller");
}

TEST(Adsutil, OnlyItsOutputIsRecognised) {
  EXPECT_TRUE(recognised(kEnum));
  EXPECT_TRUE(recognised(in_utf16(kEnum)));
  EXPECT_TRUE(recognised("WAMUserName : (STRING) \"IWAM_X\""));
  EXPECT_FALSE(recognised("WAMUserName = IWAM_X"));
  EXPECT_FALSE(recognised("Note: (see below) nothing"));
  EXPECT_FALSE(recognised("[/w3svc/1]\n"));
  EXPECT_FALSE(recognised(""));
  EXPECT_FALSE(recognised(std::string(4608, '\0')));
}

// Cut anywhere it says less, and never something else.
TEST(Adsutil, CutAnywhereItSaysLess) {
  for (std::size_t size = 0; size < kEnum.size(); ++size) {
    CollectingSink sink;
    const std::string text = kEnum.substr(0, size);
    ReadOptions options;
    options.reveal_secrets = true;
    KeyRing keys;
    const TestSources sources({text});
    read_adsutil_outputs(sources.sources(), options, keys, sink);
    const MetabaseSnapshot version = sink.all<MetabaseSnapshot>().at(0);
    const std::string password = plain(version.revealed_password);
    EXPECT_TRUE(password.empty() || password == "Kq7!rT2#mX9&pa") << size << ' ' << password;
    const SourceSummary summary = sink.summaries.at(0);
    EXPECT_EQ(summary.coverage.read + summary.coverage.slack + summary.coverage.damaged, size);
  }
}

}  // namespace
}  // namespace iwamtrace
