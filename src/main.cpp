#include <exception>
#include <string>
#include <vector>

#include "app/interrupt.h"
#include "app/options.h"
#include "app/output.h"
#include "app/pipeline.h"
#include "app/progress.h"

int main(int argc, char** argv) {
  using namespace iwamtrace;
  constexpr int kSignal = 128;
  constexpr int kReaderGone = 141;
  try {
    catch_interrupts();
    const CommandLine line = parse_command_line(std::vector<std::string>(argv + 1, argv + argc));
    if (line.answered) {
      Output("-", false).write(line.answered->text);
      return exit_code::kDone;
    }
    return run(line.options);
  } catch (const UsageError& error) {
    complain(error.what());
    return exit_code::kUsage;
  } catch (const Interrupted& interrupted) {
    return kSignal + interrupted.signal();
  } catch (const ReaderGone&) {
    return kReaderGone;
  } catch (const std::exception& error) {
    complain(error.what());
    return exit_code::kInternal;
  } catch (...) {
    complain("unknown error");
    return exit_code::kInternal;
  }
}
