#include "make/made_hive.h"

#include <algorithm>
#include <stdexcept>

namespace iwamtrace {

MadeKey& MadeKey::at(std::string_view path) {
  const std::size_t end = std::min(path.find('\\'), path.size());
  const auto below = std::ranges::find(keys, path.substr(0, end), &MadeKey::name);
  if (below == keys.end()) {
    throw std::out_of_range("no key " + std::string(path) + " below " + name);
  }
  return end == path.size() ? *below : below->at(path.substr(end + 1));
}

MadeKey& MadeKey::make(std::string_view path) {
  const std::size_t end = std::min(path.find('\\'), path.size());
  auto below = std::ranges::find(keys, path.substr(0, end), &MadeKey::name);
  if (below == keys.end()) {
    keys.push_back(MadeKey{.name = std::string(path.substr(0, end)), .written = written});
    below = std::prev(keys.end());
  }
  return end == path.size() ? *below : below->make(path.substr(end + 1));
}

MadeKey& MadeKey::set(MadeValue value) {
  const auto same = std::ranges::find(values, value.name, &MadeValue::name);
  if (same == values.end()) {
    values.push_back(std::move(value));
  } else {
    *same = std::move(value);
  }
  return *this;
}

const MadeValue& MadeKey::value(std::string_view value_name) const {
  const auto found_value = std::ranges::find(values, value_name, &MadeValue::name);
  if (found_value == values.end()) {
    throw std::out_of_range(name + " has no value " + std::string(value_name));
  }
  return *found_value;
}

}  // namespace iwamtrace
