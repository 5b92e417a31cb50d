#include "make/binxml_writer.h"

#include <algorithm>
#include <utility>

#include "make/bytes.h"

namespace iwamtrace {
namespace {

using Kind = EvtxNode::Kind;
using Nodes = std::vector<EvtxNode>;

constexpr std::uint8_t kMore = 0x40;  // attributes follow; or more text, or another attribute
constexpr std::uint16_t kIndependent = 0xFFFF;

enum Token : std::uint8_t {
  kEndOfFragment = 0x00,
  kOpenElement = 0x01,
  kCloseStart = 0x02,
  kCloseEmpty = 0x03,
  kEndElement = 0x04,
  kText = 0x05,
  kAttribute = 0x06,
  kCData = 0x07,
  kCharacterReference = 0x08,
  kEntityReference = 0x09,
  kInstructionTarget = 0x0A,
  kInstructionData = 0x0B,
  kTemplateInstance = 0x0C,
  kSubstitution = 0x0D,
  kOptionalSubstitution = 0x0E,
};
constexpr std::string_view kFragmentHeader{"\x0F\x01\x01\x00", 4};

bool takes_slot(const EvtxNode& node) {
  return node.is_value() || node.kind == Kind::kHiddenValue || node.is_inner_xml();
}

bool is_optional(const EvtxNode& node) {
  return node.kind == Kind::kOptionalValue || node.is_inner_xml();
}

bool is_text(const EvtxNode& node) {
  return node.kind == Kind::kText || node.kind == Kind::kCData || node.kind == Kind::kCharacter ||
         node.kind == Kind::kEntity;
}

// Empty text, for which Windows writes a start and an end tag with nothing between.
bool is_blank(const Nodes& content) {
  return content.size() == 1 && content.front().kind == Kind::kText && content.front().text.empty();
}

// ---- templates ----------------------------------------------------------------------------------

void collect_values(EvtxNode& node, std::vector<EvtxNode*>& found) {
  if (takes_slot(node)) {
    found.push_back(&node);
    return;  // the values within inner XML are its own
  }
  for (EvtxNode& attribute : node.attributes) {
    collect_values(attribute, found);
  }
  for (EvtxNode& child : node.content) {
    collect_values(child, found);
  }
}

// Gives every value its slot and returns them in the order of slots; nullptr where none is used.
std::vector<const EvtxNode*> number_values(EvtxNode& root) {
  std::vector<EvtxNode*> found;
  collect_values(root, found);
  std::uint16_t next = 0;
  for (const EvtxNode* node : found) {
    if (node->slot != EvtxNode::kAnySlot) {
      next = std::max(next, static_cast<std::uint16_t>(node->slot + 1));
    }
  }
  std::vector<const EvtxNode*> by_slot(next);
  for (EvtxNode* node : found) {
    if (node->slot == EvtxNode::kAnySlot) {
      node->slot = next++;
      by_slot.push_back(node);
    } else {
      by_slot[node->slot] = node;
    }
  }
  return by_slot;
}

// All that makes one template differ from another, as text.
void describe(const EvtxNode& node, std::string& text) {
  text += std::to_string(static_cast<int>(node.kind)) + ' ' + node.name + '\0' + node.text + '\0';
  text += std::to_string(node.character) + ' ' + std::to_string(node.slot) + ' ' +
          std::to_string(node.filling.declared);
  if (node.is_inner_xml()) {
    return;
  }
  text += '(';
  for (const EvtxNode& attribute : node.attributes) {
    describe(attribute, text);
  }
  text += ')';
  for (const EvtxNode& child : node.content) {
    describe(child, text);
  }
  text += ')';
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv
std::uint64_t fnv_1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3;
  }
  return hash;
}

std::string template_guid(const EvtxNode& root) {
  std::string text;
  describe(root, text);
  ByteWriter guid;
  guid.u64(fnv_1a(text)).u64(fnv_1a("second half " + text));
  return guid.take();
}

// ---- bytes --------------------------------------------------------------------------------------

class Writer {
 public:
  Writer(std::uint32_t offset, BinXmlTables& tables) : offset_(offset), tables_(tables) {}

