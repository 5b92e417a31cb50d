#include "strict_evtx.h"

#include <algorithm>
#include <set>

#include "model/text.h"
#include "strict_evtx_values.h"

namespace iwamtrace {
namespace {

// Bit by bit, unlike the writer's.
std::uint32_t slow_crc(std::string_view first, std::string_view second = {}) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (const std::string_view bytes : {first, second}) {
    for (const char byte : bytes) {
      sum ^= static_cast<std::uint8_t>(byte);
      for (int bit = 0; bit < 8; ++bit) {
        sum = (sum & 1) != 0 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
      }
    }
  }
  return sum ^ 0xFFFFFFFF;
}

std::uint32_t hash_of(std::string_view units) {
  std::uint32_t hash = 0;
  for (std::size_t i = 0; i < units.size(); i += 2) {
    hash = hash * 65599 + static_cast<std::uint32_t>(strict_number(units, i, 2));
  }
  return hash;
}

struct Value {
  unsigned type = 0;
  std::size_t at = 0, size = 0;
};

class ChunkReader {
 public:
  explicit ChunkReader(std::string_view chunk) : chunk_(chunk) {}

  StrictRecord record(std::size_t at) {
    const std::size_t size = u32(at + 4);
    strict_expect(chunk_.substr(at, 4) == std::string_view("**\0\0", 4), at, "no record");
    strict_expect(size % 8 == 0 && at + size <= chunk_.size(), at, "impossible size of a record");
    strict_expect(u32(at + size - 4) == size, at, "the size and its copy differ");
    at_ = at + 24;
    StrictRecord record{
        .offset = at, .id = u64(at + 8), .written = u64(at + 16), .xml = fragment()};
    strict_expect(at_ <= at + size - 4 && at + size - 4 - at_ < 8, at_, "the XML ends elsewhere");
    return record;
  }

  // Every name and template that a record has stored is found through the chunk's header.
  void check_tables() const {
    check_chains(names_, 128, 64, [this](std::size_t at) {
      const std::string_view units = chunk_.substr(at + 8, 2 * u16(at + 6));
      strict_expect(u16(at + 8 + units.size()) == 0, at, "the name is not closed by a NUL");
      return hash_of(units);
    });
    check_chains(templates_, 384, 32,
                 [this](std::size_t at) { return hash_of(chunk_.substr(at + 4, 16)); });
  }

  [[nodiscard]] std::size_t names() const { return names_.size(); }
  [[nodiscard]] std::size_t templates() const { return templates_.size(); }

 private:
  [[nodiscard]] std::size_t u8(std::size_t at) const { return strict_number(chunk_, at, 1); }
  [[nodiscard]] std::size_t u16(std::size_t at) const { return strict_number(chunk_, at, 2); }
  [[nodiscard]] std::size_t u32(std::size_t at) const { return strict_number(chunk_, at, 4); }
  [[nodiscard]] std::uint64_t u64(std::size_t at) const { return strict_number(chunk_, at, 8); }

  std::size_t take(std::size_t size) {
    const std::size_t value = strict_number(chunk_, at_, size);
    at_ += size;
    return value;
  }

  template <typename Hash>
  void check_chains(const std::set<std::size_t>& stored, std::size_t heads, std::size_t buckets,
                    Hash hash) const {
    std::set<std::size_t> reached;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
      std::size_t before = chunk_.size();
      for (std::size_t at = u32(heads + 4 * bucket); at != 0; at = u32(at)) {
        strict_expect(at < before, at, "a chain that does not lead backwards");
        strict_expect(hash(at) % buckets == bucket, at, "in the wrong bucket");
        strict_expect(reached.insert(at).second, at, "in two chains");
        before = at;
      }
    }
    strict_expect(reached == stored, heads, "the chains do not hold what the records store");
  }

  std::string fragment() {
    strict_expect(u32(at_) == 0x0001010F, at_, "no fragment header");
    at_ += 4;
    return inside_fragment();
  }

  std::string inside_fragment() {
    std::string xml;
    if (u8(at_) == 0x0C) {
      xml = instance();
    } else {
      while (u8(at_) == 0x01 || u8(at_) == 0x41) {
        xml += element(nullptr);
      }
    }
    strict_expect(take(1) == 0, at_, "no end of the fragment");
    return xml;
  }

  std::string instance() {
    strict_expect(take(1) == 0x0C && take(1) == 1, at_, "no template instance");
    const std::size_t id = take(4), definition = take(4);
    const std::size_t body = definition + 24, size = u32(definition + 20);
    strict_expect(id == u32(definition + 4), at_,
                  "the template's id is not that of its definition");
    if (definition == at_) {
      templates_.insert(definition);
      at_ = body + size;
    } else {
      strict_expect(definition < at_, at_, "the template stands behind its use");
    }
    const std::vector<Value> values = read_values();
    const std::size_t behind = at_;

    at_ = body;
    strict_expect(u32(at_) == 0x0001010F, at_, "no fragment header in the template");
    at_ += 4;
    std::string xml = element(&values);
    strict_expect(take(1) == 0 && at_ == body + size, at_, "the template ends elsewhere");
    at_ = behind;
    return xml;
  }

