#include "analyzers/session_processes.h"

#include <algorithm>
#include <map>

namespace iwamtrace {
namespace {

constexpr int kMostAncestors = 4;
constexpr int kMostTried = 1000;  // of those that had ended

// Since Windows 10 also whose the new process is; before, and where it is the creator's, nobody
// else's.
std::optional<std::uint64_t> owner_of(const EventRecord& started) {
  const auto target = started.field("TargetLogonId").logon_id();
  return target.value_or(0) != 0 ? target : started.field("SubjectLogonId").logon_id();
}

Untrusted file_name(UntrustedView path) {
  while (const auto parts = path.split('\\')) {
    path = parts->second;
  }
  return Untrusted{path};
}

class Processes {
 public:
  Processes(const Answers& answers, const BootFrames& frames) : frames_(frames) {
    for (const EventRecord* record : answers.events) {
      if (record->origin != Origin::kAllocated) {
        continue;
      }
      if (record->head.key == events::kProcessStarted) {
        starts_.push_back(record);
      } else if (record->head.key == events::kProcessEnded) {
        ends_.emplace(record->field("ProcessId").number().value_or(0), record);
      }
    }
  }

  // The last start before a record that is wanted and whose process had not ended by then.
  template <typename Wanted>
  [[nodiscard]] const EventRecord* last_before(const EventRecord& record, Wanted wanted) const {
    int tried = 0;
    for (auto at = starts_.rbegin(); at != starts_.rend() && tried < kMostTried; ++at) {
      const EventRecord& started = **at;
      if (!wanted(started) || !precedes(started, record)) {
        continue;
      }
      ++tried;
      if (!frames_.share_frame(started, record)) {
        return nullptr;
      }
      if (!ended(started, record)) {
        return &started;
      }
    }
    return nullptr;
  }

  [[nodiscard]] const EventRecord* parent_of(const EventRecord& child) const {
    const auto id = child.field("ProcessId").number();
    return last_before(child, [&](const EventRecord& started) {
      return id && started.field("NewProcessId").number() == id;
    });
  }

 private:
  [[nodiscard]] bool ended(const EventRecord& started, const EventRecord& before) const {
    const auto [first, last] =
        ends_.equal_range(started.field("NewProcessId").number().value_or(0));
    return std::any_of(first, last, [&](const auto& end) {
      return precedes(started, *end.second) && precedes(*end.second, before);
    });
  }

  const BootFrames& frames_;
  std::vector<const EventRecord*> starts_;  // by time
  std::multimap<std::uint64_t, const EventRecord*> ends_;
};

}  // namespace

Untrusted ProcessLine::in_words() const {
  Untrusted words = image;
  for (std::size_t i = 0; i < ancestors.size(); ++i) {
    words.append(say(i == 0 ? " (by " : ", ", ancestors[i]).view());
  }
  words.append(ancestors.empty() ? "" : ")");
  return words;
}

std::optional<ProcessLine> last_process(const Answers& answers, const BootFrames& frames,
                                        const EventRecord& act, std::uint64_t logon_id,
                                        std::int64_t at_most_before) {
  const Processes processes(answers, frames);
  const EventRecord* process = processes.last_before(act, [&](const EventRecord& started) {
    return act.head.time - started.head.time <= at_most_before && owner_of(started) == logon_id;
  });
  if (process == nullptr) {
    return std::nullopt;
  }
  ProcessLine line{process->head.time, Untrusted{process->field("NewProcessName")}, {}, {}};
  for (int depth = 0; process != nullptr && depth < kMostAncestors; ++depth) {
    line.citations.push_back(process->where());
    const EventRecord* parent = processes.parent_of(*process);
    const UntrustedView name =
        parent != nullptr ? parent->field("NewProcessName") : process->field("ParentProcessName");
    if (!name.empty()) {
      line.ancestors.push_back(file_name(name));
    }
    process = parent;
  }
  return line;
}

}  // namespace iwamtrace
