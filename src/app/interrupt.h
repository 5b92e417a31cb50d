// The user's wish to stop: noted when it comes, obeyed where it does no harm.
#pragma once

#include <exception>

namespace iwamtrace {

// Thrown once SIGINT, SIGTERM or SIGHUP has come.
class Interrupted : public std::exception {
 public:
  explicit Interrupted(int signal) : signal_(signal) {}
  [[nodiscard]] int signal() const { return signal_; }
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }

 private:
  int signal_;
};

// To be called once, first thing. Asked twice, the program ends at once.
void catch_interrupts();

// Throws Interrupted where the user has asked to stop.
void stop_if_interrupted();

}  // namespace iwamtrace
