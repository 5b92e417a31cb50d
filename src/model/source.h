// An evidence file: what it is, and how much of it could be read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/citation.h"
#include "model/damage.h"
#include "model/log_numbering.h"
#include "model/timestamp.h"

namespace iwamtrace {

enum class SourceKind : std::uint8_t {
  kUnknown,
  kEvt,
  kEvtx,
  kHiveSam,
  kHiveSecurity,
  kHiveSystem,
  kHiveSoftware,
  kHiveOther,
  kHiveLog,
  kMetabaseXml,
  kMetabaseSchema,
  kMetabaseText,  // printed by adsutil.vbs
  kMetabaseBin,
  kDpapiMasterKey,
  kRsaContainer,
  kArchive,
};
inline constexpr std::size_t kSourceKinds = 16;
std::string_view name_of(SourceKind kind);

enum class SourceStatus : std::uint8_t { kRead, kPartial, kUnreadable, kIgnored };
inline constexpr std::size_t kSourceStatuses = 4;
std::string_view name_of(SourceStatus status);

// Every byte of a source belongs to one of the three.
struct Coverage {
  std::uint64_t read = 0;     // decoded as records, headers, cells
  std::uint64_t slack = 0;    // free space, padding, copies of what was read elsewhere
  std::uint64_t damaged = 0;  // announced as content, not decodable
};

// What a parser says of a source when it has come to its end.
struct SourceSummary {
  SourceId source{};
  SourceKind kind = SourceKind::kUnknown;
  Untrusted log;                // "System", "Security", …; empty when the file does not tell
  std::uint64_t records = 0;    // allocated ones
  std::uint64_t recovered = 0;  // left over in free space
  std::uint64_t unreadable_leftovers = 0;  // seen in free space, not decodable; not damage
  Coverage coverage;
  std::optional<Timestamp> first, last;  // of the allocated records
  Untrusted computer;                    // that the newest allocated record of a log names
  Citation computer_where;
  LogNumbering numbering;  // of a log
};

// One difference between our reading of a log and the second witness's.
struct CrossDifference {
  std::optional<std::uint64_t> record;
  std::uint64_t offset = 0;
  std::string field;  // "time", "event_id", "computer", "user_sid", "strings", "presence"
  Untrusted ours, theirs;
  std::string because;  // a known habit of the library; empty when nothing explains it
};

struct CrossCheck {
  SourceId source{};
  std::string reader;  // "libevtx 20181227"
  std::uint64_t agree = 0, differ = 0, only_ours = 0, only_theirs = 0;
  std::uint64_t omitted = 0;  // differences counted but not listed
  std::vector<CrossDifference> differences;
};

struct Source {
  SourceId id{};
  Untrusted path;        // relative to the case, as given
  std::string path_hex;  // the raw name, only where it is no UTF-8
  std::uint64_t size = 0;
  std::string sha256;                 // empty when the file could not be read
  std::optional<Timestamp> modified;  // of the file as given; copying may have set it
  SourceKind kind = SourceKind::kUnknown;
  SourceStatus status = SourceStatus::kIgnored;
  Untrusted note;  // why a file was ignored, or the second witness was not asked
  SourceSummary summary;
  std::vector<Damage> damage;
  std::optional<CrossCheck> cross_check;
};

// Something of it was announced and could not be read.
bool is_damaged(const Source& source);

}  // namespace iwamtrace
