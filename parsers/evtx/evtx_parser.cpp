#include "parsers/evtx/evtx_parser.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "parsers/catalog/catalog.h"
#include "parsers/evtx/binxml.h"
#include "parsers/evtx/evtx_file.h"
#include "parsers/evtx/evtx_layout.h"
#include "parsers/record_numbers.h"
#include "parsers/source_names.h"

namespace iwamtrace {

using namespace evtx_layout;

namespace {

// winmeta.xml: bits of Keywords that the Security log uses in place of a level.
constexpr std::uint64_t kAuditFailure = 0x0010'0000'0000'0000;
constexpr std::uint64_t kAuditSuccess = 0x0020'0000'0000'0000;

std::optional<Level> level_of(std::optional<std::uint64_t> level,
                              std::optional<std::uint64_t> keywords) {
  if (keywords && (*keywords & kAuditFailure) != 0) {
    return Level::kAuditFailure;
  }
  if (keywords && (*keywords & kAuditSuccess) != 0) {
    return Level::kAuditSuccess;
  }
  switch (level.value_or(UINT64_MAX)) {
    case 0:  // LogAlways: shown as information
    case 4:
      return Level::kInformation;
    case 1:
      return Level::kCritical;
    case 2:
      return Level::kError;
    case 3:
      return Level::kWarning;
    case 5:
      return Level::kVerbose;
    default:
      return std::nullopt;
  }
}

// In 214 real logs five came late in a row at most, while the clock's own steps were followed by
// eighteen and more.
constexpr std::size_t kMostLate = 8;

template <typename Number>
std::optional<Number> narrow(std::optional<std::uint64_t> number) {
  return number ? std::optional{static_cast<Number>(*number)} : std::nullopt;
}

class EvtxReading {
 public:
  EvtxReading(const OpenSource& source, EvidenceSink& sink)
      : source_(source), sink_(sink), file_(source.bytes) {}

  void run() {
    sink_.enter(source_.id, "reading records");
    auto leftover = file_.leftovers().begin();
    for (const EvtxChunk& chunk : file_.chunks()) {
      xml_.begin_chunk(chunk.bytes);
      read_live(chunk);
      const std::uint64_t end = chunk.offset + chunk.bytes.size();
      for (; leftover != file_.leftovers().end() && leftover->offset < end; ++leftover) {
        read_leftover(chunk, *leftover);
      }
    }
    finish();
  }

 private:
  void read_live(const EvtxChunk& chunk) {
    summary_.coverage.read += std::min(chunk.bytes.size(), kChunkRecords);
    for (std::size_t at = kChunkRecords; at < chunk.records_end;) {
      const auto slot = evtx_slot_at(chunk, at);
      if (!slot) {
        at = resync(chunk, at);
        continue;
      }
      try {
        read_xml(chunk, *slot);
        announce(*slot);
        deliver(*slot, Origin::kAllocated, false);
        ++summary_.records;
        note_time(head_.time);
        note_number(*slot);
        note_channel();
        note_computer();
        summary_.coverage.read += slot->size;
      } catch (const ParseError& error) {
        lose(chunk.offset + at, slot->size,
             say("record ", slot->number, ": ", error.what(), " of its chunk"));
      }
      at += slot->size;
    }
  }

  // What stands at `at` is no whole record. Returns where the next one begins, or the end.
  std::size_t resync(const EvtxChunk& chunk, std::size_t at) {
    const auto next = next_evtx_slot(chunk, at);
    const std::size_t end =
        next ? std::min<std::size_t>(next->offset - chunk.offset, chunk.records_end)
             : chunk.records_end;
    const Bytes stretch = chunk.bytes.subspan(at, end - at);
    const bool blank = std::ranges::all_of(stretch, [](std::byte b) { return b == std::byte{}; });
    const bool cut = end == chunk.bytes.size() && end < kChunkSize;
    if (blank && !cut && !next) {
      summary_.coverage.slack += stretch.size();  // a chunk without a usable free offset
    } else if (!read_torn(chunk, at, end)) {
      lose(chunk.offset + at, stretch.size(),
           cut ? say("a record that the file's end cuts") : say("no whole record"));
    }
    return end;
  }

  // A record whose sizes disagree, as an interrupted write leaves it, may still be readable.
  bool read_torn(const EvtxChunk& chunk, std::size_t at, std::size_t end) {
    const Bytes stretch = chunk.bytes.subspan(at, end - at);
    if (stretch.size() < kSmallestRecord || u32_at(stretch, 0, "signature") != kRecordSignature) {
      return false;
    }
    const std::uint32_t announced = u32_at(stretch, 4, "record size");
    const bool plausible = announced >= kSmallestRecord && announced <= stretch.size();
    const RecordSlot slot{chunk.offset + at,
                          plausible ? announced : static_cast<std::uint32_t>(stretch.size()),
                          u64_at(stretch, kRecordId, "record id")};
    if (!read_if_consistent(chunk, slot, Origin::kAllocated)) {
      return false;
    }
    ++summary_.records;
    note_time(head_.time);
    note_number(slot);
    lose(slot.offset, stretch.size(),
         say("record ", slot.number, ": its sizes disagree, what could be read may be incomplete"));
    return true;
  }

