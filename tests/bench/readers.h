// The readers that the benchmark compares. Each opens the file by its path and takes every field of
// every record as UTF-8; `sum` is what keeps a compiler from leaving any of it out.
#pragma once

#include <cstdint>
#include <string>

#include "analyzers/sigma/rule_set.h"

namespace iwamtrace {

struct Reading {
  std::uint64_t records = 0;
  std::uint64_t strings = 0;
  std::uint64_t sum = 0;  // bytes of text
};

Reading read_with_ours(const std::string& path);

// The same, and the rules are asked of every record that concerns them; `hits` are theirs.
struct Matching {
  Reading reading;
  std::uint64_t hits = 0;
};
Matching match_with_ours(const std::string& path, const sigma::RuleSet& rules);

// The library's own calls, the cheapest that give the same: number, event id, times, level or type,
// source and provider, computer, SID, strings, data. No XML, so neither channel nor field names.
Reading read_with_libevtx_calls(const std::string& path);
Reading read_with_libevt_calls(const std::string& path);

}  // namespace iwamtrace
