// What a rule asks of one record: tests of single values, joined by and, or and not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace::sigma {

// The question put to the values of one field. Case of ASCII letters is ignored unless `cased`.
struct ValueTest {
  enum class Kind : std::uint8_t {
    kText,      // `text` is a pattern, see below
    kRegex,     // `text` is a pattern of RE2
    kCidr,      // `text` is a network, "10.0.0.0/8", "fe80::/10"
    kNumber,    // `compare` of the value as a number with `number`
    kExists,    // the record has the field
    kNull,      // the record does not have it, or it is empty
    kFieldRef,  // the value against that of the field named `text`
  };
  enum class Compare : std::uint8_t { kEqual, kLess, kAtMost, kGreater, kAtLeast };
  enum class Anchor : std::uint8_t { kWhole, kStart, kEnd, kAnywhere };  // of kFieldRef
  enum class TimePart : std::uint8_t { kNone, kMinute, kHour, kDay, kWeek, kMonth, kYear };

  std::string field;  // empty: any value of the record, as keywords ask
  Kind kind = Kind::kText;
  std::string text;
  bool cased = false;
  bool ignore_case = false, multi_line = false, dot_all = false;  // of kRegex
  Compare compare{};
  double number = 0;
  TimePart part{};  // of a value that is a time; then its number is compared
  Anchor anchor{};

  friend bool operator==(const ValueTest&, const ValueTest&) = default;
};

// Within a text pattern, where "*" and "?" of a rule stand for what they do not say. No text of a
// rule may hold these characters themselves.
inline constexpr char kAnyText = '\x01';
inline constexpr char kAnyCharacter = '\x02';

struct Expression {
  enum class Op : std::uint8_t { kTest, kAll, kAny, kNot };

  Op op = Op::kTest;
  std::vector<Expression> parts;  // of kNot: one
  ValueTest test;                 // of kTest
};

Expression test_of(ValueTest test);
// One part stands for itself.
Expression all_of(std::vector<Expression> parts);
Expression any_of(std::vector<Expression> parts);
Expression not_of(Expression part);

}  // namespace iwamtrace::sigma