  void fragment(const EvtxNode& root, bool as_template) {
    out_.bytes(kFragmentHeader);
    if (as_template) {
      template_instance(root);
    } else {
      text_in_place(root);
    }
    out_.u8(kEndOfFragment);
  }

  std::string take() { return out_.take(); }

 private:
  [[nodiscard]] std::uint32_t here() const {
    return offset_ + static_cast<std::uint32_t>(out_.size());
  }

  // A number of bytes that is known only when they have been written.
  std::size_t reserve_size() {
    out_.u32(0);
    return out_.size();
  }
  void settle_size(std::size_t counted_from) {
    out_.patch_u32(counted_from - 4, out_.size() - counted_from);
  }

  void text_in_place(const EvtxNode& root) {
    for (const EvtxNode& each : with_text_in_place(root)) {
      element(each);
    }
  }

  void template_instance(EvtxNode root) {
    const std::vector<const EvtxNode*> values = number_values(root);
    const std::string guid = template_guid(root);
    const std::optional<std::uint32_t> known = tables_.templates.find(guid);
    out_.u8(kTemplateInstance).u8(1).bytes(guid.substr(0, 4));
    if (known) {
      out_.u32(*known);
    } else {
      out_.u32(here() + 4);
      definition(root, guid);
    }
    substitutions(values);
  }

  void definition(const EvtxNode& root, const std::string& guid) {
    out_.u32(tables_.templates.add(guid, here())).bytes(guid);
    const std::size_t size = reserve_size();
    in_definition_ = true;
    out_.bytes(kFragmentHeader);
    element(root);
    out_.u8(kEndOfFragment);
    in_definition_ = false;
    settle_size(size);
  }

  void substitutions(const std::vector<const EvtxNode*>& values) {
    out_.u32(values.size());
    const std::size_t descriptors = out_.size();
    for (const EvtxNode* value : values) {
      const bool inner = value != nullptr && value->is_inner_xml();
      out_.u16(0);
      out_.u8(value == nullptr ? 0 : inner ? value->filling.declared : value->filling.type);
      out_.u8(0);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t before = out_.size();
      if (values[i] != nullptr) {
        value(*values[i]);
      }
      out_.patch_u16(descriptors + 4 * i, out_.size() - before);
    }
  }

  void value(const EvtxNode& node) {
    if (node.kind == Kind::kFragment) {
      fragment(node.content.front(), true);
    } else if (node.kind == Kind::kEmbedded) {
      text_in_place(node.content.front());
      out_.u8(kEndOfFragment);
    } else {
      out_.bytes(node.filling.bytes);
    }
  }

  void name(const std::string& utf8) {
    const std::string key = utf16_bytes(utf8);
    if (const std::optional<std::uint32_t> known = tables_.names.find(key)) {
      out_.u32(*known);
      return;
    }
    out_.u32(here() + 4);
    out_.u32(tables_.names.add(key, here()));
    out_.u16(binxml_hash(key)).u16(key.size() / 2).bytes(key).u16(0);
  }

  void element(const EvtxNode& node) {
    out_.u8(node.attributes.empty() ? kOpenElement : kOpenElement | kMore);
    if (in_definition_) {  // elements of XML in place depend on no value
      const auto optional = std::ranges::find_if(node.content, is_optional);
      out_.u16(optional == node.content.end() ? kIndependent : optional->slot);
    }
    const std::size_t size = reserve_size();
    name(node.name);
    if (!node.attributes.empty()) {
      attributes(node.attributes);
    }
    const bool empty = std::ranges::all_of(
        node.content, [](const EvtxNode& child) { return child.kind == Kind::kHiddenValue; });
    if (empty) {
      out_.u8(kCloseEmpty);
    } else {
      out_.u8(kCloseStart);
      if (!is_blank(node.content)) {
        content(node.content);
      }
      out_.u8(kEndElement);
    }
    settle_size(size);
  }

