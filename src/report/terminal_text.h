// Evidence text for a terminal or a plain text file: whatever could steer, hide or reorder is made
// visible. Widths are counted in columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/untrusted.h"

namespace iwamtrace {

class TerminalText {
 public:
  // Control characters, C1, bidirectional and invisible ones, lone surrogates and bytes that are no
  // text become visible escapes ("\x1b", "\u202e", "\xff"); a backslash stays as it is.
  static std::string visible(UntrustedView text);
};

// Columns that UTF-8 text takes; wide East Asian characters take two.
std::size_t columns(std::string_view text);

// Breaks at blanks into lines of at most `width` columns; a word that is longer is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// Cut to `width` columns, the last being an ellipsis; padded with blanks to it.
std::string cut_to(std::string_view text, std::size_t width);
std::string pad_to(std::string_view text, std::size_t width);

}  // namespace iwamtrace
