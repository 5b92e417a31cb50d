// A test of one value, ready to be asked. What the automaton of its field does not answer alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzers/sigma/expression.h"

namespace re2 {
class RE2;
}

namespace iwamtrace::sigma {

// A network, IPv4 as ::ffff:a.b.c.d.
struct Network {
  std::array<std::uint8_t, 16> address{};
  unsigned bits = 0;

  static std::optional<Network> from_text(std::string_view text);
  [[nodiscard]] bool holds(std::string_view address_text) const;
};

class CompiledTest {
 public:
  // Throws RuleError: a pattern that RE2 does not take, a network that is none.
  explicit CompiledTest(const ValueTest& test);
  CompiledTest(CompiledTest&&) noexcept;
  CompiledTest& operator=(CompiledTest&&) noexcept;
  CompiledTest(const CompiledTest&) = delete;
  CompiledTest& operator=(const CompiledTest&) = delete;
  ~CompiledTest();

  [[nodiscard]] const ValueTest& test() const { return test_; }
  // Of one value that the record has; not for kExists, kNull and kFieldRef, which ask for more.
  [[nodiscard]] bool holds(std::string_view value) const;
  // kFieldRef: of a value and one of the other field.
  [[nodiscard]] bool holds(std::string_view value, std::string_view other) const;

  // Texts of which the value must contain one, or the test cannot hold; none: it may hold anyhow.
  [[nodiscard]] std::vector<std::string> needed_texts() const;

 private:
  ValueTest test_;
  std::unique_ptr<re2::RE2> regex_;
  std::optional<Network> network_;
};

// The text of a pattern that is plain but for a wildcard at its start or end, which make its
// anchor; nothing for others, and for the empty text.
struct PlainText {
  std::string_view text;
  ValueTest::Anchor anchor{};
};
std::optional<PlainText> plain_text(std::string_view pattern);

}  // namespace iwamtrace::sigma
