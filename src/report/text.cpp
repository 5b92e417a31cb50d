#include "report/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "report/argument_section.h"
#include "report/copies_section.h"
#include "report/evidence_section.h"
#include "report/intrusion_section.h"
#include "report/page.h"
#include "report/repair_section.h"
#include "report/terminal_text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

class TextReport {
 public:
  TextReport(const Report& report, const TextOptions& options, Brevity brevity)
      : report_(report),
        case_(*report.evidence_of),
        answers_(report.answers),
        options_(options),
        brevity_(brevity),
        page_(std::clamp<std::size_t>(options.width, 80, 160), options.colour) {}

  // Null where it takes more lines than a reader has patience for, and may be briefer.
  std::optional<std::string> render() {
    constexpr std::size_t kMostLines = 100;
    title();
    summary();
    story();
    IntrusionSection(answers_.compromise, brevity_, page_).render();
    CopiesSection(case_, answers_.copies, options_.verbose, page_).render();
    ArgumentSection(answers_, brevity_, page_).render();
    applications();
    findings();
    RepairSection(answers_, brevity_, page_).render();
    limits();
    EvidenceSection(case_, options_.verbose, page_).render();
    const bool may_be_briefer = brevity_ != Brevity::kFull && brevity_ != Brevity::kWinnerOnly;
    return may_be_briefer && page_.lines() > kMostLines ? std::nullopt
                                                        : std::optional{page_.take()};
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kSummaryHang = 14;
  static constexpr std::size_t kStoryHang = 23;

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
    page_.spread(left, right);
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
    std::vector<Citation> named = host.named_where;
    named.resize(options_.verbose ? named.size() : std::min<std::size_t>(named.size(), 1));
    page_.paragraph(kIndent, "SERVER", kSummaryHang, server.empty() ? "not named" : server,
                    page_.refs(named));
    passwords();
    outage();
    intrusion();
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
    return desync.earliest ? " some time after " + moment(desync.earliest->time) + " UTC" : "";
  }

