#include "report/metabase_text.h"

#include <algorithm>

#include "report/evidence_section.h"
#include "report/page.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

class MetabaseText {
 public:
  MetabaseText(const Report& report, const TextOptions& options)
      : report_(report),
        case_(*report.evidence_of),
        metabase_(report.answers.metabase),
        page_(std::clamp<std::size_t>(options.width, 80, 160), options.colour) {}

  std::string render() {
    page_.spread("iwamtrace " + report_.tool_version + "  metabase of " + shown(case_.name),
                 plural(metabase_.versions.size(), "version", "versions") + ", times in UTC");
    versions();
    changes();
    properties();
    EvidenceSection(case_, false, page_).citations();
    return page_.take();
  }

 private:
  static constexpr std::size_t kIndent = 2;
  static constexpr std::size_t kNameAt = 4;
  static constexpr std::size_t kValueAt = 34;

  [[nodiscard]] std::string path_of(const MetabaseSnapshot& version) const {
    return shown(case_.source(version.where.source).path);
  }

  // "version 15", "version 15.1" where it was edited by hand.
  static std::string number_of(const MetabaseSnapshot& version) {
    if (!version.major) {
      return "no version";
    }
    std::string text = "version " + std::to_string(*version.major);
    if (version.minor.value_or(0) != 0) {
      text += "." + std::to_string(*version.minor);
    }
    return text;
  }

  // As short as tells the two of a change apart.
  [[nodiscard]] std::string name_of(const MetabaseSnapshot& version) const {
    const bool unique =
        version.major && std::ranges::count_if(metabase_.versions, [&](const auto* other) {
                           return number_of(*other) == number_of(version);
                         }) == 1;
    return unique ? number_of(version) : path_of(version);
  }

  void versions() {
    page_.heading("Versions, oldest first");
    for (const MetabaseSnapshot* version : metabase_.versions) {
      const Source& source = case_.source(version->where.source);
      const bool text = source.kind == SourceKind::kMetabaseText;
      std::string words = text ? "printed by adsutil.vbs" : number_of(*version);
      words += source.modified ? ", file of " + moment(*source.modified) : "";
      words +=
          version->session_key_digest.empty() ? "" : ", session key " + version->session_key_digest;
      page_.paragraph(kIndent, shown(source.path), kValueAt, words, page_.refs({version->where}));
    }
  }

  void changes() {
    constexpr std::size_t kMostShown = 200;
    if (metabase_.versions.size() < 2) {
      return;
    }
    page_.heading("Changes");
    const auto& all = metabase_.changes;
    for (std::size_t i = 0; i < std::min(all.size(), kMostShown); ++i) {
      const MetabaseChange& change = all[i];
      if (i == 0 || all[i - 1].from != change.from) {
        page_.paragraph(kIndent, "", kIndent, name_of(*change.from) + " -> " + name_of(*change.to));
      }
      page_.paragraph(
          kNameAt, shown(change.known().location()) + "  " + shown(change.known().name()), kValueAt,
          side(change.before) + " -> " + side(change.after), page_.refs(change.citations()));
    }
    if (all.size() > kMostShown) {
      page_.line("  and " + grouped(all.size() - kMostShown) + " more, which --json lists");
    }
    if (all.empty()) {
      page_.line("  none that can be seen");
    }
    if (metabase_.not_comparable != 0) {
      page_.paragraph(kIndent, "", kIndent,
                      plural(metabase_.not_comparable, "secure value is", "secure values are") +
                          " under different keys, and whether they changed is not observable");
    }
  }

  static std::string side(const MetabaseRow& row) {
    return row.value != nullptr    ? "\"" + shown(row.value->value) + "\""
           : row.secure == nullptr ? "absent"
                                   : words_of(*row.secure);
  }

  // "14 characters, read by keystream, fingerprint c08fa34b6d1c5780"; the value where it was asked
  // for.
  static std::string words_of(const SecureProperty& property) {
    if (property.form == PasswordForm::kMasked) {
      return "asterisks";
    }
    std::string text = property.characters ? plural(*property.characters, "character", "characters")
                                           : plural(property.size, "byte", "bytes");
    text += ", " + std::string(in_words(property.method));
    text += property.fingerprint ? ", fingerprint " + to_string(*property.fingerprint) : "";
    text += property.revealed.empty() ? "" : ": " + shown(property.revealed);
    return text;
  }

  // Of the youngest version alone: what the others have besides stands among the changes.
  void properties() {
    const MetabaseSnapshot* version = report_.answers.copies.metabase();
    if (version == nullptr && !metabase_.versions.empty()) {
      version = metabase_.versions.front();
    }
    if (version == nullptr) {
      return;
    }
    page_.heading(path_of(*version));
    const Untrusted* location = nullptr;
    for (const MetabaseRow& row : metabase_.rows) {
      if (row.where().source != version->where.source) {
        continue;
      }
      if (location == nullptr || *location != row.location()) {
        location = &row.location();
        page_.line("  " + (location->empty() ? "(no path)" : shown(*location)));
      }
      if (row.value != nullptr) {
        page_.paragraph(kNameAt, shown(row.name()), kValueAt, shown(row.value->value));
      } else {
        page_.paragraph(kNameAt, shown(row.name()), kValueAt, words_of(*row.secure),
                        page_.refs({row.where()}));
      }
    }
  }

  const Report& report_;
  const Case& case_;
  const MetabaseAnswer& metabase_;
  Page page_;
};

}  // namespace

std::string render_metabase_text(const Report& report, const TextOptions& options) {
  return MetabaseText(report, options).render();
}

}  // namespace iwamtrace
