#include "make/hive_writer.h"

#include <algorithm>
#include <stdexcept>

#include "make/bytes.h"
#include "make/hive_cells.h"
#include "make/hive_names.h"
#include "model/text.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kNone = HiveCells::kNone;
constexpr std::uint32_t kBaseBlock = HiveCells::kBaseBlock;
constexpr std::size_t kCheckedBytes = 508;  // of the base block, before its check sum
constexpr std::size_t kNameRoom = 64;       // for the end of the path in the base block
constexpr std::size_t kInlineData = 4;      // so many bytes stand in the place of their offset
constexpr std::size_t kSegment = 16344;     // longer data are cut into pieces since 1.4
constexpr std::uint32_t kFirstWithSegments = 4;
constexpr std::uint32_t kFirstWithHashes = 5;  // 'lh' for 'lf'
constexpr std::size_t kLinksOfSecurity = 4;    // where an 'sk' cell has them
constexpr std::size_t kLinksOfKey = 20;        // and an 'nk' cell its own
constexpr std::size_t kClassSizeOfKey = 74;
constexpr std::uint16_t kNameIsLatin1 = 0x20, kRootFlags = 0x0C;

std::string joined(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : std::string(path) + '\\' + std::string(name);
}

// What a key's cell says of the names and data below it, so that a reader can prepare room.
struct Largest {
  std::size_t key_name = 0, class_name = 0, value_name = 0, data = 0;
};

using Offsets = std::map<std::string, std::uint32_t, std::less<>>;

class Builder {
 public:
  explicit Builder(const MadeHive& hive)
      : hive_(hive), cells_(hive.bin_size, hive.slack, hive.flushed.value_or(hive.root.written)) {}

  std::uint32_t build() {
    if (hive_.root.security.empty()) {
      throw std::invalid_argument("the root has no security descriptor");
    }
    if (hive_.keys_in_list == 0) {
      throw std::invalid_argument("lists of sub-keys must hold some");
    }
    const std::uint32_t root = add_key(hive_.root, Place{});
    close_security_circle();
    return root;
  }

  [[nodiscard]] std::string image() const { return cells_.finished(); }

  Offsets keys, values;

 private:
  // Of the key above, as handed down.
  struct Place {
    std::uint32_t parent = kNone;
    std::string_view security{};
    std::string path{};
    bool deleted = false;
  };
  struct Security {
    std::uint32_t cell = 0, users = 0;
    std::string_view descriptor{};
  };
  struct Child {
    std::u16string sort_name;
    std::string_view name;
    std::uint32_t cell = 0;
  };

  std::uint32_t add(std::string_view content, bool deleted) {
    const std::uint32_t cell = cells_.add(content);
    if (deleted) {
      cells_.release(cell);
    }
    return cell;
  }

  std::uint32_t add_key(const MadeKey& key, const Place& place);
  std::uint32_t add_security(std::string_view descriptor, bool counts);
  void close_security_circle();
  std::vector<Child> add_children(const MadeKey& key, const Place& here, Largest& largest);
  std::vector<std::uint32_t> add_values(const MadeKey& key, const Place& here, Largest& largest);
  std::uint32_t add_value_list(const std::vector<std::uint32_t>& values_of_key, bool deleted);
  std::uint32_t add_value(const MadeValue& value, bool deleted);
  std::uint32_t add_data(std::string_view data, bool deleted);
  std::uint32_t add_list(const std::vector<Child>& children);
  std::uint32_t add_leaf(const std::vector<Child>& children, std::size_t from, std::size_t to);
  static void note(Offsets& offsets, std::string path, std::uint32_t cell, bool deleted);

  const MadeHive& hive_;
  HiveCells cells_;
  std::vector<Security> securities_;
};

// A key's cell before what it points to is known; its place in the hive is needed first, as the
// parent of the keys below.
std::string key_cell(const MadeKey& key, std::uint32_t parent, const StoredKeyName& name) {
  const bool is_root = parent == kNone;
  ByteWriter out;
  out.bytes("nk").u16((name.latin1 ? kNameIsLatin1 : 0U) | (is_root ? kRootFlags : 0U));
  out.u64(filetime_of(key.written)).u32(0).u32(parent);
  out.u32(0).u32(0).u32(kNone).u32(kNone);              // sub-keys, volatile ones, their lists
  out.u32(0).u32(kNone).u32(kNone).u32(kNone);          // values, their list, security, class
  out.u32(0).u32(0).u32(0).u32(0).u32(0);               // largest below, work area
  out.u16(name.bytes.size()).u16(0).bytes(name.bytes);  // class length
  return out.take();
}

