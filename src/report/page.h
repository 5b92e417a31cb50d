// A page of text being set: lines of a given width, citations numbered as they are first used.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/citation.h"
#include "model/hypothesis.h"

namespace iwamtrace {

// How much a report leaves to -v. More than usual only where it would not fit a hundred lines.
enum class Brevity : std::uint8_t {
  kFull,  // -v
  kUsual,
  kShortLists,  // applications and what to collect are counted
  kNamesOnly,   // and the causes that are refuted are named, without their facts
  kWinnerOnly,  // and the nearest rival has a line like the others
};

enum class Colour : std::uint8_t { kNone, kGood, kBad, kDoubt, kDim };

class Page {
 public:
  Page(std::size_t width, bool colour) : width_(width), colour_(colour) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::string take() { return std::move(text_); }
  [[nodiscard]] std::size_t lines() const;

  void blank() { text_ += '\n'; }
  void heading(std::string_view title);
  void line(std::string_view text);
  // At both ends of one line, or on two where there is no room.
  void spread(std::string_view left, std::string_view right);

  // `lead` at `indent`, then the text at `hang`, wrapped there; `refs` follow the last word.
  void paragraph(std::size_t indent, std::string_view lead, std::size_t hang, std::string_view text,
                 std::string_view refs = {}, Colour lead_colour = Colour::kNone);

  // What must not be broken, one behind the other as lines have room; those after the first line
  // stand at `hang`.
  void entries(std::size_t indent, std::size_t hang, const std::vector<std::string>& entries);

  // "[4,9]" for these, or nothing for none.
  std::string refs(const std::vector<Citation>& citations);
  // In the order of their numbers, from 1.
  [[nodiscard]] const std::vector<Citation>& cited() const { return cited_; }

  // Text in colour, or as it is. Colours take no columns.
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;

 private:
  std::size_t width_;
  bool colour_;
  std::string text_;
  std::vector<Citation> cited_;
  std::map<Citation, std::size_t> numbers_;
};

Colour colour_of(Standing standing);

}  // namespace iwamtrace
