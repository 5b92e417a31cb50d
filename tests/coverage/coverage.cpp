// How far the shared Sigma rules reach over the labelled attack traces: one row a file, as
// tests/README.md has it. iwamtrace_coverage [FOLDER [README]]. Fails where a file with a rule that
// could apply has no hit and no reason, or the README has another table.
#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzers/intrusion/techniques.h"
#include "analyzers/sigma/rule_matcher.h"
#include "app/rule_files.h"
#include "parsers/key_ring.h"
#include "parsers/parser.h"
#include "tests/support/evidence.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

class CoverageSink : public EvidenceSink {
 public:
  explicit CoverageSink(const sigma::RuleSet& rules) : rules_(rules), matcher_(rules) {}
  void enter(SourceId /*source*/, std::string_view /*stage*/) override {}
  bool wants(const EventHead& /*head*/) override { return true; }
  void take(const EventRecord& record) override {
    ++records;
    for (const auto& group : rules_.groups_of(record.head.channel)) {
      const bool wanted = group->wants(record.head.event_id) || group->wants(record.head.key.id);
      for (const sigma::GroupRule& rule : group->rules()) {
        if (wanted && (group->concerns(rule, record.head.event_id) ||
                       group->concerns(rule, record.head.key.id))) {
          applicable.insert(rule.rule);
        }
      }
    }
    matcher_.match(record, [&](std::uint32_t rule) { fired.insert(rule); });
  }
  void take(Artefact /*artefact*/) override {}
  void take(Damage /*damage*/) override {}
  void take(SourceSummary /*summary*/) override {}
  void take(CrossCheck /*check*/) override {}

  std::set<std::uint32_t> applicable, fired;
  std::size_t records = 0;

 private:
  const sigma::RuleSet& rules_;
  sigma::RuleMatcher matcher_;
};

// "T1562.002" of "T1562.002-Disable Windows Event Logging"; "T1110" of "T1110.xxx-Brut force".
std::string technique_of(const fs::path& file) {
  const std::string folder = file.parent_path().filename().string();
  std::string id = folder.starts_with('T') ? folder.substr(0, folder.find('-')) : "";
  return id.ends_with(".xxx") ? id.substr(0, id.find('.')) : id;
}

bool carries(const DetectionRule& rule, const std::string& technique) {
  return !technique.empty() &&
         std::ranges::any_of(rule.techniques, [&](const std::string& of_rule) {
           const std::string older{older_number(of_rule)};
           return older == technique || older.starts_with(technique + ".") ||
                  technique.starts_with(older + ".");
         });
}

// Why no rule fired that could have, by file; written by hand after reading rule and record.
std::map<std::string, std::string> reasons() {
  std::map<std::string, std::string> reasons;
  std::ifstream file(fs::path(IWAMTRACE_SOURCE_DIR) / "tests/coverage/no_hit.tsv");
  for (std::string line; std::getline(file, line);) {
    if (const std::size_t tab = line.find('\t'); tab != std::string::npos) {
      reasons[line.substr(0, tab)] = line.substr(tab + 1);
    }
  }
  return reasons;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\\|");
  }
  return text;
}

int cover(const fs::path& data, const fs::path& readme) {
  const sigma::RuleSet rules = rules_in((data / "sigma/rules").string());
  const auto because = reasons();
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(data / "evtx/EVTX-to-MITRE-Attack")) {
    if (entry.path().extension() == ".evtx") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  bool explained = true;
  std::size_t hit = 0, with_technique = 0, applicable = 0;
  std::string table;
  for (const fs::path& path : files) {
    const std::string bytes = file_bytes(path);
    const OpenSource source{SourceId{0}, as_bytes(bytes), path.string()};
    KeyRing keys;
    CoverageSink sink(rules);
    parser_for(source.bytes.first(std::min(kFirstBytes, source.bytes.size())))
        ->read({&source, 1}, {}, keys, sink);
    const std::string technique = technique_of(path);
    const bool carried = std::ranges::any_of(
        sink.fired, [&](std::uint32_t rule) { return carries(rules.rules()[rule], technique); });
    std::string name = path.filename().string();
    applicable += sink.applicable.empty() ? 0U : 1U;
    hit += sink.fired.empty() ? 0U : 1U;
    with_technique += carried ? 1U : 0U;
    std::string note;
    if (!sink.applicable.empty() && sink.fired.empty()) {
      const auto found = because.find(name);
      note = found == because.end() ? "NOT EXPLAINED" : found->second;
      explained = explained && found != because.end();
    }
    table += fmt::format("| {} | {} | {} | {} | {} | {} |\n", technique, cell(name),
                         sink.applicable.size(), sink.fired.size(),
                         sink.fired.empty() ? ""
                         : carried          ? "yes"
                                            : "no",
                         cell(note));
  }
  const std::string text = fmt::format(
      "{} files; in {} a rule could apply, in {} one fired, in {} one with the folder's "
      "technique.\n\n| technique | file | could apply | fired | carries it | why none fired |\n"
      "|---|---|---|---|---|---|\n{}",
      files.size(), applicable, hit, with_technique, table);
  if (readme.empty()) {
    fmt::print("{}", text);
    return explained ? 0 : 1;
  }
  const bool told = file_bytes(readme).find(text) != std::string::npos;
  fmt::print("{}{}", explained ? "" : "a file without a hit has no reason\n",
             told ? "" : readme.string() + " has another table\n");
  return explained && told ? 0 : 1;
}

}  // namespace
}  // namespace iwamtrace

int main(int argc, char** argv) {
  try {
    const std::filesystem::path data =
        argc > 1 ? std::filesystem::path(argv[1]) : iwamtrace::data_folder();
    if (!std::filesystem::exists(data / "sigma/rules")) {
      fmt::print(stderr, "no shared evidence in {}\n", data.string());
      return 3;
    }
    return iwamtrace::cover(data, argc > 2 ? argv[2] : "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 5;
  }
}
