// A made SAM and SECURITY in several states of one password, as hives and as transaction logs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "make/made_hive.h"
#include "tests/support/collecting_sink.h"

namespace iwamtrace {

// The n-th password of IWAM_SHOP1 was set on the n-th of June 2004.
inline constexpr std::uint32_t kIwamRid = 1004;
Timestamp set_on(int day);

// Sequence numbers as after a flush that was cut short: `sequence` and one less.
MadeHive made_sam(int day, std::uint32_t sequence = 20);
MadeHive made_security(int day, std::uint32_t sequence = 20);
std::string made_system();

std::string clean(MadeHive hive);
std::string dirty(MadeHive hive);

// Read as a case, numbered in this order.
CollectingSink read_files(const std::vector<std::string>& contents);

Account iwam_of(const CollectingSink& sink);
// Everything that is said of a source, one sentence a line.
std::string said_of(const CollectingSink& sink, std::uint32_t source);
// The change whose `what` ends so; fails the test where there is none.
ReplayedChange change_of(const CollectingSink& sink, std::string_view what);

void put_u32(std::string& bytes, std::size_t at, std::uint32_t value);
std::uint32_t get_u32(const std::string& bytes, std::size_t at);

}  // namespace iwamtrace
