#include "parsers/registry/salvage.h"

#include <algorithm>
#include <array>
#include <span>

#include "parsers/registry/hive_layout.h"

namespace iwamtrace {
namespace {

using hive_layout::kBaseBlockSize;

constexpr std::uint32_t kUsualRoot = 0x20;  // the first cell of the first bin

// What is recognised of a lost key: names that stand below no other one.
struct Sign {
  std::string_view path;
  std::array<std::string_view, 2> below;
};
constexpr std::array kSigns{
    Sign{"\\SAM", {"Domains", ""}},
    Sign{"\\SAM\\Domains", {"Account", "Builtin"}},
    Sign{"\\SAM\\Domains\\Account", {"Users\\000001F4", ""}},
    Sign{"\\SAM\\Domains\\Account\\Users", {"000001F4", "Names"}},
    Sign{"\\Policy", {"PolAdtEv", "PolAcDmS"}},
    Sign{"\\Policy\\Secrets", {kPooledSecret, ""}},
    Sign{"\\Policy\\Secrets", {"DPAPI_SYSTEM", ""}},
    Sign{"\\Policy\\Secrets", {"NL$KM", ""}},
    Sign{"\\Policy\\Accounts", {"S-1-5-32-544", ""}},
};

std::span<const FoundKey> keys_below(const CellScan& scan, std::uint64_t cell) {
  const auto first = std::ranges::lower_bound(scan.keys, cell, {}, &FoundKey::parent);
  const auto end = std::ranges::upper_bound(scan.keys, cell, {}, &FoundKey::parent);
  return {first, end};
}

}  // namespace

SalvagedTree::SalvagedTree(const RawCells& cells, const CellScan& scan, const BaseBlock& base)
    : cells_(cells), scan_(scan) {
  for (const FoundKey& key : scan.keys) {
    present_.push_back(key.cell);
  }
  std::ranges::sort(present_);
  find_root(base);
  find_lost();
}

bool SalvagedTree::has(std::uint64_t cell) const {
  return std::ranges::binary_search(present_, cell);
}

std::vector<std::uint64_t> SalvagedTree::children(std::uint64_t cell) const {
  std::vector<std::uint64_t> children;
  for (const FoundKey& key : keys_below(scan_, cell)) {
    if (key.cell != root_) {
      children.push_back(key.cell);
    }
  }
  return children;
}

std::optional<std::uint64_t> SalvagedTree::landmark(std::string_view path) const {
  const auto found = std::ranges::find_if(landmarks_, [&](const Landmark& landmark) {
    return equal_ignoring_case(landmark.path, path);
  });
  return found == landmarks_.end() ? std::nullopt : std::optional{found->cell};
}

// The base block names it; else it is marked; else it stood where it usually stands.
void SalvagedTree::find_root(const BaseBlock& base) {
  root_ = kBaseBlockSize + std::uint64_t{base.signature_lost ? kUsualRoot : base.root};
  if (!has(root_)) {
    const auto marked =
        std::ranges::find_if(present_, [this](std::uint64_t cell) { return cells_.is_root(cell); });
    root_ = marked == present_.end() ? kBaseBlockSize + kUsualRoot : *marked;
  }
}

void SalvagedTree::find_lost() {
  for (const FoundKey& key : scan_.keys) {
    if (key.cell != root_ && key.parent != root_ && !has(key.parent) &&
        (lost_.empty() || lost_.back() != key.parent)) {
      lost_.push_back(key.parent);
    }
  }
  for (const std::uint64_t cell : lost_) {
    recognise(cell);
  }
  std::vector<std::uint64_t> reached{root_};
  for (const Landmark& landmark : landmarks_) {
    reached.push_back(landmark.cell);
  }
  const std::size_t tops = reached.size();
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::vector<std::uint64_t> below = children(reached[i]);
    reached.insert(reached.end(), below.begin(), below.end());
  }
  adrift_ = present_.size() - (has(root_) ? 1 : 0) - (reached.size() - tops);
}

void SalvagedTree::recognise(std::uint64_t cell) {
  for (const Sign& sign : kSigns) {
    const bool agrees = std::ranges::all_of(sign.below, [&](std::string_view path) {
      std::optional<std::uint64_t> at = cell;
      while (at && !path.empty()) {
        const std::size_t end = std::min(path.find('\\'), path.size());
        at = child(*at, path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
      }
      return at.has_value();
    });
    if (agrees && !landmark(sign.path)) {
      landmarks_.push_back(Landmark{std::string(sign.path), cell});
      return;
    }
  }
}

std::optional<std::uint64_t> SalvagedTree::child(std::uint64_t cell, std::string_view name) const {
  const auto below = keys_below(scan_, cell);
  const auto found = std::ranges::find_if(below, [&](const FoundKey& key) {
    try {
      return equal_ignoring_case(without_nuls(cells_.key_name(key.cell)), name);
    } catch (const ParseError&) {
      return false;
    }
  });
  return found == below.end() ? std::nullopt : std::optional{found->cell};
}

}  // namespace iwamtrace
