#include "parsers/registry/key_walk.h"

#include <algorithm>
#include <utility>

namespace iwamtrace {

Untrusted text_of(const HiveKey& key, std::string_view value) {
  const auto found = key.value(value);
  return found ? found->text() : Untrusted{};
}

std::optional<std::uint32_t> number_of(const HiveKey& key, std::string_view value) {
  const auto found = key.value(value);
  return found ? found->dword() : std::nullopt;
}

Reached reach(const HiveKey& top, std::string_view path) {
  HiveKey key = top;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    auto next = key.child(path.substr(0, end));
    if (!next) {
      const bool sure = key.has_all_subkeys();
      return {std::move(key), false, sure};
    }
    path.remove_prefix(std::min(end + 1, path.size()));
    key = std::move(*next);
  }
  return {std::move(key), true, true};
}

}  // namespace iwamtrace
