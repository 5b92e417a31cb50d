// Numbers that no record of a log has, and why: a file that holds a part of a log on purpose, parts
// that could not be read, or nothing that is known.
#include <algorithm>

#include "analyzers/log_integrity.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kMostCited = 20;

Citation where(const Source& log, const NumberedPlace& place) {
  return Citation{log.id, place.offset, place.number, {}};
}

Untrusted record(const NumberedPlace& place) {
  return place.time == Timestamp{} ? say("record ", place.number)
                                   : say("record ", place.number, " of ", place.time);
}

Untrusted plural(std::uint64_t count, std::string_view one, std::string_view several) {
  return say(count, count == 1 ? one : several);
}

// A file that holds a part of a log, or of several logs, on purpose: its numbers prove nothing.
// Empty for a log that Windows itself wrote.
std::string_view collected_because(const LogNumbering& numbering) {
  const bool several_computers =
      numbering.computers > 1 && (numbering.numbered_anew || numbering.computers_return);
  if (several_computers) {
    return "events of several computers were forwarded to it, and each numbers its own";
  }
  if (numbering.channels > 1) {
    return "it was exported from several logs, and each numbers its own";
  }
  if (numbering.numbered_anew) {
    return "it is an export, which numbers its records anew; what a filter left out is not "
           "observable";
  }
  return {};
}

bool lies_between(const Damage& damage, const NumberedPair& gap) {
  const std::uint64_t from = gap.before.offset;
  const std::uint64_t to = gap.after.offset;
  const std::uint64_t length = damage.length == 0 ? 1 : damage.length;
  const bool begins_before_end = to < from || damage.offset < to;  // a ring goes on at its front
  const bool ends_behind_start = damage.offset >= from || length > from - damage.offset;
  const bool in_front = to < from && damage.offset < to;
  return (begins_before_end && ends_behind_start) || in_front;
}

bool is_damaged_between(const Source& log, const NumberedPair& gap) {
  return std::ranges::any_of(
      log.damage, [&](const Damage& damage) { return damage.lost && lies_between(damage, gap); });
}

// What a log of Windows' own hand lacks.
class Gaps {
 public:
  explicit Gaps(const Source& log) : log_(log), numbering_(log.summary.numbering) {
    for (const NumberedPair& gap : numbering_.gaps) {
      (is_damaged_between(log, gap) ? damaged_ : bare_).push_back(gap);
    }
    std::ranges::stable_sort(bare_, std::ranges::greater{}, &NumberedPair::missing);
    std::ranges::stable_sort(damaged_, std::ranges::greater{}, &NumberedPair::missing);
  }

  void tell(std::vector<Finding>& findings) const {
    if (bare_.empty() && damaged_.empty()) {
      return;
    }
    const bool bare = !bare_.empty();
    const NumberedPair& worst = bare ? bare_.front() : damaged_.front();
    Untrusted statement =
        say(log_.path, ": ", plural(numbering_.missing, " record number is", " record numbers are"),
            " missing",
            numbering_.gap_count == 1
                ? Untrusted{}
                : say(" in ", numbering_.gap_count, " places, ",
                      bare && !damaged_.empty() ? "of those that no damage explains " : "", "most"),
            " between ", record(worst.before), " and ", record(worst.after), ". ", because());
    findings.push_back(
        Finding{"log_record_gap", severity(), say("record numbers are missing in a log"),
                std::move(statement),
                worst.after.time == Timestamp{} ? std::nullopt : std::optional{worst.after.time},
                citations()});
  }

 private:
  [[nodiscard]] bool may_be_stale() const {
    return numbering_.open && log_.kind == SourceKind::kEvtx;
  }

  [[nodiscard]] Severity severity() const {
    return bare_.empty() ? Severity::kInfo : may_be_stale() ? Severity::kLow : Severity::kMedium;
  }

  [[nodiscard]] Untrusted because() const {
    if (bare_.empty()) {
      return say("Damage found in the same file lies there and explains it");
    }
    Untrusted because =
        may_be_stale() ? say("The log was open when it was copied: what Windows had not yet "
                             "written, or a shadow copy had of another moment, may be missing so")
                       : say("Rotation takes the oldest records only, and no damage was found "
                             "there: nothing explains it");
    if (!damaged_.empty()) {
      because.append(say("; in ", plural(damaged_.size(), " other place", " other places"),
                         " damage of the file does")
                         .view());
    }
    return because;
  }

