#include <libevt.h>

#include "parsers/witness/libyal.h"
#include "parsers/witness/witness.h"

namespace iwamtrace {
namespace {

using File = LibyalHandle<libevt_file_t, libevt_error_t, libevt_file_free>;
using Record = LibyalHandle<libevt_record_t, libevt_error_t, libevt_record_free>;

WitnessRecord describe(libevt_record_t* record) {
  WitnessRecord described;
  off64_t offset = 0;
  std::uint32_t number = 0;
  if (libevt_record_get_offset(record, &offset, nullptr) == 1) {
    described.offset = static_cast<std::uint64_t>(offset);
  }
  described.readable = libevt_record_get_identifier(record, &number, nullptr) == 1;
  described.number = number;
  if (libevt_record_get_event_identifier(record, &number, nullptr) == 1) {
    described.event_id = number & 0xFFFF;
  }
  if (libevt_record_get_creation_time(record, &number, nullptr) == 1) {
    described.time = Timestamp::from_unix(number);
  }
  described.computer =
      libyal_text(
          [&](std::size_t* size) {
            return libevt_record_get_utf8_computer_name_size(record, size, nullptr);
          },
          [&](std::uint8_t* text, std::size_t size) {
            return libevt_record_get_utf8_computer_name(record, text, size, nullptr);
          })
          .value_or("");
  described.user_sid =
      libyal_text(
          [&](std::size_t* size) {
            return libevt_record_get_utf8_user_security_identifier_size(record, size, nullptr);
          },
          [&](std::uint8_t* text, std::size_t size) {
            return libevt_record_get_utf8_user_security_identifier(record, text, size, nullptr);
          })
          .value_or("");
  int strings = 0;
  described.readable =
      described.readable && libevt_record_get_number_of_strings(record, &strings, nullptr) == 1;
  for (int i = 0; i < strings; ++i) {
    described.strings.push_back(
        libyal_text(
            [&](std::size_t* size) {
              return libevt_record_get_utf8_string_size(record, i, size, nullptr);
            },
            [&](std::uint8_t* text, std::size_t size) {
              return libevt_record_get_utf8_string(record, i, text, size, nullptr);
            })
            .value_or(""));
  }
  return described;
}

}  // namespace

WitnessReading read_with_libevt(const std::string& path) {
  WitnessReading reading;
  reading.reader = std::string("libevt ") + libevt_get_version();
  File file;
  if (libevt_file_initialize(file.slot(), nullptr) != 1 ||
      libevt_file_open(file.get(), path.c_str(), LIBEVT_OPEN_READ, nullptr) != 1) {
    reading.refused = "the library refuses the file";
    return reading;
  }
  const auto read = [&](auto count, auto fetch, bool recovered) {
    int records = 0;
    count(file.get(), &records, nullptr);
    for (int i = 0; i < records; ++i) {
      Record record;
      WitnessRecord described;
      described.readable = fetch(file.get(), i, record.slot(), nullptr) == 1;
      if (described.readable) {
        described = describe(record.get());
      }
      described.recovered = recovered;
      reading.records.push_back(std::move(described));
    }
  };
  read(libevt_file_get_number_of_records, libevt_file_get_record_by_index, false);
  read(libevt_file_get_number_of_recovered_records, libevt_file_get_recovered_record_by_index,
       true);
  return reading;
}

}  // namespace iwamtrace
