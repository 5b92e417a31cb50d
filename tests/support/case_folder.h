// A folder of evidence made for one test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace iwamtrace {

class CaseFolder {
 public:
  CaseFolder();
  ~CaseFolder();
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  // Folders on the way are made.
  std::filesystem::path add(const std::string& name, std::string_view bytes) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

// The program itself, as a user starts it.
struct ProgramRun {
  int exit_code = -1;
  std::string out, err;
};
ProgramRun run_program(const std::string& arguments, const std::string& before = {},
                       const std::string& program = IWAMTRACE_PROGRAM);

}  // namespace iwamtrace
