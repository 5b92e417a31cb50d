// What several signs prove together that each alone does not, and what speaks against a way in.
#pragma once

#include <vector>

#include "model/case.h"
#include "model/hypothesis.h"
#include "model/report.h"

namespace iwamtrace {

// Guesses, then a command of SQL Server, then an account or a password that nobody set.
std::vector<Fact> chain_of_sql_attack(const Case& the_case, const Answers& answers);
std::vector<Fact> against_sql_attack(const Case& the_case, const Answers& answers);

// A web server set up for it, and a shell that it started.
std::vector<Fact> chain_of_web_attack(const Case& the_case, const Answers& answers);

// Auditing switched off and the log cleared, in one session.
std::vector<Fact> chain_of_insider(const Case& the_case, const Answers& answers);

// Patched before it crashed.
std::vector<Fact> chain_of_rpc_worm(const Case& the_case, const Answers& answers);
std::vector<Fact> against_rpc_worm(const Case& the_case, const Answers& answers);

}  // namespace iwamtrace