  std::vector<Value> read_values() {
    std::vector<Value> values(take(4));
    for (Value& value : values) {
      value.size = take(2);
      value.type = static_cast<unsigned>(take(1));
      strict_expect(take(1) == 0, at_, "a descriptor that is none");
    }
    for (Value& value : values) {
      value.at = at_;
      at_ += value.size;
    }
    strict_expect(at_ <= chunk_.size(), at_, "values cut short");
    return values;
  }

  std::string name() {
    const std::size_t stored = take(4);
    const std::string_view units = chunk_.substr(stored + 8, 2 * u16(stored + 6));
    strict_expect(u16(stored + 4) == (hash_of(units) & 0xFFFF), stored, "wrong hash of a name");
    if (stored == at_) {
      names_.insert(stored);
      at_ += 8 + 2 * u16(stored + 6) + 2;
    } else {
      strict_expect(stored < at_, at_, "the name stands behind its use");
    }
    return utf8_of(as_bytes(units));
  }

  std::string element(const std::vector<Value>* values) {
    const bool has_attributes = take(1) == 0x41;
    const std::size_t depends_on = values != nullptr ? take(2) : 0xFFFF;
    const std::size_t size = take(4), start = at_;
    const std::string tag = name();
    const std::string open = "<" + tag + (has_attributes ? attributes(values) : "");

    std::string xml;
    if (const std::size_t close = take(1); close == 0x03) {
      xml = open + "/>";
    } else {
      strict_expect(close == 0x02, at_, "the start tag is not closed");
      const std::size_t inside = at_;
      std::size_t items = 1;
      for (std::size_t item = 0; item < items; ++item) {
        at_ = inside;
        const std::string inner = content(values, item, items);
        strict_expect(take(1) == 0x04, at_, "no end tag");
        xml += open + ">" + inner + "</" + tag + ">";
      }
    }
    strict_expect(at_ == start + size, at_, "the element is larger or smaller than it says");
    strict_expect(depends_on == 0xFFFF || depends_on < values->size(), at_, "depends on no value");
    const bool gone = depends_on != 0xFFFF && (*values)[depends_on].type == 0;
    return gone ? std::string{} : xml;
  }

  std::string attributes(const std::vector<Value>* values) {
    const std::size_t size = take(4), start = at_;
    std::string xml;
    bool more = true;
    while (more) {
      const std::size_t token = take(1);
      strict_expect((token | 0x40) == 0x46, at_, "no attribute");
      more = token == 0x46;
      const std::string key = name();
      const bool null =
          values != nullptr && u8(at_) == 0x0E && (*values).at(u16(at_ + 1)).type == 0;
      std::size_t items = 1;
      const std::string text = content(values, 0, items);
      xml += null ? "" : " " + key + "=\"" + text + "\"";
    }
    strict_expect(at_ == start + size, at_, "the attributes take more or less than they say");
    return xml;
  }

  // Up to a token that is no content. `items` becomes the length of the longest array in it.
  std::string content(const std::vector<Value>* values, std::size_t item, std::size_t& items) {
    std::string xml;
    bool after_text = false, promised = false;  // of the token before: more text follows it
    while (true) {
      const std::size_t token = u8(at_), kind = token & 0xBF;
      const bool text = kind == 0x05 || kind == 0x07 || kind == 0x08 || kind == 0x09;
      strict_expect(promised == (after_text && text), at_, "more text than was promised, or less");
      if (kind == 0x01) {
        xml += element(values);
      } else if (kind == 0x0D || kind == 0x0E) {
        xml += substitution(values, item, items);
      } else if (text || kind == 0x0A) {
        xml += literal();
      } else {
        return xml;
      }
      after_text = text;
      promised = text && (token & 0x40) != 0;
    }
  }

  std::string literal() {
    const std::size_t kind = take(1) & 0xBF;
    const auto counted = [this] {
      const std::size_t units = take(2);
      at_ += 2 * units;
      return utf8_of(as_bytes(chunk_.substr(at_ - 2 * units, 2 * units)));
    };
    switch (kind) {
      case 0x05:
        strict_expect(take(1) == 1, at_, "a text that is no string");
        return counted();
      case 0x07:
        return "<![CDATA[" + counted() + "]]>";
      case 0x08:
        return "&#" + std::to_string(take(2)) + ";";
      case 0x09:
        return "&" + name() + ";";
      default: {
        const std::string target = name();
        strict_expect(take(1) == 0x0B, at_, "an instruction without its data");
        return "<?" + target + " " + counted() + "?>";
      }
    }
  }

