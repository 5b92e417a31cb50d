// The stories of the sample cases, by theme; each returns what a responder took away in the end.
#pragma once

#include <vector>

#include "make/made_server.h"

namespace iwamtrace {

using MadeFiles = std::vector<MadeFile>;

// ---- of passwords (stories_of_passwords.cpp) ----
MadeFiles password_reset_nt5();
MadeFiles password_reset_nt6();
MadeFiles password_reset_2000();
MadeFiles healthy_with_decoys();
MadeFiles metabase_changed_alone();
MadeFiles metabase_restored();
MadeFiles metabase_first_and_others_after();
MadeFiles com_plus_changed_alone();
MadeFiles synciwam_in_vain();
MadeFiles two_copies_changed();
MadeFiles mended_outage();
MadeFiles iis_resynchronised();

// ---- of the account (stories_of_the_account.cpp) ----
MadeFiles right_taken();
MadeFiles right_through_group();
MadeFiles account_disabled();
MadeFiles other_account_disabled();
MadeFiles account_locked();
MadeFiles lock_ran_out();
MadeFiles password_expired();
MadeFiles old_password_kept();
MadeFiles users_group_incomplete();
MadeFiles users_group_restored();
MadeFiles account_made_anew();
MadeFiles account_made_anew_and_told();

// ---- around it (stories_around_it.cpp) ----
MadeFiles iis_admin_disabled();
MadeFiles launch_denied();
MadeFiles files_closed();
MadeFiles rpc_crashed();
MadeFiles noise_of_others();
MadeFiles msdtc_removed();
MadeFiles msdtc_stopped();
MadeFiles pool_identity();
MadeFiles worker_processes();
MadeFiles metabase_of_other_server();
MadeFiles renamed_computer();
MadeFiles moved_into_iis();

// ---- of intruders, and of who looks like them (stories_of_intruders.cpp) ----
MadeFiles sql_attack();
MadeFiles sql_installation();
MadeFiles rpc_worm();
MadeFiles patch_day();
MadeFiles web_attack();
MadeFiles noisy_server();
MadeFiles insider();
MadeFiles administrators_day();

// ---- what they share ----
Timestamp at(std::string_view time);
MadeServerSetup shop(MadeWindows windows = MadeWindows::kServer2003);
// The server's ordinary days before anything happens: from 2004-05-24 to 06-14, 07:02.
void ordinary_days(MadeServer& server);
MadeSession administrator(MadeServer& server, std::string_view time);
// By remote desktop, on 2004-06-14 at 15:55.
MadeSession lang(MadeServer& server);
// Requests that find no process of the pooled applications, at these times.
void start_applications(MadeServer& server, std::initializer_list<std::string_view> times);

}  // namespace iwamtrace