std::uint32_t Builder::add_key(const MadeKey& key, const Place& place) {
  Place here = place;
  here.deleted = place.deleted || key.deleted;
  here.security = key.security.empty() ? place.security : key.security;
  here.parent =
      add(key_cell(key, place.parent, stored_key_name(key.name, key.wide_name)), here.deleted);
  note(keys, here.path, here.parent, here.deleted);

  const std::uint32_t security = add_security(here.security, !here.deleted);
  const std::string class_name = utf16_bytes(key.class_name.value_or(""));
  const std::uint32_t class_cell = key.class_name ? add(class_name, here.deleted) : kNone;
  Largest largest;
  const std::vector<std::uint32_t> value_cells = add_values(key, here, largest);
  const std::uint32_t value_list = add_value_list(value_cells, here.deleted);
  const std::vector<Child> children = add_children(key, here, largest);

  ByteWriter links;
  links.u32(children.size()).u32(0).u32(children.empty() ? kNone : add_list(children)).u32(kNone);
  links.u32(value_cells.size()).u32(value_list).u32(security).u32(class_cell);
  links.u32(largest.key_name).u32(largest.class_name).u32(largest.value_name).u32(largest.data);
  cells_.put(here.parent, links.view(), kLinksOfKey);
  ByteWriter class_size;
  class_size.u16(class_name.size());
  cells_.put(here.parent, class_size.view(), kClassSizeOfKey);
  return here.parent;
}

// Those that are in the list, in its order.
std::vector<Builder::Child> Builder::add_children(const MadeKey& key, const Place& here,
                                                  Largest& largest) {
  std::vector<Child> children;
  for (const MadeKey& below : key.keys) {
    Place place = here;
    place.path = joined(here.path, below.name);
    const std::uint32_t cell = add_key(below, place);
    if (here.deleted || below.deleted) {
      continue;
    }
    children.push_back(Child{upper_case_name(below.name), below.name, cell});
    largest.key_name = std::max(largest.key_name, 2 * children.back().sort_name.size());
    largest.class_name =
        std::max(largest.class_name, utf16_bytes(below.class_name.value_or("")).size());
  }
  std::ranges::sort(children, {}, &Child::sort_name);
  return children;
}

std::uint32_t Builder::add_security(std::string_view descriptor, bool counts) {
  auto found = std::ranges::find(securities_, descriptor, &Security::descriptor);
  if (found == securities_.end()) {
    ByteWriter out;
    out.bytes("sk").u16(0).u32(0).u32(0).u32(0).u32(descriptor.size()).bytes(descriptor);
    securities_.push_back(Security{.cell = cells_.add(out.view()), .descriptor = descriptor});
    found = std::prev(securities_.end());
  }
  found->users += counts ? 1 : 0;
  return found->cell;
}

