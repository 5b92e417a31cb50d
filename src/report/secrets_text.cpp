#include "report/secrets_text.h"

#include <algorithm>

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
    std::optional<SourceId> file;
    for (const HeldSecret& held : secrets_.held) {
      const SourceId source = held.current.where.source;
      if (file != source) {
        file = source;
        page_.heading(shown(case_.source(source).path));
      } else {
        page_.blank();
      }
      secret(held);
    }
    EvidenceSection(case_, false, page_).citations();
    return page_.take();
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kDetail = 4;
  static constexpr std::size_t kHang = 12;

  void secret(const HeldSecret& held) {
    page_.paragraph(kIndent, "", kIndent, shown(held.name), page_.refs({held.citations.front()}));
    value("now", held.current);
    if (held.previous) {
      value("before", *held.previous);
    }
    std::string equals;
    for (const Untrusted& match : held.matches) {
      equals += (equals.empty() ? "" : ", ") + shown(match);
    }
    if (held.matches_omitted != 0) {
      equals += " and " + grouped(held.matches_omitted) + " more";
    }
    if (!equals.empty()) {
      page_.paragraph(kDetail, "equals", kHang, equals, {}, Colour::kGood);
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
