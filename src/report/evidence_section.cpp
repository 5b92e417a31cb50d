#include "report/evidence_section.h"

#include <algorithm>
#include <fmt/format.h>

#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kHang = 24;

}  // namespace

void EvidenceSection::files() {
  page_.heading("Evidence");
  for (const Source& source : case_.sources) {
    if (source.status != SourceStatus::kIgnored || verbose_) {
      file(source);
    }
  }
  const auto ignored = std::ranges::count(case_.sources, SourceStatus::kIgnored, &Source::status);
  if (ignored != 0 && !verbose_) {
    page_.paragraph(kIndent, "", kIndent,
                    plural(static_cast<std::uint64_t>(ignored), "other file", "other files") +
                        " not read: -v lists them");
  }
}

void EvidenceSection::file(const Source& source) {
  std::string kind{name_of(source.kind)};
  if (!source.summary.log.empty()) {
    kind += ", " + shown(source.summary.log);
  }
  const bool log = source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
  if (source.status == SourceStatus::kRead || source.status == SourceStatus::kPartial) {
    kind += ", " + (log ? plural(source.summary.records, "record", "records")
                    : source.kind == SourceKind::kHiveLog
                        ? plural(source.summary.records, "entry", "entries")
                        : plural(source.summary.records, "key", "keys"));
    if (source.summary.recovered != 0) {
      kind += " and " + grouped(source.summary.recovered) + (log ? " recovered" : " deleted");
    }
  }
  if (log && source.summary.first && source.summary.last) {
    kind += ", " + moment(*source.summary.first) + " to " + moment(*source.summary.last);
  }
  kind += ", " + size_in_words(source.size);
  page_.paragraph(kIndent, shown(source.path), kHang, kind);
  if (!source.sha256.empty()) {
    page_.line(std::string(kIndent + 2, ' ') + "sha256 " + source.sha256);
  }
  if (!source.note.empty()) {
    page_.paragraph(kIndent + 2, "", kIndent + 2, shown(source.note));
  }
  damage(source);
  witness(source);
}

void EvidenceSection::damage(const Source& source) {
  constexpr std::size_t kMostShown = 3;
  std::size_t count = 0;
  for (const Damage& damage : source.damage) {
    if (count == kMostShown && !verbose_) {
      page_.line(std::string(kIndent + 2, ' ') + "… " + grouped(source.damage.size() - count) +
                 " more: -v lists them");
      return;
    }
    ++count;
    const std::string where = damage.length == 0
                                  ? fmt::format("at {:#x}", damage.offset)
                                  : fmt::format("at {:#x}, {} bytes", damage.offset, damage.length);
    page_.paragraph(kIndent + 2, "", kIndent + 2,
                    (damage.lost ? "damaged " : "remark ") + where + ": " + shown(damage.what));
  }
}

void EvidenceSection::witness(const Source& source) {
  const auto& check = source.cross_check;
  if (!check) {
    return;
  }
  const auto unexplained = static_cast<std::size_t>(std::ranges::count_if(
      check->differences,
      [](const CrossDifference& difference) { return difference.because.empty(); }));
  std::string text = "second witness " + check->reader + ": " +
                     plural(check->agree, "record agrees", "records agree");
  if (check->differ + check->only_ours + check->only_theirs == 0) {
    text += ", no difference";
  } else {
    text += ", " + grouped(check->differ) + " differ, " + grouped(check->only_ours) +
            " only ours, " + grouped(check->only_theirs) + " only theirs";
    text += unexplained == 0 ? "; each is explained" : "; " + grouped(unexplained) + " unexplained";
  }
  page_.paragraph(kIndent + 2, "", kIndent + 2, text);
  for (const CrossDifference& difference : check->differences) {
    if (difference.because.empty() || verbose_) {
      const std::string record = difference.record ? std::to_string(*difference.record) : "?";
      page_.paragraph(kIndent + 4, "", kIndent + 4,
                      "record " + record + ", " + difference.field + ": ours " +
                          cut_to(shown(difference.ours), 60) + ", theirs " +
                          cut_to(shown(difference.theirs), 60) +
                          (difference.because.empty() ? "" : " (" + difference.because + ")"));
    }
  }
  if (verbose_ && check->omitted != 0) {
    page_.paragraph(kIndent + 4, "", kIndent + 4,
                    "and " + grouped(check->omitted) + " more, which were counted only");
  }
}

void EvidenceSection::citations() {
  if (page_.cited().empty()) {
    return;
  }
  page_.heading("Citations");
  std::size_t number = 0;
  for (const Citation& citation : page_.cited()) {
    const std::string lead = "[" + std::to_string(++number) + "]";
    std::string text = shown(case_.source(citation.source).path);
    if (citation.record) {
      text += "  record " + std::to_string(*citation.record);
    }
    text += fmt::format("  offset {:#x}", citation.offset);
    if (!citation.path.empty()) {
      text += "  " + shown(citation.path);
    }
    page_.paragraph(kIndent, lead, kIndent + 6, text);
  }
}

}  // namespace iwamtrace
