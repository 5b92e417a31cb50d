#include "parsers/evtx/binxml_tokens.h"

namespace iwamtrace {
namespace {

constexpr std::size_t kDefinitionSize = 20;  // next definition, GUID, and then the fragment's size
constexpr std::size_t kDefinitionGuid = 4;
constexpr std::size_t kDescriptorSize = 4;  // u16 size, u8 type, u8 0

std::uint16_t hash_of(Bytes utf16le) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < utf16le.size(); at += 2) {
    hash = hash * 65599 + u16_at(utf16le, at, "name");
  }
  return static_cast<std::uint16_t>(hash);
}

}  // namespace

void throw_overwritten(std::size_t definition) {
  throw ParseError(definition, "another template stands where the record's should");
}

InstanceHead read_instance_head(Cursor& cursor) {
  cursor.skip(1, "template instance version");
  InstanceHead head;
  head.template_id = cursor.u32("template id");
  head.definition = cursor.u32("template definition offset");
  if (head.definition == cursor.at()) {
    cursor.skip(kDefinitionSize, "template definition");
    const std::uint32_t size = cursor.u32("template definition size");
    cursor.skip(size, "template definition body");
  }
  return head;
}

DefinitionPlace definition_at(Bytes chunk, const InstanceHead& head) {
  const std::size_t offset = head.definition;
  if (u32_at(chunk, offset + kDefinitionGuid, "template GUID") != head.template_id) {
    throw_overwritten(offset);
  }
  const std::uint32_t size = u32_at(chunk, offset + kDefinitionSize, "template definition size");
  const std::size_t begin = offset + kDefinitionSize + sizeof size;
  if (size > chunk.size() - begin) {
    throw_short("template definition", begin, size, chunk.size() - begin);
  }
  return {begin, begin + size};
}

Substitutions::Substitutions(Cursor& cursor, Bytes chunk) : chunk_(chunk) {
  count_ = cursor.u32("number of substitutions");
  if (count_ > cursor.left() / kDescriptorSize) {
    throw_short("substitution descriptors", cursor.at(), std::uint64_t{count_} * kDescriptorSize,
                cursor.left());
  }
  descriptor_ = cursor.at();
  value_ = descriptor_ + count_ * kDescriptorSize;
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    total += u16_at(chunk_, descriptor_ + i * kDescriptorSize, "substitution size");
  }
  cursor.skip(count_ * kDescriptorSize, "substitution descriptors");
  cursor.skip(total, "substitution values");
}

BinXmlValue Substitutions::next() {
  BinXmlValue value;
  value.size = u16_at(chunk_, descriptor_, "substitution size");
  value.type = std::to_integer<std::uint8_t>(chunk_[descriptor_ + 2]);
  value.data = chunk_.data() + value_;
  descriptor_ += kDescriptorSize;
  value_ += value.size;
  return value;
}

Name read_name(Cursor& cursor, Bytes chunk) {
  constexpr std::size_t kNext = 4, kHead = 6;  // next name, hash
  const std::uint32_t offset = cursor.u32("name offset");
  const std::uint16_t length = u16_at(chunk, std::size_t{offset} + kHead, "name length");
  const std::size_t begin = std::size_t{offset} + kHead + sizeof length;
  const Bytes text = slice(chunk, begin, length * std::size_t{2}, "name");
  if (offset == cursor.at()) {
    cursor.skip(kHead + sizeof length + text.size() + 2, "inline name");
  }
  const std::uint16_t hash = u16_at(chunk, std::size_t{offset} + kNext, "name hash");
  return {utf8_of(text), hash == hash_of(text)};
}

BinXmlValue read_text(Cursor& cursor) {
  const std::uint16_t length = cursor.u16("text length");
  const Bytes text = cursor.bytes(length * std::size_t{2}, "text");
  return {text.data(), static_cast<std::uint32_t>(text.size()), binxml_type::kString};
}

}  // namespace iwamtrace