// Each descriptor points to the next and the one before, the last to the first. One that only
// deleted keys have is no part of it.
void Builder::close_security_circle() {
  std::vector<Security> used;
  for (const Security& each : securities_) {
    if (each.users > 0) {
      used.push_back(each);
    } else {
      cells_.release(each.cell);
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    ByteWriter links;
    links.u32(used[(i + 1) % used.size()].cell);
    links.u32(used[(i + used.size() - 1) % used.size()].cell).u32(used[i].users);
    cells_.put(used[i].cell, links.view(), kLinksOfSecurity);
  }
}

// Those that are in the list, in its order.
std::vector<std::uint32_t> Builder::add_values(const MadeKey& key, const Place& here,
                                               Largest& largest) {
  std::vector<std::uint32_t> listed;
  for (const MadeValue& value : key.values) {
    const bool deleted = here.deleted || value.deleted;
    const std::uint32_t cell = add_value(value, deleted);
    note(values, here.path + '\0' + value.name, cell, deleted);
    if (!value.deleted) {
      listed.push_back(cell);
      largest.value_name = std::max(largest.value_name, utf16_bytes(value.name).size());
      largest.data = std::max(largest.data, value.data.size());
    }
  }
  return listed;
}

std::uint32_t Builder::add_value_list(const std::vector<std::uint32_t>& values_of_key,
                                      bool deleted) {
  ByteWriter list;
  for (const std::uint32_t cell : values_of_key) {
    list.u32(cell);
  }
  return values_of_key.empty() ? kNone : add(list.view(), deleted);
}

std::uint32_t Builder::add_value(const MadeValue& value, bool deleted) {
  constexpr std::uint32_t kInline = 0x80000000;
  const StoredKeyName name = stored_key_name(value.name, false);
  ByteWriter out;
  out.bytes("vk").u16(name.bytes.size());
  if (value.data.size() <= kInlineData) {
    out.u32(value.data.size() | kInline).bytes(value.data).fill_to(12);
  } else {
    out.u32(value.data.size()).u32(add_data(value.data, deleted));
  }
  out.u32(value.type).u16(name.latin1 && !name.bytes.empty() ? 1 : 0).u16(0).bytes(name.bytes);
  return add(out.view(), deleted);
}

std::uint32_t Builder::add_data(std::string_view data, bool deleted) {
  if (data.size() <= kSegment || hive_.minor < kFirstWithSegments) {
    return add(data, deleted);
  }
  ByteWriter list;
  std::size_t count = 0;
  for (std::size_t at = 0; at < data.size(); at += kSegment, ++count) {
    // Windows gives each piece, the last too, the room of a whole one.
    ByteWriter segment;
    segment.bytes(data.substr(at, kSegment)).fill_to(kSegment);
    list.u32(add(segment.view(), deleted));
  }
  ByteWriter head;
  head.bytes("db").u16(count).u32(add(list.view(), deleted)).u32(0);
  return add(head.view(), deleted);
}

std::uint32_t Builder::add_list(const std::vector<Child>& children) {
  if (children.size() <= hive_.keys_in_list) {
    return add_leaf(children, 0, children.size());
  }
  ByteWriter root;
  ByteWriter leaves;
  for (std::size_t at = 0; at < children.size(); at += hive_.keys_in_list) {
    leaves.u32(
        add_leaf(children, at, std::min<std::size_t>(at + hive_.keys_in_list, children.size())));
  }
  root.bytes("ri").u16(leaves.size() / 4).bytes(leaves.view());
  return cells_.add(root.view());
}

std::uint32_t Builder::add_leaf(const std::vector<Child>& children, std::size_t from,
                                std::size_t to) {
  const bool hashes = hive_.minor >= kFirstWithHashes;
  ByteWriter out;
  out.bytes(hive_.offset_lists ? "li" : hashes ? "lh" : "lf").u16(to - from);
  for (std::size_t i = from; i < to; ++i) {
    out.u32(children[i].cell);
    if (!hive_.offset_lists) {
      out.u32(hashes ? hash_of_key_name(children[i].name) : hint_of_key_name(children[i].name));
    }
  }
  return cells_.add(out.view());
}

void Builder::note(Offsets& offsets, std::string path, std::uint32_t cell, bool deleted) {
  const std::uint32_t offset = cell + kBaseBlock;
  if (deleted) {
    offsets.try_emplace(std::move(path), offset);
  } else {
    offsets.insert_or_assign(std::move(path), offset);
  }
}

std::string end_of_path(std::string_view path) {
  std::u16string units = utf16_of(path);
  constexpr std::size_t kUnits = kNameRoom / 2 - 1;
  if (units.size() > kUnits) {
    units.erase(0, units.size() - kUnits);
  }
  ByteWriter out;
  for (const char16_t unit : units) {
    out.u16(unit);
  }
  out.fill_to(kNameRoom);
  return out.take();
}

std::string base_block(const MadeHive& hive, std::uint32_t root, std::size_t bins) {
  ByteWriter out;
  out.bytes("regf").u32(hive.sequence).u32(hive.dirty ? hive.sequence - 1 : hive.sequence);
  out.u64(filetime_of(hive.flushed.value_or(hive.root.written))).u32(1).u32(hive.minor);
  out.u32(0).u32(1);  // a hive and no log; laid out for direct memory load
  out.u32(root).u32(bins).u32(1).bytes(end_of_path(hive.path));
  out.fill_to(kCheckedBytes);
  out.u32(hive_check_sum(out.view())).fill_to(kBaseBlock);
  return out.take();
}

std::uint32_t found(const Offsets& offsets, std::string_view path) {
  const auto at = offsets.find(path);
  if (at == offsets.end()) {
    throw std::out_of_range("the hive has no " + std::string(path));
  }
  return at->second;
}

}  // namespace

std::uint32_t hive_check_sum(std::string_view base_block) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kCheckedBytes; ++i) {
    sum ^= static_cast<std::uint32_t>(static_cast<std::uint8_t>(base_block[i])) << 8 * (i % 4);
  }
  return sum == 0 ? 1 : sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum;
}

HiveWriter::HiveWriter(const MadeHive& hive) {
  Builder builder(hive);
  const std::uint32_t root = builder.build();
  const std::string bins = builder.image();
  bytes_ = base_block(hive, root, bins.size()) + bins;
  keys_ = std::move(builder.keys);
  values_ = std::move(builder.values);
}

std::uint32_t HiveWriter::offset_of(std::string_view path) const { return found(keys_, path); }

std::uint32_t HiveWriter::offset_of_value(std::string_view path, std::string_view name) const {
  return found(values_, std::string(path) + '\0' + std::string(name));
}

}  // namespace iwamtrace
