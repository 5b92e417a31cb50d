#include "report/evidence_section.h"

#include <algorithm>
#include <fmt/format.h>

#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kHang = 24;

bool is_log(const Source& source) {
  return source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
}

// "evt, Security, 18 records and 2 recovered".
std::string contents(const Source& source) {
  std::string text{name_of(source.kind)};
  if (!source.summary.log.empty()) {
    text += ", " + shown(source.summary.log);
  }
  if (source.status == SourceStatus::kRead || source.status == SourceStatus::kPartial) {
    text += ", " + (is_log(source) ? plural(source.summary.records, "record", "records")
                    : source.kind == SourceKind::kHiveLog
                        ? plural(source.summary.records, "entry", "entries")
                        : plural(source.summary.records, "key", "keys"));
    if (source.summary.recovered != 0) {
      text += " and " + grouped(source.summary.recovered) +
              (is_log(source) ? " recovered" : " deleted");
    }
  }
  return text;
}

// Nothing is to be said of it but its name and size.
bool is_plain(const Source& source) {
  return source.status == SourceStatus::kRead && source.damage.empty() && source.note.empty() &&
         !source.cross_check && source.summary.recovered == 0 && !is_log(source);
}

// A GUID or SID by its beginning and its end.
std::string abbreviated(UntrustedView name) {
  constexpr std::size_t kLongest = 26;
  constexpr std::size_t kAtFront = 14;
  constexpr std::size_t kAtEnd = 5;
  if (name.size() <= kLongest || !name.consists_of_words(std::string_view("{}-:\0", 5))) {
    return shown(name);
  }
  return shown(name.first(kAtFront)) + "…" + shown(name.without_prefix(name.size() - kAtEnd));
}

struct PathEnd {
  std::string parent, name;  // the last two names of a path
};

// A value that has no name, "(Default)", goes by its key's.
PathEnd end_of(const Untrusted& path, char separator) {
  std::vector<UntrustedView> names;
  UntrustedView rest = path;
  while (const auto parts = rest.split(separator)) {
    names.push_back(parts->first);
    rest = parts->second;
  }
  if (names.empty() || !rest.is("(Default)")) {
    names.push_back(rest);
  }
  const std::string parent =
      names.size() < 2 ? "" : abbreviated(names[names.size() - 2]) + separator;
  return {parent, abbreviated(names.back())};
}

}  // namespace

void EvidenceSection::render() {
  if (verbose_) {
    in_full();
  } else {
    in_brief();
  }
}

// ---- in full ----

void EvidenceSection::in_full() {
  page_.heading("Evidence");
  for (const Source& source : case_.sources) {
    file_in_full(source);
  }
  citations();
}

void EvidenceSection::file_in_full(const Source& source) {
  std::string text = contents(source);
  if (is_log(source) && source.summary.first && source.summary.last) {
    text += ", " + moment(*source.summary.first) + " to " + moment(*source.summary.last);
  }
  page_.paragraph(kIndent, shown(source.path), kHang, text + ", " + size_in_words(source.size));
  if (!source.sha256.empty()) {
    page_.line(std::string(kIndent + 2, ' ') + "sha256 " + source.sha256);
  }
  if (!source.note.empty()) {
    page_.paragraph(kIndent + 2, "", kIndent + 2, shown(source.note));
  }
  damage(source);
  witness(source);
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

// ---- in brief ----

// Files of which nothing is to be said are counted.
void EvidenceSection::in_brief() {
  page_.heading("Evidence, with citations: [n] #record or key (-v: offsets, digests, all facts)");
  const auto citations = citations_by_file();
  std::size_t uncited = 0;
  std::size_t ignored = 0;
  for (const Source& source : case_.sources) {
    const auto cited = citations.find(source.id);
    if (cited != citations.end()) {
      file_in_brief(source, cited->second);
    } else if (source.status == SourceStatus::kIgnored) {
      ++ignored;
    } else if (is_plain(source)) {
      ++uncited;
    } else {
      file_in_brief(source, {});
    }
  }
  std::string others = uncited == 0 ? "" : grouped(uncited) + " more read and not cited";
  if (ignored != 0) {
    others += (others.empty() ? "" : ", ") + grouped(ignored) + " not read";
  }
  if (!others.empty()) {
    page_.paragraph(kIndent, "", kIndent, others + ": -v lists them");
  }
}

void EvidenceSection::file_in_brief(const Source& source,
                                    const std::vector<std::string>& citations) {
  std::string text = shown(source.path) + ":";
  if (is_log(source) && !source.summary.log.empty() && source.summary.first &&
      source.summary.last) {
    text += " " + shown(source.summary.log) + ", " + to_calendar(*source.summary.first).date +
            " to " + to_calendar(*source.summary.last).date;
  } else if (citations.empty() || !is_plain(source)) {
    text += " " + contents(source);
  }
  std::vector<std::string> entries = wrap(text, page_.width() - kIndent - 2);
  entries.insert(entries.end(), citations.begin(), citations.end());
  page_.entries(kIndent, kIndent + 2, entries);
  if (!source.note.empty()) {
    page_.paragraph(kIndent + 2, "", kIndent + 2, shown(source.note));
  }
  damage(source);
  witness(source);
}

// By path, so that neighbours share the beginning of it.
std::map<SourceId, std::vector<std::string>> EvidenceSection::citations_by_file() const {
  std::map<SourceId, std::vector<std::pair<const Citation*, std::size_t>>> numbers;
  std::size_t number = 0;
  for (const Citation& citation : page_.cited()) {
    numbers[citation.source].emplace_back(&citation, ++number);
  }
  std::map<SourceId, std::vector<std::string>> files;
  for (auto& [source, cited] : numbers) {
    std::ranges::stable_sort(cited, {}, [](const auto& one) { return one.first->path.view(); });
    std::string parent_before;
    for (const auto& [citation, own_number] : cited) {
      std::string text = "[" + std::to_string(own_number) + "] ";
      if (citation->record) {
        text += "#" + std::to_string(*citation->record);
      } else if (citation->path.empty()) {
        text += fmt::format("{:#x}", citation->offset);
      } else {
        const auto [parent, name] =
            end_of(citation->path, citation->path.view().starts_with("/") ? '/' : '\\');
        const bool again = !parent.empty() && parent == parent_before;
        text += (again ? "…" + parent.substr(parent.size() - 1) : parent) + name;
        parent_before = parent;
      }
      files[source].push_back(std::move(text));
    }
  }
  return files;
}

// ---- both ----

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

}  // namespace iwamtrace
