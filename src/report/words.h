// Small words of the text report: numbers, sizes and times as a reader wants them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/timestamp.h"
#include "model/untrusted.h"

namespace iwamtrace {

// Evidence text with whatever a terminal would act on made visible.
std::string shown(UntrustedView text);

std::string grouped(std::uint64_t number);  // "2 114"
std::string plural(std::uint64_t count, std::string_view one, std::string_view many);
std::string size_in_words(std::uint64_t bytes);  // "6 259 bytes", "263 KB"

// "2004-06-14 09:31:22", UTC.
std::string moment(Timestamp time);
std::string moment_exactly(Timestamp time);  // with milliseconds

std::string capitalised(std::string text);

}  // namespace iwamtrace
