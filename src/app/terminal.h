// What the terminal can do, if there is one.
#pragma once

#include <cstddef>
#include <string>

#include "app/options.h"
#include "report/text.h"

namespace iwamtrace {

// Columns for the text report: of the terminal it goes to, of COLUMNS, else 80.
std::size_t terminal_width(const std::string& output);

// Standard output is a terminal, and neither --no-color, NO_COLOR nor TERM=dumb speaks against it;
// CLICOLOR_FORCE speaks for it.
bool wants_colour(const Options& options);

// Both, for a document of text.
TextOptions text_options(const Options& options);

}  // namespace iwamtrace
