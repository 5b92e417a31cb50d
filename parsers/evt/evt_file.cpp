#include "parsers/evt/evt_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include "parsers/evt/evt_layout.h"

namespace iwamtrace {

using namespace evt_layout;

// Everything in the format is aligned to 4: an odd end is the mark of a cut, and holds nothing.
EvtFile::EvtFile(Bytes file) : file_(file.first(file.size() / 4 * 4)) {
  if (u32_at(file_, kHeaderSignature, "signature") != kLfLe || file_.size() < kHeaderSize) {
    throw ParseError(kHeaderSignature, "no .evt signature");
  }
  const Walk plan = this->plan();
  walk(plan);
  scan_free_space(plan);
  copies_.sort();
  coverage_.slack += file.size() - file_.size();
}

// The header is trusted only where it and the end-of-file record agree: a log that was copied while
// Windows had it open has the header of its last clean closing.
EvtFile::Walk EvtFile::plan() {
  const std::uint32_t start = u32_at(file_, kHeaderStartOffset, "start offset");
  const std::uint32_t end = u32_at(file_, kHeaderEndOffset, "end offset");
  const std::uint32_t next = u32_at(file_, kHeaderNextRecord, "next record");
  const std::uint32_t oldest = u32_at(file_, kHeaderOldestRecord, "oldest record");
  const std::uint32_t flags = u32_at(file_, kHeaderFlags, "flags");
  const bool dirty = (flags & kFlagDirty) != 0;
  announced_.open = dirty;
  announced_.wrapped = (flags & kFlagWrapped) != 0;
  if (const auto found = find_end(end, dirty)) {
    stale_header_ = std::tuple{start, end, next, oldest} !=
                    std::tuple{found->start, static_cast<std::uint32_t>(found->offset), found->next,
                               found->oldest};
    announced_.oldest = found->oldest;
    announced_.next = found->next;
    return {found->start, found->offset, found->oldest, found->next};
  }
  if (dirty) {
    return {start, std::nullopt, 0, std::nullopt};
  }
  announced_.oldest = oldest;
  announced_.next = next;
  if (end > file_.size()) {
    gaps_.push_back(RecordGap{file_.size(), end - file_.size(),
                              "the file is cut: its records should end at " + hex_offset(end)});
  }
  return {start, std::nullopt, oldest, next};
}

std::optional<EvtFile::End> EvtFile::end_at(std::uint64_t offset) const {
  if (offset < kHeaderSize || offset + 4 > file_.size() || u32_in_ring(offset) != kEofSize) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < std::size(kEofMarks); ++i) {
    if (u32_in_ring(offset + kEofMarksAt + 4 * i) != kEofMarks[i]) {
      return std::nullopt;
    }
  }
  if (u32_in_ring(offset + kEofSize - 4) != kEofSize) {  // cut, and the ring goes on elsewhere
    return std::nullopt;
  }
  return End{offset, u32_in_ring(offset + kEofStartOffset), u32_in_ring(offset + kEofNextRecord),
             u32_in_ring(offset + kEofOldestRecord)};
}

// Old end-of-file records survive in free space, and after a clear with larger numbers than the new
// one's. The right one is where a clean header says, else the youngest to which an unbroken chain
// of records leads, else the youngest.
std::optional<EvtFile::End> EvtFile::find_end(std::uint32_t header_end, bool dirty) const {
  if (!dirty) {
    if (const auto end = end_at(header_end)) {
      return end;
    }
  }
  std::vector<End> ends;
  const auto consider = [&](std::uint64_t offset) {
    if (const auto end = end_at(offset)) {
      ends.push_back(*end);
    }
  };
  constexpr std::array<std::uint32_t, 2> kBegin{kEofSize, kEofMarks[0]};
  const std::string_view text{reinterpret_cast<const char*>(file_.data()), file_.size()};
  const std::string_view begin{reinterpret_cast<const char*>(kBegin.data()), sizeof kBegin};
  for (std::size_t at = text.find(begin, kHeaderSize); at != std::string_view::npos;
       at = text.find(begin, at + 4)) {
    consider(at);
  }
  for (std::uint64_t back = 4; back < kEofSize && back < file_.size(); back += 4) {
    if (file_.size() - back + kEofSize > file_.size()) {
      consider(file_.size() - back);  // one that wraps around the end
    }
  }
  std::ranges::stable_sort(ends, std::ranges::greater{}, &End::next);
  constexpr std::size_t kMostTried = 16;  // each costs a walk through the log
  const std::size_t tried = std::min(ends.size(), kMostTried);
  for (std::size_t i = 0; i < tried; ++i) {
    if (leads_to(ends[i])) {
      return ends[i];
    }
  }
  return ends.empty() ? std::nullopt : std::optional{ends.front()};
}

