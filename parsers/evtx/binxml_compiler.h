// Turns a fragment of binary XML into the list of its values. Private to BinXmlReader.
#pragma once

#include <string>
#include <vector>

#include "parsers/evtx/binxml.h"

namespace iwamtrace {

class BinXmlReader::Compiler {
 public:
  Compiler(Bytes chunk, Template& program) : chunk_(chunk), program_(program) {}

  // The fragment at [begin, end), whose root element stands in `place`. Throws ParseError.
  void compile(std::size_t begin, std::size_t end, Place place);

 private:
  // An open element: what its children are, and what its own text is for.
  struct Element {
    Place place{};
    BinXmlTarget target = BinXmlTarget::kIgnored;
    std::string name;  // of its field; within System its own
    std::vector<Piece> name_pieces;
    std::vector<Piece> pieces;
    bool takes_name = false;  // a child of EventData: its attribute Name names it
    bool empty = true;
  };

  void content(Cursor& cursor, Element& element, unsigned depth);
  void child(Cursor& cursor, const Element& parent, bool has_attributes, unsigned depth);
  void attributes(Cursor& cursor, Element& element);
  void attribute(Element& element, const std::string& name, const std::vector<Piece>& pieces);
  // One value, if the token is one; pieces in place of which a whole fragment may stand get a slot.
  bool value(Cursor& cursor, std::uint8_t token, std::vector<Piece>& pieces);
  void add_slot(BinXmlTarget target, Place place, const std::string& name,
                const std::vector<Piece>& name_pieces, const std::vector<Piece>& pieces);
  Span append(const std::vector<Piece>& pieces);
  static void skip_dependency(Cursor& cursor);
  std::string name(Cursor& cursor);
  [[nodiscard]] static Element enter(const Element& parent, std::string name);

  Bytes chunk_;
  Template& program_;
};

}  // namespace iwamtrace
