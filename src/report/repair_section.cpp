#include "report/repair_section.h"

#include <algorithm>
#include <string>
#include <vector>

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
  const bool healthy =
      answers_.desync.verdict == SyncVerdict::kInSync && answers_.desync.cause == "none";
  const bool intrusion = answers_.compromise.verdict <= CompromiseVerdict::kSuspected;
  const bool room = brevity_ <= Brevity::kShortLists;
  if (!answers_.wanted.empty() && (in_full() || (intrusion && room) || (!decided && !healthy))) {
    wanted();
  }
}

// A command as it is typed; with -v also what it does, and why.
void RepairSection::steps() {
  const std::string server = shown(answers_.host.computer_name);
  const Standing standing =
      answers_.hypotheses.empty() ? Standing::kUndetermined : answers_.hypotheses.front().standing;
  const bool faulty = answers_.failures.any() || answers_.desync.verdict == SyncVerdict::kDesynced;
  page_.heading(
      "What to do on " + (server.empty() ? "the server" : server) +
      (standing == Standing::kEstablished || !faulty ? "" : " (the cause is not established)"));
  std::size_t number = 0;
  for (const RepairStep& step : answers_.remediation) {
    page_.paragraph(kIndent, std::to_string(++number), kHang,
                    shown(step.command.empty() || in_full() ? step.action : step.command));
    if (in_full()) {
      if (!step.command.empty()) {
        page_.paragraph(kHang, "", kHang, shown(step.command));
      }
      page_.paragraph(kHang, "", kHang, shown(step.why));
    }
  }
}

// In brief the paths alone.
void RepairSection::wanted() {
  if (!in_full()) {
    constexpr std::size_t kMostShown = 4;
    std::vector<std::string> paths;
    for (const WantedEvidence& wanted : answers_.wanted) {
      const std::string path = shown(wanted.path);
      if (std::ranges::find(paths, path) == paths.end()) {
        paths.push_back(path);
      }
    }
    if (brevity_ >= Brevity::kShortLists) {
      page_.heading("What to collect next: " + plural(paths.size(), "thing", "things") +
                    ", see -v");
      return;
    }
    page_.heading("What to collect next (why: -v)");
    const std::size_t more = paths.size() - std::min(paths.size(), kMostShown);
    paths.resize(paths.size() - more);
    std::string text;
    for (const std::string& path : paths) {
      text += (text.empty() ? "" : "; ") + path;
    }
    page_.paragraph(kIndent, "", kIndent, text + (more == 0 ? "" : "; " + grouped(more) + " more"));
    return;
  }
  page_.heading("What to collect next");
  for (const WantedEvidence& wanted : answers_.wanted) {
    std::string text = shown(wanted.path) + ": " + shown(wanted.why) + ". Decides ";
    for (const std::string& cause : wanted.decides) {
      text += (&cause == &wanted.decides.front() ? "" : ", ") + cause;
    }
    page_.paragraph(kIndent, "", kIndent, text);
  }
}

}  // namespace iwamtrace
