#include "parsers/metabase/metabase_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

#include <pugixml.hpp>

namespace iwamtrace {
namespace {

// MetaBase.xml of a large hoster has some tens of MiB; pugixml needs several times as much.
constexpr std::size_t kLargestFile = std::size_t{64} << 20;

constexpr std::string_view kUtf16Mark{"\xFF\xFE", 2};

// Names are compared without their namespace prefix, whatever that is.
std::string_view local_name(const char* name) {
  const std::string_view text{name};
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

pugi::xml_node child_named(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& child : parent.children()) {
    if (equal_ignoring_case(local_name(child.name()), name)) {
      return child;
    }
  }
  return {};
}

}  // namespace

const MetabaseProperty* MetabaseKey::property(std::string_view name, std::uint32_t id) const {
  const auto found = std::ranges::find_if(properties, [&](const MetabaseProperty& property) {
    return equal_ignoring_case(property.name, name) || (id != 0 && property.id == id);
  });
  return found == properties.end() ? nullptr : &*found;
}

MetabaseFile::MetabaseFile(Bytes file) : document_(std::make_unique<pugi::xml_document>()) {
  if (file.size() > kLargestFile) {
    throw ParseError(kLargestFile,
                     "an XML file of " + std::to_string(file.size()) + " bytes, more than is read");
  }
  text_.assign(reinterpret_cast<const char*>(file.data()), file.size());
  utf16_ = text_.starts_with(kUtf16Mark);
  if (utf16_) {
    text_ = utf8_of(file.subspan(kUtf16Mark.size()));
    original_ = text_;  // parsing in place shortens values
  }
  const pugi::xml_parse_result result = document_->load_buffer_inplace(
      text_.data(), text_.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    broken_.emplace(offset_of(text_.data() + result.offset), result.description());
  }
  const pugi::xml_node configuration = child_named(*document_, "configuration");
  const pugi::xml_node properties = child_named(configuration, "MBProperty");
  if (!properties) {
    throw ParseError(0, broken_ ? broken_->what() : "no <configuration><MBProperty> in the file");
  }
  for (const pugi::xml_node& element : properties.children()) {
    if (element.type() == pugi::node_element) {
      add_key(element);
    }
  }
}

MetabaseFile::~MetabaseFile() = default;

void MetabaseFile::add_key(const pugi::xml_node& element) {
  MetabaseKey key;
  key.type = local_name(element.name());
  key.offset = offset_of(element.name());
  for (const pugi::xml_attribute& attribute : element.attributes()) {
    const std::string_view name = local_name(attribute.name());
    if (equal_ignoring_case(name, "Location")) {
      key.location = attribute.value();
    } else {
      key.properties.push_back(MetabaseProperty{
          std::string(name), 0, {}, attribute.value(), offset_of(attribute.value())});
    }
  }
  for (const pugi::xml_node& custom : element.children()) {
    if (!equal_ignoring_case(local_name(custom.name()), "Custom")) {
      continue;
    }
    const pugi::xml_attribute value = custom.attribute("Value");
    key.properties.push_back(MetabaseProperty{
        custom.attribute("Name").value(), number(custom.attribute("ID").value()),
        custom.attribute("Type").value(), value.value(), offset_of(value.value())});
  }
  keys_.push_back(std::move(key));
}

std::uint64_t MetabaseFile::offset_of(const char* text) {
  const bool inside = text >= text_.data() && text <= text_.data() + text_.size();
  const auto at = inside ? static_cast<std::size_t>(text - text_.data()) : 0;
  if (!utf16_) {
    return at;
  }
  if (at < counted_to_) {
    counted_to_ = counted_units_ = 0;
  }
  counted_units_ +=
      utf16_of(std::string_view{original_}.substr(counted_to_, at - counted_to_)).size();
  counted_to_ = at;
  return kUtf16Mark.size() + 2 * counted_units_;
}

}  // namespace iwamtrace
