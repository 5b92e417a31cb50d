// A text file as lines of UTF-8, whichever way it was saved, with the way back to its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/text.h"

namespace iwamtrace {

class TextLines {
 public:
  struct Line {
    std::string text;          // without its end
    std::uint64_t offset = 0;  // of its first byte in the file
    std::uint64_t size = 0;    // in the file, its end included
  };

  // UTF-16LE or UTF-8, with a mark or as far as the bytes show, else the code page of the window,
  // of which nothing tells: its bytes beyond ASCII become the characters of Latin-1.
  explicit TextLines(Bytes file);

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  // Of the byte at which the character at `column` of the line's text stands.
  [[nodiscard]] std::uint64_t offset_of(const Line& line, std::size_t column) const;
  // Characters beyond ASCII are only guessed.
  [[nodiscard]] bool of_unknown_code_page() const { return encoding_ == Encoding::kCodePage; }

 private:
  enum class Encoding : std::uint8_t { kUtf16, kUtf8, kCodePage };

  void split_utf16(Bytes file, std::size_t from);
  void split_bytes(std::string_view text, std::size_t from);

  Encoding encoding_ = Encoding::kUtf8;
  std::vector<Line> lines_;
};

}  // namespace iwamtrace
