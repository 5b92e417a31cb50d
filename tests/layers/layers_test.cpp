// The house has storeys: an include that goes up or sideways fails here.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

struct Layer {
  std::string folder;
  Names own;      // beginnings of includes in quotes
  Names foreign;  // beginnings of includes in angle brackets, besides the standard library
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers{
      {"src/model", {"model/"}, {}},
      {"src/report", {"model/", "report/"}, {"fmt/", "nlohmann/"}},
      {"src/app",
       {"app/", "model/", "report/", "parsers/", "analyzers/"},
       {"boost/", "dirent.h", "fmt/", "archive", "seccomp.h", "sys/", "linux/", "fcntl.h", "poll.h",
        "unistd.h"}},
      {"src", {"app/"}, {}},
      {"parsers",
       {"model/", "parsers/"},
       {"hivex.h", "libevt", "libevtx", "libbfio", "libcerror", "pugixml.hpp", "nettle/", "gmp.h",
        "libdeflate.h",
        // a replayed hive is a file in memory
        "fcntl.h", "sys/mman.h", "unistd.h"}},
      {"analyzers", {"model/", "analyzers/"}, {"re2/", "yaml-cpp/", "arpa/inet.h"}},
      {"samples/make",
       {"model/", "make/"},
       {"fcntl.h", "gmp.h", "libdeflate.h", "nettle/", "sys/stat.h"}},
  };
  return kLayers;
}

struct Include {
  fs::path file;
  std::size_t line = 0;
  std::string name;
  bool quoted = false;
};

std::vector<Include> includes_of(const fs::path& file) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> found;
  std::ifstream text(file);
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    std::smatch match;
    if (std::regex_search(line, match, kInclude)) {
      found.push_back(Include{file, number, match[2], match[1] == "\""});
    }
  }
  return found;
}

bool begins_with_one(const std::string& name, const Names& starts) {
  return std::ranges::any_of(starts,
                             [&](const std::string& start) { return name.starts_with(start); });
}

// Neither a folder nor an ending, as the standard library has them; and C's, which end in .h.
bool is_standard(const std::string& name) {
  return name.find('/') == std::string::npos && name.find('.') == std::string::npos;
}

bool may_include(const Layer& layer, const Include& include) {
  if (include.quoted) {
    return begins_with_one(include.name, layer.own);
  }
  return is_standard(include.name) || begins_with_one(include.name, layer.foreign);
}

// The layer of the longest folder that holds the file.
const Layer* layer_of(const std::string& path) {
  const Layer* found = nullptr;
  for (const Layer& layer : layers()) {
    if (path.starts_with(layer.folder + "/") &&
        (found == nullptr || layer.folder.size() > found->folder.size())) {
      found = &layer;
    }
  }
  return found;
}

const fs::path kRoot{IWAMTRACE_SOURCE_DIR};

std::vector<std::string> sources_of_the_house() {
  std::vector<std::string> paths;
  for (const char* top : {"src", "parsers", "analyzers", "samples/make"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const std::string ending = entry.path().extension().string();
      if (ending == ".cpp" || ending == ".h") {
        paths.push_back(fs::relative(entry.path(), kRoot).string());
      }
    }
  }
  return paths;
}

TEST(Layers, EveryFileIncludesOnlyWhatItsStoreyMay) {
  std::size_t checked = 0;
  for (const std::string& path : sources_of_the_house()) {
    const Layer* layer = layer_of(path);
    ASSERT_NE(layer, nullptr) << path;
    for (const Include& include : includes_of(kRoot / path)) {
      EXPECT_TRUE(may_include(*layer, include))
          << path << ":" << include.line << " includes " << include.name << ", which "
          << layer->folder << " may not";
      ++checked;
    }
  }
  EXPECT_GT(checked, 500U);
}

// Of the parsers one format does not know another; what they share lies in parsers/ itself.
TEST(Layers, FormatsDoNotKnowEachOther) {
  const std::set<std::string> judges{"witness"};  // compares readers of both log formats
  for (const std::string& path : sources_of_the_house()) {
    if (!path.starts_with("parsers/") || std::ranges::count(path, '/') < 2) {
      continue;
    }
    const std::string folder = path.substr(0, path.find('/', std::string("parsers/").size()));
    for (const Include& include : includes_of(kRoot / path)) {
      const bool other_format =
          include.name.starts_with("parsers/") && std::ranges::count(include.name, '/') == 2 &&
          !include.name.starts_with(folder + "/") && !include.name.starts_with("parsers/catalog/");
      EXPECT_FALSE(other_format && !judges.contains(fs::path(folder).filename().string()))
          << path << ":" << include.line << " includes " << include.name;
    }
  }
}

// A test that cannot fail proves nothing.
TEST(Layers, AForbiddenIncludeWouldBeSeen) {
  const Layer& model = *layer_of("src/model/case.h");
  const Layer& analyzers = *layer_of("analyzers/story.cpp");
  const Layer& parsers = *layer_of("parsers/evt/evt_file.cpp");
  EXPECT_EQ(layer_of("src/main.cpp")->folder, "src");
  EXPECT_FALSE(may_include(model, Include{{}, 1, "app/options.h", true}));
  EXPECT_FALSE(may_include(model, Include{{}, 1, "fmt/format.h", false}));
  EXPECT_FALSE(may_include(analyzers, Include{{}, 1, "parsers/cursor.h", true}));
  EXPECT_FALSE(may_include(parsers, Include{{}, 1, "analyzers/analyzer.h", true}));
  EXPECT_TRUE(may_include(parsers, Include{{}, 1, "model/case.h", true}));
  EXPECT_TRUE(may_include(parsers, Include{{}, 1, "string_view", false}));
}

// The top level is exactly this, so that a stranger finds his way.
TEST(Layers, TopLevelHoldsWhatTheHouseHas) {
  const std::set<std::string> wanted{"CMakeLists.txt", "README.md", "analyzers", "parsers",
                                     "samples",        "src",       "tests"};
  const std::set<std::string> passing{"build"};  // git ignores it
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name.starts_with(".") || wanted.contains(name) || passing.contains(name)) << name;
  }
}

}  // namespace
}  // namespace iwamtrace
