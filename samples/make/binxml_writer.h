// Writes BinXML ([MS-EVEN6] 2.2.12) as the chunks of an .evtx file hold it: names and templates are
// stored inline where they are first used and referred to by their offset in the chunk after that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "make/evtx_node.h"

namespace iwamtrace {

// Where the chunk holds what; one hash table of its header. Every entry stores the offset of the
// one that was the newest of its bucket before it.
class BinXmlTable {
 public:
  explicit BinXmlTable(std::size_t buckets) : newest_(buckets) {}

  // The key is UTF-16LE, or the bytes of a GUID.
  [[nodiscard]] std::optional<std::uint32_t> find(const std::string& key) const;
  // Returns the offset to be stored in the entry.
  std::uint32_t add(const std::string& key, std::uint32_t offset);
  void forget_from(std::uint32_t offset);
  // Offsets by bucket, 0 where there is none.
  [[nodiscard]] const std::vector<std::uint32_t>& newest() const { return newest_; }

 private:
  [[nodiscard]] std::uint32_t& bucket_of(const std::string& key);

  std::map<std::string, std::uint32_t> offsets_;
  std::vector<std::uint32_t> newest_;
};

struct BinXmlTables {
  BinXmlTable names{64};
  BinXmlTable templates{32};

  void forget_from(std::uint32_t offset);  // what stood there was not written after all
};

// Of names, as stored beside them, and of template GUIDs, taken as eight code units.
std::uint16_t binxml_hash(std::string_view utf16);

// One fragment that is to stand at `offset` of its chunk, as an instance of a template (whose GUID
// follows from the template's content) or with all its text in place.
std::string binxml_of(const EvtxNode& root, bool as_template, std::uint32_t offset,
                      BinXmlTables& tables);

}  // namespace iwamtrace
