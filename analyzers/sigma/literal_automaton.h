// Finds all of many texts within one, in a single pass over it (Aho and Corasick 1975). Case of
// ASCII letters is ignored.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/text.h"

namespace iwamtrace::sigma {

class LiteralAutomaton {
 public:
  // Where in the text the literal must stand.
  enum class Place : std::uint8_t { kAnywhere, kStart, kEnd, kWhole };

  // `literal` is the caller's number for it. Not after build().
  void add(std::string_view text, Place place, std::uint32_t literal);
  void build();
  [[nodiscard]] bool empty() const { return texts_.empty() && next_.empty(); }

  // Calls hit(literal) for each literal found, once for each place where it stands.
  template <typename Hit>
  void scan(std::string_view text, const Hit& hit) const {
    std::uint32_t state = kRoot;
    for (std::size_t at = 0; at < text.size(); ++at) {
      state = next_[(state & kNumber) * classes_ + class_of_[static_cast<unsigned char>(text[at])]];
      if ((state & kFinds) != 0) {
        tell(state & kNumber, at + 1, text.size(), hit);
      }
    }
  }

 private:
  static constexpr std::uint32_t kRoot = 0, kFinds = std::uint32_t{1} << 31, kNumber = kFinds - 1;

  struct Text {
    std::string folded;
    Place place{};
    std::uint32_t literal = 0;
  };
  struct Found {
    std::uint32_t literal = 0, length = 0;
    Place place{};
  };

  template <typename Hit>
  void tell(std::uint32_t state, std::size_t end, std::size_t size, const Hit& hit) const {
    for (std::uint32_t i = found_from_[state]; i < found_from_[state + 1]; ++i) {
      const Found& found = found_[i];
      const bool starts = found.length == end, ends = end == size;
      const bool there =
          found.place == Place::kAnywhere || (found.place == Place::kStart && starts) ||
          (found.place == Place::kEnd && ends) || (found.place == Place::kWhole && starts && ends);
      if (there) {
        hit(found.literal);
      }
    }
  }
  void number_bytes();
  std::vector<std::vector<Found>> make_tree();
  void complete(std::vector<std::vector<Found>>& found);

  std::vector<Text> texts_;  // until it is built
  std::array<std::uint8_t, 256> class_of_{};
  std::size_t classes_ = 1;                // of bytes: 0 is that of all which no literal has
  std::vector<std::uint32_t> next_;        // state by class; with kFinds where something ends
  std::vector<std::uint32_t> found_from_;  // by state, into:
  std::vector<Found> found_;
};

}  // namespace iwamtrace::sigma
