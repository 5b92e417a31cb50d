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

}  // namespace
}  // namespace iwamtrace
