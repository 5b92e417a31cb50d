// Writes the transaction logs of registry hives, after msuhanov's "Windows registry file format
// specification": what Windows writes ahead of a hive, so that a write cut short can be made good.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

// The first form ("DIRT"), to Windows 8.0: all sectors in which `after` differs from `hive`, which
// is the dirty file on the disk. `file_type` is 2 in Windows 2000 and before.
std::string old_hive_log(std::string_view hive, std::string_view after,
                         std::uint32_t file_type = 1);

// The second form ("HvLE"), since Windows 8.1: an entry for each step from one state of the hive to
// the next, numbered from `first_sequence` on.
std::string new_hive_log(const std::vector<std::string>& states, std::uint32_t first_sequence);

// The hash in those entries.
std::uint64_t hive_log_hash(std::string_view bytes);

}  // namespace iwamtrace