  void read_leftover(const EvtxChunk& chunk, const RecordSlot& slot) {
    if (read_if_consistent(chunk, slot, Origin::kRecovered)) {
      ++summary_.recovered;
    } else {
      ++summary_.unreadable_leftovers;
    }
  }

  // An older record may refer to a template that has been overwritten since, a torn one may end in
  // zeros: they are believed only if the XML repeats what the record's header says.
  bool read_if_consistent(const EvtxChunk& chunk, const RecordSlot& slot, Origin origin) {
    try {
      read_xml(chunk, slot);
      if (!repeats_header(slot)) {
        return false;
      }
      announce(slot);
      deliver(slot, origin, true);
      return true;
    } catch (const ParseError&) {  // the caller reports or counts it
      return false;
    }
  }

  // The number, or where an export has numbered anew, the time within an hour.
  [[nodiscard]] bool repeats_header(const RecordSlot& slot) const {
    constexpr std::int64_t kHour = 3600 * Timestamp::kTicksPerSecond;
    const auto created = xml_.time_created();
    const auto written = written_at(slot);
    const bool same_number = xml_.number(BinXmlTarget::kRecordId) == slot.number;
    const bool same_time =
        created && written && *created - *written < kHour && *written - *created < kHour;
    return created && (same_number || same_time);
  }

  [[nodiscard]] std::optional<Timestamp> written_at(const RecordSlot& slot) const {
    return Timestamp::from_filetime(
        u64_at(source_.bytes, slot.offset + kRecordWritten, "time written"));
  }

  void read_xml(const EvtxChunk& chunk, const RecordSlot& slot) {
    const std::size_t at = slot.offset - chunk.offset;
    xml_.read(at + kRecordXml, at + slot.size - 4);
  }

  void announce(const RecordSlot& slot) {
    head_ = EventHead{};
    head_.source = source_.id;
    head_.offset = slot.offset;
    head_.record = xml_.number(BinXmlTarget::kRecordId).value_or(slot.number);
    written_ = written_at(slot);
    head_.time = xml_.time_created().value_or(written_.value_or(Timestamp{}));
    const auto id = xml_.number(BinXmlTarget::kEventId);
    if (!id) {
      throw ParseError(slot.offset % kChunkSize, "no event id");
    }
    head_.event_id = static_cast<std::uint16_t>(*id);
    head_.channel = channel();
    const Bytes provider = xml_.text(BinXmlTarget::kProvider);
    const Bytes event_source = xml_.text(BinXmlTarget::kEventSourceName);
    name_ = event_source.empty() ? provider : event_source;
    EventSource writer = names_.find(name_).source;
    if (writer == EventSource::kOther && !event_source.empty()) {
      writer = names_.find(provider).source;
    }
    head_.key = event_key_of(writer, head_.event_id);
  }

  // That of the record before, mostly.
  Channel channel() {
    const Bytes name = xml_.text(BinXmlTarget::kChannel);
    const std::string_view raw{reinterpret_cast<const char*>(name.data()), name.size()};
    if (raw != last_channel_) {
      last_channel_ = raw;
      known_channel_ = channel_of(utf8_of(name));
    }
    return known_channel_;
  }

  // A doubtful record's templates may have been overwritten in part.
  void deliver(const RecordSlot& slot, Origin origin, bool doubtful) {
    const auto check = [&] {
      if (doubtful && !xml_.names_hold()) {
        throw ParseError(slot.offset % kChunkSize, "names of its template are overwritten");
      }
    };
    if (!sink_.wants(head_)) {
      xml_.render(nullptr);  // what is not wanted must be sound all the same
      check();
      return;
    }
    record_.clear();
    record_.head = head_;
    record_.origin = origin;
    record_.written = written_;
    record_.qualifiers = narrow<std::uint16_t>(xml_.number(BinXmlTarget::kQualifiers));
    record_.keywords = xml_.number(BinXmlTarget::kKeywords);
    record_.level = level_of(xml_.number(BinXmlTarget::kLevel), record_.keywords);
    record_.version = narrow<std::uint8_t>(xml_.number(BinXmlTarget::kVersion));
    record_.task = narrow<std::uint16_t>(xml_.number(BinXmlTarget::kTask));
    record_.opcode = narrow<std::uint8_t>(xml_.number(BinXmlTarget::kOpcode));
    record_.process_id = narrow<std::uint32_t>(xml_.number(BinXmlTarget::kProcessId));
    record_.thread_id = narrow<std::uint32_t>(xml_.number(BinXmlTarget::kThreadId));
    record_.user = xml_.user();
    record_.set_source(record_.add_utf16(name_));
    record_.set_computer(record_.add_utf16(xml_.text(BinXmlTarget::kComputer)));
    record_.set_log(record_.add_utf16(xml_.text(BinXmlTarget::kChannel)));
    xml_.render(&record_);
    check();
    if (!file_.copies().empty()) {
      record_.copies = file_.copies().of(slot.offset);
    }
    name_fields(record_);
    sink_.take(record_);
  }