bool EvtFile::leads_to(const End& end) const {
  std::uint64_t at = over_padding(end.start);
  std::uint32_t number = end.oldest;
  for (; at != end.offset && number != end.next; ++number) {
    const auto slot = slot_at(at, true);
    if (!slot || slot->number != number) {
      return false;
    }
    at = over_padding(behind(*slot));
  }
  return at == end.offset && (number == end.next || end.start == end.offset);
}

std::uint32_t EvtFile::u32_in_ring(std::uint64_t offset) const {
  if (offset >= file_.size()) {
    offset = kHeaderSize + (offset - file_.size());
  }
  return u32_at(file_, offset, "record field");
}

std::optional<RecordSlot> EvtFile::slot_at(std::uint64_t offset, bool may_wrap) const {
  if (offset < kHeaderSize || offset + 8 > file_.size() || offset % 4 != 0 ||
      u32_at(file_, offset + kRecordSignature, "signature") != kLfLe) {
    return std::nullopt;
  }
  const std::uint32_t size = u32_at(file_, offset, "size");
  const bool fits = may_wrap ? size <= file_.size() - kHeaderSize : size <= file_.size() - offset;
  if (size < kSmallestRecord || size % 4 != 0 || size > kLargestRecord || !fits ||
      u32_in_ring(offset + size - 4) != size) {
    return std::nullopt;
  }
  return RecordSlot{offset, size, u32_in_ring(offset + kRecordNumber)};
}

std::uint64_t EvtFile::behind(const RecordSlot& slot) const {
  const std::uint64_t end = slot.offset + slot.size;
  return end <= file_.size() ? end : kHeaderSize + (end - file_.size());
}

// At the end of the file too few bytes may be left for a record: the next one starts behind the
// header.
std::uint64_t EvtFile::over_padding(std::uint64_t offset) const {
  const bool padding = offset + 4 > file_.size() || u32_at(file_, offset, "padding") == kEndPadding;
  const bool too_small = offset + kSmallestRecord > file_.size();
  return too_small && (padding || !slot_at(offset, true)) ? kHeaderSize : offset;
}

void EvtFile::walk(const Walk& plan) {
  std::uint64_t at = (plan.start < kHeaderSize ? kHeaderSize : plan.start) & ~std::uint64_t{3};
  std::uint32_t least = plan.oldest;
  std::uint64_t travelled = 0;  // nobody goes round the ring twice
  std::optional<std::uint64_t> lost_from;
  std::uint64_t lost = 0;
  const auto close_gap = [&] {
    if (lost_from) {
      gaps_.push_back(RecordGap{*lost_from, lost,
                                "no record where one should follow record " +
                                    std::to_string(least == 0 ? 0 : least - 1)});
      lost_from.reset();
      lost = 0;
    }
  };
  while (travelled < file_.size()) {
    if (at == plan.end) {  // an exported log may end right behind its end-of-file record
      break;
    }
    if (const std::uint64_t start = over_padding(at); start != at) {
      close_gap();  // a gap is one stretch of bytes; behind the header begins another
      at = start;
    }
    if (at == plan.end) {
      break;
    }
    const auto slot = slot_at(at, true);
    if (slot && slot->number >= least && (!plan.next || slot->number < *plan.next)) {
      close_gap();
      allocated_.push_back(*slot);
      least = static_cast<std::uint32_t>(slot->number + 1);
      travelled += slot->size;
      at = behind(*slot);
      continue;
    }
    // Without an end in sight nothing tells live records from leftovers beyond a break.
    const bool goes_on = plan.end || (plan.next && least < *plan.next);
    if (!goes_on || (!plan.end && at + 4 > file_.size())) {
      break;
    }
    lost_from = lost_from.value_or(at);
    lost += 4;
    travelled += 4;
    at += 4;
  }
  close_gap();
}

