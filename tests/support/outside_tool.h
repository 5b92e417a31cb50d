// Tools that nobody of this project made, as judges over the files our writers make.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

// A file in the folder for temporary files that goes with the object.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view name, std::string_view bytes);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct ToolRun {
  int exit_code = -1;
  std::string out;  // standard output and standard error, in the order they came
};

bool is_installed(std::string_view tool);
ToolRun run_tool(std::string_view tool, const std::vector<std::string>& options,
                 const TemporaryFile& file);
std::vector<std::string> lines_of(std::string_view text);

}  // namespace iwamtrace

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can leave the test
#define IWAMTRACE_NEEDS_TOOL(tool, package)                                              \
  if (!iwamtrace::is_installed(tool))                                                    \
  GTEST_SKIP() << "NOT TESTED: " << (tool) << " is not installed. It is in the package " \
               << (package)
