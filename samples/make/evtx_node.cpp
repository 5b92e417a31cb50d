#include "make/evtx_node.h"

#include <algorithm>
#include <utility>

namespace iwamtrace {
namespace {

using Kind = EvtxNode::Kind;
using Nodes = std::vector<EvtxNode>;

EvtxNode named(Kind kind, std::string_view name) {
  EvtxNode node;
  node.kind = kind;
  node.name = name;
  return node;
}

EvtxNode textual(Kind kind, std::string_view utf8) {
  EvtxNode node;
  node.kind = kind;
  node.text = utf8;
  return node;
}

EvtxNode filled(Kind kind, EvtxValue value, std::uint16_t slot) {
  EvtxNode node;
  node.kind = kind;
  node.filling = std::move(value);
  node.slot = slot;
  return node;
}

EvtxNode inner(Kind kind, EvtxNode element, std::uint16_t slot) {
  EvtxNode node = filled(kind, EvtxValue::null(BinXmlType::kBinXml), slot);
  node.content.push_back(std::move(element));
  return node;
}

Nodes content_in_place(const Nodes& content, std::size_t item) {
  Nodes result;
  for (const EvtxNode& node : content) {
    if (node.is_value()) {
      const std::vector<std::string>& texts = node.filling.texts;
      result.push_back(EvtxNode::literal(item < texts.size() ? texts[item] : std::string{}));
    } else if (node.kind == Kind::kElement || node.is_inner_xml()) {
      for (EvtxNode& each : with_text_in_place(node.is_inner_xml() ? node.content.front() : node)) {
        result.push_back(std::move(each));
      }
    } else if (node.kind != Kind::kHiddenValue) {
      result.push_back(node);
    }
  }
  return result;
}

bool holds_null(const Nodes& content) {
  return std::ranges::any_of(content, [](const EvtxNode& node) {
    return node.kind == Kind::kOptionalValue && node.filling.texts.empty();
  });
}

}  // namespace

EvtxNode EvtxNode::element(std::string_view name, std::vector<EvtxNode> attributes,
                           std::vector<EvtxNode> content) {
  EvtxNode node = named(Kind::kElement, name);
  node.attributes = std::move(attributes);
  node.content = std::move(content);
  return node;
}

EvtxNode EvtxNode::attribute(std::string_view name, std::vector<EvtxNode> content) {
  EvtxNode node = named(Kind::kAttribute, name);
  node.content = std::move(content);
  return node;
}

EvtxNode EvtxNode::literal(std::string_view utf8) { return textual(Kind::kText, utf8); }

EvtxNode EvtxNode::value(EvtxValue value, std::uint16_t slot) {
  return filled(Kind::kValue, std::move(value), slot);
}

EvtxNode EvtxNode::optional(EvtxValue value, std::uint16_t slot) {
  return filled(Kind::kOptionalValue, std::move(value), slot);
}

EvtxNode EvtxNode::hidden(EvtxValue value) {
  return filled(Kind::kHiddenValue, std::move(value), kAnySlot);
}

EvtxNode EvtxNode::cdata(std::string_view utf8) { return textual(Kind::kCData, utf8); }

EvtxNode EvtxNode::character_reference(std::uint16_t unit) {
  EvtxNode node;
  node.kind = Kind::kCharacter;
  node.character = unit;
  return node;
}

EvtxNode EvtxNode::entity(std::string_view name) { return named(Kind::kEntity, name); }

EvtxNode EvtxNode::instruction(std::string_view target, std::string_view utf8) {
  EvtxNode node = named(Kind::kInstruction, target);
  node.text = utf8;
  return node;
}

EvtxNode EvtxNode::fragment(EvtxNode element, std::uint16_t slot) {
  return inner(Kind::kFragment, std::move(element), slot);
}

EvtxNode EvtxNode::embedded(EvtxNode element, std::uint16_t slot) {
  return inner(Kind::kEmbedded, std::move(element), slot);
}

Nodes with_text_in_place(const EvtxNode& element) {
  if (holds_null(element.content)) {
    return {};
  }
  std::size_t copies = 1;
  for (const EvtxNode& node : element.content) {
    copies = node.is_value() ? std::max(copies, node.filling.texts.size()) : copies;
  }
  Nodes attributes;
  for (const EvtxNode& attribute : element.attributes) {
    if (!holds_null(attribute.content)) {
      attributes.push_back(
          EvtxNode::attribute(attribute.name, content_in_place(attribute.content, 0)));
    }
  }
  Nodes result;
  for (std::size_t item = 0; item < copies; ++item) {
    result.push_back(
        EvtxNode::element(element.name, attributes, content_in_place(element.content, item)));
  }
  return result;
}

}  // namespace iwamtrace
