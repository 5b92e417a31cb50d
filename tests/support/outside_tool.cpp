#include "tests/support/outside_tool.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace iwamtrace {
namespace {

ToolRun run(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): a test that starts a tool by its name
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    throw std::runtime_error("cannot start " + command);
  }
  ToolRun result;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe)) {
    result.out.append(buffer.data(), read);
  }
  const int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

}  // namespace

TemporaryFile::TemporaryFile(std::string_view name, std::string_view bytes)
    : path_(std::filesystem::temp_directory_path() /
            ("iwamtrace_" + std::to_string(getpid()) + "_" + std::string(name))) {
  std::ofstream out(path_, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) {
    throw std::runtime_error("cannot write " + path_.string());
  }
}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

bool is_installed(std::string_view tool) {
  return run("command -v " + std::string(tool)).exit_code == 0;
}

ToolRun run_tool(std::string_view tool, const std::vector<std::string>& options,
                 const TemporaryFile& file) {
  std::string command(tool);
  for (const std::string& option : options) {
    command += ' ' + option;
  }
  return run("TZ=UTC LC_ALL=C.UTF-8 " + command + " '" + file.path().string() + "'");
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace iwamtrace