  std::string substitution(const std::vector<Value>* values, std::size_t item, std::size_t& items) {
    strict_expect(values != nullptr, at_, "a substitution outside of a template");
    at_ += 1;
    const Value& value = values->at(take(2));
    const std::size_t declared = take(1);
    const bool pointer = (declared & 0x7F) == 0x10 && (value.type | 1) == 0x15;
    strict_expect(value.type == 0 || value.type == declared || pointer, at_,
                  "another type than declared");
    const std::string_view bytes = chunk_.substr(value.at, value.size);
    if (value.type == 0x21) {
      const std::size_t behind = at_;
      at_ = value.at;
      std::string xml = u8(at_) == 0x0F ? fragment() : inside_fragment();
      strict_expect(at_ == value.at + value.size, at_, "the inner XML ends elsewhere");
      at_ = behind;
      return xml;
    }
    if ((value.type & 0x80) != 0) {
      const auto all = strict_items(value.type & 0x7F, bytes);
      items = std::max(items, all.size());
      return strict_value_text(value.type & 0x7F, all.at(item));
    }
    return strict_value_text(value.type, bytes);
  }

  std::string_view chunk_;
  std::size_t at_ = 0;
  std::set<std::size_t> names_, templates_;
};

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

StrictRecord read_record_strictly(std::string_view chunk, std::size_t offset) {
  return ChunkReader(chunk).record(offset);
}

StrictChunk read_chunk_strictly(std::string_view chunk) {
  strict_expect(chunk.size() == 0x10000, 0, "no whole chunk");
  strict_expect(chunk.starts_with(std::string_view("ElfChnk\0", 8)), 0, "no chunk");
  StrictChunk result{.first_number = strict_number(chunk, 8, 8),
                     .last_number = strict_number(chunk, 16, 8),
                     .first_id = strict_number(chunk, 24, 8),
                     .last_id = strict_number(chunk, 32, 8),
                     .free = strict_number(chunk, 48, 4),
                     .records = {}};
  strict_expect(strict_number(chunk, 40, 4) == 128, 40, "another size of header");
  strict_expect(all_zero(chunk.substr(56, 64)), 56, "bytes that should be zero");
  strict_expect(strict_number(chunk, 120, 4) == 1, 120, "other flags");
  strict_expect(
      strict_number(chunk, 124, 4) == slow_crc(chunk.substr(0, 120), chunk.substr(128, 384)), 124,
      "wrong checksum of the header");
  strict_expect(strict_number(chunk, 52, 4) == slow_crc(chunk.substr(512, result.free - 512)), 52,
                "wrong checksum of the records");

  ChunkReader reader(chunk);
  for (std::size_t at = 512; at < result.free; at += strict_number(chunk, at + 4, 4)) {
    result.records.push_back(reader.record(at));
  }
  reader.check_tables();
  result.names = reader.names();
  result.templates = reader.templates();
  if (!result.records.empty()) {
    strict_expect(strict_number(chunk, 44, 4) == result.records.back().offset, 44,
                  "another last record");
    strict_expect(result.first_id == result.records.front().id, 24, "another first id");
    strict_expect(result.last_id == result.records.back().id, 32, "another last id");
    strict_expect(result.last_number - result.first_number + 1 == result.records.size(), 8,
                  "other record numbers");
  }
  return result;
}

StrictFile read_evtx_strictly(std::string_view file) {
  strict_expect(file.starts_with(std::string_view("ElfFile\0", 8)), 0, "no event log");
  StrictFile result{.first_chunk = strict_number(file, 8, 8),
                    .last_chunk = strict_number(file, 16, 8),
                    .next_id = strict_number(file, 24, 8),
                    .chunk_count = strict_number(file, 42, 2),
                    .flags = static_cast<std::uint32_t>(strict_number(file, 120, 4)),
                    .chunks = {}};
  strict_expect(strict_number(file, 32, 8) == 0x0003000100000080, 32, "another size or version");
  strict_expect(strict_number(file, 40, 2) == 4096, 40, "another size of header block");
  strict_expect(all_zero(file.substr(44, 76)), 44, "bytes that should be zero");
  strict_expect(strict_number(file, 124, 4) == slow_crc(file.substr(0, 120)), 124,
                "wrong checksum");
  strict_expect(all_zero(file.substr(128, 4096 - 128)), 128, "bytes that should be zero");
  for (std::size_t at = 4096; at < file.size() && !all_zero(file.substr(at)); at += 0x10000) {
    result.chunks.push_back(read_chunk_strictly(file.substr(at, 0x10000)));
  }
  return result;
}

}  // namespace iwamtrace
