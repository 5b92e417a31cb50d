#include "parsers/evtx/binxml_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/evtx/binxml_tokens.h"

namespace iwamtrace {

using namespace binxml_token;

namespace {

// Real events nest less than ten deep; the limit keeps hostile ones off our stack.
constexpr unsigned kDeepest = 64;

struct SystemField {
  std::string_view element, attribute;  // no attribute: the element's text
  BinXmlTarget target;
};
constexpr std::array kSystemFields{
    SystemField{"Provider", "Name", BinXmlTarget::kProvider},
    SystemField{"Provider", "EventSourceName", BinXmlTarget::kEventSourceName},
    SystemField{"EventID", "", BinXmlTarget::kEventId},
    SystemField{"EventID", "Qualifiers", BinXmlTarget::kQualifiers},
    SystemField{"Version", "", BinXmlTarget::kVersion},
    SystemField{"Level", "", BinXmlTarget::kLevel},
    SystemField{"Task", "", BinXmlTarget::kTask},
    SystemField{"Opcode", "", BinXmlTarget::kOpcode},
    SystemField{"Keywords", "", BinXmlTarget::kKeywords},
    SystemField{"TimeCreated", "SystemTime", BinXmlTarget::kTimeCreated},
    SystemField{"EventRecordID", "", BinXmlTarget::kRecordId},
    SystemField{"Execution", "ProcessID", BinXmlTarget::kProcessId},
    SystemField{"Execution", "ThreadID", BinXmlTarget::kThreadId},
    SystemField{"Channel", "", BinXmlTarget::kChannel},
    SystemField{"Computer", "", BinXmlTarget::kComputer},
    SystemField{"Security", "UserID", BinXmlTarget::kUser},
};

BinXmlTarget system_target(std::string_view element, std::string_view attribute) {
  const auto found = std::ranges::find_if(kSystemFields, [&](const SystemField& field) {
    return field.element == element && field.attribute == attribute;
  });
  return found == kSystemFields.end() ? BinXmlTarget::kIgnored : found->target;
}

// The five entities of XML, as UTF-16.
BinXmlValue entity(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, char16_t>, 5> kEntities{
      {{"amp", u'&'}, {"lt", u'<'}, {"gt", u'>'}, {"quot", u'"'}, {"apos", u'\''}}};
  const auto found =
      std::ranges::find(kEntities, name, &std::pair<std::string_view, char16_t>::first);
  if (found == kEntities.end()) {
    return {};
  }
  return {reinterpret_cast<const std::byte*>(&found->second), sizeof(char16_t),
          binxml_type::kString};
}

}  // namespace

void BinXmlReader::Compiler::compile(std::size_t begin, std::size_t end, Place place) {
  program_.clear();
  Cursor cursor(chunk_.first(end), begin);
  Element root;
  root.place = place;
  root.target = place == Place::kField ? BinXmlTarget::kData : BinXmlTarget::kIgnored;
  content(cursor, root, 0);
}

std::string BinXmlReader::Compiler::name(Cursor& cursor) {
  Name name = read_name(cursor, chunk_);
  program_.names_hold = program_.names_hold && name.holds;
  return std::move(name.text);
}

// Everything up to the element's end (or the fragment's, for the root).
void BinXmlReader::Compiler::content(Cursor& cursor, Element& element, unsigned depth) {
  if (depth > kDeepest) {
    throw ParseError(cursor.at(), "elements nested too deep");
  }
  while (cursor.left() > 0) {
    const std::size_t at = cursor.at();
    const std::uint8_t token = cursor.u8("token");
    switch (token & ~kMore) {
      case kEnd:
      case kEndElement:
        return;
      case kFragment:
        cursor.skip(3, "fragment header");
        break;
      case kOpenElement:
        element.empty = false;
        child(cursor, element, (token & kMore) != 0, depth + 1);
        break;
      case kInstructionTarget:
        name(cursor);
        break;
      case kInstructionData:
        read_text(cursor);
        break;
      default:
        element.empty = false;
        if (!value(cursor, token, element.pieces)) {
          throw ParseError(at, "unknown token " + hex_offset(token));
        }
    }
  }
}

void BinXmlReader::Compiler::child(Cursor& cursor, const Element& parent, bool has_attributes,
                                   unsigned depth) {
  skip_dependency(cursor);
  cursor.skip(4, "element size");
  Element element = enter(parent, name(cursor));
  if (has_attributes) {
    attributes(cursor, element);
  }
  const std::size_t at = cursor.at();
  const std::uint8_t token = cursor.u8("end of start tag");
  if (token == kCloseStart) {
    content(cursor, element, depth);
  } else if (token != kCloseEmpty) {
    throw ParseError(at, "a start tag does not end: token " + hex_offset(token));
  }
  // A piece of a whole fragment becomes a slot of its own, in the place where its root stands.
  std::vector<Piece> text;
  for (const Piece& piece : element.pieces) {
    if (piece.kind == Piece::Kind::kInstance || piece.kind == Piece::Kind::kFragment) {
      add_slot(BinXmlTarget::kNested, element.place, element.name, {}, {piece});
    } else {
      text.push_back(piece);
    }
  }
  if (!text.empty() || element.empty) {
    add_slot(element.target, element.place, element.name, element.name_pieces, text);
  }
}

// A dependency id stands before the element's size, except in fragments that some writers put
// together without one. The size tells: it must end within the fragment.
void BinXmlReader::Compiler::skip_dependency(Cursor& cursor) {
  constexpr std::size_t kDependency = 2;
  Cursor probe = cursor;
  probe.skip(kDependency, "dependency id");
  const bool present = probe.left() >= 4 && probe.u32("element size") <= probe.left();
  if (present) {
    cursor.skip(kDependency, "dependency id");
  }
}

BinXmlReader::Compiler::Element BinXmlReader::Compiler::enter(const Element& parent,
                                                              std::string name) {
  Element element;
  switch (parent.place) {
    case Place::kDocument:
    case Place::kEvent:
      element.place = name == "Event"       ? Place::kEvent
                      : name == "System"    ? Place::kSystem
                      : name == "EventData" ? Place::kEventData
                      : name == "UserData"  ? Place::kUserData
                                            : Place::kField;
      element.name = element.place == Place::kField ? std::move(name) : std::string{};
      element.target =
          element.place == Place::kField ? BinXmlTarget::kOther : BinXmlTarget::kIgnored;
      break;
    case Place::kSystem:
      element.place = Place::kSystemField;
      element.target = system_target(name, "");
      element.name = std::move(name);
      break;
    case Place::kEventData:
      element.place = Place::kField;
      element.target = name == "Binary" ? BinXmlTarget::kBinary : BinXmlTarget::kData;
      element.name = name == "Data" || name == "Binary" ? std::string{} : std::move(name);
      element.takes_name = true;
      break;
    case Place::kUserData:  // the wrapper, whose name every field would repeat
      element.place = Place::kUserRoot;
      element.target = BinXmlTarget::kData;
      element.name = std::move(name);
      element.empty = false;
      break;
    case Place::kUserRoot:
      element.place = Place::kField;
      element.target = BinXmlTarget::kData;
      element.name = std::move(name);
      break;
    case Place::kField:
      element.place = Place::kField;
      element.target = parent.target;
      element.name = parent.name.empty() ? std::move(name) : parent.name + "/" + name;
      break;
    case Place::kSystemField:
      element.place = Place::kSystemField;
      break;
  }
  return element;
}

void BinXmlReader::Compiler::attributes(Cursor& cursor, Element& element) {
  const std::uint32_t size = cursor.u32("size of attributes");
  const std::size_t end = cursor.at() + size;
  bool more = true;
  while (more && cursor.at() < end) {
    const std::size_t at = cursor.at();
    const std::uint8_t token = cursor.u8("attribute");
    if ((token & ~kMore) != kAttribute) {
      throw ParseError(at, "no attribute: token " + hex_offset(token));
    }
    more = (token & kMore) != 0;
    const std::string attribute_name = name(cursor);
    std::vector<Piece> pieces;
    while (cursor.left() > 0) {
      Cursor next = cursor;
      if (!value(next, next.u8("attribute value"), pieces)) {
        break;
      }
      cursor = next;
    }
    attribute(element, attribute_name, pieces);
  }
}

void BinXmlReader::Compiler::attribute(Element& element, const std::string& name,
                                       const std::vector<Piece>& pieces) {
  const bool literal_name = pieces.size() == 1 && pieces.front().kind == Piece::Kind::kLiteral;
  if (name == "xmlns" || name.starts_with("xmlns:")) {
    return;  // of the schema, not of the event
  }
  if (element.place == Place::kSystemField) {
    add_slot(system_target(element.name, name), element.place, {}, {}, pieces);
  } else if (element.takes_name && name == "Name") {
    element.name.clear();
    if (literal_name) {
      element.name = utf8_of(pieces.front().literal.bytes());
    } else {
      element.name_pieces = pieces;
    }
  } else if (element.place == Place::kField || element.place == Place::kUserRoot) {
    const bool root = element.place == Place::kUserRoot;
    add_slot(element.target, element.place, (root ? "@" : element.name + "@") + name, {}, pieces);
    element.empty = false;
  } else if (element.place == Place::kEventData) {
    add_slot(BinXmlTarget::kOther, element.place, "EventData@" + name, {}, pieces);
  }
}

bool BinXmlReader::Compiler::value(Cursor& cursor, std::uint8_t token, std::vector<Piece>& pieces) {
  Piece piece;
  switch (token & ~kMore) {
    case kValue: {
      const std::size_t at = cursor.at();
      const std::uint8_t type = cursor.u8("value type");
      if (type != binxml_type::kString) {
        throw ParseError(at, "a literal value of type " + hex_offset(type));
      }
      piece.literal = read_text(cursor);
      break;
    }
    case kCdata:
      piece.literal = read_text(cursor);
      break;
    case kCharacter: {
      const Bytes character = cursor.bytes(2, "character reference");
      piece.literal = {character.data(), 2, binxml_type::kString};
      break;
    }
    case kEntity:
      piece.literal = entity(name(cursor));
      break;
    case kSubstitution:
    case kOptionalSubstitution:
      piece.index = cursor.u16("substitution index");
      piece.kind = cursor.u8("substitution type") == binxml_type::kBinXml
                       ? Piece::Kind::kFragment
                       : Piece::Kind::kSubstitution;
      break;
    case kTemplateInstance: {
      piece.kind = Piece::Kind::kInstance;
      const std::size_t begin = cursor.at() - 1;
      read_instance_head(cursor);
      const Substitutions skipped(cursor, chunk_);
      piece.literal = {chunk_.data() + begin, static_cast<std::uint32_t>(cursor.at() - begin),
                       binxml_type::kBinXml};
      break;
    }
    default:
      return false;
  }
  pieces.push_back(piece);
  return true;
}

void BinXmlReader::Compiler::add_slot(BinXmlTarget target, Place place, const std::string& name,
                                      const std::vector<Piece>& name_pieces,
                                      const std::vector<Piece>& pieces) {
  if (target == BinXmlTarget::kIgnored) {
    return;
  }
  Slot slot;
  slot.target = target;
  slot.place = place;
  slot.name = {static_cast<std::uint32_t>(program_.names.size()),
               static_cast<std::uint32_t>(name.size())};
  program_.names += name;
  slot.name_pieces = append(name_pieces);
  slot.pieces = append(pieces);
  program_.slots.push_back(slot);
}

BinXmlReader::Span BinXmlReader::Compiler::append(const std::vector<Piece>& pieces) {
  const Span span{static_cast<std::uint32_t>(program_.pieces.size()),
                  static_cast<std::uint32_t>(pieces.size())};
  program_.pieces.insert(program_.pieces.end(), pieces.begin(), pieces.end());
  return span;
}

}  // namespace iwamtrace
