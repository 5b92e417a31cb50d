#include "strict_hive.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <stdexcept>

namespace iwamtrace {
namespace {

constexpr std::uint32_t kBase = 4096;
constexpr std::uint32_t kNone = 0xFFFFFFFF;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  }
  return value;
}
std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(number(bytes, at, 4));
}
std::uint16_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number(bytes, at, 2));
}

std::string upper_ascii(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return text;
}

// Others have an order and a hash too, but only Windows' table of upper cases says which.
bool is_plain(std::string_view name, bool latin1) {
  return latin1 && std::ranges::all_of(name, [](char c) { return c >= 0; });
}

class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  StrictHive read() {
    read_base_block();
    read_bins();
    hive_.root = read_key(u32(file_, 36), kNone, true);
    check_securities();
    for (const auto& [offset, cell] : cells_) {
      EXPECT_EQ(cell.used, 1) << "cell at " << offset;
    }
    return std::move(hive_);
  }

 private:
  struct Cell {
    std::string_view content;
    int used = 0;
  };

  void read_base_block() {
    ASSERT_GT(file_.size(), 2 * kBase - 1);
    EXPECT_EQ(file_.substr(0, 4), "regf");
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < 508; at += 4) {
      sum ^= u32(file_, at);
    }
    EXPECT_EQ(u32(file_, 508), sum);
    EXPECT_EQ(u32(file_, 20), 1U);
    EXPECT_EQ(u32(file_, 28), 0U);
    EXPECT_EQ(u32(file_, 32), 1U);
    EXPECT_EQ(u32(file_, 40), file_.size() - kBase);
    EXPECT_EQ(u32(file_, 44), 1U);
  }

  void read_bins() {
    for (std::size_t bin = kBase; bin < file_.size();) {
      ASSERT_EQ(file_.substr(bin, 4), "hbin");
      EXPECT_EQ(u32(file_, bin + 4), bin - kBase);
      const std::uint32_t size = u32(file_, bin + 8);
      ASSERT_TRUE(size > 0 && size % 4096 == 0 && bin + size <= file_.size());
      EXPECT_EQ(number(file_, bin + 20, 8), bin == kBase ? number(file_, 12, 8) : 0U);
      hive_.bin_sizes.push_back(size);
      read_cells(bin, bin + size);
      bin += size;
    }
  }

  void read_cells(std::size_t bin, std::size_t end) {
    bool free_before = false;
    for (std::size_t at = bin + 32; at < end;) {
      const auto raw = static_cast<std::int32_t>(u32(file_, at));
      const auto size = static_cast<std::uint32_t>(raw < 0 ? -raw : raw);
      ASSERT_TRUE(size >= 8 && size % 8 == 0 && at + size <= end) << "cell at " << at;
      const std::string_view content = file_.substr(at + 4, size - 4);
      if (raw < 0) {
        cells_[static_cast<std::uint32_t>(at - kBase)].content = content;
      } else {
        EXPECT_FALSE(free_before) << "free cell at " << at;
        hive_.free_cells.emplace_back(content);
      }
      free_before = raw > 0;
      at += size;
    }
  }

  std::string_view use(std::uint32_t offset, std::size_t least) {
    Cell& cell = cells_.at(offset);
    ++cell.used;
    if (cell.content.size() < least) {
      throw std::out_of_range("cell too small at " + std::to_string(offset));
    }
    return cell.content;
  }

  StrictKey read_key(std::uint32_t offset, std::uint32_t parent, bool is_root) {
    const std::string_view nk = use(offset, 76);
    EXPECT_EQ(nk.substr(0, 2), "nk");
    const std::uint16_t flags = u16(nk, 2);
    EXPECT_EQ(flags & ~0x20, is_root ? 0x0C : 0);
    if (!is_root) {
      EXPECT_EQ(u32(nk, 16), parent);
    }
    StrictKey key{.offset = offset + kBase,
                  .name = std::string(nk.substr(76, u16(nk, 72))),
                  .latin1 = (flags & 0x20) != 0,
                  .written = number(nk, 4, 8)};
    EXPECT_EQ(key.name.size(), u16(nk, 72));
    EXPECT_EQ(u32(nk, 24), 0U);
    EXPECT_EQ(u32(nk, 32), kNone);
    if (u32(nk, 48) != kNone) {
      key.class_name = use(u32(nk, 48), u16(nk, 74)).substr(0, u16(nk, 74));
    }
    key.security = security_at(u32(nk, 44));
    read_values(key, u32(nk, 36), u32(nk, 40));
    read_keys(key, u32(nk, 20), u32(nk, 28));
    check_largest(key, nk);
    return key;
  }

  static std::size_t units(const std::string& name, bool latin1) {
    return latin1 ? 2 * name.size() : name.size();
  }

  static void check_largest(const StrictKey& key, std::string_view nk) {
    std::size_t key_name = 0;
    std::size_t class_name = 0;
    std::size_t value_name = 0;
    std::size_t data = 0;
    for (const StrictKey& below : key.keys) {
      key_name = std::max(key_name, units(below.name, below.latin1));
      class_name = std::max(class_name, below.class_name.size());
    }
    for (const StrictValue& value : key.values) {
      value_name = std::max(value_name, units(value.name, value.latin1));
      data = std::max(data, value.data.size());
    }
    EXPECT_EQ(u32(nk, 52), key_name) << key.name;
    EXPECT_EQ(u32(nk, 56), class_name) << key.name;
    EXPECT_EQ(u32(nk, 60), value_name) << key.name;
    EXPECT_EQ(u32(nk, 64), data) << key.name;
  }

  std::string security_at(std::uint32_t offset) {
    const std::string_view sk = cells_.at(offset).content;
    EXPECT_EQ(sk.substr(0, 2), "sk");
    ++users_[offset];
    return std::string(sk.substr(20, u32(sk, 16)));
  }

  // The circle holds each descriptor that is used once, both ways.
  void check_securities() {
    const std::uint32_t first = users_.begin()->first;
    std::uint32_t offset = first;
    do {
      const std::string_view sk = use(offset, 20);
      EXPECT_EQ(u32(sk, 12), users_.at(offset)) << "users of " << offset;
      const std::uint32_t next = u32(sk, 4);
      EXPECT_EQ(u32(cells_.at(next).content, 8), offset);
      offset = next;
      ++hive_.securities;
    } while (offset != first && hive_.securities <= users_.size());
    EXPECT_EQ(hive_.securities, users_.size());
  }

  void read_values(StrictKey& key, std::uint32_t count, std::uint32_t list_offset) {
    if (count == 0) {
      EXPECT_EQ(list_offset, kNone);
      return;
    }
    const std::string_view list = use(list_offset, std::size_t{4} * count);
    for (std::uint32_t i = 0; i < count; ++i) {
      key.values.push_back(read_value(u32(list, std::size_t{4} * i)));
    }
  }

  StrictValue read_value(std::uint32_t offset) {
    const std::string_view vk = use(offset, 20);
    EXPECT_EQ(vk.substr(0, 2), "vk");
    const std::uint16_t flags = u16(vk, 16);
    StrictValue value{.offset = offset + kBase,
                      .name = std::string(vk.substr(20, u16(vk, 2))),
                      .latin1 = (flags & 1) != 0 || u16(vk, 2) == 0,
                      .type = u32(vk, 12)};
    const std::uint32_t size = u32(vk, 4);
    if ((size & 0x80000000) != 0) {
      EXPECT_LE(size & 0x7FFFFFFF, 4U);
      value.data = vk.substr(8, size & 0x7FFFFFFF);
    } else {
      EXPECT_GT(size, 4U);
      read_data(value, u32(vk, 8), size);
    }
    return value;
  }

  void read_data(StrictValue& value, std::uint32_t offset, std::uint32_t size) {
    const std::uint32_t minor = u32(file_, 24);
    if (size <= 16344 || minor < 4) {
      value.data = use(offset, size).substr(0, size);
      return;
    }
    value.in_pieces = true;
    const std::string_view db = use(offset, 8);
    EXPECT_EQ(db.substr(0, 2), "db");
    const std::string_view list = use(u32(db, 4), std::size_t{4} * u16(db, 2));
    for (std::uint32_t i = 0; i < u16(db, 2); ++i) {
      const std::size_t left = size - value.data.size();
      const std::size_t piece = std::min<std::size_t>(left, 16344);
      const std::string_view cell = use(u32(list, std::size_t{4} * i), piece);
      EXPECT_EQ(cell.size(), 16348U);
      value.data += cell.substr(0, piece);
    }
    EXPECT_EQ(value.data.size(), size);
  }

  void read_keys(StrictKey& key, std::uint32_t count, std::uint32_t list_offset) {
    if (count == 0) {
      EXPECT_EQ(list_offset, kNone);
      return;
    }
    std::vector<std::uint32_t> offsets;
    read_list(key, list_offset, offsets, true);
    EXPECT_EQ(offsets.size(), count) << key.name;
    for (const std::uint32_t offset : offsets) {
      key.keys.push_back(read_key(offset, key.offset - kBase, false));
    }
    for (std::size_t i = 1; i < key.keys.size(); ++i) {
      const StrictKey& before = key.keys[i - 1];
      const StrictKey& after = key.keys[i];
      if (is_plain(before.name, before.latin1) && is_plain(after.name, after.latin1)) {
        EXPECT_LT(upper_ascii(before.name), upper_ascii(after.name));
      }
    }
  }

  void read_list(StrictKey& key, std::uint32_t list_offset, std::vector<std::uint32_t>& offsets,
                 bool outermost) {
    const std::string_view list = use(list_offset, 4);
    const std::string_view kind = list.substr(0, 2);
    key.list += (key.list.empty() ? "" : " ") + std::string(kind);
    const std::uint32_t count = u16(list, 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (kind == "ri") {
        EXPECT_TRUE(outermost);
        read_list(key, u32(list, 4 + std::size_t{4} * i), offsets, false);
      } else if (kind == "li") {
        offsets.push_back(u32(list, 4 + std::size_t{4} * i));
      } else {
        EXPECT_TRUE(kind == "lf" || kind == "lh") << kind;
        offsets.push_back(u32(list, 4 + std::size_t{8} * i));
        check_mark(kind, u32(list, 8 + std::size_t{8} * i), cells_.at(offsets.back()).content);
      }
    }
  }

  static void check_mark(std::string_view kind, std::uint32_t mark, std::string_view nk) {
    const std::string name(nk.substr(76, u16(nk, 72)));
    if (!is_plain(name, (u16(nk, 2) & 0x20) != 0)) {
      return;
    }
    std::uint32_t expected = 0;
    if (kind == "lf") {
      expected = u32((name + std::string(4, '\0')).substr(0, 4), 0);
    } else {
      for (const char c : upper_ascii(name)) {
        expected = expected * 37 + static_cast<std::uint8_t>(c);
      }
    }
    EXPECT_EQ(mark, expected) << name;
  }

  std::string_view file_;
  StrictHive hive_;
  std::map<std::uint32_t, Cell> cells_;  // allocated
  std::map<std::uint32_t, std::uint32_t> users_;
};

}  // namespace

const StrictKey& StrictKey::at(std::string_view path) const {
  const std::size_t end = std::min(path.find('\\'), path.size());
  const auto found = std::ranges::find(keys, path.substr(0, end), &StrictKey::name);
  if (found == keys.end()) {
    throw std::out_of_range("no key " + std::string(path));
  }
  return end == path.size() ? *found : found->at(path.substr(end + 1));
}

const StrictValue& StrictKey::value(std::string_view value_name) const {
  const auto found = std::ranges::find(values, value_name, &StrictValue::name);
  if (found == values.end()) {
    throw std::out_of_range("no value " + std::string(value_name));
  }
  return *found;
}

StrictHive read_hive_strictly(std::string_view file) { return Reader(file).read(); }

}  // namespace iwamtrace
