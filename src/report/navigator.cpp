#include "report/navigator.h"

#include <algorithm>
#include <map>
#include <vector>

#include "report/json_writer.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

struct Used {
  std::vector<const Finding*> findings;
  bool in_storyline = false;
};

std::map<std::string, Used> techniques_of(const Answers& answers) {
  std::map<std::string, Used> used;
  const auto& storyline = answers.compromise.storyline;
  for (const Finding& finding : answers.findings) {
    if (finding.severity == Severity::kInfo) {
      continue;  // ordinary work
    }
    const bool step = std::ranges::any_of(storyline, [&](const IntrusionStep& one) {
      return finding.time == one.time && finding.citations == one.citations;
    });
    for (const std::string& technique : finding.techniques) {
      used[technique].findings.push_back(&finding);
      used[technique].in_storyline = used[technique].in_storyline || step;
    }
  }
  for (const IntrusionStep& step : storyline) {
    if (!step.technique.empty()) {
      used[step.technique].in_storyline = true;
    }
  }
  return used;
}

void put_technique(JsonWriter& json, const std::string& id, const Used& used) {
  constexpr std::string_view kStoryline = "#e60d0d", kOther = "#fce93b";
  Untrusted comment;
  for (const Finding* finding : used.findings) {
    comment.append(comment.empty() ? "" : "; ");
    comment.append(finding->title.view());
  }
  json.object([&] {
    json.member("techniqueID", id);
    json.member("score", std::max<std::size_t>(1, used.findings.size()));
    json.member("color", used.in_storyline ? kStoryline : kOther);
    json.member("comment", comment);
    json.member("enabled", true);
    json.array_of("metadata", used.findings, [&](const Finding* finding) {
      json.object([&] {
        json.member("name", "finding");
        json.member("value", finding->id);
      });
    });
  });
}

}  // namespace

std::string render_navigator(const Report& report) {
  const auto used = techniques_of(report.answers);
  std::size_t most = 1;
  for (const auto& [id, one] : used) {
    most = std::max(most, one.findings.size());
  }
  JsonWriter json(JsonWriter::Style::kIndented);
  json.object([&] {
    json.member("name", say("iwamtrace: ", report.evidence_of->name));
    json.object("versions", [&] {
      json.member("attack", "17");
      json.member("navigator", "4.9.0");
      json.member("layer", "4.5");
    });
    json.member("domain", "enterprise-attack");
    json.member("description",
                say("Intrusion: ", name_of(report.answers.compromise.verdict),
                    ". Made by iwamtrace ", std::string_view{report.tool_version}, "."));
    json.object("filters",
                [&] { json.array("platforms", [&] { json.value(std::string_view{"Windows"}); }); });
    json.array_of("techniques", used,
                  [&](const auto& one) { put_technique(json, one.first, one.second); });
    json.object("gradient", [&] {
      json.array("colors", [&] {
        json.value(std::string_view{"#ffffff"});
        json.value(std::string_view{"#e60d0d"});
      });
      json.member("minValue", 0);
      json.member("maxValue", most);
    });
    json.array("legendItems", [&] {
      const auto legend = [&](std::string_view label, std::string_view colour) {
        json.object([&] {
          json.member("label", label);
          json.member("color", colour);
        });
      };
      legend("step of the intrusion", "#e60d0d");
      legend("other finding", "#fce93b");
    });
  });
  return json.take() + "\n";
}

}  // namespace iwamtrace
