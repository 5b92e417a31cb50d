// What modifiers make of the text of a value: wildcards, encodings, dashes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace::sigma {

// "*" and "?" become kAnyText and kAnyCharacter; "\*", "\?" and "\\" the character itself, and a
// backslash before anything else is one. Throws RuleError.
std::string pattern_of(std::string_view text);

bool has_wildcards(std::string_view pattern);

// Every spelling of the options of a command line: a dash or slash that begins a word stands for
// "-", "/" and the three long dashes. Throws RuleError where these would be too many.
std::vector<std::string> with_any_dash(std::string_view pattern);

enum class Utf16 { kLittleEndian, kBigEndian, kWithMark };
std::string encoded_utf16(std::string_view utf8, Utf16 form);

std::string base64(std::string_view bytes);
// What of it does not depend on what stands before and behind, for the three places at which it may
// begin.
std::vector<std::string> base64_at_offsets(std::string_view bytes);

}  // namespace iwamtrace::sigma