  void attributes(const Nodes& list) {
    const std::size_t size = reserve_size();
    for (const EvtxNode& attribute : list) {
      out_.u8(&attribute == &list.back() ? kAttribute : kAttribute | kMore);
      name(attribute.name);
      content(attribute.content);
    }
    settle_size(size);
  }

  void content(const Nodes& nodes) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const bool more_text = i + 1 < nodes.size() && is_text(nodes[i + 1]);
      piece(nodes[i], more_text ? kMore : std::uint8_t{0});
    }
  }

  void piece(const EvtxNode& node, std::uint8_t more) {
    switch (node.kind) {
      case Kind::kElement:
        return element(node);
      case Kind::kText:
        out_.u8(kText | more).u8(static_cast<std::uint8_t>(BinXmlType::kString));
        return counted(node.text);
      case Kind::kCData:
        out_.u8(kCData | more);
        return counted(node.text);
      case Kind::kCharacter:
        out_.u8(kCharacterReference | more).u16(node.character);
        return;
      case Kind::kEntity:
        out_.u8(kEntityReference | more);
        return name(node.name);
      case Kind::kInstruction:
        out_.u8(kInstructionTarget);
        name(node.name);
        out_.u8(kInstructionData);
        return counted(node.text);
      case Kind::kValue:
        out_.u8(kSubstitution).u16(node.slot).u8(node.filling.declared);
        return;
      case Kind::kOptionalValue:
      case Kind::kFragment:
      case Kind::kEmbedded:
        out_.u8(kOptionalSubstitution).u16(node.slot).u8(node.filling.declared);
        return;
      case Kind::kHiddenValue:
      case Kind::kAttribute:
        return;
    }
  }

  void counted(std::string_view utf8) {
    const std::string text = utf16_bytes(utf8);
    out_.u16(text.size() / 2).bytes(text);
  }

  ByteWriter out_;
  std::uint32_t offset_;
  BinXmlTables& tables_;
  bool in_definition_ = false;
};

}  // namespace

std::optional<std::uint32_t> BinXmlTable::find(const std::string& key) const {
  const auto found = offsets_.find(key);
  return found == offsets_.end() ? std::nullopt : std::optional{found->second};
}

std::uint32_t& BinXmlTable::bucket_of(const std::string& key) {
  return newest_[binxml_hash(key) % newest_.size()];
}

std::uint32_t BinXmlTable::add(const std::string& key, std::uint32_t offset) {
  offsets_[key] = offset;
  return std::exchange(bucket_of(key), offset);
}

void BinXmlTable::forget_from(std::uint32_t offset) {
  std::erase_if(offsets_, [offset](const auto& entry) { return entry.second >= offset; });
  std::ranges::fill(newest_, 0);
  for (const auto& [key, at] : offsets_) {
    bucket_of(key) = std::max(bucket_of(key), at);
  }
}

void BinXmlTables::forget_from(std::uint32_t offset) {
  names.forget_from(offset);
  templates.forget_from(offset);
}

std::uint16_t binxml_hash(std::string_view utf16) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i + 1 < utf16.size(); i += 2) {
    const std::uint32_t low = static_cast<std::uint8_t>(utf16[i]);
    const std::uint32_t high = static_cast<std::uint8_t>(utf16[i + 1]);
    hash = hash * 65599 + (low | high << 8);
  }
  return static_cast<std::uint16_t>(hash);
}

std::string binxml_of(const EvtxNode& root, bool as_template, std::uint32_t offset,
                      BinXmlTables& tables) {
  Writer writer(offset, tables);
  writer.fragment(root, as_template);
  return writer.take();
}

}  // namespace iwamtrace
