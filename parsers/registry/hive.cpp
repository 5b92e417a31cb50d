#include "parsers/registry/hive.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <hivex.h>
#include <utility>

namespace iwamtrace {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

std::string_view without_nuls(std::string_view name) {
  while (name.ends_with('\0')) {
    name.remove_suffix(1);
  }
  return name;
}

[[noreturn]] void refuse(std::uint64_t offset, const char* what) {
  throw ParseError(offset,
                   std::string("hivex cannot read the ") + what + ": " + std::strerror(errno));
}

// hivex gives a list of handles that ends in 0, or nothing.
template <typename Handle>
std::vector<std::uint64_t> handles(Handle* list, std::uint64_t offset, const char* what) {
  const std::unique_ptr<Handle, Free> owner(list);
  if (list == nullptr) {
    refuse(offset, what);
  }
  std::vector<std::uint64_t> taken;
  for (const Handle* handle = list; *handle != 0; ++handle) {
    taken.push_back(*handle);
  }
  return taken;
}

}  // namespace

Untrusted HiveValue::text() const {
  std::string utf8 = utf8_of(data);
  utf8.resize(without_nuls(utf8).size());
  return Untrusted{std::move(utf8)};
}

std::optional<std::uint32_t> HiveValue::dword() const {
  return data.size() == sizeof(std::uint32_t) ? std::optional{u32_at(data, 0, "DWORD")}
                                              : std::nullopt;
}

std::optional<Timestamp> HiveValue::filetime() const {
  return data.size() == sizeof(std::uint64_t) ? Timestamp::from_filetime(u64_at(data, 0, "time"))
                                              : std::nullopt;
}

Citation HiveValue::at(std::size_t offset) const {
  Citation citation = where;
  citation.offset += offset;
  citation.path.append("+" + hex_offset(offset));
  return citation;
}

HiveKey::HiveKey(const Hive& hive, std::uint64_t cell, std::string path)
    : hive_(&hive), cell_(cell), name_(hive.cells_.key_name(cell)), path_(std::move(path)) {}

Citation HiveKey::where() const { return {hive_->source_, cell_, std::nullopt, Untrusted{path_}}; }

std::optional<Timestamp> HiveKey::last_written() const { return hive_->cells_.last_written(cell_); }

std::string HiveKey::class_name() const { return hive_->cells_.class_name(cell_); }

SecurityDescriptor HiveKey::security() const { return hive_->cells_.security(cell_); }

std::vector<HiveKey> HiveKey::children() const {
  std::vector<HiveKey> keys;
  for (const std::uint64_t cell :
       handles(hivex_node_children(hive_->handle_.get(), cell_), cell_, "subkeys")) {
    HiveKey key(*hive_, cell, path_);
    key.path_ += "\\" + key.name_;
    keys.push_back(std::move(key));
  }
  return keys;
}

std::optional<HiveKey> HiveKey::child(std::string_view path) const {
  HiveKey key = *this;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    std::vector<HiveKey> keys = key.children();
    const auto found = std::ranges::find_if(keys, [&](const HiveKey& candidate) {
      return equal_ignoring_case(without_nuls(candidate.name_), name);
    });
    if (found == keys.end()) {
      return std::nullopt;
    }
    key = std::move(*found);
  }
  return key;
}

HiveValue HiveKey::read_value(std::uint64_t cell) const {
  HiveValue value;
  value.name = hive_->cells_.value_name(cell);
  value.type = hive_->cells_.value_type(cell);
  value.where = {hive_->source_, hive_->cells_.data_offset(cell), std::nullopt, Untrusted{path_}};
  value.where.path.append("\\");
  value.where.path.append(UntrustedView{value.name.empty() ? "(Default)" : value.name});
  hive_type type{};
  std::size_t size = 0;
  errno = 0;
  const std::unique_ptr<char, Free> data(
      hivex_value_value(hive_->handle_.get(), cell, &type, &size));
  if (data == nullptr && errno != 0) {
    refuse(cell, "data of a value");
  }
  if (data != nullptr) {
    const Bytes bytes = as_bytes({data.get(), size});
    value.data.assign(bytes.begin(), bytes.end());
  }
  return value;
}

std::vector<HiveValue> HiveKey::values() const {
  std::vector<HiveValue> values;
  for (const std::uint64_t cell :
       handles(hivex_node_values(hive_->handle_.get(), cell_), cell_, "values")) {
    values.push_back(read_value(cell));
  }
  return values;
}

std::optional<HiveValue> HiveKey::value(std::string_view name) const {
  for (const std::uint64_t cell :
       handles(hivex_node_values(hive_->handle_.get(), cell_), cell_, "values")) {
    if (equal_ignoring_case(hive_->cells_.value_name(cell), name)) {
      return read_value(cell);
    }
  }
  return std::nullopt;
}

void Hive::Close::operator()(hive_h* handle) const { hivex_close(handle); }

Hive::Hive(const OpenSource& source)
    : source_(source.id), cells_(source.bytes), handle_(hivex_open(source.path.c_str(), 0)) {
  if (handle_ == nullptr) {
    refuse(0, "file");
  }
}

HiveKey Hive::root() const {
  const std::uint64_t cell = hivex_root(handle_.get());
  if (cell == 0) {
    refuse(0, "root key");
  }
  return {*this, cell, {}};
}

}  // namespace iwamtrace
