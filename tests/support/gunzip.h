// The text of a .gz file: oracles are kept compressed.
#pragma once

#include <filesystem>
#include <string>

namespace iwamtrace {

std::string gunzip(const std::filesystem::path& path);

}  // namespace iwamtrace
