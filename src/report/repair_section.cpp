#include "report/repair_section.h"

#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kHang = 5;

}  // namespace

void RepairSection::render() {
  if (!answers_.remediation.empty()) {
    steps();
  }
  const bool decided = !answers_.hypotheses.empty() &&
                       answers_.hypotheses.front().standing == Standing::kEstablished;
  const bool healthy = answers_.desync.cause == "none";
  if (!answers_.wanted.empty() && (verbose_ || (!decided && !healthy))) {
    wanted();
  }
}

// A command as it is typed; with -v also what it does, and why.
void RepairSection::steps() {
  const std::string server = shown(answers_.host.computer_name);
  const Standing standing =
      answers_.hypotheses.empty() ? Standing::kUndetermined : answers_.hypotheses.front().standing;
  page_.heading("What to do on " + (server.empty() ? "the server" : server) +
                (standing == Standing::kEstablished ? "" : " (the cause is not established)"));
  std::size_t number = 0;
  for (const RepairStep& step : answers_.remediation) {
    page_.paragraph(kIndent, std::to_string(++number), kHang,
                    shown(step.command.empty() || verbose_ ? step.action : step.command));
    if (verbose_) {
      if (!step.command.empty()) {
        page_.paragraph(kHang, "", kHang, shown(step.command));
      }
      page_.paragraph(kHang, "", kHang, shown(step.why));
    }
  }
}

void RepairSection::wanted() {
  constexpr std::size_t kMostShown = 4;
  page_.heading("What to collect next");
  std::size_t count = 0;
  for (const WantedEvidence& wanted : answers_.wanted) {
    if (count == kMostShown && !verbose_) {
      page_.paragraph(kIndent, "", kIndent,
                      plural(answers_.wanted.size() - count, "more thing", "more things") + ": -v");
      return;
    }
    ++count;
    std::string text = shown(wanted.path) + ": " + shown(wanted.why);
    if (verbose_) {
      text += ". Decides ";
      for (const std::string& cause : wanted.decides) {
        text += (&cause == &wanted.decides.front() ? "" : ", ") + cause;
      }
    }
    page_.paragraph(kIndent, "", kIndent, text);
  }
}

}  // namespace iwamtrace
