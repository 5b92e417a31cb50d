#include "parsers/record_slots.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>

namespace iwamtrace {

std::vector<std::uint64_t> RecordCopies::of(std::uint64_t listed) const {
  std::vector<std::uint64_t> offsets;
  for (auto copy = std::ranges::lower_bound(pairs_, std::pair{listed, std::uint64_t{0}});
       copy != pairs_.end() && copy->first == listed; ++copy) {
    offsets.push_back(copy->second);
  }
  return offsets;
}

void RecordCopies::sort() { std::ranges::sort(pairs_); }

std::vector<RecordSlot> without_copies(Bytes file, const std::vector<RecordSlot>& leftovers,
                                       RecordCopies& copies) {
  using Key = std::tuple<std::uint64_t, std::size_t, std::uint64_t>;  // number, hash, offset
  std::vector<std::pair<Key, RecordSlot>> found;
  found.reserve(leftovers.size());
  for (const RecordSlot& slot : leftovers) {
    const Bytes bytes = bytes_of(file, slot);
    const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    found.emplace_back(Key{slot.number, std::hash<std::string_view>{}(text), slot.offset}, slot);
  }
  std::ranges::sort(found, {}, &std::pair<Key, RecordSlot>::first);
  std::vector<RecordSlot> listed;
  for (const auto& [key, slot] : found) {
    if (!listed.empty() && listed.back().number == slot.number &&
        std::ranges::equal(bytes_of(file, listed.back()), bytes_of(file, slot))) {
      copies.add(listed.back().offset, slot.offset);
    } else {
      listed.push_back(slot);
    }
  }
  std::ranges::sort(listed, {}, &RecordSlot::offset);
  return listed;
}

}  // namespace iwamtrace
