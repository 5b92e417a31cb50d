// An event's XML before it becomes bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "make/evtx_value.h"

namespace iwamtrace {

// A piece of an event's XML.
struct EvtxNode {
  enum class Kind : std::uint8_t {
    kElement,
    kAttribute,
    kText,           // stands in the template itself
    kValue,          // filled in, always shown
    kOptionalValue,  // filled in; a null takes its attribute or element away
    kHiddenValue,    // handed over, but shown nowhere
    kCData,
    kCharacter,
    kEntity,
    kInstruction,
    kFragment,  // filled in like a value: XML with a template of its own
    kEmbedded,  // filled in like a value: XML with its text in place, and without fragment header
  };
  static constexpr std::uint16_t kAnySlot = 0xFFFF;

  Kind kind = Kind::kElement;
  std::string name{};  // of elements, attributes, entities and the target of instructions
  std::string text{};
  std::uint16_t character = 0;
  EvtxValue filling{};
  std::uint16_t slot = kAnySlot;  // place among the template's values; the next free one by default
  std::vector<EvtxNode> attributes{};
  std::vector<EvtxNode> content{};

  [[nodiscard]] bool is_value() const {
    return kind == Kind::kValue || kind == Kind::kOptionalValue;
  }
  [[nodiscard]] bool is_inner_xml() const {
    return kind == Kind::kFragment || kind == Kind::kEmbedded;
  }

  static EvtxNode element(std::string_view name, std::vector<EvtxNode> attributes = {},
                          std::vector<EvtxNode> content = {});
  static EvtxNode attribute(std::string_view name, std::vector<EvtxNode> content);
  static EvtxNode literal(std::string_view utf8);
  static EvtxNode value(EvtxValue value, std::uint16_t slot = kAnySlot);
  static EvtxNode optional(EvtxValue value, std::uint16_t slot = kAnySlot);
  static EvtxNode hidden(EvtxValue value);
  static EvtxNode cdata(std::string_view utf8);
  static EvtxNode character_reference(std::uint16_t unit);
  static EvtxNode entity(std::string_view name);  // "amp", "lt" …
  static EvtxNode instruction(std::string_view target, std::string_view utf8);
  static EvtxNode fragment(EvtxNode element, std::uint16_t slot = kAnySlot);
  static EvtxNode embedded(EvtxNode element, std::uint16_t slot = kAnySlot);
};

// The XML of an element with the text of its values in place: the element as often as an array in
// it has items, and not at all when an optional value in it is null.
std::vector<EvtxNode> with_text_in_place(const EvtxNode& element);

}  // namespace iwamtrace
