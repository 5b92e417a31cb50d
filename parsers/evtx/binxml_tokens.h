// The tokens of binary XML. A token's 0x40 bit says that more attributes or values follow.
#pragma once

#include <cstdint>
#include <string>

#include "parsers/cursor.h"
#include "parsers/evtx/binxml_value.h"

namespace iwamtrace {

namespace binxml_token {
inline constexpr std::uint8_t kMore = 0x40;
inline constexpr std::uint8_t kEnd = 0x00;
inline constexpr std::uint8_t kOpenElement = 0x01;
inline constexpr std::uint8_t kCloseStart = 0x02;
inline constexpr std::uint8_t kCloseEmpty = 0x03;
inline constexpr std::uint8_t kEndElement = 0x04;
inline constexpr std::uint8_t kValue = 0x05;
inline constexpr std::uint8_t kAttribute = 0x06;
inline constexpr std::uint8_t kCdata = 0x07;
inline constexpr std::uint8_t kCharacter = 0x08;
inline constexpr std::uint8_t kEntity = 0x09;
inline constexpr std::uint8_t kInstructionTarget = 0x0A;
inline constexpr std::uint8_t kInstructionData = 0x0B;
inline constexpr std::uint8_t kTemplateInstance = 0x0C;
inline constexpr std::uint8_t kSubstitution = 0x0D;
inline constexpr std::uint8_t kOptionalSubstitution = 0x0E;
inline constexpr std::uint8_t kFragment = 0x0F;
}  // namespace binxml_token

// The head of a template instance, behind its token. A definition that stands inline is passed
// over; the cursor then stands before the substitution array.
struct InstanceHead {
  std::uint32_t template_id = 0;  // the first four bytes of the definition's GUID
  std::uint32_t definition = 0;   // its offset in the chunk
};
InstanceHead read_instance_head(Cursor& cursor);
[[noreturn]] void throw_overwritten(std::size_t definition);

// Where a definition's fragment stands in the chunk. Throws where another template stands there: a
// leftover record may refer to one that has been overwritten since.
struct DefinitionPlace {
  std::size_t begin = 0, end = 0;
};
DefinitionPlace definition_at(Bytes chunk, const InstanceHead& head);

// The number of substitution values and where their descriptors and bytes begin; `cursor` moves
// behind all of it.
class Substitutions {
 public:
  Substitutions(Cursor& cursor, Bytes chunk);

  [[nodiscard]] std::uint32_t count() const { return count_; }
  // In order; each moves on.
  BinXmlValue next();

 private:
  Bytes chunk_;
  std::uint32_t count_ = 0;
  std::size_t descriptor_ = 0, value_ = 0;
};

// The name an element or attribute refers to. Where it stands inline the cursor moves behind it.
struct Name {
  std::string text;
  bool holds = true;  // agrees with the hash beside it
};
Name read_name(Cursor& cursor, Bytes chunk);

// UTF-16 text with its length before it.
BinXmlValue read_text(Cursor& cursor);

}  // namespace iwamtrace
