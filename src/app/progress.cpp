#include "app/progress.h"

#include <cstdio>
#include <unistd.h>

#include "report/terminal_text.h"

namespace iwamtrace {
namespace {

constexpr std::string_view kWipe = "\r\x1b[K";

void to_stderr(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

Progress::Progress(const Options& options)
    : active_(!options.no_progress && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_) {
    to_stderr(kWipe);
  }
}

void Progress::show(std::string_view what, const std::string& theirs) {
  if (!active_) {
    return;
  }
  constexpr std::size_t kWidth = 79;
  shown_ = true;
  to_stderr(std::string(kWipe) +
            cut_to(std::string(what) + TerminalText::visible(UntrustedView{theirs}), kWidth));
  std::fflush(stderr);
}

void tell(const Options& options, const Untrusted& message) {
  if (!options.quiet) {
    to_stderr("iwamtrace: " + TerminalText::visible(message) + "\n");
  }
}

void complain(std::string_view why) {
  to_stderr("iwamtrace: " + TerminalText::visible(UntrustedView{why}) + "\n");
}

}  // namespace iwamtrace
