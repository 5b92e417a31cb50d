#include "app/rule_files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "analyzers/sigma/own_rules.h"
#include "app/progress.h"
#include "model/text.h"
#include "report/words.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRuleFile = 1 << 20;

bool is_rule_file(const fs::path& path) {
  const std::string ending = path.extension().string();
  return equal_ignoring_case(ending, ".yml") || equal_ignoring_case(ending, ".yaml");
}

sigma::RuleText unreadable(const std::string& name, std::string why) {
  return {name, {}, std::move(why)};
}

sigma::RuleText rule_text(const fs::path& path, const std::string& name) {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    return unreadable(name, std::generic_category().message(errno));
  }
  // One byte more than is read at all, so that a file that is too large is refused as such.
  std::string text(kLargestRuleFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return file.bad() ? unreadable(name, "an error while it was read")
                    : sigma::RuleText{name, std::move(text)};
}

// Links to files are followed, those to folders are not. By path.
void read_folder(const fs::path& top, const fs::path& folder, std::vector<sigma::RuleText>& texts) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(*entry);
  }
  if (error) {
    texts.push_back(unreadable(folder.lexically_relative(top).string(), error.message()));
  }
  std::ranges::sort(entries);
  for (const fs::directory_entry& entry : entries) {
    std::error_code unknown;
    const std::string name = entry.path().lexically_relative(top).string();
    if (entry.is_directory(unknown) && !entry.is_symlink(unknown)) {
      read_folder(top, entry.path(), texts);
    } else if (!is_rule_file(entry.path())) {
      continue;
    } else if (entry.is_regular_file(unknown)) {
      texts.push_back(rule_text(entry.path(), name));
    } else {
      texts.push_back(unreadable(name, "it is no regular file"));
    }
  }
}

std::vector<sigma::RuleText> texts_in(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw UsageError("rules: no folder: " + folder);
  }
  std::vector<sigma::RuleText> texts;
  read_folder(folder, folder, texts);
  return texts;
}

}  // namespace

sigma::RuleSet rules_in(const std::string& folder) { return sigma::RuleSet(texts_in(folder)); }

sigma::RuleSet rules_of(const Options& options) {
  if (options.rules.empty()) {
    return sigma::RuleSet(sigma::own_rules());
  }
  // What decides the verdict is asked as well.
  sigma::RuleSet rules(texts_in(options.rules), sigma::own_rules());
  if (std::ranges::all_of(rules.texts(), &sigma::Rule::beside)) {
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
