#include "report/secrets_text.h"

#include <algorithm>
#include <span>
#include <utility>

#include "report/evidence_section.h"
#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

class SecretsText {
 public:
  SecretsText(const Report& report, const TextOptions& options)
      : report_(report),
        case_(*report.evidence_of),
        secrets_(report.answers.secrets),
        page_(std::clamp<std::size_t>(options.width, 80, 160), options.colour) {}

  std::string render() {
    page_.spread("iwamtrace " + report_.tool_version + "  secrets of " + shown(case_.name),
                 plural(secrets_.held.size(), "secret", "secrets") + ", times in UTC");
    if (!secrets_.locked_because.empty()) {
      page_.blank();
      page_.paragraph(kIndent, "", kIndent, "Locked: " + shown(secrets_.locked_because) + ".");
    }
    for (std::size_t i = 0; i < secrets_.held.size();) {
      const SourceId source = secrets_.held[i].current.where.source;
      std::size_t end = i;
      while (end < secrets_.held.size() && secrets_.held[end].current.where.source == source) {
        ++end;
      }
      page_.heading(shown(case_.source(source).path));
      file(std::span{secrets_.held}.subspan(i, end - i));
      i = end;
    }
    EvidenceSection(case_, false, page_).citations();
    return page_.take();
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kDetail = 4;
  static constexpr std::size_t kHang = 12;

  void file(std::span<const HeldSecret> held) {
    const auto lists = std::ranges::count(held, false, &HeldSecret::password);
    if (lists != 0) {
      page_.line("  " + plural(static_cast<std::uint64_t>(lists), "access list", "access lists") +
                 ", which --json lists");
    }
    bool first = lists == 0;
    for (const HeldSecret& one : held) {
      if (one.password) {
        if (!std::exchange(first, false)) {
          page_.blank();
        }
        secret(one);
      }
    }
  }

  void secret(const HeldSecret& held) {
    page_.paragraph(kIndent, "", kIndent, shown(held.name), page_.refs({held.citations.front()}));
    value("now", held.current);
    equals(held.matches);
    if (held.previous) {
      value("before", *held.previous);
      equals(held.previous_matches);
    }
    if (held.matches_omitted != 0) {
      page_.paragraph(kDetail, "", kHang, "and " + grouped(held.matches_omitted) + " more");
    }
  }

  void equals(const std::vector<Untrusted>& matches) {
    std::string text;
    for (const Untrusted& match : matches) {
      text += (text.empty() ? "" : ", ") + shown(match);
    }
    if (!text.empty()) {
      page_.paragraph(kDetail, "equals", kHang, text, {}, Colour::kGood);
    }
  }

  // "value, 30 bytes, set 2003-11-02 14:05:51.515, fingerprint c08fa34b6d1c5780".
  void value(std::string_view when, const SecretValue& value) {
    std::string text{name_of(value.state)};
    if (value.length) {
      text += ", " + plural(*value.length, "byte", "bytes");
    }
    const bool dated = value.set && value.state != SecretState::kAbsent;
    if (dated) {
      text += ", set " + moment_exactly(*value.set);
    }
    if (value.fingerprint) {
      text += ", fingerprint " + to_string(*value.fingerprint);
    }
    std::vector<Citation> where{value.where};
    if (dated) {
      where.push_back(value.set_where);
    }
    page_.paragraph(kDetail, when, kHang, text, page_.refs(where));
    if (!value.revealed.empty()) {
      page_.paragraph(kDetail, "", kHang, shown(value.revealed));
    }
  }

  const Report& report_;
  const Case& case_;
  const SecretsAnswer& secrets_;
  Page page_;
};

}  // namespace

std::string render_secrets_text(const Report& report, const TextOptions& options) {
  return SecretsText(report, options).render();
}

}  // namespace iwamtrace
