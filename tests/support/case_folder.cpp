#include "tests/support/case_folder.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/evidence.h"

namespace iwamtrace {

CaseFolder::CaseFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "iwamtrace-case-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot make a folder");
  }
  path_ = name;
}

CaseFolder::~CaseFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path CaseFolder::add(const std::string& name, std::string_view bytes) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path.string());
  }
  return path;
}

ProgramRun run_program(const std::string& arguments, const std::string& before,
                       const std::string& program) {
  const CaseFolder folder;
  const std::string out = folder / "out";
  const std::string err = folder / "err";
  const std::string command = before + " " + program + " " + arguments;
  // NOLINTNEXTLINE(cert-env33-c): a test starts the program through a shell, as users do
  const int status =
      std::system(("{ " + command + " ; } >'" + out + "' 2>'" + err + "' </dev/null").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), file_bytes(out),
          file_bytes(err)};
}

}  // namespace iwamtrace
