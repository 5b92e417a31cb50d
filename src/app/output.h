// Where results go. A file is written under a temporary name and renamed when it is whole; an
// existing one is left alone unless the user says otherwise. Nothing is taken for written that the
// kernel has not taken.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "parsers/file_handle.h"

namespace iwamtrace {

// The output cannot be written: exit code 5.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Whoever read our standard output has gone: not our failure, and nothing to complain about.
class ReaderGone : public std::exception {};

class Output {
 public:
  // `path` "-" is standard output. Throws UsageError when the file exists and may not be replaced.
  Output(std::string path, bool force);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();  // removes what was not finished

  void write(std::string_view text);
  // Makes it last: a file gets its name only now.
  void finish();

 private:
  [[nodiscard]] bool is_stdout() const { return path_ == "-"; }

  std::string path_, temporary_;
  FileHandle file_;
};

}  // namespace iwamtrace
