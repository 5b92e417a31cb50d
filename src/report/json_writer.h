// JSON, written as it comes: members in the order of the calls, evidence text without loss. A lone
// surrogate becomes its \u escape; bytes that are no text at all become U+FFFD.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/timestamp.h"
#include "model/untrusted.h"

namespace iwamtrace {

class JsonWriter {
 public:
  enum class Style : std::uint8_t { kCompact, kIndented };
  explicit JsonWriter(Style style) : style_(style) {}

  // The text so far; taking it leaves the writer empty.
  [[nodiscard]] const std::string& text() const { return text_; }
  std::string take();
  void clear() { text_.clear(); }

  // object([&] { json.member("name", value); … }) as a value or a member.
  template <std::invocable Fill>
  void object(Fill fill) {
    open('{');
    fill();
    close('}');
  }
  template <std::invocable Fill>
  void array(Fill fill) {
    open('[');
    fill();
    close(']');
  }
  template <std::invocable Fill>
  void object(std::string_view name, Fill fill) {
    key(name);
    object(fill);
  }
  template <std::invocable Fill>
  void array(std::string_view name, Fill fill) {
    key(name);
    array(fill);
  }
  template <typename Range, typename Each>
  void array_of(std::string_view name, const Range& range, Each each) {
    array(name, [&] {
      for (const auto& item : range) {
        each(item);
      }
    });
  }
  template <typename Value>
  void member(std::string_view name, const Value& given) {
    key(name);
    value(given);
  }
  void key(std::string_view name);
  void key(UntrustedView name);
  // Between the documents of a JSONL stream.
  void end_line();

  void value(std::nullptr_t null);
  void value(bool truth);
  void value(std::string_view ours);
  void value(const std::string& ours) { value(std::string_view{ours}); }
  void value(const char* ours) { value(std::string_view{ours}); }
  void value(UntrustedView theirs);
  void value(const Untrusted& theirs) { value(theirs.view()); }
  void value(Timestamp time) { value(std::string_view{to_iso(time)}); }
  template <typename Number>
  requires(std::integral<Number> && !std::same_as<Number, bool>) void value(Number number) {
    separate();
    text_ += std::to_string(number);
  }
  template <typename Value>
  void value(const std::optional<Value>& optional) {
    if (optional) {
      value(*optional);
    } else {
      value(nullptr);
    }
  }

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void indent();
  void quote(std::string_view text);

  Style style_;
  std::string text_;
  unsigned depth_ = 0;
  bool first_ = true;  // of its object or array
  bool after_key_ = false;
};

}  // namespace iwamtrace
