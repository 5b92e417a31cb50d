// The names of event writers recur in every record: each is converted and looked up once.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "model/event_key.h"
#include "model/text.h"

namespace iwamtrace {

class SourceNames {
 public:
  struct Entry {
    std::string raw;  // the bytes as they stand in the log
    std::string utf8;
    EventSource source{};
  };

  // The entry lives as long as this object.
  const Entry& find(Bytes utf16le);

 private:
  // A log has a few dozen writers; hostile logs may have one a record, which are not kept.
  static constexpr std::size_t kMost = 1024;
  std::deque<Entry> entries_;
  const Entry* last_ = nullptr;
  Entry spare_;
};

}  // namespace iwamtrace
