// The password of IWAM_SHOP1 was set in the SAM alone, and the Security log tells of the session:
// records with the strings that Windows writes, named by the catalogue.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/made_case.h"

namespace iwamtrace {

inline constexpr std::string_view kBoot = "2004-06-14T05:00:00Z";
inline constexpr std::string_view kLogonTime = "2004-06-14T09:29:05Z";
inline constexpr std::string_view kAct = "2004-06-14T09:31:22Z";
inline constexpr std::string_view kId = "(0x0,0x1F3A2)";  // of MadeCase::password_set
inline constexpr std::string_view kMlangSid = "S-1-5-21-1-2-3-1010";

EventRecord& security(MadeCase& made, std::string_view time, std::uint16_t id,
                      const std::vector<std::string_view>& strings);
EventRecord& logon_528(MadeCase& made, std::string_view time, std::string_view user,
                       std::string_view id, std::string_view type = "10",
                       std::string_view station = "MLANG-PC",
                       std::string_view address = "10.2.0.15",
                       std::string_view process = "User32  ");
// Its NT6 twin, with the SID of who logs on.
EventRecord& logon_4624(MadeCase& made, std::string_view time, std::string_view sid,
                        std::string_view user, std::string_view id, std::string_view type = "10");
// 538 or 551.
EventRecord& logoff(MadeCase& made, std::string_view time, std::uint16_t id,
                    std::string_view logon_id);
// 682 or 683.
EventRecord& client(MadeCase& made, std::string_view time, std::uint16_t id,
                    std::string_view address = "10.9.9.9", std::string_view logon_id = kId);
EventRecord& started(MadeCase& made, std::string_view time, std::string_view process,
                     std::string_view image, std::string_view creator,
                     std::string_view logon_id = kId);

// Windows is started, then mlang logs on: in the order of the log.
MadeCase changed_by_mlang();

// The verdict of the case. The second sets the password as mlang first, behind all other records.
const Actor& actor_in(MadeCase& made);
const Actor& act(MadeCase& made);

// That nothing of any session is told, and why.
void expect_unlinked(const Actor& actor, std::string_view because);
std::vector<std::string> told_of(const Actor& actor);       // the moments of the session
std::vector<std::uint64_t> records_of(const Actor& actor);  // that are cited

}  // namespace iwamtrace
