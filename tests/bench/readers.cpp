#include "tests/bench/readers.h"

#include <algorithm>
#include <fcntl.h>
#include <libevt.h>
#include <libevtx.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzers/sigma/rule_matcher.h"
#include "parsers/key_ring.h"
#include "parsers/parser.h"
#include "parsers/witness/libyal.h"

namespace iwamtrace {
namespace {

// Mapped, as a worker maps it.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    if (file < 0 || fstat(file, &facts) != 0) {
      throw std::runtime_error("cannot open " + path);
    }
    size_ = static_cast<std::size_t>(facts.st_size);
    bytes_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes_ == MAP_FAILED) {
      throw std::runtime_error("cannot map " + path);
    }
  }
  ~MappedFile() { munmap(bytes_, size_); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  [[nodiscard]] Bytes bytes() const { return {static_cast<const std::byte*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
};

class SummingSink : public EvidenceSink {
 public:
  void enter(SourceId /*source*/, std::string_view /*stage*/) override {}
  bool wants(const EventHead& /*head*/) override { return true; }
  void take(const EventRecord& record) override {
    ++reading.records;
    reading.sum += record.source().size() + record.computer().size() + record.log().size();
    for (const EventRecord::Field& field : record.fields()) {
      reading.strings += field.kind == EventRecord::FieldKind::kString ? 1U : 0U;
      reading.sum += field.value.size;
    }
  }
  void take(Artefact /*artefact*/) override {}
  void take(Damage item) override { damaged += item.lost ? 1U : 0U; }
  void take(SourceSummary /*summary*/) override {}
  void take(CrossCheck /*check*/) override {}

  Reading reading;
  std::uint64_t damaged = 0;
};

class MatchingSink : public SummingSink {
 public:
  explicit MatchingSink(const sigma::RuleSet& rules) : matcher_(rules) {}
  void take(const EventRecord& record) override {
    SummingSink::take(record);
    if (matcher_.wants(record.head)) {
      matcher_.match(record, [&](std::uint32_t) { ++hits; });
    }
  }
  using SummingSink::take;

  std::uint64_t hits = 0;

 private:
  sigma::RuleMatcher matcher_;
};

// The buffer is kept: the reference shall not pay for our allocations.
class LibraryText {
 public:
  template <typename Record, typename Size, typename Fill, typename... Index>
  void take(Record* record, Size size, Fill fill, Index... index) {
    std::size_t length = 0;
    if (size(record, index..., &length, nullptr) != 1 || length == 0) {
      return;
    }
    if (buffer_.size() < length) {
      buffer_.resize(length);
    }
    if (fill(record, index..., reinterpret_cast<std::uint8_t*>(buffer_.data()), length, nullptr) ==
        1) {
      sum += length - 1;
    }
  }

  std::uint64_t sum = 0;

 private:
  std::string buffer_;
};

void must(int result, const char* what) {
  if (result != 1) {
    throw std::runtime_error(std::string("the library fails: ") + what);
  }
}

}  // namespace

namespace {

template <typename Sink>
void read_into(const std::string& path, Sink& sink) {
  const MappedFile file(path);
  const Bytes bytes = file.bytes();
  const Parser* parser = parser_for(bytes.first(std::min(kFirstBytes, bytes.size())));
  if (parser == nullptr) {
    throw std::runtime_error("not a log: " + path);
  }
  const OpenSource source{SourceId{0}, bytes, path};
  KeyRing keys;
  parser->read({&source, 1}, {}, keys, sink);
  if (sink.damaged != 0) {
    throw std::runtime_error("the benchmark's log is damaged: " + path);
  }
}

}  // namespace

Reading read_with_ours(const std::string& path) {
  SummingSink sink;
  read_into(path, sink);
  return sink.reading;
}

Matching match_with_ours(const std::string& path, const sigma::RuleSet& rules) {
  MatchingSink sink(rules);
  read_into(path, sink);
  return {sink.reading, sink.hits};
}

Reading read_with_libevtx_calls(const std::string& path) {
  LibyalHandle<libevtx_file_t, libevtx_error_t, libevtx_file_free> file;
  must(libevtx_file_initialize(file.slot(), nullptr), "initialize");
  must(libevtx_file_open(file.get(), path.c_str(), LIBEVTX_OPEN_READ, nullptr), "open");
  int records = 0;
  must(libevtx_file_get_number_of_records(file.get(), &records, nullptr), "number of records");
  Reading reading;
  LibraryText text;
  for (int i = 0; i < records; ++i) {
    LibyalHandle<libevtx_record_t, libevtx_error_t, libevtx_record_free> record;
    if (libevtx_file_get_record_by_index(file.get(), i, record.slot(), nullptr) != 1) {
      continue;
    }
    libevtx_record_t* one = record.get();
    ++reading.records;
    std::uint64_t number = 0, time = 0;
    std::uint32_t id = 0, qualifiers = 0;
    std::uint8_t level = 0;
    int strings = 0;
    libevtx_record_get_identifier(one, &number, nullptr);
    libevtx_record_get_written_time(one, &time, nullptr);
    libevtx_record_get_event_identifier(one, &id, nullptr);
    libevtx_record_get_event_identifier_qualifiers(one, &qualifiers, nullptr);
    libevtx_record_get_event_level(one, &level, nullptr);
    text.take(one, libevtx_record_get_utf8_source_name_size, libevtx_record_get_utf8_source_name);
    text.take(one, libevtx_record_get_utf8_computer_name_size,
              libevtx_record_get_utf8_computer_name);
    text.take(one, libevtx_record_get_utf8_provider_identifier_size,
              libevtx_record_get_utf8_provider_identifier);
    text.take(one, libevtx_record_get_utf8_user_security_identifier_size,
              libevtx_record_get_utf8_user_security_identifier);
    libevtx_record_get_number_of_strings(one, &strings, nullptr);
    for (int string = 0; string < strings; ++string) {
      text.take(one, libevtx_record_get_utf8_string_size, libevtx_record_get_utf8_string, string);
    }
    reading.strings += static_cast<std::uint64_t>(strings);
  }
  reading.sum = text.sum;
  return reading;
}

Reading read_with_libevt_calls(const std::string& path) {
  LibyalHandle<libevt_file_t, libevt_error_t, libevt_file_free> file;
  must(libevt_file_initialize(file.slot(), nullptr), "initialize");
  must(libevt_file_open(file.get(), path.c_str(), LIBEVT_OPEN_READ, nullptr), "open");
  int records = 0;
  must(libevt_file_get_number_of_records(file.get(), &records, nullptr), "number of records");
  Reading reading;
  LibraryText text;
  for (int i = 0; i < records; ++i) {
    LibyalHandle<libevt_record_t, libevt_error_t, libevt_record_free> record;
    if (libevt_file_get_record_by_index(file.get(), i, record.slot(), nullptr) != 1) {
      continue;
    }
    libevt_record_t* one = record.get();
    ++reading.records;
    std::uint32_t number = 0;
    std::uint16_t type = 0;
    int strings = 0;
    libevt_record_get_identifier(one, &number, nullptr);
    libevt_record_get_creation_time(one, &number, nullptr);
    libevt_record_get_written_time(one, &number, nullptr);
    libevt_record_get_event_identifier(one, &number, nullptr);
    libevt_record_get_event_type(one, &type, nullptr);
    text.take(one, libevt_record_get_utf8_source_name_size, libevt_record_get_utf8_source_name);
    text.take(one, libevt_record_get_utf8_computer_name_size, libevt_record_get_utf8_computer_name);
    text.take(one, libevt_record_get_utf8_user_security_identifier_size,
              libevt_record_get_utf8_user_security_identifier);
    libevt_record_get_number_of_strings(one, &strings, nullptr);
    for (int string = 0; string < strings; ++string) {
      text.take(one, libevt_record_get_utf8_string_size, libevt_record_get_utf8_string, string);
    }
    reading.strings += static_cast<std::uint64_t>(strings);
    std::size_t data = 0;
    libevt_record_get_data_size(one, &data, nullptr);
    reading.sum += data;
  }
  reading.sum += text.sum;
  return reading;
}

}  // namespace iwamtrace
