// iwamtrace-samples list | write CASE FOLDER: makes the evidence of a sample case.
#include <algorithm>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "make/bytes.h"
#include "make/cases.h"

namespace iwamtrace {
namespace {

namespace fs = std::filesystem;

// FOLDER/evidence with the files, FOLDER/times with the times that version control does not keep,
// FOLDER/story.txt.
void write_case(const SampleCase& sample, const fs::path& folder) {
  std::string times;
  std::vector<MadeFile> files = sample.make();
  std::ranges::sort(files, {}, &MadeFile::path);
  for (const MadeFile& file : files) {
    const fs::path path = folder / "evidence" / file.path;
    fs::create_directories(path.parent_path());
    write_bytes(path.string(), file.bytes);
    times += to_iso(file.modified) + " " + file.path + "\n";
  }
  write_bytes((folder / "times").string(), times);
  write_bytes((folder / "story.txt").string(), sample.story);
}

int run(const std::vector<std::string>& arguments) {
  if (arguments == std::vector<std::string>{"list"}) {
    for (const SampleCase& sample : all_sample_cases()) {
      std::cout << sample.name << (sample.all_documents ? " all" : " report") << "\n";
    }
    return 0;
  }
  if (arguments.size() == 3 && arguments[0] == "write") {
    const auto sample = std::ranges::find(all_sample_cases(), arguments[1], &SampleCase::name);
    if (sample == all_sample_cases().end()) {
      throw std::invalid_argument("no such case: " + arguments[1]);
    }
    write_case(*sample, arguments[2]);
    return 0;
  }
  std::cerr << "usage: iwamtrace-samples list | write CASE FOLDER\n";
  return 2;
}

}  // namespace
}  // namespace iwamtrace

int main(int argc, char** argv) {
  try {
    return iwamtrace::run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::cerr << "iwamtrace-samples: " << error.what() << "\n";
    return 1;
  }
}
