#include "report/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "report/page.h"
#include "report/terminal_text.h"

namespace iwamtrace {
namespace {

std::string shown(UntrustedView text) { return TerminalText::visible(text); }

// "2 114".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, " ");
  }
  return digits;
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::uint64_t kKilobyte = 1'000;
  if (bytes < 10 * kKilobyte) {
    return grouped(bytes) + " bytes";
  }
  if (bytes < kKilobyte * kKilobyte) {
    return fmt::format("{:.0f} KB", static_cast<double>(bytes) / 1e3);
  }
  return bytes < 1000 * kKilobyte * kKilobyte
             ? fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6)
             : fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

std::string moment(Timestamp time) {
  const CalendarText parts = to_calendar(time);
  return parts.date + " " + parts.time;
}

std::string moment_exactly(Timestamp time) {
  const CalendarText parts = to_calendar(time);
  return parts.date + " " + parts.time + parts.milliseconds;
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return grouped(count) + " " + std::string(count == 1 ? one : many);
}

class TextReport {
 public:
  TextReport(const Report& report, const TextOptions& options)
      : report_(report),
        case_(*report.evidence_of),
        answers_(report.answers),
        options_(options),
        page_(std::clamp<std::size_t>(options.width, 60, 160), options.colour) {}

  std::string render() {
    title();
    summary();
    story();
    copies();
    argument();
    findings();
    limits();
    evidence();
    citations();
    return page_.take();
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kSummaryHang = 14;
  static constexpr std::size_t kStoryHang = 24;
  static constexpr std::size_t kFactHang = 18;

  void title() {
    std::uint64_t bytes = 0;
    std::uint64_t records = 0;
    for (const Source& source : case_.sources) {
      bytes += source.size;
      const bool log = source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
      records += log ? source.summary.records + source.summary.recovered : 0;
    }
    const std::string left = "iwamtrace " + report_.tool_version + "  case " + shown(case_.name);
    const std::string right = plural(case_.sources.size(), "file", "files") + ", " +
                              size_in_words(bytes) + ", " + plural(records, "event", "events");
    const std::size_t used = columns(left) + columns(right);
    if (used + 2 <= page_.width()) {
      page_.line(left + std::string(page_.width() - used, ' ') + right);
    } else {
      page_.line(cut_to(left, page_.width()));
      page_.line(right);
    }
    page_.blank();
  }

  // ---- verdict ----

  void summary() {
    const HostAnswer& host = answers_.host;
    std::string server = shown(host.computer_name);
    for (const std::string& part :
         {shown(host.windows), host.iis.empty() ? std::string{} : "IIS " + shown(host.iis),
          host.domain_role, shown(host.time_zone)}) {
      if (!part.empty()) {
        server += (server.empty() ? "" : ", ") + part;
      }
    }
    page_.paragraph(kIndent, "SERVER", kSummaryHang, server.empty() ? "not named" : server);
    passwords();
    outage();
  }

  void labelled(std::string_view label, Colour colour, const std::string& verdict,
                const std::string& rest, std::string_view standing) {
    std::string row = std::string(kIndent, ' ') + pad_to(label, kSummaryHang - kIndent) +
                      page_.paint(colour, verdict) + rest;
    const std::size_t used = kSummaryHang + columns(verdict) + columns(rest);
    if (!standing.empty()) {
      const std::size_t room = page_.width() - std::min(page_.width(), used);
      row += room > columns(standing) ? std::string(room - columns(standing), ' ') : " ";
      row += standing;
    }
    page_.line(row);
  }

  [[nodiscard]] std::string since() const {
    const DesyncAnswer& desync = answers_.desync;
    if (desync.earliest && desync.latest && desync.earliest->time == desync.latest->time) {
      return " since " + moment(desync.latest->time) + " UTC";
    }
    if (desync.latest) {
      return " since " + moment(desync.latest->time) + " UTC or before";
    }
    return desync.earliest ? " since after " + moment(desync.earliest->time) + " UTC" : "";
  }

  void passwords() {
    const DesyncAnswer& desync = answers_.desync;
    const std::string standing{name_of(desync.standing)};
    switch (desync.verdict) {
      case SyncVerdict::kDesynced:
        labelled("PASSWORDS", Colour::kBad, "OUT OF STEP", since(), standing);
        break;
      case SyncVerdict::kInSync:
        labelled("PASSWORDS", Colour::kGood, "IN STEP", "", standing);
        break;
      case SyncVerdict::kUndetermined:
        labelled("PASSWORDS", Colour::kDoubt, "UNDETERMINED", "", "");
        break;
    }
    const std::string iwam = answers_.iwam.user_name.empty()
                                 ? std::string{}
                                 : "Account " + shown(answers_.iwam.user_name) + ". ";
    page_.paragraph(kSummaryHang, "", kSummaryHang, iwam + explanation());
  }

  [[nodiscard]] std::string explanation() const {
    const DesyncAnswer& desync = answers_.desync;
    if (desync.verdict == SyncVerdict::kUndetermined) {
      std::string why =
          "COM+ against the SAM: " + shown(answers_.copies.comparisons.front().basis) + ".";
      return why;
    }
    const WeighedHypothesis& winner = answers_.hypotheses.front();
    if (desync.verdict == SyncVerdict::kDesynced && winner.standing >= Standing::kSupported) {
      return "Most likely " + shown(winner.hypothesis.claim) + " (" +
             std::string(name_of(winner.standing)) + ").";
    }
    std::string text;
    for (const Comparison& comparison : answers_.copies.comparisons) {
      if (comparison.result != Equality::kUnknown) {
        text += (text.empty() ? "" : " ") + in_words(comparison) + ".";
      }
    }
    return text;
  }

  static std::string copy_name(Copy copy) {
    return copy == Copy::kSam ? "the SAM" : copy == Copy::kComPlus ? "COM+" : "the metabase";
  }

  static std::string in_words(const Comparison& comparison) {
    const bool equal = comparison.result == Equality::kEqual;
    std::string text = copy_name(comparison.left) + (equal ? " and " : " differs from ") +
                       copy_name(comparison.right) + (equal ? " agree" : "");
    text.front() = static_cast<char>(text.front() == 't' ? 'T' : text.front());
    return text;
  }

  void outage() {
    const FailuresAnswer& failures = answers_.failures;
    const DesyncAnswer& desync = answers_.desync;
    std::string text;
    if (!failures.any()) {
      text = "none in the logs of this case";
    } else {
      const std::string count = plural(failures.logon_failures.size() + failures.timeouts.size(),
                                       "failed start", "failed starts") +
                                " of the pooled applications, " +
                                plural(failures.unloaded.size(), "application", "applications") +
                                " not loaded";
      if (desync.explains_failure == true) {
        text = "explained by it: " + count;
      } else if (desync.cause == "unknown" || desync.cause == "none") {
        text = "not explained: " + count;
      } else {
        text = "not by the passwords but, " +
               std::string(name_of(answers_.hypotheses.front().standing)) + ": " +
               shown(answers_.hypotheses.front().hypothesis.claim) + "; " + count;
      }
    }
    page_.paragraph(kIndent, "OUTAGE", kSummaryHang, text);
  }

  // ---- story ----

  void story() {
    if (answers_.story.empty()) {
      return;
    }
    page_.heading("What happened (UTC)");
    for (const Moment& event : answers_.story) {
      page_.paragraph(kIndent, moment(event.time), kStoryHang, shown(event.statement),
                      page_.refs(event.citations));
    }
    if (const auto& actor = answers_.desync.actor) {
      page_.paragraph(
          kIndent, "", kStoryHang,
          "The change was made by " + shown(actor->account) + ", by the record itself.");
    }
  }

  // ---- copies ----

  void copies() {
    page_.heading("The three copies      password set (UTC)        compared with the SAM");
    const CopiesAnswer& copies = answers_.copies;
    const Account* account = copies.account;
    copy_row(
        "SAM", account == nullptr ? "not in the case" : moment_or_dash(account->password_last_set),
        account == nullptr ? "" : shown(account->name) + ", RID " + std::to_string(account->rid),
        account == nullptr ? std::vector<Citation>{}
                           : std::vector{account->password_set_where, account->hash_where});
    const Secret* secret = copies.secret;
    copy_row("COM+", secret == nullptr ? "not in the case" : moment_or_dash(secret->current.set),
             secret == nullptr ? "" : relation(copies.comparison(Copy::kComPlus, Copy::kSam)),
             secret == nullptr ? std::vector<Citation>{}
                               : std::vector{secret->current.set_where, secret->current.where});
    if (copies.metabases.empty()) {
      copy_row("metabase", "not in the case", "", {});
      return;
    }
    for (auto version = copies.metabases.rbegin(); version != copies.metabases.rend(); ++version) {
      metabase_row(**version, version == copies.metabases.rbegin());
    }
    revealed();
  }

  static std::string moment_or_dash(const std::optional<Timestamp>& time) {
    return time ? moment_exactly(*time) : "never";
  }

  static std::string relation(const Comparison* comparison) {
    if (comparison->sam_history_index) {
      return "= SAM history " + std::to_string(*comparison->sam_history_index);
    }
    switch (comparison->result) {
      case Equality::kEqual:
        return "equal";
      case Equality::kDifferent:
        return "differs";
      default:
        return "not comparable: " + shown(comparison->basis);
    }
  }

  void copy_row(std::string_view name, const std::string& time, const std::string& text,
                const std::vector<Citation>& where) {
    constexpr std::size_t kTimeAt = 22;
    constexpr std::size_t kTextAt = 48;
    const std::string lead = pad_to(name, kTimeAt - kIndent) + time;
    page_.paragraph(kIndent, lead, kTextAt, text, page_.refs(where));
  }

  void metabase_row(const MetabaseSnapshot& version, bool live) {
    const Source& source = case_.source(version.where.source);
    std::string name = "metabase";
    if (version.major) {
      name += " " + std::to_string(*version.major);
    }
    const std::string saved =
        source.modified ? "file " + moment(*source.modified) : std::string("file time unknown");
    std::string text = live ? relation(answers_.copies.comparison(Copy::kMetabase, Copy::kSam))
                            : std::string("an older version");
    if (!version.password_form) {
      text = "has no WAMUserPass";
    }
    copy_row(name, saved, text, {version.password_where});
  }

  // Only where --reveal-secrets was given has the case such values.
  void revealed() {
    const auto show = [&](std::string_view what, const Untrusted& value) {
      if (!value.empty()) {
        page_.paragraph(kIndent, what, kStoryHang, shown(value));
      }
    };
    const CopiesAnswer& copies = answers_.copies;
    if (copies.account != nullptr) {
      show("NT hash in the SAM", copies.account->revealed_nt_hash);
    }
    if (copies.secret != nullptr) {
      show("password in COM+", copies.secret->current.revealed);
      show("COM+, before", copies.secret->previous.revealed);
    }
    show("in the metabase", copies.metabases.back()->revealed_password);
  }

  // ---- argument ----

  void argument() {
    page_.heading(pad_to("Why we think so", page_.width() - 21) + "for against missing");
    std::size_t rank = 0;
    for (const WeighedHypothesis& weighed : answers_.hypotheses) {
      const bool contender = rank < 2 && weighed.standing >= Standing::kUndetermined &&
                             (!weighed.hypothesis.in_favour.empty() || rank == 0);
      ++rank;
      hypothesis_line(weighed);
      if (options_.verbose || contender) {
        facts(weighed.hypothesis);
      } else {
        decisive_fact(weighed);
      }
    }
  }

  void hypothesis_line(const WeighedHypothesis& weighed) {
    const Hypothesis& hypothesis = weighed.hypothesis;
    const std::string counts = fmt::format("{:>3} {:>7} {:>7}", hypothesis.in_favour.size(),
                                           hypothesis.against.size(), hypothesis.missing.size());
    const std::size_t room = page_.width() - kFactHang - columns(counts) - 2;
    const std::vector<std::string> claim = wrap(shown(hypothesis.claim), room);
    const std::string standing =
        page_.paint(colour_of(weighed.standing), name_of(weighed.standing)) +
        std::string(kFactHang - kIndent - name_of(weighed.standing).size(), ' ');
    page_.line(std::string(kIndent, ' ') + standing + pad_to(claim.front(), room + 2) + counts);
    for (std::size_t i = 1; i < claim.size(); ++i) {
      page_.line(std::string(kFactHang, ' ') + claim[i]);
    }
  }

  void fact(std::string_view mark, const Fact& fact) {
    page_.paragraph(kFactHang - 2, mark, kFactHang, shown(fact.statement()),
                    page_.refs(fact.citations()));
  }

  void facts(const Hypothesis& hypothesis) {
    for (const Fact& favour : hypothesis.in_favour) {
      fact("+", favour);
    }
    for (const Fact& against : hypothesis.against) {
      fact("-", against);
    }
    for (const Missing& missing : hypothesis.missing) {
      page_.paragraph(kFactHang - 2, "?", kFactHang, "not observable: " + shown(missing.what));
    }
  }

  // The strongest of those that decide its standing.
  void decisive_fact(const WeighedHypothesis& weighed) {
    const Hypothesis& hypothesis = weighed.hypothesis;
    const bool lost = weighed.standing <= Standing::kUndetermined && !hypothesis.against.empty();
    const auto& deciding = lost ? hypothesis.against : hypothesis.in_favour;
    const auto strongest = std::ranges::max_element(deciding, {}, &Fact::force);
    if (strongest != deciding.end()) {
      fact(lost ? "-" : "+", *strongest);
    } else if (!hypothesis.missing.empty()) {
      page_.paragraph(kFactHang - 2, "?", kFactHang,
                      "not observable: " + shown(hypothesis.missing.front().what));
    }
  }

  void findings() {
    if (answers_.findings.empty()) {
      return;
    }
    page_.heading("Findings");
    for (const Finding& finding : answers_.findings) {
      page_.paragraph(kIndent, name_of(finding.severity), kIndent + 10, shown(finding.statement),
                      page_.refs(finding.citations));
    }
  }

  void limits() {
    if (answers_.limits.empty()) {
      return;
    }
    page_.heading("Limits");
    for (const Untrusted& limit : answers_.limits) {
      page_.paragraph(kIndent, "", kIndent, shown(limit));
    }
  }

  // ---- evidence ----

  void evidence() {
    page_.heading("Evidence");
    for (const Source& source : case_.sources) {
      if (source.status != SourceStatus::kIgnored || options_.verbose) {
        file(source);
      }
    }
    const auto ignored = std::ranges::count(case_.sources, SourceStatus::kIgnored, &Source::status);
    if (ignored != 0 && !options_.verbose) {
      page_.paragraph(kIndent, "", kIndent,
                      plural(static_cast<std::uint64_t>(ignored), "other file", "other files") +
                          " not read: -v lists them");
    }
  }

  void file(const Source& source) {
    std::string kind{name_of(source.kind)};
    if (!source.summary.log.empty()) {
      kind += ", " + shown(source.summary.log);
    }
    const bool log = source.kind == SourceKind::kEvt || source.kind == SourceKind::kEvtx;
    if (source.status == SourceStatus::kRead || source.status == SourceStatus::kPartial) {
      const char* unit = log ? "record" : "key";
      kind += ", " + plural(source.summary.records, unit, log ? "records" : "keys");
      if (source.summary.recovered != 0) {
        kind += " and " + grouped(source.summary.recovered) + " recovered";
      }
    }
    if (log && source.summary.first && source.summary.last) {
      kind += ", " + moment(*source.summary.first) + " to " + moment(*source.summary.last);
    }
    kind += ", " + size_in_words(source.size);
    page_.paragraph(kIndent, shown(source.path), kStoryHang, kind);
    if (!source.sha256.empty()) {
      page_.line(std::string(kIndent + 2, ' ') + "sha256 " + source.sha256);
    }
    if (!source.note.empty()) {
      page_.paragraph(kIndent + 2, "", kIndent + 2, shown(source.note));
    }
    damage(source);
    witness(source);
  }

  void damage(const Source& source) {
    constexpr std::size_t kMostShown = 3;
    std::size_t count = 0;
    for (const Damage& damage : source.damage) {
      if (count == kMostShown && !options_.verbose) {
        page_.line(std::string(kIndent + 2, ' ') + "… " + grouped(source.damage.size() - count) +
                   " more: -v lists them");
        return;
      }
      ++count;
      const std::string where =
          damage.length == 0 ? fmt::format("at {:#x}", damage.offset)
                             : fmt::format("at {:#x}, {} bytes", damage.offset, damage.length);
      page_.paragraph(kIndent + 2, "", kIndent + 2,
                      (damage.lost ? "damaged " : "remark ") + where + ": " + shown(damage.what));
    }
  }

  void witness(const Source& source) {
    const auto& check = source.cross_check;
    if (!check) {
      return;
    }
    const std::size_t unexplained = static_cast<std::size_t>(std::ranges::count_if(
        check->differences,
        [](const CrossDifference& difference) { return difference.because.empty(); }));
    std::string text = "second witness " + check->reader + ": " +
                       plural(check->agree, "record agrees", "records agree");
    if (check->differ + check->only_ours + check->only_theirs == 0) {
      text += ", no difference";
    } else {
      text += ", " + grouped(check->differ) + " differ, " + grouped(check->only_ours) +
              " only ours, " + grouped(check->only_theirs) + " only theirs";
      text +=
          unexplained == 0 ? "; each is explained" : "; " + grouped(unexplained) + " unexplained";
    }
    page_.paragraph(kIndent + 2, "", kIndent + 2, text);
    for (const CrossDifference& difference : check->differences) {
      if (difference.because.empty() || options_.verbose) {
        const std::string record = difference.record ? std::to_string(*difference.record) : "?";
        page_.paragraph(kIndent + 4, "", kIndent + 4,
                        "record " + record + ", " + difference.field + ": ours " +
                            cut_to(shown(difference.ours), 60) + ", theirs " +
                            cut_to(shown(difference.theirs), 60) +
                            (difference.because.empty() ? "" : " (" + difference.because + ")"));
      }
    }
  }

  void citations() {
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

  const Report& report_;
  const Case& case_;
  const Answers& answers_;
  const TextOptions& options_;
  Page page_;
};

}  // namespace

std::string render_text(const Report& report, const TextOptions& options) {
  return TextReport(report, options).render();
}

}  // namespace iwamtrace
