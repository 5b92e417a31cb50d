// A metabase as XML.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parsers/cursor.h"
#include "parsers/metabase/metabase_keys.h"

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

namespace iwamtrace {

class MetabaseFile {
 public:
  // UTF-8 or UTF-16, with or without a namespace. Throws ParseError when there is no
  // <configuration> to read.
  explicit MetabaseFile(Bytes file);
  ~MetabaseFile();
  MetabaseFile(const MetabaseFile&) = delete;
  MetabaseFile& operator=(const MetabaseFile&) = delete;

  [[nodiscard]] const std::vector<MetabaseKey>& keys() const { return keys_; }
  // Where the XML stops being well-formed, and how; what stands before it was read.
  [[nodiscard]] const std::optional<ParseError>& broken() const { return broken_; }

 private:
  void add_key(const pugi::xml_node& element);
  std::uint64_t offset_of(const char* text);

  std::string text_;  // parsed in place: the tree points into it
  std::unique_ptr<pugi::xml_document> document_;
  std::vector<MetabaseKey> keys_;
  std::optional<ParseError> broken_;
  bool utf16_ = false;
  std::string original_;  // of a UTF-16 file: its text before parsing, for offsets
  std::size_t counted_to_ = 0, counted_units_ = 0;  // offsets are asked for in ascending order
};

}  // namespace iwamtrace
