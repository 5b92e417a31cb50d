// Where does each application run, does the fault reach it there, and what did it prove when
// somebody moved one? The classic test: what works inside inetinfo.exe and fails outside fails at
// the start of dllhost.exe, not in itself.
#include <algorithm>
#include <array>

#include "analyzers/causes.h"
#include "analyzers/iwam_events.h"
#include "analyzers/metabase_history.h"
#include "analyzers/questions.h"

namespace iwamtrace {
namespace {

using Protection = ApplicationAnswer::Protection;

// "/LM/W3SVC/1/ROOT/shop" of "/LM/W3SVC/1/ROOT/shop/AppIsolated"; nothing for what is no
// application of a site, such as the templates of set-up.
std::optional<UntrustedView> location_of(const MetabaseApplication& application) {
  constexpr std::size_t kName = std::string_view{"/AppIsolated"}.size();
  const UntrustedView path = application.where.path;
  if (path.size() <= kName || !path.starts_with("/LM/W3SVC/") || !path.contains("/ROOT")) {
    return std::nullopt;
  }
  return path.first(path.size() - kName);
}

Protection protection_of(const MetabaseApplication& application) {
  constexpr std::array kByValue{Protection::kLow, Protection::kHigh, Protection::kPooled};
  return application.isolated && *application.isolated < kByValue.size()
             ? kByValue.at(*application.isolated)
             : Protection::kUnknown;
}

// As the console of IIS calls it.
std::string_view in_words(Protection protection) {
  switch (protection) {
    case Protection::kLow:
      return "low (in process)";
    case Protection::kHigh:
      return "high (isolated)";
    case Protection::kPooled:
      return "medium (pooled)";
    default:
      return "unknown";
  }
}

std::vector<const EventRecord*> failures_of(const Answers& answers, UntrustedView location) {
  std::vector<const EventRecord*> own;
  std::ranges::copy_if(
      answers.failures.unloaded, std::back_inserter(own),
      [&](const EventRecord* record) { return record->field("Application").is(location); });
  return own;
}

Cause::Reach reach_of(const Answers& answers) {
  const Cause* cause = cause_of(answers.desync.cause);
  const bool differ = answers.desync.verdict == SyncVerdict::kDesynced;
  if (cause == nullptr || cause->reach == Cause::Reach::kNone) {
    return differ ? Cause::Reach::kProcesses : Cause::Reach::kNone;
  }
  return cause->reach;
}

void judge(Cause::Reach reach, ApplicationAnswer& application) {
  const auto say_so = [&](std::optional<bool> reached, std::string_view because) {
    application.reached = reached;
    application.because = say(because);
  };
  const bool failed = !application.failures.empty();
  if (application.protection == Protection::kWorkerProcess) {
    say_so(false, "IIS 6 runs it in a worker process, without IWAM");
  } else if (reach == Cause::Reach::kNone) {
    say_so(std::nullopt, "there is no fault whose reach is known");
  } else if (reach == Cause::Reach::kEverything) {
    say_so(true, "without it IIS delivers nothing of any application");
  } else if (application.protection == Protection::kLow) {
    say_so(false, "it runs inside inetinfo.exe, which needs no logon of IWAM");
  } else if (application.protection == Protection::kPooled) {
    say_so(true, failed ? "it is pooled, and was not loaded"
                        : "it is pooled: its next start needs what is broken");
  } else if (failed) {
    say_so(true, "it was not loaded");
  } else if (application.protection == Protection::kHigh && reach == Cause::Reach::kProcesses) {
    say_so(true, "its own process is started as the same account, if nobody chose another");
  } else {
    say_so(std::nullopt, "its own package has a copy of account and password of its own in COM+");
  }
}

void list_applications(Answers& answers) {
  const MetabaseSnapshot* metabase = answers.copies.metabase();
  if (metabase == nullptr) {
    return;
  }
  const bool worker_processes = !uses_iwam(answers.copies);
  const Cause::Reach reach = reach_of(answers);
  for (const MetabaseApplication& one : metabase->applications) {
    const auto location = location_of(one);
    if (!location) {
      continue;
    }
    ApplicationAnswer application;
    application.location = Untrusted{*location};
    application.protection = worker_processes ? Protection::kWorkerProcess : protection_of(one);
    application.failures = failures_of(answers, *location);
    application.citations = {one.where};
    if (worker_processes && metabase->isolation_mode_where) {
      application.citations.push_back(*metabase->isolation_mode_where);
    }
    judge(reach, application);
    answers.applications.push_back(std::move(application));
  }
}

// ---- the experiment ----

struct Move {
  const MetabaseSnapshot* before = nullptr;
  const MetabaseSnapshot* after = nullptr;
  const MetabaseApplication* from = nullptr;
  const MetabaseApplication* to = nullptr;
  UntrustedView location;
};

std::vector<Move> moves(const CopiesAnswer& copies) {
  std::vector<Move> found;
  for (std::size_t i = 0; i + 1 < copies.metabases.size(); ++i) {
    const MetabaseSnapshot& before = *copies.metabases[i];
    const MetabaseSnapshot& after = *copies.metabases[i + 1];
    for (const MetabaseApplication& from : before.applications) {
      const auto location = location_of(from);
      const auto to = std::ranges::find_if(after.applications, [&](const auto& other) {
        return location && other.where.path.is(from.where.path);
      });
      if (location && to != after.applications.end() && from.isolated != to->isolated) {
        found.push_back(Move{&before, &after, &from, &*to, *location});
      }
    }
  }
  return found;
}

struct Counts {
  std::size_t before = 0, after = 0, others_after = 0;
  std::vector<Citation> citations;
};

Counts failures_around(const Answers& answers, UntrustedView location, Timestamp moved) {
  Counts counts;
  for (const EventRecord* record : answers.failures.unloaded) {
    const bool own = record->field("Application").is(location);
    const bool before = record->head.time < moved;
    std::size_t& count = !own ? counts.others_after : before ? counts.before : counts.after;
    if ((own || !before) && ++count == 1) {
      counts.citations.push_back(record->where());
    }
  }
  return counts;
}

Untrusted reading_of(const Move& move, const Counts& counts) {
  const auto failures = [](std::size_t count) {
    return count == 0   ? say("no failure")
           : count == 1 ? say("one failure")
                        : say(count, " failures");
  };
  const Untrusted others = counts.others_after == 0 ? Untrusted{}
                                                    : say(", and ", failures(counts.others_after),
                                                          " of other applications");
  if (move.to->isolated == 0U && counts.before != 0 && counts.after == 0) {
    return say(failures(counts.before), " to load it before and none since", others,
               ": if anybody asked for it, the start of dllhost.exe fails, not the application");
  }
  if (move.to->isolated == 0U && counts.after != 0) {
    return say(failures(counts.after),
               " to load it since, although it needs no dllhost.exe: the application or IIS fails "
               "of itself");
  }
  if (move.from->isolated == 0U && counts.before == 0 && counts.after != 0) {
    return say("no failure to load it before and ", failures(counts.after),
               " since: the start of dllhost.exe fails");
  }
  return say(failures(counts.before), " to load it before and ", failures(counts.after),
             " since, which decides nothing");
}

void tell_moves(const Case& the_case, Answers& answers) {
  for (const Move& move : moves(answers.copies)) {
    const auto moved = saved_at(the_case, answers.copies, *move.after);
    std::vector<Citation> citations{move.from->where, move.to->where};
    Untrusted reading = say("when is not observable, the file times may be those of a copy");
    if (moved && !answers.failures.observable) {
      reading = say("what failed before and after is not observable without a System log");
    } else if (moved) {
      const Counts counts = failures_around(answers, move.location, *moved);
      std::ranges::copy(counts.citations, std::back_inserter(citations));
      reading = counts.before + counts.after == 0 ? say("no failure of it is in the logs")
                                                  : reading_of(move, counts);
    }
    const bool still_there =
        move.after == answers.copies.metabases.back() ||
        std::ranges::any_of(answers.applications, [&](const auto& one) {
          return one.location.is(move.location) && one.protection == protection_of(*move.to);
        });
    const bool runs_as_system = move.to->isolated == 0U && still_there;
    answers.findings.push_back(Finding{
        "application_moved", runs_as_system ? Severity::kMedium : Severity::kLow,
        say("an application was given another protection"),
        say(move.location, " went from ", in_words(protection_of(*move.from)), " to ",
            in_words(protection_of(*move.to)), " with ", name_of_version(the_case, *move.after),
            moved ? say(", saved on ", *moved) : Untrusted{}, ": ", reading,
            runs_as_system ? ". Its pages may still act as SYSTEM" : ""),
        moved, citations});
  }
}

}  // namespace

void list_protected_applications(const Case& the_case, Answers& answers) {
  list_applications(answers);
  tell_moves(the_case, answers);
}

}  // namespace iwamtrace