  [[nodiscard]] std::vector<Citation> citations() const {
    std::vector<Citation> cited;
    for (const auto* gaps : {&bare_, &damaged_}) {
      for (const NumberedPair& gap : *gaps) {
        if (cited.size() + 2 <= kMostCited) {
          cited.push_back(where(log_, gap.before));
          cited.push_back(where(log_, gap.after));
        }
      }
    }
    return cited;
  }

  const Source& log_;
  const LogNumbering& numbering_;
  std::vector<NumberedPair> bare_, damaged_;  // without damage between, and with some
};

void tell_collected(const Source& log, std::string_view because, std::vector<Finding>& findings) {
  const LogNumbering& numbering = log.summary.numbering;
  if (numbering.gap_count == 0 && numbering.restarts == 0) {
    return;
  }
  std::vector<Citation> cited{where(log, *numbering.lowest), where(log, *numbering.highest)};
  findings.push_back(Finding{
      "log_record_gap", Severity::kInfo, say("a log holds a part of what its writers wrote"),
      say(log.path, ": from record ", numbering.lowest->number, " to record ",
          numbering.highest->number, " the numbers do not follow each other: ", because),
      std::nullopt, std::move(cited)});
}

// What the end of the log says that there is, against what is there.
void tell_ends(const Source& log, std::vector<Finding>& findings) {
  const LogNumbering& numbering = log.summary.numbering;
  const std::uint64_t oldest = numbering.announced_oldest.value_or(0);
  const std::uint64_t next = numbering.announced_next.value_or(0);
  const std::uint64_t at_front =
      oldest != 0 && numbering.lowest->number > oldest ? numbering.lowest->number - oldest : 0;
  const std::uint64_t at_end =
      next > numbering.highest->number ? next - numbering.highest->number - 1 : 0;
  if (at_front == 0 && at_end == 0) {
    return;
  }
  const bool damaged = is_damaged(log);
  findings.push_back(Finding{
      "log_record_gap",
      damaged ? Severity::kInfo : Severity::kMedium,
      say("a log lacks records that it announces"),
      say(log.path, " announces records ", at_front == 0 ? numbering.lowest->number : oldest,
          " to ", at_end == 0 ? numbering.highest->number : next - 1, " and has ",
          numbering.lowest->number, " to ", numbering.highest->number, ". ",
          damaged ? "Damage was found in the same file and explains it"
                  : "No damage was found in the file: nothing explains it"),
      std::nullopt,
      {where(log, *numbering.lowest), where(log, *numbering.highest)}});
}

void tell_restart(const Source& log, std::vector<Finding>& findings) {
  const LogNumbering& numbering = log.summary.numbering;
  if (numbering.restarts == 0 || !numbering.first_restart) {
    return;
  }
  const NumberedPair& first = *numbering.first_restart;
  findings.push_back(
      Finding{"log_restarted",
              numbering.open ? Severity::kInfo : Severity::kMedium,
              say("record numbers fall within a log"),
              say(log.path, ": ", record(first.before), " is followed by ", record(first.after),
                  numbering.restarts == 1 ? Untrusted{}
                                          : say(", and so in ", numbering.restarts, " places"),
                  ". ",
                  numbering.open ? "The log was open when it was copied: parts of the file may be "
                                   "of an earlier moment than others"
                                 : "A log counts upwards only: it was made anew or put together "
                                   "from parts"),
              std::nullopt,
              {where(log, first.before), where(log, first.after)}});
}

}  // namespace

void find_record_gaps(const OwnLogFiles& logs, std::vector<Finding>& findings) {
  for (const Source* log : logs) {
    const std::string_view because = collected_because(log->summary.numbering);
    if (!because.empty()) {
      tell_collected(*log, because, findings);
      continue;
    }
    Gaps(*log).tell(findings);
    tell_ends(*log, findings);
    tell_restart(*log, findings);
  }
}

}  // namespace iwamtrace
