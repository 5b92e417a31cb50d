#include "app/interrupt.h"

#include <csignal>
#include <initializer_list>
#include <unistd.h>

namespace iwamtrace {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a signal has no other place
volatile std::sig_atomic_t interrupted_by = 0;

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int signal) {
    if (interrupted_by != 0) {
      _exit(128 + signal);
    }
    interrupted_by = signal;
  };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(signal, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);  // seen as a failing write
}

void stop_if_interrupted() {
  if (interrupted_by != 0) {
    throw Interrupted(interrupted_by);
  }
}

}  // namespace iwamtrace
