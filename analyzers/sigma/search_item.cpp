#include "analyzers/sigma/search_item.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "analyzers/sigma/rule.h"
#include "analyzers/sigma/value_text.h"

namespace iwamtrace::sigma {
namespace {

using Anchor = ValueTest::Anchor;
using Compare = ValueTest::Compare;
using Kind = ValueTest::Kind;
using TimePart = ValueTest::TimePart;

// What the modifiers of one line say together.
struct Modifiers {
  std::vector<std::string_view> encodings;  // in their order: wide, base64 …
  std::optional<Anchor> anchor;
  std::optional<Compare> compare;
  TimePart part = TimePart::kNone;
  bool all = false, cased = false, negated = false, windash = false;
  bool regex = false, ignore_case = false, multi_line = false, dot_all = false;
  bool cidr = false, exists = false, field_ref = false;
};

constexpr std::array<std::pair<std::string_view, Anchor>, 3> kAnchors{
    {{"contains", Anchor::kAnywhere}, {"startswith", Anchor::kStart}, {"endswith", Anchor::kEnd}}};
constexpr std::array<std::pair<std::string_view, Compare>, 4> kCompares{
    {{"lt", Compare::kLess},
     {"lte", Compare::kAtMost},
     {"gt", Compare::kGreater},
     {"gte", Compare::kAtLeast}}};
constexpr std::array<std::pair<std::string_view, TimePart>, 6> kParts{
    {{"minute", TimePart::kMinute},
     {"hour", TimePart::kHour},
     {"day", TimePart::kDay},
     {"week", TimePart::kWeek},
     {"month", TimePart::kMonth},
     {"year", TimePart::kYear}}};
constexpr std::array<std::string_view, 6> kEncodings{"wide",  "utf16le", "utf16be",
                                                     "utf16", "base64",  "base64offset"};
constexpr std::array<std::pair<std::string_view, bool Modifiers::*>, 13> kFlags{
    {{"all", &Modifiers::all},
     {"cased", &Modifiers::cased},
     {"neq", &Modifiers::negated},
     {"windash", &Modifiers::windash},
     {"re", &Modifiers::regex},
     {"i", &Modifiers::ignore_case},
     {"ignorecase", &Modifiers::ignore_case},
     {"m", &Modifiers::multi_line},
     {"multiline", &Modifiers::multi_line},
     {"s", &Modifiers::dot_all},
     {"dotall", &Modifiers::dot_all},
     {"cidr", &Modifiers::cidr},
     {"exists", &Modifiers::exists}}};

template <typename Table>
auto find_in(const Table& table, std::string_view name) {
  return std::ranges::find(table, name, [](const auto& row) { return row.first; });
}

void apply(std::string_view name, Modifiers& modifiers) {
  if (const auto* anchor = find_in(kAnchors, name); anchor != kAnchors.end()) {
    modifiers.anchor = anchor->second;
  } else if (const auto* compare = find_in(kCompares, name); compare != kCompares.end()) {
    modifiers.compare = compare->second;
  } else if (const auto* part = find_in(kParts, name); part != kParts.end()) {
    modifiers.part = part->second;
  } else if (std::ranges::find(kEncodings, name) != kEncodings.end()) {
    modifiers.encodings.push_back(name);
  } else if (const auto* flag = find_in(kFlags, name); flag != kFlags.end()) {
    modifiers.*flag->second = true;
  } else if (name == "fieldref") {
    modifiers.field_ref = true;
  } else if (name == "expand") {
    throw RuleError("modifier expand: its placeholders have no values here");
  } else {
    throw RuleError("modifier \"" + std::string(name) + "\" is not known");
  }
}

void check(const Modifiers& modifiers) {
  const auto kinds = static_cast<int>(modifiers.regex) + static_cast<int>(modifiers.cidr) +
                     static_cast<int>(modifiers.exists) + static_cast<int>(modifiers.field_ref) +
                     static_cast<int>(modifiers.compare.has_value());
  if (kinds > 1) {
    throw RuleError("modifiers that exclude each other");
  }
  const bool flags = modifiers.ignore_case || modifiers.multi_line || modifiers.dot_all;
  if (flags && !modifiers.regex) {
    throw RuleError("modifiers i, m and s belong to re");
  }
  const bool of_text = modifiers.anchor || modifiers.windash || !modifiers.encodings.empty();
  if (of_text && (kinds > 1 || (kinds == 1 && !modifiers.field_ref))) {
    throw RuleError("modifiers of texts on what is no text");
  }
  if (modifiers.field_ref && (modifiers.windash || !modifiers.encodings.empty())) {
    throw RuleError("fieldref takes contains, startswith and endswith only");
  }
}

double number_of(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw RuleError("\"" + text + "\" is no number");
  }
  return number;
}

// The texts that a value may stand as, wildcards and anchors included.
std::vector<std::string> patterns_of(const std::string& value, const Modifiers& modifiers,
                                     bool keyword) {
  std::vector<std::string> patterns{pattern_of(value)};
  if (modifiers.windash) {
    patterns = with_any_dash(patterns.front());
  }
  for (const std::string_view encoding : modifiers.encodings) {
    std::vector<std::string> encoded;
    for (const std::string& pattern : patterns) {
      if (has_wildcards(pattern)) {
        throw RuleError("modifier " + std::string(encoding) + " on a value with wildcards");
      }
      if (encoding == "base64offset") {
        std::ranges::move(base64_at_offsets(pattern), std::back_inserter(encoded));
      } else if (encoding == "base64") {
        encoded.push_back(base64(pattern));
      } else {
        encoded.push_back(encoded_utf16(pattern, encoding == "utf16be" ? Utf16::kBigEndian
                                                 : encoding == "utf16" ? Utf16::kWithMark
                                                                       : Utf16::kLittleEndian));
      }
    }
    patterns = std::move(encoded);
  }
  if (modifiers.anchor && value.empty()) {
    throw RuleError("an empty text stands in every value");
  }
  const Anchor anchor = modifiers.anchor.value_or(keyword ? Anchor::kAnywhere : Anchor::kWhole);
  for (std::string& pattern : patterns) {
    if (anchor == Anchor::kAnywhere || anchor == Anchor::kEnd) {
      pattern.insert(0, 1, kAnyText);
    }
    if (anchor == Anchor::kAnywhere || anchor == Anchor::kStart) {
      pattern += kAnyText;
    }
  }
  return patterns;
}

bool truth_of(const std::string& text) {
  if (text != "true" && text != "false") {
    throw RuleError("exists takes true or false, not \"" + text + "\"");
  }
  return text == "true";
}

Expression text_expression(const std::string& field, const RuleValue& value,
                           const Modifiers& modifiers) {
  std::vector<Expression> spellings;
  for (std::string& pattern : patterns_of(value.text, modifiers, field.empty())) {
    ValueTest test;
    test.field = field;
    test.text = std::move(pattern);
    test.cased = modifiers.cased;
    spellings.push_back(test_of(std::move(test)));
  }
  return any_of(std::move(spellings));
}

Expression value_expression(const std::string& field, const RuleValue& value,
                            const Modifiers& modifiers) {
  ValueTest test;
  test.field = field;
  test.text = value.text;
  test.cased = modifiers.cased;
  if (value.null) {
    if (field.empty()) {
      throw RuleError("null is no keyword");
    }
    test.kind = Kind::kNull;
  } else if (modifiers.exists) {
    test.kind = Kind::kExists;
    const bool wanted = truth_of(value.text);
    test.text.clear();
    return wanted ? test_of(std::move(test)) : not_of(test_of(std::move(test)));
  } else if (modifiers.compare || modifiers.part != TimePart::kNone) {
    test.kind = Kind::kNumber;
    test.compare = modifiers.compare.value_or(Compare::kEqual);
    test.part = modifiers.part;
    test.number = number_of(value.text);
    test.text.clear();
  } else if (modifiers.regex) {
    test.kind = Kind::kRegex;
    test.ignore_case = modifiers.ignore_case;
    test.multi_line = modifiers.multi_line;
    test.dot_all = modifiers.dot_all;
  } else if (modifiers.cidr) {
    test.kind = Kind::kCidr;
  } else if (modifiers.field_ref) {
    test.kind = Kind::kFieldRef;
    test.anchor = modifiers.anchor.value_or(Anchor::kWhole);
  } else {
    return text_expression(field, value, modifiers);
  }
  return test_of(std::move(test));
}

}  // namespace

Expression search_item(std::string_view key, const std::vector<RuleValue>& values) {
  const std::size_t bar = key.find('|');
  const std::string field(key.substr(0, bar));
  Modifiers modifiers;
  for (std::size_t at = bar; at != std::string_view::npos;) {
    const std::size_t next = key.find('|', at + 1);
    apply(key.substr(at + 1, next == std::string_view::npos ? next : next - at - 1), modifiers);
    at = next;
  }
  check(modifiers);
  if (values.empty()) {
    throw RuleError("field \"" + field + "\" without a value");
  }
  std::vector<Expression> parts;
  parts.reserve(values.size());
  for (const RuleValue& value : values) {
    parts.push_back(value_expression(field, value, modifiers));
  }
  Expression joined = modifiers.all ? all_of(std::move(parts)) : any_of(std::move(parts));
  return modifiers.negated ? not_of(std::move(joined)) : joined;
}

}  // namespace iwamtrace::sigma
