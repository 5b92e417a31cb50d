// A registry hive as a tree of keys. hivex walks it and fetches the data; names, class names,
// security descriptors and offsets come from the cells themselves, and so does what hivex refuses.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/artefact.h"
#include "model/evidence_sink.h"
#include "parsers/registry/hive_image.h"
#include "parsers/registry/salvage.h"

struct hive_h;

namespace iwamtrace {

class Hive;

struct HiveValue {
  std::string name;        // empty for the unnamed value
  std::uint32_t type = 0;  // as it stands: SAM uses it for numbers
  std::vector<std::byte> data;
  Citation where;  // of its first data byte, with key path and name

  // REG_SZ and its kin, without the NUL at the end.
  [[nodiscard]] Untrusted text() const;
  // The first `most` texts of a REG_MULTI_SZ, empty ones left out. They are views of `data`.
  struct Line {
    std::size_t offset = 0;
    Bytes utf16;
  };
  [[nodiscard]] std::vector<Line> lines(std::size_t most) const;
  [[nodiscard]] std::optional<std::uint32_t> dword() const;
  [[nodiscard]] std::optional<Timestamp> filetime() const;
  // This value's citation, `offset` bytes further on ("…\F+0x18"). The hive must still be there.
  [[nodiscard]] Citation at(std::size_t offset) const;

 private:
  friend class HiveKey;
  const Hive* hive_ = nullptr;
  std::uint64_t start_ = 0;  // of the data, in the hive's image
};

class HiveKey {
 public:
  // UTF-8 with every character that the hive has, NULs at the end included. The root has neither
  // name nor path.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& path() const { return path_; }  // "\\SAM\\Domains"
  [[nodiscard]] Citation where() const;
  [[nodiscard]] std::uint64_t cell() const { return cell_; }  // in the hive's image
  [[nodiscard]] std::optional<Timestamp> last_written() const;
  [[nodiscard]] std::string class_name() const;
  [[nodiscard]] SecurityDescriptor security() const;

  [[nodiscard]] std::vector<HiveKey> children() const;
  // By path, "Policy\\Secrets"; case is ignored, and so are NULs at the end of a key's name.
  [[nodiscard]] std::optional<HiveKey> child(std::string_view path) const;
  [[nodiscard]] std::vector<HiveValue> values() const;
  [[nodiscard]] std::optional<HiveValue> value(std::string_view name) const;

  // The first `most` of a key that may hold any number. What cannot be read costs itself; that, and
  // that there are more, is told. Only where the list is whole does it say what is not there.
  template <typename Item>
  struct Listed {
    std::vector<Item> items;
    bool whole = true;
  };
  [[nodiscard]] Listed<HiveKey> first_children(std::size_t most) const;
  [[nodiscard]] Listed<HiveValue> first_values(std::size_t most) const;
  // That it has as many subkeys as it says: a child that is not found is not there.
  [[nodiscard]] bool has_all_subkeys() const;

 private:
  friend class Hive;
  HiveKey(const Hive& hive, std::uint64_t cell, std::string name, std::string path, bool lost);
  [[nodiscard]] std::optional<HiveKey> one_child(std::string_view name) const;
  [[nodiscard]] std::optional<HiveKey> lost_child(std::string_view path) const;
  [[nodiscard]] HiveKey read_child(std::uint64_t cell) const;
  [[nodiscard]] HiveValue read_value(std::uint64_t cell) const;
  template <typename Item>
  [[nodiscard]] Listed<Item> first_of(std::vector<std::uint64_t> cells, std::size_t most,
                                      std::string_view called,
                                      Item (HiveKey::*read)(std::uint64_t) const) const;

  const Hive* hive_;
  std::uint64_t cell_;
  std::string name_;
  std::string path_;
  bool lost_;  // only what is below it is still there
};

class Hive {
 public:
  // What hivex refuses is read without it and reported to `sink`, which must outlive the hive, as
  // must the source.
  Hive(HiveImage image, EvidenceSink& sink);

  [[nodiscard]] HiveKey root() const;
  [[nodiscard]] SourceId source() const { return image_.source; }
  [[nodiscard]] const BaseBlock& base() const { return base_; }
  [[nodiscard]] const CellScan& scan() const { return scan_; }
  [[nodiscard]] const RawCells& cells() const { return cells_; }
  // Of a byte of the image: in the file as given, or in the log that has the page.
  [[nodiscard]] Citation cite(std::uint64_t offset, Untrusted path = {}) const;

  // The tree as the scan has it, for what no list leads to.
  [[nodiscard]] const SalvagedTree& salvaged() const;

 private:
  friend class HiveKey;
  struct Close {
    void operator()(hive_h* handle) const;
  };

  // So many times its size a hive may hand out of lists and data, and a little more: in a hostile
  // one all keys may share one huge list.
  static constexpr std::uint64_t kTimesOver = 8, kLeastSpending = std::uint64_t{16} << 20;

  void open();
  void tell_salvage(const char* refusal) const;
  [[nodiscard]] std::vector<std::uint64_t> children_of(const HiveKey& key) const;
  [[nodiscard]] std::vector<std::uint64_t> values_of(const HiveKey& key) const;
  [[nodiscard]] std::vector<std::byte> data_of(std::uint64_t value) const;
  void tell_mended(const HiveKey& key, const Untrusted& what, bool lost) const;
  // Once it is all spent even nothing is too much: what is refused must not cost time either.
  void spend(std::uint64_t bytes) const;

  HiveImage image_;
  EvidenceSink& sink_;
  BaseBlock base_;
  RawCells cells_;
  CellScan scan_;
  std::unique_ptr<MemoryFile> repaired_;
  std::unique_ptr<hive_h, Close> handle_;  // null where hivex refuses the whole hive
  mutable std::unique_ptr<SalvagedTree> salvaged_;
  mutable std::set<std::pair<std::uint64_t, Untrusted>> mended_;  // what was said of broken lists
  mutable std::uint64_t left_to_spend_;
};

}  // namespace iwamtrace
