#include "parsers/source_names.h"

#include <algorithm>

#include "parsers/catalog/catalog.h"

namespace iwamtrace {

const SourceNames::Entry& SourceNames::find(Bytes utf16le) {
  const std::string_view raw{reinterpret_cast<const char*>(utf16le.data()), utf16le.size()};
  if (last_ != nullptr && last_->raw == raw) {
    return *last_;
  }
  const auto known = std::ranges::find(entries_, raw, &Entry::raw);
  if (known != entries_.end()) {
    return *(last_ = &*known);
  }
  Entry entry{std::string(raw), utf8_of(utf16le), {}};
  entry.source = event_source_of(entry.utf8);
  if (entries_.size() == kMost) {
    spare_ = std::move(entry);
    last_ = nullptr;
    return spare_;
  }
  return *(last_ = &entries_.emplace_back(std::move(entry)));
}

}  // namespace iwamtrace
