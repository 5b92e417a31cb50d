#include "app/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "analyzers/sigma/own_rules.h"
#include "app/progress.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRuleFile = 1 << 20;

std::vector<fs::path> rule_files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string ending = entry->path().extension().string();
    if ((ending == ".yml" || ending == ".yaml") && entry->is_regular_file(error)) {
      files.push_back(entry->path());
    }
  }
  if (error) {
    throw UsageError("rules: " + folder.string() + ": " + error.message());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

sigma::RuleSet rules_in(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw UsageError("rules: no folder: " + folder);
  }
  std::vector<sigma::RuleText> texts;
  for (const fs::path& path : rule_files_below(folder)) {
    std::ifstream file(path, std::ios::binary);
    // One byte more than is read at all, so that a file that is too large is refused as such.
    std::string text(kLargestRuleFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    // What cannot be read is no YAML document, and is refused as such by its name.
    texts.push_back({path.lexically_relative(folder).string(),
                     file.bad() || !file.is_open() ? "- cannot be read" : text});
  }
  return sigma::RuleSet(texts);
}

sigma::RuleSet rules_of(const Options& options) {
  if (options.rules.empty()) {
    return sigma::RuleSet(sigma::own_rules());
  }
  sigma::RuleSet rules = rules_in(options.rules);
  if (rules.empty()) {
    throw UsageError("--rules: no rule of " + options.rules +
                     " can be used; iwamtrace rules check tells why");
  }
  if (const std::size_t refused = rules.refused().size(); refused != 0) {
    tell(options,
         say(std::string_view{plural(refused, "rule", "rules")}, " of ", Untrusted{options.rules},
             " cannot be used; iwamtrace rules check tells which, and why"));
  }
  return rules;
}

}  // namespace iwamtrace
