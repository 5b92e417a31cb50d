// The questions, one a file, in the order of the table in analyzers.cpp.
#pragma once

#include "model/case.h"
#include "model/report.h"

namespace iwamtrace {

void identify_server(const Case& the_case, Answers& answers);
void compare_password_copies(const Case& the_case, Answers& answers);
void list_grants(const Case& the_case, Answers& answers);
void examine_account_state(const Case& the_case, Answers& answers);
void compare_metabases(const Case& the_case, Answers& answers);
void match_secrets(const Case& the_case, Answers& answers);
void find_pooled_failures(const Case& the_case, Answers& answers);
void apply_rules(const Case& the_case, Answers& answers);
void find_account_signs(const Case& the_case, Answers& answers);
void find_sql_signs(const Case& the_case, Answers& answers);
void find_logon_signs(const Case& the_case, Answers& answers);
void find_metabase_signs(const Case& the_case, Answers& answers);
void find_persistence_signs(const Case& the_case, Answers& answers);
void find_worm_signs(const Case& the_case, Answers& answers);
void find_cleared_logs(const Case& the_case, Answers& answers);
void examine_log_settings(const Case& the_case, Answers& answers);
void decide_desync_cause(const Case& the_case, Answers& answers);
void bracket_desync_window(const Case& the_case, Answers& answers);
void judge_desync(const Case& the_case, Answers& answers);
void judge_compromise(const Case& the_case, Answers& answers);
void tell_story(const Case& the_case, Answers& answers);
void name_findings(const Case& the_case, Answers& answers);
void name_metabase_findings(const Case& the_case, Answers& answers);
void name_sets_by_the_system(const Case& the_case, Answers& answers);
void find_clock_changes(const Case& the_case, Answers& answers);
void list_protected_applications(const Case& the_case, Answers& answers);
void name_remediation(const Case& the_case, Answers& answers);
void name_wanted_evidence(const Case& the_case, Answers& answers);
void examine_log_integrity(const Case& the_case, Answers& answers);
void name_limits(const Case& the_case, Answers& answers);

}  // namespace iwamtrace
