// The processes of a session, as far as their start was audited. No record of an act names the
// process that did it: only what a session had started and not ended can be told.
#pragma once

#include <optional>
#include <vector>

#include "analyzers/boot_frames.h"

namespace iwamtrace {

struct ProcessLine {
  Timestamp started;
  Untrusted image;                   // its full path
  std::vector<Untrusted> ancestors;  // names of files, the nearest first
  std::vector<Citation> citations;

  // "C:\WINNT\system32\net1.exe (by net.exe, cmd.exe)".
  [[nodiscard]] Untrusted in_words() const;
};

// The last one that was started under that logon id before the act, at most so long before, and
// has no recorded end.
std::optional<ProcessLine> last_process(const Answers& answers, const BootFrames& frames,
                                        const EventRecord& act, std::uint64_t logon_id,
                                        std::int64_t at_most_before);

}  // namespace iwamtrace
