// One line of what adsutil.vbs prints, by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwamtrace {

struct AdsutilLine {
  enum class Kind : std::uint8_t {
    kOther,     // a banner, a prompt, somebody's words
    kProperty,  // WAMUserName                     : (STRING) "IWAM_SHOP1"
    kSection,   // [/w3svc/1]
    kCommand,   // C:\>cscript adsutil.vbs enum w3svc
    kBanner,    // of the script host: here begins what a command printed
    kName,      // the beginning of a property whose line was wrapped before the colon
    kQuoted,    // "404,*,FILE,C:\WINNT\help\iisHelp\common\404b.htm"
  };

  Kind kind = Kind::kOther;
  std::string_view name, type;  // of a property
  std::string_view rest;        // of a property what follows the type; of others their text
  std::size_t rest_at = 0;      // column of `rest` in the line
  std::string location;         // of a section or command: "/LM/w3svc/1"
};

// `text` outlives the result. The marks of a quoted mail before it are passed over.
AdsutilLine read_adsutil_line(std::string_view text);

// The rest of a property whose name stood on the line before: `: (STRING) "IWAM_SHOP1"`.
std::optional<AdsutilLine> read_adsutil_continuation(std::string_view text);

// A path as adsutil.vbs takes and prints it, as the metabase has it: "w3svc/1" is "/LM/w3svc/1".
std::string metabase_location(std::string_view path);

}  // namespace iwamtrace
