// A metabase as a flat list of keys, each with its properties, whatever it was read from. Knows
// neither their meaning nor their encryption.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

struct MetabaseProperty {
  std::string name;       // may be empty in damaged copies
  std::uint32_t id = 0;   // of a <Custom> element; 0 where the name says it
  std::string_view type;  // where the file tells: "STRING", "DWORD", "INTEGER"
  std::string_view value;
  std::uint64_t offset = 0;  // of the value's first byte in the file
  bool masked = false;       // asterisks stand for it
  // Why the value may not be what the metabase holds to the letter; empty where it is.
  std::string_view doubt = {};
};

struct MetabaseKey {
  std::string_view type;      // "IIsWebService"
  std::string_view location;  // "/LM/W3SVC"
  std::uint64_t offset = 0;   // where the file begins to tell of it
  std::vector<MetabaseProperty> properties;

  // By name, ignoring case, or by id.
  [[nodiscard]] const MetabaseProperty* property(std::string_view name, std::uint32_t id) const;
};

}  // namespace iwamtrace
