#include <libevtx.h>
#include <string_view>

#include <pugixml.hpp>

#include "parsers/witness/libyal.h"
#include "parsers/witness/witness.h"

namespace iwamtrace {
namespace {

using File = LibyalHandle<libevtx_file_t, libevtx_error_t, libevtx_file_free>;
using Record = LibyalHandle<libevtx_record_t, libevtx_error_t, libevtx_record_free>;

// The library's calls know neither System/TimeCreated nor UserData; its XML has both.
class EventXml {
 public:
  // False when the XML is none.
  bool load(const std::string& xml) {
    return static_cast<bool>(
        document_.load_buffer(xml.data(), xml.size(), pugi::parse_cdata | pugi::parse_escapes));
  }

  [[nodiscard]] std::optional<Timestamp> time_created() const {
    return Timestamp::from_iso(document_.child("Event")
                                   .child("System")
                                   .child("TimeCreated")
                                   .attribute("SystemTime")
                                   .value());
  }

  // The values of UserData in document order: an element's attributes, its children, then its own
  // text.
  [[nodiscard]] std::vector<std::string> user_data() const {
    std::vector<std::string> values;
    for (const pugi::xml_node& root : document_.child("Event").child("UserData").children()) {
      if (root.type() == pugi::node_element) {
        collect(root, true, 0, values);
      }
    }
    return values;
  }

 private:
  static std::string own_text(const pugi::xml_node& element) {
    std::string text;
    for (const pugi::xml_node& child : element.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
        text += child.value();
      }
    }
    return text;
  }

  static void collect(const pugi::xml_node& element, bool root, unsigned depth,
                      std::vector<std::string>& values) {
    constexpr unsigned kDeepest = 64;
    if (depth == kDeepest) {
      return;
    }
    bool empty = !root;
    for (const pugi::xml_attribute& attribute : element.attributes()) {
      if (!std::string_view{attribute.name()}.starts_with("xmlns")) {
        values.emplace_back(attribute.value());
        empty = false;
      }
    }
    bool children = false;
    for (const pugi::xml_node& child : element.children()) {
      if (child.type() == pugi::node_element) {
        collect(child, false, depth + 1, values);
        children = true;
      }
    }
    // Between child elements stands only what the library indents with.
    const std::string text = children ? std::string{} : own_text(element);
    if (!text.empty() || (empty && !children)) {
      values.push_back(text);
    }
  }

  pugi::xml_document document_;
};

WitnessRecord describe(libevtx_record_t* record) {
  WitnessRecord described;
  off64_t offset = 0;
  std::uint64_t number = 0;
  std::uint32_t event_id = 0;
  if (libevtx_record_get_offset(record, &offset, nullptr) == 1) {
    described.offset = static_cast<std::uint64_t>(offset);
  }
  described.readable = libevtx_record_get_identifier(record, &number, nullptr) == 1;
  described.number = number;
  if (libevtx_record_get_event_identifier(record, &event_id, nullptr) == 1) {
    described.event_id = event_id & 0xFFFF;
  }
  const auto xml = libyal_text(
      [&](std::size_t* size) {
        return libevtx_record_get_utf8_xml_string_size(record, size, nullptr);
      },
      [&](std::uint8_t* text, std::size_t size) {
        return libevtx_record_get_utf8_xml_string(record, text, size, nullptr);
      });
  EventXml event;
  described.readable = described.readable && xml && event.load(*xml);
  described.time = event.time_created();
  described.computer =
      libyal_text(
          [&](std::size_t* size) {
            return libevtx_record_get_utf8_computer_name_size(record, size, nullptr);
          },
          [&](std::uint8_t* text, std::size_t size) {
            return libevtx_record_get_utf8_computer_name(record, text, size, nullptr);
          })
          .value_or("");
  described.user_sid =
      libyal_text(
          [&](std::size_t* size) {
            return libevtx_record_get_utf8_user_security_identifier_size(record, size, nullptr);
          },
          [&](std::uint8_t* text, std::size_t size) {
            return libevtx_record_get_utf8_user_security_identifier(record, text, size, nullptr);
          })
          .value_or("");
  int strings = 0;
  described.readable =
      described.readable && libevtx_record_get_number_of_strings(record, &strings, nullptr) == 1;
  for (int i = 0; i < strings; ++i) {
    described.strings.push_back(
        libyal_text(
            [&](std::size_t* size) {
              return libevtx_record_get_utf8_string_size(record, i, size, nullptr);
            },
            [&](std::uint8_t* text, std::size_t size) {
              return libevtx_record_get_utf8_string(record, i, text, size, nullptr);
            })
            .value_or(""));
  }
  if (strings == 0) {
    described.strings = event.user_data();
  }
  return described;
}

}  // namespace

WitnessReading read_with_libevtx(const std::string& path) {
  WitnessReading reading;
  reading.reader = std::string("libevtx ") + libevtx_get_version();
  File file;
  if (libevtx_file_initialize(file.slot(), nullptr) != 1 ||
      libevtx_file_open(file.get(), path.c_str(), LIBEVTX_OPEN_READ, nullptr) != 1) {
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
  read(libevtx_file_get_number_of_records, libevtx_file_get_record_by_index, false);
  read(libevtx_file_get_number_of_recovered_records, libevtx_file_get_recovered_record_by_index,
       true);
  return reading;
}

}  // namespace iwamtrace
