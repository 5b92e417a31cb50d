// What one code, event, cause or finding means, for a person who has just met it. Knowledge, not
// evidence: it is the same for every case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwamtrace {

struct Explanation {
  enum class Kind : std::uint8_t {
    kCause,
    kFinding,
    kEvent,
    kWin32,
    kHresult,
    kNtStatus,
    kScriptError,  // Err.Number of VBScript
    kHttpStatus,
    kAttack,     // a way into the server
    kTechnique,  // of MITRE ATT&CK
  };

  Kind kind{};
  std::string id;                  // "sam_changed_alone", "DCOM/10004", "1326", "8000401A"
  std::string symbol;              // of a code, in Microsoft's headers; empty where it has none
  std::vector<std::string> forms;  // in which a code is written elsewhere: "0x52E", "8007052E"
  std::string meaning;
  std::string occurs;                // when one meets it
  std::string decided;               // what speaks for it, and the rivals it is told from
  std::string against;               // what speaks against it, and its innocent twins
  std::string action;                // what to do or to collect
  std::vector<std::string> related;  // ids
  std::optional<bool> weighed;       // of a cause: by this version
  // Of an event: the log it stands in, the same event's ids in other generations of Windows, and
  // the names of its strings in order.
  std::string log;
  std::vector<std::uint16_t> twins;
  std::vector<std::string> fields;
};
std::string_view name_of(Explanation::Kind kind);  // "cause", "win32-error" …

// What a user asked for, and all that it may mean.
struct ExplainedTopic {
  std::string asked;
  std::vector<Explanation> meanings;  // none: nothing is known of it
};

}  // namespace iwamtrace
