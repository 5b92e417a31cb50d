// Where the bytes of a hive's image come from: the hive as given, and for replayed pages the
// transaction log that has them.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "model/citation.h"

namespace iwamtrace {

class PageOrigins {
 public:
  explicit PageOrigins(SourceId hive) : hive_(hive) {}

  // Whole sectors; what was said before of the same stretch is forgotten.
  void add(std::uint64_t image_offset, std::uint64_t size, SourceId log, std::uint64_t log_offset) {
    for (std::uint64_t at = 0; at < size; at += kSector) {
      sectors_.insert_or_assign((image_offset + at) / kSector, Place{log, log_offset + at});
    }
  }

  // The source and the offset in it of the byte at `image_offset`.
  [[nodiscard]] std::pair<SourceId, std::uint64_t> of(std::uint64_t image_offset) const {
    const auto sector = sectors_.find(image_offset / kSector);
    if (sector == sectors_.end()) {
      return {hive_, image_offset};
    }
    return {sector->second.log, sector->second.offset + image_offset % kSector};
  }

 private:
  static constexpr std::uint64_t kSector = 512;
  struct Place {
    SourceId log{};
    std::uint64_t offset = 0;
  };

  SourceId hive_;
  std::map<std::uint64_t, Place> sectors_;
};

}  // namespace iwamtrace
