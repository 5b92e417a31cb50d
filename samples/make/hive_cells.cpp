#include "make/hive_cells.h"

#include <algorithm>
#include <stdexcept>

#include "make/bytes.h"

namespace iwamtrace {
namespace {

constexpr std::uint32_t kPage = 0x1000;
constexpr std::uint32_t kBinHeader = 0x20;
constexpr std::uint32_t kSizeField = 4;

std::uint32_t rounded_up(std::size_t size, std::uint32_t multiple) {
  if (size > INT32_MAX - kPage) {
    throw std::length_error("no hive can hold " + std::to_string(size) + " bytes");
  }
  return (static_cast<std::uint32_t>(size) + multiple - 1) / multiple * multiple;
}

// Allocated cells have a negative size.
std::uint32_t size_at(std::string_view image, std::uint32_t cell, bool& is_free) {
  std::uint32_t raw = 0;
  for (std::uint32_t i = kSizeField; i-- > 0;) {
    raw = raw << 8 | static_cast<std::uint8_t>(image.at(cell + i));
  }
  is_free = raw <= INT32_MAX;
  return is_free ? raw : 0 - raw;
}

void put_size(std::string& image, std::uint32_t cell, std::uint32_t raw) {
  ByteWriter out;
  out.u32(raw);
  image.replace(cell, kSizeField, out.view());
}

}  // namespace

HiveCells::HiveCells(std::uint32_t bin_size, std::string_view slack, Timestamp written)
    : bin_size_(bin_size), slack_(slack), written_(written) {
  if (bin_size == 0 || bin_size % kPage != 0) {
    throw std::invalid_argument("no size for a hive bin: " + std::to_string(bin_size));
  }
  if (slack.empty()) {
    throw std::invalid_argument("nothing to fill slack with");
  }
}

std::uint32_t HiveCells::add(std::string_view content) {
  const std::uint32_t size = rounded_up(kSizeField + content.size(), 8);
  if (size > room()) {
    close_bin();
    open_bin(size);
  }
  const auto cell = static_cast<std::uint32_t>(image_.size());
  ByteWriter out;
  out.u32(0 - size).bytes(content);
  const auto used = static_cast<std::uint32_t>(out.size());
  image_ += out.view();
  image_ += slack_of(size - used);
  return cell;
}

void HiveCells::put(std::uint32_t cell, std::string_view content, std::size_t from) {
  image_.replace(cell + kSizeField + from, content.size(), content);
}

void HiveCells::release(std::uint32_t cell) { released_.push_back(cell); }

std::string HiveCells::finished() const {
  HiveCells closed = *this;
  closed.close_bin();
  std::string image = std::move(closed.image_);
  for (const std::uint32_t cell : released_) {
    bool is_free = false;
    const std::uint32_t size = size_at(image, cell, is_free);
    put_size(image, cell, size);
  }
  for (const Bin& bin : bins_) {
    std::uint32_t free_before = kNone;
    std::uint32_t size = 0;
    for (std::uint32_t cell = bin.offset + kBinHeader; cell < bin.offset + bin.size; cell += size) {
      bool is_free = false;
      size = size_at(image, cell, is_free);
      if (is_free && free_before != kNone) {
        put_size(image, free_before, cell + size - free_before);
      } else {
        free_before = is_free ? cell : kNone;
      }
    }
  }
  return image;
}

void HiveCells::open_bin(std::uint32_t for_cell) {
  const Bin bin{.offset = static_cast<std::uint32_t>(image_.size()),
                .size = std::max(bin_size_, rounded_up(for_cell + kBinHeader, kPage))};
  ByteWriter header;
  header.bytes("hbin").u32(bin.offset).u32(bin.size).u64(0);
  header.u64(bins_.empty() ? filetime_of(written_) : 0).u32(0);
  image_ += header.view();
  bins_.push_back(bin);
}

// What is left of the bin becomes a free cell.
void HiveCells::close_bin() {
  const std::uint32_t left = room();
  if (left > 0) {
    ByteWriter out;
    out.u32(left).bytes(slack_of(left - kSizeField));
    image_ += out.view();
  }
}

std::uint32_t HiveCells::room() const {
  return bins_.empty()
             ? 0
             : bins_.back().offset + bins_.back().size - static_cast<std::uint32_t>(image_.size());
}

std::string HiveCells::slack_of(std::uint32_t size) const {
  std::string filled;
  while (filled.size() < size) {
    filled += slack_;
  }
  filled.resize(size);
  return filled;
}

}  // namespace iwamtrace
