#include "app/terminal.h"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace iwamtrace {
namespace {

// Set and not empty, as the NO_COLOR convention has it.
bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::size_t terminal_width(const std::string& output) {
  constexpr std::size_t kDefault = 80;
  winsize size{};
  if (output == "-" && isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col != 0) {
    return size.ws_col;
  }
  if (const char* columns = std::getenv("COLUMNS")) {
    const unsigned long given = std::strtoul(columns, nullptr, 10);
    return given == 0 ? kDefault : given;
  }
  return kDefault;
}

bool wants_colour(const Options& options) {
  if (options.no_color || is_set("NO_COLOR") || options.output != "-") {
    return false;
  }
  if (is_set("CLICOLOR_FORCE")) {
    return true;
  }
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && terminal != nullptr && std::string_view{terminal} != "dumb";
}

TextOptions text_options(const Options& options) {
  return {terminal_width(options.output), wants_colour(options), options.verbose};
}

}  // namespace iwamtrace
