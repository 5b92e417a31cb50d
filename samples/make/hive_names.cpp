#include "make/hive_names.h"

#include <algorithm>

#include "make/bytes.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

char16_t upper(char16_t unit) {
  const bool dash_below =
      (unit >= u'a' && unit <= u'z') || (unit >= 0xE0 && unit <= 0xFE && unit != 0xF7) ||
      (unit >= 0x3B1 && unit <= 0x3C9 && unit != 0x3C2) || (unit >= 0x430 && unit <= 0x44F);
  if (dash_below) {
    return static_cast<char16_t>(unit - 0x20);
  }
  if (unit >= 0x450 && unit <= 0x45F) {
    return static_cast<char16_t>(unit - 0x50);
  }
  return unit == 0xFF ? u'\u0178' : unit;
}

}  // namespace

std::u16string upper_case_name(std::string_view name) {
  std::u16string upper_name = utf16_of(name);
  std::ranges::transform(upper_name, upper_name.begin(), upper);
  return upper_name;
}

StoredKeyName stored_key_name(std::string_view name, bool wide) {
  const std::u16string units = utf16_of(name);
  if (wide || std::ranges::any_of(units, [](char16_t unit) { return unit > 0xFF; })) {
    return {utf16_bytes(name), false};
  }
  StoredKeyName latin1;
  for (const char16_t unit : units) {
    latin1.bytes += static_cast<char>(unit);
  }
  return latin1;
}

std::uint32_t hint_of_key_name(std::string_view name) {
  std::uint32_t hint = 0;
  const std::u16string units = utf16_of(name).substr(0, 4);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i] > 0xFF) {
      return 0;
    }
    hint |= static_cast<std::uint32_t>(units[i]) << 8 * i;
  }
  return hint;
}

std::uint32_t hash_of_key_name(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char16_t unit : upper_case_name(name)) {
    hash = hash * 37 + unit;
  }
  return hash;
}

}  // namespace iwamtrace
