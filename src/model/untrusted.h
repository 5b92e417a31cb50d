// Text that quotes evidence. Anyone may compare it, search it or build a sentence with it; only the
// sinks (renderers and the worker's wire) turn it into bytes, each escaping for its own medium.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "model/sid.h"
#include "model/text.h"
#include "model/timestamp.h"

namespace iwamtrace {

namespace sigma {
class RuleMatcher;
}

// The permission to see the bytes. Adding a friend here is adding a way out for hostile text.
class SinkKey {
  SinkKey() = default;
  friend class sigma::RuleMatcher;  // compares, as anyone may, but many texts at once
  friend class JsonWriter;
  friend class TerminalText;
  friend class WireWriter;
  friend class WitnessText;
  friend class TestText;  // of the tests alone
};

// A view of evidence text: UTF-8, or WTF-8 where the evidence has lone surrogates.
class UntrustedView {
 public:
  constexpr UntrustedView() = default;
  explicit constexpr UntrustedView(std::string_view text) : text_(text) {}

  [[nodiscard]] constexpr std::string_view bytes(const SinkKey&) const { return text_; }
  [[nodiscard]] constexpr bool empty() const { return text_.empty(); }
  [[nodiscard]] constexpr std::size_t size() const { return text_.size(); }

  // Comparisons ignore case, as Windows does in names of accounts and keys.
  [[nodiscard]] bool is(std::string_view other) const { return equal_ignoring_case(text_, other); }
  [[nodiscard]] bool is(UntrustedView other) const { return is(other.text_); }
  [[nodiscard]] bool starts_with(std::string_view start) const {
    return starts_ignoring_case(text_, start);
  }
  [[nodiscard]] bool starts_with(UntrustedView start) const { return starts_with(start.text_); }
  [[nodiscard]] bool contains(std::string_view part) const {
    return find_ignoring_case(text_, part) != std::string_view::npos;
  }
  [[nodiscard]] bool contains(UntrustedView part) const { return contains(part.text_); }
  // Exact, to the letter: the order of tables.
  friend bool operator==(UntrustedView, UntrustedView) = default;
  friend auto operator<=>(UntrustedView, UntrustedView) = default;

  // Only ASCII letters, digits and those `besides`: what may stand in a command line as it is.
  [[nodiscard]] bool consists_of_words(std::string_view besides) const;

  // The whole text as a number: "1326", "0x3e7", and as event logs quote codes, "%%1326".
  [[nodiscard]] std::optional<std::uint64_t> number() const;
  // A logon id: "(0x0,0x1F3A2)" as NT5 writes it, "0x1f3a2" as NT6 does.
  [[nodiscard]] std::optional<std::uint64_t> logon_id() const;

  // A SID, "S-1-5-21-…" or quoted "%{S-1-…}".
  [[nodiscard]] std::optional<Sid> sid() const { return Sid::from_text(text_); }

  // "2004-06-14T09:31:22Z".
  [[nodiscard]] std::optional<Timestamp> moment() const { return Timestamp::from_iso(text_); }

  // What stands between the first `open` and the next `close`; empty when that is nothing.
  [[nodiscard]] UntrustedView between(std::string_view open, std::string_view close) const;
  // The parts before and behind the first `separator`; nothing when there is none.
  [[nodiscard]] std::optional<std::pair<UntrustedView, UntrustedView>> split(char separator) const;
  [[nodiscard]] UntrustedView trimmed() const;
  // An account without its domain: "IWAM_WEB01" of "WEB01\\IWAM_WEB01", and of itself.
  [[nodiscard]] UntrustedView account() const;
  [[nodiscard]] UntrustedView first(std::size_t size) const {
    return UntrustedView{text_.substr(0, size)};
  }
  [[nodiscard]] UntrustedView without_prefix(std::size_t size) const {
    return UntrustedView{text_.substr(size < text_.size() ? size : text_.size())};
  }

 private:
  std::string_view text_;
  friend class Untrusted;
};

class Untrusted {
 public:
  Untrusted() = default;
  explicit Untrusted(std::string text) : text_(std::move(text)) {}
  explicit Untrusted(UntrustedView view) : text_(view.text_) {}

  // NOLINTNEXTLINE(google-explicit-constructor): a view of text one owns is always welcome
  operator UntrustedView() const { return view(); }
  [[nodiscard]] UntrustedView view() const { return UntrustedView{text_}; }
  [[nodiscard]] std::string_view bytes(const SinkKey&) const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] bool is(std::string_view other) const { return view().is(other); }
  [[nodiscard]] bool is(UntrustedView other) const { return view().is(other); }
  // In lower case as far as it is ASCII: a key for tables of names.
  [[nodiscard]] Untrusted folded() const;

  friend bool operator==(const Untrusted&, const Untrusted&) = default;
  friend auto operator<=>(const Untrusted&, const Untrusted&) = default;

  // What sentences are made of: our words, their words, numbers, moments ("2004-06-14 09:31:22
  // UTC").
  void append(std::string_view ours) { text_ += ours; }
  void append(UntrustedView theirs) { text_ += theirs.text_; }
  void append(Timestamp time);
  template <typename Number>
  requires std::is_integral_v<Number>
  void append(Number number) { text_ += std::to_string(number); }

 private:
  std::string text_;
};

// A sentence out of its parts: say("the password of ", account.name, " was set at ", time).
template <typename... Parts>
Untrusted say(const Parts&... parts) {
  Untrusted sentence;
  (sentence.append(parts), ...);
  return sentence;
}

}  // namespace iwamtrace
