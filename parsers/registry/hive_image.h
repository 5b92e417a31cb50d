// The bytes of a hive to be read: as given, or as its transaction logs make them.
#pragma once

#include <memory>

#include "parsers/memory_file.h"
#include "parsers/parser.h"
#include "parsers/registry/page_origins.h"

namespace iwamtrace {

struct HiveImage {
  explicit HiveImage(const OpenSource& given)
      : source(given.id), bytes(given.bytes), path(given.path), origins(given.id) {}

  SourceId source{};  // the hive, whatever logs have changed in it
  Bytes bytes;
  std::string path;  // the same bytes as a file
  PageOrigins origins;
  std::unique_ptr<MemoryFile> memory;  // holds the bytes where they are not the source's own
};

}  // namespace iwamtrace
