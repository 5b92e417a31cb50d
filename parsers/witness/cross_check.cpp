#include "parsers/witness/cross_check.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "model/untrusted.h"
#include "parsers/cursor.h"
#include "parsers/evtx/evtx_layout.h"
#include "parsers/key_ring.h"

namespace iwamtrace {

// Two readers' words are compared as bytes.
class WitnessText {
 public:
  static std::string of(UntrustedView text) { return std::string(text.bytes(SinkKey{})); }
};

namespace {

// Enough to see what is the matter; the rest is counted.
constexpr std::size_t kMostListed = 100;

bool is_guid(std::string_view text) {
  constexpr std::size_t kSize = 38;
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  if (text.size() != kSize || text.front() != '{' || text.back() != '}') {
    return false;
  }
  for (std::size_t i = 1; i + 1 < kSize; ++i) {
    const bool dash = i == 9 || i == 14 || i == 19 || i == 24;
    if (dash ? text[i] != '-' : kHex.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::string lowered(std::string_view text) {
  std::string lower_text(text);
  std::ranges::transform(lower_text, lower_text.begin(), lower);
  return lower_text;
}

// Both readers' words for the same value: "0x3e7" and "0x00000000000003e7", a time with three
// digits of fraction or with nine, a GUID in capitals.
std::string canonical(std::string_view text) {
  if (const auto time = Timestamp::from_iso(text)) {
    return to_iso(*time);
  }
  if (const auto number = UntrustedView{text}.number()) {
    return std::to_string(*number);
  }
  return is_guid(text) ? lowered(text) : std::string(text);
}

std::vector<std::string> canonical(const std::vector<std::string>& values) {
  std::vector<std::string> words;
  for (const std::string& value : values) {
    if (std::string word = canonical(value); !word.empty()) {  // libevtx leaves empty ones out
      words.push_back(std::move(word));
    }
  }
  return words;
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "" : " | ") + value;
  }
  return text;
}

// Collects our records and compares; everything else our parser says is its own affair.
class Comparison : public EvidenceSink {
 public:
  Comparison(const Parser& parser, const OpenSource& source, const WitnessReading& witness)
      : by_offset_(parser.kind == SourceKind::kEvt), bytes_(source.bytes) {
    check_.source = source.id;
    check_.reader = witness.reader;
    for (const WitnessRecord& record : witness.records) {
      if (!record.readable) {
        undecoded_ += record.recovered ? 0 : 1;
        continue;
      }
      theirs_.emplace(by_offset_ ? record.offset : record.number.value_or(0), &record);
    }
  }

  CrossCheck finish() {
    for (const auto& [key, record] : theirs_) {
      report_theirs(*record);
    }
    return std::move(check_);
  }

  void enter(SourceId /*source*/, std::string_view /*stage*/) override {}
  bool wants(const EventHead& /*head*/) override { return true; }
  void take(Artefact /*artefact*/) override {}
  void take(Damage /*damage*/) override {}
  void take(SourceSummary summary) override { unlisted_ = summary.unreadable_leftovers; }
  void take(CrossCheck /*check*/) override {}

  void take(const EventRecord& record) override {
    for (const std::uint64_t copy : record.copies) {
      copies_.emplace(key_at(copy), record.head.record.value_or(0));
    }
    const auto found = match(record);
    if (found == theirs_.end()) {
      ++check_.only_ours;
      list(record, "presence", "read", "not there", why_only_ours(record));
      return;
    }
    const WitnessRecord& theirs = *found->second;
    const bool same = compare(record, theirs);
    ++(same ? check_.agree : check_.differ);
    theirs_.erase(found);
  }

 private:
  using Theirs = std::multimap<std::uint64_t, const WitnessRecord*>;

  // By offset in .evt; libevtx tells none, so there by the number in the record's header, which in
  // exported logs is not its EventRecordID.
  [[nodiscard]] std::uint64_t key_at(std::uint64_t offset) const {
    return by_offset_ ? offset : u64_at(bytes_, offset + evtx_layout::kRecordId, "record id");
  }

  // Where numbers repeat, by time.
  Theirs::iterator match(const EventRecord& record) {
    const std::uint64_t key = key_at(record.head.offset);
    const auto [first, last] = theirs_.equal_range(key);
    for (auto candidate = first; candidate != last; ++candidate) {
      if (candidate->second->time == record.head.time) {
        return candidate;
      }
    }
    return first == last ? theirs_.end() : first;
  }

  bool compare(const EventRecord& ours, const WitnessRecord& theirs) {
    const std::size_t before = check_.differences.size() + check_.omitted;
    if (theirs.event_id && *theirs.event_id != ours.head.event_id) {
      list(ours, "event_id", std::to_string(ours.head.event_id), std::to_string(*theirs.event_id));
    }
    if (theirs.time != ours.head.time && (theirs.time || ours.head.time != Timestamp{})) {
      list(ours, "time", to_iso(ours.head.time), theirs.time ? to_iso(*theirs.time) : "none");
    }
    const std::string computer = WitnessText::of(ours.computer());
    if (computer != theirs.computer) {
      list(ours, "computer", computer, theirs.computer);
    }
    const std::string user = ours.user ? to_string(*ours.user) : "";
    if (user != theirs.user_sid) {
      list(ours, "user_sid", user, theirs.user_sid);
    }
    compare_strings(ours, theirs);
    return check_.differences.size() + check_.omitted == before;
  }

  void compare_strings(const EventRecord& ours, const WitnessRecord& theirs) {
    std::vector<std::string> values;
    for (const EventRecord::Field& field : ours.fields()) {
      const bool binary = field.kind == EventRecord::FieldKind::kData;
      if (field.kind == EventRecord::FieldKind::kString || (binary && !by_offset_)) {
        values.push_back(
            WitnessText::of(ours.value(field)));  // libevtx gives Binary as one more string
      }
    }
    const std::vector<std::string> left = canonical(values);
    const std::vector<std::string> right = canonical(theirs.strings);
    if (left == right) {
      return;
    }
    const bool silent = right.empty() && !by_offset_;
    list(ours, "strings", joined(left), joined(right),
         silent ? "the library gives no values for this form of UserData" : "");
  }

  [[nodiscard]] std::string why_only_ours(const EventRecord& record) const {
    constexpr std::uint64_t kChunk = 0x10000;
    constexpr std::uint64_t kHeader = 0x1000;
    if (by_offset_) {
      return {};
    }
    const std::uint64_t chunk = (record.head.offset - kHeader) / kChunk;
    if (kHeader + (chunk + 1) * kChunk > bytes_.size()) {
      return "the library leaves out the chunk that the file's end cuts";
    }
    if (record.origin != Origin::kAllocated) {
      return "the library does not decode what it finds in free space";
    }
    const std::uint64_t at = record.head.offset;
    const std::uint32_t size = u32_at(bytes_, at + 4, "record size");
    if (size < evtx_layout::kSmallestRecord || size > bytes_.size() - at ||
        u32_at(bytes_, at + size - 4, "copy of the record size") != size) {
      return "the library leaves out records whose two sizes disagree";
    }
    return undecoded_ == 0 ? ""
                           : "the library announces " + std::to_string(undecoded_) +
                                 " records that it does not decode";
  }

  void report_theirs(const WitnessRecord& record) {
    ++check_.only_theirs;
    CrossDifference difference;
    difference.record = record.number;
    difference.offset = record.offset;
    difference.field = "presence";
    difference.ours = Untrusted{std::string("not there")};
    difference.theirs = Untrusted{std::string("read")};
    const auto copy = copies_.find(by_offset_ ? record.offset : record.number.value_or(0));
    if (record.recovered && copy != copies_.end()) {
      difference.because = "a leftover with the bytes of record " + std::to_string(copy->second) +
                           ", which we list once";
    } else if (record.recovered && unlisted_ != 0) {
      --unlisted_;
      difference.because =
          "a leftover that contradicts its own header, which we count and do not list";
    }
    add(std::move(difference));
  }

  void list(const EventRecord& record, std::string field, std::string ours, std::string theirs,
            std::string because = {}) {
    add(CrossDifference{record.head.record, record.head.offset, std::move(field),
                        Untrusted{std::move(ours)}, Untrusted{std::move(theirs)},
                        std::move(because)});
  }

  // What has no explanation is listed before what has one, however late it comes.
  void add(CrossDifference difference) {
    auto& listed = check_.differences;
    if (listed.size() < kMostListed) {
      listed.push_back(std::move(difference));
      return;
    }
    ++check_.omitted;
    const auto explained = std::ranges::find_if(
        listed, [](const CrossDifference& known) { return !known.because.empty(); });
    if (difference.because.empty() && explained != listed.end()) {
      listed.erase(explained);
      listed.push_back(std::move(difference));
    }
  }

  bool by_offset_;
  Bytes bytes_;
  CrossCheck check_;
  Theirs theirs_;
  std::map<std::uint64_t, std::uint64_t> copies_;  // key of the copy -> record it repeats
  std::uint64_t undecoded_ = 0;                    // announced by the library only
  std::uint64_t unlisted_ = 0;                     // leftovers that we count only
};

}  // namespace

CrossCheck cross_check(const Parser& parser, const OpenSource& source,
                       const WitnessReading& witness) {
  Comparison comparison(parser, source, witness);
  KeyRing keys;
  parser.read({&source, 1}, {}, keys, comparison);
  return comparison.finish();
}

bool has_witness(const Parser& parser) {
  return parser.kind == SourceKind::kEvt || parser.kind == SourceKind::kEvtx;
}

WitnessReading second_reading(const Parser& parser, const OpenSource& source) {
  return parser.kind == SourceKind::kEvt ? read_with_libevt(source.path)
                                         : read_with_libevtx(source.path);
}

}  // namespace iwamtrace
