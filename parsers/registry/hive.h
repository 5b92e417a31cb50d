// A registry hive as a tree of keys. hivex walks it and fetches the data; names, class names,
// security descriptors and offsets come from the cells themselves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefact.h"
#include "parsers/parser.h"
#include "parsers/registry/raw_cells.h"

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
  [[nodiscard]] std::optional<std::uint32_t> dword() const;
  [[nodiscard]] std::optional<Timestamp> filetime() const;
  // This value's citation, `offset` bytes further on ("…\F+0x18").
  [[nodiscard]] Citation at(std::size_t offset) const;
};

class HiveKey {
 public:
  // UTF-8 with every character that the hive has, NULs at the end included.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Citation where() const;
  [[nodiscard]] std::optional<Timestamp> last_written() const;
  [[nodiscard]] std::string class_name() const;
  [[nodiscard]] SecurityDescriptor security() const;

  [[nodiscard]] std::vector<HiveKey> children() const;
  // By path, "Policy\\Secrets"; case is ignored, and so are NULs at the end of a key's name.
  [[nodiscard]] std::optional<HiveKey> child(std::string_view path) const;
  [[nodiscard]] std::vector<HiveValue> values() const;
  [[nodiscard]] std::optional<HiveValue> value(std::string_view name) const;

 private:
  friend class Hive;
  HiveKey(const Hive& hive, std::uint64_t cell, std::string path);
  [[nodiscard]] HiveValue read_value(std::uint64_t cell) const;

  const Hive* hive_;
  std::uint64_t cell_;
  std::string name_;
  std::string path_;  // "\\SAM\\Domains", empty for the root
};

class Hive {
 public:
  // Throws ParseError with the reason when hivex refuses the file. The source must outlive it.
  explicit Hive(const OpenSource& source);

  [[nodiscard]] HiveKey root() const;
  [[nodiscard]] SourceId source() const { return source_; }

 private:
  friend class HiveKey;
  struct Close {
    void operator()(hive_h* handle) const;
  };

  SourceId source_;
  RawCells cells_;
  std::unique_ptr<hive_h, Close> handle_;
};

}  // namespace iwamtrace
