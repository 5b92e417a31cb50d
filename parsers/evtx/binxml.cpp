#include "parsers/evtx/binxml.h"

#include <algorithm>
#include <utility>

#include "parsers/evtx/binxml_compiler.h"
#include "parsers/evtx/binxml_tokens.h"

namespace iwamtrace {
namespace {

// A power of two well above the templates that fit into a chunk.
constexpr std::size_t kCacheSize = 4096;
constexpr std::size_t kMostTemplates = kCacheSize / 2;

// Fragments within fragments: real events have two levels.
constexpr unsigned kDeepestFragment = 8;

// All substitution values of a record and its fragments; a record has at most 64 KiB.
constexpr std::size_t kMostValues = 0x10000;

}  // namespace

void BinXmlReader::Template::clear() {
  slots.clear();
  pieces.clear();
  names.clear();
  id = 0;
  names_hold = true;
}

void BinXmlReader::begin_chunk(Bytes chunk) {
  chunk_ = chunk;
  ++generation_;
  templates_used_ = 0;
  cache_.resize(kCacheSize);
}

const BinXmlReader::Template& BinXmlReader::compiled(const InstanceHead& head, Place place) {
  const std::uint32_t definition = head.definition;
  const std::uint64_t key = generation_ << 24 | std::uint64_t{definition & 0xFFFF} << 8 |
                            static_cast<std::uint64_t>(place);
  const auto older = [&](const CacheEntry& entry) { return entry.key >> 24 != generation_; };
  std::size_t at = (definition * 0x9E3779B1U >> 8 ^ static_cast<unsigned>(place)) % kCacheSize;
  while (!older(cache_[at]) && cache_[at].key != key) {
    at = (at + 1) % kCacheSize;
  }
  CacheEntry& entry = cache_[at];
  if (entry.key == key) {
    const Template& known = templates_[entry.index];
    if (known.id != head.template_id) {
      throw_overwritten(definition);
    }
    return known;
  }
  if (templates_used_ == kMostTemplates) {
    throw ParseError(definition, "more templates than a chunk can hold");
  }
  if (templates_used_ == templates_.size()) {
    templates_.emplace_back();
  }
  const DefinitionPlace body = definition_at(chunk_, head);
  Template& fresh = templates_[templates_used_];
  Compiler(chunk_, fresh).compile(body.begin, body.end, place);
  fresh.id = head.template_id;
  entry = {key, static_cast<std::uint32_t>(templates_used_)};
  return templates_[templates_used_++];
}

BinXmlReader::Instance BinXmlReader::open_instance(Cursor& cursor, Place place) {
  Instance instance;
  instance.program = &compiled(read_instance_head(cursor), place);
  names_hold_ = names_hold_ && instance.program->names_hold;
  Substitutions substitutions(cursor, chunk_);
  if (values_.size() + substitutions.count() > kMostValues) {
    throw ParseError(cursor.at(), "more values than a record can hold");
  }
  instance.values = {static_cast<std::uint32_t>(values_.size()), substitutions.count()};
  for (std::uint32_t i = 0; i < instance.values.count; ++i) {
    values_.push_back(substitutions.next());
  }
  return instance;
}

BinXmlReader::Instance BinXmlReader::open_fragment(std::size_t begin, std::size_t end, Place place,
                                                   unsigned depth) {
  using namespace binxml_token;
  Cursor cursor(chunk_.first(end), begin);
  if (Cursor probe = cursor; probe.u8("token") == kFragment) {
    cursor.skip(4, "fragment header");
  }
  if (Cursor probe = cursor; (probe.u8("token") & ~kMore) == kTemplateInstance) {
    return open_instance(probe, place);
  }
  while (literals_.size() <= depth) {
    literals_.emplace_back();
  }
  Compiler(chunk_, literals_[depth]).compile(cursor.at(), end, place);
  names_hold_ = names_hold_ && literals_[depth].names_hold;
  return {&literals_[depth], {}};
}

void BinXmlReader::read(std::size_t begin, std::size_t end) {
  values_.clear();
  system_.fill({});
  names_hold_ = true;
  record_ = open_fragment(begin, end, Place::kDocument, 0);
  for (const Slot& slot : record_.program->slots) {
    if (slot.target < BinXmlTarget::kSystemEnd) {
      take_system(slot, record_);
    }
  }
}

void BinXmlReader::take_system(const Slot& slot, const Instance& instance) {
  const auto target = static_cast<std::size_t>(slot.target);
  const auto& pieces = instance.program->pieces;
  if (slot.pieces.count == 1) {
    system_[target] = value_of(pieces[slot.pieces.first], instance);
    return;
  }
  std::vector<std::byte>& joined = joined_[target];
  joined.clear();
  for (std::uint32_t i = 0; i < slot.pieces.count; ++i) {
    const BinXmlValue value = value_of(pieces[slot.pieces.first + i], instance);
    if (value.type == binxml_type::kString) {
      joined.insert(joined.end(), value.data, value.data + value.size);
    }
  }
  system_[target] = {joined.data(), static_cast<std::uint32_t>(joined.size()),
                     binxml_type::kString};
}

BinXmlValue BinXmlReader::value_of(const Piece& piece, const Instance& instance) const {
  if (piece.kind == Piece::Kind::kLiteral || piece.kind == Piece::Kind::kInstance) {
    return piece.literal;
  }
  return piece.index < instance.values.count ? values_[instance.values.first + piece.index]
                                             : BinXmlValue{};
}

std::optional<std::uint64_t> BinXmlReader::number(BinXmlTarget target) const {
  return number_of(system(target));
}

std::optional<Timestamp> BinXmlReader::time_created() const {
  return time_of(system(BinXmlTarget::kTimeCreated));
}

std::optional<Sid> BinXmlReader::user() const { return sid_of(system(BinXmlTarget::kUser)); }

Bytes BinXmlReader::text(BinXmlTarget target) const {
  const BinXmlValue& value = system(target);
  return value.type == binxml_type::kString ? without_nuls(value).bytes() : Bytes{};
}

void BinXmlReader::render(EventRecord* record) { render(record_, 0, record); }

void BinXmlReader::render(const Instance& instance, unsigned depth, EventRecord* record) {
  for (const Slot& slot : instance.program->slots) {
    if (slot.target == BinXmlTarget::kNested) {
      render_nested(slot, instance, depth + 1, record);
    } else if (slot.target > BinXmlTarget::kSystemEnd && record != nullptr) {
      render_field(slot, instance, *record);
    }
  }
}

void BinXmlReader::render_nested(const Slot& slot, const Instance& instance, unsigned depth,
                                 EventRecord* record) {
  const BinXmlValue fragment = value_of(instance.program->pieces[slot.pieces.first], instance);
  if (fragment.type != binxml_type::kBinXml || fragment.size == 0) {
    return;  // an optional part that this event does not have
  }
  const auto begin = static_cast<std::size_t>(fragment.data - chunk_.data());
  if (depth > kDeepestFragment) {
    throw ParseError(begin, "fragments nested too deep");
  }
  render(open_fragment(begin, begin + fragment.size, slot.place, depth), depth, record);
}

void BinXmlReader::render_field(const Slot& slot, const Instance& instance,
                                EventRecord& record) const {
  const auto& pieces = instance.program->pieces;
  const auto render_text = [&](Span span) {
    std::size_t room = 0;
    for (std::uint32_t i = 0; i < span.count; ++i) {
      room += text_room(value_of(pieces[span.first + i], instance));
    }
    char* out = record.reserve(room);
    for (std::uint32_t i = 0; i < span.count; ++i) {
      out = write_text(value_of(pieces[span.first + i], instance), out);
    }
    return record.commit(out);
  };
  const EventRecord::Piece name =
      slot.name_pieces.count != 0
          ? render_text(slot.name_pieces)
          : record.add_text(
                std::string_view{instance.program->names}.substr(slot.name.first, slot.name.count));
  const EventRecord::FieldKind kind =
      slot.target == BinXmlTarget::kBinary  ? EventRecord::FieldKind::kData
      : slot.target == BinXmlTarget::kOther ? EventRecord::FieldKind::kOther
                                            : EventRecord::FieldKind::kString;
  if (slot.pieces.count != 1) {
    record.add_field(name, render_text(slot.pieces), kind);
    return;
  }
  // An array repeats its element.
  BinXmlItems items(value_of(pieces[slot.pieces.first], instance));
  BinXmlValue item;
  while (items.next(item)) {
    char* out = record.reserve(text_room(item));
    record.add_field(name, record.commit(write_text(item, out)), kind);
  }
}

}  // namespace iwamtrace
