#include "parsers/registry/deleted_keys.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace iwamtrace {
namespace {

// Deeper than any key that matters lies below one of the tops.
constexpr std::size_t kDeepest = 16;
// Entries of lists of values that are looked at in one hive.
constexpr std::size_t kMostListed = 4'000'000;

std::vector<HiveKey> tops_of(const Hive& hive, SourceKind kind) {
  const HiveKey root = hive.root();
  std::vector<std::string> paths;
  if (kind == SourceKind::kHiveSam) {
    paths = {"SAM\\Domains\\Account\\Users", "SAM\\Domains\\Account\\Aliases"};
  } else if (kind == SourceKind::kHiveSecurity) {
    paths = {"Policy\\Secrets", "Policy\\Accounts"};
  } else if (kind == SourceKind::kHiveSoftware) {
    paths = {"Classes\\AppID"};
  } else if (kind == SourceKind::kHiveSystem) {
    for (const HiveKey& key : root.children()) {
      if (starts_ignoring_case(key.name(), "ControlSet")) {
        paths.push_back(key.name() + "\\Services");
      }
    }
  }
  std::vector<HiveKey> tops;
  for (const std::string& path : paths) {
    if (auto key = root.child(path)) {
      tops.push_back(std::move(*key));
    }
  }
  return tops;
}

// A key of unknown place that its name alone betrays: a RID or an account in SAM, a secret of COM+.
bool is_telling(std::string_view name, SourceKind kind) {
  if (kind == SourceKind::kHiveSam) {
    constexpr std::size_t kRidDigits = 8;
    return starts_ignoring_case(name, "IWAM_") || starts_ignoring_case(name, "IUSR_") ||
           (name.size() == kRidDigits && bytes_of_hex(name));
  }
  return kind == SourceKind::kHiveSecurity && starts_ignoring_case(name, "SCM:");
}

class Searching {
 public:
  Searching(const Hive& hive, SourceKind kind, EvidenceSink& sink)
      : hive_(hive), kind_(kind), cells_(hive.cells()), scan_(hive.scan()), sink_(sink) {
    for (const HiveKey& top : tops_of(hive, kind)) {
      tops_.emplace(top.cell(), top.path());
      reach(top.cell());
    }
  }

  void run() {
    for (const std::uint64_t cell : scan_.left_keys) {
      guarded([&] { tell_key(cell); });
    }
    for (const std::uint64_t cell : living_) {
      guarded([&] { tell_values(cells_.behind_values(cell), *path_of(cell)); });
    }
    tell_counts();
  }

 private:
  // What is left in free space may be half overwritten: that is no damage.
  template <typename Tell>
  static void guarded(Tell tell) {
    try {
      tell();
    } catch (const ParseError&) {
    }
  }

  // All keys that are there below a top, by what they say themselves.
  void reach(std::uint64_t top) {
    std::size_t at = living_.size();
    living_.push_back(top);
    std::size_t end_of_level = living_.size();
    for (std::size_t depth = 0; depth < kDeepest && at < living_.size(); ++depth) {
      for (; at < end_of_level; ++at) {
        for (const std::uint64_t child : hive_.salvaged().children(living_[at])) {
          above_.emplace(child, living_[at]);
          living_.push_back(child);
        }
      }
      end_of_level = living_.size();
    }
  }

  [[nodiscard]] std::optional<std::string> path_of(std::uint64_t cell) const {
    std::string path;
    for (std::size_t depth = 0; depth <= 2 * kDeepest; ++depth) {
      if (const auto top = tops_.find(cell); top != tops_.end()) {
        return top->second + path;
      }
      path.insert(0, cells_.key_name(cell)).insert(0, 1, '\\');
      if (const auto living = above_.find(cell); living != above_.end()) {
        cell = living->second;
      } else if (std::ranges::binary_search(scan_.left_keys, cell)) {
        cell = cells_.parent(cell);
      } else {
        break;
      }
    }
    return std::nullopt;
  }

  void tell_key(std::uint64_t cell) {
    const std::string name = cells_.key_name(cell);
    const std::optional<std::string> path = path_of(cell);
    if (!path && !is_telling(name, kind_)) {
      return;
    }
    if (keys_told_ == kMostDeleted) {
      ++untold_;
      return;
    }
    ++keys_told_;
    DeletedKey key;
    key.path = Untrusted{path.value_or("")};
    key.where = hive_.cite(cell, key.path);
    key.name = Untrusted{std::string(without_nuls(name))};
    key.last_written = cells_.last_written(cell);
    sink_.take(std::move(key));
    tell_values(cells_.values(cell).cells, path.value_or(name));
  }

  void tell_values(const std::vector<std::uint64_t>& listed, const std::string& path) {
    for (const std::uint64_t cell : listed) {
      if (listed_ == kMostListed) {
        return;
      }
      ++listed_;
      if (std::ranges::binary_search(scan_.left_values, cell) && told_.insert(cell).second) {
        guarded([&] { tell_value(cell, path); });
      }
    }
  }

  void tell_value(std::uint64_t cell, const std::string& path) {
    if (told_.size() > kMostDeleted) {
      ++untold_;
      return;
    }
    DeletedValue value;
    value.path = Untrusted{path};
    value.where = hive_.cite(cell, value.path);
    value.name = Untrusted{cells_.value_name(cell)};
    value.type = cells_.value_type(cell);
    value.size = cells_.data_size(cell);
    sink_.take(std::move(value));
  }

  void tell_counts() {
    if (scan_.left_keys.empty() && scan_.left_values.empty()) {
      return;
    }
    Untrusted what = say("left in free space: ", scan_.left_keys.size(), " keys, ",
                         scan_.left_values.size(), " values");
    if (untold_ != 0) {
      what.append(say(", ", untold_, " of those that matter are not listed").view());
    }
    sink_.take(Damage{hive_.source(), 0, 0, std::move(what), false});
  }

  const Hive& hive_;
  SourceKind kind_;
  const RawCells& cells_;
  const CellScan& scan_;
  EvidenceSink& sink_;
  std::unordered_map<std::uint64_t, std::string> tops_;     // and their paths
  std::unordered_map<std::uint64_t, std::uint64_t> above_;  // the key above a living one
  std::vector<std::uint64_t> living_;                       // tops and what is below them
  std::unordered_set<std::uint64_t> told_;                  // values
  std::size_t keys_told_ = 0, untold_ = 0, listed_ = 0;
};

}  // namespace

void tell_deleted(const Hive& hive, SourceKind kind, EvidenceSink& sink) {
  Searching(hive, kind, sink).run();
}

}  // namespace iwamtrace