  void passwords() {
    const DesyncAnswer& desync = answers_.desync;
    const std::string standing{name_of(desync.standing)};
    switch (desync.verdict) {
      case SyncVerdict::kDesynced:
        labelled("PASSWORDS", Colour::kBad, "OUT OF STEP",
                 desync.cause_parted_copies ? since() : "", standing);
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
    std::vector<Citation> where;
    for (const Comparison& comparison : answers_.copies.comparisons) {
      if (comparison.result != Equality::kUnknown) {
        where.insert(where.end(), comparison.citations.begin(), comparison.citations.end());
      }
    }
    std::string unused;
    if (answers_.copies.worker_processes) {
      unused = " IIS runs in worker process mode: nothing uses this account.";
      where.push_back(*answers_.copies.worker_processes);
    }
    page_.paragraph(kSummaryHang, "", kSummaryHang, iwam + explanation() + unused,
                    page_.refs(where));
  }

  // Whether it has to do with the fault, as far as times and sessions tell.
  [[nodiscard]] std::string link_to_fault() const {
    const auto& link = answers_.compromise.desync_link;
    if (!link) {
      return "";
    }
    switch (*link) {
      case DesyncLink::kSameLogonId:
        return " The session that parted the passwords is part of it.";
      case DesyncLink::kSameMinute:
        return " What parted the passwords, or failed, lies within a minute of it.";
      case DesyncLink::kSameDay:
        return " What parted the passwords, or failed, lies on the same day.";
      case DesyncLink::kNone:
        break;
    }
    return " Nothing links it to the fault of the applications.";
  }

  void intrusion() {
    const CompromiseAnswer& compromise = answers_.compromise;
    constexpr std::size_t kMostRefs = 6;
    std::vector<Citation> where = compromise.citations;
    where.resize(options_.verbose ? where.size() : std::min(where.size(), kMostRefs));
    const std::string refs = page_.refs(where);
    const auto told = [&](Colour colour, std::string_view verdict, std::string_view standing) {
      labelled("INTRUSION", colour, std::string(verdict), "", standing);
      const WeighedHypothesis& winner = compromise.hypotheses.front();
      page_.paragraph(kSummaryHang, "", kSummaryHang,
                      capitalised(shown(winner.hypothesis.claim)) + ": " +
                          shown(compromise.because) + "." + link_to_fault(),
                      refs);
    };
    switch (compromise.verdict) {
      case CompromiseVerdict::kEstablished:
        told(Colour::kBad, compromise.kind == "insider_misuse" ? "MISUSED" : "BROKEN INTO",
             "established");
        break;
      case CompromiseVerdict::kSuspected:
        told(Colour::kDoubt, "SUSPECTED", "supported");
        break;
      case CompromiseVerdict::kNoSign:
        labelled("INTRUSION", compromise.because.empty() ? Colour::kGood : Colour::kDoubt,
                 "no sign", " in what could be observed", "");
        if (!compromise.because.empty()) {
          page_.paragraph(kSummaryHang, "", kSummaryHang,
                          capitalised(shown(compromise.because)) + ".", refs);
        }
        break;
      case CompromiseVerdict::kNotObservable:
        page_.paragraph(kIndent, "INTRUSION", kSummaryHang,
                        "not observable: " + shown(compromise.because), refs);
        break;
    }
  }

  [[nodiscard]] std::string undecided() const {
    const CopiesAnswer& copies = answers_.copies;
    if (copies.contradicted_by_logs) {
      return "The copies differ, but the logs know of more than the hives do.";
    }
    const Comparison* metabase = copies.comparison(Copy::kMetabase, Copy::kSam);
    if (metabase->undated && metabase->result == Equality::kDifferent) {
      return copies.live_metabase
                 ? "The metabase differs; its file is older than the other passwords, and nothing "
                   "failed since."
                 : "What adsutil.vbs printed of the metabase differs, and nobody knows of which "
                   "day it is.";
    }
    const Comparison& first = copies.comparisons.front();
    const bool open = first.result == Equality::kUnknown;
    return open ? "COM+ against the SAM: " + shown(first.basis) + "."
                : "The metabase against the SAM: " + shown(metabase->basis) + ".";
  }

  [[nodiscard]] std::string explanation() const {
    const DesyncAnswer& desync = answers_.desync;
    if (desync.verdict == SyncVerdict::kUndetermined) {
      return undecided();
    }
    const WeighedHypothesis& winner = answers_.hypotheses.front();
    if (desync.verdict == SyncVerdict::kDesynced && desync.cause_parted_copies &&
        winner.standing >= Standing::kSupported) {
      // A verdict may stand firmer than its cause.
      const std::string cause = capitalised(shown(winner.hypothesis.claim));
      const std::string known = what_is_known();
      return (winner.standing == desync.standing
                  ? cause + "."
                  : cause + " (" + std::string(name_of(winner.standing)) + ").") +
             (known.empty() ? "" : " " + known);
    }
    return what_is_known();
  }

  [[nodiscard]] std::string what_is_known() const {
    const auto& comparisons = answers_.copies.comparisons;
    const auto known = [](const Comparison& comparison) {
      return comparison.result != Equality::kUnknown;
    };
    const auto equal = [](const Comparison& comparison) {
      return comparison.result == Equality::kEqual;
    };
    if (std::ranges::all_of(comparisons, equal)) {
      return "All three copies agree.";
    }
    if (std::ranges::all_of(comparisons, known)) {
      const auto agree = std::ranges::find_if(comparisons, equal);
      return agree == comparisons.end()
                 ? "All three copies differ."
                 : in_words(*agree) + "; " + copy_name(third_beside(*agree)) +
                       " differs from both.";
    }
    std::string text;
    for (const Comparison& comparison : comparisons) {
      if (known(comparison)) {
        text += (text.empty() ? "" : " ") + in_words(comparison) + ".";
      }
    }
    return text;
  }

  static Copy third_beside(const Comparison& pair) {
    for (const Copy copy : {Copy::kSam, Copy::kComPlus}) {
      if (copy != pair.left && copy != pair.right) {
        return copy;
      }
    }
    return Copy::kMetabase;
  }

  static std::string copy_name(Copy copy) {
    return copy == Copy::kSam ? "the SAM" : copy == Copy::kComPlus ? "COM+" : "the metabase";
  }

  static std::string in_words(const Comparison& comparison) {
    const bool equal = comparison.result == Equality::kEqual;
    return capitalised(copy_name(comparison.left) + (equal ? " and " : " differs from ") +
                       copy_name(comparison.right) + (equal ? " agree" : ""));
  }

  static std::string counts(const FailuresAnswer& failures) {
    std::string text;
    const auto add = [&](std::size_t count, std::string_view one, std::string_view many) {
      if (count != 0) {
        text += (text.empty() ? "" : ", ") + plural(count, one, many);
      }
    };
    add(failures.logon_failures.size() + failures.timeouts.size() + failures.refused_starts.size(),
        "failed start", "failed starts");
    add(failures.unloaded.size(), "failed load", "failed loads");
    add(failures.pools.size(), "invalid pool", "invalid pools");
    add(failures.services.size(), "failed service", "failed services");
    return text;
  }

  void outage() {
    const FailuresAnswer& failures = answers_.failures;
    const DesyncAnswer& desync = answers_.desync;
    std::string text;
    std::vector<Citation> where;
    for (const FailuresAnswer::Group& group : failures.groups) {
      where.push_back(group.records.front()->where());
    }
    if (!failures.any()) {
      text = failures.observable ? "no pooled application failed in the logs of this case"
                                 : "not observable: no System log of this server was read";
    } else {
      const std::string count = counts(failures);
      if (desync.explains_failure == true) {
        text = "explained by it: " + count;
      } else if (desync.recovered && (desync.cause == "unknown" || desync.cause == "none")) {
        text = "over: " + count + ", and a success after them, on " +
               moment(desync.recovered->time) + " UTC";
        where.insert(where.end(), desync.recovered->citations.begin(),
                     desync.recovered->citations.end());
      } else if (desync.cause == "unknown" || desync.cause == "none") {
        text = "not explained: " + count;
      } else {
        text = "not by the passwords but, " +
               std::string(name_of(answers_.hypotheses.front().standing)) + ": " +
               shown(answers_.hypotheses.front().hypothesis.claim) + "; " + count;
      }
    }
    page_.paragraph(kIndent, "OUTAGE", kSummaryHang, text, page_.refs(where));
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
    const auto& actor = answers_.desync.actor;
    if (actor && !actor->linked) {
      page_.paragraph(kIndent, "", kStoryHang,
                      "The record names the account " + shown(actor->account) +
                          ", not who sat at it. " + capitalised(shown(actor->unlinked_because)) +
                          ".",
                      page_.refs(actor->citations));
    }
  }

  // Where all are alike, the summary has said it.
  void applications() {
    constexpr std::size_t kMostShown = 6;
    constexpr std::size_t kLocationHang = 36;
    const auto& all = answers_.applications;
    const bool alike = std::ranges::all_of(all, [&](const ApplicationAnswer& one) {
      return one.protection == all.front().protection && one.reached == all.front().reached;
    });
    if (all.empty() || (alike && !options_.verbose)) {
      return;
    }
    if (brevity_ >= Brevity::kShortLists) {
      const auto reached =
          std::ranges::count(all, std::optional{true}, &ApplicationAnswer::reached);
      page_.heading("Applications: " + grouped(all.size()) + ", the fault reaches " +
                    grouped(static_cast<std::uint64_t>(reached)) + " of them, see -v");
      return;
    }
    page_.heading(pad_to("Applications", kLocationHang) + "protection: does the fault reach it");
    std::size_t count = 0;
    for (const ApplicationAnswer& one : all) {
      if (count++ == kMostShown && !options_.verbose) {
        page_.line("  " + grouped(all.size() - kMostShown) + " more: -v");
        return;
      }
      const std::string reached = !one.reached ? "not known" : *one.reached ? "yes" : "no";
      page_.paragraph(kIndent, shown(one.location), kLocationHang,
                      std::string(name_of(one.protection)) + ": " + reached +
                          (options_.verbose ? ", " + shown(one.because) : ""),
                      page_.refs(one.citations));
    }
  }

  // What only informs is said elsewhere too, in the rows of the copies or in the argument.
  [[nodiscard]] bool tells(const Finding& finding) const {
    const auto& steps = answers_.compromise.storyline;
    const bool in_storyline = std::ranges::any_of(steps, [&](const IntrusionStep& step) {
      return finding.time == step.time && finding.citations == step.citations;
    });
    return options_.verbose || (finding.severity != Severity::kInfo && !in_storyline);
  }

  void findings() {
    const auto tell = [&](const Finding& finding) { return tells(finding); };
    if (std::ranges::none_of(answers_.findings, tell)) {
      return;
    }
    page_.heading("Findings");
    for (const Finding& finding : answers_.findings) {
      if (tells(finding)) {
        const std::string id = options_.verbose ? " (" + finding.id + ")" : "";
        page_.paragraph(kIndent, name_of(finding.severity), kIndent + 10,
                        shown(finding.statement) + id, page_.refs(finding.citations));
      }
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

  const Report& report_;
  const Case& case_;
  const Answers& answers_;
  const TextOptions& options_;
  Brevity brevity_;
  Page page_;
};

}  // namespace

std::string render_text(const Report& report, const TextOptions& options) {
  if (options.verbose) {
    return TextReport(report, options, Brevity::kFull).render().value();
  }
  for (const Brevity brevity : {Brevity::kUsual, Brevity::kShortLists, Brevity::kNamesOnly}) {
    if (auto text = TextReport(report, options, brevity).render()) {
      return *std::move(text);
    }
  }
  return TextReport(report, options, Brevity::kWinnerOnly).render().value();
}

}  // namespace iwamtrace
