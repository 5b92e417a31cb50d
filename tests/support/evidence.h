// Evidence for tests: bytes that a test made, and the real files kept beside the project.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/untrusted.h"
#include "parsers/parser.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/outside_tool.h"

namespace iwamtrace {

// Evidence text as bytes, so that a test may compare it with ordinary words.
std::string plain(UntrustedView text);

std::string file_bytes(const std::filesystem::path& path);

// The folder of real evidence: IWAMTRACE_DATA, else ../shared/data beside the project.
std::filesystem::path data_folder();

// Bytes as sources, numbered from 0, each also as a file of its own where a library needs a path.
class TestSources {
 public:
  explicit TestSources(const std::vector<std::string>& contents);
  static TestSources of_files(const std::vector<std::filesystem::path>& files);
  [[nodiscard]] const std::vector<OpenSource>& sources() const { return sources_; }

 private:
  std::vector<std::string> bytes_;
  std::vector<std::unique_ptr<TemporaryFile>> files_;
  std::vector<OpenSource> sources_;
};

// What every parser of the table makes of them, as a worker would read them.
void read_all(const TestSources& sources, CollectingSink& sink, const ReadOptions& options = {});
// The same, with the keys that they yield.
void read_all(const TestSources& sources, KeyRing& keys, CollectingSink& sink,
              const ReadOptions& options = {});

}  // namespace iwamtrace

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can leave the test
#define IWAMTRACE_NEEDS_DATA(file)                                                              \
  if (!std::filesystem::exists(iwamtrace::data_folder() / (file)))                              \
  GTEST_SKIP() << "NOT TESTED: real evidence is not there: " << iwamtrace::data_folder() << "/" \
               << (file)
