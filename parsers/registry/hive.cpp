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

// hivex gives a list of handles that ends in 0, or nothing.
template <typename Handle>
std::optional<std::vector<std::uint64_t>> handles(Handle* list) {
  const std::unique_ptr<Handle, Free> owner(list);
  if (list == nullptr) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> taken;
  for (const Handle* handle = list; *handle != 0; ++handle) {
    taken.push_back(*handle);
  }
  return taken;
}

}  // namespace

// ---- values ----

Untrusted HiveValue::text() const {
  std::string utf8 = utf8_of(data);
  utf8.resize(without_nuls(utf8).size());
  return Untrusted{std::move(utf8)};
}

std::vector<HiveValue::Line> HiveValue::lines(std::size_t most) const {
  constexpr std::size_t kUnit = 2;
  std::vector<Line> lines;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= data.size() && lines.size() < most; at += kUnit) {
    if (data.size() - at < kUnit || u16_at(data, at, "character") == 0) {
      if (at > start) {
        lines.push_back(Line{start, Bytes{data}.subspan(start, at - start)});
      }
      start = at + kUnit;
    }
  }
  return lines;
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
  Citation citation = hive_->cite(start_ + offset, where.path);
  citation.path.append("+" + hex_offset(offset));
  return citation;
}

// ---- keys ----

HiveKey::HiveKey(const Hive& hive, std::uint64_t cell, std::string name, std::string path,
                 bool lost)
    : hive_(&hive), cell_(cell), name_(std::move(name)), path_(std::move(path)), lost_(lost) {}

Citation HiveKey::where() const { return hive_->cite(cell_, Untrusted{path_}); }

std::optional<Timestamp> HiveKey::last_written() const {
  return lost_ ? std::nullopt : hive_->cells_.last_written(cell_);
}

std::string HiveKey::class_name() const {
  return lost_ ? std::string{} : hive_->cells_.class_name(cell_);
}

SecurityDescriptor HiveKey::security() const { return hive_->cells_.security(cell_); }

std::vector<HiveKey> HiveKey::children() const {
  std::vector<HiveKey> keys;
  for (const std::uint64_t cell : hive_->children_of(*this)) {
    try {
      keys.push_back(read_child(cell));
    } catch (const ParseError& error) {
      hive_->tell_mended(*this, say(error.what()), true);
    }
  }
  return keys;
}

std::optional<HiveKey> HiveKey::child(std::string_view path) const {
  HiveKey key = *this;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    auto next = key.one_child(path.substr(0, end));
    if (!next) {
      return key.lost_child(path);
    }
    path.remove_prefix(std::min(end + 1, path.size()));
    key = std::move(*next);
  }
  return key;
}

// Looks at all, so that what is broken among them is told whatever is looked for.
std::optional<HiveKey> HiveKey::one_child(std::string_view name) const {
  std::optional<HiveKey> found;
  for (const std::uint64_t cell : hive_->children_of(*this)) {
    try {
      if (equal_ignoring_case(without_nuls(hive_->cells_.key_name(cell)), name) && !found) {
        found = read_child(cell);
      }
    } catch (const ParseError& error) {
      hive_->tell_mended(*this, say(error.what()), true);
    }
  }
  return found;
}

// Where the path leads through a key that is lost, and goes on below it.
std::optional<HiveKey> HiveKey::lost_child(std::string_view path) const {
  if (hive_->handle_ != nullptr && hive_->mended_.empty()) {
    return std::nullopt;
  }
  for (std::size_t end = 0; end < path.size();) {
    const std::size_t start = end == 0 ? 0 : end + 1;
    end = std::min(path.find('\\', start), path.size());
    std::string full = path_ + "\\" + std::string(path.substr(0, end));
    if (const auto cell = hive_->salvaged().landmark(full)) {
      const HiveKey key(*hive_, *cell, std::string(path.substr(start, end - start)),
                        std::move(full), true);
      return key.child(path.substr(std::min(end + 1, path.size())));
    }
  }
  return std::nullopt;
}