void EvtFile::scan_free_space(const Walk& plan) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> taken{{0, kHeaderSize}};
  for (const RecordSlot& slot : allocated_) {
    const std::uint64_t end = slot.offset + slot.size;
    taken.emplace_back(slot.offset, std::min<std::uint64_t>(end, file_.size()));
    if (end > file_.size()) {
      taken.emplace_back(kHeaderSize, behind(slot));
    }
  }
  if (plan.end) {
    taken.emplace_back(*plan.end, std::min<std::uint64_t>(*plan.end + kEofSize, file_.size()));
  }
  taken.emplace_back(file_.size(), file_.size());
  std::ranges::sort(taken);
  std::vector<RecordSlot> leftovers;
  std::uint64_t at = 0;
  for (const auto& [from, to] : taken) {
    if (from > at) {
      scan_stretch(at, from, leftovers);
      coverage_.slack += from - at;
    }
    coverage_.read += to > at ? to - std::max(from, at) : 0;
    at = std::max(at, to);
  }
  recovered_ = without_copies(file_, leftovers, copies_);
  for (const RecordGap& gap : gaps_) {
    const std::uint64_t inside =
        gap.offset < file_.size() ? std::min(gap.length, file_.size() - gap.offset) : 0;
    const std::uint64_t damaged = std::min(inside, coverage_.slack);
    coverage_.slack -= damaged;
    coverage_.damaged += damaged;
  }
}

void EvtFile::scan_stretch(std::uint64_t from, std::uint64_t to,
                           std::vector<RecordSlot>& leftovers) {
  constexpr std::string_view kSignature = "LfLe";
  const std::string_view text{reinterpret_cast<const char*>(file_.data()), to};
  for (std::size_t at = text.find(kSignature, from); at != std::string_view::npos;) {
    const std::uint64_t offset = at < kRecordSignature ? 0 : at - kRecordSignature;
    std::size_t go_on = at + kSignature.size();
    if (const auto slot = slot_at(offset, false); slot && offset >= from) {
      if (const RecordSlot* twin = live(slot->number); twin != nullptr && is_copy(*slot, *twin)) {
        copies_.add(twin->offset, offset);
      } else {
        leftovers.push_back(*slot);
      }
      go_on = offset + slot->size;
    } else if (offset >= from && offset % 4 == 0 && !file_torn_copy(offset)) {
      ++unreadable_leftovers_;
    }
    at = text.find(kSignature, go_on);
  }
}

const RecordSlot* EvtFile::live(std::uint64_t number) const {
  const auto found = std::ranges::lower_bound(allocated_, number, {}, &RecordSlot::number);
  return found != allocated_.end() && found->number == number ? &*found : nullptr;
}

// A record that wrapped around the end of the file when the file was smaller: its first part is
// still there, its rest is not behind it.
bool EvtFile::file_torn_copy(std::uint64_t offset) {
  if (offset + kSmallestRecord > file_.size()) {
    return false;
  }
  const RecordSlot* slot = live(u32_at(file_, offset + kRecordNumber, "record number"));
  if (slot == nullptr) {
    return false;
  }
  std::vector<std::byte> scratch;
  const Bytes whole = bytes_of(*slot, scratch);
  if (!std::ranges::equal(whole.first(kSmallestRecord), file_.subspan(offset, kSmallestRecord))) {
    return false;
  }
  copies_.add(slot->offset, offset);
  return true;
}

bool EvtFile::is_copy(const RecordSlot& leftover, const RecordSlot& live) const {
  std::vector<std::byte> scratch;
  return std::ranges::equal(iwamtrace::bytes_of(file_, leftover), bytes_of(live, scratch));
}

Bytes EvtFile::bytes_of(const RecordSlot& slot, std::vector<std::byte>& scratch) const {
  if (slot.offset + slot.size <= file_.size()) {
    return file_.subspan(slot.offset, slot.size);
  }
  const Bytes head = file_.subspan(slot.offset);
  const Bytes tail = file_.subspan(kHeaderSize, slot.size - head.size());
  scratch.assign(head.begin(), head.end());
  scratch.insert(scratch.end(), tail.begin(), tail.end());
  return scratch;
}

}  // namespace iwamtrace
