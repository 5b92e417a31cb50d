#include "tests/support/gunzip.h"

#include <array>
#include <memory>
#include <zlib.h>

namespace iwamtrace {

std::string gunzip(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  std::string text;
  std::array<char, 65536> buffer{};
  for (int size = 1; file != nullptr && size > 0;) {
    size = gzread(file.get(), buffer.data(), buffer.size());
    text.append(buffer.data(), static_cast<std::size_t>(size > 0 ? size : 0));
  }
  return text;
}

}  // namespace iwamtrace
