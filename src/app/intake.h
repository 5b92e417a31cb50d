// From paths to sources: finds the files, hashes them, recognises them by their content. Evidence
// is opened for reading only and is never followed out of the folder that was named.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/source.h"
#include "parsers/memory_file.h"
#include "parsers/parser.h"

namespace iwamtrace {

// Which file a path meant when it was hashed: another one under its name is not the evidence.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds since 1970

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

struct EvidenceFile {
  std::string path;  // to open
  FileIdentity identity;
  const Parser* parser = nullptr;  // null for what is not recognised
};

struct Evidence {
  std::vector<Source> sources;      // numbered from 0, by path
  std::vector<EvidenceFile> files;  // of the same index
};

struct IntakeOptions {
  std::vector<std::string> inputs;
  // Told the path of each file before it is hashed.
  std::function<void(std::size_t count, const std::string& path)> progress;
};

Evidence take_in(const IntakeOptions& options);

// Whether anything of the case could be read at all: exit code 3 says it could not.
bool anything_recognised(const Evidence& evidence);

// A source's bytes for one worker: mapped read-only, or as a sealed copy in memory where a library
// needs a path of its own. Throws std::system_error when the file cannot be opened or is no longer
// the one that was hashed.
class EvidenceBytes {
 public:
  EvidenceBytes(const EvidenceFile& file, bool needs_path);
  EvidenceBytes(const EvidenceBytes&) = delete;
  EvidenceBytes& operator=(const EvidenceBytes&) = delete;
  ~EvidenceBytes();

  [[nodiscard]] OpenSource open_as(SourceId id) const;

 private:
  std::size_t size_ = 0;
  void* mapped_ = nullptr;
  std::optional<MemoryFile> copy_;  // in place of the mapping
};

}  // namespace iwamtrace
