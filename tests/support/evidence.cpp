#include "tests/support/evidence.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

#include "parsers/key_ring.h"

namespace iwamtrace {

class TestText {
 public:
  static std::string bytes_of(UntrustedView text) { return std::string(text.bytes(SinkKey{})); }
};

std::string plain(UntrustedView text) { return TestText::bytes_of(text); }

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::filesystem::path data_folder() {
  const char* given = std::getenv("IWAMTRACE_DATA");
  return given != nullptr ? std::filesystem::path(given)
                          : std::filesystem::path(IWAMTRACE_SOURCE_DIR) / "../shared/data";
}

TestSources::TestSources(const std::vector<std::string>& contents) : bytes_(contents) {
  for (const std::string& bytes : bytes_) {
    const auto number = static_cast<std::uint32_t>(sources_.size());
    files_.push_back(std::make_unique<TemporaryFile>("source" + std::to_string(number), bytes));
    sources_.push_back(OpenSource{SourceId{number}, as_bytes(bytes), files_.back()->path().string(),
                                  say("source ", number)});
  }
}

TestSources TestSources::of_files(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> contents;
  for (const std::filesystem::path& file : files) {
    contents.push_back(file_bytes(file));
  }
  return TestSources(contents);
}

void read_all(const TestSources& sources, CollectingSink& sink, const ReadOptions& options) {
  KeyRing keys;
  read_all(sources, keys, sink, options);
}

void read_all(const TestSources& sources, KeyRing& keys, CollectingSink& sink,
              const ReadOptions& options) {
  for (const Parser& parser : all_parsers()) {
    std::vector<OpenSource> own;
    for (const OpenSource& source : sources.sources()) {
      if (parser_for(source.bytes.first(std::min(source.bytes.size(), kFirstBytes))) == &parser) {
        own.push_back(source);
      }
    }
    if (!own.empty() && parser.read != nullptr) {
      parser.read(own, options, keys, sink);
    }
  }
}

}  // namespace iwamtrace