  void note_number(const RecordSlot& slot) {
    numbers_.add(NumberedPlace{*head_.record, head_.offset, head_.time});
    numbers_.add_names(xml_.text(BinXmlTarget::kChannel), xml_.text(BinXmlTarget::kComputer));
    numbered_anew_ += *head_.record != slot.number ? 1U : 0U;
  }

  // Forwarded logs hold several channels; then the file is no one log.
  void note_channel() {
    const Bytes channel = xml_.text(BinXmlTarget::kChannel);
    const std::string_view raw{reinterpret_cast<const char*>(channel.data()), channel.size()};
    if (channels_differ_ || raw.empty() || raw == channel_) {
      return;
    }
    channels_differ_ = !channel_.empty();
    channel_ = raw;
    summary_.log = channels_differ_ ? Untrusted{} : Untrusted{utf8_of(channel)};
  }

  void note_computer() {
    const Bytes computer = xml_.text(BinXmlTarget::kComputer);
    const std::string_view raw{reinterpret_cast<const char*>(computer.data()), computer.size()};
    if (raw != computer_) {
      computer_ = raw;
      summary_.computer = Untrusted{utf8_of(computer)};
    }
    summary_.computer_where.offset = head_.offset;
    summary_.computer_where.record = head_.record;
  }

  void note_time(Timestamp time) {
    if (time != Timestamp{}) {
      summary_.first = std::min(summary_.first.value_or(time), time);
      summary_.last = std::max(summary_.last.value_or(time), time);
    }
  }

  void lose(std::uint64_t offset, std::uint64_t length, Untrusted what) {
    summary_.coverage.damaged += length;
    sink_.take(Damage{source_.id, offset, length, std::move(what)});
  }

  void finish() {
    for (const RecordGap& gap : file_.gaps()) {
      const std::uint64_t inside =
          gap.offset < source_.bytes.size()
              ? std::min<std::uint64_t>(gap.length, source_.bytes.size() - gap.offset)
              : 0;
      summary_.coverage.damaged += gap.lost ? inside : 0;
      sink_.take(
          Damage{source_.id, gap.offset, gap.length, say(std::string_view{gap.what}), gap.lost});
    }
    summary_.source = summary_.computer_where.source = source_.id;
    summary_.kind = SourceKind::kEvtx;
    summary_.numbering = numbers_.finish();
    summary_.numbering.numbered_anew = 2 * numbered_anew_ > summary_.records;
    summary_.numbering.open = file_.is_open();
    summary_.coverage.read += std::min<std::uint64_t>(source_.bytes.size(), kFileHeaderSize);
    summary_.coverage.slack =
        source_.bytes.size() - summary_.coverage.read - summary_.coverage.damaged;
    sink_.take(summary_);
  }

  const OpenSource& source_;
  EvidenceSink& sink_;
  EvtxFile file_;
  BinXmlReader xml_;
  SourceNames names_;
  SourceSummary summary_;
  EventRecord record_;
  EventHead head_;
  std::optional<Timestamp> written_;
  Bytes name_;
  std::string channel_, computer_;  // as they stand in the log
  std::string last_channel_;
  Channel known_channel_{};
  bool channels_differ_ = false;
  RecordNumbers numbers_{kMostLate};
  std::uint64_t numbered_anew_ = 0;  // records whose header has another number than they have
};

}  // namespace

bool recognises_evtx(Bytes first_bytes) {
  return first_bytes.size() >= kFileSignature.size() &&
         std::memcmp(first_bytes.data(), kFileSignature.data(), kFileSignature.size()) == 0;
}

void read_evtx(std::span<const OpenSource> sources, const ReadOptions& /*options*/,
               KeyRing& /*keys*/, EvidenceSink& sink) {
  for (const OpenSource& source : sources) {
    sink.enter(source.id, "finding its chunks");
    EvtxReading(source, sink).run();
  }
}

}  // namespace iwamtrace