HiveKey HiveKey::read_child(std::uint64_t cell) const {
  std::string name = hive_->cells_.key_name(cell);
  std::string path = path_ + "\\" + name;
  return {*hive_, cell, std::move(name), std::move(path), false};
}

HiveValue HiveKey::read_value(std::uint64_t cell) const {
  HiveValue value;
  value.name = hive_->cells_.value_name(cell);
  value.type = hive_->cells_.value_type(cell);
  value.hive_ = hive_;
  value.start_ = hive_->cells_.data_offset(cell);
  value.where = hive_->cite(value.start_, Untrusted{path_});
  value.where.path.append("\\");
  value.where.path.append(UntrustedView{value.name.empty() ? "(Default)" : value.name});
  value.data = hive_->data_of(cell);
  return value;
}

std::vector<HiveValue> HiveKey::values() const {
  std::vector<HiveValue> values;
  for (const std::uint64_t cell : hive_->values_of(*this)) {
    values.push_back(read_value(cell));
  }
  return values;
}

std::optional<HiveValue> HiveKey::value(std::string_view name) const {
  for (const std::uint64_t cell : hive_->values_of(*this)) {
    if (equal_ignoring_case(hive_->cells_.value_name(cell), name)) {
      return read_value(cell);
    }
  }
  return std::nullopt;
}

template <typename Item>
HiveKey::Listed<Item> HiveKey::first_of(std::vector<std::uint64_t> cells, std::size_t most,
                                        std::string_view called,
                                        Item (HiveKey::*read)(std::uint64_t) const) const {
  Listed<Item> listed;
  if (cells.size() > most) {
    hive_->tell_mended(
        *this, say(cells.size(), " ", called, ", of which the first ", most, " are read"), true);
    cells.resize(most);
    listed.whole = false;
  }
  for (const std::uint64_t cell : cells) {
    try {
      listed.items.push_back((this->*read)(cell));
    } catch (const ParseError& error) {
      hive_->tell_mended(*this, say(error.what()), true);
      listed.whole = false;
    }
  }
  return listed;
}

HiveKey::Listed<HiveKey> HiveKey::first_children(std::size_t most) const {
  std::vector<std::uint64_t> cells = hive_->children_of(*this);
  const bool all = !lost_ && cells.size() == hive_->cells_.number_of_subkeys(cell_);
  Listed<HiveKey> listed = first_of(std::move(cells), most, "subkeys", &HiveKey::read_child);
  listed.whole &= all;
  return listed;
}

HiveKey::Listed<HiveValue> HiveKey::first_values(std::size_t most) const {
  std::vector<std::uint64_t> cells = hive_->values_of(*this);
  const bool all = !lost_ && cells.size() == hive_->cells_.number_of_values(cell_);
  Listed<HiveValue> listed = first_of(std::move(cells), most, "values", &HiveKey::read_value);
  listed.whole &= all;
  return listed;
}

bool HiveKey::has_all_subkeys() const {
  return !lost_ && hive_->children_of(*this).size() == hive_->cells_.number_of_subkeys(cell_);
}

// ---- the hive ----

void Hive::Close::operator()(hive_h* handle) const { hivex_close(handle); }

Hive::Hive(HiveImage image, EvidenceSink& sink)
    : image_(std::move(image)),
      sink_(sink),
      base_(read_base_block(image_.bytes)),
      cells_(image_.bytes),
      scan_(scan_cells(image_.bytes, base_)),
      left_to_spend_(kLeastSpending + kTimesOver * image_.bytes.size()) {
  open();
}

void Hive::open() {
  handle_.reset(hivex_open(image_.path.c_str(), 0));
  if (handle_ == nullptr && base_.checksum_wrong && !base_.signature_lost) {
    repaired_ = std::make_unique<MemoryFile>(image_.bytes.size(), [this](MemoryFile::Room room) {
      std::ranges::copy(image_.bytes, room.begin());
      repair_checksum(room);
    });
    handle_.reset(hivex_open(repaired_->path().c_str(), 0));
  }
  if (handle_ == nullptr) {
    tell_salvage(std::strerror(errno));
  }
}

