// Names of keys and values as a hive stores, sorts and finds them. They are given in UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace iwamtrace {

// By which sub-keys are sorted, unit by unit. Latin, Greek and Cyrillic letters have an upper case
// here; Windows' own table knows more.
std::u16string upper_case_name(std::string_view name);

struct StoredKeyName {
  std::string bytes;
  bool latin1 = true;  // else UTF-16LE
};
StoredKeyName stored_key_name(std::string_view name, bool wide);

// What stands beside a sub-key's offset: its first four characters in an 'lf', 0 where one of them
// is no Latin-1; a hash of the whole name in an 'lh'.
std::uint32_t hint_of_key_name(std::string_view name);
std::uint32_t hash_of_key_name(std::string_view name);

}  // namespace iwamtrace
