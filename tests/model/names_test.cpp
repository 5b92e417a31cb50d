// Names of rights, privileges, SIDs and service starts as Windows has them.
#include <gtest/gtest.h>

#include "model/artefact.h"
#include "model/codes.h"

namespace iwamtrace {
namespace {

TEST(Names, PrivilegesByTheirLuid) {
  EXPECT_EQ(privilege_name(2), "SeCreateTokenPrivilege");
  EXPECT_EQ(privilege_name(3), "SeAssignPrimaryTokenPrivilege");
  EXPECT_EQ(privilege_name(5), "SeIncreaseQuotaPrivilege");
  EXPECT_EQ(privilege_name(20), "SeDebugPrivilege");
  EXPECT_EQ(privilege_name(23), "SeChangeNotifyPrivilege");
  EXPECT_EQ(privilege_name(29), "SeImpersonatePrivilege");
  EXPECT_EQ(privilege_name(35), "SeCreateSymbolicLinkPrivilege");
  for (const std::uint32_t unknown : {0U, 1U, 37U, 0xFFFFFFFFU}) {
    EXPECT_EQ(privilege_name(unknown), "");
  }
}

TEST(Names, LogonRightsInTheOrderOfTheirBits) {
  EXPECT_EQ(names_of_logon_rights(kBatchLogon | kNetworkLogon | kDenyBatchLogon | 0x20),
            (std::vector<std::string>{"SeNetworkLogonRight", "SeBatchLogonRight",
                                      "SeDenyBatchLogonRight"}));
  EXPECT_TRUE(names_of_logon_rights(0).empty());
}

TEST(Names, SidsThatAreTheSameEverywhere) {
  EXPECT_EQ(well_known_name(well_known::kEveryone), "Everyone");
  EXPECT_EQ(well_known_name(well_known::kAuthenticatedUsers), "Authenticated Users");
  EXPECT_EQ(well_known_name(well_known::kBatch), "BATCH");
  EXPECT_EQ(well_known_name(well_known::kAdministrators), "");  // named by the SAM
  EXPECT_EQ(well_known_name(*Sid::from_text("S-1-5-21-1-2-3-1004")), "");
  EXPECT_TRUE(well_known::kUsers.is_in(well_known::kBuiltin));
}

TEST(Names, StartsOfServices) {
  EXPECT_EQ(service_start_name(2), "automatic");
  EXPECT_EQ(service_start_name(kServiceDisabled), "disabled");
  EXPECT_EQ(service_start_name(5), "");
}

// Everything that the logs and scripts of a failed web server are known to print.
TEST(Codes, EachThatTheFieldKnowsHasAMeaning) {
  for (const std::uint32_t code :
       {5U,    1053U, 1056U, 1058U, 1060U, 1064U, 1066U, 1067U, 1068U, 1069U, 1072U, 1075U,
        1114U, 1208U, 1311U, 1314U, 1317U, 1323U, 1325U, 1326U, 1327U, 1328U, 1329U, 1330U,
        1331U, 1332U, 1341U, 1355U, 1358U, 1380U, 1383U, 1385U, 1450U, 1500U, 1502U, 1503U,
        1722U, 1726U, 1727U, 1786U, 1788U, 1793U, 1816U, 1907U, 1909U}) {
    EXPECT_NE(win32_error(code), "") << code;
  }
  for (const std::uint32_t code :
       {0x80004002U, 0x80004005U, 0x80004015U, 0x80004017U, 0x80004018U, 0x80004019U, 0x8000401AU,
        0x8000401BU, 0x8000401EU, 0x80040154U, 0x800401F3U, 0x800401FEU, 0x8004D01BU, 0x8004D027U,
        0x8004D028U, 0x8004E002U, 0x8004E003U, 0x8004E00FU, 0x8004E021U, 0x8004E022U, 0x8004E023U,
        0x8004E024U, 0x8004E025U, 0x80070005U, 0x80080005U, 0x80080008U, 0x80090016U, 0x80110401U,
        0x80110402U, 0x80110403U, 0x80110404U, 0x8011040FU, 0x80110410U, 0x80110411U, 0x80110412U,
        0x80110413U, 0x80110414U, 0x8011041DU, 0x80110424U, 0x80110425U, 0x80110426U, 0x80110427U,
        0x8011042AU, 0x8011042BU, 0x80110433U, 0x80110437U, 0x80110438U, 0x80110448U, 0x8011044BU,
        0x80110451U, 0x80110472U, 0x80110473U, 0x80110474U, 0x80110475U, 0x80110480U, 0x80110486U,
        0x80110808U, 0x80110809U, 0x8011080AU, 0x80110823U}) {
    EXPECT_NE(named_code(hresults(), code), nullptr) << eight_digits(code);
  }
  for (const std::uint32_t code :
       {0xC0000017U, 0xC0000022U, 0xC000003BU, 0xC000005EU, 0xC0000064U, 0xC000006AU, 0xC000006DU,
        0xC000006EU, 0xC000006FU, 0xC0000070U, 0xC0000071U, 0xC0000072U, 0xC00000DCU, 0xC00000E5U,
        0xC0000133U, 0xC000015BU, 0xC0000193U, 0xC0000224U, 0xC0000234U, 0xC0000413U}) {
    EXPECT_NE(named_code(nt_statuses(), code), nullptr) << eight_digits(code);
  }
}

TEST(Codes, AreSortedAndNoneStandsTwice) {
  for (const auto table : {win32_errors(), hresults(), nt_statuses(), script_errors()}) {
    for (std::size_t i = 1; i < table.size(); ++i) {
      EXPECT_LT(table[i - 1].code, table[i].code) << table[i].symbol;
    }
    for (const NamedCode& known : table) {
      EXPECT_EQ(named_code(table, known.code), &known);
      EXPECT_FALSE(known.meaning.empty());
    }
  }
}

TEST(Codes, AreWhatWindowsCallsThem) {
  EXPECT_EQ(named_code(win32_errors(), 1326)->symbol, "ERROR_LOGON_FAILURE");
  EXPECT_EQ(named_code(hresults(), 0x80110414)->symbol, "COMADMIN_E_USERPASSWDNOTVALID");
  EXPECT_EQ(named_code(nt_statuses(), 3221225578)->symbol, "STATUS_WRONG_PASSWORD");
  EXPECT_EQ(named_code(script_errors(), 0x1AD)->meaning, "ActiveX component can't create object");
  EXPECT_EQ(win32_error(4711), "");
  EXPECT_EQ(named_code(hresults(), 1326), nullptr);
  EXPECT_EQ(eight_digits(0x8000401A), "8000401A");
  EXPECT_EQ(eight_digits(0x1AD), "000001AD");
}

}  // namespace
}  // namespace iwamtrace