void Hive::tell_salvage(const char* refusal) const {
  const SalvagedTree& tree = salvaged();
  Untrusted what = say("hivex cannot read the hive (", refusal, "): ", scan_.keys.size(),
                       " keys are read by their own cells");
  if (tree.lost() != 0) {
    what.append(say(", ", tree.lost(), " keys above them are lost, of which ", tree.recognised(),
                    " are recognised")
                    .view());
  }
  if (tree.adrift() != 0) {
    what.append(say(", ", tree.adrift(), " hang below nothing that is known").view());
  }
  sink_.take(Damage{image_.source, 0, 0, std::move(what), true});
}

HiveKey Hive::root() const {
  const std::uint64_t listed = handle_ == nullptr ? 0 : hivex_root(handle_.get());
  if (listed != 0) {
    return {*this, listed, {}, {}, false};
  }
  const std::uint64_t cell = salvaged().root();
  return {*this, cell, {}, {}, !salvaged().has(cell)};
}

Citation Hive::cite(std::uint64_t offset, Untrusted path) const {
  const auto [source, place] = image_.origins.of(offset);
  return {source, place, std::nullopt, std::move(path)};
}

const SalvagedTree& Hive::salvaged() const {
  if (salvaged_ == nullptr) {
    salvaged_ = std::make_unique<SalvagedTree>(cells_, scan_, base_);
  }
  return *salvaged_;
}

std::vector<std::uint64_t> Hive::children_of(const HiveKey& key) const {
  spend(0);
  std::optional<std::vector<std::uint64_t>> cells;
  if (handle_ != nullptr && !key.lost_) {
    cells = handles(hivex_node_children(handle_.get(), key.cell_));
  }
  if (!cells) {
    cells = salvaged().children(key.cell_);
    if (!key.lost_) {
      const std::uint32_t announced = cells_.number_of_subkeys(key.cell_);
      if (announced != cells->size()) {
        tell_mended(key, say(cells->size(), " of ", announced, " subkeys are found"), true);
      } else if (handle_ != nullptr) {
        tell_mended(key, say("the list of its subkeys is broken, all are found without it"), false);
      }
    }
  }
  spend(cells->size() * sizeof(std::uint32_t));
  return std::move(*cells);
}

std::vector<std::uint64_t> Hive::values_of(const HiveKey& key) const {
  if (key.lost_) {
    return {};
  }
  spend(0);
  std::optional<std::vector<std::uint64_t>> cells;
  if (handle_ != nullptr) {
    cells = handles(hivex_node_values(handle_.get(), key.cell_));
  }
  if (!cells) {
    RawCells::Values values = cells_.values(key.cell_);
    if (values.lost != 0) {
      tell_mended(key, say(values.lost, " of its values are lost"), true);
    }
    cells = std::move(values.cells);
  }
  spend(cells->size() * sizeof(std::uint32_t));
  return std::move(*cells);
}

std::vector<std::byte> Hive::data_of(std::uint64_t value) const {
  spend(0);
  std::vector<std::byte> bytes;
  hive_type type{};
  std::size_t size = 0;
  errno = 0;
  const std::unique_ptr<char, Free> data(
      handle_ == nullptr ? nullptr : hivex_value_value(handle_.get(), value, &type, &size));
  if (data != nullptr) {
    const Bytes stored = as_bytes({data.get(), size});
    bytes.assign(stored.begin(), stored.end());
  } else if (handle_ == nullptr || errno != 0) {
    bytes = cells_.data(value);
  }
  spend(bytes.size());
  return bytes;
}

void Hive::tell_mended(const HiveKey& key, const Untrusted& what, bool lost) const {
  if (mended_.emplace(key.cell_, what).second) {
    const Citation where = key.where();
    sink_.take(Damage{where.source, where.offset, 0,
                      say(key.path_.empty() ? say("the root") : where.path, ": ", what), lost});
  }
}

void Hive::spend(std::uint64_t bytes) const {
  if (bytes > left_to_spend_ || left_to_spend_ == 0) {
    left_to_spend_ = 0;
    throw ParseError(0, "the lists of this hive overlap: it hands out more than it holds");
  }
  left_to_spend_ -= bytes;
}

}  // namespace iwamtrace
