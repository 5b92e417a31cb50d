#include "report/page.h"

#include <algorithm>

#include "report/terminal_text.h"

namespace iwamtrace {

Colour colour_of(Standing standing) {
  switch (standing) {
    case Standing::kEstablished:
      return Colour::kGood;
    case Standing::kSupported:
      return Colour::kDoubt;
    default:
      return Colour::kDim;
  }
}

std::string Page::paint(Colour colour, std::string_view text) const {
  if (!colour_ || colour == Colour::kNone) {
    return std::string(text);
  }
  const std::string_view code = colour == Colour::kGood    ? "32"
                                : colour == Colour::kBad   ? "1;31"
                                : colour == Colour::kDoubt ? "33"
                                                           : "2";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t Page::lines() const {
  return static_cast<std::size_t>(std::ranges::count(text_, '\n'));
}

void Page::heading(std::string_view title) {
  blank();
  line(title);
}

void Page::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void Page::spread(std::string_view left, std::string_view right) {
  const std::size_t used = columns(left) + columns(right);
  if (used + 2 <= width_) {
    line(std::string(left) + std::string(width_ - used, ' ') + std::string(right));
  } else {
    line(cut_to(left, width_));
    line(right);
  }
}

void Page::paragraph(std::size_t indent, std::string_view lead, std::size_t hang,
                     std::string_view text, std::string_view refs, Colour lead_colour) {
  std::string words(text);
  if (!refs.empty()) {
    words += " ";
    words += refs;
  }
  std::string start = std::string(indent, ' ') + paint(lead_colour, lead);
  std::size_t used = indent + columns(lead);
  if (!lead.empty() && used >= hang) {  // too long to stand beside it
    for (const std::string& row : wrap(lead, width_ - indent)) {
      line(std::string(indent, ' ') + paint(lead_colour, row));
    }
    start.clear();
    used = 0;
  }
  for (const std::string& row : wrap(words, width_ - hang)) {
    if (!row.empty()) {
      start.append(hang - used, ' ') += row;
    }
    line(start);
    start.clear();
    used = 0;
  }
}

void Page::entries(std::size_t indent, std::size_t hang, const std::vector<std::string>& entries) {
  std::string row(indent, ' ');
  std::size_t used = indent;
  bool begun = false;
  for (const std::string& entry : entries) {
    if (begun && used + 1 + columns(entry) > width_) {
      line(row);
      row.assign(hang, ' ');
      used = hang;
      begun = false;
    }
    row += (begun ? " " : "") + cut_to(entry, std::min(columns(entry), width_ - hang));
    used += columns(entry) + (begun ? 1 : 0);
    begun = true;
  }
  line(row);
}

std::string Page::refs(const std::vector<Citation>& citations) {
  std::vector<std::size_t> numbers;
  for (const Citation& citation : citations) {
    const auto [known, added] = numbers_.emplace(citation, cited_.size() + 1);
    if (added) {
      cited_.push_back(citation);
    }
    if (std::ranges::find(numbers, known->second) == numbers.end()) {
      numbers.push_back(known->second);
    }
  }
  std::ranges::sort(numbers);
  std::string text;
  for (const std::size_t number : numbers) {
    text += (text.empty() ? "[" : ",") + std::to_string(number);
  }
  return text.empty() ? text : text + "]";
}

}  // namespace iwamtrace
