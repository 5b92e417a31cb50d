#include "parsers/evt/evt_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "parsers/catalog/catalog.h"
#include "parsers/cursor.h"
#include "parsers/evt/evt_file.h"
#include "parsers/evt/evt_layout.h"
#include "parsers/record_numbers.h"
#include "parsers/source_names.h"

namespace iwamtrace {
namespace {

class EvtReading {
 public:
  EvtReading(const OpenSource& source, EvidenceSink& sink)
      : source_(source), sink_(sink), file_(source.bytes) {}

  void run() {
    sink_.enter(source_.id, "deciding which log it is");
    decide_log();
    sink_.enter(source_.id, "reading records");
    for (const auto& [slot, origin] : by_offset()) {
      read(*slot, origin);
    }
    finish();
  }

 private:
  struct Place {
    const RecordSlot* slot;
    Origin origin;
  };

  [[nodiscard]] std::vector<Place> by_offset() const {
    std::vector<Place> places;
    places.reserve(file_.allocated().size() + file_.recovered().size());
    for (const RecordSlot& slot : file_.allocated()) {
      places.push_back(Place{&slot, Origin::kAllocated});
    }
    for (const RecordSlot& slot : file_.recovered()) {
      places.push_back(Place{&slot, Origin::kRecovered});
    }
    std::ranges::sort(places, {}, [](const Place& place) { return place.slot->offset; });
    return places;
  }

  // An .evt does not say which log it is; its writers do. Not a single one: whoever may write to
  // the Application log may write there under any name.
  void decide_log() {
    constexpr std::size_t kSystemShare = 10;
    std::size_t security = 0, system = 0;
    for (const RecordSlot& slot : file_.allocated()) {
      try {
        const EvtHead head = evt_head(file_.bytes_of(slot, scratch_));
        const bool audit = head.type == evt_layout::kTypeAuditSuccess ||
                           head.type == evt_layout::kTypeAuditFailure;
        const EventSource writer = names_.find(head.source).source;
        const bool of_system = writer == EventSource::kEventLog || writer == EventSource::kDcom ||
                               writer == EventSource::kServiceControlManager ||
                               writer == EventSource::kW3svc;
        security += audit && writer == EventSource::kSecurity ? 1U : 0U;
        system += of_system ? 1U : 0U;
      } catch (const ParseError&) {  // reported when the record itself is read
      }
    }
    const std::size_t all = file_.allocated().size();
    log_ = all == 0                       ? ""
           : 2 * security > all           ? "Security"
           : kSystemShare * system >= all ? "System"
                                          : "Application";
    channel_ = channel_of(log_);
  }

  void read(const RecordSlot& slot, Origin origin) {
    try {
      const Bytes bytes = file_.bytes_of(slot, scratch_);
      const EvtHead head = evt_head(bytes);
      EventHead announced;
      announced.source = source_.id;
      announced.offset = slot.offset;
      announced.record = head.number;
      announced.time =
          head.time_generated == 0 ? Timestamp{} : Timestamp::from_unix(head.time_generated);
      announced.event_id = static_cast<std::uint16_t>(head.event_id);
      announced.channel = channel_;
      announced.key = event_key_of(names_.find(head.source).source, announced.event_id);
      count(NumberedPlace{head.number, slot.offset, announced.time}, origin);
      if (!sink_.wants(announced)) {
        decode_evt(bytes, head, nullptr);  // what is not wanted must be sound all the same
        return;
      }
      record_.clear();
      record_.head = announced;
      record_.origin = origin;
      decode_evt(bytes, head, &record_);
      record_.set_log(record_.add_text(log_));
      if (!file_.copies().empty()) {
        record_.copies = file_.copies().of(slot.offset);
      }
      name_fields(record_);
      sink_.take(record_);
    } catch (const ParseError& error) {
      damaged_ += slot.size;
      sink_.take(Damage{source_.id, slot.offset, slot.size,
                        say("record ", slot.number, ": ", error.what())});
    }
  }

  void count(const NumberedPlace& record, Origin origin) {
    const Timestamp time = record.time;
    if (origin != Origin::kAllocated) {
      ++summary_.recovered;
      if (!highest_left_over_ || record.number > highest_left_over_->number) {
        highest_left_over_ = record;
      }
      return;
    }
    ++summary_.records;
    numbers_.add(record);
    if (time != Timestamp{}) {
      summary_.first = std::min(summary_.first.value_or(time), time);
      summary_.last = std::max(summary_.last.value_or(time), time);
    }
  }

  void name_computer() {
    if (file_.allocated().empty()) {
      return;
    }
    const RecordSlot& newest = file_.allocated().back();
    try {
      const Bytes bytes = file_.bytes_of(newest, scratch_);
      record_.clear();
      decode_evt(bytes, evt_head(bytes), &record_);
      summary_.computer = Untrusted{record_.computer()};
      summary_.computer_where = {source_.id, newest.offset, newest.number, {}};
    } catch (const ParseError&) {  // has been reported
    }
  }

  [[nodiscard]] LogNumbering numbering() {
    LogNumbering numbering = numbers_.finish();
    const EvtFile::Announced& announced = file_.announced();
    numbering.open = announced.open;
    numbering.wrapped = announced.wrapped;
    numbering.announced_oldest = announced.oldest;
    numbering.announced_next = announced.next;
    const auto& left_over = highest_left_over_;
    if (left_over && left_over->time != Timestamp{} && numbering.highest && summary_.first &&
        left_over->number > numbering.highest->number && left_over->time <= *summary_.first) {
      numbering.of_former_life = left_over;
    }
    return numbering;
  }

  void finish() {
    if (file_.stale_header()) {
      sink_.take(Damage{source_.id, 0, evt_layout::kHeaderSize,
                        say("the header is older than the end-of-file record, which was followed"),
                        false});
    }
    for (const RecordGap& gap : file_.gaps()) {
      sink_.take(Damage{source_.id, gap.offset, gap.length, say(std::string_view{gap.what})});
    }
    summary_.source = source_.id;
    summary_.kind = SourceKind::kEvt;
    name_computer();
    summary_.log = say(std::string_view{log_});
    summary_.numbering = numbering();
    summary_.unreadable_leftovers = file_.unreadable_leftovers();
    summary_.coverage = file_.coverage();
    const std::uint64_t damaged = std::min(damaged_, summary_.coverage.read);
    summary_.coverage.read -= damaged;
    summary_.coverage.damaged += damaged;
    sink_.take(summary_);
  }

  const OpenSource& source_;
  EvidenceSink& sink_;
  EvtFile file_;
  SourceNames names_;
  std::string_view log_;
  Channel channel_{};
  SourceSummary summary_;
  EventRecord record_;
  RecordNumbers numbers_;
  std::optional<NumberedPlace> highest_left_over_;
  std::vector<std::byte> scratch_;
  std::uint64_t damaged_ = 0;
};

}  // namespace

bool recognises_evt(Bytes first_bytes) {
  using namespace evt_layout;
  return first_bytes.size() >= kHeaderSize &&
         u32_at(first_bytes, kHeaderSignature, "signature") == kLfLe &&
         u32_at(first_bytes, 0, "header size") == kHeaderSize;
}

void read_evt(std::span<const OpenSource> sources, const ReadOptions& /*options*/,
              KeyRing& /*keys*/, EvidenceSink& sink) {
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "finding its records");
    EvtReading(source, sink).run();
  }
}

}  // namespace iwamtrace
