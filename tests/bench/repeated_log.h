// Large logs for the benchmark: the sound chunks or records of a real log, repeated and renumbered
// until there is enough, with every checksum repaired. Written without the parsers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace iwamtrace {

// At least `size` bytes. Throws std::runtime_error when the log has no sound chunk or record.
std::string repeated_evtx(std::string_view log, std::size_t size);
std::string repeated_evt(std::string_view log, std::size_t size);

}  // namespace iwamtrace
