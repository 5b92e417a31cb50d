// One line on the terminal that says what is being done; nothing where there is no terminal.
#pragma once

#include <string>
#include <string_view>

#include "app/options.h"
#include "model/untrusted.h"

namespace iwamtrace {

class Progress {
 public:
  explicit Progress(const Options& options);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // wipes the line

  void show(std::string_view what, const std::string& theirs);

 private:
  bool active_;
  bool shown_ = false;
};

// A message for the user, on standard error, unless --quiet.
void tell(const Options& options, const Untrusted& message);

// Why the program ends, on standard error. What it quotes may come from anywhere.
void complain(std::string_view why);

}  // namespace iwamtrace
